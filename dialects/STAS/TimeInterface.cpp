//===- TimeInterface.cpp - What ops do to time ----------------------------===//
#include "dialects/STAS/STASOps.h"

using namespace mlir;
using namespace stas;

#include "dialects/STAS/TimeInterface.cpp.inc"

namespace {
/// Gives an op that stands nowhere yet the types of its results, and a place.
Operation *inserted(Operation *op, OpBuilder &builder) {
  SmallVector<Type> types;
  auto inferable = cast<InferTypeOpInterface>(op);
  if (failed(inferable.inferReturnTypes(op->getContext(), std::nullopt, op->getOperands(), op->getAttrDictionary(),
                                        op->getPropertiesStorage(), op->getRegions(), types))) {
    op->destroy();
    return nullptr;
  }
  for (auto [result, type] : llvm::zip(op->getResults(), types))
    result.setType(type);
  return builder.insert(op);
}

Operation *copy(Operation *op, ValueRange operands) {
  Operation *clone = op->cloneWithoutRegions();
  clone->setOperands(operands);
  return clone;
}
} // namespace

Operation *stas::cloneWithOperands(Operation *op, OpBuilder &builder, ValueRange operands) {
  return inserted(copy(op, operands), builder);
}

Operation *BatchNormOp::cloneForOneTimestep(OpBuilder &builder, ValueRange operands) {
  int64_t axis = getAxis();
  if (axis == 0)
    return nullptr;
  auto clone = cast<BatchNormOp>(copy(*this, operands));
  clone.setAxis(axis - 1);
  return inserted(clone, builder);
}

Operation *BatchNormOp::cloneOverTime(OpBuilder &builder, ValueRange operands) {
  auto clone = cast<BatchNormOp>(copy(*this, operands));
  clone.setAxis(getAxis() + 1);
  return inserted(clone, builder);
}
