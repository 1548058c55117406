//===- TilingTest.cpp - Boxes and what they need, counted by hand ---------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "stas/Mapping/Tiling.h"
#include "../TestUtils.h"
#include "Networks.h"
#include "stas/Mapping/Verify.h"

using namespace stas;
using namespace stas::mapping;

namespace {

struct Bounded : Tiling {
  CoreBound bound;
};

Bounded tilingOf(const Problem &problem) {
  EXPECT_TRUE(test::succeeds(problem.validate()));
  Fit<Tiling> fit = tile(problem);
  if (auto *misfit = std::get_if<Misfit>(&fit)) {
    ADD_FAILURE() << misfit->message();
    return {};
  }
  const Tiling &tiling = *std::get_if<Tiling>(&fit);
  return {tiling, coreBound(problem)};
}

std::vector<Tile> tilesOf(const Tiling &tiling, int layer) {
  std::vector<Tile> tiles;
  for (const Tile &tile : tiling.tiles)
    if (tile.layer == layer)
      tiles.push_back(tile);
  return tiles;
}

const FamilyBound &boundOf(const Bounded &tiling, int layer) {
  for (const FamilyBound &family : tiling.bound.families)
    if (family.layers.front() == layer)
      return family;
  static const FamilyBound none = {};
  ADD_FAILURE() << "no family starts with layer " << layer;
  return none;
}

/// Limits that nothing here reaches.
Chip roomy() {
  Chip chip = test::manyCoreChip();
  chip.neurons = chip.synapseBits = chip.inAxons = chip.outAxons = 1 << 30;
  return chip;
}

} // namespace

TEST(Tiling, AllOnOneCore) {
  Bounded tiling = tilingOf(test::linearNet(roomy(), 5, {8, 6, 4}));
  ASSERT_EQ(tiling.cores.size(), 1u);
  EXPECT_EQ(tiling.cores[0].neurons, 5 * (8 + 6 + 4));
  EXPECT_EQ(tiling.cores[0].synapseBits, (8 * 6 + 6 * 4) * 8); // Once for all tokens.
  EXPECT_EQ(tiling.cores[0].inAxons, 5 * (8 + 6));
  EXPECT_EQ(tiling.cores[0].outAxons, 5 * (8 + 6)); // The last layer feeds none.
  EXPECT_EQ(tiling.bound.cores, 1);
}

TEST(Tiling, NeuronsBind) {
  Chip chip = roomy();
  chip.neurons = 10;
  Bounded tiling = tilingOf(test::linearNet(chip, 1, {20, 40}));
  EXPECT_EQ(tiling.cores.size(), 6u);
  EXPECT_EQ(tiling.bound.cores, 6);
  EXPECT_EQ(tiling.bound.binding, Resource::Neurons);
  EXPECT_EQ(boundOf(tiling, 1).binding, Resource::Neurons);
  EXPECT_EQ(boundOf(tiling, 1).cores, 4);
}

TEST(Tiling, SynapseMemoryBinds) {
  Chip chip = roomy();
  chip.synapseBits = 3 * 16 * 8; // Three columns of 16 weights.
  Bounded tiling = tilingOf(test::linearNet(chip, 4, {16, 8}));
  EXPECT_EQ(tilesOf(tiling, 1).size(), 3u);
  for (const Tile &tile : tilesOf(tiling, 1)) {
    EXPECT_EQ(tile.box.tokens(), 4); // All tokens use the same columns.
    EXPECT_LE(tile.box.channels.size(), 3);
  }
  EXPECT_EQ(boundOf(tiling, 1).binding, Resource::SynapseMemory);
  EXPECT_EQ(tiling.bound.cores, 3);
}

TEST(Tiling, InAxonsBind) {
  Chip chip = roomy();
  chip.inAxons = 40; // Two tokens of 16, not three.
  Bounded tiling = tilingOf(test::linearNet(chip, 6, {16, 8}));
  EXPECT_EQ(tilesOf(tiling, 1).size(), 3u);
  EXPECT_EQ(boundOf(tiling, 1).binding, Resource::InAxons);
  // 6 * 16 axons of 40 are three cores only since two halves and more do not go together.
  EXPECT_EQ(tiling.bound.cores, 3);
}

