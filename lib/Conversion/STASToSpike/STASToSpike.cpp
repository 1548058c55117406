//===- STASToSpike.cpp - Layers to sparse spike operations ----------------===//
#include "dialects/STAS/STASOps.h"
#include "dialects/Spike/SpikeOps.h"
#include "mlir/IR/IRMapping.h"
#include "stas/Conversion/Passes.h"
#include "llvm/ADT/TypeSwitch.h"

namespace stas {
#define GEN_PASS_DEF_CONVERTSTASTOSPIKE
#include "stas/Conversion/Passes.h.inc"
} // namespace stas

using namespace mlir;
using namespace stas;

namespace {
/// A value on its way down: sums that no neuron has met yet still wait for their scale and shift.
struct Lowered {
  Value value;
  spike::NormAttr norm;      // set: `value` holds sums, the real value is norm(value)
  bool channelsLast = false; // a map [.., C, H, W] that is now [.., H, W, C]
};

/// Lowers the ops of one block, in order, into another.
class BlockLowering {
public:
  explicit BlockLowering(OpBuilder &builder) : builder(builder) {}
  void map(Value from, Lowered to) { values[from] = to; }
  LogicalResult lower(Block &block);

private:
  LogicalResult lower(Operation *op);
  LogicalResult lowerConv(Conv2dOp op);
  LogicalResult lowerBatchNorm(BatchNormOp op);
  LogicalResult lowerAttention(AttentionOp op);
  LogicalResult lowerLIF(LIFOp op);
  LogicalResult lowerStaircase(StaircaseOp op);
  LogicalResult lowerISPS(ISPSOp op);
  LogicalResult lowerPool(MaxPool2dOp op);
  LogicalResult lowerAdd(AddOp op);
  LogicalResult lowerIntegrate(IntegrateOp op);
  LogicalResult lowerLIFStep(LIFStepOp op);
  LogicalResult lowerAct(ActOp op);
  LogicalResult lowerTimeLoop(TimeLoopOp op);
  LogicalResult lowerMask(MaskOp op);
  LogicalResult lowerReturn(func::ReturnOp op);
  /// Fails where an operand is a map that went channels last: the op treats its last axes by position.
  LogicalResult requireRows(Operation *op);
  /// The lowered value itself; sums get their scale and shift by spike.affine.
  Value value(Value from);
  Lowered &sums(Value from) { return values[from]; }
  spike::NormAttr norm(double unit = 1.0, WeightAttr bias = {}, BatchNormOp batchNorm = {});
  RankedTensorType result(ArrayRef<int64_t> shape, Type element) { return RankedTensorType::get(shape, element); }

  OpBuilder &builder;
  DenseMap<Value, Lowered> values;
};

ArrayRef<int64_t> shapeOf(Value value) { return cast<RankedTensorType>(value.getType()).getShape(); }
Type elementOf(Value value) { return cast<RankedTensorType>(value.getType()).getElementType(); }

/// The lowered shape of a layer's result: its own last axes behind the leading axes of the lowered input.
SmallVector<int64_t> join(ArrayRef<int64_t> leading, ArrayRef<int64_t> last) {
  SmallVector<int64_t> shape(leading);
  llvm::append_range(shape, last);
  return shape;
}

/// Where the convolution of a fused op stands in the checkpoint: stas-fuse-isps puts it behind the neurons.
Location weightedPart(Location loc) {
  auto fused = dyn_cast<FusedLoc>(loc);
  return fused && fused.getLocations().size() > 1 ? fused.getLocations()[1] : loc;
}

/// [C, H, W] as [H, W, C].
SmallVector<int64_t> channelsLast(ArrayRef<int64_t> map) { return {map[1], map[2], map[0]}; }
} // namespace

spike::NormAttr BlockLowering::norm(double unit, WeightAttr bias, BatchNormOp batchNorm) {
  MLIRContext *context = builder.getContext();
  if (!batchNorm)
    return spike::NormAttr::get(context, unit, bias, {}, {}, {}, {}, 0.0);
  return spike::NormAttr::get(context, unit, bias, batchNorm.getWeight(), batchNorm.getBias(), batchNorm.getMean(),
                              batchNorm.getVar(), batchNorm.getEps().convertToDouble());
}

