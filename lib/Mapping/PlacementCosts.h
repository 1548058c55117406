//===- PlacementCosts.h - What a swap of two cores costs --------*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// The exact cost of Evaluate.h, kept up to date move by move: by pairs of cores where every target is a message, by
// trees where the chip multicasts.

#ifndef STAS_LIB_MAPPING_PLACEMENTCOSTS_H
#define STAS_LIB_MAPPING_PLACEMENTCOSTS_H

#include "CoreGraph.h"
#include "Mesh.h"

namespace stas::mapping {

/// Coordinates of a core, in hops: distances are differences.
struct Spot {
  int32_t x, y;
};

/// A move: a core to a spot, and, where there is one, the other to its old spot.
struct Move {
  int32_t core, other; ///< -1: none.
  Spot from, to;
};

/// Messages of pairs of cores times their distances.
class PairCost {
public:
  PairCost(const PlacementTask &task, const CoreGraph &graph);
  void reset(const std::vector<Spot> &) {}
  double change(const Move &move, const std::vector<Spot> &spots) const;
  void accept(const Move &, const std::vector<Spot> &) {}
  /// What a change looks at, for a core in the mean.
  double work() const;

private:
  const CoreGraph &graph;
  /// |d| at middle + d: to look a distance up takes less time than to work it out.
  std::vector<double> distances;
  int64_t middle;
};

/// Lengths of multicast trees times their spikes.
class TreeCost {
public:
  explicit TreeCost(const PlacementTask &task);
  void reset(const std::vector<Spot> &spots);
  double change(const Move &move, const std::vector<Spot> &spots);
  /// After the change of this move was asked for.
  void accept(const Move &move, const std::vector<Spot> &spots);
  double work() const;

private:
  struct Net {
    int32_t source, first, last; ///< Targets are [first, last).
    double spikes;
  };
  template <typename SpotOf> int64_t length(const Net &net, SpotOf &&spotOf);

  std::vector<Net> nets;
  std::vector<int32_t> targets;
  std::vector<std::vector<int32_t>> netsOf; ///< By core, rising.
  std::vector<int64_t> lengths;
  std::vector<std::pair<int32_t, int64_t>> changed; ///< Of the last change.

  /// Rows that a tree reaches in each column, for the net that was here last.
  struct Column {
    int32_t stamp = -1, north = 0, south = 0;
  };
  std::vector<Column> columns;
  int32_t stamp = 0;
};

} // namespace stas::mapping

#endif // STAS_LIB_MAPPING_PLACEMENTCOSTS_H
