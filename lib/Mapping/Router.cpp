//===- Router.cpp - The way of every message ------------------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "stas/Mapping/Router.h"
#include "Tree.h"

using namespace stas;
using namespace stas::mapping;

double Routing::maxLoad() const { return loads.empty() ? 0 : *std::max_element(loads.begin(), loads.end()); }

namespace {

class MeshRouter {
public:
  explicit MeshRouter(const PlacementTask &task) : task(task), mesh(task.chip) {
    routing.loads.assign(mesh.width() * mesh.height() * 4, 0);
  }

  void unicast(int32_t flow, int32_t target, const Placement &placement);
  void multicast(int32_t flow, const Placement &placement);

  Routing routing;

private:
  /// Adds a straight part to a route, and messages to its links.
  void go(Route &route, Router from, Router to, double messages) {
    if (from == to)
      return;
    route.segments.push_back({from.x, from.y, to.x, to.y});
    Direction direction = to.x > from.x   ? Direction::East
                          : to.x < from.x ? Direction::West
                          : to.y > from.y ? Direction::South
                                          : Direction::North;
    int32_t stepX = (to.x > from.x) - (to.x < from.x), stepY = (to.y > from.y) - (to.y < from.y);
    for (Router at = from; !(at == to); at = {at.x + stepX, at.y + stepY})
      routing.loads[((at.y * mesh.width()) + at.x) * 4 + static_cast<int>(direction)] += messages;
  }

  const PlacementTask &task;
  Mesh mesh;
};

} // namespace

void MeshRouter::unicast(int32_t flow, int32_t target, const Placement &placement) {
  Router from = mesh.routerOf(placement[task.flows[flow].source]), to = mesh.routerOf(placement[target]);
  Route route = {flow, target, {}};
  go(route, from, {to.x, from.y}, task.flows[flow].spikes);
  go(route, {to.x, from.y}, to, task.flows[flow].spikes);
  routing.routes.push_back(std::move(route));
}

void MeshRouter::multicast(int32_t flow, const Placement &placement) {
  const Flow &from = task.flows[flow];
  std::vector<Router> targets;
  for (int32_t target : from.targets)
    targets.push_back(mesh.routerOf(placement[target]));
  Tree tree(mesh.routerOf(placement[from.source]), targets);
  Route route = {flow, -1, {}};
  go(route, tree.source, {tree.west, tree.source.y}, from.spikes);
  go(route, tree.source, {tree.east, tree.source.y}, from.spikes);
  for (const auto &[x, branch] : tree.branches) {
    go(route, {x, tree.source.y}, {x, branch.north}, from.spikes);
    go(route, {x, tree.source.y}, {x, branch.south}, from.spikes);
  }
  routing.routes.push_back(std::move(route));
}

Routing mapping::route(const PlacementTask &task, const Placement &placement) {
  MeshRouter router(task);
  for (size_t flow = 0; flow < task.flows.size(); ++flow) {
    if (task.chip.multicast) {
      router.multicast(static_cast<int32_t>(flow), placement);
      continue;
    }
    for (int32_t target : task.flows[flow].targets)
      router.unicast(static_cast<int32_t>(flow), target, placement);
  }
  return std::move(router.routing);
}
