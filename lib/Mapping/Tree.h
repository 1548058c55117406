//===- Tree.h - The ways of a multicast -------------------------*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef STAS_LIB_MAPPING_TREE_H
#define STAS_LIB_MAPPING_TREE_H

#include "Mesh.h"

#include <algorithm>
#include <map>
#include <vector>

namespace stas::mapping {

/// The union of the X-Y ways from a router to others: a trunk along the source's
/// row, and in every column with targets a branch up and down.
struct Tree {
  Router source;
  int32_t west, east; ///< Ends of the trunk.
  struct Branch {
    int32_t north, south; ///< Rows, the source's between them.
  };
  std::map<int32_t, Branch> branches; ///< By column.

  Tree(Router source, const std::vector<Router> &targets) : source(source), west(source.x), east(source.x) {
    for (Router target : targets) {
      west = std::min(west, target.x);
      east = std::max(east, target.x);
      Branch &branch = branches.try_emplace(target.x, Branch{source.y, source.y}).first->second;
      branch.north = std::min(branch.north, target.y);
      branch.south = std::max(branch.south, target.y);
    }
  }

  /// Sum over the straight parts of a length between their ends.
  template <typename Length> int64_t total(Length &&length) const {
    int64_t sum = length(Router{west, source.y}, Router{east, source.y});
    for (const auto &[x, branch] : branches)
      sum += length(Router{x, branch.north}, Router{x, branch.south});
    return sum;
  }
};

} // namespace stas::mapping

#endif // STAS_LIB_MAPPING_TREE_H
