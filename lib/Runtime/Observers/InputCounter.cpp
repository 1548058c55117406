//===- InputCounter.cpp - Counts what layers are fed ----------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "stas/Runtime/Observers.h"

#include <algorithm>
#include <cmath>

using namespace stas;
using namespace stas::energy;

namespace {

/// The integers n of inputs n / parts.
class Inputs {
public:
  Inputs(const WorkView &view, const Layer &layer, int64_t step)
      : parts(static_cast<float>(layer.parts)), max(layer.max) {
    int64_t first = step * layer.inputValues();
    if (view.isFloat)
      reals = static_cast<const float *>(view.inputs[0]) + first;
    else
      bytes = static_cast<const uint8_t *>(view.inputs[0]) + first;
  }

  /// Adds values [begin, begin + count) and returns their sum; -1 where one is
  /// not what the layer's levels say.
  int64_t add(int64_t begin, int64_t count, InputCounts &counts) const {
    int64_t sum = 0;
    for (int64_t i = begin; i < begin + count; ++i) {
      int64_t n = bytes ? bytes[i] : integer(reals[i]);
      if (n < 0 || n > max)
        return -1;
      sum += n;
      counts.nonzero += n != 0;
      counts.graded += n != 0 && static_cast<float>(n) != parts;
    }
    counts.sum += sum;
    return sum;
  }

private:
  /// n of a mean n / parts, which division has rounded.
  int64_t integer(float value) const {
    float scaled = value * parts, n = std::nearbyint(scaled);
    return std::fabs(scaled - n) <= 1e-3f ? static_cast<int64_t>(n) : -1;
  }
  const float parts;
  const int64_t max;
  const float *reals = nullptr;
  const uint8_t *bytes = nullptr;
};

/// How many positions of a window an element along one axis is in.
std::vector<int64_t> reachOf(const Window &window, int axis) {
  int64_t extent = axis == 0 ? window.height : window.width;
  std::vector<int64_t> reach(extent);
  for (int64_t first = -window.padding[axis]; first + window.kernel[axis] <= extent + window.padding[axis];
       first += window.stride[axis])
    for (int64_t i = std::max<int64_t>(0, first); i < std::min(extent, first + window.kernel[axis]); ++i)
      ++reach[i];
  return reach;
}

bool countMap(const Inputs &inputs, const Layer &layer, InputCounts &counts) {
  const Window &window = *layer.window;
  std::vector<int64_t> down = reachOf(window, 0), across = reachOf(window, 1);
  int64_t channels = layer.inputValues() / (window.height * window.width);
  // One value at a time, or all channels of a position.
  int64_t planes = window.channelsFirst ? channels : 1, run = window.channelsFirst ? 1 : channels, at = 0;
  for (int64_t plane = 0; plane < planes; ++plane)
    for (int64_t y = 0; y < window.height; ++y)
      for (int64_t x = 0; x < window.width; ++x, at += run) {
        int64_t sum = inputs.add(at, run, counts);
        if (sum < 0)
          return false;
        counts.taps += sum * down[y] * across[x];
      }
  counts.rows += layer.rows;
  return true;
}

bool countRows(const Inputs &inputs, const Layer &layer, const uint8_t *active, InputCounts &counts) {
  for (int64_t row = 0; row < layer.rows; ++row) {
    if (active && !active[row])
      continue;
    int64_t sum = inputs.add(row * layer.fanIn, layer.fanIn, counts);
    if (sum < 0)
      return false;
    counts.taps += sum;
    ++counts.rows;
  }
  return true;
}

/// Spikes of one head as bits, [token][channel] or, turned, [channel][token].
class BitRows {
public:
  BitRows(int64_t rows, int64_t columns) : words((columns + 63) / 64), bits(rows * words), counts(rows) {}
  void set(int64_t row, int64_t column) {
    bits[row * words + column / 64] |= uint64_t(1) << (column % 64);
    ++counts[row];
  }
  int64_t count(int64_t row) const { return counts[row]; }
  static bool meet(const BitRows &a, int64_t i, const BitRows &b, int64_t j) {
    for (int64_t w = 0; w < a.words; ++w)
      if (a.bits[i * a.words + w] & b.bits[j * b.words + w])
        return true;
    return false;
  }

private:
  int64_t words;
  std::vector<uint64_t> bits;
  std::vector<int64_t> counts;
};

/// The sum over rows j of `weights` of count(j) times the rows i of `a` that
/// meet row j of `b`.
uint64_t metCount(const BitRows &a, const BitRows &b, int64_t rows, int64_t otherRows, const BitRows &weights) {
  uint64_t sum = 0;
  for (int64_t j = 0; j < otherRows; ++j) {
    if (weights.count(j) == 0 || b.count(j) == 0)
      continue;
    for (int64_t i = 0; i < rows; ++i)
      if (a.count(i) > 0 && BitRows::meet(a, i, b, j))
        sum += weights.count(j);
  }
  return sum;
}

void countHead(const uint8_t *const spikes[3], const Layer &layer, int64_t head, CoincidenceCounts &counts) {
  int64_t tokens = layer.rows, width = layer.channels / layer.heads;
  BitRows q(tokens, width), k(tokens, width), v(tokens, width);
  BitRows qT(width, tokens), kT(width, tokens), vT(width, tokens);
  BitRows *rows[] = {&q, &k, &v}, *turned[] = {&qT, &kT, &vT};
  for (int i : {0, 1, 2})
    for (int64_t n = 0; n < tokens; ++n)
      for (int64_t c = 0; c < width; ++c)
        if (spikes[i][n * layer.channels + head * width + c]) {
          rows[i]->set(n, c);
          turned[i]->set(c, n);
        }
  for (int64_t c = 0; c < width; ++c) {
    counts.queries += qT.count(c);
    counts.keys += kT.count(c);
    counts.values += vT.count(c);
    counts.queryKey += qT.count(c) * kT.count(c);
  }
  for (int64_t n = 0; n < tokens; ++n)
    counts.keyValue += k.count(n) * v.count(n);
  counts.scoreValue += metCount(q, k, tokens, tokens, v);
  counts.queryTable += metCount(vT, kT, width, width, qT);
}

} // namespace

