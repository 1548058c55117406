//===- PlanBuilder.cpp - From tensors to buffers and launches -------------===//
#include "PlanBuilder.h"
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

/// Axes of a linear layer's rows behind the batch: [N, D] of tokens, [D] of the classifier. The batch is the dynamic
/// axis; without one, three axes are [1, N, D].
int64_t rowAxes(spike::AccumulateOp sums) {
  auto shape = typeOf(sums.getInput()).getShape();
  const int64_t *batch = llvm::find_if(shape, ShapedType::isDynamic);
  if (batch == shape.end())
    return shape.size() >= 3 ? 2 : 1;
  return shape.end() - batch - 1;
}

/// Whether a layer works on maps; else on tokens or rows.
bool isMapLayer(spike::FireOp fire) {
  auto sums = fire.getSums().getDefiningOp<spike::AccumulateOp>();
  return sums && sums.getWindow();
}

/// Whether the sums are computed where they are used: what a loop reads from outside is stored.
bool isFused(spike::AccumulateOp sums) {
  return llvm::all_of(sums->getUsers(), [&](Operation *user) { return user->getBlock() == sums->getBlock(); });
}
} // namespace

StringRef stas::nameOf(Operation *op) {
  StringRef name = layerName(op);
  return name.empty() ? op->getName().stripDialect() : name;
}

std::string stas::describe(double value) { return llvm::formatv("{0:x}", llvm::bit_cast<uint64_t>(value)); }

std::string stas::describe(LIFAttr neuron) {
  std::string text;
  llvm::raw_string_ostream os(text);
  Attribute(neuron).print(os);
  return text;
}

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
                                 DenseI64ArrayAttr());
}

void PlanBuilder::launchFill(Value target, double value, Operation *at) {
  int64_t elements = cast<MemRefType>(target.getType()).getNumElements();
  std::string key;
  llvm::raw_string_ostream(key) << elements << "x" << cast<MemRefType>(target.getType()).getElementType() << " "
                                << describe(value);
  auto symbol = kernel("fill", key, target, 0,
                       [&](KernelBuilder &b, const Kernel &k) { buildFill(b, k, elements, value); });
  launch(symbol, target, roundUp(elements, chunkElements) / chunkElements, at);
}

void PlanBuilder::observe(spike::LaunchOp launch, spike::FireOp fire, int64_t timesteps) {
  bool map = isMapLayer(fire);
  SmallVector<int64_t> axes{timesteps};
  llvm::append_range(axes, tailOf(fire.getOutput(), map ? 3 : 2));
  // Spikes are told apart, and stored in files, by their layer's name.
  std::string name = launch.getLayer().take_front(180).str();
  for (char &c : name)
    c = llvm::isAlnum(c) || c == '_' || c == '-' || c == '.' ? c : '_';
  if (name.empty() || name[0] == '.')
    name = "lif" + name;
  std::string base = name;
  for (int64_t copy = 1; !observed.insert(name).second; ++copy)
    name = llvm::formatv("{0}.{1}", base, copy).str();
  launch.setLayer(name);
  launch.setSpikes(launch.getNumOperands() - 1);
  launch.setLayout(map ? spike::Layout::Map : spike::Layout::Tokens);
  launch.setAxes(axes);
}

