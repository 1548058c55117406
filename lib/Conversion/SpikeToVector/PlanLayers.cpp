//===- PlanLayers.cpp - Launches of layers and neurons --------------------===//
#include "PlanBuilder.h"
#include "mlir/IR/Remarks.h"
#include "llvm/Support/FormatVariadic.h"

using namespace mlir;
using namespace stas;

Value PlanBuilder::membraneBuffer(spike::FireOp fire, int64_t elements) {
  double rest = fire.getNeuron().getVReset();
  OpBuilder::InsertionGuard guard(plan);
  plan.setInsertionPoint(actLoop);
  Value membrane = newBuffer((nameOf(fire) + ".membrane").str(), plan.getF32Type(), elements, /*zero=*/true);
  if (rest != 0.0)
    launchFill(membrane, rest, fire);
  return membrane;
}

LogicalResult PlanBuilder::buildAccumulate(spike::AccumulateOp sums, const Consumer &consumer) {
  spike::FireOp fire = consumer.fire;
  Value input = sums.getInput();
  int64_t tail = imageAxes(sums);
  AccumulateSpec spec{};
  spec.input = isReal(input)                                 ? AccumulateSpec::Input::Real
               : typeOf(input).getElementType().isInteger(1) ? AccumulateSpec::Input::Spikes
                                                             : AccumulateSpec::Input::Counts;
  spec.isa = isa;
  auto outTail = tailOf(sums.getOutput(), tail);
  spec.rows = product(outTail.drop_back());
  spec.channels = outTail.back();
  auto weight = sums.getWeight().getType().getShape();
  spec.inputs = product(weight.drop_front());
  // Events are offsets into the weights, in 32 bits.
  if (spec.inputs > std::numeric_limits<int32_t>::max() / roundUp(spec.channels, lanes))
    return sums.emitOpError("requires fewer than 2^31 weights, found ") << sums.getWeight().getType();
  spec.timesIn = timesOf(input, tail);
  spec.timesOut = consumer.neuron ? consumer.timesteps : spec.timesIn;
  spec.reduce = consumer.reduce;
  if (auto attr = sums.getWindow()) {
    auto map = tailOf(input, 3);
    bool first = attr->getChannelsFirst();
    spec.window = AccumulateSpec::Window{map[first ? 1 : 0],
                                         map[first ? 2 : 1],
                                         weight[1],
                                         attr->getKernel()[0],
                                         attr->getKernel()[1],
                                         attr->getStrides()[0],
                                         attr->getStrides()[1],
                                         attr->getPadding()[0],
                                         attr->getPadding()[1],
                                         outTail[1],
                                         first};
  }
  spec.neuron = consumer.neuron;
  spec.stateful = fire && inAct;
  spec.masked = fire && fire.getActive();

  int64_t padded = roundUp(spec.channels, lanes);
  Values memory{buffer(input), constant(spike::ConstantKind::Rows, spec.inputs, spec.channels, sums.getWeight(), {}),
                constant(spike::ConstantKind::Scale, 1, spec.channels, {}, consumer.norm),
                constant(spike::ConstantKind::Shift, 1, spec.channels, {}, consumer.norm)};
  if (spec.stateful)
    memory.push_back(membraneBuffer(fire, spec.rows * padded));
  if (spec.masked)
    memory.push_back(buffer(fire.getActive()));
  memory.push_back(consumer.output ? consumer.output : bufferFor(consumer.op->getResult(0), nameOf(consumer.op)));

  std::string key = llvm::formatv("input={0} rows={1} k={2} n={3} t={4}->{5}{6}{7}", static_cast<int>(spec.input),
                                  spec.rows, spec.inputs, spec.channels, spec.timesIn, spec.timesOut,
                                  spec.stateful ? " state" : "", spec.masked ? " mask" : "");
  if (const auto &w = spec.window)
    key += llvm::formatv(" map={0}x{1}x{2} kernel={3}x{4} stride={5}x{6} pad={7}x{8} first={9}", w->height, w->width,
                         w->channels, w->kernelHeight, w->kernelWidth, w->strideY, w->strideX, w->paddingY, w->paddingX,
                         w->channelsFirst);
  if (spec.neuron)
    key += " " + describe(spec.neuron);
  constexpr StringLiteral reductions[] = {"", " sum", " mean", " pattern"};
  key += reductions[static_cast<int>(spec.reduce)];
  bool isReduced = spec.reduce != AccumulateSpec::Reduce::None;
  auto symbol = kernel(isReduced     ? "staircase"
                       : spec.neuron ? "fire"
                                     : "affine",
                       key, memory, accumulateScratch(spec),
                       [&](KernelBuilder &b, const Kernel &k) { stas::buildAccumulate(b, k, spec); });
  auto op = launch(symbol, memory, spec.rows, consumer.op);
  if (fire)
    observe(op, fire, spec.timesOut);
  return success();
}

