//===- PlanLayers.cpp - Launches of layers and neurons --------------------===//
#include "PlanBuilder.h"
#include "SparseForm.h"
#include "mlir/IR/Remarks.h"
#include "stas/Quantization/QuantizedLayer.h"
#include "llvm/Support/FormatVariadic.h"

using namespace mlir;
using namespace stas;

using Input = AccumulateSpec::Input;
using Reduce = AccumulateSpec::Reduce;

namespace {
Input inputKind(Value input) {
  Type element = typeOf(input).getElementType();
  return element.isF32()         ? Input::Real
         : element.isInteger(1)  ? Input::Spikes
         : element.isInteger(8)  ? Input::Counts
         : element.isInteger(32) ? Input::Image
                                 : Input::Wide;
}

AccumulateSpec::Window windowOf(spike::AccumulateOp sums) {
  spike::WindowAttr window = *sums.getWindow();
  auto map = tailOf(sums.getInput(), 3);
  bool first = window.getChannelsFirst();
  return {map[first ? 1 : 0],
          map[first ? 2 : 1],
          sums.getWeight().getType().getDimSize(1),
          window.getKernel()[0],
          window.getKernel()[1],
          window.getStrides()[0],
          window.getStrides()[1],
          window.getPadding()[0],
          window.getPadding()[1],
          tailOf(sums.getOutput(), 3)[1],
          first};
}

/// Everything in a spec that shapes its kernel.
std::string keyOf(const AccumulateSpec &spec) {
  std::string key = llvm::formatv("input={0} rows={1} k={2} n={3} t={4}->{5}{6}{7}", static_cast<int>(spec.input),
                                  spec.rows, spec.inputs, spec.channels, spec.timesIn, spec.timesOut,
                                  spec.stateful ? " state" : "", spec.masked ? " mask" : "");
  if (spec.silences)
    key += " silence";
  if (spec.fresh)
    key += " fresh";
  if (spec.stateful)
    key += llvm::formatv(" last={0}", spec.lastTimestep);
  if (const auto &w = spec.window)
    key += llvm::formatv(" map={0}x{1}x{2} kernel={3}x{4} stride={5}x{6} pad={7}x{8} first={9}", w->height, w->width,
                         w->channels, w->kernelHeight, w->kernelWidth, w->strideY, w->strideX, w->paddingY, w->paddingX,
                         w->channelsFirst);
  if (spec.neuron)
    key += " " + describe(spec.neuron);
  if (!spec.isReal())
    key += llvm::formatv(" bits={0}{1} family={2}", spec.bits, spec.wide ? " wide" : "", static_cast<int>(spec.family));
  if (spec.mostEvents > 0)
    key += llvm::formatv(" events={0}", spec.mostEvents);
  if (spec.cuts)
    key += " cuts";
  else if (spec.form)
    key += " " + describe(*spec.form);
  constexpr StringLiteral reductions[] = {"", " sum", " mean", " pattern"};
  return key + reductions[static_cast<int>(spec.reduce)].str();
}

/// By which kernel a layer's inputs are summed, what the cost model estimated from what, and what was measured.
void remarkSums(Operation *op, const AccumulateSpec &spec, const CostModel::Sums &chosen, double density) {
  std::string windows = spec.window ? llvm::formatv(" in windows of {0} channels", spec.window->channels).str() : "";
  std::string which = stringifyEnum(spec.family).str();
  if (spec.mostEvents > 0)
    which = llvm::formatv("events where at most {0:P1} are not zero, else {1},", spec.mostEvents / 1000.0, which);
  std::string measured;
  for (auto [by, seconds] : chosen.measured ? *chosen.measured : KernelTimes::OfLayer())
    measured += llvm::formatv("{0} {1:F1} us by {2}", measured.empty() ? "; an image took" : ",", seconds * 1e6,
                              stringifyEnum(by));
  remark::analysis(op->getLoc(), remark::RemarkOpts::name("SumsKernel").category("convert-spike-to-vector"))
      << remark::add("{0} for {1}: {2} rows of {3} {4}{5}, {6:P1} not zero, into {7} channels by weights of {8} bits; "
                     "a row takes {9:F1} ns by events, {10:F1} ns by products{11}",
                     which, nameOf(spec.isa), spec.rows * spec.timesIn, spec.inputs,
                     spec.input == Input::Spikes ? "spikes" : "counts", windows, density, spec.channels, spec.bits,
                     chosen.events, chosen.products, measured);
}
} // namespace