TEST(Tiling, OutAxonsBind) {
  Chip chip = roomy();
  chip.synapseBits = 2 * 16 * 8; // Four slices of two columns each.
  chip.outAxons = 32;
  Bounded tiling = tilingOf(test::linearNet(chip, 1, {16, 8}));
  EXPECT_EQ(tilesOf(tiling, 1).size(), 4u);
  EXPECT_EQ(tilesOf(tiling, 0).size(), 2u); // Each neuron has four axons.
  EXPECT_EQ(tiling.bound.cores, 4);         // Two columns to a core.
  chip.multicast = true;
  EXPECT_EQ(tilesOf(tilingOf(test::linearNet(chip, 1, {16, 8})), 0).size(), 1u);
}

TEST(Tiling, ConvolutionReadsAMargin) {
  Chip chip = roomy();
  chip.neurons = 4 * 4 * 2;
  Problem problem = test::convNet(chip, 8, 2);
  for (const Tile &tile : tilesOf(tilingOf(problem), 2))
    EXPECT_LE(tile.box.neurons(), 32);
  // One box of 4 x 4 in a corner of the 8 x 8 map reads 5 x 5 positions of two channels.
  problem.layers.resize(3);
  problem.edges.resize(2);
  problem.layers[0].spikes = problem.layers[1].spikes = problem.layers[2].spikes = {1};
  Bounded tiling = tilingOf(problem);
  for (const Tile &tile : tilesOf(tiling, 2)) {
    int64_t rows = tile.box.y.size() + (tile.box.y.begin > 0) + (tile.box.y.end < 8);
    int64_t columns = tile.box.x.size() + (tile.box.x.begin > 0) + (tile.box.x.end < 8);
    EXPECT_EQ(tiling.cores[tile.core].inAxons, rows * columns * 2);
  }
}

TEST(Tiling, WeightsAndInAxonsBindTogether) {
  Chip chip = roomy();
  chip.synapseBits = 4 * 10 * 8; // Four columns of the six: two slices,
  chip.inAxons = 25;             // each of two tokens of ten inputs.
  Bounded tiling = tilingOf(test::linearNet(chip, 6, {10, 6}));
  EXPECT_EQ(tilesOf(tiling, 1).size(), 6u);
  // A token is on two cores, each time with ten in-axons of 25. By neurons, two tokens of four, it would be 3.6.
  EXPECT_DOUBLE_EQ(boundOf(tiling, 1).cores, 6 * 2 * 10 / 25.0);
  EXPECT_EQ(boundOf(tiling, 1).binding, Resource::InAxons);
}

TEST(Tiling, BoxesAtTheBorderReadLess) {
  Chip chip = roomy();
  chip.multicast = true;
  Problem problem;
  problem.layers.resize(2);
  for (Layer &layer : problem.layers)
    layer.height = layer.width = 6;
  problem.layers[1].channels = 2;
  problem.tables.push_back({"kernel", SynapseForm::Conv, 9});
  problem.edges.push_back({0, 1, 0, TokenMap::Window, ChannelMap::All, {{3, 3}, {1, 1}, {1, 1}}});
  chip.synapseBits = 9 * 8; // A column.
  chip.inAxons = 9;
  problem.chip = chip;
  Bounded tiling = tilingOf(problem);
  // Nine inputs feed 2 x 2 tokens in a corner, 2 x 1 at a border, and one inside.
  EXPECT_DOUBLE_EQ(boundOf(tiling, 1).cores, 2 * 16);
  EXPECT_EQ(tiling.cores.size(), 32u);
}

TEST(Tiling, LayersWithTheSameInputsAreCutAsOne) {
  Chip chip = roomy();
  chip.synapseBits = 9 * 6 * 8; // Nine columns of the eighteen.
  Problem problem = test::linearNet(chip, 4, {6, 6});
  for (int i = 0; i < 2; ++i) {
    problem.layers.push_back(problem.layers[1]);
    problem.tables.push_back(problem.tables[0]);
    Edge edge = problem.edges[0];
    edge.target = edge.table = 2 + i;
    edge.table = 1 + i;
    problem.edges.push_back(edge);
  }
  Bounded tiling = tilingOf(problem);
  EXPECT_EQ(tiling.cores.size(), 2u);
  EXPECT_EQ(tilesOf(tiling, 2).size(), 2u); // The middle one is cut in half.
  EXPECT_EQ(boundOf(tiling, 1).layers, (std::vector<int>{1, 2, 3}));
  // In-axons of a token are there once for all three.
  for (const Usage &usage : tiling.cores)
    EXPECT_EQ(usage.inAxons, 4 * 6);
}

