//===- StateLiveness.cpp - Which membranes must live ----------------------===//
#include "stas/Analysis/StateLiveness.h"
#include "dialects/STAS/STASOps.h"
#include "dialects/Spike/SpikeOps.h"

using namespace mlir;
using namespace stas;

StringRef stas::nameOf(StateSpan span) {
  constexpr StringLiteral names[] = {"dead", "none", "within", "timesteps"};
  return names[static_cast<int>(span)];
}

bool stas::isNeurons(Operation *op) {
  return isa<LIFOp, LIFStepOp, StaircaseOp, ISPSOp, spike::FireOp, spike::StaircaseOp>(op);
}

/// Whether neurons do one timestep, with the membrane as an operand and a result.
static bool isOneStep(Operation *neurons) {
  auto fire = dyn_cast<spike::FireOp>(neurons);
  return isa<LIFStepOp>(neurons) || (fire && fire.getMembrane());
}

bool StateLiveness::isLive(Value value) {
  const dataflow::Liveness *result = liveness.getLiveness(value);
  return result && result->isLive;
}

StateSpan StateLiveness::of(Operation *neurons) {
  if (llvm::none_of(neurons->getResults(), [&](Value result) { return isLive(result); }))
    return StateSpan::Dead;
  if (isa<StaircaseOp, ISPSOp, spike::StaircaseOp>(neurons))
    return StateSpan::None;
  if (auto act = neurons->getParentOfType<ActOp>())
    return act.getTimesteps() > 1 ? StateSpan::Timesteps : StateSpan::None;
  if (isOneStep(neurons)) {
    auto loop = neurons->getParentOfType<TimeLoopOp>();
    bool isLast = loop ? loop.getTimesteps() == 1 : !isLive(neurons->getResult(1));
    return isLast ? StateSpan::None : StateSpan::Timesteps;
  }
  auto output = cast<RankedTensorType>(neurons->getResult(0).getType());
  // A steady current starts each neuron anew from one number.
  bool isSteady = cast<RankedTensorType>(neurons->getOperand(0).getType()).getRank() < output.getRank();
  return isSteady || output.getDimSize(0) == 1 ? StateSpan::None : StateSpan::Within;
}

int64_t StateLiveness::membranesInMemory(Operation *neurons) {
  if (of(neurons) != StateSpan::Timesteps)
    return 0;
  // All but the batch.
  return llvm::product_of(cast<RankedTensorType>(neurons->getResult(0).getType()).getShape().drop_front());
}
