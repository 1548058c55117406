//===- PlanAct.cpp - The halting encoder as a time loop -------------------===//
#include "PlanBuilder.h"
#include "stas/Quantization/Halting.h"
#include "llvm/Support/FormatVariadic.h"

using namespace mlir;
using namespace stas;

void PlanBuilder::countHalting(spike::LaunchOp launch, Operation *end, int64_t tokens, int64_t summed) {
  std::string layer = uniqueName((layerName(end) + ".halting").str(), "layer", counted);
  launch.setWorkAttr(spike::WorkAttr::get(plan.getContext(), spike::WorkKind::Halting, layer, tokens, /*fan_in=*/0,
                                          summed,
                                          /*heads=*/1, /*map=*/{}, /*window=*/{}, /*parts=*/1, /*max=*/1, /*steps=*/0,
                                          /*inputs=*/{}, /*active=*/1, actBlock));
}

LogicalResult PlanBuilder::buildAct(ActOp op) {
  auto type = cast<RankedTensorType>(op.getInput().getType());
  int64_t tokens = type.getDimSize(1), width = type.getDimSize(2);
  bool real = type.getElementType().isF32();
  ActAttr halting = op.getHalting();
  bool rectangular = halting.getOrder() == HaltingOrder::Rectangular;
  // Every timestep starts anew: with all tokens and without a sum.
  bool isTimestep = halting.getOrder() == HaltingOrder::Timestep;
  std::string name = "act";
  ArrayRef<int32_t> table = op.getTable().value_or(ArrayRef<int32_t>());
  bool isInteger = !table.empty();
  Type score = isInteger ? Type(plan.getI32Type()) : plan.getF32Type();

  Value active = newBuffer(name + ".active", plan.getI8Type(), tokens);
  Value sum = newBuffer(name + ".sum", score, tokens, /*zero=*/true);
  Value remainder = newBuffer(name + ".remainder", score, tokens);
  // The order of a sum of integers is free: what is summed over tokens is summed here, and nothing kept for a token.
  Value total, output;
  if (isInteger) {
    if (!llvm::all_of(op.getOutput().getUsers(), llvm::IsaPred<spike::SumTokensOp>))
      return op.emitOpError("requires spike.sum_tokens as its output's users in integers on the CPU, found another");
    total = totals[op.getOutput()] = newBuffer(name + ".total", plan.getI64Type(), width, /*zero=*/true);
    output = newBuffer(name + ".weight", plan.getI32Type(), tokens);
  } else {
    output = buffers[op.getOutput()] = newBuffer(name + ".output", plan.getF32Type(), tokens * width, /*zero=*/true);
  }
  Value steps = newBuffer(name + ".steps", plan.getI32Type(), tokens, /*zero=*/true);
  buffers[op.getSteps()] = steps;
  SmallVector<Value> columns, reached;
  for (size_t block = 0; rectangular && block < op.getBlocks().size(); ++block) {
    columns.push_back(newBuffer(llvm::formatv("{0}.{1}.column", name, block).str(), score, tokens, true));
    reached.push_back(newBuffer(llvm::formatv("{0}.{1}.reached", name, block).str(), plan.getI8Type(), tokens, true));
  }
  if (!isTimestep)
    launchFill(active, 1.0, op);
  launchFill(remainder, isInteger ? haltingOne : 1.0, op);

  auto loop = spike::TimeLoopOp::create(plan, op.getLoc(), op.getTimesteps());
  OpBuilder::InsertionGuard guard(plan);
  plan.createBlock(&loop.getBody());
  inAct = true;
  actLoop = loop;
  actSteady = op.getBlocks().front().getArgument(0);
  actTimesteps = op.getTimesteps();
  actIsFresh = halting.getOrder() == HaltingOrder::Lexicographic;
  if (isTimestep) {
    launchFill(active, 1.0, op);
    launchFill(sum, 0.0, op);
  }
  Value stream = buffer(op.getInput());
  spike::Levels streamLevels = levels.of(op.getInput());
  for (auto [index, region] : llvm::enumerate(op.getBlocks())) {
    Block &block = region.front();
    if (rectangular && index > 0) {
      auto gate = kernel("gate", llvm::formatv("tokens={0}", tokens), {active, reached[index]}, 0,
                         [&](KernelBuilder &b, const Kernel &k) { buildGate(b, k); });
      launch(gate, {active, reached[index]}, tokens, op);
    }
    buffers[block.getArgument(0)] = stream;
    levels.set(block.getArgument(0), streamLevels);
    actBlock = index;
    buffers[block.getArgument(1)] = active;
    if (failed(build(block)))
      return failure();
    auto yield = cast<YieldOp>(block.getTerminator());
    stream = buffer(yield.getStream());
    streamLevels = levels.of(yield.getStream());
    HaltSpec spec{lanes, static_cast<int64_t>(op.getTimesteps()), tokens, width, halting,
                  table, index + 1 == op.getBlocks().size(),      real};
    Values memory{stream, active, sum, remainder, output, steps};
    if (rectangular) {
      memory.push_back(columns[index]);
      memory.push_back(reached[index]);
    }
    std::string key;
    llvm::raw_string_ostream(key) << "t=" << spec.timesteps << " tokens=" << tokens << " width=" << width
                                  << " last=" << spec.lastBlock << " real=" << real << " " << Attribute(halting);
    for (int32_t entry : table)
      key += " " + std::to_string(entry);
    auto halt = kernel("halt", key, memory, haltScratch(spec),
                       [&](KernelBuilder &b, const Kernel &k) { buildHalt(b, k, spec); });
    countHalting(launch(halt, memory, tokens, op), yield, tokens,
                 halting.getOutput() == ActOutput::Weighted ? width : 0);
    if (isInteger && (halting.getOutput() == ActOutput::Weighted || spec.lastBlock)) {
      WeighSpec sum{lanes, tokens, width};
      Values rows{stream, output, total};
      auto weigh = kernel("weigh", llvm::formatv("tokens={0} width={1}", tokens, width), rows, weighScratch(sum),
                          [&](KernelBuilder &b, const Kernel &k) { buildWeigh(b, k, sum); });
      launch(weigh, rows, llvm::divideCeil(width, chunkElements), op);
    }
    if (halting.getOrder() == HaltingOrder::Lexicographic)
      spike::StopWhenIdleOp::create(plan, op.getLoc(), active);
  }
  if (rectangular) {
    Values memory{active, reached[0], sum};
    auto next = kernel("next_step", llvm::formatv("tokens={0}{1}", tokens, isInteger ? " integers" : ""), memory, 0,
                       [&](KernelBuilder &b, const Kernel &k) { buildNextStep(b, k); });
    launch(next, memory, tokens, op);
    spike::StopWhenIdleOp::create(plan, op.getLoc(), active);
  }
  inAct = false;
  actBlock = -1;
  actLoop = {};
  actSteady = {};
  if (halting.getOutput() == ActOutput::Rate && !isInteger) {
    plan.setInsertionPointAfter(loop);
    int64_t elements = tokens * width, timesteps = op.getTimesteps();
    auto scale = kernel("divide", llvm::formatv("elements={0} divisor={1}", elements, timesteps), output, 0,
                        [&](KernelBuilder &b, const Kernel &k) { buildDivide(b, k, lanes, elements, timesteps); });
    launch(scale, output, roundUp(elements, chunkElements) / chunkElements, op);
  }
  return success();
}
