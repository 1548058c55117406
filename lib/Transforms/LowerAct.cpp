//===- LowerAct.cpp - The halting encoder as a time loop ------------------===//
//
// The order of halting decides what a timestep has to know of the one before:
//
//   lexicographic   active, H (and R, y): one sum over everything
//   rectangular     the first block's mask, and H of each block
//   timestep        nothing: masks and sums start anew
//
// Outputs, step counts and membranes live through the loop in every order.
//
//===----------------------------------------------------------------------===//
#include "dialects/STAS/STASOps.h"
#include "dialects/Spike/SpikeOps.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/IRMapping.h"
#include "stas/Transforms/Passes.h"

namespace stas {
#define GEN_PASS_DEF_STASLOWERACT
#include "stas/Transforms/Passes.h.inc"
} // namespace stas

using namespace mlir;
using namespace stas;

namespace {
bool isNeurons(Operation *op) { return isa<LIFOp, spike::FireOp>(op); }

/// Builds the loop of one stas.act.
class ActLowering {
public:
  explicit ActLowering(ActOp act)
      : act(act), builder(act->getContext()), halting(act.getHalting()), timesteps(act.getTimesteps()),
        blocks(act.getBlocks().size()), stream(cast<RankedTensorType>(act.getInput().getType())) {
    builder.setInsertionPoint(act);
  }

  /// Replaces the op; returns how many membranes the loop carries.
  int64_t lower();

private:
  void setUp();
  void lowerTimestep();
  Value lowerBlock(int64_t index, Value x);
  void lowerNeurons(Operation *op, IRMapping &map);

  bool isInteger() { return act.getTable().has_value(); }
  bool isRectangular() const { return halting.getOrder() == HaltingOrder::Rectangular; }
  RankedTensorType perToken(Type element) const { return stream.clone(stream.getShape().drop_back(), element); }
  Value splat(TypedAttr value, RankedTensorType type) {
    return SplatOp::create(builder, act.getLoc(), type, value, act.getInput());
  }
  /// `value`, of this type's elements.
  Value splat(double value, RankedTensorType type) {
    Type element = type.getElementType();
    return splat(element.isF32() ? TypedAttr(builder.getF32FloatAttr(static_cast<float>(value)))
                                 : builder.getIntegerAttr(element, static_cast<int64_t>(value)),
                 type);
  }
  /// Lets the loop carry a part of the state, whose first value it is; `lives` says that it outlives a timestep for
  /// reasons of its own, and not just to be read in the next one.
  void carry(Value &part, bool lives = false) {
    if (lives || timesteps > 1)
      carried.push_back(&part);
  }

  ActOp act;
  OpBuilder builder;
  ActAttr halting;
  int64_t timesteps, blocks;
  RankedTensorType stream;

  // The state while the loop is built: the values of now. `carried` are those among them that live on.
  HaltingState state;
  SmallVector<Value> columns;                    // rectangular order, one a block
  llvm::MapVector<Operation *, Value> membranes; // of stas.lif and spike.fire
  SmallVector<Value *> carried;
  Value everyone, nothing; // masks and sums at the start of a timestep
  TimeLoopOp loop;
};
} // namespace

void ActLowering::setUp() {
  Builder &b = builder;
  everyone = splat(b.getBoolAttr(true), perToken(b.getI1Type()));
  nothing = splat(0.0, perToken(isInteger() ? Type(b.getI32Type()) : b.getF32Type()));
  state.active = everyone;
  state.sum = nothing;
  if (halting.getOrder() != HaltingOrder::Timestep)
    carry(state.active);
  if (halting.getOrder() == HaltingOrder::Lexicographic)
    carry(state.sum);
  if (HaltOp::partsOf(halting, /*isLastBlock=*/true, isInteger()).remainder) {
    state.remainder = splat(1.0, perToken(b.getF32Type()));
    carry(state.remainder);
  }
  state.output = splat(0.0, cast<RankedTensorType>(act.getOutput().getType()));
  carry(state.output, /*lives=*/true);
  if (!act.getSteps().use_empty()) {
    state.steps = splat(0.0, perToken(b.getI32Type()));
    carry(state.steps, /*lives=*/true);
  }
  if (isRectangular())
    columns.assign(blocks, nothing);
  for (Value &column : columns)
    carry(column);
  act.walk([&](Operation *op) {
    if (!isNeurons(op))
      return;
    auto type = cast<RankedTensorType>(op->getOperand(0).getType());
    auto fire = dyn_cast<spike::FireOp>(op);
    LIFAttr neuron = fire ? fire.getNeuron() : cast<LIFOp>(op).getNeuron();
    // In integers potentials are measured from v_reset.
    double rest = fire && fire.getQuantAttr() ? 0.0 : static_cast<double>(neuron.getVReset());
    membranes[op] = splat(rest, type.clone(fire ? fire.getMembraneElement() : b.getF32Type()));
  });
  for (auto &[op, membrane] : membranes)
    carry(membrane);
}

