//===- CoreBoundTest.cpp - No tiling takes fewer cores than the bound -----===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// Tiny problems, of which every way to put neurons on cores is tried, boxes or not. What a core needs is counted here
// synapse by synapse, apart from the library.

#include "../TestUtils.h"
#include "Networks.h"
#include "stas/Mapping/Tiling.h"

#include <array>
#include <optional>
#include <random>
#include <set>
#include <tuple>

using namespace stas;
using namespace stas::mapping;

namespace {

struct Neuron {
  int layer;
  int64_t token, channel;
};

class Exhaustive {
public:
  explicit Exhaustive(const Problem &problem) : problem(problem) {
    std::vector<int> first;
    for (size_t layer = 0; layer < problem.layers.size(); ++layer) {
      first.push_back(static_cast<int>(neurons.size()));
      for (int64_t i = 0; i < problem.layers[layer].neurons(); ++i)
        neurons.push_back(
            {static_cast<int>(layer), i / problem.layers[layer].channels, i % problem.layers[layer].channels});
    }
    reads.resize(neurons.size());
    columns.resize(neurons.size());
    for (size_t target = 0; target < neurons.size(); ++target)
      for (const Edge &edge : problem.edges)
        if (edge.target == neurons[target].layer) {
          columns[target].insert({edge.table, neurons[target].channel});
          for (size_t source = 0; source < neurons.size(); ++source)
            if (neurons[source].layer == edge.source && feeds(edge, neurons[source], neurons[target]))
              reads[target].insert({static_cast<int>(source), edge.delay});
        }
  }

  /// The fewest cores of all ways; none where there is none.
  std::optional<int64_t> fewest() {
    best.reset();
    core.assign(neurons.size(), 0);
    place(0, 0);
    return best;
  }

private:
  bool feeds(const Edge &edge, const Neuron &source, const Neuron &target) const {
    const Layer &from = problem.layers[edge.source], &to = problem.layers[edge.target];
    bool channels =
        edge.channels == ChannelMap::All || (edge.channels == ChannelMap::Same && source.channel == target.channel) ||
        (edge.channels == ChannelMap::Group && source.channel / edge.group == target.channel / edge.group) ||
        (edge.channels == ChannelMap::First && source.channel == 0);
    if (!channels || edge.tokens == TokenMap::All)
      return channels;
    if (edge.tokens == TokenMap::Same)
      return source.token == target.token;
    auto isUnder = [&](int axis, int64_t at, int64_t of) {
      int64_t begin = (of * edge.window.stride[axis]) - edge.window.padding[axis];
      return begin <= at && at < begin + edge.window.kernel[axis];
    };
    return isUnder(0, source.token / from.width, target.token / to.width) &&
           isUnder(1, source.token % from.width, target.token % to.width);
  }

  void place(size_t neuron, int64_t cores) {
    if (best && cores >= *best)
      return;
    if (neuron == neurons.size()) {
      if (holds(cores))
        best = cores;
      return;
    }
    for (int64_t on = 0; on <= cores; ++on) {
      core[neuron] = on;
      place(neuron + 1, std::max(cores, on + 1));
    }
  }

  bool holds(int64_t cores) const {
    const Chip &chip = problem.chip;
    std::vector<int64_t> count(cores, 0), bits(cores, 0), outAxons(cores, 0);
    std::vector<std::set<std::pair<int, int64_t>>> axons(cores), used(cores);
    for (size_t i = 0; i < neurons.size(); ++i) {
      ++count[core[i]];
      axons[core[i]].insert(reads[i].begin(), reads[i].end());
      used[core[i]].insert(columns[i].begin(), columns[i].end());
    }
    std::set<std::pair<int, int64_t>> sent;
    for (int64_t on = 0; on < cores; ++on) {
      for (auto [table, channel] : used[on])
        bits[on] += problem.tables[table].columnBits();
      for (const auto &axon : axons[on])
        if (!chip.multicast || sent.insert(axon).second)
          ++outAxons[core[axon.first]];
    }
    for (int64_t on = 0; on < cores; ++on)
      if (count[on] > chip.neurons || bits[on] > chip.synapseBits || outAxons[on] > chip.outAxons ||
          static_cast<int64_t>(axons[on].size()) > chip.inAxons)
        return false;
    return true;
  }

