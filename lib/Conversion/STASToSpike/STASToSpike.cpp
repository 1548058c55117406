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
  spike::NormAttr norm;       // set: `value` holds sums, the real value is norm(value)
  bool channelsFirst = false; // an image, [.., C, H, W]
};

/// Lowers the ops of one block, in order, into another.
class BlockLowering {
public:
  explicit BlockLowering(OpBuilder &builder) : builder(builder) {}
  void map(Value from, Lowered to) { values[from] = to; }
  LogicalResult lower(Block &block);

private:
  LogicalResult lower(Operation *op);
  LogicalResult lowerAct(ActOp op);
  LogicalResult lowerMask(MaskOp op);
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
  if (!fire || fire.getActive() || !op.getInput().hasOneUse())
    return op.emitOpError("requires the spikes of a stas.lif that has no other use, found another value: mask the "
                          "neuron itself");
  fire.getActiveMutable().assign(value(op.getActive()));
  map(op.getOutput(), {input, {}});
  return success();
}

LogicalResult BlockLowering::lowerAct(ActOp op) {
  auto act = ActOp::create(builder, op.getLoc(), op->getResultTypes(), value(op.getInput()), op.getHalting(),
                           op.getTimesteps(), op.getBlocks().size());
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

LogicalResult BlockLowering::lower(Operation *op) {
  Location loc = op->getLoc();
  return TypeSwitch<Operation *, LogicalResult>(op)
      .Case([&](EncodeOp encode) {
        map(encode.getOutput(), values[encode.getInput()]);
        return success();
      })
      .Case([&](Conv2dOp conv) -> LogicalResult {
        Value input = value(conv.getInput());
        bool first = sums(conv.getInput()).channelsFirst;
        auto window = spike::WindowAttr::get(op->getContext(), conv.getWeight().getType().getShape().drop_front(2),
                                             conv.getStrides(), conv.getPadding(), first);
        auto type = result(join(shapeOf(input).drop_back(3), channelsLast(shapeOf(conv.getOutput()).take_back(3))),
                           builder.getF32Type());
        Value sum = spike::AccumulateOp::create(builder, loc, type, input, conv.getWeight(), window);
        map(conv.getOutput(), {sum, norm(1.0, conv.getBiasAttr())});
        return success();
      })
      .Case([&](LinearOp linear) -> LogicalResult {
        Value input = value(linear.getInput());
        auto type = result(join(shapeOf(input).drop_back(), shapeOf(linear.getOutput()).back()), builder.getF32Type());
        Value sum = spike::AccumulateOp::create(builder, loc, type, input, linear.getWeight(), spike::WindowAttr());
        map(linear.getOutput(), {sum, norm(1.0, linear.getBiasAttr())});
        return success();
      })
      .Case([&](BatchNormOp batchNorm) -> LogicalResult {
        Lowered input = sums(batchNorm.getInput());
        if (!input.norm || input.norm.getGamma() || !batchNorm.getInput().hasOneUse())
          return op->emitOpError("requires the sums of a convolution or linear layer that have no other use");
        map(batchNorm.getOutput(), {input.value, norm(input.norm.getUnit(), input.norm.getBias(), batchNorm)});
        return success();
      })
      .Case([&](AttentionOp attention) -> LogicalResult {
        Value query = value(attention.getQuery());
        Value counts =
            spike::CoincideOp::create(builder, loc, result(shapeOf(query), builder.getI32Type()), query,
                                      value(attention.getKey()), value(attention.getValue()), attention.getHeads());
        map(attention.getOutput(), {counts, norm(attention.getScale().convertToDouble())});
        return success();
      })
      .Case([&](LIFOp lif) -> LogicalResult {
        Lowered input = sums(lif.getInput());
        if (!input.norm)
          return op->emitOpError(
              "requires the sums of a weighted layer or attention as its input, found another value");
        auto output = cast<RankedTensorType>(lif.getOutput().getType());
        bool timed = !lif->getParentOfType<ActOp>();
        SmallVector<int64_t> shape(shapeOf(input.value));
        if (timed && static_cast<int64_t>(shape.size()) < output.getRank())
          shape.insert(shape.begin(), output.getDimSize(0));
        Value spikes = spike::FireOp::create(builder, loc, result(shape, builder.getI1Type()), input.value, Value(),
                                             input.norm, lif.getNeuron());
        map(lif.getOutput(), {spikes, {}});
        return success();
      })
      .Case([&](MaxPool2dOp pool) -> LogicalResult {
        Value input = value(pool.getInput());
        if (sums(pool.getInput()).channelsFirst)
          return op->emitOpError("requires a layer before it: pooling of the image itself is not supported");
        auto window = spike::WindowAttr::get(op->getContext(), pool.getKernel(), pool.getStrides(), pool.getPadding(),
                                             /*channelsFirst=*/false);
        auto type = result(join(shapeOf(input).drop_back(3), channelsLast(shapeOf(pool.getOutput()).take_back(3))),
                           elementOf(input));
        map(pool.getOutput(), {spike::MaxPoolOp::create(builder, loc, type, input, window), {}});
        return success();
      })
      .Case([&](AddOp add) {
        Value lhs = value(add.getLhs()), rhs = value(add.getRhs());
        auto shape = shapeOf(lhs).size() > shapeOf(rhs).size() ? shapeOf(lhs) : shapeOf(rhs);
        auto type = result(shape, elementOf(add.getOutput()));
        map(add.getOutput(), {spike::AddOp::create(builder, loc, type, lhs, rhs), {}});
        return success();
      })
      .Case([&](IntegrateOp integrate) -> LogicalResult {
        Value input = value(integrate.getInput());
        if (shapeOf(input).size() != static_cast<size_t>(shapeOf(integrate.getInput()).size()))
          return op->emitOpError("requires a value that changes over time, found an encoding: canonicalize first");
        auto type = result(shapeOf(input).drop_front(), elementOf(integrate.getOutput()));
        map(integrate.getOutput(), {spike::IntegrateOp::create(builder, loc, type, integrate.getKind(), input), {}});
        return success();
      })
      .Case([&](FlattenOp flatten) -> LogicalResult {
        Value input = value(flatten.getInput());
        if (sums(flatten.getInput()).channelsFirst)
          return op->emitOpError("requires a layer before it: the image itself has no tokens");
        auto shape = join(shapeOf(input).drop_back(3), shapeOf(flatten.getOutput()).take_back(2));
        map(flatten.getOutput(), {spike::FlattenOp::create(builder, loc, result(shape, elementOf(input)), input), {}});
        return success();
      })
      .Case([&](MeanTokensOp mean) {
        Value input = value(mean.getInput());
        auto shape = join(shapeOf(input).drop_back(2), shapeOf(input).back());
        map(mean.getOutput(),
            {spike::MeanTokensOp::create(builder, loc, result(shape, builder.getF32Type()), input), {}});
        return success();
      })
      .Case([&](HeadOp head) {
        Value sum = spike::AccumulateOp::create(builder, loc, head.getOutput().getType(), value(head.getInput()),
                                                head.getWeight(), spike::WindowAttr());
        map(head.getOutput(), {spike::AffineOp::create(builder, loc, sum, norm(1.0, head.getBias())), {}});
        return success();
      })
      .Case([&](MaskOp mask) { return lowerMask(mask); })
      .Case([&](ActOp act) { return lowerAct(act); })
      .Case([&](YieldOp yield) {
        YieldOp::create(builder, loc, value(yield.getStream()));
        return success();
      })
      .Case([&](func::ReturnOp op) {
        func::ReturnOp::create(builder, loc, llvm::map_to_vector(op.getOperands(), [&](Value v) { return value(v); }));
        return success();
      })
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
    Block &old = function.getBody().front();
    OpBuilder builder(&getContext());
    SmallVector<Location> locations = llvm::map_to_vector(old.getArguments(), [](Value v) { return v.getLoc(); });
    Block *body = builder.createBlock(&function.getBody(), function.getBody().end(), old.getArgumentTypes(), locations);
    BlockLowering lowering(builder);
    for (auto [from, to] : llvm::zip(old.getArguments(), body->getArguments()))
      lowering.map(from, {to, {}, /*channelsFirst=*/isa<Float32Type>(elementOf(to)) && shapeOf(to).size() >= 4});
    if (failed(lowering.lower(old)))
      return failure();
    old.erase();
    return success();
  }
};
} // namespace
