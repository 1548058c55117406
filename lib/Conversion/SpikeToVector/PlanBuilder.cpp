//===- PlanBuilder.cpp - From tensors to buffers and launches -------------===//
#include "PlanBuilder.h"
#include "mlir/IR/Remarks.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/TypeSwitch.h"
#include "llvm/ADT/bit.h"
#include "llvm/Support/FormatVariadic.h"

using namespace mlir;
using namespace stas;

namespace {
RankedTensorType typeOf(Value value) { return cast<RankedTensorType>(value.getType()); }
bool isReal(Value value) { return typeOf(value).getElementType().isF32(); }
int64_t product(ArrayRef<int64_t> extents) {
  int64_t elements = 1;
  for (int64_t extent : extents)
    elements *= extent;
  return elements;
}

/// Values are [T, B, ..] or [B, ..]. The batch axis is the dynamic one; a static batch of one stands for it too.
bool isTimed(Value value, int64_t tail) { return typeOf(value).getRank() == tail + 2; }
int64_t timesOf(Value value, int64_t tail) { return isTimed(value, tail) ? typeOf(value).getDimSize(0) : 1; }
ArrayRef<int64_t> tailOf(Value value, int64_t tail) { return typeOf(value).getShape().take_back(tail); }

/// The checkpoint's name of a layer; of an op that has none, the op's.
StringRef nameOf(Operation *op) {
  StringRef name = layerName(op);
  return name.empty() ? op->getName().stripDialect() : name;
}

/// Whether a layer works on maps; else on tokens or rows.
bool isMapLayer(spike::FireOp fire) {
  auto sums = fire.getSums().getDefiningOp<spike::AccumulateOp>();
  return sums && sums.getWindow();
}
/// A number in full: kernels whose constants differ anywhere are different kernels.
std::string describe(double value) { return llvm::formatv("{0:x}", llvm::bit_cast<uint64_t>(value)); }
std::string describe(LIFAttr neuron) {
  std::string text;
  llvm::raw_string_ostream os(text);
  Attribute(neuron).print(os);
  return text;
}
} // namespace

Value PlanBuilder::newBuffer(StringRef name, Type element, int64_t elements, bool zero) {
  return spike::BufferOp::create(plan, plan.getUnknownLoc(), MemRefType::get({elements}, element), name, zero,
                                 IntegerAttr());
}

Value PlanBuilder::bufferFor(Value tensor, StringRef name) {
  RankedTensorType type = typeOf(tensor);
  int64_t elements = 1;
  for (int64_t extent : type.getShape())
    elements *= ShapedType::isDynamic(extent) ? 1 : extent;
  Type element = type.getElementType().isInteger(1) ? Type(plan.getI8Type()) : type.getElementType();
  return buffers[tensor] = newBuffer(name, element, elements);
}

Value PlanBuilder::constant(spike::ConstantKind kind, int64_t rows, int64_t channels, WeightAttr weight,
                            spike::NormAttr norm) {
  auto pack = spike::PackAttr::get(plan.getContext(), kind, channels, lanes, weight, norm);
  auto type = MemRefType::get({rows * roundUp(channels, lanes)}, plan.getF32Type());
  return spike::ConstantOp::create(plan, plan.getUnknownLoc(), type, pack);
}

FlatSymbolRefAttr PlanBuilder::kernel(StringRef family, const std::string &key, ValueRange memory, int64_t scratch,
                                      function_ref<void(KernelBuilder &, const Kernel &)> body) {
  FlatSymbolRefAttr &symbol = known[family.str() + " " + key];
  if (symbol)
    return symbol;
  std::string name;
  do
    name = llvm::formatv("{0}_{1}", family, familySize[family]++).str();
  while (module.lookupSymbol(name));
  symbol = FlatSymbolRefAttr::get(plan.getContext(), name);
  kernels.setLoc(NameLoc::get(plan.getStringAttr(family.str() + " " + key)));
  SmallVector<Type> types(memory.getTypes());
  Kernel start = startKernel(kernels, module, name, types, scratch);
  body(kernels, start);
  finishKernel(kernels);
  return symbol;
}

spike::LaunchOp PlanBuilder::launch(FlatSymbolRefAttr kernel, ValueRange memory, int64_t extent, Operation *at) {
  return spike::LaunchOp::create(plan, at->getLoc(), kernel, memory, plan.getI64IntegerAttr(extent),
                                 plan.getStringAttr(nameOf(at)), IntegerAttr(), spike::LayoutAttr(),
                                 DenseI64ArrayAttr(), spike::WorkAttr());
}

