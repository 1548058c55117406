//===- SpikeCounter.cpp - Counts the spikes of a run ----------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "stas/Runtime/Observers.h"

#include <algorithm>

using namespace stas;

SpikeCounter::SpikeCounter(const ModelInfo &info) : layers(info.spikeLayers) {
  for (const SpikeLayer &layer : layers)
    counts.emplace_back(layer.timesteps);
}

/// In parts whose sum fits 32 bits, which compilers add in vectors.
static uint64_t sumOf(const uint8_t *spikes, int64_t size) {
  uint64_t sum = 0;
  constexpr int64_t kPart = 1 << 16;
  for (int64_t begin = 0; begin < size; begin += kPart) {
    uint32_t part = 0;
    for (int64_t i = begin; i < std::min(size, begin + kPart); ++i)
      part += spikes[i];
    sum += part;
  }
  return sum;
}

Status SpikeCounter::onSpikes(const SpikeView &view) {
  int64_t neurons = layers[view.layer].neurons();
  for (int64_t step = 0; step < view.steps; ++step) {
    Count &count = counts[view.layer][view.t + step];
    count.spikes.fetch_add(sumOf(view.data + step * neurons, neurons), std::memory_order_relaxed);
    count.steps.fetch_add(1, std::memory_order_relaxed);
  }
  return {};
}

uint64_t SpikeCounter::spikes(size_t layer) const {
  uint64_t sum = 0;
  for (const Count &count : counts[layer])
    sum += count.spikes;
  return sum;
}

double SpikeCounter::rate(size_t layer, int64_t images) const {
  double places = static_cast<double>(layers[layer].neurons()) * layers[layer].timesteps * images;
  return places > 0 ? spikes(layer) / places : 0;
}

energy::NeuronRates SpikeCounter::rates(size_t layer) const {
  energy::NeuronRates rates;
  rates.name = layers[layer].name;
  rates.neurons = layers[layer].neurons();
  for (const Count &count : counts[layer]) {
    rates.spikes.push_back(count.spikes);
    rates.stepsRun.push_back(count.steps);
  }
  return rates;
}
