//===- LayerValues.cpp - What a recipe finds in the checkpoint ------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "LayerValues.h"
#include "llvm/ADT/STLExtras.h"
#include <algorithm>
#include <cmath>

using namespace llvm;
using namespace stas;

double LayerValues::magnitude(int64_t c) const {
  double largest = 0.0;
  for (double weight : row(c))
    largest = std::max(largest, std::fabs(weight));
  return largest;
}

Expected<LayerValues> stas::readLayer(spike::QuantAttr quant, WeightReader &weights) {
  LayerValues values;
  values.channels = std::max<int64_t>(quant.getChannels(), 1);
  if (WeightAttr weight = quant.getWeight()) {
    Expected<std::vector<double>> read = weights.readDoubles(weight);
    if (!read)
      return read.takeError();
    values.name = "'" + weight.getKey().str() + "'";
    values.weights = std::move(*read);
    values.inputs = values.weights.size() / values.channels;
  } else {
    values.name = "the counts";
  }
  Expected<FoldedNorm> norm = foldNorm(quant.getNorm(), values.channels, weights);
  if (!norm)
    return norm.takeError();
  values.norm = std::move(*norm);
  auto isFinite = [](double value) { return std::isfinite(value); };
  for (int64_t c = 0; c < values.channels; ++c)
    if (!all_of(values.row(c), isFinite) || !isFinite(values.norm.scale[c]) || !isFinite(values.norm.shift[c]))
      return createStringError("channel %lld of %s: requires finite weights, scale and shift, found scale %g and shift "
                               "%g%s: the checkpoint holds NaN or infinity, or a negative variance",
                               static_cast<long long>(c), values.name.c_str(), values.norm.scale[c],
                               values.norm.shift[c],
                               all_of(values.row(c), isFinite) ? "" : ", and a weight that is not");
  return values;
}

Int128 stas::roundWeights(ArrayRef<double> values, double step, int64_t largest, bool negate,
                          std::vector<int32_t> &rounded) {
  // Adding 1.5 * 2^52 leaves no bits for a fraction: the sum is rounded to an integer, half to even. |value / step| is
  // below 2^24 here.
  constexpr double shifter = 0x1.8p52;
  double sign = negate ? -1.0 : 1.0, bound = static_cast<double>(largest), carried = 0.0;
  int64_t sum = 0, left = values.size() - count(values, 0.0); // fewer than 2^39 weights
  rounded.assign(values.size(), 0);
  for (size_t k = 0; k < values.size(); ++k) {
    if (values[k] == 0.0)
      continue;
    double exact = sign * values[k] / step + carried;
    double whole = std::clamp((exact + shifter) - shifter, -bound, bound);
    carried += (exact - whole) / static_cast<double>(--left + 3);
    rounded[k] = static_cast<int32_t>(whole);
    sum += std::abs(rounded[k]);
  }
  return sum;
}

int64_t stas::boundOfSum(Int128 magnitudes, int64_t inputMax) {
  Int128 bound = magnitudes * inputMax;
  return bound > unreachable ? unreachable : static_cast<int64_t>(bound);
}
