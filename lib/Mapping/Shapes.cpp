//===- Shapes.cpp - Box sizes that a family can be cut into ---------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Shapes.h"

#include <set>
#include <tuple>

using namespace stas;
using namespace stas::mapping;

namespace {

/// Sizes of parts when an extent is cut into 1, 2, ... as equal as can be: falling.
std::vector<int64_t> partSizes(int64_t extent) {
  std::vector<int64_t> sizes;
  for (int64_t parts = 1; parts <= extent; ++parts) {
    int64_t size = (extent + parts - 1) / parts;
    if (sizes.empty() || sizes.back() != size)
      sizes.push_back(size);
    else // The next count of parts that gives a smaller size.
      parts = std::max(parts, size > 1 ? (extent + size - 2) / (size - 1) - 1 : extent);
  }
  return sizes;
}

/// What two edges into a layer that bring the same spikes have in common, and share their in-axons by.
auto spikesOf(const Edge &edge) {
  bool hasWindow = edge.tokens == TokenMap::Window;
  std::vector<int64_t> numbers = {edge.source, edge.delay, edge.channels == ChannelMap::Group ? edge.group : 1};
  for (int axis : {0, 1})
    if (hasWindow)
      numbers.insert(numbers.end(), {edge.window.kernel[axis], edge.window.stride[axis], edge.window.padding[axis]});
  return std::make_tuple(edge.tokens, edge.channels, std::move(numbers));
}

/// Rows (columns) of the source under the windows of a part.
int64_t readOf(const Window &window, int axis, Range part, int64_t source) {
  int64_t read = 0;
  for (Range range : windowRanges(window, axis, part, source))
    read += range.size();
  return read;
}

/// Rows (columns) of the source that parts read, at most.
int64_t widest(const Window &window, int axis, const std::vector<Range> &parts, int64_t source) {
  int64_t most = 0;
  for (Range part : parts)
    most = std::max(most, readOf(window, axis, part, source));
  return most;
}

int64_t longest(const std::vector<Range> &parts) {
  int64_t most = 0;
  for (Range part : parts)
    most = std::max(most, part.size());
  return most;
}

} // namespace

ShapeFinder::ShapeFinder(const Problem &problem, const std::vector<std::vector<int>> &inEdges,
                         const std::vector<FanOut> &fans, const Family &family)
    : problem(problem), fans(fans), family(family), view(problem.layers[family.layers.front()]) {
  std::set<decltype(spikesOf(problem.edges.front()))> brought;
  for (int edge : inEdges[family.layers.front()])
    if (brought.insert(spikesOf(problem.edges[edge])).second)
      edges.push_back(edge);
  for (int layer : family.layers) {
    std::vector<int> own;
    for (int edge : inEdges[layer])
      own.push_back(problem.edges[edge].table);
    std::sort(own.begin(), own.end());
    own.erase(std::unique(own.begin(), own.end()), own.end());
    tables.push_back(std::move(own));
  }
}

std::vector<Range> ShapeFinder::parts(int axis, int64_t size) const {
  int64_t extent = axis == 0 ? view.height : view.width;
  auto sourceOf = [&](int edge) {
    const Layer &source = problem.layers[problem.edges[edge].source];
    return axis == 0 ? source.height : source.width;
  };
  std::vector<Range> equal;
  for (int64_t begin = 0; begin < extent; begin += size)
    equal.push_back({begin, std::min(begin + size, extent)});
  if (std::none_of(edges.begin(), edges.end(),
                   [&](int edge) { return problem.edges[edge].tokens == TokenMap::Window; }))
    return equal;
  // At a border windows read less, so that a part there can be larger and read no more than those inside.
  std::vector<Range> grown;
  for (int64_t begin = 0; begin < extent; begin = grown.back().end) {
    grown.push_back({begin, std::min(begin + size, extent)});
    auto readsNoMore = [&](Range part) {
      return std::all_of(edges.begin(), edges.end(), [&](int edge) {
        const Edge &of = problem.edges[edge];
        return of.tokens == TokenMap::All ||
               (of.tokens == TokenMap::Window &&
                readOf(of.window, axis, part, sourceOf(edge)) <= widest(of.window, axis, equal, sourceOf(edge)));
      });
    };
    while (grown.back().end < extent && readsNoMore({begin, grown.back().end + 1}))
      ++grown.back().end;
  }
  return grown;
}

std::vector<int64_t> ShapeFinder::tokensOf(const std::vector<Range> &rows, const std::vector<Range> &columns) const {
  std::vector<int64_t> tokens;
  for (int index : edges) {
    const Edge &edge = problem.edges[index];
    const Layer &source = problem.layers[edge.source];
    if (edge.tokens == TokenMap::Same)
      tokens.push_back(longest(rows) * longest(columns));
    else if (edge.tokens == TokenMap::All)
      tokens.push_back(source.tokens());
    else
      tokens.push_back(widest(edge.window, 0, rows, source.height) * widest(edge.window, 1, columns, source.width));
  }
  return tokens;
}

