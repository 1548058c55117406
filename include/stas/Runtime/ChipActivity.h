//===- ChipActivity.h - What happened on a simulated chip -------*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Counts of a simulation, by the events that cost profiles price
// (lib/Energy/Profile.proto says what each one is). docs/Targets/Chip.md has
// the model of time.
//
//===----------------------------------------------------------------------===//

#ifndef STAS_RUNTIME_CHIPACTIVITY_H
#define STAS_RUNTIME_CHIPACTIVITY_H

#include "stas/Energy/Profile.h"

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace stas {

using EventCounts = std::array<uint64_t, energy::kEvents>;

/// All counts are sums over the images that ran.
struct ChipActivity {
  struct Core {
    std::string name;
    int64_t row = 0, column = 0, index = 0; ///< Of its tile, over all chips; in the tile.
    int64_t neurons = 0;
    int64_t synapseBits = 0; ///< Of its tables and counters.
    EventCounts events{};    ///< Hops are no core's.
  };
  struct Population {
    std::string name;
    std::string program;
    int64_t neurons = 0;
    uint64_t spikes = 0;
    uint64_t active = 0, idle = 0, gated = 0; ///< Runs of neurons: with input, without, and of halted tokens.
  };
  /// From a tile to its neighbour.
  struct Link {
    int64_t row, column, toRow, toColumn;
    bool leavesChip;
    uint64_t messages;
  };

  /// Set by the caller: how long an event keeps its core busy, in picoseconds;
  /// the barrier's is what a chip step takes beyond its slowest core.
  std::array<uint64_t, energy::kEvents> picoseconds{};

  int64_t images = 0;
  int64_t steps = 0;           ///< Chip steps of one image.
  int64_t chips = 0;           ///< With at least one core in use.
  EventCounts events{};        ///< Of all cores and links.
  uint64_t hostOperations = 0; ///< Multiply-accumulates of first layer and classifier.
  /// By the barrier model: of each chip step the time of its slowest core and
  /// the barrier.
  uint64_t time = 0; ///< In picoseconds.
  /// Over the chip steps, the most of an event at one core: what could not be
  /// faster however the rest is spread.
  EventCounts critical{};
  std::vector<Core> cores;
  std::vector<Population> populations;
  std::vector<Link> links; ///< That carried messages, by row and column.

  uint64_t count(energy::Event event) const { return events[static_cast<size_t>(event)]; }
};

} // namespace stas

#endif // STAS_RUNTIME_CHIPACTIVITY_H