void PlanBuilder::launchFill(Value target, double value, Operation *at) {
  int64_t elements = cast<MemRefType>(target.getType()).getNumElements();
  bool real = cast<MemRefType>(target.getType()).getElementType().isF32();
  auto symbol = kernel("fill", llvm::formatv("{0}x{1} {2}", elements, real ? "f32" : "u8", describe(value)), target, 0,
                       [&](KernelBuilder &b, const Kernel &k) { buildFill(b, k, elements, value); });
  launch(symbol, target, roundUp(elements, chunkElements) / chunkElements, at);
}

std::string stas::uniqueName(StringRef layer, StringRef prefix, llvm::StringSet<> &taken) {
  std::string name = layer.take_front(180).str();
  for (char &c : name)
    c = llvm::isAlnum(c) || c == '_' || c == '-' || c == '.' ? c : '_';
  if (name.empty() || name[0] == '.')
    name = (prefix + name).str();
  std::string base = name;
  for (int64_t copy = 1; !taken.insert(name).second; ++copy)
    name = llvm::formatv("{0}.{1}", base, copy).str();
  return name;
}

void PlanBuilder::count(spike::LaunchOp launch, spike::SynapticOpInterface sums, Operation *consumer, Value active) {
  auto inputs = llvm::map_to_vector(sums.getSynapticInputs(), [&](Value input) { return buffer(input); });
  auto operandOf = [&](Value memory) -> int64_t {
    return std::distance(launch.operand_begin(), llvm::find(launch.getOperands(), memory));
  };
  auto neurons = dyn_cast<spike::NeuronOpInterface>(consumer);
  spike::Levels input = levels.of(sums.getSynapticInputs().front());
  spike::WorkAttr work = sums.getWork();
  launch.setWorkAttr(
      spike::WorkAttr::get(plan.getContext(), work.getKind(), uniqueName(work.getLayer(), "layer", counted),
                           work.getRows(), work.getFanIn(), work.getChannels(), work.getHeads(), work.getMap(),
                           work.getWindow(), input.parts, input.max, neurons ? neurons.getNeuronSteps() : 0,
                           llvm::map_to_vector(inputs, operandOf), active ? operandOf(buffer(active)) : -1, actBlock));
}

void PlanBuilder::observe(spike::LaunchOp launch, spike::FireOp fire, int64_t timesteps) {
  bool map = isMapLayer(fire);
  SmallVector<int64_t> axes{timesteps};
  llvm::append_range(axes, tailOf(fire.getOutput(), map ? 3 : 2));
  launch.setLayer(uniqueName(launch.getLayer(), "lif", observed));
  launch.setSpikes(launch.getNumOperands() - 1);
  launch.setLayout(map ? spike::Layout::Map : spike::Layout::Tokens);
  launch.setAxes(axes);
}

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
  int64_t tail = sums.getImageAxes();
  AccumulateSpec spec{};
  spec.input = isReal(input)                                 ? AccumulateSpec::Input::Real
               : typeOf(input).getElementType().isInteger(1) ? AccumulateSpec::Input::Spikes
                                                             : AccumulateSpec::Input::Counts;
  spec.lanes = lanes;
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
  count(op, sums, consumer.op, fire ? fire.getActive() : Value());
  if (fire)
    observe(op, fire, spec.timesOut);
  return success();
}

LogicalResult PlanBuilder::buildAttention(spike::CoincideOp counts, spike::FireOp fire) {
  AttentionSpec spec{};
  spec.lanes = lanes;
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
  auto op = launch(symbol, memory, spec.heads, fire);
  count(op, counts, fire, fire.getActive());
  observe(op, fire, spec.timesOut);
  return success();
}

LogicalResult PlanBuilder::buildFire(spike::FireOp fire) {
  if (auto sums = fire.getSums().getDefiningOp<spike::AccumulateOp>()) {
    int64_t tail = sums.getImageAxes();
    return buildAccumulate(sums, {fire, fire.getNorm(), {}, fire.getNeuron(), timesOf(fire.getOutput(), tail), fire});
  }
  if (auto counts = fire.getSums().getDefiningOp<spike::CoincideOp>())
    return buildAttention(counts, fire);
  return fire.emitOpError("requires sums of spike.accumulate or spike.coincide on the CPU, found another value");
}

namespace {
PoolSpec poolSpec(int64_t lanes, int64_t times, ArrayRef<int64_t> in, ArrayRef<int64_t> out, spike::WindowAttr window,
                  bool isReal) {
  return {lanes,
          times,
          in[0],
          in[1],
          in[2],
          out[0],
          out[1],
          {window.getKernel()[0], window.getKernel()[1]},
          {window.getStrides()[0], window.getStrides()[1]},
          {window.getPadding()[0], window.getPadding()[1]},
          isReal};
}
} // namespace

