//===- Neurons.cpp - Neurons of a core run and fire -----------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "State.h"

#include <algorithm>
#include <limits>

using namespace stas;
using namespace stas::chipsim;
using namespace stas::coremap;
using energy::Event;

static constexpr int64_t kHaltingOne = 1 << 24;

Status CoreStep::overflow(const PopulationPlan &of, int64_t value) const {
  return makeError("population ", of.is->name(), ", chip step ", step, ": required states of ", of.is->state_bits(),
                   " bits and payloads up to ", of.is->payload(), ", found ", value,
                   "; the compiler proves that this cannot be: the artifact is wrong");
}

uint32_t CoreStep::numberOf(const TilePlan &tile, int64_t place) const {
  const Population &of = *plan.populations[tile.population].is;
  int64_t token = place / tile.channels, row = tile.row + token / tile.columns,
          column = tile.column + token % tile.columns;
  return static_cast<uint32_t>((row * of.width() + column) * of.channels() + tile.channel + place % tile.channels);
}

/// Sends a spike along the flows of the neuron at a place.
void CoreStep::fire(const TilePlan &tile, int64_t place, Spike spike) {
  count(Event::Spike);
  bool hasNumbers = spike.payload != 0 || spike.gain != 0;
  for (uint32_t i = tile.firstFlow[place]; i < tile.firstFlow[place + 1]; ++i) {
    const FlowPlan &flow = plan.flows[tile.flows[i]];
    // A gate alone does not go where nothing takes it.
    if (!(hasNumbers && flow.carriesNumbers) && !(spike.gates && flow.carriesGates))
      continue;
    Slot &slot = state.slots[flow.firstSlot + step % (flow.delay + 2)];
    if (slot.step != step) {
      slot.step = step;
      slot.spikes.clear();
    }
    slot.spikes.push_back(spike);
    ++state.flowSpikes[tile.flows[i]];
    count(Event::MessageOut,
          plan.map->device().tree() ? 1 : plan.map->flows(static_cast<int>(tile.flows[i])).targets_size());
  }
}

/// Calls body(place) for the neurons that run; it takes their sums, which are then cleared.
template <typename Body> Status CoreStep::forRuns(const TilePlan &tile, TileState &at, int64_t run, Body body) {
  int64_t runs = plan.populations[tile.population].is->runs(), channels = tile.channels;
  for (int64_t token = 0; token < tile.tokens(); ++token) {
    bool isGated = at.gated[token * runs + run];
    uint8_t ofToken = at.inputOfToken[token];
    at.inputOfToken[token] &= TileState::Held;
    int64_t active = 0;
    for (int64_t place = token * channels; place < (token + 1) * channels; ++place) {
      active += (ofToken | at.inputOfNeuron[place]) != 0;
      at.inputOfNeuron[place] &= TileState::Held;
      if (!isGated)
        if (Status status = body(place); !status)
          return status;
      at.sums[place] = 0;
    }
    at.active += isGated ? 0 : active;
    at.idle += isGated ? 0 : channels - active;
    at.gatedRuns += isGated ? channels : 0;
    count(Event::NeuronActive, isGated ? 0 : active);
    gatedNow += isGated ? channels : 0;
  }
  return {};
}

Status CoreStep::runNeurons(const TilePlan &tile, TileState &at, int64_t run) {
  const PopulationPlan &of = plan.populations[tile.population];
  const NeuronPlan &neuron = of.neuron;
  const int64_t limit = of.limit, payload = of.is->payload();
  std::vector<uint8_t> &seen = state.seen[tile.population];
  if (!seen.empty())
    for (int64_t place = 0; place < tile.neurons(); ++place)
      for (size_t i = numberOf(tile, place); i < seen.size(); i += neuronsOf(*of.is))
        seen[i] = 0;
  auto sumOf = [&](int64_t place) { return at.sums[place] + (at.held.empty() ? 0 : at.held[place]); };
  auto send = [&](int64_t place, int64_t value) -> Status {
    if (value < 0 || value > payload || value >= limit)
      return overflow(of, value);
    if (value == 0)
      return {};
    ++at.spikes;
    fire(tile, place, {numberOf(tile, place), static_cast<uint32_t>(value)});
    return {};
  };
  switch (of.is->program()) {
  case PROGRAM_LIF:
  case PROGRAM_FASTWEIGHT:
    return forRuns(tile, at, run, [&](int64_t place) -> Status {
      int64_t channel = tile.channel + place % tile.channels, &membrane = at.membranes[place];
      int64_t current = neuron.current(sumOf(place), channel);
      if (current >= limit || current < -limit)
        return overflow(of, current);
      bool fires = neuron.step(current, channel, membrane);
      if (membrane >= limit || membrane < -limit)
        return overflow(of, membrane);
      if (!fires)
        return {};
      ++at.spikes;
      Spike spike{numberOf(tile, place), 1};
      if (!seen.empty())
        seen[spike.neuron] = 1;
      fire(tile, place, spike);
      return {};
    });
  case PROGRAM_STAIRCASE:
    return forRuns(tile, at, run, [&](int64_t place) -> Status {
      int64_t channel = tile.channel + place % tile.channels, membrane = 0, spikes = 0;
      int64_t current = neuron.current(sumOf(place), channel);
      if (current >= limit || current < -limit)
        return overflow(of, current);
      for (int64_t t = 0; t < neuron.steps; ++t) {
        bool fires = neuron.step(current, channel, membrane);
        if (membrane >= limit || membrane < -limit)
          return overflow(of, membrane);
        spikes += fires;
        if (fires && !seen.empty())
          seen[t * neuronsOf(*of.is) + numberOf(tile, place)] = 1;
      }
      return spikes > payload ? overflow(of, spikes) : send(place, spikes);
    });
  case PROGRAM_SUM:
    return forRuns(tile, at, run, [&](int64_t place) { return send(place, sumOf(place)); });
  case PROGRAM_MAXIMUM:
    return forRuns(tile, at, run, [&](int64_t place) {
      return send(place, std::max(at.sums[place], at.held.empty() ? 0 : at.held[place]));
    });
  case PROGRAM_INPUT: {
    const uint32_t *values = state.inputs[tile.population].data() + run * neuronsOf(*of.is);
    return forRuns(tile, at, run, [&](int64_t place) { return send(place, values[numberOf(tile, place)]); });
  }
  default: // readouts
    return forRuns(tile, at, run, [&](int64_t place) -> Status {
      int64_t value = at.membranes[place] += sumOf(place);
      return value >= limit || value < -limit ? overflow(of, value) : Status();
    });
  }
}

