//===- VerifyRoutes.cpp - Where routes lead -------------------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Verifier.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <set>

using namespace stas;
using namespace stas::mapping;

Place mapping::placeOf(const Chip &chip, int64_t core) {
  int64_t router = core / chip.coresPerRouter;
  int64_t routersOfChip = chip.meshWidth * chip.meshHeight;
  int64_t chipIndex = router / routersOfChip, inChip = router % routersOfChip;
  Place place;
  place.chipX = chipIndex % chip.boardWidth;
  place.chipY = chipIndex / chip.boardWidth;
  place.x = place.chipX * chip.meshWidth + inChip % chip.meshWidth;
  place.y = place.chipY * chip.meshHeight + inChip / chip.meshWidth;
  return place;
}

bool mapping::agree(double a, double b) { return std::abs(a - b) <= 1e-6 * std::max({1.0, std::abs(a), std::abs(b)}); }

namespace {

using Point = std::pair<int64_t, int64_t>;

class Follower {
public:
  Follower(const Problem &problem, const Mapping &mapping, Faults &faults)
      : problem(problem), mapping(mapping), faults(faults), width(problem.chip.boardWidth * problem.chip.meshWidth),
        height(problem.chip.boardHeight * problem.chip.meshHeight), loads(width * height * 4, 0.0),
        reached(mapping.tiling.cores.size()) {}

  void follow(const Route &route);
  void compare();
  std::vector<std::vector<int32_t>> take() { return std::move(reached); }

private:
  /// Walks a segment; false, and a fault, where it cannot be walked.
  bool walk(const Route &route, const Segment &segment, std::set<Point> &visited);
  bool isOnBoard(int64_t x, int64_t y) const { return x >= 0 && x < width && y >= 0 && y < height; }
  std::string nameOf(const Route &route) const {
    const Flow &flow = mapping.flows[route.flow];
    return "flow " + std::to_string(route.flow) + " of " + problem.layers[flow.layer].name + " from core " +
           std::to_string(flow.source);
  }

  const Problem &problem;
  const Mapping &mapping;
  Faults &faults;
  int64_t width, height;
  std::vector<double> loads;
  std::vector<std::vector<int32_t>> reached;
  PlacementCost cost;
};

} // namespace

bool Follower::walk(const Route &route, const Segment &segment, std::set<Point> &visited) {
  const Chip &chip = problem.chip;
  bool isHorizontal = segment.fromY == segment.toY, isVertical = segment.fromX == segment.toX;
  if (isHorizontal == isVertical || !isOnBoard(segment.fromX, segment.fromY) || !isOnBoard(segment.toX, segment.toY)) {
    faults.add(Fault::Route, nameOf(route), ": requires straight segments on the board of ", width, " x ", height,
               " routers, found (", segment.fromX, ", ", segment.fromY, ") to (", segment.toX, ", ", segment.toY, ")");
    return false;
  }
  int64_t stepX = isHorizontal ? (segment.toX > segment.fromX ? 1 : -1) : 0;
  int64_t stepY = isVertical ? (segment.toY > segment.fromY ? 1 : -1) : 0;
  int direction = stepX > 0 ? 0 : stepX < 0 ? 1 : stepY > 0 ? 2 : 3;
  double spikes = mapping.flows[route.flow].spikes;
  for (int64_t x = segment.fromX, y = segment.fromY; x != segment.toX || y != segment.toY;) {
    loads[(y * width + x) * 4 + direction] += spikes;
    bool crosses =
        x / chip.meshWidth != (x + stepX) / chip.meshWidth || y / chip.meshHeight != (y + stepY) / chip.meshHeight;
    cost.spikeHops += spikes * (crosses ? chip.crossingHops : 1);
    cost.crossings += crosses ? spikes : 0;
    x += stepX;
    y += stepY;
    if (!visited.insert({x, y}).second) {
      faults.add(Fault::Route, nameOf(route), ": requires a way that meets no router twice, found (", x, ", ", y, ")");
      return false;
    }
  }
  return true;
}

