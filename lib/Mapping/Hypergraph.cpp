//===- Hypergraph.cpp - Who sends spikes to which cores -------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// Flows by refinement of a partition: the neurons of a layer begin in one group for each core that has some of them,
// and every target core splits each group into those that it needs and those that it does not.

#include "stas/Mapping/Hypergraph.h"
#include "FanOut.h"

#include <tuple>

using namespace stas;
using namespace stas::mapping;

namespace {

class Refinement {
public:
  /// Groups by the core of each neuron.
  Refinement(const std::vector<int32_t> &coreOf, int64_t cores) : groupOf(coreOf) {
    for (int64_t core = 0; core < cores; ++core)
      groups.push_back({static_cast<int32_t>(core), {}, 0});
    for (int32_t core : coreOf)
      ++groups[core].neurons;
  }

  void begin(int target) {
    this->target = target;
    for (int32_t group : touched) {
      splitOf[group] = -1;
      // Of a large network, those that nobody is in any more would take most of the memory.
      if (groups[group].neurons == 0)
        std::vector<int32_t>().swap(groups[group].targets);
    }
    touched.clear();
    splitOf.resize(groups.size(), -1);
  }
  /// The target that was begun needs this neuron.
  void need(int64_t neuron) {
    int32_t group = groupOf[neuron];
    if (splitOf[group] < 0) {
      splitOf[group] = static_cast<int32_t>(groups.size());
      touched.push_back(group);
      Group split = groups[group];
      split.targets.push_back(target);
      split.neurons = 0;
      groups.push_back(std::move(split));
    }
    --groups[group].neurons;
    ++groups[splitOf[group]].neurons;
    groupOf[neuron] = splitOf[group];
  }

  struct Group {
    int32_t source;
    std::vector<int32_t> targets;
    int64_t neurons; ///< In it now.
  };
  std::vector<int32_t> groupOf;
  std::vector<Group> groups;

private:
  int target = 0;
  std::vector<int32_t> splitOf, touched;
};

} // namespace

std::vector<Flow> mapping::buildFlows(const Problem &problem, const Tiling &tiling) {
  auto cores = static_cast<int64_t>(tiling.cores.size());
  std::vector<std::vector<int>> inEdges = inEdgesOf(problem);
  CoreTiles tilesOf(cores);
  for (const Tile &tile : tiling.tiles)
    tilesOf[tile.core].push_back(tile);
  // The cores that need each source, and what of it.
  std::map<AxonKey, std::vector<std::pair<int, std::vector<Demand>>>> needs;
  for (int64_t core = 0; core < cores; ++core)
    for (auto &[key, demands] : demandsOf(problem, inEdges, tilesOf[core]))
      needs[key].emplace_back(static_cast<int>(core), demands);

  std::vector<std::vector<int32_t>> coreOf(problem.layers.size());
  for (size_t layer = 0; layer < problem.layers.size(); ++layer)
    coreOf[layer].resize(problem.layers[layer].neurons());
  for (const Tile &tile : tiling.tiles) {
    const Layer &layer = problem.layers[tile.layer];
    for (int64_t y = tile.box.y.begin; y < tile.box.y.end; ++y)
      for (int64_t x = tile.box.x.begin; x < tile.box.x.end; ++x)
        for (int64_t channel = tile.box.channels.begin; channel < tile.box.channels.end; ++channel)
          coreOf[tile.layer][((y * layer.width) + x) * layer.channels + channel] = tile.core;
  }

  std::vector<Flow> flows;
  for (const auto &[key, targets] : needs) {
    const Layer &layer = problem.layers[key.first];
    Refinement refinement(coreOf[key.first], cores);
    for (const auto &[core, demands] : targets) {
      refinement.begin(core);
      forEachDisjoint(demands, [&](Range tokens, Range channels) {
        for (int64_t token = tokens.begin; token < tokens.end; ++token)
          for (int64_t channel = channels.begin; channel < channels.end; ++channel)
            refinement.need((token * layer.channels) + channel);
      });
    }
    size_t first = flows.size();
    std::vector<int64_t> flowOf(refinement.groups.size(), -1);
    for (int64_t neuron = 0; neuron < layer.neurons(); ++neuron) {
      const Refinement::Group &group = refinement.groups[refinement.groupOf[neuron]];
      if (group.targets.empty())
        continue;
      int64_t &index = flowOf[refinement.groupOf[neuron]];
      if (index < 0) {
        index = static_cast<int64_t>(flows.size());
        flows.push_back({key.first, group.source, key.second, {}, group.targets, 0});
      }
      flows[index].neurons.push_back(static_cast<int32_t>(neuron));
      flows[index].spikes += layer.spikesOf(neuron);
    }
    std::sort(flows.begin() + static_cast<int64_t>(first), flows.end(), [](const Flow &a, const Flow &b) {
      return std::tie(a.source, a.neurons.front()) < std::tie(b.source, b.neurons.front());
    });
  }
  return flows;
}
