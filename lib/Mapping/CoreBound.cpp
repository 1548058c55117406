//===- CoreBound.cpp - How few cores a tiling could do with ---------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// The bound for shared cores is that of bin packing by dual feasible functions: f with f(x1) + f(x2) + ... <= 1
// wherever x1 + x2 + ... <= 1. A core's shares of a resource sum to 1 at most, so that the sum of f over all that needs
// the resource is at most the number of cores. Functions other than the identity know that two parts of more than a
// half do not fit together. S. P. Fekete and J. Schepers, "New classes of fast lower bounds for bin packing problems",
// Mathematical Programming 91 (2001).

#include "Family.h"
#include "FanOut.h"

#include <cmath>
#include <limits>

using namespace stas;
using namespace stas::mapping;

namespace {

constexpr int kRoundings = 20, kThresholds = 10;
constexpr int kFunctions = 1 + kRoundings + kThresholds;
constexpr double kExact = 1e-9;

/// The dual feasible functions: identity, roundings, thresholds.
double dualFeasible(int function, double x) {
  if (function == 0)
    return x;
  if (function <= kRoundings) {
    double scaled = (function + 1) * x;
    bool isWhole = std::abs(scaled - std::round(scaled)) < kExact;
    return isWhole ? x : std::floor(scaled) / function;
  }
  double threshold = 0.05 * (function - kRoundings);
  if (x > 1 - threshold + kExact)
    return 1;
  return x < threshold - kExact ? 0 : x;
}

/// Shares of a core that a neuron needs at least.
struct Density {
  double inAxons = 1, synapses = 1; ///< On a core without other layers.
  double sharedInAxons[kFunctions], sharedSynapses[kFunctions];
  Density() {
    std::fill_n(sharedInAxons, kFunctions, 1);
    std::fill_n(sharedSynapses, kFunctions, 1);
  }
};

class Bounder {
public:
  Bounder(const Problem &problem, const std::vector<std::vector<int>> &inEdges, const std::vector<Family> &families)
      : problem(problem), inEdges(inEdges) {
    for (const Family &family : families) {
      std::map<AxonKey, bool> axons;
      std::map<int, bool> tables;
      for (int layer : family.layers)
        for (int index : inEdges[layer]) {
          const Edge &edge = problem.edges[index];
          axons[{edge.source, edge.delay}] = tables[edge.table] = true;
        }
      for (const auto &entry : axons)
        ++axonReaders[entry.first];
      for (const auto &entry : tables)
        ++tableReaders[entry.first];
    }
  }

  Density densityOf(const Family &family) const;
  /// Cores of a family by what weights and in-axons need together.
  std::pair<Resource, double> slices(const Family &family) const;

private:
  /// Tokens that an edge brings at least to a box of this size.
  int64_t tokensOf(const Edge &edge, int64_t height, int64_t width) const;
  int64_t fewest(const Edge &edge, int axis, int64_t size) const;
  /// Tokens of the source along an axis that a range of [size - 1] rows (or columns) reads at least where it has [row].
  std::vector<std::vector<int64_t>> readsOf(const Edge &edge, int axis) const;

  const Problem &problem;
  const std::vector<std::vector<int>> &inEdges;
  std::map<AxonKey, int> axonReaders; ///< Families that could share an in-axon.
  std::map<int, int> tableReaders;
};

} // namespace

int64_t Bounder::fewest(const Edge &edge, int axis, int64_t size) const {
  const Layer &source = problem.layers[edge.source], &target = problem.layers[edge.target];
  int64_t extent = axis == 0 ? target.height : target.width;
  int64_t least = std::numeric_limits<int64_t>::max();
  for (int64_t begin = 0; begin + size <= extent; ++begin) {
    int64_t read = 0;
    for (Range range : windowRanges(edge.window, axis, {begin, begin + size}, axis == 0 ? source.height : source.width))
      read += range.size();
    least = std::min(least, read);
  }
  return least;
}

int64_t Bounder::tokensOf(const Edge &edge, int64_t height, int64_t width) const {
  switch (edge.tokens) {
  case TokenMap::Same:
    return height * width;
  case TokenMap::Window:
    return fewest(edge, 0, height) * fewest(edge, 1, width);
  case TokenMap::All:
    return problem.layers[edge.source].tokens();
  }
  return 0;
}

