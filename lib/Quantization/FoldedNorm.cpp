//===- FoldedNorm.cpp - Scale and shift of a weighted sum -----------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "stas/Quantization/FoldedNorm.h"
#include <cmath>

using namespace llvm;
using namespace stas;

Expected<FoldedNorm> stas::foldNorm(spike::NormAttr norm, int64_t channels, WeightReader &weights) {
  auto read = [&](WeightAttr weight, double neutral) -> Expected<std::vector<double>> {
    return weight ? weights.readDoubles(weight) : std::vector<double>(channels, neutral);
  };
  std::vector<double> vectors[5];
  std::pair<WeightAttr, double> sources[] = {{norm.getBias(), 0.0},
                                             {norm.getGamma(), 1.0},
                                             {norm.getBeta(), 0.0},
                                             {norm.getMean(), 0.0},
                                             {norm.getVar(), 1.0}};
  for (auto [vector, source] : zip_equal(vectors, sources)) {
    Expected<std::vector<double>> values = read(source.first, source.second);
    if (!values)
      return values.takeError();
    vector = std::move(*values);
  }
  auto &[bias, gamma, beta, mean, var] = vectors;
  FoldedNorm folded;
  for (int64_t c = 0; c < channels; ++c) {
    double ratio = norm.getGamma() ? gamma[c] / std::sqrt(var[c] + norm.getEps()) : 1.0;
    folded.scale.push_back(norm.getUnit() * ratio);
    folded.shift.push_back(beta[c] + (bias[c] - mean[c]) * ratio);
  }
  return folded;
}
