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
  auto symbol =
      kernel("fill", key, target, 0, [&](KernelBuilder &b, const Kernel &k) { buildFill(b, k, elements, value); });
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

LogicalResult PlanBuilder::build(Operation *op) {
  if (failed(requireImages(op)))
    return failure();
  return TypeSwitch<Operation *, LogicalResult>(op)
      .Case<spike::AccumulateOp, spike::CoincideOp>([](Operation *sums) -> LogicalResult {
        // Emitted with the neurons that they drive.
        if (llvm::all_of(sums->getUsers(),
                         llvm::IsaPred<spike::FireOp, spike::StaircaseOp, spike::AffineOp, spike::ReadoutOp>))
          return success();
        return sums->emitOpError("requires spike.fire, spike.staircase, spike.affine or spike.readout as its users on "
                                 "the CPU, found another");
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
      .Case([&](spike::SumTokensOp sum) { return buildSumTokens(sum), success(); })
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
