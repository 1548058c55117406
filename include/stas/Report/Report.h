//===- Report.h - A compiled model as a page for people ------- -*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One HTML file that needs nothing else: no script, no network, no font. It
// shows what an artifact is, what its plan does, what it costs and, where it
// was run, how good and how sparse it was; each picture has its numbers in a
// table. The same content gives the same bytes.
//
//===----------------------------------------------------------------------===//

#ifndef STAS_REPORT_REPORT_H
#define STAS_REPORT_REPORT_H

#include "stas/Energy/ChipEstimate.h"
#include "stas/Runtime/ChipActivity.h"
#include "stas/Target/Artifact/Artifact.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace stas::report {

/// Images of one class.
struct ClassCount {
  uint64_t images = 0, correct = 0;
};

/// How often the neurons of a layer fired.
struct FiringRate {
  std::string layer; ///< The checkpoint's module, e.g. block.0.attn.q_lif.
  uint64_t neurons = 0, timesteps = 0, spikes = 0;
  double rate = 0; ///< Spikes / (neurons * timesteps * images).
  /// The same of each timestep; empty where only the mean is known.
  std::vector<double> ofTimestep;
};

/// An image, and where the network spent its blocks on it.
struct Example {
  std::string name;           ///< Of the image.
  std::string reason;         ///< Why it is shown, e.g. "the least work".
  std::vector<float> pixels;  ///< [frames, C, H, W], normalised.
  std::vector<int32_t> steps; ///< [tokens]: the (t, l) at which each was active.
  int64_t predicted = 0;
  std::optional<int64_t> label;
};

/// What a run on images has shown. Whatever was not measured is empty.
struct Run {
  std::string images; ///< Where they are from.
  uint64_t count = 0; ///< Of images.
  std::optional<uint64_t> correct;
  std::vector<ClassCount> classes;    ///< [class].
  std::vector<FiringRate> rates;      ///< In the order of the plan.
  std::vector<uint64_t> tokensByStep; ///< Tokens that were active at so many (t, l); [0] is 0.
  std::vector<Example> examples;
};

/// Reads what `stas run --json` printed for this artifact, which has a core map
/// where it is for a chip. Nothing in the file is believed: the error names file
/// and key of what cannot be a run of it.
Result<Run> readRun(const std::string &path, const artifact::Manifest &manifest, const coremap::CoreMap *map = nullptr);

/// What a page is made of. All of it must outlive the call.
struct Content {
  const artifact::Artifact &artifact;
  const energy::Estimate &estimate;     ///< Without layers: an old artifact, which says nothing of its work.
  const energy::Rates *rates = nullptr; ///< That the estimate is from; null: bounds.
  std::string ratesSource = {};         ///< Where they, or those of `chip`, are from: a file or images.
  const Run *run = nullptr;             ///< Null: not run.
  /// Of a chip: the estimate of its events, from the rates of the run where it
  /// has run; what its simulation counted in the run, and what the chip's events
  /// cost, null where there is none.
  const energy::ChipEstimate *chip = nullptr;
  const ChipActivity *activity = nullptr;
  const energy::Profile *costs = nullptr;
};

/// The page. Its size is bounded: what is longer than a table or a picture can
/// show is cut, and the page says so and where the rest is.
std::string page(const Content &content);

} // namespace stas::report

#endif // STAS_REPORT_REPORT_H
