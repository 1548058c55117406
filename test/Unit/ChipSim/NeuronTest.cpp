//===- NeuronTest.cpp - Programs of neurons, by hand --------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "../TestUtils.h"
#include "Recorder.h"
#include "TestNetwork.h"

#include <limits>

using namespace stas;
using namespace stas::coremap;
using namespace stas::test;

using Logits = std::vector<float>;

/// Makes a population one whose spikes are seen.
static void show(TestNetwork &network, uint32_t population, Layout layout) {
  Population &of = *network.map.mutable_populations(static_cast<int>(population));
  of.set_layer("layer");
  of.set_layout(layout);
}

// I = 8 acc, H = V / 2 + I / 2: 12, 6 + 12, 20.
TEST(Neuron, LifOverTimesteps) {
  TestNetwork network(3);
  uint32_t x = network.input(1, 1, 2, 0);
  uint32_t y = network.addLif(PROGRAM_LIF, 1, 1, 1, 1, 1, 3, /*steps=*/3, /*threshold=*/16);
  network.connect(x, y, network.dense(2, 1, {3, 5}));
  network.readOut(y, 2, 3);
  show(network, y, LAYOUT_TOKENS);
  Recorder recorder(1);
  auto found = network.run({{1, 0, 1, 0, 0, 1}}, 1, &recorder);
  EXPECT_EQ(found.error, "");
  EXPECT_EQ(found.logits, Logits{2});
  EXPECT_EQ(recorder.spikes, (std::map<int64_t, std::string>{{0, "0"}, {1, "1"}, {2, "1"}}));
}

// 2 acc held at each of three runs: H = 8, 12, and 8 again after the spike.
TEST(Neuron, HoldCountsAtEveryRun) {
  TestNetwork network(3);
  uint32_t x = network.input(1, 1, 1, 0, /*counts=*/true);
  uint32_t y = network.addLif(PROGRAM_LIF, 1, 1, 1, 1, 2, 3, 3, 12);
  network.connect(x, y, network.constant(2), /*delay=*/1).set_hold(true);
  network.readOut(y, 3, 3);
  EXPECT_EQ(network.run({{0, 1, 0}}).logits, Logits{1});
}

// H = 4 c, 6 c, 7 c against 12: never; at the second; at each.
TEST(Neuron, StaircaseCountsItsSpikes) {
  TestNetwork network(3);
  uint32_t x = network.input(1, 1, 3, 0, true);
  uint32_t y = network.addLif(PROGRAM_STAIRCASE, 1, 1, 3, 3, 1, 1, 3, 12);
  network.connect(x, y, network.constant());
  network.readOut(y, 2, 1);
  show(network, y, LAYOUT_TOKENS);
  Recorder recorder(3);
  EXPECT_EQ(network.run({{1, 1, 1, 0, 1, 1, 0, 0, 1}}, 1, &recorder).logits, (Logits{0, 1, 3}));
  EXPECT_EQ(recorder.spikes, (std::map<int64_t, std::string>{{0, "001"}, {1, "011"}, {2, "001"}}));
}

TEST(Neuron, SoftResetTakesItsShare) {
  TestNetwork network(2);
  uint32_t x = network.input(1, 1, 1, 0);
  uint32_t y = network.addLif(PROGRAM_LIF, 1, 1, 1, 1, 1, 2, 1, 5);
  Neuron &neuron = *network.map.mutable_populations(static_cast<int>(y))->mutable_neuron();
  neuron.set_general(true);
  neuron.set_multiplier(1 << 29); // tau 2
  neuron.set_soft(true);
  neuron.set_resets_at(neuron.biases_at()); // 0: the membrane stays
  network.connect(x, y, network.constant(6));
  network.readOut(y, 2, 2);
  // I = 12, then 0: H = 6 fires and stays, then 3.
  EXPECT_EQ(network.run({{1, 0}}).logits, Logits{1});
}

// Counts 1, 3, 0, 2 under a pool of 2 x 2.
TEST(Neuron, MaximumOfAWindow) {
  TestNetwork network(3);
  uint32_t x = network.input(2, 2, 1, 0, true);
  uint32_t y = network.add(PROGRAM_MAXIMUM, 1, 1, 1, 3, 1, 1);
  Projection &by = network.connect(x, y, network.constant(), 0, Projection::PORT_ADD, Projection::TOKENS_WINDOW,
                                   Projection::CHANNELS_SAME);
  for (auto set : {&Window::set_kernel_height, &Window::set_kernel_width, &Window::set_stride_y, &Window::set_stride_x})
    (by.mutable_window()->*set)(2);
  network.readOut(y, 2, 1);
  EXPECT_EQ(network.run({{1, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 0}}).logits, Logits{3});
}