InputCounter::InputCounter(const ModelInfo &info) : network(info.network) {
  for (const Layer &layer : network.layers)
    counts.push_back(emptyRates(layer));
}

Status InputCounter::onWork(const WorkView &view) {
  const Layer &layer = network.layers[view.layer];
  LayerRates here = emptyRates(layer);
  uint64_t active =
      view.active ? std::count_if(view.active, view.active + layer.rows, [](uint8_t a) { return a != 0; }) : layer.rows;
  bool isSound = true;
  for (int64_t step = 0; step < view.steps && isSound; ++step) {
    int64_t t = view.t + step;
    if (layer.kind == LayerKind::Halting) {
      here.active[t] = active;
    } else if (layer.kind == LayerKind::Coincidence) {
      const uint8_t *spikes[3];
      for (int i : {0, 1, 2})
        spikes[i] = static_cast<const uint8_t *>(view.inputs[i]) + step * layer.inputValues();
      here.coincidences[t].rows = active;
      for (int64_t head = 0; head < layer.heads; ++head)
        countHead(spikes, layer, head, here.coincidences[t]);
    } else if (layer.isReal()) {
      here.inputs[t].rows = active;
    } else {
      Inputs inputs(view, layer, step);
      isSound = layer.window ? countMap(inputs, layer, here.inputs[t])
                             : countRows(inputs, layer, view.active, here.inputs[t]);
    }
  }
  if (!isSound)
    return makeError("layer ", layer.name, ": image ", view.image, ": required inputs n / ", layer.parts,
                     " with n = 0 to ", layer.max, ", found another; the code in the artifact is wrong");
  std::lock_guard<std::mutex> lock(mutex);
  counts[view.layer] += here;
  return {};
}
