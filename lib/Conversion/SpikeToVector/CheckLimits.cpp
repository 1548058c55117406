//===- CheckLimits.cpp - What a plan cannot hold --------------------------===//
#include "CheckLimits.h"
#include "PlanBuilder.h"
#include "stas/Analysis/IntegerRanges.h"
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

/// Counts are bytes: a sum that may exceed them is an error and not a wrap.
LogicalResult checkCount(Operation *op, const IntegerRanges &ranges) {
  auto largest = [&](Value value) { return ranges.of(value).value_or(IntegerRange{0, 0}).high; };
  uint64_t sum = 0;
  if (auto add = dyn_cast<spike::AddOp>(op))
    sum = largest(add.getLhs()) + add.getFactor() * largest(add.getRhs());
  else if (auto integrate = dyn_cast<spike::IntegrateOp>(op))
    sum = cast<ShapedType>(integrate.getInput().getType()).getDimSize(0) * largest(integrate.getInput());
  else
    return success();
  if (sum <= mostCount || !cast<ShapedType>(op->getResult(0).getType()).getElementType().isInteger(8))
    return success();
  return op->emitOpError("requires spike counts of at most ") << mostCount << ", found up to " << sum;
}
/// A score is looked up by a value of the stream: behind the table there is none.
LogicalResult checkScores(ActOp op, const IntegerRanges &ranges) {
  uint64_t scores = op.getTable() ? op.getTable()->size() : 0;
  for (size_t block = 0; scores > 0 && block < op.getBlocks().size(); ++block) {
    auto yield = cast<YieldOp>(op.getBlocks()[block].front().getTerminator());
    auto range = ranges.of(yield.getStream());
    if (range && range->high >= scores)
      return op.emitOpError("requires a score for each value of the stream, up to ")
             << range->high << " after block " << block << ", found a table of " << scores;
  }
  return success();
}
} // namespace

LogicalResult stas::checkLimits(Block &block) {
  Operation *encoder = nullptr;
  IntegerRanges ranges(block.getParentOp());
  auto result = block.walk([&](Operation *op) -> WalkResult {
    if (isa<ActOp>(op) && encoder)
      return op->emitOpError("requires to be the one halting encoder of @main, found a second");
    if (isa<ActOp>(op))
      encoder = op;
    if (failed(checkSize(op)) || failed(checkCount(op, ranges)))
      return failure();
    auto act = dyn_cast<ActOp>(op);
    return act ? checkScores(act, ranges) : success();
  });
  return failure(result.wasInterrupted());
}
