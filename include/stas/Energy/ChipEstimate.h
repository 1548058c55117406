//===- ChipEstimate.h - Energy and time of a network on a chip  -*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Static: from a core map and the rates of its populations, without a run.
// Events are those that cost profiles price and the simulator counts
// (docs/Targets/Chip.md). What is not known is an interval:
//
//   spikes of a population    0 to one for each neuron and run, or measured
//   synaptic operations       spikes * synapses of a neuron, in the mean
//   messages, hops            spikes * targets, links of the routes
//   updates                   each run with input to all without, or measured
//   learning updates          0 to a pair for each spike and channel of a head
//
// Energy is count times price. Time is by the barrier model: each chip step as
// long as its slowest core, and the barrier.
//
//===----------------------------------------------------------------------===//

#ifndef STAS_ENERGY_CHIPESTIMATE_H
#define STAS_ENERGY_CHIPESTIMATE_H

#include "stas/Energy/Estimate.h"
#include "stas/Energy/Rates.h"
#include "stas/Target/Artifact/CoreMap.h"

#include <map>

namespace stas::energy {

/// Of an image, a population of the core map.
struct PopulationRates {
  Interval spikes;
  std::optional<double> active; ///< Runs of neurons that had input; none: not measured.
  std::optional<double> idle;   ///< Updates without, in every chip step.
};

struct ChipRates {
  uint64_t images = 0; ///< That they were measured on; 0: bounds.
  std::vector<PopulationRates> populations;
};

/// What rates can be.
ChipRates boundsOf(const coremap::CoreMap &map);

/// Of counts over `images`, one of each population of the map.
ChipRates ratesOf(const coremap::CoreMap &map, uint64_t images, const std::vector<PopulationCounts> &counts);

/// Reads rates of `map` from what `stas run` wrote with --rates, or printed with
/// --stats --json. The error names file and key of what cannot be a run of it.
Result<ChipRates> readChipRates(const std::string &path, const coremap::CoreMap &map);

using EventIntervals = std::array<Interval, kEvents>;

/// A layer, or a core, for an image.
struct ChipPart {
  std::string name;
  EventIntervals events{};
  Interval picojoules; ///< Of events that have a price; static power is no part's.

  const Interval &of(Event event) const { return events[static_cast<size_t>(event)]; }
};

/// Per image.
struct ChipEstimate {
  const Profile *profile = nullptr;
  uint64_t images = 0; ///< That rates were measured on; 0: bounds.
  uint64_t steps = 0;  ///< Chip steps.
  uint64_t chips = 0;  ///< With a core in use.
  EventIntervals events{};
  Interval picojoules;          ///< Of what has a price, static power included.
  Interval staticPicojoules;    ///< Of the chips in use, over the time.
  Interval nanoseconds;         ///< By the barrier model; of what has a time.
  std::vector<ChipPart> layers; ///< By population: its updates, what reaches it, and its messages.
  std::vector<ChipPart> cores;
  /// Messages from a tile to its neighbour: row, column, row, column.
  std::map<std::array<int64_t, 4>, Interval> links;

  bool isMeasured() const { return images > 0; }
  const Interval &of(Event event) const { return events[static_cast<size_t>(event)]; }
  std::vector<Event> unpriced() const; ///< That may occur: the energy is a lower bound.
  std::vector<Event> untimed() const;  ///< The same of times, of what keeps a core busy.
};

/// Of what has a price.
Interval energyOf(const EventIntervals &events, const Profile &profile);
/// Of `chips` over a time; nothing where the profile has no static power.
Interval staticEnergy(uint64_t chips, Interval nanoseconds, const Profile &profile);

/// The profile must outlive the result.
ChipEstimate estimateChip(const coremap::CoreMap &map, const Profile &profile, const ChipRates &rates);

void printText(std::ostream &out, const ChipEstimate &estimate, const std::string &artifact,
               const std::string &ratesFile);
/// docs/Energy.md has the keys.
void printJson(std::ostream &out, const ChipEstimate &estimate, const std::string &artifact,
               const std::string &ratesFile);

} // namespace stas::energy

#endif // STAS_ENERGY_CHIPESTIMATE_H