Value BlockLowering::value(Value from) {
  Lowered &lowered = values[from];
  if (!lowered.norm)
    return lowered.value;
  // A loop that reads sums from outside is not the last to read them.
  OpBuilder::InsertionGuard guard(builder);
  if (lowered.value.getParentBlock() != builder.getInsertionBlock())
    builder.setInsertionPointAfterValue(lowered.value);
  lowered.value = spike::AffineOp::create(builder, from.getLoc(), lowered.value, lowered.norm);
  lowered.norm = {};
  return lowered.value;
}

LogicalResult BlockLowering::lower(Block &block) {
  for (Operation &op : block)
    if (failed(lower(&op)))
      return failure();
  return success();
}

LogicalResult BlockLowering::lowerMask(MaskOp op) {
  Value input = value(op.getInput());
  auto fire = input.getDefiningOp<spike::FireOp>();
  if (fire && fire.getActive() == value(op.getActive())) { // as every neuron inside stas.act
    map(op.getOutput(), {input, {}});
    return success();
  }
  if (!fire || fire.getActive() || !op.getInput().hasOneUse())
    return op.emitOpError("requires the spikes of a stas.lif that has no other use, found another value: mask the "
                          "neuron itself");
  fire.getActiveMutable().assign(value(op.getActive()));
  fire->moveBefore(builder.getInsertionBlock(), builder.getInsertionPoint()); // the mask may be younger than the sums
  map(op.getOutput(), {input, {}});
  return success();
}

LogicalResult BlockLowering::lowerAct(ActOp op) {
  auto act = ActOp::create(builder, op.getLoc(), op->getResultTypes(), value(op.getInput()), op.getHalting(),
                           op.getTimesteps(), op.getTableAttr(), op.getBlocks().size());
  for (auto [from, to] : llvm::zip(op.getBlocks(), act.getBlocks())) {
    OpBuilder::InsertionGuard guard(builder);
    Block *body = builder.createBlock(&to);
    BlockLowering inner(builder);
    for (BlockArgument argument : from.getArguments())
      inner.map(argument, {body->addArgument(argument.getType(), argument.getLoc()), {}});
    if (failed(inner.lower(from.front())))
      return failure();
  }
  map(op.getOutput(), {act.getOutput(), {}});
  map(op.getSteps(), {act.getSteps(), {}});
  return success();
}

LogicalResult BlockLowering::lowerTimeLoop(TimeLoopOp op) {
  auto inits = llvm::map_to_vector(op.getInits(), [&](Value v) { return value(v); });
  std::optional<int64_t> idle;
  if (op.getIdle())
    idle = *op.getIdle();
  auto loop = TimeLoopOp::create(builder, op.getLoc(), op.getTimesteps(), inits, idle);
  for (auto [from, to] : llvm::zip(op.getBody().getArguments(), loop.getBody().getArguments()))
    map(from, {to, {}});
  for (auto [from, to] : llvm::zip(op.getResults(), loop.getResults()))
    map(from, {to, {}});
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToEnd(&loop.getBody().front());
  return lower(op.getBody().front());
}

LogicalResult BlockLowering::requireRows(Operation *op) {
  for (Value operand : op->getOperands())
    if (sums(operand).channelsLast)
      return op->emitOpError("requires rows of tokens, found the map ")
             << operand.getType() << ": put a stas.flatten before it";
  return success();
}

LogicalResult BlockLowering::lowerConv(Conv2dOp op) {
  Value input = value(op.getInput());
  auto window = spike::WindowAttr::get(op.getContext(), op.getWeight().getType().getShape().drop_front(2),
                                       op.getStrides(), op.getPadding(), !sums(op.getInput()).channelsLast);
  auto type = result(join(shapeOf(input).drop_back(3), channelsLast(shapeOf(op.getOutput()).take_back(3))),
                     builder.getF32Type());
  Value sum = spike::AccumulateOp::create(builder, op.getLoc(), type, input, op.getWeight(), window);
  map(op.getOutput(), {sum, norm(1.0, op.getBiasAttr()), /*channelsLast=*/true});
  return success();
}

