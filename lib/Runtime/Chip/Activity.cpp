//===- Activity.cpp - Sums up what happened on a chip ---------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Simulation.h"
#include "stas/Target/Artifact/Links.h"

#include <map>
#include <set>

using namespace stas;
using namespace stas::chipsim;
using energy::Event;

namespace {

void add(EventCounts &to, const EventCounts &from) {
  for (size_t i = 0; i < to.size(); ++i)
    to[i] += from[i];
}

/// Cores and populations before anything has happened.
void prepare(const ChipPlan &plan, ChipActivity &activity) {
  const coremap::CoreMap &map = *plan.map;
  std::set<std::pair<int64_t, int64_t>> chips;
  for (size_t i = 0; i < plan.cores.size(); ++i) {
    const coremap::Core &core = map.cores(static_cast<int>(i));
    activity.cores.push_back(
        {core.name(), core.row(), core.column(), core.index(), plan.cores[i].neurons, plan.cores[i].synapseBits, {}});
    chips.insert({core.row() / map.device().mesh_rows(), core.column() / map.device().mesh_columns()});
  }
  for (const coremap::Population &of : map.populations())
    activity.populations.push_back(
        {of.name(), coreProgramName(static_cast<CoreProgram>(of.program() - 1)), neuronsOf(of)});
  activity.chips = static_cast<int64_t>(chips.size());
  activity.steps = plan.steps;
}

/// Adds messages to the links that flows took; `spikes` by flow.
void addLinks(const coremap::CoreMap &map, const std::vector<uint64_t> &spikes, ChipActivity &activity) {
  static constexpr Event kEventOf[coremap::kHops] = {Event::HopEastWest, Event::HopNorthSouth, Event::HopChip};
  coremap::Links links(map.device());
  std::vector<uint64_t> loads(links.size());
  for (size_t i = 0; i < spikes.size(); ++i)
    if (spikes[i] != 0)
      links.follow(map.flows(static_cast<int>(i)), [&](size_t link) { loads[link] += spikes[i]; });
  std::map<coremap::LinkPlace, ChipActivity::Link> all;
  for (const ChipActivity::Link &link : activity.links)
    all[{link.row, link.column, link.toRow, link.toColumn}] = link;
  for (size_t link = 0; link < loads.size(); ++link) {
    if (loads[link] == 0)
      continue;
    coremap::LinkPlace place = links.placeOf(link);
    coremap::Hop hop = links.hopOf(link);
    activity.events[static_cast<size_t>(kEventOf[static_cast<size_t>(hop)])] += loads[link];
    ChipActivity::Link &at = all[place];
    at = {place[0], place[1], place[2], place[3], hop == coremap::Hop::Chip, at.messages + loads[link]};
  }
  activity.links.clear();
  for (const auto &[place, link] : all)
    activity.links.push_back(link);
}

} // namespace

void chipsim::addActivity(const ChipPlan &plan, const std::vector<ImageState> &states, int64_t images,
                          uint64_t hostOperations, ChipActivity &activity) {
  const coremap::CoreMap &map = *plan.map;
  if (activity.cores.empty())
    prepare(plan, activity);
  activity.images += images;
  activity.hostOperations += images * hostOperations;
  std::vector<uint64_t> spikes(plan.flows.size());
  for (const ImageState &state : states) {
    activity.time += state.time;
    add(activity.critical, state.critical);
    for (size_t i = 0; i < spikes.size(); ++i)
      spikes[i] += state.flowSpikes[i];
    for (size_t i = 0; i < plan.cores.size(); ++i) {
      add(activity.cores[i].events, state.cores[i].events);
      add(activity.events, state.cores[i].events);
      for (size_t tile = 0; tile < plan.cores[i].tiles.size(); ++tile) {
        const TileState &at = state.cores[i].tiles[tile];
        ChipActivity::Population &of = activity.populations[plan.cores[i].tiles[tile].population];
        of.spikes += at.spikes;
        of.active += at.active;
        of.idle += at.idle;
        of.gated += at.gatedRuns;
      }
    }
  }
  activity.events[static_cast<size_t>(Event::Barrier)] += images * plan.steps;
  addLinks(map, spikes, activity);
  // A message that stays in its tile takes no link.
  for (size_t i = 0; i < spikes.size(); ++i) {
    const coremap::Flow &flow = map.flows(static_cast<int>(i));
    const coremap::Core &source = map.cores(static_cast<int>(flow.source()));
    for (uint32_t index : flow.targets()) {
      const coremap::Core &target = map.cores(static_cast<int>(index));
      if (source.row() == target.row() && source.column() == target.column())
        activity.events[static_cast<size_t>(Event::MessageInTile)] += spikes[i];
    }
  }
}
