//===- ActivityTest.cpp - Counts, places and threads --------------------===//
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
using energy::Event;

namespace {

/// 2 inputs on core 0 and a neuron on core 1, both in tile [0, 0]; the readout is in tile [0, 1].
TestNetwork makeSmall() {
  TestNetwork network(3);
  uint32_t x = network.input(1, 1, 2, 0);
  uint32_t y = network.addLif(PROGRAM_LIF, 1, 1, 1, 1, 1, 3, 3, 16);
  network.connect(x, y, network.dense(2, 1, {3, 5}));
  network.readOut(y, 2, 3);
  return network;
}

/// Four layers of odd sizes, with attention in the middle.
TestNetwork makeMixed(uint32_t cores) {
  TestNetwork network(3);
  network.coresOfEach = cores;
  uint32_t x = network.input(3, 1, 5, 0), one = network.constant();
  std::vector<int8_t> first, second;
  for (int i = 0; i < 5 * 6; ++i)
    first.push_back(static_cast<int8_t>(i * 37 % 23 - 8));
  for (int i = 0; i < 6 * 7; ++i)
    second.push_back(static_cast<int8_t>(i * 29 % 19 - 7));
  uint32_t k = network.addLif(PROGRAM_LIF, 3, 1, 6, 1, 1, 3, 3, 20, 1);
  network.connect(x, k, network.dense(5, 6, first));
  uint32_t y = network.addLif(PROGRAM_FASTWEIGHT, 3, 1, 6, 1, 3, 3, 1, 2);
  uint32_t table = network.counters(3, 6);
  network.connect(k, y, table, 0, Projection::PORT_KEY, Projection::TOKENS_ALL, Projection::CHANNELS_GROUP, 3);
  network.connect(k, y, table, 0, Projection::PORT_VALUE, Projection::TOKENS_ALL, Projection::CHANNELS_SAME);
  network.connect(k, y, table, 1, Projection::PORT_QUERY, Projection::TOKENS_SAME, Projection::CHANNELS_GROUP, 3);
  uint32_t sum = network.add(PROGRAM_SUM, 3, 1, 6, 2, 4, 3);
  network.connect(y, sum, one);
  network.connect(k, sum, one, 2);
  uint32_t z = network.addLif(PROGRAM_LIF, 3, 1, 7, 1, 5, 3, 3, 30, 2);
  network.connect(sum, z, network.dense(6, 7, second));
  network.readOut(z, 6, 3);
  return network;
}

std::vector<std::vector<float>> images(int count, int pixels) {
  std::vector<std::vector<float>> all(count, std::vector<float>(pixels));
  uint32_t state = 7;
  for (std::vector<float> &image : all)
    for (float &pixel : image)
      pixel = static_cast<float>((state = state * 1664525 + 1013904223) >> 31);
  return all;
}

} // namespace

TEST(Activity, CountsOfASmallNetwork) {
  auto found = makeSmall().run({{1, 0, 1, 0, 0, 1}});
  const ChipActivity &activity = found.activity;
  EXPECT_EQ(activity.images, 1);
  EXPECT_EQ(activity.steps, 5);
  EXPECT_EQ(activity.chips, 1);
  EXPECT_EQ(activity.count(Event::SynapseDense), 3u);
  EXPECT_EQ(activity.count(Event::SynapseSparse), 2u);
  EXPECT_EQ(activity.count(Event::SynapseShared), 0u);
  EXPECT_EQ(activity.count(Event::Spike), 5u);
  EXPECT_EQ(activity.count(Event::MessageOut), 5u);
  EXPECT_EQ(activity.count(Event::MessageIn), 5u);
  EXPECT_EQ(activity.count(Event::MessageInTile), 3u);
  EXPECT_EQ(activity.count(Event::HopEastWest), 2u);
  EXPECT_EQ(activity.count(Event::NeuronActive), 5u);
  EXPECT_EQ(activity.count(Event::NeuronIdle), 4u * 5 - 5);
  EXPECT_EQ(activity.count(Event::Barrier), 5u);
  EXPECT_EQ(activity.hostOperations, 2u * 2 * 3 + 1);
  ASSERT_EQ(activity.links.size(), 1u);
  EXPECT_EQ(activity.links[0].toColumn, 1);
  EXPECT_EQ(activity.links[0].messages, 2u);
  EXPECT_EQ(activity.populations[1].spikes, 2u);
  EXPECT_EQ(activity.populations[2].idle, 1u);
  EXPECT_EQ(activity.cores[1].synapseBits, 2 * 8);
}

