//===- RunReport.h - What a run has shown -----------------------*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef STAS_TOOLS_STAS_RUNREPORT_H
#define STAS_TOOLS_STAS_RUNREPORT_H

#include "ChipReport.h"
#include "stas/Runtime/Model.h"

#include <optional>
#include <ostream>
#include <string>
#include <vector>

namespace stas {

/// Times of launches with the same layer added up, in the order of the plan.
std::vector<LaunchTime> byLayer(const std::vector<LaunchTime> &times);

/// The figures that `stas run` prints. docs/Running.md explains each of them.
struct RunReport {
  /// A prediction, shown where images have no labels to be counted against.
  struct Prediction {
    std::string image;
    int64_t predicted;
    float logit;
  };
  struct LayerRate {
    std::string layer;
    double rate;
    uint64_t spikes;
    int64_t neurons;
    int64_t timesteps;
  };

  /// Images with that label.
  struct ClassCount {
    int64_t images = 0, correct = 0;
  };

  std::string artifact;
  const ModelInfo *info = nullptr;
  int64_t images = 0;
  int threads = 0;
  int64_t batch = 0;
  double seconds = 0;    ///< Of inference.
  bool observed = false; ///< Observers took part of that time.

  std::optional<int64_t> correct;        ///< Images, with labels.
  std::vector<ClassCount> classes;       ///< [class], with labels.
  std::optional<int64_t> agreeing;       ///< Images, with a reference.
  double largestDifference = 0;          ///< Between logits.
  std::optional<int64_t> sameHalting;    ///< Tokens, with a reference.
  std::vector<int64_t> haltingHistogram; ///< Tokens by step; [0] is unused.
  std::vector<Prediction> predictions;
  std::vector<LayerRate> rates;
  std::vector<LaunchTime> times;  ///< Seconds of all threads together.
  std::optional<ChipReport> chip; ///< Of a simulation, with --stats.

  double imagesPerSecond() const;
  double meanBlocks() const;
  /// In lexicographic order only; see ModelInfo.
  double meanTimesteps() const;
  int64_t tokens() const { return images * info->tokens; }

  void printText(std::ostream &out) const;
  void printJson(std::ostream &out) const;
};

} // namespace stas

#endif // STAS_TOOLS_STAS_RUNREPORT_H
