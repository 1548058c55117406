//===- Tiling.cpp - Layers cut into pieces that cores can hold ------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// Families are cut last layer first. Of the most promising shapes of a family, the one is taken whose boxes, packed
// beside what is there already, open the fewest new cores.

#include "stas/Mapping/Tiling.h"
#include "Limits.h"
#include "Packer.h"
#include "Shapes.h"

#include <limits>
#include <tuple>

using namespace stas;
using namespace stas::mapping;

namespace {

/// Shapes of a family that are packed to see which is best.
constexpr size_t kTrials = 8;
/// In a cycle, fan-outs to layers that are not cut yet are those of the pass before.
constexpr int kPasses = 8;

class Tiler {
public:
  explicit Tiler(const Problem &problem)
      : problem(problem), inEdges(inEdgesOf(problem)), families(familiesOf(problem, inEdges)),
        fans(problem.layers.size()) {}
  Fit<Tiling> run();

private:
  /// Cuts and packs all families; `before` has the cores of the last pass.
  std::optional<Misfit> pass(const CoreTiles &before);
  std::optional<Misfit> cut(const Family &family, Packer &packer);
  /// Whether all out-axons fit, now that every target has its cores.
  bool settle();
  Tiling finish() const;

  const Problem &problem;
  std::vector<std::vector<int>> inEdges;
  std::vector<Family> families;
  std::vector<FanOut> fans;
  CoreTiles cores;
};

} // namespace

std::optional<Misfit> Tiler::cut(const Family &family, Packer &packer) {
  ShapeFinder finder(problem, inEdges, fans, family);
  std::vector<Shape> shapes = finder.find(kTrials);
  if (shapes.empty())
    return misfitOfNeuron(problem, inEdges, fans, family, finder.single());
  auto pack = [&](const Shape &shape) {
    int64_t inAxons = 0;
    for (const Box &box : finder.boxes(shape))
      inAxons += packer.add(family.split(box)).inAxons;
    // As in the choice of shapes: what these boxes make the layers before need counts too.
    return static_cast<double>(packer.size()) +
           (problem.chip.multicast ? 0.0 : static_cast<double>(inAxons) / problem.chip.outAxons);
  };
  const Shape *best = &shapes.front();
  double bestScore = std::numeric_limits<double>::infinity();
  Packer::Mark before = packer.mark();
  for (const Shape &shape : shapes) {
    double score = pack(shape);
    packer.takeBack(before);
    if (score < bestScore) {
      best = &shape;
      bestScore = score;
    }
  }
  pack(*best);
  return std::nullopt;
}

std::optional<Misfit> Tiler::pass(const CoreTiles &before) {
  Packer packer(problem, inEdges, fans);
  std::vector<bool> isCut(problem.layers.size(), false);
  for (const Family &family : families) {
    CoreTiles known = packer.tiles();
    // Targets in a cycle that are still to come.
    for (const std::vector<Tile> &tiles : before) {
      known.emplace_back();
      for (const Tile &tile : tiles)
        if (!isCut[tile.layer])
          known.back().push_back(tile);
    }
    for (int layer : family.layers)
      fans[layer] = fanOutOf(problem, inEdges, layer, known);
    if (std::optional<Misfit> misfit = cut(family, packer))
      return misfit;
    for (int layer : family.layers)
      isCut[layer] = true;
  }
  cores = packer.tiles();
  return std::nullopt;
}

bool Tiler::settle() {
  for (size_t layer = 0; layer < problem.layers.size(); ++layer)
    fans[layer] = fanOutOf(problem, inEdges, static_cast<int>(layer), cores);
  return std::all_of(cores.begin(), cores.end(), [&](const std::vector<Tile> &tiles) {
    return usageOf(problem, inEdges, fans, tiles).fits(problem.chip);
  });
}

Tiling Tiler::finish() const {
  // Cores in the order of layers and tokens, which is that of first-fit placement.
  auto key = [](const Tile &tile) {
    return std::make_tuple(tile.layer, tile.box.y.begin, tile.box.x.begin, tile.box.channels.begin);
  };
  CoreTiles sorted = cores;
  for (std::vector<Tile> &tiles : sorted)
    std::sort(tiles.begin(), tiles.end(), [&](const Tile &a, const Tile &b) { return key(a) < key(b); });
  std::sort(sorted.begin(), sorted.end(),
            [&](const auto &a, const auto &b) { return key(a.front()) < key(b.front()); });
  Tiling tiling;
  for (size_t core = 0; core < sorted.size(); ++core) {
    tiling.cores.push_back(usageOf(problem, inEdges, fans, sorted[core]));
    for (Tile &tile : sorted[core]) {
      tile.core = static_cast<int>(core);
      tiling.tiles.push_back(tile);
    }
  }
  std::sort(tiling.tiles.begin(), tiling.tiles.end(), [&](const Tile &a, const Tile &b) { return key(a) < key(b); });
  return tiling;
}

Fit<Tiling> Tiler::run() {
  if (std::optional<Misfit> misfit = misfitOfParts(problem))
    return *misfit;
  // Before anything that takes memory for each neuron.
  if (std::optional<Misfit> misfit = misfitOfNeurons(problem))
    return *misfit;
  for (int i = 0; i < kPasses; ++i) {
    if (std::optional<Misfit> misfit = pass(CoreTiles(cores)))
      return *misfit;
    if (settle())
      return finish();
  }
  return misfitOfCycle(problem, inEdges, fans, cores);
}

Fit<Tiling> mapping::tile(const Problem &problem) { return Tiler(problem).run(); }
