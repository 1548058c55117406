//===- State.h - One image on a simulated chip ------------------*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Threads share an image core by core. In a chip step a core writes its own
// state and the spikes of flows that leave it, and reads spikes of steps
// before: one barrier a step is all that they need.
//
//===----------------------------------------------------------------------===//

#ifndef STAS_LIB_RUNTIME_CHIP_STATE_H
#define STAS_LIB_RUNTIME_CHIP_STATE_H

#include "Plan.h"
#include "stas/Runtime/ChipActivity.h"

namespace stas {
namespace chipsim {

/// A message. Of halting neurons it carries what each port takes.
struct Spike {
  uint32_t neuron;
  uint32_t payload;
  uint32_t gain = 0;
  bool gates = false;
};

/// Spikes that a flow carried away in a chip step.
struct Slot {
  int64_t step = -1;
  std::vector<Spike> spikes;
};

/// States of the neurons of a tile, by their place in it.
struct TileState {
  enum Input : uint8_t { Now = 1, Held = 2 };

  std::vector<int64_t> sums;      ///< Since the last run; of program maximum the largest.
  std::vector<int64_t> held;      ///< What counts at every run.
  std::vector<int64_t> membranes; ///< Of readouts what they have summed up, of rectangular halting H of its runs.
  std::vector<int64_t> scores;    ///< Of halting: what port score brought.
  std::vector<int64_t> gains;     ///< Of readouts, by source token: of this step.
  std::vector<uint8_t> inputOfToken, inputOfNeuron; ///< Input, of all neurons of a token and of one.
  std::vector<uint8_t> gated;                       ///< [tokens][runs]
  std::vector<uint8_t> done;                        ///< Of halting: a token that has halted or passed its gate on.
  std::vector<int32_t> haltRuns;                    ///< Of halting: runs of a token without a gate.

  uint64_t spikes = 0, active = 0, idle = 0, gatedRuns = 0; ///< Of all images.
};

/// A fast-weight table: what one step raises the next one reads.
struct CounterState {
  struct Event {
    int64_t token, channel;
    bool operator<(const Event &other) const {
      return token != other.token ? token < other.token : channel < other.channel;
    }
  };
  std::vector<Event> keys, values; ///< Of this step.
  std::vector<uint32_t> counts[2]; ///< [rows][columns], of even and odd steps.
  int64_t stamps[2] = {-1, -1};    ///< The step in which they were raised.
};

struct CoreState {
  std::vector<TileState> tiles;
  std::vector<CounterState> counters;
  EventCounts now{};    ///< Of this step.
  EventCounts events{}; ///< Of all images.
};

/// What one step took, for the slowest core of all.
struct StepMaximum {
  uint64_t time = 0;
  EventCounts events{};
};

struct ImageState {
  std::vector<CoreState> cores;
  std::vector<Slot> slots;
  std::vector<uint64_t> flowSpikes; ///< Of all images.
  /// What the host wrote, by population: [runs][neurons].
  std::vector<std::vector<uint32_t>> inputs;
  /// Where spikes are to be seen, by population: of the last run, [steps][neurons].
  std::vector<std::vector<uint8_t>> seen;
  std::vector<StepMaximum> maxima; ///< By thread; cleared each step.
  uint64_t time = 0;
  EventCounts critical{};

  ImageState(const ChipPlan &plan, int threads, bool isObserved);
  /// Before an image.
  void clear(const ChipPlan &plan);
};

/// Runs a core through a chip step: what arrives, then the neurons, then what
/// they fire.
class CoreStep {
public:
  CoreStep(const ChipPlan &plan, ImageState &state, int64_t core, int64_t step)
      : plan(plan), core(plan.cores[core]), state(state), own(state.cores[core]), step(step) {}

  /// An error is one that the compiler has proved impossible.
  Status run();

private:
  void arrive();
  void deliver(const ConnectionPlan &connection, const Spike &spike);
  void reach(const ConnectionPlan &connection, const Spike &spike, int64_t source, int64_t token, int64_t row);
  void gate(const ConnectionPlan &connection, int64_t token);
  void raiseCounters(const CounterPlan &plan, CounterState &counter);
  void count(energy::Event event, uint64_t n = 1) { own.now[static_cast<size_t>(event)] += n; }

  Status update(size_t tile);
  template <typename Body> Status forRuns(const TilePlan &tile, TileState &state, int64_t run, Body body);
  Status runNeurons(const TilePlan &tile, TileState &state, int64_t run);
  Status runHalting(const TilePlan &tile, TileState &state, int64_t run);
  Status overflow(const PopulationPlan &of, int64_t value) const;
  void fire(const TilePlan &tile, int64_t place, Spike spike);
  uint32_t numberOf(const TilePlan &tile, int64_t place) const;

  const ChipPlan &plan;
  const CorePlan &core;
  ImageState &state;
  CoreState &own;
  int64_t step;
  int64_t arriving = 0; ///< The step whose spikes of the flow at hand arrive.
  int64_t gatedNow = 0; ///< Neurons that a gate keeps from running.
};

} // namespace chipsim
} // namespace stas

#endif // STAS_LIB_RUNTIME_CHIP_STATE_H
