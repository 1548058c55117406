//===- ActOp.cpp - The halting encoder ------------------------------------===//
#include "dialects/STAS/STASOps.h"

using namespace mlir;
using namespace stas;

LogicalResult ActOp::inferReturnTypes(MLIRContext *context, std::optional<Location> location, ValueRange operands,
                                      DictionaryAttr attributes, OpaqueProperties properties, RegionRange regions,
                                      SmallVectorImpl<Type> &results) {
  ActOp::Adaptor op(operands, attributes, properties, regions);
  auto type = dyn_cast<RankedTensorType>(op.getInput().getType());
  if (!type || type.getRank() != 3 || type.getDimSize(1) < 1 || type.getDimSize(2) < 1 ||
      type.getElementType().isInteger(1))
    return emitOptionalError(location, "act.R4: requires i8 or f32 tokens [B, N, D] with static N, D >= 1, found ",
                             op.getInput().getType());
  Type output = op.getTable() ? Type(IntegerType::get(context, 64)) : Float32Type::get(context);
  results.push_back(type.clone(output));
  results.push_back(type.clone(type.getShape().drop_back(), IntegerType::get(context, 32)));
  return success();
}

LogicalResult ActOp::verify() {
  int64_t timesteps = getTimesteps();
  if (timesteps < 1 || timesteps > 256 || getBlocks().empty())
    return emitOpError("act.R5: requires 1 <= timesteps <= 256 and at least one block, found ")
           << timesteps << " and " << getBlocks().size();
  if (auto table = getTable()) {
    // 64 blocks: in rectangular order the sum H of scores up to 2^24 each can reach one more than the blocks are, and
    // it is an i32.
    auto isScore = [](int32_t score) { return score >= 0 && score <= 1 << 24; };
    bool isSound = !table->empty() && table->size() <= 256 && llvm::all_of(*table, isScore);
    Type element = cast<RankedTensorType>(getInput().getType()).getElementType();
    if (!isSound || !element.isInteger(8) || getBlocks().size() > 64)
      return emitOpError(
                 "act.R8: requires, with a table, 1 to 256 scores from 0 to 2^24, an input of i8 and at most 64 "
                 "blocks, found ")
             << table->size() << " scores, " << getInput().getType() << " and " << getBlocks().size() << " blocks";
  }
  return success();
}

LogicalResult ActOp::verifyRegions() {
  auto stream = cast<RankedTensorType>(getInput().getType());
  Type active = stream.clone(stream.getShape().drop_back(), IntegerType::get(getContext(), 1));
  for (auto [index, region] : llvm::enumerate(getBlocks())) {
    Block &block = region.front();
    auto yield = dyn_cast<YieldOp>(block.back());
    if (block.getArgumentTypes() != ArrayRef<Type>{stream, active} || !yield ||
        yield.getOperandTypes() != ArrayRef<Type>{stream})
      return emitOpError("act.R6: requires block ")
             << index << " to take (" << stream << ", " << active << ") and to yield " << stream;
    WalkResult result = region.walk([](Operation *inner) -> WalkResult {
      if (isa<ActOp, TimeLoopOp, EncodeOp, IntegrateOp, StaircaseOp, ISPSOp>(inner))
        return inner->emitOpError("act.R7: may not stand in a block of stas.act, where time is implicit");
      return WalkResult::advance();
    });
    if (result.wasInterrupted())
      return failure();
  }
  return success();
}
