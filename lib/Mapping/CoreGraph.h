//===- CoreGraph.h - How many messages pass between cores -------*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef STAS_LIB_MAPPING_COREGRAPH_H
#define STAS_LIB_MAPPING_COREGRAPH_H

#include "stas/Mapping/Placer.h"

namespace stas::mapping {

/// Logical cores and, between each two, the messages of both ways when every
/// target is a message.
class CoreGraph {
public:
  explicit CoreGraph(const PlacementTask &task);

  struct Neighbour {
    int32_t core;
    double messages;
  };
  int64_t size() const { return static_cast<int64_t>(starts.size()) - 1; }
  const Neighbour *begin(int64_t core) const { return neighbours.data() + starts[core]; }
  const Neighbour *end(int64_t core) const { return neighbours.data() + starts[core + 1]; }
  /// Messages between two cores.
  double between(int32_t a, int32_t b) const;

private:
  std::vector<int64_t> starts;
  std::vector<Neighbour> neighbours; ///< Of each core, rising.
};

} // namespace stas::mapping

#endif // STAS_LIB_MAPPING_COREGRAPH_H
