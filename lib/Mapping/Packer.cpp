//===- Packer.cpp - Boxes put together on cores ---------------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Packer.h"

using namespace stas;
using namespace stas::mapping;

namespace {

double share(int64_t used, int64_t limit) { return static_cast<double>(used) / limit; }

double fullnessOf(const Usage &usage, const Chip &chip) {
  return share(usage.neurons, chip.neurons) + share(usage.synapseBits, chip.synapseBits) +
         share(usage.inAxons, chip.inAxons) + share(usage.outAxons, chip.outAxons);
}

/// A core that has no neuron or next to no axon left takes nothing; one without synapse memory may take an input.
bool isFull(const Usage &usage, const Chip &chip) {
  return usage.neurons == chip.neurons || share(usage.outAxons, chip.outAxons) > 0.995;
}

} // namespace

Packer::Packer(const Problem &problem, const std::vector<std::vector<int>> &inEdges, const std::vector<FanOut> &fans)
    : problem(&problem), inEdges(&inEdges), fans(&fans),
      shares(problem.layers.size(), std::vector<bool>(problem.layers.size(), false)) {
  // What is worth a look at the tiles: a table of one number, or one axon for each token, is not, and nearly every
  // layer of a halting network has both. They count twice then, which is never too little.
  auto sharesTable = [&](const Edge &a, const Edge &b) {
    return a.table == b.table && problem.tables[a.table].form != SynapseForm::Shared;
  };
  auto sharesAxons = [&](const Edge &a, const Edge &b) {
    return a.source == b.source && a.delay == b.delay && problem.layers[a.source].channels > 1;
  };
  for (const Edge &a : problem.edges)
    for (const Edge &b : problem.edges)
      if (sharesTable(a, b) || sharesAxons(a, b))
        shares[a.target][b.target] = true;
}

std::optional<double> Packer::fullness(size_t core, const std::vector<Tile> &tiles, const Usage &need,
                                       Usage &sum) const {
  const Usage &has = used[core];
  sum = {has.neurons + need.neurons, has.synapseBits + need.synapseBits, has.inAxons + need.inAxons,
         has.outAxons + need.outAxons};
  // What is not shared decides without a look at the tiles.
  if (sum.neurons > problem->chip.neurons || sum.outAxons > problem->chip.outAxons)
    return std::nullopt;
  bool canShare = false;
  for (const Tile &there : cores[core])
    for (const Tile &tile : tiles)
      canShare = canShare || shares[there.layer][tile.layer];
  if (canShare) {
    std::vector<Tile> both = cores[core];
    both.insert(both.end(), tiles.begin(), tiles.end());
    sum = usageOf(*problem, *inEdges, *fans, both);
  }
  if (!sum.fits(problem->chip))
    return std::nullopt;
  // What sharing saves makes a core as good as what it fills.
  return fullnessOf(has, problem->chip) +
         (fullnessOf(has, problem->chip) + fullnessOf(need, problem->chip) - fullnessOf(sum, problem->chip));
}

Usage Packer::add(const std::vector<Tile> &tiles) {
  Usage need = usageOf(*problem, *inEdges, *fans, tiles);
  size_t best = cores.size();
  double bestFullness = 0;
  Usage bestSum = need;
  for (size_t core : open) {
    Usage sum;
    std::optional<double> full = fullness(core, tiles, need, sum);
    if (full && (best == cores.size() || *full > bestFullness)) {
      best = core;
      bestFullness = *full;
      bestSum = sum;
    }
  }
  if (best == cores.size()) {
    cores.emplace_back();
    used.emplace_back();
    open.push_back(best);
  }
  cores[best].insert(cores[best].end(), tiles.begin(), tiles.end());
  used[best] = bestSum;
  if (isFull(bestSum, problem->chip))
    open.erase(std::find(open.begin(), open.end(), best));
  return need;
}
