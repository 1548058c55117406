//===- Plan.h - A core map as a simulator runs it ---------------*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Each core has tiles of neurons and in-axons. What an in-axon does there is
// derived from the projections of its population, as a core's synapse tables
// would be; nothing looks at another core. Synapses are not expanded: a spike
// finds its targets from tokens and channels.
//
//===----------------------------------------------------------------------===//

#ifndef STAS_LIB_RUNTIME_CHIP_PLAN_H
#define STAS_LIB_RUNTIME_CHIP_PLAN_H

#include "stas/Quantization/IntegerNeuron.h"
#include "stas/Support/Error.h"
#include "stas/Target/Artifact/Artifact.h"
#include "stas/Target/Artifact/CoreMap.h"

#include <string_view>
#include <vector>

namespace stas {
namespace chipsim {

/// Numbers in the section `weights`.
template <typename T> const T *arrayAt(std::string_view weights, uint64_t at) {
  return reinterpret_cast<const T *>(weights.data() + at);
}

/// The neurons of a layer.
struct NeuronPlan {
  NeuronForm form;
  int64_t steps = 1; ///< That a staircase stands for.
  bool each = false; ///< Arrays have a number for each channel.
  const int64_t *biases = nullptr, *thresholds = nullptr, *resets = nullptr;

  NeuronPlan() = default;
  NeuronPlan(const coremap::Neuron &neuron, std::string_view weights);
  int64_t at(int64_t channel) const { return each ? channel : 0; }
  int64_t current(int64_t sum, int64_t channel) const { return form.current(sum, biases[at(channel)]); }
  /// Whether a neuron fires on a current; updates its membrane.
  bool step(int64_t current, int64_t channel, int64_t &membrane) const {
    return form.step(current, thresholds[at(channel)], form.soft ? resets[at(channel)] : 0, membrane);
  }
  /// Whether no current of a sum of at most that magnitude reaches 2^62.
  bool fits(int64_t sum, int64_t channel) const;
};

struct PopulationPlan {
  const coremap::Population *is = nullptr;
  NeuronPlan neuron;
  const int32_t *scores = nullptr;
  int64_t limit = 0; ///< Magnitudes of its states are below.
  bool hasGain = false, hasHold = false;
  int64_t sourceTokens = 0; ///< With gain: of what it adds.
  /// The run at a chip step, or -1.
  int64_t runAt(int64_t step, int64_t interval) const {
    int64_t since = step - is->step();
    if (since < 0 || since % interval != 0)
      return -1;
    int64_t run = since / interval;
    return run < is->runs() ? run : -1;
  }
};

/// Neurons of a population on a core: [rows][columns][channels] of a box.
struct TilePlan {
  int64_t population;
  int64_t row, rows, column, columns, channel, channels; ///< First and count.
  /// The flows that a neuron's spikes take: flows[firstFlow[n]] to
  /// flows[firstFlow[n + 1] - 1].
  std::vector<uint32_t> firstFlow, flows;

  int64_t tokens() const { return rows * columns; }
  int64_t neurons() const { return tokens() * channels; }
};

/// A fast-weight table on a core: its columns, from the first that a tile has
/// to the last.
struct CounterPlan {
  int64_t table, population;
  int64_t group; ///< Channels of a head: rows.
  int64_t column, columns;
  std::vector<bool> present;
};

/// What spikes of an in-axon do at a tile.
struct ConnectionPlan {
  const coremap::Projection *by;
  const coremap::Synapses *table;
  const void *weights = nullptr; ///< [rows][columns] of the table.
  int64_t tile;
  int64_t counter = -1;
};

/// In-axons of a flow.
struct InflowPlan {
  uint32_t flow;
  uint32_t firstConnection, endConnection;
};

struct CorePlan {
  std::vector<TilePlan> tiles;
  std::vector<CounterPlan> counters;
  std::vector<ConnectionPlan> connections;
  std::vector<InflowPlan> inflows;
  int64_t neurons = 0;
  int64_t synapseBits = 0;
};

struct FlowPlan {
  int64_t delay = 0;
  int64_t firstSlot = 0;                             ///< Of delay + 2: spikes of so many chip steps are under way.
  bool carriesNumbers = false, carriesGates = false; ///< Of a halting population: what its targets take.
};

/// The whole artifact, ready to run. Points into artifact and weights.
struct ChipPlan {
  const coremap::CoreMap *map = nullptr;
  std::string_view weights;
  std::vector<PopulationPlan> populations;
  std::vector<CorePlan> cores;
  std::vector<FlowPlan> flows;
  int64_t slots = 0;
  int64_t steps = 0; ///< Chip steps of an image.
  int64_t interval = 1;

  /// Fails where weights or biases are so large that sums could leave 64 bits.
  static Result<ChipPlan> build(const artifact::Artifact &artifact);
};

} // namespace chipsim
} // namespace stas

#endif // STAS_LIB_RUNTIME_CHIP_PLAN_H
