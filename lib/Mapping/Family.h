//===- Family.h - Layers that read the same spikes --------------*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// q, k and v of a block have the same inputs: cut as one layer of three times the channels, they share in-axons, and
// the last columns of one share a core with the first of the next.

#ifndef STAS_LIB_MAPPING_FAMILY_H
#define STAS_LIB_MAPPING_FAMILY_H

#include "stas/Mapping/Tiling.h"

namespace stas::mapping {

/// Layers with the same map of tokens and the same inputs, channel after channel.
struct Family {
  std::vector<int> layers;
  std::vector<int64_t> starts; ///< First channel of each, and the end.
  int64_t channels() const { return starts.back(); }

  /// The part of a box that is a layer's; channels count from the family's first.
  std::vector<Tile> split(const Box &box) const;
};

/// Families in the order in which they are cut: after all that they feed, as
/// far as there are no cycles, so that a neuron's out-axons are known when it
/// gets its core.
std::vector<Family> familiesOf(const Problem &problem, const std::vector<std::vector<int>> &inEdges);

} // namespace stas::mapping

#endif // STAS_LIB_MAPPING_FAMILY_H