Value PlanBuilder::membraneBuffer(spike::FireOp fire, Type element, int64_t elements) {
  OpBuilder::InsertionGuard guard(plan);
  plan.setInsertionPoint(actLoop);
  Value membrane = newBuffer((nameOf(fire) + ".membrane").str(), element, elements, /*zero=*/!actIsFresh);
  // In integers potentials are measured from v_reset.
  if (double rest = fire.getNeuron().getVReset(); rest != 0.0 && element.isF32() && !actIsFresh)
    launchFill(membrane, rest, fire);
  return membrane;
}

Value PlanBuilder::table(spike::TableKind kind, spike::QuantAttr quant) {
  return spike::TableOp::create(plan, plan.getUnknownLoc(), spike::TableOp::getMemoryType(kind, quant), kind, quant);
}

LogicalResult PlanBuilder::buildAccumulate(spike::AccumulateOp sums, const Consumer &consumer) {
  spike::FireOp fire = consumer.fire;
  spike::QuantAttr quant = sums.getQuantAttr();
  if (failed(checkRows(sums, fire)))
    return failure();
  Value input = sums.getAllRows();
  int64_t tail = sums.getImageAxes();
  SmallVector<int64_t> outTail(tailOf(sums.getWindow() ? sums.getOutput() : input, tail));
  outTail.back() = typeOf(sums.getOutput()).getShape().back();
  bool isObserved = consumer.neuron && consumer.reduce == Reduce::None;
  std::string layer = isObserved ? observedName(consumer.op) : nameOf(consumer.op).str();
  AccumulateSpec spec{};
  spec.input = inputKind(input);
  spec.isa = isa;
  spec.rows = product(ArrayRef(outTail).drop_back());
  spec.channels = outTail.back();
  spec.inputs = product(sums.getWeight().getType().getShape().drop_front());
  spec.timesIn = timesOf(input, tail);
  bool isAhead = fire && inAct && input == actSteady;
  spec.timesOut = isAhead ? actTimesteps : consumer.neuron ? consumer.timesteps : spec.timesIn;
  spec.reduce = consumer.reduce;
  if (sums.getWindow())
    spec.window = windowOf(sums);
  spec.stateful = fire && inAct && !isAhead;
  spec.masked = fire && fire.getActive() && !isAhead;
  spec.silences = spec.masked && areHaltedRowsRead(fire.getOutput(), fire.getActive());
  spec.fresh = spec.stateful && actIsFresh;
  spec.lastTimestep = actTimesteps - 1;
  if (!quant) {
    spec.neuron = consumer.neuron;
  } else {
    spec.bits = quant.getBits();
    spec.wide = quant.getStateBits() > 32;
    if (consumer.neuron)
      spec.form = NeuronForm::of(quant);
    spec.cuts = spec.form && !spec.form->soft && !spec.stateful && spec.timesIn == 1 && spec.timesOut <= mostCuts;
    double share = density.ofInputs(sums);
    CostModel::Sums chosen = costs.sums(spec, layer, share);
    spec.family = chosen.family;
    spec.mostEvents = chosen.mostEvents;
    if (chosen.products > 0)
      remarkSums(consumer.op, spec, chosen, share);
  }
  // Events are offsets into the weights, in 32 bits.
  if (spec.inputs > std::numeric_limits<int32_t>::max() / spec.paddedChannels() - 1)
    return sums.emitOpError("requires fewer than 2^31 weights, found ") << sums.getWeight().getType();

  OpBuilder::InsertionGuard guard(plan);
  if (isAhead)
    plan.setInsertionPoint(actLoop);
  Values memory{buffer(input)};
  Type state = plan.getF32Type();
  if (!quant) {
    memory.push_back(constant(spike::ConstantKind::Rows, spec.inputs, spec.channels, sums.getWeight(), {}));
    memory.push_back(constant(spike::ConstantKind::Scale, 1, spec.channels, {}, consumer.norm));
    memory.push_back(constant(spike::ConstantKind::Shift, 1, spec.channels, {}, consumer.norm));
  } else {
    state = quant.getSumType();
    std::optional<spike::TableKind> last;
    for (spike::TableKind kind : tablesOf(spec)) {
      memory.push_back(kind == last ? memory.back() : table(kind, quant));
      last = kind;
    }
  }
  if (spec.stateful)
    memory.push_back(membraneBuffer(fire, state, spec.rows * spec.paddedChannels()));
  if (spec.masked)
    memory.push_back(buffer(fire.getActive()));
  if (isAhead)
    memory.push_back(newBuffer((nameOf(fire) + ".ahead").str(), plan.getI8Type(), spec.timesOut * product(outTail)));
  else
    memory.push_back(consumer.output ? consumer.output : bufferFor(consumer.op->getResult(0), nameOf(consumer.op)));

  StringRef family = spec.reduce != Reduce::None ? "staircase"
                     : spec.hasNeurons()         ? "fire"
                     : quant                     ? "readout"
                                                 : "affine";
  FlatSymbolRefAttr symbol = sumsKernel(family, spec, memory);
  auto op = launch(symbol, memory, spec.rows, consumer.op);
  op.setLayer(layer);
  if (quant)
    op.setSums(spec.sumsBy());
  if (isAhead) {
    plan.setInsertionPointToEnd(&actLoop.getBody().front());
    op = launchSelect(memory.back(), memory.front(), fire, spec.rows, spec.channels);
    op.setLayer(layer);
    spec.timesOut = 1;
  }
  count(op, sums, consumer.op, fire ? fire.getActive() : Value());
  if (!isObserved)
    return success();
  SmallVector<int64_t> axes{spec.timesOut};
  if (sums.getWindow())
    llvm::append_range(axes, outTail);
  else
    axes.append({spec.rows, spec.channels});
  observe(op, layer, axes);
  return success();
}

