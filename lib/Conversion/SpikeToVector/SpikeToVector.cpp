//===- SpikeToVector.cpp - The sparse level on a CPU ----------------------===//
#include "PlanBuilder.h"
#include "stas/Conversion/Passes.h"

namespace stas {
#define GEN_PASS_DEF_CONVERTSPIKETOVECTOR
#include "stas/Conversion/Passes.h.inc"
} // namespace stas

using namespace mlir;
using namespace stas;

namespace {
struct ConvertSpikeToVectorPass : public stas::impl::ConvertSpikeToVectorBase<ConvertSpikeToVectorPass> {
  using ConvertSpikeToVectorBase::ConvertSpikeToVectorBase;

  void runOnOperation() override {
    auto function = getOperation().lookupSymbol<func::FuncOp>("main");
    if (!function || function.isExternal() || failed(lower(function))) {
      if (!function || function.isExternal())
        getOperation().emitError("requires a function @main with a body, found none");
      signalPassFailure();
    }
  }

  LogicalResult lower(func::FuncOp function);
};
} // namespace

LogicalResult ConvertSpikeToVectorPass::lower(func::FuncOp function) {
  if (lanes != 8 && lanes != 16)
    return function.emitError("requires 8 or 16 lanes, found ") << lanes;
  Block &old = function.getBody().front();
  auto image = old.getNumArguments() == 1 ? dyn_cast<RankedTensorType>(old.getArgument(0).getType()) : nullptr;
  auto results = function.getResultTypes();
  auto element = [&](unsigned index) { return cast<ShapedType>(results[index]).getElementType(); };
  if (!image || !image.getElementType().isF32() || (image.getRank() != 4 && image.getRank() != 5) || results.empty() ||
      results.size() > 2 || !element(0).isF32() || (results.size() == 2 && !element(1).isInteger(32)))
    return function.emitError("requires one f32 image [B, C, H, W] or [T, B, C, H, W] and f32 logits (and i32 halting "
                              "steps), found ")
           << function.getFunctionType();

  OpBuilder builder(&getContext());
  Block *body = builder.createBlock(&function.getBody(), function.getBody().end());
  PlanBuilder plan(getOperation(), builder, lanes);
  Value input = plan.bufferFor(old.getArgument(0), "image");
  if (failed(plan.build(old)))
    return failure();
  Operation *end = old.getTerminator();
  auto halting = results.size() == 2 ? plan.buffer(end->getOperand(1)) : Value();
  builder.setInsertionPointToEnd(body);
  spike::OutputsOp::create(builder, function.getLoc(), input, plan.buffer(end->getOperand(0)), halting);
  func::ReturnOp::create(builder, function.getLoc());

  SmallVector<int64_t> shape(image.getShape().take_back(3));
  shape.insert(shape.begin(), image.getRank() == 5 ? image.getDimSize(0) : 1);
  int64_t blocks = 0;
  old.walk([&](ActOp act) {
    blocks = act.getBlocks().size();
    function->setAttr("spike.halting_order", builder.getStringAttr(stringifyEnum(act.getHalting().getOrder())));
  });
  function->setAttr("spike.image", builder.getDenseI64ArrayAttr(shape));
  function->setAttr("spike.blocks", builder.getI64IntegerAttr(blocks));
  old.erase();
  function.setFunctionType(builder.getFunctionType({}, {}));
  return success();
}