TEST(Activity, IdleNeuronsOfADeviceThatSkipsThem) {
  TestNetwork network = makeSmall();
  network.map.mutable_device()->set_idle_skipped(true);
  EXPECT_EQ(network.run({{1, 0, 1, 0, 0, 1}}).activity.count(Event::NeuronIdle), 0u);
}

// The third tile of six of a row is on the second chip.
TEST(Activity, HopsFromChipToChip) {
  TestNetwork network(1);
  uint32_t last = network.input(1, 1, 1, 0);
  for (uint32_t step = 1; step < 6; ++step) {
    uint32_t next = network.add(PROGRAM_SUM, 1, 1, 1, 1, step, 1);
    network.connect(last, next, network.constant());
    last = next;
  }
  network.readOut(last, 6, 1);
  auto found = network.run({{1}});
  EXPECT_EQ(found.logits, std::vector<float>{1});
  EXPECT_EQ(found.activity.chips, 2);
  EXPECT_EQ(found.activity.count(Event::HopEastWest), 2u);
  EXPECT_EQ(found.activity.count(Event::HopChip), 1u);
}

// A dense synapse of 10 ps on the slowest core in three of five steps of 1,000 ps.
TEST(Activity, TimeByTheBarrierModel) {
  TempFolder folder;
  makeSmall().write(folder / "a.stas");
  auto model = Model::load(folder / "a.stas");
  ASSERT_TRUE(succeeds(model));
  std::vector<float> image = {1, 0, 1, 0, 0, 1}, logits(1);
  ChipActivity activity;
  activity.picoseconds[static_cast<size_t>(Event::SynapseDense)] = 10;
  activity.picoseconds[static_cast<size_t>(Event::Barrier)] = 1000;
  RunOptions options;
  options.activity = &activity;
  Batch batch = test::oneImage(image, logits);
  ASSERT_TRUE(succeeds((*model)->run(batch, options)));
  EXPECT_EQ(activity.time, 5030u);
  ASSERT_TRUE(succeeds((*model)->run(batch, options)));
  EXPECT_EQ(activity.time, 10060u);
  EXPECT_EQ(activity.images, 2);
  EXPECT_EQ(activity.count(Event::HopEastWest), 4u);
  EXPECT_EQ(activity.links[0].messages, 4u);
}

TEST(Activity, ThreadsAndCoresChangeNothing) {
  auto batch = images(5, 3 * 15);
  auto expected = makeMixed(1).run(batch);
  ASSERT_EQ(expected.error, "");
  EXPECT_GT(*std::max_element(expected.logits.begin(), expected.logits.end()), 2);
  for (uint32_t cores : {1, 2, 4}) {
    auto one = makeMixed(cores).run(batch, 1);
    EXPECT_EQ(one.logits, expected.logits) << cores;
    for (Event event : {Event::SynapseDense, Event::SynapseSparse, Event::LearningUpdate, Event::Spike,
                        Event::NeuronActive, Event::NeuronIdle})
      EXPECT_EQ(one.activity.count(event), expected.activity.count(event)) << cores << " " << energy::kEvents;
    for (int threads : {2, 3, 8}) {
      auto found = makeMixed(cores).run(batch, threads);
      EXPECT_EQ(found.logits, expected.logits) << cores << " cores, " << threads << " threads";
      EXPECT_EQ(found.activity.events, one.activity.events);
      EXPECT_EQ(found.activity.critical, one.activity.critical);
    }
  }
}

TEST(Activity, OptionsOfOtherTargets) {
  TempFolder folder;
  makeSmall().write(folder / "a.stas");
  EXPECT_TRUE(failsWith(Model::load(folder / "a.stas", {1, "amx"}),
                        "--cpu=amx: required an artifact for a CPU, found one for the chip tiny"));
  auto model = Model::load(folder / "a.stas");
  ASSERT_TRUE(succeeds(model));
  std::vector<float> image(6), logits(1);
  std::vector<int32_t> halting(1);
  std::vector<LaunchTime> times;
  RunOptions options;
  options.profile = &times;
  Batch batch = test::oneImage(image, logits);
  EXPECT_TRUE(failsWith((*model)->run(batch, options), "profile: required an artifact for a CPU"));
  batch.halting = halting.data();
  EXPECT_TRUE(failsWith((*model)->run(batch), "batch: halting steps of a model whose tokens do not halt"));
}
