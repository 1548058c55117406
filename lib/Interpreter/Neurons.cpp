//===- Neurons.cpp - Leaky integrate-and-fire neurons ---------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Evaluation.h"

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

/// The membranes that `lif` goes on from: those of the last timestep inside stas.act, else new ones.
std::vector<float> &membranesOf(LIFOp lif, size_t count, Evaluation &evaluation, std::vector<float> &fresh) {
  float rest = static_cast<float>(lif.getNeuron().getVReset());
  fresh.assign(count, rest);
  if (!evaluation.act)
    return fresh;
  return evaluation.act->membranes.try_emplace(lif, fresh).first->second;
}

LogicalResult lif(LIFOp op, Evaluation &evaluation) {
  const Tensor &input = evaluation.get(op.getInput());
  ArrayRef<float> x = input.values<float>();
  ActState *act = evaluation.act;
  int64_t timesteps = act ? 1 : input.extent(0);
  size_t neurons = timesteps ? x.size() / timesteps : 0;
  std::vector<float> fresh;
  std::vector<float> &v = membranesOf(op, neurons, evaluation, fresh);
  Neuron neuron(op.getNeuron());
  std::vector<uint8_t> spikes(x.size());
  for (int64_t t = 0; t < timesteps; ++t)
    for (size_t i = 0; i < neurons; ++i)
      spikes[t * neurons + i] = neuron.step(x[t * neurons + i], v[i]);
  if (act) {
    // A halted token's neurons may still fire, on the bias; nobody is meant to see it.
    ArrayRef<uint8_t> active = act->active.values<uint8_t>();
    size_t width = active.empty() ? 0 : spikes.size() / active.size();
    for (size_t row = 0; row < active.size(); ++row)
      if (!active[row])
        std::fill_n(spikes.begin() + row * width, width, 0);
  }
  auto seen = evaluation.observer.fired(op, act ? act->timestep : 0, Tensor(input.shape(), std::move(spikes)));
  if (failed(seen))
    return failure();
  evaluation.set(op.getOutput(), std::move(*seen));
  return success();
}

} // namespace

void stas::addNeurons(OpTable &table) { table.add<LIFOp, lif>(); }
