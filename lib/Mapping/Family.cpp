//===- Family.cpp - Layers that read the same spikes ----------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Family.h"

#include <algorithm>

using namespace stas;
using namespace stas::mapping;

std::vector<Tile> Family::split(const Box &box) const {
  std::vector<Tile> tiles;
  for (size_t i = 0; i < layers.size(); ++i) {
    Range channels = {std::max(box.channels.begin, starts[i]), std::min(box.channels.end, starts[i + 1])};
    if (channels.begin < channels.end)
      tiles.push_back({layers[i], {box.y, box.x, {channels.begin - starts[i], channels.end - starts[i]}}, 0});
  }
  return tiles;
}

namespace {

bool readTheSame(const Problem &problem, const std::vector<int> &a, const std::vector<int> &b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [&](int i, int j) {
    const Edge &first = problem.edges[i], &second = problem.edges[j];
    for (int axis : {0, 1})
      if (first.tokens == TokenMap::Window && (first.window.kernel[axis] != second.window.kernel[axis] ||
                                               first.window.stride[axis] != second.window.stride[axis] ||
                                               first.window.padding[axis] != second.window.padding[axis]))
        return false;
    // Only where every channel reads all of the source's are the channels of two layers alike.
    return first.source == second.source && first.delay == second.delay && first.tokens == second.tokens &&
           first.channels == ChannelMap::All && second.channels == ChannelMap::All;
  });
}

} // namespace

std::vector<Family> mapping::familiesOf(const Problem &problem, const std::vector<std::vector<int>> &inEdges) {
  std::vector<Family> families;
  std::vector<size_t> familyOf(problem.layers.size());
  for (size_t layer = 0; layer < problem.layers.size(); ++layer) {
    const Layer &self = problem.layers[layer];
    size_t family = 0;
    for (; family < families.size(); ++family) {
      int first = families[family].layers.front();
      const Layer &other = problem.layers[first];
      if (!inEdges[layer].empty() && self.height == other.height && self.width == other.width &&
          readTheSame(problem, inEdges[first], inEdges[layer]))
        break;
    }
    if (family == families.size())
      families.push_back({{}, {0}});
    families[family].layers.push_back(static_cast<int>(layer));
    families[family].starts.push_back(families[family].channels() + self.channels);
    familyOf[layer] = family;
  }

  std::vector<Family> ordered;
  std::vector<bool> done(families.size(), false);
  while (ordered.size() < families.size()) {
    std::vector<bool> waits(families.size(), false);
    for (const Edge &edge : problem.edges)
      if (familyOf[edge.source] != familyOf[edge.target] && !done[familyOf[edge.target]])
        waits[familyOf[edge.source]] = true;
    // The last that waits for none; in a cycle, the last.
    size_t next = families.size();
    for (size_t i = 0; i < families.size(); ++i)
      if (!done[i] && (!waits[i] || next == families.size() || waits[next]))
        next = i;
    done[next] = true;
    ordered.push_back(families[next]);
  }
  return ordered;
}
