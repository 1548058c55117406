//===- LeastReads.cpp - How little any set of tokens reads ----------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// Let a set have m(y) tokens in row y, and let a row of them read rx(m) columns at least. A source row is read by some
// rows of the set and has at least rx of the longest of them read. rx(m) is the sum of its steps rx(t) - rx(t - 1) up
// to m, so that the set reads at least
//
//   sum over t of (rx(t) - rx(t - 1)) * ry(h(t)),   h(t) rows of the set have t tokens or more,
//
// where ry(h) is what h rows read at least. The h(t) fall, and their sum is the number of tokens: the least over all
// such sequences is a dynamic program. For one window inside a map it is that of a box less its missing corners.

#include "LeastReads.h"

#include <limits>

using namespace stas;
using namespace stas::mapping;

namespace {

constexpr int64_t kNever = std::numeric_limits<int64_t>::max() / 4;

/// What a position of the target reads under its window along an axis. Ranges rise at both ends.
Range readsAt(const Problem &problem, const Edge &edge, int axis, int64_t at) {
  const Layer &source = problem.layers[edge.source];
  int64_t extent = axis == 0 ? source.height : source.width;
  Range range = windowRanges(edge.window, axis, {at, at + 1}, extent).front();
  return {std::min(range.begin, extent), std::max(range.end, std::min(range.begin, extent))};
}

/// [m]: the rows (or columns) of the source that m of a range of the target's read at least.
std::vector<int64_t> leastRows(const Problem &problem, const Edge &edge, int axis, Range among, int64_t most) {
  most = std::min(most, among.size());
  std::vector<Range> reads;
  for (int64_t at = among.begin; at < among.end; ++at)
    reads.push_back(readsAt(problem, edge, axis, at));
  std::vector<int64_t> least(most + 1, kNever);
  least[0] = 0;
  // What m positions read at least of which the last is at [i].
  std::vector<int64_t> last(reads.size());
  for (size_t i = 0; i < reads.size(); ++i)
    last[i] = reads[i].size();
  for (int64_t m = 1; m <= most; ++m) {
    if (m > 1) {
      std::vector<int64_t> next(reads.size(), kNever);
      for (size_t i = 0; i < reads.size(); ++i)
        for (size_t j = 0; j < i; ++j)
          if (last[j] < kNever)
            next[i] = std::min(next[i],
                               last[j] + std::max<int64_t>(reads[i].end - std::max(reads[i].begin, reads[j].end), 0));
      last = std::move(next);
    }
    least[m] = *std::min_element(last.begin(), last.end());
  }
  return least;
}

} // namespace

std::vector<int64_t> mapping::leastTokens(const Problem &problem, const Edge &edge, Range rows, Range columns,
                                          int64_t most, int64_t limit) {
  most = std::min(most, rows.size() * columns.size());
  if (edge.tokens != TokenMap::Window) {
    std::vector<int64_t> least = {0};
    for (int64_t p = 1; p <= most && least.back() <= limit; ++p)
      least.push_back(edge.tokens == TokenMap::Same ? p : problem.layers[edge.source].tokens());
    return least;
  }
  for (int64_t upTo = std::min<int64_t>(most, 64);; upTo = std::min(4 * upTo, most)) {
    const std::vector<int64_t> ry = leastRows(problem, edge, 0, rows, upTo),
                               rx = leastRows(problem, edge, 1, columns, upTo);
    auto heights = static_cast<int64_t>(ry.size());
    // [h][p]: the least of the columns so far, of which the last has h rows, with p tokens.
    std::vector<std::vector<int64_t>> sums(heights, std::vector<int64_t>(upTo + 1, kNever));
    std::vector<int64_t> least(upTo + 1, kNever);
    least[0] = 0;
    for (size_t t = 1; t < rx.size(); ++t) {
      std::vector<std::vector<int64_t>> next(heights, std::vector<int64_t>(upTo + 1, kNever));
      // Of all columns before that were no lower.
      std::vector<int64_t> before(upTo + 1, kNever);
      if (t == 1)
        before[0] = 0;
      for (int64_t h = heights - 1; h >= 1; --h)
        for (int64_t p = upTo; p >= 0; --p) {
          if (t > 1)
            before[p] = std::min(before[p], sums[h][p]);
          if (p + h <= upTo && before[p] < kNever) {
            next[h][p + h] = before[p] + (rx[t] - rx[t - 1]) * ry[h];
            least[p + h] = std::min(least[p + h], next[h][p + h]);
          }
        }
      sums = std::move(next);
    }
    bool isOver = least[upTo] > limit;
    if (upTo < most && !isOver)
      continue;
    while (isOver && least.size() > 2 && least[least.size() - 2] > limit)
      least.pop_back();
    return least;
  }
}

Range mapping::insideOf(const Problem &problem, const Edge &edge, int axis) {
  const Layer &target = problem.layers[edge.target];
  int64_t extent = axis == 0 ? target.height : target.width;
  if (edge.tokens != TokenMap::Window)
    return {0, extent};
  auto sizeAt = [&](int64_t at) { return readsAt(problem, edge, axis, at).size(); };
  Range inside = {0, 0};
  int64_t widest = 0;
  for (int64_t at = 0; at < extent; ++at) {
    if (sizeAt(at) > sizeAt(widest))
      widest = at;
    if (sizeAt(at) == edge.window.kernel[axis])
      inside = {inside.size() == 0 ? at : inside.begin, at + 1};
  }
  return inside.size() == 0 ? Range{widest, widest + 1} : inside;
}
