//===- PlanTypes.h - Shapes and names of tensors and layers -----*- C++ -*-===//
#ifndef STAS_CONVERSION_SPIKETOVECTOR_PLANTYPES_H
#define STAS_CONVERSION_SPIKETOVECTOR_PLANTYPES_H

#include "dialects/STAS/STASOps.h"
#include "dialects/Spike/SpikeOps.h"
#include "stas/Quantization/IntegerNeuron.h"

namespace stas {

inline mlir::RankedTensorType typeOf(mlir::Value value) { return llvm::cast<mlir::RankedTensorType>(value.getType()); }
inline bool isReal(mlir::Value value) { return typeOf(value).getElementType().isF32(); }
inline int64_t product(llvm::ArrayRef<int64_t> extents) { return llvm::product_of(extents); }

/// Values are [T, B, ..] or [B, ..], with `tail` axes behind the batch. The batch axis is the dynamic one; a static
/// batch of one stands for it too.
inline bool isTimed(mlir::Value value, int64_t tail) { return typeOf(value).getRank() == tail + 2; }
inline int64_t timesOf(mlir::Value value, int64_t tail) {
  return isTimed(value, tail) ? typeOf(value).getDimSize(0) : 1;
}
inline llvm::ArrayRef<int64_t> tailOf(mlir::Value value, int64_t tail) {
  return typeOf(value).getShape().take_back(tail);
}
/// Elements of one image, all timesteps.
int64_t elementsOf(mlir::Value value);

/// The checkpoint's name of a layer; of an op that has none, the op's.
llvm::StringRef nameOf(mlir::Operation *op);

/// A number in full: kernels whose constants differ anywhere are different kernels.
std::string describe(double value);
std::string describe(mlir::Attribute attribute);
std::string describe(const NeuronForm &form);

/// Fails where a value is not [B, ..] or [T, B, ..] with the axes that the op's kernel takes.
mlir::LogicalResult requireImages(mlir::Operation *op);

} // namespace stas

#endif // STAS_CONVERSION_SPIKETOVECTOR_PLANTYPES_H
