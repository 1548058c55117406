//===- FanOut.cpp - How many cores a neuron's spikes go to ----------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "FanOut.h"

#include <set>

using namespace stas;
using namespace stas::mapping;

FanOut::FanOut(const Layer &layer, const std::vector<int32_t> &counts) {
  strideX = layer.channels + 1;
  strideY = (layer.width + 1) * strideX;
  sums.assign((layer.height + 1) * strideY, 0);
  for (int64_t y = 0; y < layer.height; ++y)
    for (int64_t x = 0; x < layer.width; ++x) {
      int64_t row = 0; // Over the channels of this token so far.
      for (int64_t channel = 0; channel < layer.channels; ++channel) {
        row += counts[((y * layer.width) + x) * layer.channels + channel];
        sums[((y + 1) * strideY) + ((x + 1) * strideX) + channel + 1] =
            row + at(y, x + 1, channel + 1) + at(y + 1, x, channel + 1) - at(y, x, channel + 1);
      }
    }
}

int64_t FanOut::sum(const Box &box) const {
  if (sums.empty())
    return 0;
  auto plane = [&](int64_t channel) {
    return at(box.y.end, box.x.end, channel) - at(box.y.begin, box.x.end, channel) -
           at(box.y.end, box.x.begin, channel) + at(box.y.begin, box.x.begin, channel);
  };
  return plane(box.channels.end) - plane(box.channels.begin);
}

FanOut mapping::fanOutOf(const Problem &problem, const std::vector<std::vector<int>> &inEdges, int layer,
                         const CoreTiles &cores) {
  const Layer &source = problem.layers[layer];
  std::vector<int32_t> counts(source.neurons(), 0);
  std::set<int64_t> delays;
  for (const Edge &edge : problem.edges)
    if (edge.source == layer)
      delays.insert(edge.delay);
  for (int64_t delay : delays) {
    std::vector<bool> seen(problem.chip.multicast ? source.neurons() : 0, false);
    for (const std::vector<Tile> &tiles : cores) {
      std::vector<Demand> demands;
      for (const Tile &tile : tiles)
        for (int index : inEdges[tile.layer]) {
          const Edge &edge = problem.edges[index];
          if (edge.source == layer && edge.delay == delay)
            demands.push_back(demandOf(problem, edge, tile.box));
        }
      forEachDisjoint(demands, [&](Range tokens, Range channels) {
        for (int64_t token = tokens.begin; token < tokens.end; ++token)
          for (int64_t channel = channels.begin; channel < channels.end; ++channel) {
            int64_t neuron = token * source.channels + channel;
            // A multicast has one axon, however many cores it reaches.
            if (!seen.empty() && seen[neuron])
              continue;
            if (!seen.empty())
              seen[neuron] = true;
            ++counts[neuron];
          }
      });
    }
  }
  return {source, counts};
}

Usage mapping::usageOf(const Problem &problem, const std::vector<std::vector<int>> &inEdges,
                       const std::vector<FanOut> &fans, const std::vector<Tile> &tiles) {
  Usage usage;
  std::map<int, std::vector<Demand>> columns; // Of tables: a column is a "token" of one channel's worth.
  for (const Tile &tile : tiles) {
    usage.neurons += tile.box.neurons();
    usage.outAxons += fans[tile.layer].sum(tile.box);
    for (int index : inEdges[tile.layer])
      columns[problem.edges[index].table].push_back({{{0, 1}}, tile.box.channels});
  }
  for (const auto &[index, used] : columns) {
    const Table &table = problem.tables[index];
    usage.synapseBits += table.sharedBits();
    forEachDisjoint(used, [&](Range, Range channels) { usage.synapseBits += table.columnBits() * channels.size(); });
  }
  for (const auto &[key, demands] : demandsOf(problem, inEdges, tiles))
    forEachDisjoint(demands, [&](Range tokens, Range channels) { usage.inAxons += tokens.size() * channels.size(); });
  return usage;
}
