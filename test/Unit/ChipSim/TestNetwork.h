//===- TestNetwork.h - Networks on a chip, written by hand ------*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Small enough to compute by hand, mapped without a compiler: a core for each
// population, or several of them by channels. Images are what inputs fire:
// their first layer copies pixels of 0 and 1.
//
//===----------------------------------------------------------------------===//

#ifndef STAS_TEST_UNIT_CHIPSIM_TESTNETWORK_H
#define STAS_TEST_UNIT_CHIPSIM_TESTNETWORK_H

#include "stas/Runtime/ChipActivity.h"
#include "stas/Runtime/Model.h"
#include "stas/Target/Artifact/Artifact.h"
#include "stas/Target/Artifact/CoreMap.h"

#include <string>
#include <vector>

namespace stas {
namespace test {

class TestNetwork {
public:
  explicit TestNetwork(uint32_t timesteps, uint32_t interval = 1);

  coremap::CoreMap map;
  artifact::Manifest manifest;
  std::string weights;
  uint32_t coresOfEach = 1; ///< That a population with so many channels is split over.

  /// An input of [height][width][channels] that fires pixels of 1 of the frame of each timestep, at `step`; with
  /// `counts`, once, in how many frames they were 1. The image is [timesteps][channels, height, width].
  uint32_t input(uint32_t height, uint32_t width, uint32_t channels, uint32_t step, bool counts = false);
  uint32_t add(coremap::Program program, uint32_t height, uint32_t width, uint32_t channels, uint32_t payload,
               uint32_t step, uint32_t runs);
  /// The same for a neuron of tau 2 and hard reset, driven by integers without a fraction but that of its steps: fires
  /// where the membrane, in units of 2^-steps, reaches the threshold.
  uint32_t addLif(coremap::Program program, uint32_t height, uint32_t width, uint32_t channels, uint32_t payload,
                  uint32_t step, uint32_t runs, uint32_t steps, int64_t threshold, int64_t bias = 0);
  uint32_t addHalting(uint32_t tokens, uint32_t step, uint32_t runs, uint32_t limit, std::vector<int32_t> scores,
                      bool last, coremap::Halting::Order order = coremap::Halting::ORDER_LEXICOGRAPHIC);

  uint32_t dense(uint32_t rows, uint32_t columns, const std::vector<int8_t> &values,
                 coremap::Synapses::Form form = coremap::Synapses::FORM_DENSE);
  uint32_t counters(uint32_t rows, uint32_t columns);
  uint32_t constant(uint32_t factor = 1);

  coremap::Projection &connect(uint32_t source, uint32_t target, uint32_t table, uint32_t delay = 0);
  coremap::Projection &connect(uint32_t source, uint32_t target, uint32_t table, uint32_t delay,
                               coremap::Projection::Port port, coremap::Projection::Tokens tokens,
                               coremap::Projection::Channels channels, uint32_t group = 0);

  /// The logits are the sums of a readout of so many channels, which is added; it takes `source`'s spikes of all
  /// tokens.
  uint32_t readOut(uint32_t source, uint32_t step, uint32_t runs, uint32_t delay = 0);

  /// Puts populations on cores and writes the artifact.
  void write(const std::string &path);

  struct Outcome {
    std::vector<float> logits;
    std::vector<int32_t> halting;
    ChipActivity activity;
    std::string error; ///< Of run(); empty where it succeeded.
  };
  /// Writes, loads and runs images, of which there is at least one.
  Outcome run(const std::vector<std::vector<float>> &images, int threads = 1, Observer *observer = nullptr);

private:
  template <typename T> uint64_t store(const std::vector<T> &values);
  void place();

  uint32_t classes = 0;
};

/// Of one image; halting steps where there is room for them.
Batch oneImage(const std::vector<float> &pixels, std::vector<float> &logits, std::vector<int32_t> *halting = nullptr);

} // namespace test
} // namespace stas

#endif // STAS_TEST_UNIT_CHIPSIM_TESTNETWORK_H
