//===- HaltingTest.cpp - Halting tokens, by hand ------------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "../TestUtils.h"
#include "TestNetwork.h"

using namespace stas;
using namespace stas::coremap;
using namespace stas::test;

static constexpr float kOne = 1 << 24;

/// One block whose output is the input of two tokens, at two timesteps two chip steps apart; scores 40 of 0 and 70
/// of 1.
static TestNetwork::Outcome halt(uint32_t limit, std::vector<float> image, int threads = 1) {
  TestNetwork network(2, 2);
  uint32_t x = network.input(1, 2, 1, 0);
  uint32_t halting = network.addHalting(2, 1, 2, limit, {40, 70}, /*last=*/true);
  uint32_t one = network.constant();
  network.connect(x, halting, one, 0, Projection::PORT_SCORE, Projection::TOKENS_SAME, Projection::CHANNELS_FIRST);
  network.connect(halting, halting, one, 1).set_next(true);
  network.connect(halting, x, one, 0, Projection::PORT_GATE, Projection::TOKENS_SAME, Projection::CHANNELS_ALL)
      .set_next(true);
  network.connect(halting, halting, one, 1, Projection::PORT_GATE, Projection::TOKENS_SAME, Projection::CHANNELS_ALL)
      .set_next(true);
  uint32_t readout = network.readOut(x, 2, 2, /*delay=*/1);
  network.connect(halting, readout, one, 0, Projection::PORT_GAIN, Projection::TOKENS_ALL, Projection::CHANNELS_ALL);
  auto found = network.run({std::move(image)}, threads);
  EXPECT_EQ(found.error, "");
  return found;
}

// Both live on: gains 70 and 40, then what is left of one. Token 1 fires at the second timestep alone.
TEST(Halting, TheLastTimestepTakesWhatIsLeft) {
  auto found = halt(200, {1, 0, 1, 1});
  EXPECT_EQ(found.logits, std::vector<float>{70 + (kOne - 70) + (kOne - 40)});
  EXPECT_EQ(found.halting, (std::vector<int32_t>{2, 2}));
}

// Token 0 halts at once with a gain of one, and its spike of the second timestep is never fired.
TEST(Halting, AGateEndsAToken) {
  for (int threads : {1, 3}) {
    auto found = halt(60, {1, 0, 1, 1}, threads);
    EXPECT_EQ(found.logits, std::vector<float>{kOne + (kOne - 40)});
    EXPECT_EQ(found.halting, (std::vector<int32_t>{1, 2}));
    EXPECT_EQ(found.activity.populations[0].spikes, 2u);
    EXPECT_EQ(found.activity.populations[0].gated, 1u);
    EXPECT_EQ(found.activity.count(energy::Event::HaltingTest), 3u);
  }
}

// A sum that is the limit does not exceed it.
TEST(Halting, TheLimitIsNotReachedByEquality) {
  EXPECT_EQ(halt(70, {1, 0, 1, 1}).halting, (std::vector<int32_t>{2, 2}));
  EXPECT_EQ(halt(69, {1, 0, 1, 1}).halting, (std::vector<int32_t>{1, 2}));
}

/// Two blocks in one timestep, three chip steps apart; the second one's halting is told by the first.
static TestNetwork::Outcome haltInTwoBlocks(uint32_t limit, Halting::Order order, std::vector<float> image) {
  TestNetwork network(2, 6);
  uint32_t x = network.input(1, 2, 1, 0), one = network.constant();
  uint32_t first = network.addHalting(2, 1, 2, limit, {40, 70}, false, order);
  uint32_t again = network.add(PROGRAM_SUM, 1, 2, 1, 1, 3, 2);
  uint32_t second = network.addHalting(2, 4, 2, limit, {40, 70}, true, order);
  network.connect(x, first, one, 0, Projection::PORT_SCORE, Projection::TOKENS_SAME, Projection::CHANNELS_FIRST);
  network.connect(x, again, one, 2);
  network.connect(again, second, one, 0, Projection::PORT_SCORE, Projection::TOKENS_SAME, Projection::CHANNELS_FIRST);
  network.connect(first, second, one, 2);
  for (uint32_t gated : {again, second})
    network.connect(first, gated, one, gated == again ? 1 : 2, Projection::PORT_GATE, Projection::TOKENS_SAME,
                    Projection::CHANNELS_ALL);
  if (order == Halting::ORDER_LEXICOGRAPHIC) {
    network.connect(second, first, one, 2).set_next(true);
    for (uint32_t gated : {x, first})
      network
          .connect(second, gated, one, gated == x ? 1 : 2, Projection::PORT_GATE, Projection::TOKENS_SAME,
                   Projection::CHANNELS_ALL)
          .set_next(true);
  }
  network.readOut(again, 4, 2);
  auto found = network.run({std::move(image)});
  EXPECT_EQ(found.error, "");
  return found;
}

// Token 0: 70, 140 > 100 in the second block. Token 1: 40, 80, then 150 in the first block of the second timestep. The
// gate of the last block goes on through both: neither runs again.
TEST(Halting, GatesGoOnFromBlockToBlock) {
  auto found = haltInTwoBlocks(100, Halting::ORDER_LEXICOGRAPHIC, {1, 0, 1, 1});
  EXPECT_EQ(found.halting, (std::vector<int32_t>{2, 3}));
  EXPECT_EQ(found.logits, std::vector<float>{1}); // of the second block: token 0 at first
  found = haltInTwoBlocks(60, Halting::ORDER_LEXICOGRAPHIC, {1, 0, 1, 1});
  EXPECT_EQ(found.halting, (std::vector<int32_t>{1, 2}));
  EXPECT_EQ(found.logits, std::vector<float>{0});
}

// Every timestep begins anew: token 0 at 70 in the first block of each, token 1 only in the second timestep.
TEST(Halting, OrderTimestepBeginsAnew) {
  auto found = haltInTwoBlocks(60, Halting::ORDER_TIMESTEP, {1, 0, 1, 1});
  EXPECT_EQ(found.halting, (std::vector<int32_t>{2, 3}));
  EXPECT_EQ(found.logits, std::vector<float>{0});
}
