//===- AttentionTest.cpp - Fast weights, by hand ------------------------===//
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

/// Attention of one population as key, value and query: 2 tokens of so many channels, in heads of 2.
static std::vector<float> attend(std::vector<float> image, uint32_t timesteps, uint32_t channels, int64_t threshold,
                                 uint32_t cores = 1) {
  TestNetwork network(timesteps);
  network.coresOfEach = cores;
  uint32_t x = network.input(1, 2, channels, 0);
  uint32_t y = network.addLif(PROGRAM_FASTWEIGHT, 1, 2, channels, 1, 2, timesteps, 1, threshold);
  uint32_t table = network.counters(2, channels);
  network.connect(x, y, table, 0, Projection::PORT_KEY, Projection::TOKENS_ALL, Projection::CHANNELS_GROUP, 2);
  network.connect(x, y, table, 0, Projection::PORT_VALUE, Projection::TOKENS_ALL, Projection::CHANNELS_SAME);
  network.connect(x, y, table, 1, Projection::PORT_QUERY, Projection::TOKENS_SAME, Projection::CHANNELS_GROUP, 2);
  network.readOut(y, 3, timesteps);
  auto found = network.run({std::move(image)});
  EXPECT_EQ(found.error, "");
  return found.logits;
}

// Tokens 11 and 10: counters 2 1 / 1 1, sums 3 2 and 2 1. Images are [channels, tokens].
TEST(Attention, OfOneHead) {
  EXPECT_EQ(attend({1, 1, 1, 0}, 1, 2, 3), (std::vector<float>{1, 0}));
  EXPECT_EQ(attend({1, 1, 1, 0}, 1, 2, 2), (std::vector<float>{2, 1}));
  EXPECT_EQ(attend({1, 1, 1, 0}, 1, 2, 1), (std::vector<float>{2, 2}));
}

// In the second timestep token 01 alone: sums 0 1, which do not reach 2 with a membrane of 0.
TEST(Attention, CountersAreOfOneTimestep) {
  EXPECT_EQ(attend({1, 1, 1, 0, 0, 0, 1, 0}, 2, 2, 2), (std::vector<float>{2, 1}));
}

// The second head has tokens 01 and 01: counters 0 0 / 0 2. No head sees the other.
TEST(Attention, HeadsAreApart) {
  for (uint32_t cores : {1, 2, 3, 4})
    EXPECT_EQ(attend({1, 1, 1, 0, 0, 0, 1, 1}, 1, 4, 2, cores), (std::vector<float>{2, 1, 0, 2})) << cores;
}

// A key for each value of its token and head, on the cores that have their columns.
TEST(Attention, RaisesAreCounted) {
  for (uint32_t cores : {1, 2}) {
    TestNetwork network(1);
    network.coresOfEach = cores;
    uint32_t x = network.input(1, 2, 2, 0);
    uint32_t y = network.addLif(PROGRAM_FASTWEIGHT, 1, 2, 2, 1, 2, 1, 1, 3);
    uint32_t table = network.counters(2, 2);
    network.connect(x, y, table, 0, Projection::PORT_KEY, Projection::TOKENS_ALL, Projection::CHANNELS_GROUP, 2);
    network.connect(x, y, table, 0, Projection::PORT_VALUE, Projection::TOKENS_ALL, Projection::CHANNELS_SAME);
    network.connect(x, y, table, 1, Projection::PORT_QUERY, Projection::TOKENS_SAME, Projection::CHANNELS_GROUP, 2);
    network.readOut(y, 3, 1);
    ChipActivity activity = network.run({{1, 1, 1, 0}}).activity;
    EXPECT_EQ(activity.count(energy::Event::LearningUpdate), 5u);
    EXPECT_EQ(activity.count(energy::Event::SynapseDense), 6u); // 3 queries of rows of 2
  }
}
