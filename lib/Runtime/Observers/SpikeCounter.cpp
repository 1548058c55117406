//===- SpikeCounter.cpp - Counts the spikes of a run ----------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "stas/Runtime/Observers.h"

#include <algorithm>

using namespace stas;

SpikeCounter::SpikeCounter(const ModelInfo &info)
    : layers(info.spikeLayers), counts(std::make_unique<Count[]>(info.spikeLayers.size())) {}

Status SpikeCounter::onSpikes(const SpikeView &view) {
  int64_t size = view.steps * layers[view.layer].neurons();
  uint64_t sum = 0;
  // In parts whose sum fits 32 bits, which compilers add in vectors.
  constexpr int64_t kPart = 1 << 16;
  for (int64_t begin = 0; begin < size; begin += kPart) {
    uint32_t part = 0;
    for (int64_t i = begin; i < std::min(size, begin + kPart); ++i)
      part += view.data[i];
    sum += part;
  }
  Count &count = counts[view.layer];
  count.spikes.fetch_add(sum, std::memory_order_relaxed);
  count.steps.fetch_add(view.steps, std::memory_order_relaxed);
  return {};
}

double SpikeCounter::rate(size_t layer, int64_t images) const {
  double places = static_cast<double>(layers[layer].neurons()) * layers[layer].timesteps * images;
  return places > 0 ? spikes(layer) / places : 0;
}