Usage ShapeFinder::need(int64_t tokens, const std::vector<int64_t> &edgeTokens, int64_t channels) const {
  Usage most;
  most.neurons = tokens * channels;
  for (int64_t begin = 0; begin < family.channels(); begin += channels) {
    Range slice = {begin, std::min(begin + channels, family.channels())};
    Usage usage;
    for (size_t i = 0; i < edges.size(); ++i)
      usage.inAxons += edgeTokens[i] * channelRange(problem, problem.edges[edges[i]], slice).size();
    for (size_t i = 0; i < family.layers.size(); ++i) {
      int64_t columns = std::min(slice.end, family.starts[i + 1]) - std::max(slice.begin, family.starts[i]);
      if (columns > 0)
        for (int table : tables[i])
          usage.synapseBits += problem.tables[table].sharedBits() + problem.tables[table].columnBits() * columns;
    }
    most.inAxons = std::max(most.inAxons, usage.inAxons);
    most.synapseBits = std::max(most.synapseBits, usage.synapseBits);
  }
  return most;
}

std::vector<Box> ShapeFinder::boxes(const std::vector<Range> &rows, const std::vector<Range> &columns,
                                    int64_t channels) const {
  std::vector<Box> result;
  for (Range y : rows)
    for (Range x : columns)
      for (int64_t channel = 0; channel < family.channels(); channel += channels)
        result.push_back({y, x, {channel, std::min(channel + channels, family.channels())}});
  return result;
}

std::vector<Box> ShapeFinder::boxes(const Shape &shape) const {
  return boxes(parts(0, shape.height), parts(1, shape.width), shape.channels);
}

int64_t ShapeFinder::outAxons(const std::vector<Box> &boxes) const {
  int64_t most = 0;
  for (const Box &box : boxes) {
    int64_t sum = 0;
    for (const Tile &tile : family.split(box))
      sum += fans[tile.layer].sum(tile.box);
    most = std::max(most, sum);
  }
  return most;
}

std::vector<Shape> ShapeFinder::find(size_t count) const {
  const Chip &chip = problem.chip;
  // Where every target is a message, in-axons here are out-axons elsewhere.
  auto score = [&](const Shape &shape) {
    return shape.boxes + (chip.multicast ? 0.0 : static_cast<double>(shape.inAxons) / chip.outAxons);
  };
  std::vector<Shape> found;
  double best = 0;
  for (int64_t height : partSizes(view.height))
    for (int64_t width : partSizes(view.width)) {
      std::vector<Range> rows = parts(0, height), columns = parts(1, width);
      int64_t across = static_cast<int64_t>(rows.size() * columns.size()), tokens = longest(rows) * longest(columns);
      if (tokens > chip.neurons || (!found.empty() && across > 1.5 * best))
        continue;
      std::vector<int64_t> edgeTokens = tokensOf(rows, columns);
      auto fits = [&](int64_t channels) {
        return need(tokens, edgeTokens, channels).fits(chip) &&
               outAxons(boxes(rows, columns, channels)) <= chip.outAxons;
      };
      auto add = [&](int64_t channels) {
        Shape shape = {height, width, channels, across * slices(channels), 0};
        for (int64_t begin = 0; begin < family.channels(); begin += channels)
          for (size_t i = 0; i < edges.size(); ++i)
            shape.inAxons +=
                across * edgeTokens[i] *
                channelRange(problem, problem.edges[edges[i]], {begin, std::min(begin + channels, family.channels())})
                    .size();
        best = found.empty() ? score(shape) : std::min(best, score(shape));
        found.push_back(shape);
      };
      int64_t larger = 0; // The last size that did not fit.
      for (int64_t channels : partSizes(family.channels())) {
        if (!fits(channels)) {
          larger = channels;
          continue;
        }
        add(channels);
        // As many slices with a smaller rest, which may find room beside others.
        int64_t fit = channels;
        for (int64_t no = larger; no - fit > 1;) {
          int64_t middle = (fit + no) / 2;
          (fits(middle) ? fit : no) = middle;
        }
        if (fit > channels)
          add(fit);
        break;
      }
    }
  auto key = [&](const Shape &shape) {
    return std::make_tuple(score(shape), shape.height, shape.width, shape.channels);
  };
  std::sort(found.begin(), found.end(), [&](const Shape &a, const Shape &b) { return key(a) < key(b); });
  if (found.size() > count)
    found.resize(count);
  return found;
}

Usage ShapeFinder::single() const {
  std::vector<Range> rows, columns;
  for (int64_t y = 0; y < view.height; ++y)
    rows.push_back({y, y + 1});
  for (int64_t x = 0; x < view.width; ++x)
    columns.push_back({x, x + 1});
  Usage usage = need(1, tokensOf(rows, columns), 1);
  usage.outAxons = outAxons(boxes(rows, columns, 1));
  return usage;
}
