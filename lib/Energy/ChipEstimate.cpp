//===- ChipEstimate.cpp - Energy and time of a network on a chip ----------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "stas/Energy/ChipEstimate.h"
#include "stas/Support/Window.h"
#include "stas/Target/Artifact/Links.h"

#include <algorithm>
#include <set>

using namespace stas;
using namespace stas::energy;
using namespace stas::coremap;

namespace {

Interval upTo(double most) { return {0, most}; }

int64_t tokensOf(const Tile &tile) {
  return int64_t(tile.row_end() - tile.row_begin()) * (tile.column_end() - tile.column_begin());
}
int64_t channelsOf(const Tile &tile) { return int64_t(tile.channel_end()) - tile.channel_begin(); }

/// Pairs of a token of the source and one of the tile that a projection joins.
int64_t tokenPairs(const Projection &by, const Population &source, const Tile &tile) {
  if (by.tokens() == Projection::TOKENS_ALL)
    return coremap::tokensOf(source) * tokensOf(tile);
  if (by.tokens() == Projection::TOKENS_SAME)
    return tokensOf(tile);
  const coremap::Window &window = by.window();
  return tapsInside(tile.row_begin(), tile.row_end(), window.kernel_height(), window.stride_y(), window.padding_y(),
                    source.height()) *
         tapsInside(tile.column_begin(), tile.column_end(), window.kernel_width(), window.stride_x(),
                    window.padding_x(), source.width());
}

/// The same of channels, for one pair of tokens.
int64_t channelPairs(const Projection &by, const Population &source, const Tile &tile) {
  switch (by.channels()) {
  case Projection::CHANNELS_GROUP:
    return channelsOf(tile) * by.group();
  case Projection::CHANNELS_ALL:
    return channelsOf(tile) * source.channels();
  default: // same, and first: the source's channel 0
    return channelsOf(tile);
  }
}

Event synapseOf(const Synapses &table) {
  return table.form() == Synapses::FORM_CONSTANT ? Event::SynapseSparse
         : table.form() == Synapses::FORM_SHARED ? Event::SynapseShared
                                                 : Event::SynapseDense;
}

class Estimator {
public:
  Estimator(const CoreMap &map, const Profile &profile, const ChipRates &rates)
      : map(map), profile(profile), rates(rates), busy(map.cores_size()) {}
  ChipEstimate run();

private:
  void prepare();
  void addPairs(int core, const Tile &tile, const Projection &by);
  void addUpdates(int core, const Tile &tile);
  void addMessages(int index);
  void addRoutes();
  void addTime();
  void addEnergy();
  void count(int core, uint32_t population, Event event, Interval value);
  /// Events of one chip step at a core, for the time.
  void happens(int core, uint64_t step, Event event, Interval times);
  /// Spikes of an image for each neuron of a population.
  Interval rateOf(uint32_t population) const {
    return rates.populations[population].spikes *
           (1 / static_cast<double>(coremap::neuronsOf(map.populations(static_cast<int>(population)))));
  }
  uint64_t stepOf(const Population &of, uint32_t run) const { return of.step() + uint64_t(run) * map.interval(); }

  const CoreMap &map;
  const Profile &profile;
  const ChipRates &rates;
  ChipEstimate result;
  std::vector<std::vector<Interval>> busy; ///< [core][step]: for so many ns.
};

} // namespace

void Estimator::count(int core, uint32_t population, Event event, Interval value) {
  auto index = static_cast<size_t>(event);
  result.events[index] += value;
  result.cores[core].events[index] += value;
  result.layers[population].events[index] += value;
}

void Estimator::happens(int core, uint64_t step, Event event, Interval times) {
  const std::optional<Figure> &time = profile.cost(event).nanoseconds;
  if (time && step < result.steps)
    busy[core][step] += {times.low * time->low, times.high * time->high};
}

