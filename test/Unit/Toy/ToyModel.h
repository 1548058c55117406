//===- ToyModel.h - A model small enough to compute by hand -----*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// stem:  s[h,w,c] = image[c,h,w] >= 0.5, once, a map
// then at each t < T, until every token has halted:
//   lif: a LIF neuron (tau 2, threshold 1) driven by stem * weight
//   sum += spikes * (t + 1); token i halts after i + 1 steps
// head: logits[c] = sum of every classes-th element of sum, from c on
//
//===----------------------------------------------------------------------===//

#ifndef STAS_TEST_UNIT_TOY_TOYMODEL_H
#define STAS_TEST_UNIT_TOY_TOYMODEL_H

#include "stas/Target/Artifact/Artifact.h"

#include <string>
#include <vector>

namespace stas {
namespace test {

struct ToyModel {
  uint32_t frames = 1, channels = 3, height = 4, width = 2;
  uint32_t timesteps = 5, tokens = 3, classes = 4;
  std::vector<float> weights; ///< One a neuron; made by ToyModel().
  bool halts = true;
  bool otherKernels = false;
  artifact::Manifest manifest;

  ToyModel() { build(); }
  /// Makes weights and manifest again after a change of the sizes.
  void build();
  void resize(uint32_t c, uint32_t h, uint32_t w);

  uint32_t pixels() const { return channels * height * width; }
  /// Writes the artifact.
  void write(const std::string &path) const;
  std::string object() const;

  /// What a run must give.
  struct Expected {
    std::vector<float> logits;
    std::vector<uint8_t> stem;             ///< [H, W, C]
    std::vector<std::vector<uint8_t>> lif; ///< By timestep that ran.
    std::vector<int32_t> halting;
  };
  Expected compute(const float *image) const;
  /// The same, given the stem's spikes.
  Expected fromStem(const std::vector<uint8_t> &stem) const;

  /// An image, [C, H, W], that drives the neurons differently.
  std::vector<float> image(uint64_t seed) const;
  std::vector<float> images(int64_t count) const;

  // Buffers and steps, for tests that change the manifest.
  enum { Image, Stem, Current, Membrane, Lif, Sum, Active, Steps, Logits };
  enum { BeginStep, StemStep, ScaleStep, LoopStep, HeadStep };
};

/// Adds a variant with the plan's own kernels and constants.
artifact::Variant &addVariant(artifact::Manifest &manifest, const std::string &cpu);

} // namespace test
} // namespace stas

#endif // STAS_TEST_UNIT_TOY_TOYMODEL_H