TEST(Tiling, SmallBoxesShareACore) {
  Chip chip = roomy();
  chip.neurons = 100;
  Bounded tiling = tilingOf(test::linearNet(chip, 1, {60, 40, 60, 40, 100}));
  EXPECT_EQ(tiling.cores.size(), 3u);
  EXPECT_EQ(tiling.bound.cores, 3);
  EXPECT_DOUBLE_EQ(boundOf(tiling, 1).cores, 0.4);
}

TEST(Tiling, EdgesMayShareATable) {
  Problem problem = test::linearNet(roomy(), 2, {6, 6, 6});
  problem.edges.push_back({0, 2, 1, TokenMap::Same, ChannelMap::All, {}, 1, 1});
  Bounded tiling = tilingOf(problem);
  EXPECT_EQ(tiling.cores[0].synapseBits, 2 * 6 * 6 * 8);
  EXPECT_EQ(tiling.cores[0].inAxons, 3 * 2 * 6); // The source once for each delay.
}

TEST(Tiling, EqualEdgesShareTheirAxons) {
  Chip chip = roomy();
  chip.inAxons = 6; // All that one token has.
  Problem problem = test::linearNet(chip, 1, {6, 4});
  problem.edges.push_back(problem.edges[0]);
  // Where windows do not count.
  problem.edges.back().window.kernel[0] = problem.edges.back().group = 2;
  Bounded tiling = tilingOf(problem);
  EXPECT_EQ(tilesOf(tiling, 1).size(), 1u);
  ASSERT_EQ(tiling.cores.size(), 1u);
  EXPECT_EQ(tiling.cores[0].inAxons, 6);
  EXPECT_EQ(tiling.cores[0].outAxons, 6);
  EXPECT_EQ(tiling.cores[0].synapseBits, 6 * 4 * 8);
  Fit<Mapping> mapping = mapProblem(problem, *createFirstFitPlacer());
  ASSERT_TRUE(std::holds_alternative<Mapping>(mapping));
  EXPECT_TRUE(verify(problem, *std::get_if<Mapping>(&mapping)).empty());
}

TEST(Tiling, FastWeightsAreStoredOnce) {
  test::SpikformerShape shape;
  shape.image = 8;
  shape.channels = 8;
  shape.blocks = 1;
  shape.heads = 2;
  Problem problem = test::spikformer(roomy(), shape);
  Bounded tiling = tilingOf(problem);
  int64_t bits = 0;
  for (const Table &table : problem.tables)
    bits += table.sharedBits();
  // Columns of counters, one for each of the eight channels, as those of weights.
  for (const Edge &edge : problem.edges)
    if (problem.layers[edge.target].name != "block.0.attn" || edge.channels == ChannelMap::Same)
      bits += problem.tables[edge.table].columnBits() * problem.layers[edge.target].channels;
  // Both edges of a residual sum share their table.
  EXPECT_EQ(tiling.cores.size(), 1u);
  EXPECT_EQ(tiling.cores[0].synapseBits, bits);
}

TEST(Tiling, BoundsHoldAndLimitsAreKept) {
  for (bool multicast : {false, true}) {
    Chip chip = test::manyCoreChip();
    chip.multicast = multicast;
    test::SpikformerShape shape;
    shape.channels = 128;
    shape.blocks = 2;
    shape.heads = 4;
    Bounded tiling = tilingOf(test::spikformer(chip, shape));
    for (const Usage &usage : tiling.cores)
      EXPECT_TRUE(usage.fits(chip));
    EXPECT_GE(static_cast<int64_t>(tiling.cores.size()), tiling.bound.cores);
    // Each out-axon is on the core of its neuron: that the bound does not know.
    EXPECT_LE(tiling.cores.size(), (multicast ? 1.25 : 1.4) * tiling.bound.cores);
  }
}
