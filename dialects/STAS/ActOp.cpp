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
  results.push_back(type.clone(Float32Type::get(context)));
  results.push_back(type.clone(type.getShape().drop_back(), IntegerType::get(context, 32)));
  return success();
}

LogicalResult ActOp::verify() {
  if (static_cast<int64_t>(getTimesteps()) < 1 || getBlocks().empty())
    return emitOpError("act.R5: requires timesteps >= 1 and at least one block, found ")
           << static_cast<int64_t>(getTimesteps()) << " and " << getBlocks().size();
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
      if (isa<ActOp, EncodeOp, IntegrateOp, TimeLoopOp>(inner))
        return inner->emitOpError("act.R7: may not stand in a block of stas.act, where time is implicit");
      return WalkResult::advance();
    });
    if (result.wasInterrupted())
      return failure();
  }
  return success();
}
