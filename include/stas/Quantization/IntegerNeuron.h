//===- IntegerNeuron.h - LIF neurons in integers ----------------*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The neuron of `#stas.lif` in integers. All of a channel's potentials are in
// units of u_c / 2^F, u_c the real value of 1 in the layer's sum, and measured
// from v_reset. Per timestep, with the integer sum acc:
//
//   I = (acc * 2^G + B_c) * 2^(F - G)              the current
//   H = (V >> 1) + (I >> 1)                        Mode::Halve
//   H = V + round_half_even((I - V) * m / 2^30)    Mode::General
//   fires iff H >= theta_c
//   V = 0 after a spike with hard reset, H - reset_c with soft reset; else H
//
// Halve serves tau = 2, hard reset and at most 8 steps, with F = steps + G: then
// V is even at every step, so that nothing is rounded. General serves the rest,
// with F = 8 + G and m = round_half_even(2^30 / tau); H lies between V and I, so
// that a bound of |I| is one of |V| and |H|.
//
//===----------------------------------------------------------------------===//
#ifndef STAS_QUANTIZATION_INTEGERNEURON_H
#define STAS_QUANTIZATION_INTEGERNEURON_H

#include "stas/Quantization/Exact.h"

namespace stas {
namespace spike {
class QuantAttr; // dialects/Spike/SpikeAttrs.h; the arithmetic needs no MLIR
} // namespace spike

/// The arithmetic of a layer's neurons: everything that does not differ from channel to channel.
struct NeuronForm {
  enum class Mode { Halve, General };

  Mode mode = Mode::Halve;
  bool soft = false;      ///< soft reset
  bool wide = false;      ///< state_bits > 32: products of General need 128 bits
  int guard = 0;          ///< G, fractional bits of the bias
  int fraction = 0;       ///< F, fractional bits of current and membrane
  int64_t multiplier = 0; ///< m, of General

  /// The form of a recipe that has a neuron.
  static NeuronForm of(spike::QuantAttr quant);

  /// I, of the sum `acc` and the bias B.
  int64_t current(int64_t acc, int64_t bias) const {
    return (acc * (int64_t(1) << guard) + bias) * (int64_t(1) << (fraction - guard));
  }
  /// H, of the membrane V and the current I.
  int64_t charge(int64_t v, int64_t i) const {
    if (mode == Mode::Halve)
      return (v >> 1) + (i >> 1);
    return v + (wide ? scaleByQ30<Int128>(i - v, multiplier) : scaleByQ30<int64_t>(i - v, multiplier));
  }
  /// Whether a neuron of membrane v fires on the current i; updates v. `reset` is what soft reset takes from it.
  bool step(int64_t i, int64_t threshold, int64_t reset, int64_t &v) const {
    int64_t h = charge(v, i);
    bool fires = h >= threshold;
    v = !fires ? h : soft ? h - reset : 0;
    return fires;
  }
};

} // namespace stas

#endif // STAS_QUANTIZATION_INTEGERNEURON_H
