//===- FlowTest.cpp - Who sends spikes to which cores ---------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Networks.h"
#include "stas/Mapping/Hypergraph.h"

#include <gtest/gtest.h>

using namespace stas;
using namespace stas::mapping;

namespace {

/// A tiling that is given, not found.
Tiling tilingOf(std::vector<Tile> tiles, size_t cores) {
  Tiling tiling;
  tiling.tiles = std::move(tiles);
  tiling.cores.resize(cores);
  return tiling;
}

} // namespace

TEST(Flow, NeuronsWithTheSameTargetsAreOneFlow) {
  // Three positions of one channel, of which a window of two reads two each.
  Problem problem = test::linearNet(test::smallChip(), 3, {1, 1});
  problem.layers[0].spikes = {0.5, 1, 2};
  problem.layers[1].width = 2;
  problem.layers[1].spikes = {0};
  problem.edges[0].tokens = TokenMap::Window;
  problem.edges[0].window = {{1, 2}, {1, 1}, {0, 0}};
  ASSERT_TRUE(problem.validate());
  Box all = {{0, 1}, {0, 3}, {0, 1}}, left = {{0, 1}, {0, 1}, {0, 1}}, right = {{0, 1}, {1, 2}, {0, 1}};
  std::vector<Flow> flows = buildFlows(problem, tilingOf({{0, all, 0}, {1, left, 1}, {1, right, 2}}, 3));
  ASSERT_EQ(flows.size(), 3u);
  EXPECT_EQ(flows[0].neurons, std::vector<int32_t>{0});
  EXPECT_EQ(flows[0].targets, std::vector<int32_t>{1});
  EXPECT_EQ(flows[0].spikes, 0.5);
  EXPECT_EQ(flows[1].neurons, std::vector<int32_t>{1});
  EXPECT_EQ(flows[1].targets, (std::vector<int32_t>{1, 2}));
  EXPECT_EQ(flows[2].targets, std::vector<int32_t>{2});
  EXPECT_EQ(flows[2].spikes, 2);
}

TEST(Flow, DelaysAndSourceCoresAreApart) {
  Problem problem = test::linearNet(test::smallChip(), 1, {4, 2});
  problem.edges.push_back(problem.edges[0]);
  problem.edges.back().delay = 2;
  Box two = {{0, 1}, {0, 1}, {0, 2}}, rest = {{0, 1}, {0, 1}, {2, 4}};
  std::vector<Flow> flows = buildFlows(problem, tilingOf({{0, two, 0}, {0, rest, 1}, {1, two, 1}}, 2));
  ASSERT_EQ(flows.size(), 4u);
  for (int i : {0, 1, 2, 3}) {
    EXPECT_EQ(flows[i].delay, i < 2 ? 0 : 2);
    EXPECT_EQ(flows[i].source, i % 2);
    EXPECT_EQ(flows[i].neurons, (i % 2 ? std::vector<int32_t>{2, 3} : std::vector<int32_t>{0, 1}));
    EXPECT_EQ(flows[i].targets, std::vector<int32_t>{1}); // For source core 1, itself.
  }
}

TEST(Flow, AStrideOverTheKernelSkipsTokens) {
  Problem problem = test::linearNet(test::smallChip(), 5, {1, 1});
  problem.layers[1].width = 3;
  problem.layers[1].spikes = {0};
  problem.edges[0].tokens = TokenMap::Window;
  problem.edges[0].window = {{1, 1}, {1, 2}, {0, 0}};
  ASSERT_TRUE(problem.validate());
  Box from = {{0, 1}, {0, 5}, {0, 1}}, to = {{0, 1}, {0, 3}, {0, 1}};
  std::vector<Flow> flows = buildFlows(problem, tilingOf({{0, from, 0}, {1, to, 1}}, 2));
  ASSERT_EQ(flows.size(), 1u);
  EXPECT_EQ(flows[0].neurons, (std::vector<int32_t>{0, 2, 4}));
}
