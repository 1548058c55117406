//===- Neurons.cpp - Leaky integrate-and-fire neurons ---------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Neurons.h"

using namespace mlir;
using namespace stas;

namespace {

/// One neuron for one timestep, in f32 and in this order of operations: charge, fire, reset. With tau = 2 and
/// v_reset = 0 the charge has the bits of v + 0.5 * (x - v), since halving rounds as dividing by 2 does.
class Neuron {
public:
  explicit Neuron(LIFAttr lif)
      : tau(lif.getTau()), threshold(lif.getVThreshold()), resetTo(lif.getVReset()),
        soft(lif.getReset() == ResetKind::Soft), decayInput(lif.getDecayInput()),
        strict(lif.getCompare() == CompareKind::GT) {}

  /// Whether the neuron fires on input x; updates its membrane v.
  bool step(float x, float &v) const {
    float leak = v - resetTo;
    float h = decayInput ? v + (x - leak) / tau : v + x - leak / tau;
    bool spike = strict ? h > threshold : h >= threshold;
    v = !spike ? h : soft ? h - threshold : resetTo;
    return spike;
  }

private:
  float tau, threshold, resetTo;
  bool soft, decayInput, strict;
};

LogicalResult lif(LIFOp op, Evaluation &evaluation) {
  const Tensor &input = evaluation.get(op.getInput());
  int64_t timesteps = evaluation.act ? 1 : input.extent(0);
  Tensor spikes(input.shape(), integrateAndFire(op, op.getNeuron(), input.values<float>(), timesteps,
                                                /*isSteady=*/false, evaluation));
  FailureOr<Tensor> seen = observed(op, std::move(spikes), evaluation);
  if (succeeded(seen))
    evaluation.set(op.getOutput(), std::move(*seen));
  return seen;
}

LogicalResult lifStep(LIFStepOp op, Evaluation &evaluation) {
  const Tensor &current = evaluation.get(op.getCurrent());
  std::vector<float> membranes = evaluation.get(op.getMembrane()).values<float>().vec();
  if (static_cast<int64_t>(membranes.size()) != current.size())
    return op.emitOpError("requires membranes of the current's batch, found batches of different size");
  Tensor active = op.getActive() ? evaluation.get(op.getActive()) : Tensor();
  Tensor spikes(current.shape(), stepNeurons(op.getNeuron(), current.values<float>(), membranes, active));
  FailureOr<Tensor> seen = observed(op, std::move(spikes), evaluation);
  if (failed(seen))
    return failure();
  evaluation.set(op.getSpikes(), std::move(*seen));
  evaluation.set(op.getNext(), Tensor(current.shape(), std::move(membranes)));
  return success();
}

} // namespace

std::vector<uint8_t> stas::integrateAndFire(Operation *op, LIFAttr lif, ArrayRef<float> currents, int64_t timesteps,
                                            bool isSteady, Evaluation &evaluation) {
  ActState *act = evaluation.act;
  size_t neurons = isSteady ? currents.size() : timesteps ? currents.size() / timesteps : 0;
  std::vector<float> atRest(neurons, static_cast<float>(lif.getVReset()));
  std::vector<float> &v = act ? act->membranes.try_emplace(op, atRest).first->second : atRest;
  std::vector<uint8_t> spikes;
  spikes.reserve(timesteps * neurons);
  for (int64_t t = 0; t < timesteps; ++t) {
    ArrayRef<float> x = isSteady ? currents : currents.slice(t * neurons, neurons);
    llvm::append_range(spikes, stepNeurons(lif, x, v, act ? act->active : Tensor()));
  }
  return spikes;
}

// A halted token's neurons are not computed: the bias alone would drive them, whatever the input.
std::vector<uint8_t> stas::stepNeurons(LIFAttr lif, ArrayRef<float> currents, std::vector<float> &membranes,
                                       const Tensor &active) {
  Neuron neuron(lif);
  std::vector<uint8_t> spikes(membranes.size());
  forEachActive(active, membranes.size(), [&](size_t i) { spikes[i] = neuron.step(currents[i], membranes[i]); });
  return spikes;
}

void stas::forEachActive(const Tensor &active, size_t neurons, llvm::function_ref<void(size_t)> run) {
  size_t rows = active.rank() ? active.size() : 1, width = rows ? neurons / rows : 0;
  for (size_t row = 0; row < rows; ++row)
    if (!active.rank() || active.values<uint8_t>()[row])
      for (size_t i = row * width; i < (row + 1) * width; ++i)
        run(i);
}

void stas::silence(std::vector<uint8_t> &spikes, ArrayRef<uint8_t> active) {
  size_t width = active.empty() ? 0 : spikes.size() / active.size();
  for (size_t row = 0; row < active.size(); ++row)
    if (!active[row])
      std::fill_n(spikes.begin() + row * width, width, 0);
}

FailureOr<Tensor> stas::observed(Operation *op, Tensor spikes, Evaluation &evaluation) {
  return evaluation.observer.fired(op, evaluation.timestep, std::move(spikes));
}

LogicalResult stas::announceNeurons(Operation *loop, int64_t timesteps, int64_t batch, InterpreterObserver &observer) {
  WalkResult result = loop->walk([&](Operation *neurons) {
    if (!runOneTimestep(neurons))
      return WalkResult::advance();
    // The batch is the run's, the rest is static.
    Tensor::Shape shape{timesteps, batch};
    llvm::append_range(shape, cast<ShapedType>(neurons->getResult(0).getType()).getShape().drop_front());
    return WalkResult(observer.enter(neurons, shape));
  });
  return failure(result.wasInterrupted());
}

void stas::addNeurons(OpTable &table) {
  table.add<LIFOp, lif>();
  table.add<LIFStepOp, lifStep>();
}
