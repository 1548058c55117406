//===- Staircase.cpp - Neurons of a constant current ----------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "stas/Quantization/Staircase.h"
#include "llvm/ADT/STLExtras.h"

using namespace stas;

namespace {

/// Whether a neuron of channel c fires within `steps` steps of the sum acc.
bool fires(const QuantizedLayer &layer, size_t c, int64_t steps, int64_t acc) {
  int64_t current = layer.form.current(acc, layer.biases[c]), v = 0;
  for (int64_t step = 0; step < steps; ++step)
    if (layer.form.step(current, layer.thresholds[c], /*reset=*/0, v))
      return true;
  return false;
}

} // namespace

std::vector<int64_t> stas::staircaseCuts(const QuantizedLayer &layer, int64_t steps) {
  assert(!layer.form.soft && "soft reset leaves a rest: its spikes have no period");
  std::vector<int64_t> cuts;
  for (size_t c = 0; c < layer.channels(); ++c) {
    // Every sum from `above` on fires within the steps that are looked at; a step more only adds to them.
    int64_t above = layer.sumBounds[c] + 1;
    for (int64_t n = 1; n <= steps; ++n) {
      int64_t below = -layer.sumBounds[c] - 1;
      while (above - below > 1) {
        int64_t middle = below + (above - below) / 2;
        (fires(layer, c, n, middle) ? above : below) = middle;
      }
      cuts.push_back(above);
    }
  }
  return cuts;
}