LogicalResult BlockLowering::lowerBatchNorm(BatchNormOp op) {
  Lowered input = sums(op.getInput());
  if (!input.norm || input.norm.getGamma() || input.norm.getUnit() != 1.0 || !op.getInput().hasOneUse())
    return op.emitOpError("requires the sums of a convolution or linear layer that have no other use, found another "
                          "value");
  int64_t axis = cast<RankedTensorType>(op.getInput().getType()).getRank() - (input.channelsLast ? 3 : 1);
  if (static_cast<int64_t>(op.getAxis()) != axis)
    return op.emitOpError("requires axis ") << axis << ", the channels, found " << op.getAxis();
  map(op.getOutput(), {input.value, norm(1.0, input.norm.getBias(), op), input.channelsLast});
  return success();
}

LogicalResult BlockLowering::lowerAttention(AttentionOp op) {
  if (!llvm::all_of(op->getUsers(), llvm::IsaPred<LIFOp, LIFStepOp, StaircaseOp>))
    return op.emitOpError("requires neurons as its only users: counts of spikes drive neurons and nothing else");
  Value query = value(op.getQuery());
  Value counts = spike::CoincideOp::create(builder, op.getLoc(), result(shapeOf(query), builder.getI32Type()), query,
                                           value(op.getKey()), value(op.getValue()), op.getHeads());
  map(op.getOutput(), {counts, norm(op.getScale().convertToDouble())});
  return success();
}

LogicalResult BlockLowering::lowerLIF(LIFOp op) {
  Lowered input = sums(op.getInput());
  if (!input.norm)
    return op.emitOpError("requires the sums of a weighted layer or attention as its input, found another value");
  auto output = cast<RankedTensorType>(op.getOutput().getType());
  SmallVector<int64_t> shape(shapeOf(input.value));
  Value active;
  if (op->getParentOfType<ActOp>())
    active = value(op->getBlock()->getArgument(1)); // the neurons of a halted token do not fire
  // A current without a T axis is the same at every timestep; its spikes are not. Inside stas.act time is implicit.
  if (!op->getParentOfType<ActOp>() && static_cast<int64_t>(shape.size()) < output.getRank())
    shape.insert(shape.begin(), output.getDimSize(0));
  auto fire = spike::FireOp::create(builder, op.getLoc(), result(shape, builder.getI1Type()), input.value, active,
                                    input.norm, op.getNeuron());
  map(op.getOutput(), {fire.getOutput(), {}, input.channelsLast});
  return success();
}

LogicalResult BlockLowering::lowerLIFStep(LIFStepOp op) {
  Lowered input = sums(op.getCurrent());
  if (!input.norm)
    return op.emitOpError("requires the sums of a weighted layer or attention as its current, found another value");
  Value membrane = value(op.getMembrane()), active = op.getActive() ? value(op.getActive()) : Value();
  auto fire = spike::FireOp::create(builder, op.getLoc(), op.getSpikes().getType(), membrane.getType(), input.value,
                                    active, membrane, input.norm, op.getNeuron(), spike::QuantAttr());
  map(op.getSpikes(), {fire.getOutput(), {}});
  map(op.getNext(), {fire.getNext(), {}});
  return success();
}

LogicalResult BlockLowering::lowerStaircase(StaircaseOp op) {
  Lowered current = sums(op.getCurrent());
  if (!current.norm)
    return op.emitOpError("requires the sums of a weighted layer or attention as its current, found another value");
  auto shape = join(static_cast<int64_t>(op.getTimesteps()), shapeOf(current.value));
  auto fire = spike::FireOp::create(builder, op.getLoc(), result(shape, builder.getI1Type()), current.value, Value(),
                                    current.norm, op.getNeuron());
  map(op.getOutput(), {fire.getOutput(), {}, current.channelsLast});
  return success();
}

