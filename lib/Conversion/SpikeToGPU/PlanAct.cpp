//===- PlanAct.cpp - The halting encoder, timestep by timestep ------------===//
//
// Timesteps and blocks follow one another as launches, however many tokens have
// halted: who is active is known on the device alone. Before a block its rows
// are listed, and the linear layers take those; attention takes the mask. What
// the rows of other tokens hold nobody reads.
//
//===----------------------------------------------------------------------===//
#include "PlanLaunch.h"
#include "stas/Quantization/Halting.h"
#include <tuple>

using namespace mlir;
using namespace stas;
using namespace stas::cuda;

static PlanArgument changes(uint32_t buffer) { return {PlanArgument::ReadWrite, buffer}; }
static int64_t tokensOf(ActOp op) { return typeOf(op.getInput()).getDimSize(1); }
static int64_t timestepsOf(ActOp op) { return static_cast<int64_t>(op.getTimesteps()); }
static bool isRectangular(ActOp op) { return op.getHalting().getOrder() == HaltingOrder::Rectangular; }

void PlanBuilder::fill(Operation *at, uint32_t buffer, uint8_t value) {
  PlanStep step;
  step.layer = nameOf(at).str();
  step.value = value;
  step.arguments = {writes(buffer)};
  result.plan.steps.push_back(std::move(step));
}

PlanArgument PlanBuilder::membraneOf(spike::FireOp fire, int64_t rows, int64_t channels) {
  auto [membrane, isNew] = membranes.try_emplace(fire);
  if (isNew) {
    membrane->second = newBuffer((nameOf(fire) + ".membrane").str(), rows * channels * 4);
    if (!act->isFresh())
      fill(fire, membrane->second, 0); // at rest
  }
  return act->isFresh() ? writes(membrane->second) : changes(membrane->second);
}

LogicalResult PlanBuilder::buildAct(ActOp op) {
  ArrayRef<int32_t> table = op.getTable().value_or(ArrayRef<int32_t>());
  if (table.empty())
    return op.emitOpError("requires halting in integers on a GPU: compile with --precision=int16 or int8");
  int64_t tokens = tokensOf(op), width = typeOf(op.getInput()).getDimSize(2);
  auto ofTokens = [&](const Twine &name, int64_t bytes) { return newBuffer(("act." + name).str(), tokens * bytes); };
  act.emplace();
  act->isLexicographic = op.getHalting().getOrder() == HaltingOrder::Lexicographic;
  act->table = constant<int32_t>(table);
  act->active = ofTokens("active", 1);
  act->sum = ofTokens("sum", 4);
  // A token's scores sum up to 2^24 at most, and what they weigh are bytes: 32 bits without sign hold a token's sum.
  buffers[op.getOutput()] = act->output = ofTokens("output", width * 4);
  act->steps = bufferFor(op.getSteps(), "act.steps");
  act->list = ofTokens("list", 4);
  act->count = newBuffer("act.count", /*imageBytes=*/0, /*fixedBytes=*/4);
  fill(op, act->active, 1);
  for (uint32_t zero : {act->sum, act->output, act->steps})
    fill(op, zero, 0);
  for (size_t block = 0; isRectangular(op) && block < op.getBlocks().size(); ++block)
    for (auto [all, name, bytes] : {std::tuple(&act->columns, "column", 4), std::tuple(&act->reached, "reached", 1)}) {
      all->push_back(ofTokens(Twine(block) + "." + name, bytes));
      fill(op, all->back(), 0);
    }
  act->steady = op.getBlocks().front().getArgument(0);
  act->timesteps = timestepsOf(op);
  for (; act->timestep < act->timesteps; ++act->timestep)
    if (failed(buildTimestep(op)))
      return failure();
  act.reset();
  return success();
}

LogicalResult PlanBuilder::buildTimestep(ActOp op) {
  int64_t tokens = tokensOf(op), last = op.getBlocks().size() - 1;
  if (op.getHalting().getOrder() == HaltingOrder::Timestep && act->timestep > 0) {
    fill(op, act->active, 1);
    fill(op, act->sum, 0);
  }
  uint32_t stream = buffer(op.getInput());
  for (int64_t index = 0; index <= last; ++index) {
    if (isRectangular(op) && index > 0 && failed(buildGate(op, GateSpec::Kind::Gate, index)))
      return failure();
    CompactSpec compact;
    if (failed(launch(op, "compact", "", compact, buildCompact, {tokens, launchOf(compact, 1).threads},
                      launchOf(compact, tokens), tokens, {reads(act->active), writes(act->list), writes(act->count)})))
      return failure();
    Block &block = op.getBlocks()[index].front();
    for (Operation &inner : block) // what the timestep before made for itself is no value of this one
      for (Value made : inner.getResults())
        if (!act->ahead.contains(made))
          buffers.erase(made);
    buffers[block.getArgument(0)] = stream;
    act->mask = block.getArgument(1);
    if (failed(build(block)))
      return failure();
    stream = buffer(cast<YieldOp>(block.getTerminator()).getStream());
    if (failed(buildHalt(op, index, stream)))
      return failure();
  }
  bool isEnd = act->timestep + 1 == timestepsOf(op);
  return isRectangular(op) && !isEnd ? buildGate(op, GateSpec::Kind::NextStep, 0) : success();
}

/// What halting does after a block.
LogicalResult PlanBuilder::buildHalt(ActOp op, int64_t block, uint32_t stream) {
  ActAttr halting = op.getHalting();
  int64_t tokens = tokensOf(op), width = typeOf(op.getInput()).getDimSize(2);
  bool isLast = block + 1 == static_cast<int64_t>(op.getBlocks().size());
  bool isEnd = isLast && act->timestep + 1 == timestepsOf(op);
  HaltSpec spec{width, halting.getOrder(), halting.getOutput(), haltingLimit(halting), isLast, isEnd};
  std::vector<PlanArgument> arguments{reads(stream),     act->table,           changes(act->active),
                                      changes(act->sum), changes(act->output), changes(act->steps)};
  if (isRectangular(op))
    arguments.insert(arguments.end(), {changes(act->columns[block]), changes(act->reached[block])});
  std::string key = isEnd ? "forced" : isLast ? "last" : "";
  return launch(op, "halt", key, spec, stas::cuda::buildHalt, {tokens, HaltSpec::tokensPerBlock},
                launchOf(spec, tokens), tokens, std::move(arguments));
}

/// Which tokens are active in a block of the rectangular order, or in its next timestep.
LogicalResult PlanBuilder::buildGate(ActOp op, GateSpec::Kind kind, int64_t block) {
  GateSpec spec{kind};
  bool isGate = kind == GateSpec::Kind::Gate;
  std::vector<PlanArgument> arguments{changes(act->active), reads(act->reached[block])};
  if (!isGate)
    arguments.push_back(changes(act->sum));
  return launch(op, isGate ? "gate" : "next_step", "", spec, stas::cuda::buildGate,
                {tokensOf(op), launchOf(spec, 1).threads}, launchOf(spec, tokensOf(op)), tokensOf(op),
                std::move(arguments));
}