void PlanBuilder::launchPool(Value input, Value output, const PoolSpec &spec, Operation *at) {
  Values memory{input, output};
  std::string key = llvm::formatv("t={0} map={1}x{2}x{3} kernel={4}x{5} stride={6}x{7} pad={8}x{9} real={10}",
                                  spec.times, spec.height, spec.width, spec.channels, spec.kernel[0], spec.kernel[1],
                                  spec.strides[0], spec.strides[1], spec.padding[0], spec.padding[1], spec.real);
  bool isPattern = spec.reduce != AccumulateSpec::Reduce::None;
  if (isPattern)
    key += llvm::formatv(" steps={0} mean={1}", spec.steps, spec.reduce == AccumulateSpec::Reduce::Mean);
  auto symbol = kernel(isPattern ? "pool_patterns" : "max_pool", key, memory, 0,
                       [&](KernelBuilder &b, const Kernel &k) { buildMaxPool(b, k, spec); });
  launch(symbol, memory, spec.outputHeight * spec.outputWidth, at);
}

void PlanBuilder::buildPool(spike::MaxPoolOp op) {
  launchPool(buffer(op.getInput()), bufferFor(op.getOutput(), nameOf(op)),
             poolSpec(lanes, timesOf(op.getInput(), 3), tailOf(op.getInput(), 3), tailOf(op.getOutput(), 3),
                      op.getWindow(), isReal(op.getInput())),
             op);
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

void PlanBuilder::buildAdd(spike::AddOp op) {
  // An operand with fewer axes than the result lacks T.
  int64_t rank = typeOf(op.getOutput()).getRank();
  auto lacksTime = [&](Value value) { return typeOf(value).getRank() < rank; };
  int64_t total = 1;
  for (int64_t extent : typeOf(op.getOutput()).getShape())
    total *= ShapedType::isDynamic(extent) ? 1 : extent;
  bool broadcast = lacksTime(op.getLhs()) || lacksTime(op.getRhs());
  int64_t times = broadcast ? typeOf(op.getOutput()).getDimSize(0) : 1;
  AddSpec spec{lanes,
               times,
               total / times,
               !lacksTime(op.getLhs()),
               !lacksTime(op.getRhs()),
               isReal(op.getLhs()),
               isReal(op.getRhs())};
  Values memory{buffer(op.getLhs()), buffer(op.getRhs()), bufferFor(op.getOutput(), nameOf(op))};
  std::string key = llvm::formatv("t={0} elements={1} timed={2}{3} real={4}{5}", spec.times, spec.elements,
                                  spec.lhsTimed, spec.rhsTimed, spec.lhsReal, spec.rhsReal);
  auto symbol = kernel("add", key, memory, 0, [&](KernelBuilder &b, const Kernel &k) { stas::buildAdd(b, k, spec); });
  launch(symbol, memory, roundUp(spec.elements, chunkElements) / chunkElements, op);
}

void PlanBuilder::buildIntegrate(spike::IntegrateOp op) {
  int64_t times = typeOf(op.getInput()).getDimSize(0);
  bool sum = op.getKind() == ReduceKind::Sum;
  if (times == 1 && (sum || isReal(op.getInput()))) {
    buffers[op.getOutput()] = buffer(op.getInput());
    return;
  }
  Value output = bufferFor(op.getOutput(), nameOf(op));
  int64_t elements = cast<MemRefType>(output.getType()).getNumElements();
  launchIntegrate(buffer(op.getInput()), output, {lanes, times, elements, !sum, isReal(op.getInput())}, op);
}

void PlanBuilder::launchIntegrate(Value input, Value output, const IntegrateSpec &spec, Operation *at) {
  Values memory{input, output};
  std::string key =
      llvm::formatv("t={0} elements={1} mean={2} real={3}", spec.times, spec.elements, spec.mean, spec.real);
  auto symbol =
      kernel("integrate", key, memory, 0, [&](KernelBuilder &b, const Kernel &k) { stas::buildIntegrate(b, k, spec); });
  launch(symbol, memory, roundUp(spec.elements, chunkElements) / chunkElements, at);
}

void PlanBuilder::buildMeanTokens(spike::MeanTokensOp op) {
  auto tail = tailOf(op.getInput(), 2);
  MeanTokensSpec spec{lanes, timesOf(op.getInput(), 2), tail[0], tail[1], isReal(op.getInput())};
  Values memory{buffer(op.getInput()), bufferFor(op.getOutput(), nameOf(op))};
  std::string key =
      llvm::formatv("t={0} tokens={1} width={2} real={3}", spec.times, spec.tokens, spec.width, spec.real);
  auto symbol = kernel("mean_tokens", key, memory, 0,
                       [&](KernelBuilder &b, const Kernel &k) { stas::buildMeanTokens(b, k, spec); });
  launch(symbol, memory, roundUp(spec.width, chunkElements) / chunkElements, op);
}

LogicalResult PlanBuilder::requireImages(Operation *op) {
  auto isImage = [&](Value value, int64_t tail) {
    auto type = dyn_cast<RankedTensorType>(value.getType());
    if (!type || type.getRank() < tail + 1 || type.getRank() > tail + 2)
      return false;
    auto isStatic = [](int64_t extent) { return extent >= 1; };
    auto shape = type.getShape();
    int64_t batch = shape[type.getRank() - tail - 1];
    return llvm::all_of(shape.take_back(tail), isStatic) && (ShapedType::isDynamic(batch) || batch == 1) &&
           (type.getRank() == tail + 1 || isStatic(shape[0]));
  };
  auto check = [&](ValueRange values, int64_t tail) -> LogicalResult {
    for (Value value : values)
      if (!isImage(value, tail))
        return op->emitOpError("requires [B, ..] or [T, B, ..] with ")
               << tail << " axes behind a dynamic batch (or of one), static but for the batch, found "
               << value.getType();
    return success();
  };
  return TypeSwitch<Operation *, LogicalResult>(op)
      .Case([&](spike::AccumulateOp sums) { return check(sums.getInput(), sums.getImageAxes()); })
      .Case([&](spike::FireOp fire) -> LogicalResult {
        auto sums = fire.getSums().getDefiningOp<spike::AccumulateOp>();
        return !sums ? success() : check(fire.getOutput(), sums.getImageAxes());
      })
      .Case([&](spike::StaircaseOp steps) -> LogicalResult {
        auto sums = steps.getSums().getDefiningOp<spike::AccumulateOp>();
        if (!sums || (!sums.getWindow() && steps.getPool()) || isTimed(steps.getSums(), sums.getImageAxes()))
          return steps.emitOpError(
              "requires sums of spike.accumulate without a T axis on the CPU, of a map where there "
              "is a pool, found another value");
        return success();
      })
      .Case([&](spike::CoincideOp counts) { return check(counts.getQuery(), 2); })
      .Case([&](spike::MaxPoolOp pool) { return check(pool.getInput(), 3); })
      .Case([&](spike::FlattenOp flatten) { return check(flatten.getInput(), 3); })
      .Case([&](spike::MeanTokensOp mean) { return check(mean.getInput(), 2); })
      .Case([&](spike::IntegrateOp integrate) {
        auto type = cast<RankedTensorType>(integrate.getInput().getType());
        return check(integrate.getInput(), type.getRank() - 2);
      })
      .Default([](Operation *) { return success(); });
}

LogicalResult PlanBuilder::build(Operation *op) {
  if (failed(requireImages(op)))
    return failure();
  return TypeSwitch<Operation *, LogicalResult>(op)
      .Case<spike::AccumulateOp, spike::CoincideOp>([](Operation *sums) -> LogicalResult {
        // Emitted with the neurons that they drive.
        if (llvm::all_of(sums->getUsers(), llvm::IsaPred<spike::FireOp, spike::StaircaseOp, spike::AffineOp>))
          return success();
        return sums->emitOpError(
            "requires spike.fire, spike.staircase or spike.affine as its users on the CPU, found another");
      })
      .Case([&](spike::FireOp fire) { return buildFire(fire); })
      .Case([&](spike::StaircaseOp steps) { return buildStaircase(steps); })
      .Case([&](spike::AffineOp affine) -> LogicalResult {
        if (auto sums = affine.getSums().getDefiningOp<spike::AccumulateOp>())
          return buildAccumulate(sums, {affine, affine.getNorm(), {}, {}, 0, {}});
        return affine.emitOpError("requires sums of spike.accumulate on the CPU, found another value");
      })
      .Case([&](spike::MaxPoolOp pool) { return buildPool(pool), success(); })
      .Case([&](spike::AddOp add) { return buildAdd(add), success(); })
      .Case([&](spike::IntegrateOp integrate) { return buildIntegrate(integrate), success(); })
      .Case([&](spike::MeanTokensOp mean) { return buildMeanTokens(mean), success(); })
      .Case([&](spike::FlattenOp flatten) {
        buffers[flatten.getOutput()] = buffer(flatten.getInput());
        return success();
      })
      .Case([&](ActOp act) { return buildAct(act); })
      .Case<YieldOp, func::ReturnOp>([](Operation *) { return success(); })
      .Default([](Operation *op) { return op->emitOpError("has no CPU kernel: run convert-stas-to-spike first"); });
}

LogicalResult PlanBuilder::build(Block &block) {
  for (Operation &op : block)
    if (failed(build(&op)))
      return failure();
  return success();
}
