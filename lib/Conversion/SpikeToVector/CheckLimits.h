//===- CheckLimits.h - What a plan cannot hold ------------------*- C++ -*-===//
#ifndef STAS_CONVERSION_SPIKETOVECTOR_CHECKLIMITS_H
#define STAS_CONVERSION_SPIKETOVECTOR_CHECKLIMITS_H

#include "mlir/IR/Block.h"
#include "mlir/Support/LLVM.h"

namespace stas {

/// What the plan of no target can hold is an error here: values of more than 2^32 elements an image, spike counts above
/// 255, a second halting encoder.
mlir::LogicalResult checkLimits(mlir::Block &block);

} // namespace stas

#endif // STAS_CONVERSION_SPIKETOVECTOR_CHECKLIMITS_H
