//===- CheckLimits.cpp - What the CPU's plan cannot hold ------------------===//
#include "PlanBuilder.h"
#include "llvm/ADT/TypeSwitch.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace stas;

namespace {
constexpr int64_t mostElements = int64_t(1) << 32;
constexpr int64_t mostCount = 255;

LogicalResult checkSize(Operation *op) {
  for (Type type : op->getResultTypes()) {
    auto tensor = dyn_cast<RankedTensorType>(type);
    int64_t elements = 1;
    for (int64_t extent : tensor ? tensor.getShape() : ArrayRef<int64_t>())
      if (!ShapedType::isDynamic(extent) && (llvm::MulOverflow(elements, extent, elements) || elements > mostElements))
        return op->emitOpError("requires values of at most 2^32 elements an image, found ") << tensor;
  }
  return success();
}

/// Follows the largest value that spikes and counts can reach.
class CountBounds {
public:
  LogicalResult check(Block &block) {
    for (Operation &op : block)
      if (failed(check(&op)))
        return failure();
    return success();
  }

private:
  int64_t bound(Value value) { return bounds.try_emplace(value, 1).first->second; }
  LogicalResult check(Operation *op);
  LogicalResult set(Operation *op, int64_t largest) {
    if (cast<ShapedType>(op->getResult(0).getType()).getElementType().isInteger(8) && largest > mostCount)
      return op->emitOpError("requires spike counts of at most ") << mostCount << ", found up to " << largest;
    bounds[op->getResult(0)] = largest;
    return success();
  }

  DenseMap<Value, int64_t> bounds;
};
} // namespace

LogicalResult CountBounds::check(Operation *op) {
  return TypeSwitch<Operation *, LogicalResult>(op)
      .Case([&](spike::AddOp add) {
        return set(add, bound(add.getLhs()) + static_cast<int64_t>(add.getFactor()) * bound(add.getRhs()));
      })
      .Case([&](spike::IntegrateOp sum) {
        return set(sum, cast<ShapedType>(sum.getInput().getType()).getDimSize(0) * bound(sum.getInput()));
      })
      .Case([&](spike::StaircaseOp sum) { return set(sum, sum.getTimesteps()); })
      .Case<spike::FlattenOp, spike::MaxPoolOp>([&](Operation *same) { return set(same, bound(same->getOperand(0))); })
      .Case([&](ActOp act) {
        int64_t stream = bound(act.getInput());
        for (Region &region : act.getBlocks()) {
          Block &block = region.front();
          bounds[block.getArgument(0)] = stream;
          if (failed(check(block)))
            return failure();
          stream = bound(cast<YieldOp>(block.getTerminator()).getStream());
        }
        return success();
      })
      .Default([](Operation *) { return success(); });
}

LogicalResult stas::checkLimits(Block &block) {
  Operation *encoder = nullptr;
  auto result = block.walk([&](Operation *op) -> WalkResult {
    if (isa<ActOp>(op) && encoder)
      return op->emitOpError("requires to be the one halting encoder of @main, found a second");
    if (isa<ActOp>(op))
      encoder = op;
    return checkSize(op);
  });
  return result.wasInterrupted() ? failure() : CountBounds().check(block);
}
