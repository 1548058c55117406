//===- TimeInvariance.cpp - Which values do not change over T -------------===//
#include "stas/Analysis/TimeInvariance.h"
#include "dialects/STAS/STASOps.h"
#include "mlir/Analysis/DataFlow/Utils.h"
#include "mlir/Interfaces/FunctionInterfaces.h"

using namespace mlir;
using namespace stas;

StringRef TimeBehaviour::name() const {
  constexpr StringLiteral names[] = {"unreached", "steady", "repeated", "varying"};
  return names[kind];
}

/// An op of state that runs one timestep has no second one to differ from.
static bool runsOnce(Operation *op) {
  auto type = dyn_cast<RankedTensorType>(op->getResult(0).getType());
  return type && type.getRank() > 0 && type.getDimSize(0) == 1 && !op->getParentOfType<ActOp>();
}

LogicalResult TimeInvarianceAnalysis::visitOperation(Operation *op, ArrayRef<const TimeLattice *> operands,
                                                     ArrayRef<TimeLattice *> results) {
  TimeBehaviour of = TimeBehaviour::Steady;
  for (const TimeLattice *operand : operands) {
    if (operand->getValue().is(TimeBehaviour::Unreached))
      return success();
    of = TimeBehaviour::join(of, operand->getValue());
  }
  auto timed = dyn_cast<TimeOpInterface>(op);
  if (!timed) {
    setAllToEntryStates(results);
    return success();
  }
  switch (timed.getTimeEffect()) {
  case TimeEffect::PerTimestep:
    break;
  case TimeEffect::Repeats:
    of = TimeBehaviour::Repeated;
    break;
  case TimeEffect::Evolves:
    of = runsOnce(op) ? TimeBehaviour::Repeated : TimeBehaviour::Varying;
    break;
  case TimeEffect::Reduces:
    of = TimeBehaviour::Steady;
    break;
  }
  for (TimeLattice *result : results)
    propagateIfChanged(result, result->join(of));
  return success();
}

void TimeInvarianceAnalysis::visitNonControlFlowArguments(Operation *op, const RegionSuccessor &successor,
                                                          ArrayRef<TimeLattice *> arguments, unsigned firstIndex) {
  auto act = dyn_cast<ActOp>(op);
  Region *region = successor.getSuccessor();
  if (!act || !region || region->getRegionNumber() != 0)
    return SparseForwardDataFlowAnalysis::visitNonControlFlowArguments(op, successor, arguments, firstIndex);
  propagateIfChanged(arguments[0], arguments[0]->join(TimeBehaviour::Steady));
  setAllToEntryStates(arguments.drop_front());
}

void TimeInvarianceAnalysis::setToEntryState(TimeLattice *lattice) {
  auto argument = dyn_cast<BlockArgument>(lattice->getAnchor());
  auto type = argument ? dyn_cast<RankedTensorType>(argument.getType()) : nullptr;
  bool isSteady = type && type.getRank() > 0 && type.isDynamicDim(0) &&
                  isa<FunctionOpInterface>(argument.getOwner()->getParentOp());
  propagateIfChanged(lattice, lattice->join(isSteady ? TimeBehaviour::Steady : TimeBehaviour::Varying));
}

TimeInvariance::TimeInvariance(Operation *root) : solver(DataFlowConfig().setInterprocedural(false)) {
  dataflow::loadBaselineAnalyses(solver);
  solver.load<TimeInvarianceAnalysis>();
  // Nothing in it fails.
  (void)solver.initializeAndRun(root);
}

TimeBehaviour TimeInvariance::of(Value value) const {
  const auto *lattice = solver.lookupState<TimeLattice>(value);
  return lattice ? lattice->getValue() : TimeBehaviour(TimeBehaviour::Varying);
}
