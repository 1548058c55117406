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
constexpr int64_t largestWeight(int64_t bits) { return bits == 8 ? 127 : bits == 16 ? 127 * 256 + 127 : (1 << 23) - 1; }

/// values / step as integers up to `largest`, the sign changed where `negate`; returns the sum of the magnitudes.
///
/// Each is rounded half to even after what rounding left over before has been added to it: of the error of a weight,
/// each of the m that are still to come takes 1 / (m + 3). That minimises the expected square of the sum's error over
/// inputs that are correlated, E[x_i x_j] = E[x_i^2] / 4 (optimal brain quantisation: Frantar, Alistarh 2022; for these
/// inputs its matrix has this closed form). Weights of 0 stay 0.
Int128 roundWeights(llvm::ArrayRef<double> values, double step, int64_t largest, bool negate,
                    std::vector<int32_t> &rounded);

/// The largest |sum| of weights with this sum of magnitudes on inputs up to `inputMax`; `unreachable` beyond 2^63.
int64_t boundOfSum(Int128 magnitudes, int64_t inputMax);

} // namespace stas

#endif // STAS_LIB_QUANTIZATION_LAYERVALUES_H