void Estimator::prepare() {
  result.profile = &profile;
  result.images = rates.images;
  for (const Population &of : map.populations()) {
    result.steps = std::max(result.steps, stepOf(of, of.runs() - 1) + 1);
    result.layers.push_back({of.name(), {}, {}});
  }
  std::set<std::pair<uint32_t, uint32_t>> chips;
  for (int i = 0; i < map.cores_size(); ++i) {
    const Core &core = map.cores(i);
    result.cores.push_back({core.name(), {}, {}});
    chips.insert({core.row() / map.device().mesh_rows(), core.column() / map.device().mesh_columns()});
    busy[i].resize(result.steps);
  }
  result.chips = chips.size();
}

/// What a projection brings to a tile: synaptic operations, gates, learning.
void Estimator::addPairs(int core, const Tile &tile, const Projection &by) {
  const Population &source = map.populations(static_cast<int>(by.source()));
  const Synapses &table = map.tables(static_cast<int>(by.table()));
  Event event = synapseOf(table);
  double pairs = static_cast<double>(tokenPairs(by, source, tile)) * channelPairs(by, source, tile);
  Interval spikes = rateOf(by.source()); // of a neuron, over all runs
  double eachRun = 1.0 / source.runs();
  Interval times; // of a run
  switch (by.port()) {
  case Projection::PORT_GATE: {
    // A token is switched off once, or once a timestep.
    bool everyTimestep = source.halting().order() != coremap::Halting::ORDER_LEXICOGRAPHIC;
    event = Event::Gate;
    times = upTo(static_cast<double>(tokensOf(tile)));
    count(core, tile.population(), event, times * (everyTimestep ? source.runs() : 1));
    break;
  }
  case Projection::PORT_KEY:
  case Projection::PORT_VALUE: {
    // Counted once, with the keys: each meets at most the values of its token and head that the tile has.
    if (by.port() == Projection::PORT_VALUE)
      return;
    pairs = static_cast<double>(coremap::tokensOf(source)) * channelPairs(by, source, tile);
    event = Event::LearningUpdate;
    times = upTo(pairs * spikes.high * eachRun);
    count(core, tile.population(), event, times * source.runs());
    break;
  }
  default: {
    pairs *= table.form() == Synapses::FORM_FASTWEIGHT ? 1 : table.limbs();
    times = spikes * (pairs * eachRun);
    count(core, tile.population(), event, spikes * pairs);
  }
  }
  for (uint32_t run = 0; run < source.runs(); ++run)
    happens(core, stepOf(source, run) + 1 + by.delay(), event, times);
}

void Estimator::addUpdates(int core, const Tile &tile) {
  uint32_t index = tile.population();
  const Population &of = map.populations(static_cast<int>(index));
  double neurons = static_cast<double>(tokensOf(tile)) * channelsOf(tile);
  double share = neurons / static_cast<double>(coremap::neuronsOf(of)), runs = neurons * of.runs();
  const PopulationRates &measured = rates.populations[index];
  count(core, index, Event::Spike, measured.spikes * share);
  count(core, index, Event::NeuronActive,
        measured.active ? Interval{*measured.active * share, *measured.active * share} : upTo(runs));
  double all = map.device().idle_skipped() ? 0 : neurons * static_cast<double>(result.steps);
  if (measured.idle)
    count(core, index, Event::NeuronIdle, {*measured.idle * share, *measured.idle * share});
  else
    count(core, index, Event::NeuronIdle, {std::max(0.0, all - runs), all});
  if (of.has_halting())
    count(core, index, Event::HaltingTest, {0, runs});
  // In a population's own steps its neurons have input or none, or are gated; in all others they have none.
  bool isIdle = !map.device().idle_skipped();
  for (uint64_t step = 0; step < result.steps && isIdle; ++step)
    happens(core, step, Event::NeuronIdle, {neurons, neurons});
  double eachRun = share / of.runs();
  for (uint32_t run = 0; run < of.runs(); ++run) {
    Interval active =
        measured.active ? Interval{*measured.active * eachRun, *measured.active * eachRun} : upTo(neurons);
    happens(core, stepOf(of, run), Event::NeuronActive, active);
    if (isIdle)
      happens(core, stepOf(of, run), Event::NeuronIdle, {-neurons, -active.low});
    happens(core, stepOf(of, run), Event::Spike, measured.spikes * eachRun);
    if (of.has_halting())
      happens(core, stepOf(of, run), Event::HaltingTest, upTo(neurons));
  }
}

