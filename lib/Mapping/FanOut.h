//===- FanOut.h - How many cores a neuron's spikes go to --------*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef STAS_LIB_MAPPING_FANOUT_H
#define STAS_LIB_MAPPING_FANOUT_H

#include "Demand.h"

namespace stas::mapping {

/// Tiles by logical core.
using CoreTiles = std::vector<std::vector<Tile>>;

/// Out-axons of a layer's neurons, summed over boxes in constant time.
class FanOut {
public:
  FanOut() = default;
  /// `counts` has the out-axons of each neuron, by flat index.
  FanOut(const Layer &layer, const std::vector<int32_t> &counts);
  int64_t sum(const Box &box) const;
  int64_t total() const { return sums.empty() ? 0 : sums.back(); }

private:
  int64_t at(int64_t y, int64_t x, int64_t channel) const { return sums[(y * strideY) + (x * strideX) + channel]; }

  std::vector<int64_t> sums; ///< Over [0, y) x [0, x) x [0, channel).
  int64_t strideY = 0, strideX = 0;
};

/// The fan-out of a layer to the tiles on these cores.
FanOut fanOutOf(const Problem &problem, const std::vector<std::vector<int>> &inEdges, int layer,
                const CoreTiles &cores);

/// What the tiles of one core need. `fans` by layer.
Usage usageOf(const Problem &problem, const std::vector<std::vector<int>> &inEdges, const std::vector<FanOut> &fans,
              const std::vector<Tile> &tiles);

} // namespace stas::mapping

#endif // STAS_LIB_MAPPING_FANOUT_H
