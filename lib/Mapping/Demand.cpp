//===- Demand.cpp - Source neurons that a core needs ----------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Demand.h"

using namespace stas;
using namespace stas::mapping;

namespace {

/// From the first position under a target's window to the last under another's, cut to the map.
Range underWindows(const Window &window, int axis, int64_t first, int64_t last, int64_t extent) {
  return {std::max<int64_t>(first * window.stride[axis] - window.padding[axis], 0),
          std::min(last * window.stride[axis] - window.padding[axis] + window.kernel[axis], extent)};
}

} // namespace

std::vector<Range> mapping::windowRanges(const Window &window, int axis, Range target, int64_t extent) {
  if (window.stride[axis] <= window.kernel[axis])
    return {underWindows(window, axis, target.begin, target.end - 1, extent)};
  std::vector<Range> ranges;
  for (int64_t at = target.begin; at < target.end; ++at)
    ranges.push_back(underWindows(window, axis, at, at, extent));
  return ranges;
}

Range mapping::channelRange(const Problem &problem, const Edge &edge, Range target) {
  switch (edge.channels) {
  case ChannelMap::Same:
    return target;
  case ChannelMap::Group:
    return {target.begin / edge.group * edge.group, (target.end - 1) / edge.group * edge.group + edge.group};
  case ChannelMap::All:
    return {0, problem.layers[edge.source].channels};
  case ChannelMap::First:
    return {0, 1};
  }
  return {};
}

namespace {

/// The tokens of rows and columns of a map.
std::vector<Range> runsOf(const std::vector<Range> &rows, const std::vector<Range> &columns, int64_t width) {
  std::vector<Range> runs;
  for (Range y : rows) {
    if (columns.front().size() == width) {
      runs.push_back({y.begin * width, y.end * width});
      continue;
    }
    for (int64_t row = y.begin; row < y.end; ++row)
      for (Range x : columns)
        runs.push_back({row * width + x.begin, row * width + x.end});
  }
  return runs;
}

} // namespace

Demand mapping::demandOf(const Problem &problem, const Edge &edge, const Box &box) {
  const Layer &source = problem.layers[edge.source], &target = problem.layers[edge.target];
  Demand demand;
  demand.channels = channelRange(problem, edge, box.channels);
  switch (edge.tokens) {
  case TokenMap::Same:
    demand.tokens = runsOf({box.y}, {box.x}, target.width);
    break;
  case TokenMap::Window:
    demand.tokens = runsOf(windowRanges(edge.window, 0, box.y, source.height),
                           windowRanges(edge.window, 1, box.x, source.width), source.width);
    break;
  case TokenMap::All:
    demand.tokens = {{0, source.tokens()}};
    break;
  }
  return demand;
}

Box mapping::coverOf(const Problem &problem, const Edge &edge, const Box &box) {
  const Layer &source = problem.layers[edge.source];
  Box cover = {box.y, box.x, channelRange(problem, edge, box.channels)};
  if (edge.tokens == TokenMap::All) {
    cover.y = {0, source.height};
    cover.x = {0, source.width};
  } else if (edge.tokens == TokenMap::Window) {
    cover.y = underWindows(edge.window, 0, box.y.begin, box.y.end - 1, source.height);
    cover.x = underWindows(edge.window, 1, box.x.begin, box.x.end - 1, source.width);
  }
  return cover;
}

DemandMap mapping::demandsOf(const Problem &problem, const std::vector<std::vector<int>> &inEdges,
                             const std::vector<Tile> &tiles) {
  DemandMap demands;
  for (const Tile &tile : tiles)
    for (int index : inEdges[tile.layer]) {
      const Edge &edge = problem.edges[index];
      demands[{edge.source, edge.delay}].push_back(demandOf(problem, edge, tile.box));
    }
  return demands;
}

std::vector<std::vector<int>> mapping::inEdgesOf(const Problem &problem) {
  std::vector<std::vector<int>> inEdges(problem.layers.size());
  for (size_t i = 0; i < problem.edges.size(); ++i)
    inEdges[problem.edges[i].target].push_back(static_cast<int>(i));
  return inEdges;
}