void Estimator::addMessages(int index) {
  const Flow &flow = map.flows(index);
  const Population &of = map.populations(static_cast<int>(flow.population()));
  const Core &source = map.cores(static_cast<int>(flow.source()));
  double neurons = static_cast<double>(coremap::neuronsOf(flow));
  Interval spikes = rateOf(flow.population()) * neurons;
  double copies = map.device().tree() ? 1 : flow.targets_size();
  count(static_cast<int>(flow.source()), flow.population(), Event::MessageOut, spikes * copies);
  for (uint32_t target : flow.targets()) {
    const Core &core = map.cores(static_cast<int>(target));
    count(static_cast<int>(target), flow.population(), Event::MessageIn, spikes);
    if (core.row() == source.row() && core.column() == source.column())
      count(static_cast<int>(target), flow.population(), Event::MessageInTile, spikes);
  }
  Interval eachRun = spikes * (1.0 / of.runs());
  for (uint32_t run = 0; run < of.runs(); ++run) {
    happens(static_cast<int>(flow.source()), stepOf(of, run), Event::MessageOut, eachRun * copies);
    for (uint32_t target : flow.targets())
      happens(static_cast<int>(target), stepOf(of, run) + 1 + flow.delay(), Event::MessageIn, eachRun);
  }
}

void Estimator::addRoutes() {
  static constexpr Event kEventOf[kHops] = {Event::HopEastWest, Event::HopNorthSouth, Event::HopChip};
  Links links(map.device());
  std::vector<Hop> hopOf(links.size());
  for (size_t link = 0; link < links.size(); ++link)
    hopOf[link] = links.hopOf(link);
  std::vector<Interval> loads(links.size());
  for (const Flow &flow : map.flows()) {
    Interval messages = rateOf(flow.population()) * static_cast<double>(coremap::neuronsOf(flow));
    std::array<double, kHops> hops = {};
    links.follow(flow, [&](size_t link) {
      loads[link] += messages;
      ++hops[static_cast<size_t>(hopOf[link])];
    });
    for (size_t hop = 0; hop < kHops; ++hop) {
      auto event = static_cast<size_t>(kEventOf[hop]);
      result.events[event] += messages * hops[hop];
      result.layers[flow.population()].events[event] += messages * hops[hop];
    }
  }
  for (size_t link = 0; link < loads.size(); ++link)
    if (loads[link].high > 0)
      result.links[links.placeOf(link)] = loads[link];
}

/// Each step takes as long as its slowest core. Measured spikes are taken to be the same in all runs of a population.
void Estimator::addTime() {
  double steps = static_cast<double>(result.steps);
  const std::optional<Figure> &barrier = profile.cost(Event::Barrier).nanoseconds;
  result.events[static_cast<size_t>(Event::Barrier)] = {steps, steps};
  if (barrier)
    result.nanoseconds = {steps * barrier->low, steps * barrier->high};
  for (uint64_t step = 0; step < result.steps; ++step) {
    Interval slowest;
    for (const std::vector<Interval> &core : busy)
      slowest = {std::max(slowest.low, core[step].low), std::max(slowest.high, core[step].high)};
    result.nanoseconds += slowest;
  }
}

void Estimator::addEnergy() {
  for (std::vector<ChipPart> *parts : {&result.layers, &result.cores})
    for (ChipPart &part : *parts)
      part.picojoules = energyOf(part.events, profile);
  result.staticPicojoules = staticEnergy(result.chips, result.nanoseconds, profile);
  result.picojoules = energyOf(result.events, profile);
  result.picojoules += result.staticPicojoules;
}

