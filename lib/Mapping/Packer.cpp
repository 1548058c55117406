//===- Packer.cpp - Boxes put together on cores ---------------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Packer.h"

#include <numeric>

using namespace stas;
using namespace stas::mapping;

namespace {

/// Parts of boxes that take less than this of everything that a core has are not worth their flows.
constexpr double kSmallestPart = 0.02;
/// What it counts that all spikes of a box stay on the core, beside what the box fills.
constexpr double kNearness = 3;
/// Boxes of a kind that are looked at, the next ones first.
constexpr size_t kLooks = 32;
/// In the order of amounts.
enum { kNeurons, kSynapses, kInAxons, kOutAxons };

} // namespace

Packer::Packer(const Problem &problem, const std::vector<std::vector<int>> &inEdges, const std::vector<FanOut> &fans,
               const std::vector<Family> &families)
    : problem(problem), inEdges(inEdges), fans(fans), outEdges(problem.layers.size()),
      limits{problem.chip.neurons, problem.chip.synapseBits, problem.chip.inAxons, problem.chip.outAxons},
      familyOf(problem.layers.size()), tokensAreFree(families.size(), true), channelsAreFree(families.size(), true) {
  for (size_t i = 0; i < problem.edges.size(); ++i)
    outEdges[problem.edges[i].source].push_back(static_cast<int>(i));
  for (const Layer &layer : problem.layers)
    rates.push_back(std::accumulate(layer.spikes.begin(), layer.spikes.end(), 0.0) /
                    static_cast<double>(layer.spikes.size()));
  for (size_t family = 0; family < families.size(); ++family)
    for (int layer : families[family].layers) {
      familyOf[layer] = static_cast<int>(family);
      for (int index : inEdges[layer]) {
        tokensAreFree[family] = tokensAreFree[family] && problem.edges[index].tokens == TokenMap::Same;
        channelsAreFree[family] = channelsAreFree[family] && problem.edges[index].channels == ChannelMap::Same;
      }
    }
}

Packer::Amounts Packer::amountsOf(const std::vector<Tile> &tiles) const {
  Usage usage = usageOf(problem, inEdges, fans, tiles);
  return {usage.neurons, usage.synapseBits, usage.inAxons, usage.outAxons};
}

Packer::Shares Packer::sharesOf(const Amounts &amounts) const {
  Shares shares;
  for (int i = 0; i < kResources; ++i)
    shares[i] = static_cast<double>(amounts[i]) / static_cast<double>(limits[i]);
  return shares;
}

/// The axis with the most parts.
std::pair<Packer::Axis, int64_t> Packer::cutOf(const std::vector<Tile> &box) const {
  int family = familyOf[box.front().layer];
  const Box &first = box.front().box;
  std::pair<Axis, int64_t> cut = {Axis::None, 1};
  auto consider = [&](Axis axis, int64_t units) {
    if (units > cut.second)
      cut = {axis, units};
  };
  if (tokensAreFree[family]) {
    consider(Axis::Y, first.y.size());
    consider(Axis::X, first.x.size());
  }
  if (channelsAreFree[family] && box.size() == 1)
    consider(Axis::Channels, first.channels.size());
  return cut;
}

void Packer::insert(std::vector<Tile> box) {
  auto [axis, units] = cutOf(box);
  Amounts need = amountsOf(box);
  auto [entry, isNew] = kindOf.insert({{familyOf[box.front().layer], axis, units, need}, kinds.size()});
  if (isNew)
    kinds.push_back({axis, units, need, sharesOf(need), spikesOf(box), {}});
  Kind &kind = kinds[entry->second];
  if (kind.boxes.empty())
    inUse.push_back(entry->second);
  kind.boxes.push_back(std::move(box));
}

int64_t Packer::unitsFor(const Kind &kind, const Amounts &used) const {
  int64_t units = kind.units;
  for (int i = 0; i < kResources; ++i) {
    int64_t room = limits[i] - used[i];
    if (kind.need[i] <= room)
      continue;
    // Tokens share their weights.
    if (i == kSynapses && kind.axis != Axis::Channels)
      return 0;
    units = std::min(units, kind.units * room / kind.need[i]);
  }
  return kind.axis == Axis::None && units < kind.units ? 0 : units;
}

double Packer::spikesOf(const std::vector<Tile> &box) const {
  double spikes = 0;
  for (const Tile &tile : box) {
    spikes += rates[tile.layer] * static_cast<double>(fans[tile.layer].sum(tile.box));
    for (int index : inEdges[tile.layer]) {
      const Edge &edge = problem.edges[index];
      spikes += rates[edge.source] * static_cast<double>(coverOf(problem, edge, tile.box).neurons());
    }
  }
  return spikes;
}