LogicalResult BlockLowering::lowerISPS(ISPSOp op) {
  Value input = value(op.getInput());
  MLIRContext *context = op.getContext();
  bool channelsFirst = !sums(op.getInput()).channelsLast;
  auto weight = op.getWeight().getType().getShape();
  auto window = spike::WindowAttr::get(context, weight.drop_front(2), op.getStrides(), op.getPadding(), channelsFirst);
  spike::WindowAttr pool;
  if (op.getPoolKernel())
    pool = spike::WindowAttr::get(context, *op.getPoolKernel(), *op.getPoolStrides(), *op.getPoolPadding(),
                                  /*channels_first=*/false);
  auto norm =
      spike::NormAttr::get(context, 1.0, op.getBiasAttr(), op.getGammaAttr(), op.getBetaAttr(), op.getMeanAttr(),
                           op.getVarAttr(), op.getEps() ? op.getEps()->convertToDouble() : 0.0);
  auto map = shapeOf(op.getInput());
  int64_t height = (map[2] + 2 * op.getPadding()[0] - weight[2]) / op.getStrides()[0] + 1;
  int64_t width = (map[3] + 2 * op.getPadding()[1] - weight[3]) / op.getStrides()[1] + 1;
  Value sum = spike::AccumulateOp::create(builder, weightedPart(op.getLoc()),
                                          result({map[0], height, width, weight[0]}, builder.getF32Type()), input,
                                          op.getWeight(), window);
  auto output = cast<RankedTensorType>(op.getOutput().getType());
  auto type = result(join(map[0], channelsLast(output.getShape().drop_front())), output.getElementType());
  Value steps = spike::StaircaseOp::create(builder, op.getLoc(), type, op.getKind(), sum, norm, op.getNeuron(),
                                           op.getTimesteps(), pool);
  this->map(op.getOutput(), {steps, {}, /*channelsLast=*/true});
  return success();
}

LogicalResult BlockLowering::lowerPool(MaxPool2dOp op) {
  Value input = value(op.getInput());
  if (!sums(op.getInput()).channelsLast)
    return op.emitOpError("requires a layer before it: pooling of the image itself is not supported");
  auto window = spike::WindowAttr::get(op.getContext(), op.getKernel(), op.getStrides(), op.getPadding(),
                                       /*channels_first=*/false);
  auto type =
      result(join(shapeOf(input).drop_back(3), channelsLast(shapeOf(op.getOutput()).take_back(3))), elementOf(input));
  Value pool = spike::MaxPoolOp::create(builder, op.getLoc(), type, input, window);
  map(op.getOutput(), {pool, {}, /*channelsLast=*/true});
  return success();
}

LogicalResult BlockLowering::lowerAdd(AddOp op) {
  Value lhs = value(op.getLhs()), rhs = value(op.getRhs());
  bool channelsLast = sums(op.getLhs()).channelsLast;
  if (channelsLast != sums(op.getRhs()).channelsLast)
    return op.emitOpError("requires layers before both operands, found an argument of the function");
  auto shape = shapeOf(lhs).size() > shapeOf(rhs).size() ? shapeOf(lhs) : shapeOf(rhs);
  auto type = result(shape, elementOf(op.getOutput()));
  map(op.getOutput(), {spike::AddOp::create(builder, op.getLoc(), type, lhs, rhs), {}, channelsLast});
  return success();
}

LogicalResult BlockLowering::lowerIntegrate(IntegrateOp op) {
  Value input = value(op.getInput());
  if (shapeOf(input).size() != shapeOf(op.getInput()).size())
    return op.emitOpError("requires a value that changes over time, found one that is the same at every timestep");
  auto type = result(shapeOf(input).drop_front(), elementOf(op.getOutput()));
  Value sum = spike::IntegrateOp::create(builder, op.getLoc(), type, op.getKind(), input);
  map(op.getOutput(), {sum, {}, sums(op.getInput()).channelsLast});
  return success();
}

LogicalResult BlockLowering::lowerReturn(func::ReturnOp op) {
  auto values = llvm::map_to_vector(op.getOperands(), [&](Value v) { return value(v); });
  for (auto [from, to] : llvm::zip(op.getOperands(), values))
    if (from.getType() != to.getType())
      return op.emitOpError("requires results that keep their axes, found ")
             << from.getType() << ", which becomes " << to.getType();
  func::ReturnOp::create(builder, op.getLoc(), values);
  return requireRows(op);
}

