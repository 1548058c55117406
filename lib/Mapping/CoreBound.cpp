//===- CoreBound.cpp - How few cores any tiling could do with -------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// The dual of a linear program. Let the whole of each resource of a core have a price, the sum of the prices being 1:
// what a core has then costs 1 at most, whatever it is. So all neurons together cost no more than there are cores, and
// what the neurons of a family cost at least, on any cores that are within their limits, is a bound. The best prices
// give the best bound. That layers share what they read is paid for by dividing its price between them.
//
// A family has neurons of p tokens and c channels on a core, hence p * c of them at most, and needs
//   - synapse memory for c columns,
//   - the source tokens that any p tokens read, of all channels, for edges from all channels,
//   - and for edges from their own channels or group of channels at least a number for each neuron, the least of any
//     tokens and channels of a group.
// Without multicast every in-axon is an out-axon elsewhere, and costs what both do.
//
// That is what it costs by neurons. By tokens: where a core has room for the columns of a part of the channels only, a
// token is on as many whole cores as there are parts, and each core with p tokens reads what p tokens read at least.
// Columns cost what they do on cores with as many tokens as fit. The higher of both costs counts.

#include "Family.h"
#include "LeastReads.h"

#include <array>
#include <cmath>
#include <limits>
#include <set>

using namespace stas;
using namespace stas::mapping;

namespace {

constexpr double kExact = 1e-9;
/// Prices are so many parts of 1.
constexpr int kParts = 16;

/// Of a core, whole: neurons, synapse memory, in-axons, out-axons.
using Prices = std::array<double, 4>;
constexpr std::array<Resource, 4> kResources = {Resource::Neurons, Resource::SynapseMemory, Resource::InAxons,
                                                Resource::OutAxons};
/// What a neuron needs of each at least.
using Shares = std::array<double, 4>;

/// Neurons of a family, and what each of them needs at least in several ways to have them on cores.
struct Needs {
  double neurons = 0;
  std::vector<Shares> ways;
};

class Bounder {
public:
  explicit Bounder(const Problem &problem);
  CoreBound run() const;

private:
  /// Of the tokens in a part of the map, by neurons and by tokens. Without ways where none fits a core.
  std::array<Needs, 2> needsOf(const Family &family, Range rows, Range columns) const;
  /// In-axons that a neuron pays for at least, by edges from its own channels or group.
  double separableAxons(const std::vector<int> &edges, Range rows, Range columns) const;
  /// [p]: in-axons of p tokens by edges from all channels, and what of them they pay for.
  std::pair<std::vector<int64_t>, std::vector<double>> commonAxons(const std::vector<int> &edges, Range rows,
                                                                   Range columns) const;
  /// Out-axons that each neuron of a layer has at least where the chip multicasts.
  int64_t outAxonsOf(int layer) const;
  CoreBound boundAt(const std::vector<std::vector<Needs>> &needs, const Prices &prices) const;

  const Problem &problem;
  std::vector<std::vector<int>> inEdges;
  std::vector<Family> families;
  /// Between how many the price of an in-axon is divided, and that of a table's columns.
  std::map<AxonKey, int64_t> axonPayers;
  std::map<int, int64_t> tablePayers;
};

bool isCommon(const Edge &edge) { return edge.channels == ChannelMap::All || edge.channels == ChannelMap::First; }

AxonKey axonOf(const Edge &edge) { return {edge.source, edge.delay}; }

} // namespace

Bounder::Bounder(const Problem &problem)
    : problem(problem), inEdges(inEdgesOf(problem)), families(familiesOf(problem, inEdges)) {
  for (const Family &family : families) {
    std::set<std::pair<AxonKey, bool>> axons;
    for (int layer : family.layers) {
      std::set<int> tables;
      for (int index : inEdges[layer]) {
        axons.insert({axonOf(problem.edges[index]), isCommon(problem.edges[index])});
        tables.insert(problem.edges[index].table);
      }
      for (int table : tables)
        ++tablePayers[table];
    }
    for (const auto &entry : axons)
      ++axonPayers[entry.first];
  }
}

