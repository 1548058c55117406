//===- SoftResetTest.cpp - Tables of layers with soft reset ---------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "RealNeuron.h"
#include "TestLayer.h"
#include <random>

using namespace stas;

namespace {

class SoftResetTest : public test::QuantTest {
protected:
  test::NeuronSpec soft(double tau, double threshold = 1.0, double resetTo = 0.0) {
    test::NeuronSpec spec{tau, threshold, resetTo};
    spec.reset = ResetKind::Soft;
    return spec;
  }
};

// v_threshold is a whole number of units of the current, so what a spike takes away is exact, and so is the threshold.
TEST_F(SoftResetTest, UnitDividesTheThreshold) {
  std::mt19937_64 random(7);
  std::uniform_real_distribution<double> uniform(0.3, 3.0);
  for (int trial = 0; trial < 300; ++trial) {
    int64_t guard = trial % 9;
    double threshold = uniform(random), weight = uniform(random);
    auto q = quant(vector({1, 2}, {weight, -0.3}), norm(), lif(soft(1.0, threshold)), 4, trial % 2 ? 8 : 16, guard, 48,
                   /*inputMax=*/20);
    QuantizedLayer found = layer(q);
    int64_t step = int64_t(1) << (found.form.fraction - guard);
    EXPECT_EQ(found.resets[0] % step, 0);
    EXPECT_EQ(found.thresholds[0], found.resets[0]);
    double whole = static_cast<double>(found.resets[0] / step);
    EXPECT_DOUBLE_EQ(found.units[0] * whole, std::ldexp(threshold, guard));
    // The unit grows by less than one part in `whole`, and the weights are rounded in the grown one.
    double given = weight / (trial % 2 ? 127 : 32639);
    EXPECT_GE(found.units[0], given * (1.0 - 1e-15));
    EXPECT_LE(found.units[0], given * (1.0 + 1.0 / whole) * (1.0 + 1e-12));
    EXPECT_EQ(found.weights[0], roundHalfEven(weight / found.units[0]));
  }
}

TEST_F(SoftResetTest, StrictThresholdIsOneMoreThanTheReset) {
  test::NeuronSpec spec = soft(2.0);
  spec.compare = CompareKind::GT;
  QuantizedLayer found = layer(quant(vector({1, 2}, {0.7, 0.9}), norm(), lif(spec), 4));
  EXPECT_EQ(found.thresholds[0], found.resets[0] + 1);
}

// Counts have no weights that could be rounded anew: their unit stays, the reset is rounded.
TEST_F(SoftResetTest, UnitOfCountsStays) {
  auto q = quant({}, norm(0.3), lif(soft(2.0, 0.5)), 4, 0, 8, 32, 1000);
  QuantizedLayer found = layer(q);
  EXPECT_EQ(found.units[0], 0.3);
  EXPECT_EQ(found.thresholds[0], 109227); // ceil(0.5 / 0.3 * 2^16)
  EXPECT_EQ(found.resets[0], 109227);     // 109226.67
}

TEST_F(SoftResetTest, NeuronsAgreeWithReals) {
  std::mt19937_64 random(8);
  std::uniform_real_distribution<double> uniform(-1.0, 1.0);
  int64_t neurons = 0, spikes = 0, close = 0;
  for (double tau : {1.0, 1.5, 2.0, 3.7}) {
    std::vector<double> weights(3 * 16);
    for (double &weight : weights)
      weight = uniform(random);
    auto weight = vector({3, 16}, weights);
    auto scaled = batchNorm({0.8, -1.1, 0.0}, {0.2, 0.1, 1.47});
    for (int64_t steps = 1; steps <= 12; ++steps)
      for (double resetTo : {0.0, -0.5, 0.6})
        for (bool decayInput : {true, false}) {
          test::NeuronSpec spec = soft(tau, 0.9, resetTo);
          spec.decayInput = decayInput;
          auto q = quant(weight, scaled, lif(spec), steps, 16, 0, 32, 2);
          q = withGuard(q, guard(q));
          auto result = test::compareWithReals(layer(q), q, static_cast<unsigned>(random()));
          EXPECT_EQ(result.differences, 0) << tau << " " << steps << " " << resetTo << " " << decayInput;
          close += result.close;
          neurons += result.neurons;
          spikes += result.spikes;
        }
  }
  EXPECT_GT(spikes, neurons / 20);
  EXPECT_LT(close, neurons / 1000);
}

TEST_F(SoftResetTest, RefusesAThresholdBelowOneUnit) {
  auto q = quant(vector({1, 1}, {1000.0}), norm(), lif(soft(2.0)), 4, 8);
  EXPECT_EQ(errorOf(quantizeLayer(q, reader)),
            "channel 0 of 'w0': soft reset requires v_threshold 1 to be at least one unit of the sum, found a unit of "
            "7.87402");
  // With guard bits there is a unit, of the current.
  EXPECT_EQ(guard(q), 8);
  EXPECT_EQ(errorOf(quantizeLayer(withGuard(q, 8), reader)), "no error");
}

// A nearly dead channel, whose bias is far above its weights, fits with no guard; guard bits are what its neighbour,
// whose unit is more than v_threshold, needs.
TEST_F(SoftResetTest, GuardServesEveryChannel) {
  auto scaled = batchNorm({1.0, 1e-7}, {0.0, 0.5});
  auto q = quant(vector({2, 1}, {200.0, 1.0}), scaled, lif(soft(2.0)), 4, 8);
  EXPECT_NE(errorOf(quantizeLayer(q, reader)).find("channel 0"), std::string::npos);
  EXPECT_EQ(guard(q), 1);
  QuantizedLayer found = layer(withGuard(q, 1));
  EXPECT_EQ(found.halvings[0], 0);
  EXPECT_NE(found.weights[0], 0);
  EXPECT_EQ(found.weights[1], 0);
}

} // namespace
