//===- Activity.cpp - Sums up what happened on a chip ---------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Simulation.h"

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

/// Messages that went over links, and what they count as.
class Links {
public:
  Links(const ChipPlan &plan, ChipActivity &activity) : device(plan.map->device()), activity(activity) {
    for (const ChipActivity::Link &link : activity.links)
      loads[{link.row, link.column, link.toRow, link.toColumn}] = link.messages;
  }

  void follow(const coremap::Route &route, uint64_t messages) {
    for (int i = 0; messages != 0 && i < route.runs_size(); i += 4) {
      int64_t row = route.runs(i), column = route.runs(i + 1), toRow = route.runs(i + 2), toColumn = route.runs(i + 3);
      while (row != toRow || column != toColumn) {
        int64_t nextRow = row + (row < toRow) - (row > toRow),
                nextColumn = column + (column < toColumn) - (column > toColumn);
        loads[{row, column, nextRow, nextColumn}] += messages;
        Event hop = leaves(row, column, nextRow, nextColumn) ? Event::HopChip
                    : row == nextRow                         ? Event::HopEastWest
                                                             : Event::HopNorthSouth;
        activity.events[static_cast<size_t>(hop)] += messages;
        row = nextRow;
        column = nextColumn;
      }
    }
  }

  void write() {
    activity.links.clear();
    for (const auto &[link, messages] : loads)
      activity.links.push_back(
          {link[0], link[1], link[2], link[3], leaves(link[0], link[1], link[2], link[3]), messages});
  }

private:
  bool leaves(int64_t row, int64_t column, int64_t toRow, int64_t toColumn) const {
    return row / device.mesh_rows() != toRow / device.mesh_rows() ||
           column / device.mesh_columns() != toColumn / device.mesh_columns();
  }

  const coremap::Device &device;
  ChipActivity &activity;
  std::map<std::array<int64_t, 4>, uint64_t> loads;
};

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
  Links links(plan, activity);
  for (const coremap::Route &route : map.routes())
    links.follow(route, spikes[route.flow()]);
  links.write();
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
