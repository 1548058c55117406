//===- SparseOps.cpp - Rules of the sparse form ---------------------------===//
#include "dialects/Spike/SpikeOps.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace stas::spike;

namespace {
using Shape = SmallVector<int64_t>;
constexpr int64_t wordBits = 64;

ArrayRef<int64_t> shapeOf(Value value) { return cast<RankedTensorType>(value.getType()).getShape(); }
Type elementOf(Value value) { return cast<RankedTensorType>(value.getType()).getElementType(); }
bool isPositive(int64_t extent) { return extent >= 1; } // a dynamic one is negative

/// [B, N, D], or [T, B, N, D] where `mayHaveTime`, with static N and D.
bool areTokens(ArrayRef<int64_t> shape, bool mayHaveTime) {
  bool hasRank = shape.size() == 3 || (mayHaveTime && shape.size() == 4);
  return hasRank && llvm::all_of(shape.take_back(2), isPositive);
}

/// Whether the tokens of [B, N, D] have a mask [B, N].
bool areTokensOf(Value mask, ArrayRef<int64_t> tokens) {
  return tokens.size() == 3 && shapeOf(mask) == tokens.drop_back();
}

/// Spikes that can be packed by heads.
LogicalResult verifySpikes(Operation *op, StringRef rule, Value spikes, int64_t heads) {
  auto shape = shapeOf(spikes);
  if (!areTokens(shape, /*mayHaveTime=*/true) || heads < 1 || shape.back() % heads != 0)
    return op->emitOpError(rule) << ": requires spikes [B, N, D] or [T, B, N, D] with static N, D >= 1 and heads >= 1 "
                                    "that divide D, found "
                                 << spikes.getType() << " and " << heads;
  return success();
}
} // namespace

RankedTensorType PackOp::wordsOf(RankedTensorType spikes, BitAxis axis, int64_t heads) {
  auto shape = spikes.getShape();
  int64_t tokens = shape[shape.size() - 2], depth = shape.back() / heads;
  Shape words(shape.drop_back(2));
  if (axis == BitAxis::Tokens)
    words.append({heads, depth, static_cast<int64_t>(llvm::divideCeil(tokens, wordBits))});
  else
    words.append({heads, tokens, static_cast<int64_t>(llvm::divideCeil(depth, wordBits))});
  return RankedTensorType::get(words, IntegerType::get(spikes.getContext(), wordBits));
}

LogicalResult CompactOp::verify() {
  auto input = shapeOf(getInput());
  if (!areTokens(input, /*mayHaveTime=*/false) || !areTokensOf(getActive(), input))
    return emitOpError("compact.R1: requires tokens [B, N, D] with static N, D >= 1 and a mask [B, N], found ")
           << getInput().getType() << " and " << getActive().getType();
  auto output = shapeOf(getOutput());
  if (output.size() != 2 || output[1] != input[2] || elementOf(getOutput()) != elementOf(getInput()))
    return emitOpError("compact.R2: requires rows [R, ")
           << input[2] << "] of " << elementOf(getInput()) << " as its result, found " << getOutput().getType();
  return success();
}

LogicalResult ExpandOp::verify() {
  auto rows = shapeOf(getRows()), active = shapeOf(getActive());
  if (rows.size() != 2 || !isPositive(rows[1]) || active.size() != 2 || !isPositive(active[1]))
    return emitOpError(
               "expand.R1: requires rows [R, C] with static C >= 1 and a mask [B, N] with static N >= 1, found ")
           << getRows().getType() << " and " << getActive().getType();
  Shape expected{active[0], active[1], rows[1]};
  if (shapeOf(getOutput()) != ArrayRef<int64_t>(expected) || elementOf(getOutput()) != elementOf(getRows()))
    return emitOpError("expand.R2: requires a result of shape [")
           << expected << "] and type " << elementOf(getRows()) << ", found " << getOutput().getType();
  return success();
}

