//===- RealNeuron.h - The neuron of #stas.lif in long double ----*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef STAS_TEST_UNIT_QUANTIZATION_REALNEURON_H
#define STAS_TEST_UNIT_QUANTIZATION_REALNEURON_H

#include "stas/Quantization/QuantizedLayer.h"
#include <cmath>
#include <random>

namespace stas {
namespace test {

struct Agreement {
  int64_t neurons = 0, spikes = 0;
  int64_t close = 0;       ///< neurons whose potential came so near to the threshold that rounding may decide
  int64_t differences = 0; ///< others that fired differently
};

/// Runs every channel on random sums that change at each step, in integers and by the formula of #stas.lif, both from
/// the same integer sum. Only the rounding of the membrane in General separates the two.
inline Agreement compareWithReals(const QuantizedLayer &layer, spike::QuantAttr quant, unsigned seed) {
  LIFAttr lif = quant.getNeuron();
  std::mt19937_64 random(seed);
  Agreement result;
  long double tau = lif.getTau().value, threshold = lif.getVThreshold().value, resetTo = lif.getVReset().value;
  bool soft = lif.getReset() == ResetKind::Soft, strict = lif.getCompare() == CompareKind::GT;
  for (size_t c = 0; c < layer.channels(); ++c)
    for (int trial = 0; trial < 20; ++trial) {
      int64_t integer = 0;
      long double v = resetTo, u = layer.units[c], scaled = std::ldexp(u, -layer.form.fraction);
      // A membrane is rounded by up to half a unit at each step, and remembers a part of it.
      long double tolerance = layer.form.mode == NeuronForm::Mode::Halve ? 1e-12L * threshold : 2.0L * tau * scaled;
      tolerance += 1e-9L * tau * (std::fabs(static_cast<long double>(layer.bounds[c])) * scaled); // of m
      bool isClose = false, differs = false;
      for (int64_t t = 0; t < quant.getSteps(); ++t) {
        int64_t reach = layer.sumBounds[c];
        int64_t acc = static_cast<int64_t>(random() % (2 * reach + 1)) - reach;
        if (acc < 0 && random() % 2)
          acc = -acc;
        long double x = u * (acc + std::ldexp(static_cast<long double>(layer.biases[c]), -layer.form.guard));
        if (!lif.getDecayInput())
          x /= tau; // u is tau times as large
        long double h = lif.getDecayInput() ? v + (x - (v - resetTo)) / tau : v + x - (v - resetTo) / tau;
        bool fires = strict ? h > threshold : h >= threshold;
        isClose |= std::fabs(h - threshold) <= tolerance;
        v = !fires ? h : soft ? h - threshold : resetTo;
        int64_t reset = soft ? layer.resets[c] : 0;
        bool integerFires =
            layer.form.step(layer.form.current(acc, layer.biases[c]), layer.thresholds[c], reset, integer);
        differs |= integerFires != fires;
        result.spikes += fires;
        if (differs || isClose)
          break;
      }
      ++result.neurons;
      result.close += isClose;
      result.differences += differs && !isClose;
    }
  return result;
}

} // namespace test
} // namespace stas

#endif // STAS_TEST_UNIT_QUANTIZATION_REALNEURON_H
