//===- EvaluateTest.cpp - Costs and bounds, counted by hand ---------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "stas/Mapping/Evaluate.h"
#include "Networks.h"

#include <gtest/gtest.h>

using namespace stas;
using namespace stas::mapping;

namespace {

/// Two chips of 2 x 2 routers side by side, one core each; a link between them
/// counts as three.
Chip twoChips() {
  Chip chip = test::smallChip();
  chip.boardWidth = 2;
  chip.crossingHops = 3;
  return chip;
}

Flow flow(int source, std::vector<int32_t> targets, double spikes) {
  return {0, source, 0, {}, std::move(targets), spikes};
}

} // namespace

TEST(Evaluate, OneMessageForEachTarget) {
  Chip chip = twoChips();
  std::vector<Flow> flows = {flow(0, {0, 1, 2}, 2), flow(1, {2}, 1)};
  PlacementTask task = {chip, flows, 3};
  // Core 3 is at (1, 1), core 5 on the second chip at (3, 0).
  PlacementCost cost = evaluate(task, {0, 3, 5});
  EXPECT_EQ(cost.messages, 2 * 3 + 1);
  EXPECT_EQ(cost.spikeHops, 2 * (0 + 2 + (1 + 3 + 1)) + 1 * (3 + 1 + 1));
  EXPECT_EQ(cost.crossings, 2 + 1);
}

TEST(Evaluate, AMulticastTakesALinkOnce) {
  Chip chip = twoChips();
  chip.multicast = true;
  // From (0, 0) to (1, 1), (3, 0) and (3, 1): the trunk, and two branches down.
  std::vector<Flow> flows = {flow(0, {1, 2, 3}, 2)};
  PlacementCost cost = evaluate({chip, flows, 4}, {0, 3, 5, 7});
  EXPECT_EQ(cost.messages, 2);
  EXPECT_EQ(cost.spikeHops, 2 * ((1 + 3 + 1) + 1 + 1));
  EXPECT_EQ(cost.crossings, 2);
}

TEST(Evaluate, BoundOfAStar) {
  Chip chip = test::smallChip();
  chip.meshWidth = chip.meshHeight = 5;
  std::vector<Flow> flows;
  for (int32_t leaf = 1; leaf <= 6; ++leaf)
    flows.push_back(flow(0, {leaf}, leaf));
  // Around the centre 6, 5, 4 and 3 are at distance 1, and 2 and 1 at 2. A leaf has the centre at distance 1. Half of
  // both.
  double bound = spikeHopsBound({chip, flows, 7});
  EXPECT_EQ(bound, ((6 + 5 + 4 + 3) + 2 * (2 + 1) + (6 + 5 + 4 + 3 + 2 + 1)) / 2.0);
  // Two cores at each router: one more is near.
  chip.coresPerRouter = 2;
  EXPECT_EQ(spikeHopsBound({chip, flows, 7}), (5 + 4 + 3 + 2 + 1) / 2.0);
}

TEST(Evaluate, BoundOfATree) {
  Chip chip = test::smallChip();
  chip.multicast = true;
  std::vector<Flow> flows = {flow(0, {1, 2, 3}, 2), flow(1, {1}, 5)};
  EXPECT_EQ(spikeHopsBound({chip, flows, 4}), 2 * 3);
  chip.coresPerRouter = 2;
  EXPECT_EQ(spikeHopsBound({chip, flows, 4}), 2 * 1);
}

TEST(Evaluate, ChipsInUseAreFewAndNearASquare) {
  Chip chip = test::manyCoreChip(); // 8 x 4 routers a chip.
  EXPECT_EQ(usedCores(chip, 1).size(), 128u);
  EXPECT_EQ(usedCores(chip, 129).size(), 256u);
  EXPECT_EQ(usedCores(chip, 129).back(), 8 * 128 + 127); // The chip below, not the one beside.
  std::vector<int64_t> five = usedCores(chip, 5 * 128);
  EXPECT_EQ(five.size(), 5 * 128u);
  EXPECT_EQ(five.back(), 16 * 128 + 127); // Two columns, the third row half full.
  EXPECT_EQ(usedCores(test::smallChip(), 1).size(), 4u);
}
