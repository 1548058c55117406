//===- HoistTimeInvariant.cpp - Compute once what stays the same ----------===//
#include "dialects/STAS/STASOps.h"
#include "mlir/IR/Remarks.h"
#include "stas/Analysis/TimeInvariance.h"
#include "stas/Transforms/Passes.h"

namespace stas {
#define GEN_PASS_DEF_STASHOISTTIMEINVARIANT
#include "stas/Transforms/Passes.h.inc"
} // namespace stas

using namespace mlir;
using namespace stas;

namespace {
constexpr StringLiteral category = "stas-hoist-time-invariant";

struct HoistTimeInvariantPass : public stas::impl::StasHoistTimeInvariantBase<HoistTimeInvariantPass> {
  void runOnOperation() override;

private:
  void remarkOnMixedOperands(Operation *op, const TimeInvariance &time);
  void visit(Operation *op);
  bool hoist(TimeOpInterface layer);
  void makeStaircase(LIFOp lif);
  void repeatOperands(Operation *op);
  Value repeated(Value value, Operation *by);
  remark::RemarkOpts named(StringRef name) { return remark::RemarkOpts::name(name).category(category); }

  /// One timestep of each repeated value that has one.
  DenseMap<Value, Value> steady;
  /// The ops that computed repeated values, in order; those that nobody uses any more go at the end.
  SmallVector<Operation *> replaced;
};
} // namespace

void HoistTimeInvariantPass::runOnOperation() {
  steady.clear();
  replaced.clear();
  TimeInvariance time(getOperation());
  // Only what stands in the function itself has a T axis.
  for (Block &block : getOperation().getBody())
    for (Operation &op : llvm::make_early_inc_range(block)) {
      remarkOnMixedOperands(&op, time);
      visit(&op);
    }
  for (Operation *op : llvm::reverse(replaced))
    if (op->use_empty())
      op->erase();
}

void HoistTimeInvariantPass::remarkOnMixedOperands(Operation *op, const TimeInvariance &time) {
  bool hasRepeated = false, hasVarying = false;
  for (Value operand : op->getOperands()) {
    auto type = dyn_cast<RankedTensorType>(operand.getType());
    hasRepeated |= steady.contains(operand) && type.getDimSize(0) > 1;
    hasVarying |= time.of(operand).is(TimeBehaviour::Varying);
  }
  if (hasRepeated && hasVarying)
    remark::missed(op->getLoc(), named("ChangesOverTime"))
        << remark::add("{0} runs at every timestep, though an operand is the same at each",
                       op->getName().getStringRef().str())
        << remark::reason("another operand changes over time");
}

void HoistTimeInvariantPass::visit(Operation *op) {
  bool isRepeated = op->getNumOperands() > 0 &&
                    llvm::all_of(op->getOperands(), [&](Value operand) { return steady.contains(operand); });
  if (auto encode = dyn_cast<EncodeOp>(op)) {
    // Of a repeated value, too: its timesteps then stand inside, where nothing is known of them.
    repeatOperands(op);
    steady[encode.getOutput()] = encode.getInput();
    replaced.push_back(op);
    return;
  }
  if (isRepeated) {
    auto layer = dyn_cast<TimeOpInterface>(op);
    if (layer && layer.getTimeEffect() == TimeEffect::PerTimestep && hoist(layer))
      return;
    if (auto lif = dyn_cast<LIFOp>(op))
      return makeStaircase(lif);
  }
  repeatOperands(op);
  SmallVector<OpFoldResult> folded;
  if (!isa<IntegrateOp>(op) || failed(op->fold(folded)) || folded.empty())
    return;
  remark::passed(op->getLoc(), named("Reduction")) << remark::add("a reduction of equal timesteps is one of them");
  op->getResult(0).replaceAllUsesWith(cast<Value>(folded.front()));
  replaced.push_back(op);
  ++numReductions;
}

/// Runs a layer on one timestep of its operands.
bool HoistTimeInvariantPass::hoist(TimeOpInterface layer) {
  OpBuilder builder(layer);
  auto operands = llvm::map_to_vector(layer->getOperands(), [&](Value operand) { return steady.lookup(operand); });
  Operation *once = layer.cloneForOneTimestep(builder, operands);
  if (!once)
    return false;
  auto type = cast<RankedTensorType>(layer->getResult(0).getType());
  remark::passed(layer.getLoc(), named("RunsOnce")) << remark::add(
      "{0} runs once, not at each of {1} timesteps", layer->getName().getStringRef().str(), type.getDimSize(0));
  steady[layer->getResult(0)] = once->getResult(0);
  replaced.push_back(layer);
  ++numHoisted;
  visit(once); // where an encoding encodes another
  return true;
}

void HoistTimeInvariantPass::makeStaircase(LIFOp lif) {
  OpBuilder builder(lif);
  int64_t timesteps = cast<RankedTensorType>(lif.getOutput().getType()).getDimSize(0);
  auto staircase =
      StaircaseOp::create(builder, lif.getLoc(), steady.lookup(lif.getInput()), lif.getNeuron(), timesteps);
  remark::passed(lif.getLoc(), named("Staircase"))
      << remark::add("the current is the same at each of {0} timesteps: the neurons keep no state", timesteps);
  repeatOperands(staircase);
  lif.getOutput().replaceAllUsesWith(staircase.getOutput());
  replaced.push_back(lif);
  ++numStaircases;
}

/// Lets an op that stays as it is read repeated values as they were.
void HoistTimeInvariantPass::repeatOperands(Operation *op) {
  for (OpOperand &operand : op->getOpOperands())
    if (steady.contains(operand.get()))
      operand.set(repeated(operand.get(), op));
}

/// The value with its T axis for a user, by an encoding before it, or a new one right behind the timestep that it
/// repeats.
Value HoistTimeInvariantPass::repeated(Value value, Operation *by) {
  if (value.getDefiningOp<EncodeOp>())
    return value;
  Value once = steady.lookup(value);
  for (Operation *user : once.getUsers())
    if (auto encode = dyn_cast<EncodeOp>(user); encode && encode.getType() == value.getType() &&
                                                encode->getBlock() == by->getBlock() && encode->isBeforeInBlock(by))
      return encode.getOutput();
  OpBuilder builder(value.getContext());
  builder.setInsertionPointAfterValue(once);
  auto encode = EncodeOp::create(builder, value.getLoc(), once, cast<RankedTensorType>(value.getType()).getDimSize(0));
  steady[encode.getOutput()] = once;
  replaced.push_back(encode);
  return encode.getOutput();
}