// A residual sum of two paths, one longer: 2 a + 3 b, b a step late.
TEST(Neuron, SumOfPathsThatADelayBalances) {
  TestNetwork network(2);
  uint32_t x = network.input(1, 1, 2, 0);
  uint32_t relay = network.add(PROGRAM_SUM, 1, 1, 2, 1, 1, 2);
  uint32_t y = network.add(PROGRAM_SUM, 1, 1, 2, 5, 2, 2);
  network.connect(x, relay, network.constant());
  network.connect(relay, y, network.constant(2));
  network.connect(x, y, network.constant(3), /*delay=*/1);
  network.readOut(y, 3, 2);
  EXPECT_EQ(network.run({{1, 0, 1, 1}}).logits, (Logits{10, 5}));
}

/// A convolution of an image of 3 x 3 with spikes at (0, 0) and (1, 2), H = acc.
static std::string convolved(uint32_t kernel, uint32_t stride, uint32_t extent, int64_t threshold) {
  TestNetwork network(1);
  uint32_t x = network.input(3, 3, 1, 0);
  uint32_t y = network.addLif(PROGRAM_LIF, extent, extent, 1, 1, 1, 1, 1, threshold);
  std::vector<int8_t> weights;
  for (uint32_t i = 0; i < kernel * kernel; ++i)
    weights.push_back(static_cast<int8_t>(i + 1));
  uint32_t table = network.dense(kernel * kernel, 1, weights, Synapses::FORM_SHARED);
  Window &window =
      *network.connect(x, y, table, 0, Projection::PORT_ADD, Projection::TOKENS_WINDOW, Projection::CHANNELS_ALL)
           .mutable_window();
  window.set_kernel_height(kernel);
  window.set_kernel_width(kernel);
  window.set_stride_y(stride);
  window.set_stride_x(stride);
  window.set_padding_y(1);
  window.set_padding_x(1);
  network.readOut(y, 2, 1);
  show(network, y, LAYOUT_MAP);
  Recorder recorder(int64_t(extent) * extent);
  EXPECT_EQ(network.run({{1, 0, 0, 0, 0, 1, 0, 0, 0}}, 1, &recorder).error, "");
  return recorder.spikes[0];
}

// 4 3 . . / 2 1 4 3 / . . 2 1 / . . . .
TEST(Neuron, ConvolutionOfEvenKernel) {
  EXPECT_EQ(convolved(2, 1, 4, 3), "1100001100000000");
  EXPECT_EQ(convolved(2, 1, 4, 4), "1000001000000000");
}

// 5 8 / . 2
TEST(Neuron, ConvolutionWithAStride) {
  EXPECT_EQ(convolved(3, 2, 2, 2), "1101");
  EXPECT_EQ(convolved(3, 2, 2, 6), "0100");
}

// A population that runs once takes all runs of its source.
TEST(Neuron, WhatArrivesBetweenRunsCountsAtTheNext) {
  TestNetwork network(4);
  uint32_t x = network.input(1, 1, 2, 0);
  uint32_t y = network.add(PROGRAM_SUM, 1, 1, 2, 4, 4, 1);
  network.connect(x, y, network.constant());
  network.readOut(y, 5, 1);
  EXPECT_EQ(network.run({{1, 1, 1, 0, 1, 1, 0, 0}}).logits, (Logits{3, 2}));
}

TEST(Neuron, StatesThatOverflowAreAnError) {
  TestNetwork network(1);
  uint32_t x = network.input(1, 1, 1, 0);
  uint32_t y = network.addLif(PROGRAM_LIF, 1, 1, 1, 1, 1, 1, 1, 100);
  network.connect(x, y, network.constant(6));
  network.readOut(y, 2, 1);
  network.map.mutable_populations(static_cast<int>(y))->set_state_bits(4);
  std::string error = network.run({{1}}).error;
  EXPECT_NE(error.find("image 0, core core1: population p2, chip step 1: required states of 4 bits and payloads up to "
                       "1, found 12; the compiler proves"),
            std::string::npos)
      << error;
}

TEST(Neuron, PayloadsThatAreTooLargeAreAnError) {
  TestNetwork network(1);
  uint32_t x = network.input(1, 1, 1, 0);
  uint32_t y = network.add(PROGRAM_SUM, 1, 1, 1, 5, 1, 1);
  network.connect(x, y, network.constant(6));
  network.readOut(y, 2, 1);
  std::string error = network.run({{1}}).error;
  EXPECT_NE(error.find("payloads up to 5, found 6"), std::string::npos) << error;
}

TEST(Neuron, PixelsAreNumbers) {
  TestNetwork network(1);
  network.readOut(network.input(1, 1, 1, 0), 1, 1);
  std::string error = network.run({{1}, {std::numeric_limits<float>::quiet_NaN()}}).error;
  EXPECT_NE(error.find("image 1: required pixels that are numbers, found NaN"), std::string::npos) << error;
}
