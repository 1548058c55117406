//===- Demand.h - Source neurons that a core needs --------------*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// What decides in-axons, out-axons and flows alike: the neurons of a source that feed tiles. Always tokens x channels.

#ifndef STAS_LIB_MAPPING_DEMAND_H
#define STAS_LIB_MAPPING_DEMAND_H

#include "stas/Mapping/Tiling.h"

#include <algorithm>
#include <map>

namespace stas::mapping {

/// Neurons of a layer: runs of tokens, rising and apart, in a range of channels.
struct Demand {
  std::vector<Range> tokens;
  Range channels;
};

/// What an edge brings to a box of its target.
Demand demandOf(const Problem &problem, const Edge &edge, const Box &box);

/// The smallest box of the edge's source that has what the edge brings.
Box coverOf(const Problem &problem, const Edge &edge, const Box &box);

/// The source's rows (or columns) under the windows of a target's, cut to the
/// map: rising and apart, more than one where the stride is over the kernel.
std::vector<Range> windowRanges(const Window &window, int axis, Range target, int64_t extent);

/// The source's channels that feed a range of the target's.
Range channelRange(const Problem &problem, const Edge &edge, Range target);

/// Calls with disjoint (tokens, channels) that together are the union.
template <typename Callback> void forEachDisjoint(const std::vector<Demand> &demands, Callback &&callback) {
  std::vector<int64_t> cuts;
  for (const Demand &demand : demands)
    cuts.insert(cuts.end(), {demand.channels.begin, demand.channels.end});
  std::sort(cuts.begin(), cuts.end());
  cuts.erase(std::unique(cuts.begin(), cuts.end()), cuts.end());
  for (size_t i = 0; i + 1 < cuts.size(); ++i) {
    Range channels = {cuts[i], cuts[i + 1]};
    std::vector<Range> runs;
    for (const Demand &demand : demands)
      if (demand.channels.begin <= channels.begin && channels.end <= demand.channels.end)
        runs.insert(runs.end(), demand.tokens.begin(), demand.tokens.end());
    std::sort(runs.begin(), runs.end(), [](Range a, Range b) { return a.begin < b.begin; });
    for (size_t run = 0; run < runs.size();) {
      Range merged = runs[run];
      for (++run; run < runs.size() && runs[run].begin <= merged.end; ++run)
        merged.end = std::max(merged.end, runs[run].end);
      callback(merged, channels);
    }
  }
}

/// A source and the delay of its spikes: what an axon is of.
using AxonKey = std::pair<int, int64_t>;
using DemandMap = std::map<AxonKey, std::vector<Demand>>;

/// What tiles on one core need, by source and delay.
DemandMap demandsOf(const Problem &problem, const std::vector<std::vector<int>> &inEdges,
                    const std::vector<Tile> &tiles);

/// Edges by their target.
std::vector<std::vector<int>> inEdgesOf(const Problem &problem);

} // namespace stas::mapping

#endif // STAS_LIB_MAPPING_DEMAND_H
