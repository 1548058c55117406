//===- Router.h - The way of every message ----------------------*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef STAS_MAPPING_ROUTER_H
#define STAS_MAPPING_ROUTER_H

#include "stas/Mapping/Placer.h"

namespace stas::mapping {

/// A straight run of links between routers of the board: first along x, then
/// along y. Coordinates count over all chips from the north-west corner.
struct Segment {
  int32_t fromX, fromY, toX, toY;
};

/// How a flow's messages get to a core; where the chip multicasts, to all of
/// them, over a tree that takes every link once.
struct Route {
  int32_t flow = 0;
  int32_t target = 0;            ///< Logical core; -1 for all of the flow's.
  std::vector<Segment> segments; ///< None between cores of one router.
};

enum class Direction { East, West, South, North };

struct Routing {
  std::vector<Route> routes; ///< By flow, then target.
  /// Messages of an inference over the link that leaves a router in a
  /// direction: [(y * width + x) * 4 + direction], width in routers of the board.
  std::vector<double> loads;

  double maxLoad() const;
};

/// Dimension-ordered routes, along x first. Flows whose targets are all at the
/// source's router have routes without segments.
Routing route(const PlacementTask &task, const Placement &placement);

} // namespace stas::mapping

#endif // STAS_MAPPING_ROUTER_H