std::vector<std::vector<int64_t>> Bounder::readsOf(const Edge &edge, int axis) const {
  const Layer &source = problem.layers[edge.source], &target = problem.layers[edge.target];
  int64_t extent = axis == 0 ? target.height : target.width, from = axis == 0 ? source.height : source.width;
  std::vector<std::vector<int64_t>> reads(extent, std::vector<int64_t>(extent, from));
  for (int64_t size = 1; size <= extent; ++size)
    for (int64_t begin = 0; begin + size <= extent; ++begin) {
      int64_t read = edge.tokens == TokenMap::Same ? size : 0;
      if (edge.tokens == TokenMap::All)
        read = from;
      if (edge.tokens == TokenMap::Window)
        for (Range range : windowRanges(edge.window, axis, {begin, begin + size}, from))
          read += range.size();
      for (int64_t row = begin; row < begin + size; ++row)
        reads[size - 1][row] = std::min(reads[size - 1][row], read);
    }
  return reads;
}

/// The channels of a token are on as many cores as their weights need, and each of these needs the in-axons of its
/// tokens: few at a map's border, where boxes read less, and more inside.
std::pair<Resource, double> Bounder::slices(const Family &family) const {
  const Chip &chip = problem.chip;
  const Layer &view = problem.layers[family.layers.front()];
  int64_t columnBits = std::numeric_limits<int64_t>::max();
  for (int layer : family.layers) {
    std::map<int, int64_t> bits;
    for (int index : inEdges[layer])
      bits[problem.edges[index].table] = problem.tables[problem.edges[index].table].columnBits();
    int64_t sum = 0;
    for (const auto &entry : bits)
      sum += entry.second;
    columnBits = std::min(columnBits, sum);
  }
  int64_t columns = columnBits > 0 ? std::max<int64_t>(1, chip.synapseBits / columnBits) : family.channels();
  int64_t parts = (family.channels() + columns - 1) / columns;

  struct Reads {
    AxonKey axon;
    int64_t channels; ///< That one of the target's needs.
    std::vector<std::vector<int64_t>> rows, columns;
  };
  std::vector<Reads> all;
  for (int index : inEdges[family.layers.front()]) {
    const Edge &edge = problem.edges[index];
    all.push_back(
        {{edge.source, edge.delay}, channelRange(problem, edge, {0, 1}).size(), readsOf(edge, 0), readsOf(edge, 1)});
  }
  auto shareOf = [&](int64_t y, int64_t x, int64_t height, int64_t width) {
    std::map<AxonKey, int64_t> axons; // Edges from one source may bring the same.
    for (const Reads &of : all) {
      int64_t &most = axons[of.axon];
      most = std::max(most, of.rows[height - 1][y] * of.columns[width - 1][x] * of.channels);
    }
    double share = 0;
    for (const auto &entry : axons)
      share += static_cast<double>(entry.second) / chip.inAxons;
    return share;
  };
  double cores[kFunctions] = {};
  for (int64_t y = 0; y < view.height; ++y)
    for (int64_t x = 0; x < view.width; ++x) {
      double least[kFunctions];
      std::fill_n(least, kFunctions, 1);
      for (int64_t height = 1; height <= view.height; ++height)
        for (int64_t width = 1; width <= view.width && height * width <= chip.neurons; ++width) {
          double share = shareOf(y, x, height, width);
          if (share > 1 + kExact)
            break; // More tokens need no less.
          for (int f = 0; f < kFunctions; ++f)
            least[f] = std::min(least[f], dualFeasible(f, share) / static_cast<double>(height * width));
        }
      for (int f = 0; f < kFunctions; ++f)
        cores[f] += least[f] * static_cast<double>(parts);
    }
  return {parts > 1 ? Resource::SynapseMemory : Resource::InAxons, *std::max_element(cores, cores + kFunctions)};
}