LogicalResult PlanBuilder::buildAccumulate(spike::AccumulateOp sums, Operation *consumer) {
  auto fire = dyn_cast<spike::FireOp>(consumer);
  // Sums that a loop reads from outside are stored; they are their own consumer, and then another's input.
  bool isPlain = consumer == sums, isStored = !isPlain && buffer(sums.getOutput());
  Value input = isStored ? sums.getOutput() : sums.getInput(), output = consumer->getResult(0);
  bool window = sums.getWindow().has_value();
  int64_t tail = window ? 3 : rowAxes(sums);
  AccumulateSpec spec{};
  spec.input = isStored                                      ? AccumulateSpec::Input::Sums
               : isReal(input)                               ? AccumulateSpec::Input::Real
               : typeOf(input).getElementType().isInteger(1) ? AccumulateSpec::Input::Spikes
                                                             : AccumulateSpec::Input::Counts;
  spec.lanes = lanes;
  spec.plain = isPlain;
  auto outTail = tailOf(sums.getOutput(), tail);
  spec.rows = product(outTail.drop_back());
  spec.channels = outTail.back();
  auto weight = sums.getWeight().getType().getShape();
  spec.inputs = product(weight.drop_front());
  // Events are offsets into the weights, in 32 bits.
  if (spec.inputs > std::numeric_limits<int32_t>::max() / roundUp(spec.channels, lanes))
    return sums.emitOpError("requires fewer than 2^31 weights, found ") << sums.getWeight().getType();
  spec.timesIn = timesOf(input, tail);
  spec.timesOut = fire ? timesOf(output, tail) : spec.timesIn;
  if (auto attr = sums.getWindow(); attr && !isStored) {
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
  spec.neuron = fire ? fire.getNeuron() : LIFAttr();
  spec.masked = fire && fire.getActive();

  int64_t padded = roundUp(spec.channels, lanes);
  Values memory{buffer(input)};
  if (!isStored)
    memory.push_back(constant(spike::ConstantKind::Rows, spec.inputs, spec.channels, sums.getWeight(), {}));
  if (!isPlain) {
    auto norm = fire ? fire.getNorm() : cast<spike::AffineOp>(consumer).getNorm();
    memory.push_back(constant(spike::ConstantKind::Scale, 1, spec.channels, {}, norm));
    memory.push_back(constant(spike::ConstantKind::Shift, 1, spec.channels, {}, norm));
  }
  FailureOr<Value> state = fire ? membrane(fire, spec.rows * padded) : Value();
  if (failed(state))
    return failure();
  spec.stateful = static_cast<bool>(*state);
  if (spec.stateful)
    memory.push_back(*state);
  if (spec.masked)
    memory.push_back(buffer(fire.getActive()));
  memory.push_back(bufferFor(output, nameOf(consumer)));

  if (isStored)
    spec.inputs = 0;
  std::string key = llvm::formatv("input={0} rows={1} k={2} n={3} t={4}->{5}{6}{7}", static_cast<int>(spec.input),
                                  spec.rows, spec.inputs, spec.channels, spec.timesIn, spec.timesOut,
                                  spec.stateful ? " state" : "", spec.masked ? " mask" : "");
  if (const auto &w = spec.window)
    key += llvm::formatv(" map={0}x{1}x{2} kernel={3}x{4} stride={5}x{6} pad={7}x{8} first={9}", w->height, w->width,
                         w->channels, w->kernelHeight, w->kernelWidth, w->strideY, w->strideX, w->paddingY, w->paddingX,
                         w->channelsFirst);
  if (spec.neuron)
    key += " " + describe(spec.neuron);
  auto symbol = kernel(isPlain ? "sums" : spec.neuron ? "fire" : "affine", key, memory, accumulateScratch(spec),
                       [&](KernelBuilder &b, const Kernel &k) { stas::buildAccumulate(b, k, spec); });
  auto op = launch(symbol, memory, spec.rows, consumer);
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
  spec.masked = static_cast<bool>(fire.getActive());
  FailureOr<Value> state = membrane(fire, spec.heads * spec.tokens * headWidth(spec));
  if (failed(state))
    return failure();
  spec.stateful = static_cast<bool>(*state);
  if (fire.getNorm().getGamma() || fire.getNorm().getBias())
    return fire.emitOpError("requires attention without batch normalisation or bias");
  Values memory{buffer(counts.getQuery()), buffer(counts.getKey()), buffer(counts.getValue())};
  if (spec.stateful)
    memory.push_back(*state);
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
  if (auto sums = fire.getSums().getDefiningOp<spike::AccumulateOp>())
    return buildAccumulate(sums, fire);
  if (auto counts = fire.getSums().getDefiningOp<spike::CoincideOp>())
    return buildAttention(counts, fire);
  return fire.emitOpError("requires sums of spike.accumulate or spike.coincide on the CPU, found another value");
}

void PlanBuilder::buildPool(spike::MaxPoolOp op) {
  auto in = tailOf(op.getInput(), 3), out = tailOf(op.getOutput(), 3);
  auto window = op.getWindow();
  PoolSpec spec{lanes,
                timesOf(op.getInput(), 3),
                in[0],
                in[1],
                in[2],
                out[0],
                out[1],
                {window.getKernel()[0], window.getKernel()[1]},
                {window.getStrides()[0], window.getStrides()[1]},
                {window.getPadding()[0], window.getPadding()[1]},
                isReal(op.getInput())};
  Values memory{buffer(op.getInput()), bufferFor(op.getOutput(), nameOf(op))};
  std::string key = llvm::formatv("t={0} map={1}x{2}x{3} kernel={4}x{5} stride={6}x{7} pad={8}x{9} real={10}",
                                  spec.times, spec.height, spec.width, spec.channels, spec.kernel[0], spec.kernel[1],
                                  spec.strides[0], spec.strides[1], spec.padding[0], spec.padding[1], spec.real);
  auto symbol =
      kernel("max_pool", key, memory, 0, [&](KernelBuilder &b, const Kernel &k) { buildMaxPool(b, k, spec); });
  launch(symbol, memory, out[0] * out[1], op);
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
  Values memory{buffer(op.getInput()), bufferFor(op.getOutput(), nameOf(op))};
  IntegrateSpec spec{lanes, times, cast<MemRefType>(memory[1].getType()).getNumElements(), !sum, isReal(op.getInput())};
  std::string key =
      llvm::formatv("t={0} elements={1} mean={2} real={3}", spec.times, spec.elements, spec.mean, spec.real);
  auto symbol =
      kernel("integrate", key, memory, 0, [&](KernelBuilder &b, const Kernel &k) { stas::buildIntegrate(b, k, spec); });
  launch(symbol, memory, roundUp(spec.elements, chunkElements) / chunkElements, op);
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
      .Case([&](spike::AccumulateOp sums) { return check(sums.getInput(), sums.getWindow() ? 3 : rowAxes(sums)); })
      .Case([&](spike::FireOp fire) -> LogicalResult {
        auto sums = fire.getSums().getDefiningOp<spike::AccumulateOp>();
        return !sums ? success() : check(fire.getOutput(), sums.getWindow() ? 3 : rowAxes(sums));
      })
      .Case([&](spike::CoincideOp counts) { return check(counts.getQuery(), 2); })
      .Case([&](spike::MaxPoolOp pool) { return check(pool.getInput(), 3); })
      .Case([&](spike::FlattenOp flatten) { return check(flatten.getInput(), 3); })
      .Case([&](spike::MeanTokensOp mean) { return check(mean.getInput(), 2); })
      .Case([&](TimeLoopOp loop) -> LogicalResult {
        for (Value init : loop.getInits())
          if (failed(check(init, typeOf(init).getRank() - 1)))
            return failure();
        return success();
      })
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
      .Case<spike::AccumulateOp, spike::CoincideOp>([&](Operation *op) -> LogicalResult {
        if (!llvm::all_of(op->getUsers(), [](Operation *user) { return isa<spike::FireOp, spike::AffineOp>(user); }))
          return op->emitOpError("requires spike.fire or spike.affine as its users on the CPU, found another");
        // Emitted with the neurons that they drive, lest a loop sums the same at every timestep.
        auto sums = dyn_cast<spike::AccumulateOp>(op);
        return !sums || isFused(sums) ? success() : buildAccumulate(sums, sums);
      })
      .Case([&](spike::FireOp fire) { return buildFire(fire); })
      .Case([&](spike::AffineOp affine) -> LogicalResult {
        if (auto sums = affine.getSums().getDefiningOp<spike::AccumulateOp>())
          return buildAccumulate(sums, affine);
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
      .Case([&](TimeLoopOp loop) { return buildTimeLoop(loop); })
      .Case([&](HaltOp halt) { return buildHalt(halt); })
      .Case([&](GateOp gate) { return buildGate(gate); })
      .Case([&](arith::DivFOp divide) { return buildDivide(divide); })
      .Case([&](ActOp act) { return act.emitOpError("has no plan: run stas-lower-act first"); })
      // A splat is made where it is used.
      .Case<SplatOp, YieldOp, func::ReturnOp>([](Operation *) { return success(); })
      .Default([](Operation *op) { return op->emitOpError("has no CPU kernel: run convert-stas-to-spike first"); });
}

LogicalResult PlanBuilder::build(Block &block) {
  for (Operation &op : block)
    if (failed(build(&op)))
      return failure();
  return success();
}