/// A neuron for each token; docs/Spec.md has its program.
Status CoreStep::runHalting(const TilePlan &tile, TileState &at, int64_t run) {
  const PopulationPlan &of = plan.populations[tile.population];
  const Halting &halting = of.is->halting();
  bool startsAnew = halting.order() == Halting::ORDER_TIMESTEP;
  bool isEnd = halting.last() && run + 1 == static_cast<int64_t>(of.is->runs());
  if (startsAnew)
    std::fill(at.done.begin(), at.done.end(), 0);
  // A gate that has come is passed on by neurons that do not run.
  for (int64_t token = 0; token < tile.tokens(); ++token) {
    if (at.gated[token * of.is->runs() + run] && !at.done[token]) {
      at.done[token] = 1;
      ++at.spikes;
      fire(tile, token, {numberOf(tile, token), 0, 0, true});
    }
  }
  Status status = forRuns(tile, at, run, [&](int64_t token) -> Status {
    if (at.done[token])
      return {};
    int64_t before = at.sums[token], value = at.scores[token];
    if (value < 0 || value >= halting.scores())
      return makeError("population ", of.is->name(), ": required a value of channel 0 below ", halting.scores(),
                       ", found ", value, "; the artifact is wrong");
    int64_t score = of.scores[value], sum = before + score;
    int64_t compared = halting.order() == Halting::ORDER_RECTANGULAR ? at.membranes[token] += sum : sum;
    if (sum < 0 || compared < 0 || compared >= of.limit || sum >= of.limit ||
        sum > std::numeric_limits<uint32_t>::max())
      return overflow(of, std::max(sum, compared));
    bool halts = isEnd || compared > halting.limit();
    int64_t gain = halts ? kHaltingOne - before : score;
    if (gain < 0 || gain > kHaltingOne)
      return overflow(of, gain);
    at.done[token] = halts;
    ++at.haltRuns[token];
    ++at.spikes;
    count(Event::HaltingTest);
    fire(tile, token, {numberOf(tile, token), static_cast<uint32_t>(sum), static_cast<uint32_t>(gain), halts});
    return {};
  });
  std::fill(at.scores.begin(), at.scores.end(), 0);
  return status;
}

Status CoreStep::update(size_t index) {
  const TilePlan &tile = core.tiles[index];
  TileState &at = own.tiles[index];
  const PopulationPlan &of = plan.populations[tile.population];
  Status status;
  if (int64_t run = of.runAt(step, plan.interval); run >= 0)
    status = of.is->has_halting() ? runHalting(tile, at, run) : runNeurons(tile, at, run);
  // Gains are of this step alone.
  std::fill(at.gains.begin(), at.gains.end(), 0);
  return status;
}

Status CoreStep::run() {
  own.now = {};
  arrive();
  for (size_t tile = 0; tile < core.tiles.size(); ++tile)
    if (Status status = update(tile); !status)
      return status;
  // Whoever neither ran on input nor was gated is idle in this step.
  if (!plan.map->device().idle_skipped())
    count(Event::NeuronIdle, core.neurons - gatedNow - own.now[static_cast<size_t>(Event::NeuronActive)]);
  for (size_t i = 0; i < own.now.size(); ++i)
    own.events[i] += own.now[i];
  return {};
}
