//===- ReductionPatterns.h - Ways to make a model smaller -------*- C++ -*-===//
#ifndef STAS_TOOLS_STAS_REDUCE_REDUCTIONPATTERNS_H
#define STAS_TOOLS_STAS_REDUCE_REDUCTIONPATTERNS_H

#include "mlir/IR/DialectRegistry.h"

namespace stas {
/// Teaches stas-reduce two steps that leave a valid module: an op gives way to an operand of its result's type, and a
/// function returns what its last op read. Neither keeps the model's meaning.
void registerReductionPatterns(mlir::DialectRegistry &registry);
} // namespace stas

#endif // STAS_TOOLS_STAS_REDUCE_REDUCTIONPATTERNS_H
