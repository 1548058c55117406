//===- Inference.h - Shape rules that several ops share -------------------===//
#ifndef STAS_DIALECTS_STAS_INFERENCE_H
#define STAS_DIALECTS_STAS_INFERENCE_H

#include "dialects/STAS/STASAttrs.h"
#include <optional>

#define STAS_INFER(Op)                                                                                                 \
  LogicalResult Op::inferReturnTypes(MLIRContext *context, std::optional<Location> location, ValueRange operands,      \
                                     DictionaryAttr attributes, OpaqueProperties properties, RegionRange regions,      \
                                     SmallVectorImpl<Type> &results)

// Each reports a broken rule by its id at `location`, where there is one.
namespace stas::infer {
using MaybeLocation = std::optional<mlir::Location>;

/// The result of a convolution: rules conv2d.R1 to conv2d.R5. `bias` may be null.
mlir::FailureOr<mlir::RankedTensorType> convolution(MaybeLocation location, mlir::Type input, WeightAttr weight,
                                                    WeightAttr bias, llvm::ArrayRef<int64_t> strides,
                                                    llvm::ArrayRef<int64_t> padding);
/// The result of max-pooling: rules max_pool2d.R1 to max_pool2d.R3.
mlir::FailureOr<mlir::RankedTensorType> pool(MaybeLocation location, mlir::Type input, llvm::ArrayRef<int64_t> kernel,
                                             llvm::ArrayRef<int64_t> strides, llvm::ArrayRef<int64_t> padding);
/// Rules batch_norm.R2 and batch_norm.R3 for vectors of `channels` values.
mlir::LogicalResult batchNorm(MaybeLocation location, int64_t channels, WeightAttr weight, WeightAttr bias,
                              WeightAttr mean, WeightAttr var, double eps);
} // namespace stas::infer

#endif // STAS_DIALECTS_STAS_INFERENCE_H