/// The kernel of a spec; of one that leaves its family open, that which calls one of two.
FlatSymbolRefAttr PlanBuilder::sumsKernel(StringRef family, const AccumulateSpec &spec, ValueRange memory) {
  auto only = [&](const AccumulateSpec &spec, StringRef note) {
    return kernel(
        family, keyOf(spec) + note.str(), memory, accumulateScratch(spec),
        [&](KernelBuilder &b, const Kernel &k) { stas::buildAccumulate(b, k, spec); }, Images::Several);
  };
  if (spec.mostEvents == 0)
    return only(spec, "");
  AccumulateSpec events = spec.by(AccumulateSpec::Family::Events), products = spec.by(spec.family);
  auto function = [&](const AccumulateSpec &spec) {
    return module.lookupSymbol<func::FuncOp>(only(spec, " one of two")); // with both weights
  };
  func::FuncOp fewer = function(events), more = function(products);
  return kernel(
      family, keyOf(spec), memory, std::max(accumulateScratch(events), accumulateScratch(products)),
      [&](KernelBuilder &b, const Kernel &k) { buildChoice(b, k, spec, fewer, more); }, Images::Several);
}

/// What neurons that were computed ahead of the loop show at a timestep.
spike::LaunchOp PlanBuilder::launchSelect(Value ahead, Value input, spike::FireOp fire, int64_t rows,
                                          int64_t channels) {
  Values memory{ahead, input, buffer(fire.getActive()), bufferFor(fire.getOutput(), nameOf(fire))};
  bool silences = areHaltedRowsRead(fire.getOutput(), fire.getActive());
  std::string key = llvm::formatv("t={0} rows={1} n={2}{3}", actTimesteps, rows, channels, silences ? " silence" : "");
  auto symbol = kernel("select", key, memory, 0,
                       [&](KernelBuilder &b, const Kernel &k) { buildSelect(b, k, rows, channels, silences); });
  return launch(symbol, memory, rows, fire);
}

