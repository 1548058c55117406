//===- RouterTest.cpp - Ways and loads, counted by hand -------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "stas/Mapping/Router.h"
#include "Networks.h"

#include <gtest/gtest.h>

using namespace stas;
using namespace stas::mapping;

namespace {

Chip grid() {
  Chip chip = test::smallChip();
  chip.meshWidth = chip.meshHeight = 3;
  return chip;
}

double load(const Routing &routing, int x, int y, Direction direction) {
  return routing.loads[((y * 3) + x) * 4 + static_cast<int>(direction)];
}

double total(const Routing &routing) {
  double sum = 0;
  for (double load : routing.loads)
    sum += load;
  return sum;
}

} // namespace

TEST(Router, AlongXFirst) {
  Chip chip = grid();
  std::vector<Flow> flows = {{0, 0, 0, {}, {0, 1}, 2}, {0, 1, 0, {}, {0}, 1}};
  // Core 0 at (0, 2), core 1 at (2, 0).
  Routing routing = route({chip, flows, 2}, {6, 2});
  ASSERT_EQ(routing.routes.size(), 3u);
  EXPECT_TRUE(routing.routes[0].segments.empty()); // To itself.
  ASSERT_EQ(routing.routes[1].segments.size(), 2u);
  EXPECT_EQ(routing.routes[1].segments[0].toX, 2);
  EXPECT_EQ(routing.routes[1].segments[0].toY, 2);
  EXPECT_EQ(load(routing, 0, 2, Direction::East), 2);
  EXPECT_EQ(load(routing, 1, 2, Direction::East), 2);
  EXPECT_EQ(load(routing, 2, 2, Direction::North), 2);
  EXPECT_EQ(load(routing, 2, 1, Direction::North), 2);
  // Back, along the other row and column.
  EXPECT_EQ(load(routing, 2, 0, Direction::West), 1);
  EXPECT_EQ(load(routing, 1, 0, Direction::West), 1);
  EXPECT_EQ(load(routing, 0, 0, Direction::South), 1);
  EXPECT_EQ(load(routing, 0, 1, Direction::South), 1);
  EXPECT_EQ(total(routing), 4 * 2 + 4 * 1);
  EXPECT_EQ(routing.maxLoad(), 2);
}

TEST(Router, AMulticastIsATree) {
  Chip chip = grid();
  chip.multicast = true;
  // From the centre to all corners: the trunk both ways, and four branches.
  std::vector<Flow> flows = {{0, 0, 0, {}, {1, 2, 3, 4}, 2}};
  Routing routing = route({chip, flows, 5}, {4, 0, 2, 6, 8});
  ASSERT_EQ(routing.routes.size(), 1u);
  EXPECT_EQ(routing.routes[0].target, -1);
  EXPECT_EQ(routing.routes[0].segments.size(), 6u);
  EXPECT_EQ(load(routing, 1, 1, Direction::East), 2);
  EXPECT_EQ(load(routing, 1, 1, Direction::West), 2);
  EXPECT_EQ(load(routing, 2, 1, Direction::South), 2);
  EXPECT_EQ(load(routing, 0, 1, Direction::North), 2);
  EXPECT_EQ(total(routing), 6 * 2);
}
