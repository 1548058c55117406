//===- SpikeOps.cpp - Rules of the sparse level ---------------------------===//
#include "dialects/Spike/SpikeOps.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/OpImplementation.h"

using namespace mlir;
using namespace stas;
using namespace stas::spike;

#define GET_OP_CLASSES
#include "dialects/Spike/SpikeOps.cpp.inc"

namespace {
ArrayRef<int64_t> shapeOf(Value value) { return cast<RankedTensorType>(value.getType()).getShape(); }
Type elementOf(Value value) { return cast<RankedTensorType>(value.getType()).getElementType(); }
bool isRanked(Operation *op) {
  auto ranked = [](Type type) { return isa<RankedTensorType>(type); };
  return llvm::all_of(op->getOperandTypes(), ranked) && llvm::all_of(op->getResultTypes(), ranked);
}
int64_t windowExtent(int64_t extent, int64_t kernel, int64_t stride, int64_t padding) {
  return (extent + 2 * padding - kernel) / stride + 1;
}
/// Whether `wide` is `narrow`, or `narrow` with a leading T axis.
bool agreesOverTime(ArrayRef<int64_t> narrow, ArrayRef<int64_t> wide) {
  return narrow == wide || (!wide.empty() && !ShapedType::isDynamic(wide[0]) && narrow == wide.drop_front());
}
bool isSum(Value output, bool real) { return elementOf(output).isF32() == real; }
} // namespace

LogicalResult AccumulateOp::verify() {
  if (!isRanked(*this))
    return emitOpError("accumulate.R3: requires ranked tensors");
  auto input = shapeOf(getInput()), output = shapeOf(getOutput()), weight = getWeight().getType().getShape();
  SmallVector<int64_t> expected;
  if (!getWindow()) {
    if (weight.size() != 2 || input.empty() || weight[1] != input.back())
      return emitOpError("accumulate.R1: requires input [.., K] and weight [N, K], found ")
             << getInput().getType() << " and " << getWeight().getType();
    expected.assign(input.begin(), input.end());
    expected.back() = weight[0];
  } else {
    bool first = getWindow()->getChannelsFirst();
    auto kernel = getWindow()->getKernel();
    if (weight.size() != 4 || input.size() < 4 || weight.drop_front(2) != kernel ||
        input[input.size() - (first ? 3 : 1)] != weight[1])
      return emitOpError("accumulate.R2: requires a map of C channels and weight [C', C, KH, KW], found ")
             << getInput().getType() << " and " << getWeight().getType();
    expected.assign(input.begin(), input.end() - 3);
    auto sizes = first ? input.take_back(2) : input.take_back(3).drop_back();
    for (int axis : {0, 1})
      expected.push_back(
          windowExtent(sizes[axis], kernel[axis], getWindow()->getStrides()[axis], getWindow()->getPadding()[axis]));
    expected.push_back(weight[0]);
  }
  if (output != ArrayRef<int64_t>(expected))
    return emitOpError("accumulate.R3: requires a result of shape [")
           << expected << "], found " << getOutput().getType();
  return success();
}

LogicalResult CoincideOp::verify() {
  if (!isRanked(*this) || getKey().getType() != getQuery().getType() || getValue().getType() != getQuery().getType() ||
      shapeOf(getOutput()) != shapeOf(getQuery()) || shapeOf(getQuery()).size() < 3)
    return emitOpError("coincide.R1: requires q, k, v of one type [.., N, D] and a result of that shape");
  int64_t heads = getHeads(), width = shapeOf(getQuery()).back();
  if (heads < 1 || width % heads != 0)
    return emitOpError("coincide.R2: requires heads >= 1 to divide D = ") << width << ", found " << heads;
  return success();
}

LogicalResult FireOp::verify() {
  if (!isRanked(*this))
    return emitOpError("fire.R1: requires ranked tensors");
  if (!agreesOverTime(shapeOf(getSums()), shapeOf(getOutput())))
    return emitOpError("fire.R2: requires the sums' shape, or a leading T axis more, found ")
           << getSums().getType() << " and " << getOutput().getType();
  if (getActive() && (shapeOf(getSums()).size() != 3 || shapeOf(getActive()) != shapeOf(getSums()).drop_back()))
    return emitOpError("fire.R3: requires a mask [B, N] to sums [B, N, D], found ") << getActive().getType();
  return success();
}

LogicalResult MaxPoolOp::verify() {
  auto input = cast<ShapedType>(getInput().getType()), output = cast<ShapedType>(getOutput().getType());
  if (!isRanked(*this) || input.getRank() < 4 || output.getRank() != input.getRank() ||
      input.getElementType() != output.getElementType())
    return emitOpError("max_pool.R1: requires maps [.., H, W, C] of one element type");
  SmallVector<int64_t> expected(input.getShape());
  for (int axis : {0, 1}) {
    int64_t &extent = expected[expected.size() - 3 + axis];
    extent = windowExtent(extent, getWindow().getKernel()[axis], getWindow().getStrides()[axis],
                          getWindow().getPadding()[axis]);
  }
  if (output.getShape() != ArrayRef<int64_t>(expected))
    return emitOpError("max_pool.R1: requires a result of shape [") << expected << "], found " << output;
  return success();
}

LogicalResult IntegrateOp::verify() {
  bool real = getKind() == ReduceKind::Mean || elementOf(getInput()).isF32();
  if (!isRanked(*this) || shapeOf(getInput()).empty() || ShapedType::isDynamic(shapeOf(getInput())[0]) ||
      shapeOf(getInput()).drop_front() != shapeOf(getOutput()) || !isSum(getOutput(), real))
    return emitOpError("integrate.R3: requires [T, ..] to become [..] of ")
           << (real ? "f32" : "i8") << ", found " << getOutput().getType();
  return success();
}

LogicalResult AddOp::verify() {
  bool real = elementOf(getLhs()).isF32() || elementOf(getRhs()).isF32();
  if (!isRanked(*this) || !agreesOverTime(shapeOf(getLhs()), shapeOf(getOutput())) ||
      !agreesOverTime(shapeOf(getRhs()), shapeOf(getOutput())) || !isSum(getOutput(), real))
    return emitOpError("add.R3: requires shapes that agree but for a T axis, found ")
           << getLhs().getType() << ", " << getRhs().getType() << " and " << getOutput().getType();
  return success();
}

LogicalResult FlattenOp::verify() {
  auto input = shapeOf(getInput());
  SmallVector<int64_t> expected(input.drop_back(std::min<size_t>(3, input.size())));
  if (input.size() >= 4)
    expected.append({input[input.size() - 3] * input[input.size() - 2], input.back()});
  if (input.size() < 4 || shapeOf(getOutput()) != ArrayRef<int64_t>(expected))
    return emitOpError("flatten.R2: requires [.., H, W, C] to become [.., H * W, C], found ") << getOutput().getType();
  return success();
}

LogicalResult MeanTokensOp::verify() {
  auto input = shapeOf(getInput());
  SmallVector<int64_t> expected(input.drop_back(std::min<size_t>(2, input.size())));
  if (input.size() >= 3)
    expected.push_back(input.back());
  if (input.size() < 3 || shapeOf(getOutput()) != ArrayRef<int64_t>(expected))
    return emitOpError("mean_tokens.R2: requires [.., N, D] to become [.., D], found ") << getOutput().getType();
  return success();
}