LogicalResult PlanBuilder::buildAttention(spike::CoincideOp counts, spike::FireOp fire) {
  AttentionSpec spec{};
  spec.isa = isa;
  auto tail = tailOf(counts.getOutput(), 2);
  spec.tokens = tail[0];
  spec.width = tail[1];
  spec.heads = counts.getHeads();
  spec.timesIn = timesOf(counts.getQuery(), 2);
  spec.timesOut = timesOf(fire.getOutput(), 2);
  spec.unit = fire.getNorm().getUnit();
  spec.neuron = fire.getNeuron();
  spec.stateful = inAct;
  spec.masked = static_cast<bool>(fire.getActive());
  if (const char *e = getenv("ASSOC"))
    spec.association = static_cast<AttentionSpec::Association>(atoi(e));
  if (fire.getNorm().getGamma() || fire.getNorm().getBias())
    return fire.emitOpError("requires attention without batch normalisation or bias");
  Values memory{buffer(counts.getQuery()), buffer(counts.getKey()), buffer(counts.getValue())};
  if (spec.stateful)
    memory.push_back(membraneBuffer(fire, spec.heads * spec.tokens * headWidth(spec)));
  if (spec.masked)
    memory.push_back(buffer(fire.getActive()));
  memory.push_back(bufferFor(fire.getOutput(), nameOf(fire)));
  std::string key = llvm::formatv("tokens={0} width={1} heads={2} t={3}->{4} unit={5}{6}{7} {8}", spec.tokens,
                                  spec.width, spec.heads, spec.timesIn, spec.timesOut, describe(spec.unit),
                                  spec.stateful ? " state" : "", spec.masked ? " mask" : "", describe(spec.neuron));
  auto symbol = kernel("attention", key, memory, attentionScratch(spec),
                       [&](KernelBuilder &b, const Kernel &k) { stas::buildAttention(b, k, spec); });
  observe(launch(symbol, memory, spec.heads, fire), fire, spec.timesOut);
  return success();
}

LogicalResult PlanBuilder::buildFire(spike::FireOp fire) {
  if (auto sums = fire.getSums().getDefiningOp<spike::AccumulateOp>()) {
    int64_t tail = imageAxes(sums);
    return buildAccumulate(sums, {fire, fire.getNorm(), {}, fire.getNeuron(), timesOf(fire.getOutput(), tail), fire});
  }
  if (auto counts = fire.getSums().getDefiningOp<spike::CoincideOp>())
    return buildAttention(counts, fire);
  return fire.emitOpError("requires sums of spike.accumulate or spike.coincide on the CPU, found another value");
}

/// Without a pool one kernel does all. With one, neurons leave the spikes of up to 8 timesteps in a byte, and the pool
/// unites and counts them; more timesteps are fired, pooled and integrated one by one.
LogicalResult PlanBuilder::buildStaircase(spike::StaircaseOp op) {
  using Reduce = AccumulateSpec::Reduce;
  auto sums = op.getSums().getDefiningOp<spike::AccumulateOp>();
  int64_t timesteps = op.getTimesteps();
  Reduce reduce = op.getKind() == ReduceKind::Mean ? Reduce::Mean : Reduce::Sum;
  Consumer neurons{op, op.getNorm(), {}, op.getNeuron(), timesteps, {}, reduce};
  if (!op.getPool())
    return buildAccumulate(sums, neurons);

  Value output = bufferFor(op.getOutput(), nameOf(op));
  auto in = tailOf(op.getSums(), 3), out = tailOf(op.getOutput(), 3);
  PoolSpec pool = poolSpec(lanes, 1, in, out, *op.getPool(), /*isReal=*/false);
  if (timesteps <= 8) {
    neurons.output = newBuffer((nameOf(op) + ".pattern").str(), plan.getI8Type(), product(in));
    neurons.reduce = Reduce::Pattern;
    if (failed(buildAccumulate(sums, neurons)))
      return failure();
    pool.reduce = reduce;
    pool.steps = timesteps;
    launchPool(neurons.output, output, pool, op);
    return success();
  }
  remark::missed(op.getLoc(), remark::RemarkOpts::name("SpikesInMemory").category("convert-spike-to-vector"))
      << remark::add("the spikes of {0} timesteps are fired, pooled and integrated one after the other", timesteps)
      << remark::reason("a byte holds the spikes of at most 8 timesteps");
  neurons.output = newBuffer((nameOf(op) + ".spikes").str(), plan.getI8Type(), timesteps * product(in));
  neurons.reduce = Reduce::None;
  if (failed(buildAccumulate(sums, neurons)))
    return failure();
  Value united = newBuffer((nameOf(op) + ".pooled").str(), plan.getI8Type(), timesteps * product(out));
  pool.times = timesteps;
  launchPool(neurons.output, united, pool, op);
  launchIntegrate(united, output, {lanes, timesteps, product(out), reduce == Reduce::Mean, /*real=*/false}, op);
  return success();
}