LogicalResult PlanBuilder::buildAttention(const Coincidences &counts, spike::FireOp fire) {
  if (fire.getNorm().getGamma() || fire.getNorm().getBias())
    return fire.emitOpError("requires attention without batch normalisation or bias");
  AttentionSpec spec{};
  spec.isa = isa;
  auto tail = tailOf(counts.query, 2);
  spec.tokens = tail[0];
  spec.width = tail[1];
  spec.heads = counts.heads;
  spec.timesIn = timesOf(counts.query, 2);
  spec.timesOut = timesOf(fire.getOutput(), 2);
  if (spike::QuantAttr quant = fire.getQuantAttr()) {
    // Of no weight: nothing is read.
    WeightReader nothing;
    auto layer = quantizeLayer(quant, nothing);
    if (!layer)
      return fire.emitOpError(llvm::toString(layer.takeError()));
    spec.form = layer->form;
    spec.bias = layer->biases[0];
    spec.threshold = layer->thresholds[0];
    spec.reset = layer->resets.empty() ? 0 : layer->resets[0];
  } else {
    spec.unit = fire.getNorm().getUnit();
    spec.neuron = fire.getNeuron();
  }
  spec.stateful = inAct;
  spec.masked = static_cast<bool>(fire.getActive());
  spec.silences = spec.masked && areHaltedRowsRead(fire.getOutput(), fire.getActive());
  spec.fresh = spec.stateful && actIsFresh;
  spec.lastTimestep = actTimesteps - 1;
  spec.association = costs.association(spec, counts.first);
  Values memory{buffer(counts.query), buffer(counts.key), buffer(counts.value)};
  if (spec.stateful)
    memory.push_back(membraneBuffer(fire, spec.form ? plan.getI32Type() : Type(plan.getF32Type()),
                                    spec.heads * spec.tokens * headWidth(spec)));
  if (spec.masked)
    memory.push_back(buffer(fire.getActive()));
  memory.push_back(bufferFor(fire.getOutput(), nameOf(fire)));
  std::string key =
      llvm::formatv("tokens={0} width={1} heads={2} t={3}->{4} association={5}{6}{7} ", spec.tokens, spec.width,
                    spec.heads, spec.timesIn, spec.timesOut, static_cast<int>(spec.association),
                    spec.stateful ? " state" : "", spec.masked ? " mask" : "");
  if (spec.silences)
    key += "silence ";
  if (spec.fresh)
    key += "fresh ";
  if (spec.stateful)
    key += llvm::formatv("last={0} ", spec.lastTimestep);
  key += spec.form ? llvm::formatv("{0} bias={1} threshold={2} reset={3}", describe(*spec.form), spec.bias,
                                   spec.threshold, spec.reset)
                         .str()
                   : "unit=" + describe(spec.unit) + " " + describe(spec.neuron);
  auto symbol = kernel("attention", key, memory, attentionScratch(spec),
                       [&](KernelBuilder &b, const Kernel &k) { stas::buildAttention(b, k, spec); });
  auto op = launch(symbol, memory, spec.heads, fire);
  count(op, counts.sums, fire, fire.getActive());
  observe(op, observedName(fire), {spec.timesOut, spec.tokens, spec.width});
  return success();
}

