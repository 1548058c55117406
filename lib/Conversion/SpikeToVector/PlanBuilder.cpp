//===- PlanBuilder.cpp - From tensors to buffers and launches -------------===//
#include "PlanBuilder.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/TypeSwitch.h"
#include "llvm/Support/FormatVariadic.h"

using namespace mlir;
using namespace stas;

Value PlanBuilder::newBuffer(StringRef name, Type element, int64_t elements, bool zero) {
  return spike::BufferOp::create(plan, plan.getUnknownLoc(), MemRefType::get({elements}, element), name, zero,
                                 IntegerAttr());
}

Value PlanBuilder::bufferFor(Value tensor, StringRef name) {
  Type element = typeOf(tensor).getElementType();
  if (element.isInteger(1))
    element = plan.getI8Type();
  return buffers[tensor] = newBuffer(name, element, elementsOf(tensor));
}

Value PlanBuilder::constant(spike::ConstantKind kind, int64_t rows, int64_t channels, WeightAttr weight,
                            spike::NormAttr norm) {
  auto pack = spike::PackAttr::get(plan.getContext(), kind, channels, realMultiple, weight, norm);
  auto type = MemRefType::get({rows * roundUp(channels, realMultiple)}, plan.getF32Type());
  return spike::ConstantOp::create(plan, plan.getUnknownLoc(), type, pack);
}

FlatSymbolRefAttr PlanBuilder::kernel(StringRef family, const std::string &key, ValueRange memory, int64_t scratch,
                                      function_ref<void(KernelBuilder &, const Kernel &)> body, Images images) {
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
  Kernel start = startKernel(kernels, module, name, types, scratch, images);
  body(kernels, start);
  finishKernel(kernels);
  return symbol;
}

spike::LaunchOp PlanBuilder::launch(FlatSymbolRefAttr kernel, ValueRange memory, int64_t extent, Operation *at) {
  return spike::LaunchOp::create(
      plan, at->getLoc(), kernel, memory, plan.getI64IntegerAttr(extent), plan.getStringAttr(nameOf(at)), IntegerAttr(),
      spike::LayoutAttr(), DenseI64ArrayAttr(), spike::WorkAttr(),
      when ? spike::WhenAttr::get(plan.getContext(), *when) : spike::WhenAttr(), spike::SumsByAttr());
}

void PlanBuilder::launchChunks(StringRef family, const std::string &key, ValueRange memory, int64_t elements,
                               Operation *at, function_ref<void(KernelBuilder &, const Kernel &)> body) {
  launch(kernel(family, key, memory, 0, body), memory, llvm::divideCeil(elements, chunkElements), at);
}

void PlanBuilder::launchFill(Value target, double value, Operation *at) {
  int64_t elements = cast<MemRefType>(target.getType()).getNumElements();
  std::string key;
  llvm::raw_string_ostream(key) << elements << "x" << cast<MemRefType>(target.getType()).getElementType() << " "
                                << describe(value);
  launchChunks("fill", key, target, elements, at,
               [&](KernelBuilder &b, const Kernel &k) { buildFill(b, k, elements, value); });
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
  // Work is counted in runs with observers.
  if (when == spike::When::Unobserved)
    return;
  auto inputs = llvm::map_to_vector(sums.getSynapticInputs(), [&](Value input) { return buffer(input); });
  auto operandOf = [&](Value memory) -> int64_t {
    return std::distance(launch.operand_begin(), llvm::find(launch.getOperands(), memory));
  };
  auto neurons = dyn_cast<spike::NeuronOpInterface>(consumer);
  spike::Levels input = levels.of(sums.getSynapticInputs().front());
  spike::WorkAttr work = sums.getWork();
  // In integers the op's own work has the unit of its input.
  launch.setWorkAttr(spike::WorkAttr::get(
      plan.getContext(), work.getKind(), uniqueName(work.getLayer(), "layer", counted), work.getRows(), work.getFanIn(),
      work.getChannels(), work.getHeads(), work.getMap(), work.getWindow(), input.parts * work.getParts(), input.max,
      neurons ? neurons.getNeuronSteps() : 0, llvm::map_to_vector(inputs, operandOf),
      active ? operandOf(buffer(active)) : -1, actBlock));
}

std::string PlanBuilder::observedName(Operation *neurons) { return uniqueName(nameOf(neurons), "lif", observed); }

void PlanBuilder::observe(spike::LaunchOp launch, StringRef layer, ArrayRef<int64_t> axes) {
  launch.setLayer(layer);
  launch.setSpikes(launch.getNumOperands() - 1);
  launch.setLayout(axes.size() == 4 ? spike::Layout::Map : spike::Layout::Tokens);
  launch.setAxes(axes);
}

LogicalResult PlanBuilder::build(Operation *op) {
  if (failed(requireImages(op)))
    return failure();
  return TypeSwitch<Operation *, LogicalResult>(op)
      .Case<spike::AccumulateOp, spike::CoincideOp, spike::ExpandOp, spike::SumCountsOp>([](Operation *sums)
                                                                                             -> LogicalResult {
        // Emitted with the neurons that they drive.
        if (llvm::all_of(
                sums->getUsers(),
                llvm::IsaPred<spike::FireOp, spike::StaircaseOp, spike::AffineOp, spike::ReadoutOp, spike::ExpandOp>))
          return success();
        return sums->emitOpError("requires spike.fire, spike.staircase, spike.affine or spike.readout as its users "
                                 "on the CPU, found another");
      })
      .Case<spike::CompactOp, spike::PackOp, spike::AndCountOp>([](Operation *part) -> LogicalResult {
        // A part of sums, and emitted with them.
        if (llvm::all_of(part->getUsers(), llvm::IsaPred<spike::AccumulateOp, spike::AndCountOp, spike::SumCountsOp>))
          return success();
        return part->emitOpError("requires spike.accumulate, spike.and_count or spike.sum_counts as its users on the "
                                 "CPU, found another");
      })
      .Case([&](spike::FireOp fire) { return buildFire(fire); })
      .Case([&](spike::StaircaseOp steps) { return buildStaircase(steps); })
      .Case([&](spike::AffineOp affine) -> LogicalResult {
        if (auto sums = affine.getSums().getDefiningOp<spike::AccumulateOp>())
          return buildAccumulate(sums, {affine, affine.getNorm(), {}, {}, 0, {}});
        return affine.emitOpError("requires sums of spike.accumulate on the CPU, found another value");
      })
      .Case([&](spike::ReadoutOp readout) -> LogicalResult {
        if (auto sums = readout.getSums().getDefiningOp<spike::AccumulateOp>())
          return buildAccumulate(sums, {readout, {}, {}, {}, 0, {}});
        return readout.emitOpError("requires sums of spike.accumulate on the CPU, found another value");
      })
      .Case([&](spike::QuantizeOp quantize) { return buildQuantize(quantize), success(); })
      .Case([&](spike::SumTokensOp sum) { return buildSumTokens(sum); })
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
