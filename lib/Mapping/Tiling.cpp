//===- Tiling.cpp - Layers cut into pieces that cores can hold ------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// Families are cut last layer first, so that the boxes that read a layer are known when its own have to keep their
// out-axons. Then all boxes are packed at once: layers that need many in-axons are put beside layers that need many
// out-axons, wherever they are in the model.

#include "stas/Mapping/Tiling.h"
#include "Limits.h"
#include "Packer.h"
#include "Shapes.h"

#include <limits>
#include <tuple>

using namespace stas;
using namespace stas::mapping;

namespace {

/// Shapes of a family that are looked at closely.
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
  /// Cuts all families; `before` has the boxes of the last pass.
  std::optional<Misfit> pass(const CoreTiles &before);
  /// Cuts a family into boxes of the shape that takes the least.
  std::optional<Misfit> cut(const Family &family);
  /// What boxes take of synapse memory and axons, in cores.
  double costOf(const CoreTiles &boxes) const;
  /// Whether every box fits a core, now that all that read its neurons are known.
  bool settle();
  Tiling finish(CoreTiles cores);

  const Problem &problem;
  std::vector<std::vector<int>> inEdges;
  std::vector<Family> families;
  std::vector<FanOut> fans; ///< An out-axon for each box that reads a neuron.
  CoreTiles boxes;          ///< Each as if it had a core of its own.
};

} // namespace

double Tiler::costOf(const CoreTiles &boxes) const {
  const Chip &chip = problem.chip;
  double cost = 0;
  for (const std::vector<Tile> &box : boxes) {
    Usage usage = usageOf(problem, inEdges, fans, box);
    auto inAxons = static_cast<double>(usage.inAxons);
    cost += static_cast<double>(usage.synapseBits) / static_cast<double>(chip.synapseBits) + inAxons / chip.inAxons;
    // Where every target is a message, in-axons here are out-axons elsewhere.
    if (!chip.multicast)
      cost += inAxons / chip.outAxons;
  }
  return cost;
}

std::optional<Misfit> Tiler::cut(const Family &family) {
  ShapeFinder finder(problem, inEdges, fans, family);
  std::vector<Shape> shapes = finder.find(kTrials);
  if (shapes.empty())
    return misfitOfNeuron(problem, inEdges, fans, finder.single());
  CoreTiles best;
  double least = std::numeric_limits<double>::infinity();
  for (const Shape &shape : shapes) {
    CoreTiles trial;
    for (const Box &box : finder.boxes(shape))
      trial.push_back(family.split(box));
    if (double cost = costOf(trial); cost < least) {
      least = cost;
      best = std::move(trial);
    }
  }
  boxes.insert(boxes.end(), best.begin(), best.end());
  return std::nullopt;
}

std::optional<Misfit> Tiler::pass(const CoreTiles &before) {
  boxes.clear();
  std::vector<bool> isCut(problem.layers.size(), false);
  for (const Family &family : families) {
    CoreTiles known = boxes;
    // Targets in a cycle that are still to come.
    for (const std::vector<Tile> &box : before)
      if (!isCut[box.front().layer])
        known.push_back(box);
    for (int layer : family.layers)
      fans[layer] = fanOutOf(problem, inEdges, layer, known);
    if (std::optional<Misfit> misfit = cut(family))
      return misfit;
    for (int layer : family.layers)
      isCut[layer] = true;
  }
  return std::nullopt;
}

bool Tiler::settle() {
  for (size_t layer = 0; layer < problem.layers.size(); ++layer)
    fans[layer] = fanOutOf(problem, inEdges, static_cast<int>(layer), boxes);
  return std::all_of(boxes.begin(), boxes.end(), [&](const std::vector<Tile> &box) {
    return usageOf(problem, inEdges, fans, box).fits(problem.chip);
  });
}

Tiling Tiler::finish(CoreTiles sorted) {
  // What boxes on a core read in common is one out-axon after all.
  for (size_t layer = 0; layer < problem.layers.size(); ++layer)
    fans[layer] = fanOutOf(problem, inEdges, static_cast<int>(layer), sorted);
  // Cores in the order of layers and tokens, which is that of first-fit placement.
  auto key = [](const Tile &tile) {
    return std::make_tuple(tile.layer, tile.box.y.begin, tile.box.x.begin, tile.box.channels.begin);
  };
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
    if (std::optional<Misfit> misfit = pass(CoreTiles(boxes)))
      return *misfit;
    if (settle())
      return finish(Packer(problem, inEdges, fans, families).pack(boxes));
  }
  return misfitOfCycle(problem, inEdges, fans, boxes);
}

Fit<Tiling> mapping::tile(const Problem &problem) { return Tiler(problem).run(); }
