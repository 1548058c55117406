//===- QuantizedLayer.h - Integer tables of a layer -------------*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The one place where a layer's integers are made from a checkpoint. Compiler,
// interpreter and every target call it, so that they agree by construction; the
// recipe, `#spike.quant`, is all that the IR holds. The rules and the proof that
// nothing overflows stand in docs/IntegerContract.md.
//
//===----------------------------------------------------------------------===//
#ifndef STAS_QUANTIZATION_QUANTIZEDLAYER_H
#define STAS_QUANTIZATION_QUANTIZEDLAYER_H

#include "dialects/Spike/SpikeAttrs.h"
#include "stas/Quantization/IntegerNeuron.h"
#include "stas/Target/WeightReader.h"
#include "llvm/Support/Error.h"
#include <vector>

namespace stas {

/// A layer with neurons. Vectors have one entry per channel; one alone, which all channels share, where the recipe has
/// neither weights nor norm's vectors (attention).
struct QuantizedLayer {
  NeuronForm form;
  /// Wq, [channels][inputs] in the checkpoint's order: [N][K] or [C'][C][KH][KW] flattened; |w| <= 2^23 - 1 (24
  /// bits), 32639 (16 bits) or 127 (8 bits). Rows of channels whose scale is negative have changed sign. Empty without
  /// weight: the sum is the input.
  std::vector<int32_t> weights;
  int64_t inputs = 0;          ///< elements of a row of `weights`
  std::vector<double> units;   ///< u: the real current of a sum of 1
  std::vector<int64_t> biases; ///< B, in units of u / 2^G
  std::vector<int64_t>
      thresholds; ///< theta, in units of u / 2^F, from v_reset: fires iff H >= theta. bound + 1 where silent
  std::vector<int64_t> resets;    ///< what soft reset takes from H, in units of u / 2^F; empty with hard reset
  std::vector<int64_t> sumBounds; ///< largest |acc|
  std::vector<int64_t> bounds;    ///< largest |I|, |V|, |H|; less than 2^(min(state_bits, 63) - 1) - 1
  std::vector<int> halvings;      ///< how often the scale of the channel's weights was doubled to fit

  size_t channels() const { return thresholds.size(); }
  /// The entry of channel c.
  size_t at(size_t c) const { return channels() == 1 ? 0 : c; }
  /// Whether no input makes the channel fire.
  bool isSilent(size_t c) const { return thresholds[at(c)] > bounds[at(c)]; }
};

/// The tables of a recipe that has a neuron. Fails, naming weight and channel, where the checkpoint cannot be read,
/// holds a value that is not finite, or no scale makes the channel fit state_bits.
llvm::Expected<QuantizedLayer> quantizeLayer(spike::QuantAttr quant, WeightReader &weights);

/// The guard bits G for a recipe with a neuron (its own guard does not count): the largest of 0..8 with which every
/// channel fits state_bits without a doubled scale, or 0. With soft reset more than that where a channel would be
/// refused: the fewest with which none is, if there are any. Without weights, where Halve rounds nothing, 0.
llvm::Expected<int64_t> chooseGuard(spike::QuantAttr quant, WeightReader &weights);

/// A classifier: logit = float(double(acc + bias) * unit). One unit for all classes.
struct QuantizedHead {
  std::vector<int32_t> weights; ///< [classes][inputs]
  int64_t inputs = 0;
  std::vector<int64_t> biases; ///< in units of `unit`
  double unit = 1.0;           ///< the logit of a sum of 1
  int64_t bound = 0;           ///< largest |acc + bias| of any class, less than 2^63 - 1
  int halvings = 0;            ///< how often the scale was doubled to fit

  /// The logit of class c for the sum acc.
  float logit(int64_t acc, size_t c) const;
};

/// The tables of a recipe without neuron. Fails as `quantizeLayer` does.
llvm::Expected<QuantizedHead> quantizeHead(spike::QuantAttr quant, WeightReader &weights);

} // namespace stas

#endif // STAS_QUANTIZATION_QUANTIZEDLAYER_H
