//===- LayerValues.h - What a recipe finds in the checkpoint ----*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef STAS_LIB_QUANTIZATION_LAYERVALUES_H
#define STAS_LIB_QUANTIZATION_LAYERVALUES_H

#include "stas/Quantization/Exact.h"
#include "stas/Quantization/FoldedNorm.h"
#include "llvm/ADT/ArrayRef.h"

namespace stas {

/// A layer's weights and norm in double; all values are finite.
struct LayerValues {
  std::string name;            ///< for errors: the weight's key
  int64_t channels = 1;        ///< one that all share, where the recipe has none
  int64_t inputs = 0;          ///< weights of a channel
  std::vector<double> weights; ///< [channels][inputs]
  FoldedNorm norm;

  llvm::ArrayRef<double> row(int64_t c) const { return llvm::ArrayRef(weights).slice(c * inputs, inputs); }
  /// The largest |weight| of channel c.
  double magnitude(int64_t c) const;
};

/// Reads what a recipe refers to. Fails where it cannot be read or is not finite.
llvm::Expected<LayerValues> readLayer(spike::QuantAttr quant, WeightReader &weights);

/// The largest integer that a weight of so many bits takes: 16-bit weights are 256 * hi + lo of two signed bytes.
constexpr int64_t largestWeight(int64_t bits) { return bits == 8 ? 127 : 127 * 256 + 127; }

/// values / step, rounded half to even, the sign changed where `negate`; returns the sum of the magnitudes.
Int128 roundWeights(llvm::ArrayRef<double> values, double step, bool negate, std::vector<int16_t> &rounded);

/// The largest |sum| of weights with this sum of magnitudes on inputs up to `inputMax`; `unreachable` beyond 2^63.
int64_t boundOfSum(Int128 magnitudes, int64_t inputMax);

} // namespace stas

#endif // STAS_LIB_QUANTIZATION_LAYERVALUES_H
