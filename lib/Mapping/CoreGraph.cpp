//===- CoreGraph.cpp - How many messages pass between cores ---------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CoreGraph.h"

#include <algorithm>
#include <utility>

using namespace stas;
using namespace stas::mapping;

CoreGraph::CoreGraph(const PlacementTask &task) {
  std::vector<std::vector<const Flow *>> leaving(task.logicalCores);
  for (const Flow &flow : task.flows)
    if (flow.spikes > 0)
      leaving[flow.source].push_back(&flow);
  // First the messages of each way: there are millions of targets and many flows between the same two cores.
  std::vector<std::vector<Neighbour>> lists(task.logicalCores);
  std::vector<double> messages(task.logicalCores);
  std::vector<int32_t> targets;
  for (int32_t source = 0; source < task.logicalCores; ++source) {
    for (const Flow *flow : leaving[source])
      for (int32_t target : flow->targets) {
        if (messages[target] == 0)
          targets.push_back(target);
        messages[target] += flow->spikes;
      }
    for (int32_t target : targets) {
      double sum = std::exchange(messages[target], 0);
      if (target == source)
        continue;
      lists[source].push_back({target, sum});
      lists[target].push_back({source, sum});
    }
    targets.clear();
  }
  starts.push_back(0);
  for (std::vector<Neighbour> &list : lists) {
    // One of each way at most, whose sum is the same in either order.
    std::sort(list.begin(), list.end(), [](const Neighbour &a, const Neighbour &b) { return a.core < b.core; });
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

double CoreGraph::between(int32_t a, int32_t b) const {
  const Neighbour *at = std::lower_bound(
      begin(a), end(a), b, [](const Neighbour &neighbour, int32_t core) { return neighbour.core < core; });
  return at != end(a) && at->core == b ? at->messages : 0;
}