double Bounder::separableAxons(const std::vector<int> &edges, Range rows, Range columns) const {
  int64_t group = 1;
  for (int index : edges)
    if (problem.edges[index].channels == ChannelMap::Group)
      group = std::max(group, problem.edges[index].group);
  struct Reads {
    const Edge *edge;
    std::vector<int64_t> least;
  };
  std::vector<Reads> all;
  for (int index : edges) {
    const Edge &edge = problem.edges[index];
    // What does not count here only makes the bound lower.
    bool counts = edge.channels == ChannelMap::Group
                      ? edge.group == group
                      : edge.channels == ChannelMap::Same && (group == 1 || edge.tokens != TokenMap::Window);
    if (counts)
      all.push_back({&edge, leastTokens(problem, edge, rows, columns, problem.chip.neurons, problem.chip.inAxons)});
  }
  if (all.empty())
    return 0;
  double least = std::numeric_limits<double>::infinity();
  for (int64_t p = 1; p <= std::min(rows.size() * columns.size(), problem.chip.neurons); ++p)
    for (int64_t c = 1; c <= group; ++c) {
      std::map<AxonKey, int64_t> axons;
      for (const Reads &reads : all) {
        // Beyond the last, more than a core has.
        int64_t tokens = reads.least[std::min(p, static_cast<int64_t>(reads.least.size()) - 1)];
        int64_t &most = axons[axonOf(*reads.edge)];
        most = std::max(most, tokens * (reads.edge->channels == ChannelMap::Group ? group : c));
      }
      int64_t needed = 0;
      double paid = 0;
      for (const auto &[key, count] : axons) {
        needed += count;
        paid += static_cast<double>(count) / static_cast<double>(axonPayers.at(key));
      }
      if (needed <= problem.chip.inAxons)
        least = std::min(least, paid / static_cast<double>(std::min(p * c, problem.chip.neurons)));
    }
  return least;
}

std::pair<std::vector<int64_t>, std::vector<double>> Bounder::commonAxons(const std::vector<int> &edges, Range rows,
                                                                          Range columns) const {
  std::map<AxonKey, std::vector<int64_t>> axons;
  int64_t most = std::min(rows.size() * columns.size(), problem.chip.neurons);
  for (int index : edges) {
    const Edge &edge = problem.edges[index];
    if (!isCommon(edge))
      continue;
    int64_t channels = edge.channels == ChannelMap::All ? problem.layers[edge.source].channels : 1;
    std::vector<int64_t> least = leastTokens(problem, edge, rows, columns, most, problem.chip.inAxons / channels);
    most = std::min(most, static_cast<int64_t>(least.size()) - 1);
    std::vector<int64_t> &of = axons[axonOf(edge)];
    of.resize(least.size(), 0);
    for (size_t p = 0; p < least.size(); ++p)
      of[p] = std::max(of[p], least[p] * channels);
  }
  std::vector<int64_t> needed(most + 1, 0);
  std::vector<double> paid(most + 1, 0);
  for (const auto &[key, of] : axons)
    for (int64_t p = 0; p <= most; ++p) {
      needed[p] += of[p];
      paid[p] += static_cast<double>(of[p]) / static_cast<double>(axonPayers.at(key));
    }
  return {needed, paid};
}

int64_t Bounder::outAxonsOf(int layer) const {
  const Layer &source = problem.layers[layer];
  std::set<int64_t> delays;
  for (const Edge &edge : problem.edges) {
    const Layer &target = problem.layers[edge.target];
    bool readsAll = edge.source == layer && edge.channels != ChannelMap::First;
    if (edge.tokens == TokenMap::Window)
      for (int axis : {0, 1}) {
        int64_t extent = axis == 0 ? source.height : source.width;
        std::vector<Range> ranges =
            windowRanges(edge.window, axis, {0, axis == 0 ? target.height : target.width}, extent);
        readsAll = readsAll && ranges.size() == 1 && ranges.front().size() == extent;
      }
    if (readsAll)
      delays.insert(edge.delay);
  }
  return static_cast<int64_t>(delays.size());
}

std::array<Needs, 2> Bounder::needsOf(const Family &family, Range rows, Range columns) const {
  const Chip &chip = problem.chip;
  const std::vector<int> &edges = inEdges[family.layers.front()];
  Needs needs;
  auto positions = static_cast<double>(rows.size() * columns.size());
  double outAxons = 0, columnPaid = std::numeric_limits<double>::infinity();
  int64_t columnBits = std::numeric_limits<int64_t>::max();
  for (int layer : family.layers) {
    double neurons = positions * static_cast<double>(problem.layers[layer].channels), paid = 0;
    needs.neurons += neurons;
    outAxons += neurons * static_cast<double>(chip.multicast ? outAxonsOf(layer) : 0);
    std::set<int> tables;
    for (int index : inEdges[layer])
      tables.insert(problem.edges[index].table);
    int64_t bits = 0;
    for (int table : tables) {
      bits += problem.tables[table].columnBits();
      paid += static_cast<double>(problem.tables[table].columnBits()) / static_cast<double>(tablePayers.at(table));
    }
    columnBits = std::min(columnBits, bits);
    columnPaid = std::min(columnPaid, paid);
  }
  outAxons /= needs.neurons;
  double separable = separableAxons(edges, rows, columns);
  auto [needed, paid] = commonAxons(edges, rows, columns);
  double fewest = std::numeric_limits<double>::infinity(), fewestOfToken = fewest;
  int64_t most = 0;
  int64_t channels = columnBits > 0 ? std::min(family.channels(), chip.synapseBits / columnBits) : family.channels();
  auto wayOf = [&](int64_t p, double inAxons) -> Shares {
    return {1.0 / static_cast<double>(chip.neurons),
            columnPaid / static_cast<double>(p) / static_cast<double>(chip.synapseBits),
            inAxons / static_cast<double>(chip.inAxons),
            (chip.multicast ? outAxons : inAxons) / static_cast<double>(chip.outAxons)};
  };
  for (auto p = static_cast<int64_t>(needed.size()) - 1; p >= 1; --p) {
    if (needed[p] > chip.inAxons)
      continue;
    // Not all of p x channels need be there.
    auto neurons = static_cast<double>(std::min(p * channels, chip.neurons));
    if (separable > 0)
      neurons = std::min(neurons, static_cast<double>(chip.inAxons - needed[p]) / separable);
    if (neurons < 1 - kExact)
      continue;
    most = std::max(most, p);
    fewestOfToken = std::min(fewestOfToken, paid[p] / static_cast<double>(p));
    double inAxons = separable + (paid[p] / neurons);
    // More tokens need fewer columns for each: fewer tokens are worth a look only where they read less.
    if (inAxons >= fewest)
      continue;
    fewest = inAxons;
    needs.ways.push_back(wayOf(p, inAxons));
  }
  Needs byTokens = {needs.neurons, {}};
  if (most > 0) {
    int64_t parts = (family.channels() + channels - 1) / channels;
    byTokens.ways.push_back(
        wayOf(most, separable + (fewestOfToken * static_cast<double>(parts) * positions / needs.neurons)));
  }
  return {needs, byTokens};
}