void Follower::follow(const Route &route) {
  auto cores = static_cast<int32_t>(reached.size());
  if (route.flow < 0 || route.flow >= static_cast<int32_t>(mapping.flows.size())) {
    faults.add(Fault::Route, "route: requires a flow in [0, ", mapping.flows.size(), "), found ", route.flow);
    return;
  }
  const Flow &flow = mapping.flows[route.flow];
  bool isTree = problem.chip.multicast;
  std::vector<int32_t> targets = {route.target};
  if (isTree && route.target == -1)
    targets = flow.targets;
  for (int32_t target : targets)
    if (target < 0 || target >= cores) {
      faults.add(Fault::Route, nameOf(route), ": requires targets in [0, ", cores, "), found ", target);
      return;
    }
  Place source = placeOf(problem.chip, mapping.placement[flow.source]);
  std::set<Point> visited = {{source.x, source.y}};
  Point at = {source.x, source.y};
  for (const Segment &segment : route.segments) {
    Point from = {segment.fromX, segment.fromY};
    // A message goes on from where it is; a tree from anywhere that it has been.
    if (isTree ? visited.count(from) == 0 : from != at) {
      faults.add(Fault::Route, nameOf(route), ": requires a way without gaps, found a segment from (", from.first, ", ",
                 from.second, ")");
      return;
    }
    if (segment.fromX != segment.toX && segment.fromY != source.y) {
      faults.add(Fault::Route, nameOf(route), ": requires ways along x first, found one along x in row ", segment.fromY,
                 ", source in row ", source.y);
      return;
    }
    if (!walk(route, segment, visited))
      return;
    at = {segment.toX, segment.toY};
  }
  cost.messages += flow.spikes;
  std::set<Point> ends;
  for (int32_t target : targets) {
    Place place = placeOf(problem.chip, mapping.placement[target]);
    ends.insert({place.x, place.y});
    if (isTree ? visited.count({place.x, place.y}) == 0 : at != Point{place.x, place.y})
      faults.add(Fault::Route, nameOf(route), ": requires an end at core ", target, " at router (", place.x, ", ",
                 place.y, "), found none there");
    else
      reached[target].push_back(route.flow);
  }
  for (const Segment &segment : route.segments)
    ends.insert({segment.fromX, segment.fromY});
  for (const Segment &segment : route.segments)
    if (ends.count({segment.toX, segment.toY}) == 0)
      faults.add(Fault::Route, nameOf(route), ": requires a target at the end of each segment, found none at (",
                 segment.toX, ", ", segment.toY, ")");
}

void Follower::compare() {
  if (mapping.routing.loads.size() != loads.size()) {
    faults.add(Fault::Load, "link loads: requires ", loads.size(), ", found ", mapping.routing.loads.size());
  } else {
    for (size_t link = 0; link < loads.size(); ++link)
      if (!agree(loads[link], mapping.routing.loads[link]))
        faults.add(Fault::Load, "link ", link % 4, " of router (", link / 4 % width, ", ", link / 4 / width,
                   "): requires a load of ", loads[link], ", found ", mapping.routing.loads[link]);
  }
  for (auto [name, counted, stated] : {std::tuple{"messages", cost.messages, mapping.cost.messages},
                                       std::tuple{"spikes x hops", cost.spikeHops, mapping.cost.spikeHops},
                                       std::tuple{"chip crossings", cost.crossings, mapping.cost.crossings}})
    if (!agree(counted, stated))
      faults.add(Fault::Cost, name, ": requires ", counted, ", found ", stated);
}

std::vector<std::vector<int32_t>> mapping::followRoutes(const Problem &problem, const Mapping &mapping,
                                                        Faults &faults) {
  Follower follower(problem, mapping, faults);
  for (const Route &route : mapping.routing.routes)
    follower.follow(route);
  follower.compare();
  std::vector<std::vector<int32_t>> reached = follower.take();
  std::vector<std::set<int32_t>> targets(mapping.flows.size());
  for (size_t core = 0; core < reached.size(); ++core)
    for (int32_t flow : reached[core])
      targets[flow].insert(static_cast<int32_t>(core));
  for (size_t flow = 0; flow < targets.size(); ++flow)
    if (mapping.flows[flow].targets != std::vector<int32_t>(targets[flow].begin(), targets[flow].end()))
      faults.add(Fault::Flow, "flow ", flow, ": requires the targets that its routes reach, ", targets[flow].size(),
                 ", found ", mapping.flows[flow].targets.size());
  return reached;
}