LogicalResult PlanBuilder::buildFire(spike::FireOp fire) {
  if (auto sums = activeRows(fire.getSums()).getDefiningOp<spike::AccumulateOp>()) {
    int64_t tail = sums.getImageAxes();
    return buildAccumulate(sums, {fire, fire.getNorm(), {}, fire.getNeuron(), timesOf(fire.getOutput(), tail), fire});
  }
  if (std::optional<Coincidences> counts = coincidencesOf(fire))
    return buildAttention(*counts, fire);
  return fire.emitOpError("requires sums of spike.accumulate or spike.coincide on the CPU, or the products of "
                          "stas-lower-assa, found another value");
}

/// Two ways to one result: kernels that keep spikes to themselves, and steps whose spikes can be seen. Which one a run
/// takes, it decides itself.
LogicalResult PlanBuilder::buildStaircase(spike::StaircaseOp op) {
  Value output = bufferFor(op.getOutput(), nameOf(op));
  if (op.getPool() && op.getTimesteps() > 8) {
    remark::missed(op.getLoc(), remark::RemarkOpts::name("SpikesInMemory").category("convert-spike-to-vector"))
        << remark::add("the spikes of {0} timesteps are fired, pooled and integrated one after the other",
                       op.getTimesteps())
        << remark::reason("a byte holds the spikes of at most 8 timesteps");
    return buildStaircaseInSteps(op, output);
  }
  when = spike::When::Unobserved;
  LogicalResult fused = buildFusedStaircase(op, output);
  when = spike::When::Observed;
  LogicalResult steps = succeeded(fused) ? buildStaircaseInSteps(op, output) : fused;
  when.reset();
  return steps;
}

/// Without a pool one kernel does all. With one, neurons leave their spikes as bits of a byte, and the pool unites and
/// counts them.
LogicalResult PlanBuilder::buildFusedStaircase(spike::StaircaseOp op, Value output) {
  auto sums = op.getSums().getDefiningOp<spike::AccumulateOp>();
  Reduce reduce = op.getKind() == ReduceKind::Mean ? Reduce::Mean : Reduce::Sum;
  Consumer neurons{op, op.getNorm(), output, op.getNeuron(), static_cast<int64_t>(op.getTimesteps()), {}, reduce};
  if (!op.getPool())
    return buildAccumulate(sums, neurons);
  auto in = tailOf(op.getSums(), 3);
  neurons.output = newBuffer((nameOf(op) + ".pattern").str(), plan.getI8Type(), product(in));
  neurons.reduce = Reduce::Pattern;
  if (failed(buildAccumulate(sums, neurons)))
    return failure();
  PoolSpec pool = poolSpec(lanes, 1, in, tailOf(op.getOutput(), 3), *op.getPool(), /*isReal=*/false);
  pool.reduce = reduce;
  pool.steps = op.getTimesteps();
  launchPool(neurons.output, output, pool, op);
  return success();
}

LogicalResult PlanBuilder::buildStaircaseInSteps(spike::StaircaseOp op, Value output) {
  auto sums = op.getSums().getDefiningOp<spike::AccumulateOp>();
  int64_t timesteps = op.getTimesteps();
  auto elements = [](Value memory) { return cast<MemRefType>(memory.getType()).getNumElements(); };
  int64_t count = elements(output), neurons = count;
  if (op.getPool())
    neurons = product(tailOf(op.getSums(), 3));
  Value spikes = newBuffer((nameOf(op) + ".spikes").str(), plan.getI8Type(), timesteps * neurons);
  if (failed(buildAccumulate(sums, {op, op.getNorm(), spikes, op.getNeuron(), timesteps, {}})))
    return failure();
  if (op.getPool()) {
    Value united = newBuffer((nameOf(op) + ".pooled").str(), plan.getI8Type(), timesteps * count);
    launchPool(spikes, united,
               poolSpec(lanes, timesteps, tailOf(op.getSums(), 3), tailOf(op.getOutput(), 3), *op.getPool(),
                        /*isReal=*/false),
               op);
    spikes = united;
  }
  launchIntegrate(spikes, output, {lanes, timesteps, count, op.getKind() == ReduceKind::Mean, /*real=*/false}, op);
  return success();
}
