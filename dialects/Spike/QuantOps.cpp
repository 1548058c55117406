//===- QuantOps.cpp - Rules of the integer form ---------------------------===//
#include "dialects/Spike/SpikeOps.h"

using namespace mlir;
using namespace stas::spike;

namespace {
ArrayRef<int64_t> shapeOf(Value value) { return cast<RankedTensorType>(value.getType()).getShape(); }
} // namespace

LogicalResult QuantizeOp::verify() {
  int64_t scale = getScale(), limit = getLimit();
  bool isPower = scale >= 1 && scale <= int64_t(1) << 30 && llvm::isPowerOf2_64(scale);
  if (!isPower || limit < 1 || limit > 1 << 24)
    return emitOpError("quantize.R1: requires a scale that is a power of two up to 2^30 and 1 <= limit <= 2^24, found ")
           << scale << " and " << limit;
  if (shapeOf(getInput()) != shapeOf(getOutput()))
    return emitOpError("quantize.R2: requires a result of the input's shape, found ")
           << getInput().getType() << " and " << getOutput().getType();
  return success();
}

LogicalResult SumTokensOp::verify() {
  auto input = shapeOf(getInput());
  if (input.size() < 3 || input[input.size() - 2] < 1 || input.back() < 1)
    return emitOpError("sum_tokens.R1: requires tokens [.., N, D] with static N, D >= 1, found ")
           << getInput().getType();
  SmallVector<int64_t> expected(input.drop_back(2));
  expected.push_back(input.back());
  if (shapeOf(getOutput()) != ArrayRef<int64_t>(expected))
    return emitOpError("sum_tokens.R2: requires [.., N, D] to become [.., D], found ")
           << getInput().getType() << " and " << getOutput().getType();
  return success();
}

LogicalResult ReadoutOp::verify() {
  auto sums = shapeOf(getSums());
  if (sums.size() < 2 || sums.back() < 1 || shapeOf(getOutput()) != sums)
    return emitOpError("readout.R1: requires sums [.., C] with static C >= 1 and a result of that shape, found ")
           << getSums().getType() << " and " << getOutput().getType();
  if (getQuant().getNeuron() || getQuant().getChannels() != sums.back())
    return emitOpError("readout.R2: requires quant without neuron and with a weight of ")
           << sums.back() << " rows, found " << getQuant();
  auto accumulate = getSums().getDefiningOp<AccumulateOp>();
  if (accumulate && accumulate.getQuantAttr() != getQuant())
    return emitOpError("readout.R3: requires sums of a spike.accumulate that holds the same quant");
  return success();
}
