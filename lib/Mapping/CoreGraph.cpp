//===- CoreGraph.cpp - How many messages pass between cores ---------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CoreGraph.h"

#include <algorithm>
#include <tuple>

using namespace stas;
using namespace stas::mapping;

CoreGraph::CoreGraph(const PlacementTask &task) {
  std::vector<std::vector<Neighbour>> lists(task.logicalCores);
  for (const Flow &flow : task.flows)
    for (int32_t target : flow.targets)
      if (target != flow.source && flow.spikes > 0) {
        lists[flow.source].push_back({target, flow.spikes});
        lists[target].push_back({flow.source, flow.spikes});
      }
  starts.push_back(0);
  for (std::vector<Neighbour> &list : lists) {
    // By messages too, so that sums are always of the same order.
    std::sort(list.begin(), list.end(), [](const Neighbour &a, const Neighbour &b) {
      return std::tie(a.core, a.messages) < std::tie(b.core, b.messages);
    });
    auto first = static_cast<int64_t>(neighbours.size());
    for (const Neighbour &neighbour : list) {
      if (static_cast<int64_t>(neighbours.size()) > first && neighbours.back().core == neighbour.core)
        neighbours.back().messages += neighbour.messages;
      else
        neighbours.push_back(neighbour);
    }
    starts.push_back(static_cast<int64_t>(neighbours.size()));
    std::vector<Neighbour>().swap(list);
  }
}