double Packer::spikesWithin(const std::vector<Tile> &box, const Core &core) const {
  auto common = [](Range a, Range b) {
    return static_cast<double>(std::max<int64_t>(std::min(a.end, b.end) - std::max(a.begin, b.begin), 0));
  };
  auto along = [&](const Edge &edge, const Box &source, const Box &target) {
    Box cover = coverOf(problem, edge, target);
    return rates[edge.source] * common(cover.y, source.y) * common(cover.x, source.x) *
           common(cover.channels, source.channels);
  };
  double spikes = 0;
  for (const Tile &tile : box) {
    if (!core.feeds[tile.layer])
      continue;
    for (const Tile &other : core.tiles) {
      for (int index : inEdges[tile.layer])
        if (const Edge &edge = problem.edges[index]; edge.source == other.layer)
          spikes += along(edge, other.box, tile.box);
      for (int index : outEdges[tile.layer])
        if (const Edge &edge = problem.edges[index]; edge.target == other.layer)
          spikes += along(edge, tile.box, other.box);
    }
  }
  return spikes;
}

std::optional<Packer::Choice> Packer::choose(const Core &core) const {
  Shares has = sharesOf(core.used);
  std::optional<Choice> best;
  for (size_t index : inUse) {
    const Kind &kind = kinds[index];
    int64_t units = unitsFor(kind, core.used);
    if (units == 0)
      continue;
    double part = static_cast<double>(units) / static_cast<double>(kind.units), most = 0, score = 0;
    for (int i = 0; i < kResources; ++i) {
      double room = 1 - has[i], need = kind.shares[i] * part, after = std::max(room - need, 0.0);
      most = std::max(most, need);
      // Squares of both, so that what is short among all boxes counts.
      score += left[i] * left[i] * ((room * room) - (after * after));
    }
    if (units < kind.units && (most < kSmallestPart || kind.refused == core.index))
      continue;
    size_t nearest = kind.boxes.size() - 1;
    double within = 0;
    for (size_t look = 1; look <= std::min(kind.boxes.size(), kLooks); ++look)
      if (double spikes = spikesWithin(kind.boxes[kind.boxes.size() - look], core); spikes > within) {
        within = spikes;
        nearest = kind.boxes.size() - look;
      }
    if (within > 0)
      score *= 1 + (kNearness * std::min(within / kind.spikes, 1.0));
    if (!best || score > best->score)
      best = {index, nearest, units, score};
  }
  return best;
}

std::vector<Tile> Packer::take(const Choice &choice, const Core &core) {
  Kind &kind = kinds[choice.kind];
  std::vector<Tile> whole = kind.boxes[choice.box], part = whole, rest = whole;
  auto rangeOf = [&](Tile &tile) -> Range & {
    return kind.axis == Axis::Y ? tile.box.y : kind.axis == Axis::X ? tile.box.x : tile.box.channels;
  };
  int64_t units = choice.units;
  if (units < kind.units) {
    auto fits = [&] {
      for (size_t i = 0; i < part.size(); ++i)
        rangeOf(part[i]).end = rangeOf(rest[i]).begin = rangeOf(whole[i]).begin + units;
      std::vector<Tile> both = core.tiles;
      both.insert(both.end(), part.begin(), part.end());
      return usageOf(problem, inEdges, fans, both).fits(problem.chip);
    };
    // Out-axons may be on the first of its neurons more than on others.
    while (units > 0 && !fits())
      --units;
    if (units == 0)
      return {};
  }
  kind.boxes.erase(kind.boxes.begin() + static_cast<std::ptrdiff_t>(choice.box));
  if (kind.boxes.empty())
    inUse.erase(std::find(inUse.begin(), inUse.end(), choice.kind));
  if (units < kind.units)
    insert(std::move(rest));
  return part;
}

std::vector<Tile> Packer::fill(int64_t index) {
  Core core = {index, {}, {}, std::vector<bool>(problem.layers.size(), false)};
  while (std::optional<Choice> choice = choose(core)) {
    std::vector<Tile> box = take(*choice, core);
    if (box.empty()) {
      kinds[choice->kind].refused = index;
      continue;
    }
    Shares shares = sharesOf(amountsOf(box));
    for (int i = 0; i < kResources; ++i)
      left[i] = std::max(left[i] - shares[i], 0.0);
    core.tiles.insert(core.tiles.end(), box.begin(), box.end());
    core.used = amountsOf(core.tiles); // What they share counts once.
    for (const Tile &tile : box) {
      for (int edge : inEdges[tile.layer])
        core.feeds[problem.edges[edge].source] = true;
      for (int edge : outEdges[tile.layer])
        core.feeds[problem.edges[edge].target] = true;
    }
  }
  return core.tiles;
}

CoreTiles Packer::pack(const CoreTiles &boxes) {
  for (const std::vector<Tile> &box : boxes)
    insert(box);
  for (const Kind &kind : kinds)
    for (int i = 0; i < kResources; ++i)
      left[i] += kind.shares[i] * static_cast<double>(kind.boxes.size());
  CoreTiles cores;
  while (!inUse.empty())
    cores.push_back(fill(static_cast<int64_t>(cores.size())));
  return cores;
}
