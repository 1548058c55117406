//===- Evaluate.cpp - What a placement costs ------------------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "stas/Mapping/Evaluate.h"
#include "Tree.h"

using namespace stas;
using namespace stas::mapping;

PlacementCost mapping::evaluate(const PlacementTask &task, const Placement &placement) {
  Mesh mesh(task.chip);
  PlacementCost cost;
  std::vector<Router> routers;
  for (int64_t core : placement)
    routers.push_back(mesh.routerOf(core));
  for (const Flow &flow : task.flows) {
    Router source = routers[flow.source];
    if (task.chip.multicast) {
      std::vector<Router> targets;
      for (int32_t target : flow.targets)
        targets.push_back(routers[target]);
      Tree tree(source, targets);
      cost.messages += flow.spikes;
      cost.spikeHops += flow.spikes * tree.total([&](Router a, Router b) { return mesh.hops(a, b); });
      cost.crossings += flow.spikes * tree.total([&](Router a, Router b) { return mesh.crossings(a, b); });
      continue;
    }
    for (int32_t target : flow.targets) {
      Router router = routers[target];
      cost.messages += flow.spikes;
      cost.spikeHops += flow.spikes * mesh.hops(source, router);
      cost.crossings += flow.spikes * mesh.crossings(source, router);
    }
  }
  return cost;
}
