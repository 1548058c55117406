//===- HopBound.cpp - How few hops a placement could do with --------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CoreGraph.h"
#include "stas/Mapping/Evaluate.h"

#include <algorithm>

using namespace stas;
using namespace stas::mapping;

namespace {

/// A tree over cores at r routers has at least r - 1 links.
double multicastBound(const PlacementTask &task) {
  double sum = 0;
  for (const Flow &flow : task.flows) {
    bool toItself = std::binary_search(flow.targets.begin(), flow.targets.end(), flow.source);
    auto cores = static_cast<int64_t>(flow.targets.size()) + (toItself ? 0 : 1);
    int64_t links = (cores - 1) / task.chip.coresPerRouter;
    sum += flow.spikes * static_cast<double>(links);
  }
  return sum;
}

} // namespace

double mapping::spikeHopsBound(const PlacementTask &task) {
  if (task.chip.multicast)
    return multicastBound(task);
  CoreGraph graph(task);
  double sum = 0;
  std::vector<double> messages;
  for (int64_t core = 0; core < graph.size(); ++core) {
    messages.clear();
    for (const CoreGraph::Neighbour *at = graph.begin(core); at != graph.end(core); ++at)
      messages.push_back(at->messages);
    std::sort(messages.begin(), messages.end(), std::greater<>());
    // 4 d routers are at distance d, each with its cores; the own router has one core less.
    int64_t distance = 0, room = task.chip.coresPerRouter - 1;
    for (double count : messages) {
      while (room == 0)
        room = 4 * ++distance * task.chip.coresPerRouter;
      sum += count * distance;
      --room;
    }
  }
  return sum / 2; // Each pair is counted at both ends.
}
