//===- QuantizedHead.cpp - Integer tables of a classifier -----------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "LayerValues.h"
#include "stas/Quantization/QuantizedLayer.h"
#include <cmath>

using namespace llvm;
using namespace stas;

namespace {

/// A classifier whose weights are multiples of `step`; whether its sums fit 64 bits. The scale of each class is in its
/// weights already.
bool attempt(const LayerValues &values, spike::QuantAttr quant, double step, QuantizedHead &head) {
  int64_t largest = largestWeight(quant.getBits());
  head.weights.clear();
  head.biases.clear();
  head.unit = step * quant.getInputUnit();
  Int128 bound = 0;
  for (int64_t c = 0; c < values.channels; ++c) {
    std::vector<int32_t> row;
    Int128 sum = roundWeights(values.row(c), step, largest, /*negate=*/false, row);
    append_range(head.weights, row);
    int64_t bias = roundHalfEven(values.norm.shift[c] / head.unit);
    head.biases.push_back(bias);
    bound = std::max<Int128>(bound, sum * quant.getInputMax() + (bias < 0 ? -Int128(bias) : bias));
  }
  bool fits = bound < unreachable;
  head.bound = fits ? static_cast<int64_t>(bound) : unreachable;
  return fits;
}

} // namespace

float QuantizedHead::logit(int64_t acc, size_t c) const {
  return static_cast<float>(static_cast<double>(acc + biases[c]) * unit);
}

Expected<QuantizedHead> stas::quantizeHead(spike::QuantAttr quant, WeightReader &weights) {
  Expected<LayerValues> values = readLayer(quant, weights);
  if (!values)
    return values.takeError();
  // All classes share one unit, so the scale of a class goes into its weights.
  double largest = 0.0, shift = 0.0;
  for (int64_t c = 0; c < values->channels; ++c) {
    for (double &weight : MutableArrayRef(values->weights).slice(c * values->inputs, values->inputs))
      weight *= values->norm.scale[c];
    largest = std::max(largest, values->magnitude(c));
    shift = std::max(shift, std::fabs(values->norm.shift[c]));
  }
  // Without weights, any unit serves that the biases fit.
  double step = largest > 0.0 ? largest / largestWeight(quant.getBits())
                              : std::ldexp(shift > 0.0 ? shift : 1.0, -12) / quant.getInputUnit();
  if (!std::isnormal(step * quant.getInputUnit()))
    return createStringError("%s: requires weights whose scale is a normal double, found a largest weight of %g",
                             values->name.c_str(), largest);
  QuantizedHead head;
  head.inputs = values->inputs;
  int spare = static_cast<int>(quant.getBits()) - 5; // at least 4 bits stay
  while (!attempt(*values, quant, std::ldexp(step, head.halvings), head))
    if (++head.halvings > spare)
      return createStringError("%s: requires sums that fit 64 bits with weights of 4 bits, found inputs up to %lld and "
                               "biases up to %g",
                               values->name.c_str(), static_cast<long long>(quant.getInputMax()), shift);
  return head;
}
