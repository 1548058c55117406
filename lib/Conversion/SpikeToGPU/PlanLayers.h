//===- PlanLayers.h - What plans of all layers share ------------*- C++ -*-===//
#ifndef STAS_CONVERSION_SPIKETOGPU_PLANLAYERS_H
#define STAS_CONVERSION_SPIKETOGPU_PLANLAYERS_H

#include "ElementwiseKernels.h"
#include "dialects/Spike/SpikeOps.h"

namespace stas::cuda {

/// What every kernel of neurons on a GPU requires of a recipe; an error at `op` where it is not so.
mlir::LogicalResult requireIntegers(mlir::Operation *op, spike::QuantAttr quant, int64_t stateBits);

/// Weights in the checkpoint's order, [N][C][taps], as [N][taps][C].
std::vector<int32_t> byTaps(llvm::ArrayRef<int32_t> weights, spike::QuantAttr quant);

/// A window whose results are a map of these two extents.
Window windowOf(spike::WindowAttr attribute, llvm::ArrayRef<int64_t> output);

} // namespace stas::cuda

#endif // STAS_CONVERSION_SPIKETOGPU_PLANLAYERS_H
