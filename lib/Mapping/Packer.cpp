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

void addBit(std::vector<uint64_t> &bits, int bit) { bits[bit / 64] |= uint64_t(1) << (bit % 64); }

bool meet(const std::vector<uint64_t> &a, const std::vector<uint64_t> &b) {
  for (size_t i = 0; i < a.size(); ++i)
    if (a[i] & b[i])
      return true;
  return false;
}

} // namespace

Packer::Packer(const Problem &problem, const std::vector<std::vector<int>> &inEdges, const std::vector<FanOut> &fans)
    : problem(problem), inEdges(inEdges), fans(fans) {
  Layers none((problem.layers.size() + 63) / 64);
  shares.assign(problem.layers.size(), none);
  // What is worth a look at the tiles: a table of one number, or one axon for each token, is not, and nearly every
  // layer of a halting network has both. They count twice then, which is never too little.
  for (const Edge &a : problem.edges)
    for (const Edge &b : problem.edges)
      if ((a.table == b.table && problem.tables[a.table].form != SynapseForm::Shared) ||
          (a.source == b.source && a.delay == b.delay && problem.layers[a.source].channels > 1))
        addBit(shares[a.target], b.target);
}

void Packer::addCovers(const std::vector<Tile> &tiles, Covers &covers) const {
  auto isSame = [](Range a, Range b) { return a.begin == b.begin && a.end == b.end; };
  for (const Tile &tile : tiles)
    for (int index : inEdges[tile.layer]) {
      const Edge &edge = problem.edges[index];
      Covers::Axons axons = {edge.source, edge.delay, coverOf(problem, edge, tile.box)};
      if (std::none_of(covers.axons.begin(), covers.axons.end(), [&](const Covers::Axons &other) {
            return other.source == axons.source && other.delay == axons.delay && isSame(other.box.y, axons.box.y) &&
                   isSame(other.box.x, axons.box.x) && isSame(other.box.channels, axons.box.channels);
          }))
        covers.axons.push_back(axons);
      if (std::none_of(covers.columns.begin(), covers.columns.end(), [&](const Covers::Columns &other) {
            return other.table == edge.table && isSame(other.channels, tile.box.channels);
          }))
        covers.columns.push_back({edge.table, tile.box.channels});
    }
}

Usage Packer::least(const Usage &has, const Covers &there, const Usage &need, const Covers &covers) const {
  auto common = [](Range a, Range b) {
    return std::max<int64_t>(std::min(a.end, b.end) - std::max(a.begin, b.begin), 0);
  };
  int64_t axons = 0, bits = 0;
  for (const Covers::Axons &a : there.axons)
    for (const Covers::Axons &b : covers.axons)
      if (a.source == b.source && a.delay == b.delay)
        axons += common(a.box.y, b.box.y) * common(a.box.x, b.box.x) * common(a.box.channels, b.box.channels);
  for (const Covers::Columns &a : there.columns)
    for (const Covers::Columns &b : covers.columns)
      if (a.table == b.table)
        bits += problem.tables[a.table].sharedBits() +
                problem.tables[a.table].columnBits() * common(a.channels, b.channels);
  return {has.neurons + need.neurons,
          std::max({has.synapseBits, need.synapseBits, has.synapseBits + need.synapseBits - bits}),
          std::max({has.inAxons, need.inAxons, has.inAxons + need.inAxons - axons}), has.outAxons + need.outAxons};
}

/// What sharing saves makes a core as good as what it fills.
double Packer::fullness(const Usage &has, const Usage &need, const Usage &sum) const {
  return fullnessOf(has, problem.chip) +
         (fullnessOf(has, problem.chip) + fullnessOf(need, problem.chip) - fullnessOf(sum, problem.chip));
}

std::vector<Packer::Candidate> Packer::candidates(const std::vector<Tile> &tiles, const Usage &need) const {
  Layers sharing((problem.layers.size() + 63) / 64);
  for (const Tile &tile : tiles)
    for (size_t i = 0; i < sharing.size(); ++i)
      sharing[i] |= shares[tile.layer][i];
  Covers covers;
  addCovers(tiles, covers);
  std::vector<Candidate> found;
  for (size_t core : open) {
    const Usage &has = used[core];
    Usage sum = {has.neurons + need.neurons, has.synapseBits + need.synapseBits, has.inAxons + need.inAxons,
                 has.outAxons + need.outAxons};
    // What is not shared decides without a look at the tiles.
    if (sum.neurons > problem.chip.neurons || sum.outAxons > problem.chip.outAxons)
      continue;
    bool canShare = meet(layersOn[core], sharing);
    if (canShare)
      sum = least(has, coversOf[core], need, covers);
    if (sum.fits(problem.chip))
      found.push_back({core, sum, fullness(has, need, sum), !canShare});
  }
  std::make_heap(found.begin(), found.end());
  return found;
}

Usage Packer::add(const std::vector<Tile> &tiles) {
  Usage need = usageOf(problem, inEdges, fans, tiles);
  Candidate best = {cores.size(), need, 0, true};
  for (std::vector<Candidate> left = candidates(tiles, need); !left.empty();) {
    std::pop_heap(left.begin(), left.end());
    Candidate candidate = left.back();
    left.pop_back();
    if (best.core < cores.size() && candidate.fullness < best.fullness)
      break; // Nor can one of those that are left be fuller.
    if (!candidate.isExact) {
      std::vector<Tile> both = cores[candidate.core];
      both.insert(both.end(), tiles.begin(), tiles.end());
      candidate.sum = usageOf(problem, inEdges, fans, both);
      if (!candidate.sum.fits(problem.chip))
        continue;
      candidate.fullness = fullness(used[candidate.core], need, candidate.sum);
    }
    // Of those that are as full, the one that was opened first.
    if (best.core == cores.size() || best < candidate)
      best = candidate;
  }
  put(best.core, tiles, best.sum);
  return need;
}

void Packer::put(size_t core, const std::vector<Tile> &tiles, const Usage &sum) {
  if (core == cores.size()) {
    cores.emplace_back();
    used.emplace_back();
    layersOn.emplace_back((problem.layers.size() + 63) / 64);
    coversOf.emplace_back();
    open.push_back(core);
  }
  added.push_back({core, cores[core].size(), coversOf[core].axons.size(), coversOf[core].columns.size(), used[core]});
  cores[core].insert(cores[core].end(), tiles.begin(), tiles.end());
  used[core] = sum;
  addCovers(tiles, coversOf[core]);
  for (const Tile &tile : tiles)
    addBit(layersOn[core], tile.layer);
  if (isFull(sum, problem.chip))
    open.erase(std::find(open.begin(), open.end(), core));
}

void Packer::takeBack(const Mark &mark) {
  for (; added.size() > mark.added; added.pop_back()) {
    const Before &before = added.back();
    std::vector<Tile> &tiles = cores[before.core];
    tiles.resize(before.tiles);
    used[before.core] = before.used;
    coversOf[before.core].axons.resize(before.axons);
    coversOf[before.core].columns.resize(before.columns);
    std::fill(layersOn[before.core].begin(), layersOn[before.core].end(), 0);
    for (const Tile &tile : tiles)
      addBit(layersOn[before.core], tile.layer);
    if (!tiles.empty())
      continue;
    // Cores are opened one after the other.
    cores.pop_back();
    used.pop_back();
    layersOn.pop_back();
    coversOf.pop_back();
  }
  open = mark.open;
}