  const Problem &problem;
  std::vector<Neuron> neurons;
  std::vector<std::set<std::pair<int, int64_t>>> reads;   ///< Sources and delays, by neuron.
  std::vector<std::set<std::pair<int, int64_t>>> columns; ///< Tables and channels.
  std::vector<int64_t> core;
  std::optional<int64_t> best;
};

/// A layer of at most four neurons into one or two others, by edges of every kind.
Problem tinyProblem(std::mt19937 &random) {
  auto draw = [&](int64_t from, int64_t to) { return std::uniform_int_distribution<int64_t>(from, to)(random); };
  Problem problem;
  problem.chip = test::manyCoreChip();
  Layer map;
  map.height = draw(1, 2);
  map.width = map.height == 2 ? 2 : draw(1, 4);
  map.channels = map.tokens() > 2 ? 1 : map.tokens() == 2 ? draw(1, 2) : draw(2, 4);
  problem.layers.push_back(map);
  int64_t targets = map.neurons() <= 3 ? draw(1, 2) : 1;
  for (int64_t i = 0; i < targets; ++i) {
    problem.layers.push_back(map);
    problem.tables.push_back({"table", SynapseForm::Dense, draw(1, 3)});
    Edge edge;
    edge.source = static_cast<int>(draw(0, i));
    edge.target = static_cast<int>(i + 1);
    edge.table = static_cast<int>(draw(0, i));
    edge.tokens = std::array{TokenMap::Same, TokenMap::Window, TokenMap::All}[draw(0, 2)];
    edge.channels = std::array{ChannelMap::Same, ChannelMap::Group, ChannelMap::All, ChannelMap::First}[draw(0, 3)];
    edge.group = map.channels % 2 == 0 ? 2 : 1;
    if (edge.tokens == TokenMap::Window)
      edge.window = {{3, 3}, {1, 1}, {1, 1}};
    problem.edges.push_back(edge);
    if (draw(0, 2) == 0) {
      edge.source = 0;
      edge.tokens = TokenMap::Same;
      edge.window = {};
      edge.delay = draw(0, 1);
      problem.edges.push_back(edge);
    }
  }
  problem.chip.neurons = draw(2, 8);
  problem.chip.synapseBits = 8 * draw(3, 12);
  problem.chip.inAxons = draw(2, 8);
  problem.chip.outAxons = draw(2, 8);
  problem.chip.multicast = draw(0, 1) != 0;
  return problem;
}

} // namespace

TEST(CoreBound, NothingGoesBelow) {
  int mapped = 0, exact = 0;
  for (unsigned seed = 0; seed < 300; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937 random(seed);
    Problem problem = tinyProblem(random);
    ASSERT_TRUE(test::succeeds(problem.validate()));
    std::optional<int64_t> fewest = Exhaustive(problem).fewest();
    Fit<Tiling> fit = tile(problem);
    const Tiling *tiling = std::get_if<Tiling>(&fit);
    EXPECT_TRUE(fewest || !tiling);
    if (!fewest)
      continue;
    ++mapped;
    int64_t bound = coreBound(problem).cores;
    EXPECT_LE(bound, *fewest);
    exact += bound == *fewest;
    if (tiling) {
      EXPECT_GE(static_cast<int64_t>(tiling->cores.size()), *fewest);
    }
  }
  EXPECT_GE(mapped, 150);
  EXPECT_GE(exact, mapped / 3);
}

TEST(CoreBound, LayersThatReadTheSameMayShare) {
  // One reads all of the source's channels, the other its own: eight axons on one core, not 16.
  Problem problem = test::linearNet(test::manyCoreChip(), 1, {8, 2});
  problem.chip.inAxons = 8;
  problem.layers.push_back(problem.layers[0]);
  problem.edges.push_back(problem.edges[0]);
  problem.edges[1].target = 2;
  problem.edges[1].channels = ChannelMap::Same;
  EXPECT_EQ(coreBound(problem).cores, 1);
}

TEST(CoreBound, TokensInsideAMapReadMoreThanThoseAtItsBorder) {
  Problem problem;
  problem.chip = test::manyCoreChip();
  problem.chip.inAxons = 9;
  problem.layers.resize(2);
  for (Layer &layer : problem.layers)
    layer.height = layer.width = 6;
  problem.tables.push_back({"kernel", SynapseForm::Conv, 9});
  problem.edges.push_back({0, 1, 0, TokenMap::Window, ChannelMap::All, {{3, 3}, {1, 1}, {1, 1}}});
  // Each of 4 x 4 inside needs all nine axons of a core; by any tokens it would be four of a corner.
  EXPECT_DOUBLE_EQ(coreBound(problem).exact, 16);
  Fit<Tiling> fit = tile(problem);
  ASSERT_TRUE(std::holds_alternative<Tiling>(fit));
  EXPECT_EQ(std::get_if<Tiling>(&fit)->cores.size(), 16u); // Those at the border go with their neighbours.
}
