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

bool stas::isNeurons(Operation *op) { return isa<LIFOp, StaircaseOp, ISPSOp, spike::FireOp, spike::StaircaseOp>(op); }

StateSpan StateLiveness::of(Operation *neurons) {
  const dataflow::Liveness *result = liveness.getLiveness(neurons->getResult(0));
  if (!result || !result->isLive)
    return StateSpan::Dead;
  if (isa<StaircaseOp, ISPSOp, spike::StaircaseOp>(neurons))
    return StateSpan::None;
  if (auto act = neurons->getParentOfType<ActOp>())
    return act.getTimesteps() > 1 ? StateSpan::Timesteps : StateSpan::None;
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
