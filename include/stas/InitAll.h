//===- InitAll.h - The one place where everything is registered -----------===//
#ifndef STAS_INITALL_H
#define STAS_INITALL_H

#include "mlir/IR/DialectRegistry.h"

namespace stas {
/// Registers every dialect that stas reads, writes or lowers to.
void registerAllDialects(mlir::DialectRegistry &registry);
/// Registers every pass and pipeline of stas, and the canonicaliser and CSE.
void registerAllPasses();
} // namespace stas

#endif // STAS_INITALL_H
