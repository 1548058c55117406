//===- QuantOps.cpp - Integers from the image to the logits ---------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Between spike.quantize and spike.readout nothing is computed in floating point.
//
//===----------------------------------------------------------------------===//
#include "Neurons.h"
#include "dialects/Spike/SpikeOps.h"
#include <cmath>

using namespace mlir;
using namespace stas;

namespace {

LogicalResult quantize(spike::QuantizeOp op, Evaluation &evaluation) {
  const Tensor &input = evaluation.get(op.getInput());
  float scale = static_cast<float>(op.getScale()), limit = static_cast<float>(op.getLimit());
  std::vector<int32_t> image;
  image.reserve(input.size());
  for (float x : input.values<float>()) {
    if (std::isnan(x))
      return op.emitOpError("requires pixels that are numbers, found NaN");
    // A power of two scales exactly, and the limit is an f32.
    image.push_back(static_cast<int32_t>(std::clamp(std::nearbyint(x * scale), -limit, limit)));
  }
  evaluation.set(op.getOutput(), Tensor(input.shape(), std::move(image)));
  return success();
}

LogicalResult sumTokens(spike::SumTokensOp op, Evaluation &evaluation) {
  const Tensor &input = evaluation.get(op.getInput());
  int64_t tokens = input.extent(-2), width = input.extent(-1);
  Tensor::Shape shape(input.shape().drop_back(2));
  int64_t images = llvm::product_of(shape);
  shape.push_back(width);
  std::vector<int64_t> sums(images * width);
  input.visit([&](auto values) {
    for (int64_t row = 0; row < images * tokens; ++row)
      for (int64_t d = 0; d < width; ++d)
        sums[row / tokens * width + d] += values[row * width + d];
  });
  evaluation.set(op.getOutput(), Tensor(shape, std::move(sums)));
  return success();
}

LogicalResult readout(spike::ReadoutOp op, Evaluation &evaluation) {
  auto head = evaluation.head(op, op.getQuant());
  if (failed(head))
    return failure();
  const Tensor &sums = evaluation.get(op.getSums());
  size_t classes = sums.extent(-1);
  std::vector<float> logits;
  for (auto [index, sum] : llvm::enumerate(sums.values<int64_t>()))
    logits.push_back((*head)->logit(sum, index % classes));
  evaluation.set(op.getOutput(), Tensor(sums.shape(), std::move(logits)));
  return success();
}

/// Whether a neuron of a channel fires on a sum; updates its membrane.
bool step(const QuantizedLayer &layer, int64_t channel, int64_t sum, int64_t &membrane) {
  size_t c = layer.at(channel);
  int64_t current = layer.form.current(sum, layer.biases[c]), reset = layer.form.soft ? layer.resets[c] : 0;
  return layer.form.step(current, layer.thresholds[c], reset, membrane);
}

} // namespace

std::vector<uint8_t> stas::integrateAndFire(Operation *op, const QuantizedLayer &layer, const Tensor &sums,
                                            int64_t timesteps, bool isSteady, Evaluation &evaluation) {
  ActState *act = evaluation.act;
  size_t neurons = isSteady ? sums.size() : timesteps ? sums.size() / timesteps : 0, channels = sums.extent(-1);
  std::vector<int64_t> atRest(neurons, 0);
  std::vector<int64_t> &v = act ? act->integerMembranes.try_emplace(op, atRest).first->second : atRest;
  if (act)
    return stepNeurons(layer, sums, v, act->active);
  std::vector<uint8_t> spikes;
  spikes.reserve(timesteps * neurons);
  sums.visit([&](auto values) {
    for (int64_t t = 0; t < timesteps; ++t)
      for (size_t i = 0; i < neurons; ++i)
        spikes.push_back(step(layer, i % channels, values[isSteady ? i : t * neurons + i], v[i]));
  });
  return spikes;
}

std::vector<uint8_t> stas::stepNeurons(const QuantizedLayer &layer, const Tensor &sums, std::vector<int64_t> &membranes,
                                       const Tensor &active) {
  std::vector<uint8_t> spikes(membranes.size());
  int64_t channels = sums.extent(-1);
  sums.visit([&](auto values) {
    forEachActive(active, membranes.size(),
                  [&](size_t i) { spikes[i] = step(layer, i % channels, values[i], membranes[i]); });
  });
  return spikes;
}

void stas::addQuantOps(OpTable &table) {
  table.add<spike::QuantizeOp, quantize>();
  table.add<spike::SumTokensOp, sumTokens>();
  table.add<spike::ReadoutOp, readout>();
}