LogicalResult BlockLowering::lower(Operation *op) {
  Location loc = op->getLoc();
  if (isa<LinearOp, AttentionOp, MeanTokensOp, HeadOp, MaskOp, LIFStepOp, ActOp, TimeLoopOp, HaltOp, YieldOp,
          arith::DivFOp>(op) &&
      failed(requireRows(op)))
    return failure();
  return TypeSwitch<Operation *, LogicalResult>(op)
      .Case([&](EncodeOp encode) {
        map(encode.getOutput(), Lowered(sums(encode.getInput())));
        return success();
      })
      .Case([&](Conv2dOp op) { return lowerConv(op); })
      .Case([&](LinearOp linear) {
        Value input = value(linear.getInput());
        auto type = result(join(shapeOf(input).drop_back(), shapeOf(linear.getOutput()).back()), builder.getF32Type());
        Value sum = spike::AccumulateOp::create(builder, loc, type, input, linear.getWeight(), spike::WindowAttr());
        map(linear.getOutput(), {sum, norm(1.0, linear.getBiasAttr())});
        return success();
      })
      .Case([&](BatchNormOp op) { return lowerBatchNorm(op); })
      .Case([&](AttentionOp op) { return lowerAttention(op); })
      .Case([&](LIFOp op) { return lowerLIF(op); })
      .Case([&](StaircaseOp op) { return lowerStaircase(op); })
      .Case([&](ISPSOp op) { return lowerISPS(op); })
      .Case([&](MaxPool2dOp op) { return lowerPool(op); })
      .Case([&](AddOp op) { return lowerAdd(op); })
      .Case([&](IntegrateOp op) { return lowerIntegrate(op); })
      .Case([&](FlattenOp flatten) -> LogicalResult {
        Value input = value(flatten.getInput());
        if (!sums(flatten.getInput()).channelsLast)
          return flatten.emitOpError("requires a layer before it: the image itself has no tokens");
        auto shape = join(shapeOf(input).drop_back(3), shapeOf(flatten.getOutput()).take_back(2));
        map(flatten.getOutput(), {spike::FlattenOp::create(builder, loc, result(shape, elementOf(input)), input), {}});
        return success();
      })
      .Case([&](MeanTokensOp mean) {
        Value input = value(mean.getInput());
        auto type = result(join(shapeOf(input).drop_back(2), shapeOf(input).back()), builder.getF32Type());
        map(mean.getOutput(), {spike::MeanTokensOp::create(builder, loc, type, input), {}});
        return success();
      })
      .Case([&](HeadOp head) {
        Value sum = spike::AccumulateOp::create(builder, loc, head.getOutput().getType(), value(head.getInput()),
                                                head.getWeight(), spike::WindowAttr());
        map(head.getOutput(), {spike::AffineOp::create(builder, loc, sum, norm(1.0, head.getBias())), {}});
        return success();
      })
      .Case([&](MaskOp op) { return lowerMask(op); })
      .Case([&](LIFStepOp op) { return lowerLIFStep(op); })
      .Case([&](ActOp op) { return lowerAct(op); })
      .Case([&](TimeLoopOp op) { return lowerTimeLoop(op); })
      .Case<SplatOp, GateOp, HaltOp, arith::DivFOp, YieldOp>([&](Operation *same) {
        IRMapping operands;
        for (Value operand : same->getOperands())
          operands.map(operand, value(operand));
        Operation *copy = builder.clone(*same, operands);
        for (auto [from, to] : llvm::zip(same->getResults(), copy->getResults()))
          map(from, {to, {}});
        return success();
      })
      .Case([&](func::ReturnOp op) { return lowerReturn(op); })
      .Default([](Operation *op) { return op->emitOpError("has no lowering to the spike dialect"); });
}

namespace {
struct ConvertSTASToSpikePass : public stas::impl::ConvertSTASToSpikeBase<ConvertSTASToSpikePass> {
  void runOnOperation() override {
    for (auto function : llvm::make_early_inc_range(getOperation().getOps<func::FuncOp>()))
      if (!function.isExternal() && failed(lower(function)))
        return signalPassFailure();
  }

  LogicalResult lower(func::FuncOp function) {
    if (!function.getBody().hasOneBlock())
      return function.emitError("requires a body of one block, found ") << function.getBody().getBlocks().size();
    for (Type type : function.getArgumentTypes())
      if (!isa<RankedTensorType>(type))
        return function.emitError("requires ranked tensors as arguments, found ") << type;
    Block &old = function.getBody().front();
    OpBuilder builder(&getContext());
    SmallVector<Location> locations = llvm::map_to_vector(old.getArguments(), [](Value v) { return v.getLoc(); });
    Block *body = builder.createBlock(&function.getBody(), function.getBody().end(), old.getArgumentTypes(), locations);
    BlockLowering lowering(builder);
    for (auto [from, to] : llvm::zip(old.getArguments(), body->getArguments()))
      lowering.map(from, {to, {}});
    if (failed(lowering.lower(old)))
      return failure();
    old.erase();
    return success();
  }
};
} // namespace