Density Bounder::densityOf(const Family &family) const {
  const Chip &chip = problem.chip;
  const Layer &view = problem.layers[family.layers.front()];
  // Bits of the cheapest column, alone and as a part of what could share it.
  double columnBits = std::numeric_limits<double>::max(), sharedColumnBits = columnBits;
  for (int layer : family.layers) {
    std::map<int, bool> tables;
    for (int index : inEdges[layer])
      tables[problem.edges[index].table] = true;
    double alone = 0, shared = 0;
    for (const auto &entry : tables) {
      auto bits = static_cast<double>(problem.tables[entry.first].columnBits());
      alone += bits;
      shared += bits / tableReaders.at(entry.first);
    }
    columnBits = std::min(columnBits, alone);
    sharedColumnBits = std::min(sharedColumnBits, shared);
  }

  Density density;
  for (int64_t height = 1; height <= view.height; ++height)
    for (int64_t width = 1; width <= view.width && height * width <= chip.neurons; ++width) {
      std::vector<std::pair<const Edge *, int64_t>> tokens;
      for (int index : inEdges[family.layers.front()])
        tokens.emplace_back(&problem.edges[index], tokensOf(problem.edges[index], height, width));
      for (int64_t channels = 1; channels <= family.channels() && height * width * channels <= chip.neurons;
           ++channels) {
        std::map<AxonKey, int64_t> axons; // Edges from one source may bring the same.
        for (auto [edge, count] : tokens) {
          int64_t across = edge->channels == ChannelMap::Same    ? channels
                           : edge->channels == ChannelMap::First ? 1
                           : edge->channels == ChannelMap::All
                               ? problem.layers[edge->source].channels
                               : (channels + edge->group - 1) / edge->group * edge->group;
          int64_t &most = axons[{edge->source, edge->delay}];
          most = std::max(most, count * across);
        }
        double inAxons = 0, sharedInAxons = 0;
        for (const auto &[key, count] : axons) {
          inAxons += static_cast<double>(count) / chip.inAxons;
          sharedInAxons += static_cast<double>(count) / chip.inAxons / axonReaders.at(key);
        }
        double synapses = columnBits * channels / chip.synapseBits;
        double sharedSynapses = sharedColumnBits * channels / chip.synapseBits;
        if (inAxons > 1 + kExact || synapses > 1 + kExact)
          break; // More channels need no less.
        auto neurons = static_cast<double>(height * width * channels);
        density.inAxons = std::min(density.inAxons, inAxons / neurons);
        density.synapses = std::min(density.synapses, synapses / neurons);
        for (int f = 0; f < kFunctions; ++f) {
          density.sharedInAxons[f] = std::min(density.sharedInAxons[f], dualFeasible(f, sharedInAxons) / neurons);
          density.sharedSynapses[f] = std::min(density.sharedSynapses[f], dualFeasible(f, sharedSynapses) / neurons);
        }
      }
    }
  return density;
}

CoreBound mapping::coreBound(const Problem &problem, const Tiling &tiling) {
  const Chip &chip = problem.chip;
  const std::vector<std::vector<int>> inEdges = inEdgesOf(problem);
  const std::vector<Family> families = familiesOf(problem, inEdges);
  CoreTiles cores(tiling.cores.size());
  for (const Tile &tile : tiling.tiles)
    cores[tile.core].push_back(tile);
  Bounder bounder(problem, inEdges, families);
  CoreBound bound;
  double unshared = 0, neurons = 0, outAxons = 0, inAxons[kFunctions] = {}, synapses[kFunctions] = {};
  for (const Family &family : families) {
    Density density = bounder.densityOf(family);
    double own = 0, out = 0;
    for (int layer : family.layers) {
      own += problem.layers[layer].neurons();
      out += static_cast<double>(fanOutOf(problem, inEdges, layer, cores).total()) / chip.outAxons;
    }
    FamilyBound part = {family.layers, 0, Resource::Neurons};
    double most = own / chip.neurons;
    for (auto [resource, cores] : {std::pair{Resource::SynapseMemory, own * density.synapses},
                                   std::pair{Resource::InAxons, own * density.inAxons},
                                   std::pair{Resource::OutAxons, out}, bounder.slices(family)})
      if (cores > most) {
        most = cores;
        part.binding = resource;
      }
    part.cores = most;
    unshared += most;
    bound.families.push_back(std::move(part));

    neurons += own / chip.neurons;
    for (int f = 0; f < kFunctions; ++f) {
      inAxons[f] += own * density.sharedInAxons[f];
      synapses[f] += own * density.sharedSynapses[f];
    }
    if (chip.multicast)
      outAxons += out; // One for a neuron and delay, whatever the tiling.
  }
  // Without multicast every in-axon is an out-axon elsewhere.
  if (!chip.multicast)
    outAxons = inAxons[0] * chip.inAxons / chip.outAxons;

  double most = neurons;
  auto consider = [&](Resource resource, double cores) {
    if (cores > most) {
      most = cores;
      bound.sharedBinding = resource;
    }
  };
  for (int f = 0; f < kFunctions; ++f) {
    consider(Resource::SynapseMemory, synapses[f]);
    consider(Resource::InAxons, inAxons[f]);
  }
  consider(Resource::OutAxons, outAxons);
  bound.shared = static_cast<int64_t>(std::ceil(most - kExact));
  bound.unshared = static_cast<int64_t>(std::ceil(unshared - kExact));
  return bound;
}