ChipEstimate Estimator::run() {
  prepare();
  for (int core = 0; core < map.cores_size(); ++core)
    for (const Tile &tile : map.cores(core).tiles()) {
      for (const Projection &by : map.projections())
        if (by.target() == tile.population())
          addPairs(core, tile, by);
      addUpdates(core, tile);
    }
  for (int flow = 0; flow < map.flows_size(); ++flow)
    addMessages(flow);
  addRoutes();
  addTime();
  addEnergy();
  return std::move(result);
}

ChipRates energy::boundsOf(const CoreMap &map) {
  ChipRates rates;
  for (const Population &of : map.populations())
    rates.populations.push_back({upTo(static_cast<double>(coremap::neuronsOf(of)) * of.runs()), {}, {}});
  return rates;
}

ChipRates energy::ratesOf(const CoreMap &map, uint64_t images, const std::vector<PopulationCounts> &counts) {
  ChipRates rates;
  rates.images = images;
  uint64_t steps = 0;
  for (const Population &of : map.populations())
    steps = std::max(steps, of.step() + uint64_t(of.runs() - 1) * map.interval() + 1);
  double each = 1 / static_cast<double>(images);
  bool isIdle = !map.device().idle_skipped();
  for (int i = 0; i < map.populations_size(); ++i) {
    const Population &of = map.populations(i);
    // Idle updates are counted in a population's own steps; in all others each of its neurons has one.
    double others = static_cast<double>(coremap::neuronsOf(of)) * static_cast<double>(steps - of.runs());
    double spikes = static_cast<double>(counts[i].spikes) * each;
    rates.populations.push_back({{spikes, spikes},
                                 static_cast<double>(counts[i].active) * each,
                                 isIdle ? static_cast<double>(counts[i].idle) * each + others : 0});
  }
  return rates;
}

Interval energy::energyOf(const EventIntervals &events, const Profile &profile) {
  Interval sum;
  for (size_t i = 0; i < kEvents; ++i)
    if (const std::optional<Figure> &price = profile.cost(static_cast<Event>(i)).picojoules)
      sum += {events[i].low * price->low, events[i].high * price->high};
  return sum;
}

Interval energy::staticEnergy(uint64_t chips, Interval nanoseconds, const Profile &profile) {
  const std::optional<Figure> &power = profile.cost(Event::ChipPowered).milliwatts;
  if (!power)
    return {};
  // A milliwatt for a nanosecond is a picojoule.
  auto count = static_cast<double>(chips);
  return {power->low * count * nanoseconds.low, power->high * count * nanoseconds.high};
}

std::vector<Event> ChipEstimate::unpriced() const {
  std::vector<Event> missing;
  for (size_t i = 0; i < kEvents; ++i) {
    auto event = static_cast<Event>(i);
    // A barrier takes time; powered chips are no event of these.
    if (event != Event::Barrier && event != Event::ChipPowered && events[i].high > 0 &&
        !profile->cost(event).picojoules)
      missing.push_back(event);
  }
  return missing;
}

std::vector<Event> ChipEstimate::untimed() const {
  std::vector<Event> missing;
  for (Event event : {Event::SynapseDense, Event::SynapseShared, Event::SynapseSparse, Event::LearningUpdate,
                      Event::NeuronActive, Event::NeuronIdle, Event::Spike, Event::MessageOut, Event::MessageIn,
                      Event::HaltingTest, Event::Gate, Event::Barrier})
    if (of(event).high > 0 && !profile->cost(event).nanoseconds)
      missing.push_back(event);
  return missing;
}

ChipEstimate energy::estimateChip(const CoreMap &map, const Profile &profile, const ChipRates &rates) {
  return Estimator(map, profile, rates).run();
}