LogicalResult PackOp::verify() {
  int64_t heads = getHeads();
  if (failed(verifySpikes(*this, "spike.pack.R1", getInput(), heads)))
    return failure();
  if (auto words = wordsOf(getInput().getType(), getAxis(), heads); getOutput().getType() != words)
    return emitOpError("spike.pack.R2: requires ") << words << " as its result, found " << getOutput().getType();
  return success();
}

LogicalResult UnpackOp::verify() {
  int64_t heads = getHeads();
  if (failed(verifySpikes(*this, "unpack.R1", getOutput(), heads)))
    return failure();
  if (auto words = PackOp::wordsOf(getOutput().getType(), getAxis(), heads); getInput().getType() != words)
    return emitOpError("unpack.R2: requires ") << words << ", found " << getInput().getType();
  return success();
}

/// Spikes that were packed and are unpacked again.
OpFoldResult UnpackOp::fold(FoldAdaptor) {
  auto pack = getInput().getDefiningOp<PackOp>();
  bool isInverse =
      pack && pack.getAxis() == getAxis() && pack.getHeads() == getHeads() && pack.getInput().getType() == getType();
  return isInverse ? OpFoldResult(pack.getInput()) : OpFoldResult();
}

LogicalResult AndCountOp::verify() {
  auto lhs = shapeOf(getLhs()), rhs = shapeOf(getRhs());
  bool haveTails = lhs.size() >= 2 && rhs.size() == lhs.size() && llvm::all_of(lhs.take_back(2), isPositive) &&
                   llvm::all_of(rhs.take_back(2), isPositive);
  if (!haveTails || lhs.drop_back(2) != rhs.drop_back(2) || lhs.back() != rhs.back())
    return emitOpError("and_count.R1: requires words [.., M, W] and [.., P, W] with static M, P, W >= 1 and the same "
                       "leading axes, found ")
           << getLhs().getType() << " and " << getRhs().getType();
  Shape expected(lhs.drop_back());
  expected.push_back(rhs[rhs.size() - 2]);
  if (shapeOf(getOutput()) != ArrayRef<int64_t>(expected))
    return emitOpError("and_count.R2: requires a result of shape [")
           << expected << "], found " << getOutput().getType();
  if (!getActive())
    return success();
  if (lhs.size() != 4 || shapeOf(getActive()) != ArrayRef<int64_t>({lhs[0], lhs[2]}))
    return emitOpError("and_count.R3: requires a mask [B, M] to words [B, heads, M, W], found ")
           << getActive().getType() << " and " << getLhs().getType();
  return success();
}

LogicalResult SumCountsOp::verify() {
  auto spikes = shapeOf(getSpikes()), counts = shapeOf(getCounts());
  if (!areTokens(spikes, /*mayHaveTime=*/true))
    return emitOpError("sum_counts.R1: requires spikes [B, N, D] or [T, B, N, D] with static N, D >= 1, found ")
           << getSpikes().getType();
  bool isKeyValue = getAssociation() == Association::KeyValue;
  int64_t heads = counts.size() == spikes.size() + 1 ? counts[counts.size() - 3] : 0;
  bool divides = heads >= 1 && spikes.back() % heads == 0;
  Shape expected(spikes.drop_back(2));
  int64_t extent = !isKeyValue ? spikes[spikes.size() - 2] : divides ? spikes.back() / heads : 0;
  expected.append({heads, extent, extent});
  if (!divides || counts != ArrayRef<int64_t>(expected))
    return emitOpError("sum_counts.R2: requires counts [.., heads, ")
           << (isKeyValue ? "d, d" : "N, N") << "] with the spikes' leading axes and heads >= 1 that divide D, found "
           << getCounts().getType() << " to " << getSpikes().getType();
  if (getActive() && !areTokensOf(getActive(), spikes))
    return emitOpError("sum_counts.R3: requires a mask [B, N] to spikes [B, N, D], found ")
           << getActive().getType() << " and " << getSpikes().getType();
  if (shapeOf(getOutput()) != spikes)
    return emitOpError("sum_counts.R4: requires a result of shape [") << spikes << "], found " << getOutput().getType();
  return success();
}
