//===- PlacementCosts.cpp - What a swap of two cores costs ----------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "PlacementCosts.h"

#include <algorithm>
#include <map>

using namespace stas;
using namespace stas::mapping;

PairCost::PairCost(const PlacementTask &task, const CoreGraph &graph) : graph(graph) {
  Mesh mesh(task.chip);
  middle = std::max(mesh.placeX(static_cast<int32_t>(mesh.width())), mesh.placeY(static_cast<int32_t>(mesh.height())));
  for (int64_t distance = -middle; distance <= middle; ++distance)
    distances.push_back(static_cast<double>(std::abs(distance)));
}

double PairCost::change(const Move &move, const std::vector<Spot> &spots) const {
  auto gain = [&](int32_t core, Spot from, Spot to) {
    const double *beforeX = &distances[middle - from.x], *beforeY = &distances[middle - from.y];
    const double *afterX = &distances[middle - to.x], *afterY = &distances[middle - to.y];
    auto of = [&](const CoreGraph::Neighbour &neighbour) {
      Spot spot = spots[neighbour.core];
      return neighbour.messages * ((afterX[spot.x] - beforeX[spot.x]) + (afterY[spot.y] - beforeY[spot.y]));
    };
    // Two sums at once: each addition waits for the one before.
    double even = 0, odd = 0;
    const CoreGraph::Neighbour *at = graph.begin(core), *end = graph.end(core);
    for (; end - at >= 2; at += 2) {
      even += of(at[0]);
      odd += of(at[1]);
    }
    return even + odd + (at != end ? of(*at) : 0);
  };
  double sum = gain(move.core, move.from, move.to);
  if (move.other < 0)
    return sum;
  // The two are as far apart as before.
  double apart = distances[middle + move.from.x - move.to.x] + distances[middle + move.from.y - move.to.y];
  return sum + gain(move.other, move.to, move.from) + 2 * apart * graph.between(move.core, move.other);
}

double PairCost::work() const {
  double sum = 0;
  for (int64_t core = 0; core < graph.size(); ++core)
    sum += static_cast<double>(graph.end(core) - graph.begin(core));
  return sum / static_cast<double>(graph.size()) + 1;
}

TreeCost::TreeCost(const PlacementTask &task) : netsOf(task.logicalCores) {
  // Flows that differ only in what they carry are one net.
  std::map<std::pair<int32_t, std::vector<int32_t>>, double> merged;
  for (const Flow &flow : task.flows)
    if (flow.spikes > 0 && !(flow.targets.size() == 1 && flow.targets[0] == flow.source))
      merged[{flow.source, flow.targets}] += flow.spikes;
  for (const auto &[key, spikes] : merged) {
    auto first = static_cast<int32_t>(targets.size()), net = static_cast<int32_t>(nets.size());
    targets.insert(targets.end(), key.second.begin(), key.second.end());
    nets.push_back({key.first, first, static_cast<int32_t>(targets.size()), spikes});
    netsOf[key.first].push_back(net);
    for (int32_t target : key.second)
      if (target != key.first)
        netsOf[target].push_back(net);
  }
  lengths.resize(nets.size());
  Mesh mesh(task.chip);
  columns.resize(mesh.placeX(static_cast<int32_t>(mesh.width())) + 1);
}

template <typename SpotOf> int64_t TreeCost::length(const Net &net, SpotOf &&spotOf) {
  Spot source = spotOf(net.source);
  int32_t west = source.x, east = source.x;
  int64_t sum = 0;
  ++stamp;
  for (int32_t i = net.first; i < net.last; ++i) {
    Spot spot = spotOf(targets[i]);
    west = std::min(west, spot.x);
    east = std::max(east, spot.x);
    Column &column = columns[spot.x];
    if (column.stamp != stamp)
      column = {stamp, source.y, source.y};
    sum += std::max(0, column.north - spot.y) + std::max(0, spot.y - column.south);
    column.north = std::min(column.north, spot.y);
    column.south = std::max(column.south, spot.y);
  }
  return sum + east - west;
}

void TreeCost::reset(const std::vector<Spot> &spots) {
  for (size_t net = 0; net < nets.size(); ++net)
    lengths[net] = length(nets[net], [&](int32_t core) { return spots[core]; });
}

double TreeCost::change(const Move &move, const std::vector<Spot> &spots) {
  auto spotOf = [&](int32_t core) {
    return core == move.core ? move.to : core == move.other ? move.from : spots[core];
  };
  changed.clear();
  double sum = 0;
  auto add = [&](int32_t net) {
    int64_t now = length(nets[net], spotOf);
    if (now != lengths[net]) {
      changed.emplace_back(net, now);
      sum += nets[net].spikes * static_cast<double>(now - lengths[net]);
    }
  };
  const std::vector<int32_t> &own = netsOf[move.core];
  for (int32_t net : own)
    add(net);
  if (move.other >= 0)
    for (int32_t net : netsOf[move.other])
      if (!std::binary_search(own.begin(), own.end(), net))
        add(net);
  return sum;
}

void TreeCost::accept(const Move &, const std::vector<Spot> &) {
  for (auto [net, length] : changed)
    lengths[net] = length;
}

double TreeCost::work() const {
  double sum = 0;
  for (const std::vector<int32_t> &of : netsOf)
    for (int32_t net : of)
      sum += nets[net].last - nets[net].first + 4;
  return sum / static_cast<double>(netsOf.size()) + 1;
}