void ActLowering::lowerNeurons(Operation *op, IRMapping &map) {
  Value &membrane = membranes[op], input = map.lookup(op->getOperand(0));
  Location location = op->getLoc();
  if (auto lif = dyn_cast<LIFOp>(op)) {
    auto step = LIFStepOp::create(builder, location, input, membrane, state.active, lif.getNeuron());
    map.map(lif.getOutput(), step.getSpikes());
    membrane = step.getNext();
    return;
  }
  auto fire = cast<spike::FireOp>(op);
  auto step = spike::FireOp::create(builder, location, fire.getOutput().getType(), membrane.getType(), input,
                                    state.active, membrane, fire.getNorm(), fire.getNeuron(), fire.getQuantAttr());
  map.map(fire.getOutput(), step.getOutput());
  membrane = step.getNext();
}

/// A block and its halting; `x` is the stream before it, the result the one after it.
Value ActLowering::lowerBlock(int64_t index, Value x) {
  Block &block = act.getBlocks()[index].front();
  if (isRectangular() && index > 0)
    state.active = GateOp::create(builder, act.getLoc(), state.active, columns[index], halting);
  IRMapping map;
  map.map(block.getArgument(0), x);
  map.map(block.getArgument(1), state.active);
  for (Operation &op : block.without_terminator())
    isNeurons(&op) ? lowerNeurons(&op, map) : static_cast<void>(builder.clone(op, map));
  x = map.lookup(block.getTerminator()->getOperand(0));

  HaltingState before = state;
  if (isRectangular())
    before.column = columns[index];
  if (!HaltOp::partsOf(halting, index + 1 == blocks, isInteger()).output)
    before.output = {};
  auto halt = HaltOp::create(builder, act.getLoc(), x, loop.getTimestep(), before, index, blocks, timesteps,
                             act.getTableAttr(), halting);
  HaltingState after = halt.getNext();
  if (isRectangular())
    columns[index] = after.column;
  if (!after.output)
    after.output = state.output;
  after.column = {};
  state = after;
  return x;
}

void ActLowering::lowerTimestep() {
  if (halting.getOrder() != HaltingOrder::Lexicographic)
    state.sum = nothing;
  if (halting.getOrder() == HaltingOrder::Timestep)
    state.active = everyone;
  Value x = act.getInput();
  for (int64_t block = 0; block < blocks; ++block)
    x = lowerBlock(block, x);
  // Who enters the first block of the next timestep.
  if (isRectangular() && timesteps > 1)
    state.active = GateOp::create(builder, act.getLoc(), everyone, columns[0], halting);
}

int64_t ActLowering::lower() {
  setUp();
  auto values = llvm::map_to_vector(carried, [](Value *part) { return *part; });
  auto **mask = llvm::find(carried, &state.active);
  std::optional<int64_t> idle;
  if (mask != carried.end())
    idle = mask - carried.begin();
  loop = TimeLoopOp::create(builder, act.getLoc(), timesteps, values, idle);
  for (auto [part, argument] : llvm::zip_equal(carried, loop.getRegionIterArgs()))
    *part = argument;
  builder.setInsertionPointToEnd(&loop.getBody().front());
  lowerTimestep();
  YieldOp::create(builder, act.getLoc(), llvm::map_to_vector(carried, [](Value *part) { return *part; }));

  for (auto [part, result] : llvm::zip_equal(carried, loop.getResults()))
    *part = result;
  builder.setInsertionPointAfter(loop);
  // In integers the unit of a rate is 1/T as large.
  if (halting.getOutput() == ActOutput::Rate && !isInteger()) {
    Value divisor = splat(static_cast<double>(timesteps), cast<RankedTensorType>(state.output.getType()));
    state.output = arith::DivFOp::create(builder, act.getLoc(), state.output, divisor);
  }
  act.getOutput().replaceAllUsesWith(state.output);
  if (state.steps)
    act.getSteps().replaceAllUsesWith(state.steps);
  act.erase();
  return timesteps > 1 ? membranes.size() : 0;
}

namespace {
struct StasLowerActPass : public stas::impl::StasLowerActBase<StasLowerActPass> {
  void runOnOperation() override {
    for (auto function : getOperation().getOps<func::FuncOp>()) {
      SmallVector<ActOp> encoders;
      function.walk([&](ActOp act) { encoders.push_back(act); });
      for (ActOp act : encoders) {
        numMembranes += ActLowering(act).lower();
        ++numLoops;
      }
    }
  }
};
} // namespace