CoreBound Bounder::boundAt(const std::vector<std::vector<Needs>> &needs, const Prices &prices) const {
  CoreBound bound;
  double sum = 0;
  Shares whole = {};
  for (size_t i = 0; i < families.size(); ++i) {
    double most = 0;
    Shares paid = {};
    for (const Needs &of : needs[i]) {
      double least = std::numeric_limits<double>::infinity();
      Shares leastPaid = {};
      for (const Shares &way : of.ways) {
        double cost = 0;
        for (size_t r = 0; r < prices.size(); ++r)
          cost += prices[r] * way[r];
        if (cost >= least)
          continue;
        least = cost;
        for (size_t r = 0; r < prices.size(); ++r)
          leastPaid[r] = of.neurons * prices[r] * way[r];
      }
      if (!of.ways.empty() && of.neurons * least > most) {
        most = of.neurons * least;
        paid = leastPaid;
      }
    }
    sum += most;
    for (size_t r = 0; r < paid.size(); ++r)
      whole[r] += paid[r];
    bound.families.push_back(
        {families[i].layers, most, kResources[std::max_element(paid.begin(), paid.end()) - paid.begin()]});
  }
  bound.exact = sum;
  bound.cores = static_cast<int64_t>(std::ceil(sum - kExact));
  bound.binding = kResources[std::max_element(whole.begin(), whole.end()) - whole.begin()];
  return bound;
}

CoreBound Bounder::run() const {
  std::vector<std::vector<Needs>> needs;
  for (const Family &family : families) {
    const Layer &view = problem.layers[family.layers.front()];
    Range rows = {0, view.height}, columns = {0, view.width};
    // All tokens, of which those at a border read little; or only those inside, which read as much as any.
    std::array<Needs, 2> all = needsOf(family, rows, columns);
    needs.emplace_back(all.begin(), all.end());
    for (int index : inEdges[family.layers.front()]) {
      Range y = insideOf(problem, problem.edges[index], 0), x = insideOf(problem, problem.edges[index], 1);
      rows = {std::max(rows.begin, y.begin), std::min(rows.end, y.end)};
      columns = {std::max(columns.begin, x.begin), std::min(columns.end, x.end)};
    }
    bool isPart = rows.size() < view.height || columns.size() < view.width;
    if (!isPart || rows.size() <= 0 || columns.size() <= 0)
      continue;
    std::array<Needs, 2> inside = needsOf(family, rows, columns);
    needs.back().insert(needs.back().end(), inside.begin(), inside.end());
  }
  CoreBound best;
  for (int neurons = 0; neurons <= kParts; ++neurons)
    for (int synapses = 0; neurons + synapses <= kParts; ++synapses)
      for (int inAxons = kParts - neurons - synapses; inAxons >= 0; --inAxons) {
        Prices prices;
        int parts[] = {neurons, synapses, inAxons, kParts - neurons - synapses - inAxons};
        for (size_t r = 0; r < prices.size(); ++r)
          prices[r] = static_cast<double>(parts[r]) / kParts;
        if (CoreBound bound = boundAt(needs, prices); best.families.empty() || bound.exact > best.exact + kExact)
          best = std::move(bound);
      }
  return best;
}

CoreBound mapping::coreBound(const Problem &problem) { return Bounder(problem).run(); }
