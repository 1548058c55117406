//===- LayerTest.cpp - Tables of layers with hard reset -------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "RealNeuron.h"
#include "TestLayer.h"
#include <cmath>
#include <random>

using namespace stas;

namespace {

class LayerTest : public test::QuantTest {
protected:
  /// Spikes of a channel on random sums, in integers and in reals.
  test::Agreement agreement(spike::QuantAttr quant, unsigned seed) {
    return test::compareWithReals(layer(quant), quant, seed);
  }
};

TEST_F(LayerTest, WeightsFillTheirRangePerChannel) {
  auto q = quant(vector({2, 3}, {0.5, -0.25, 0.125, 3e-3, 0.0, -1e-3}), norm(), lif(), 4);
  QuantizedLayer wide = layer(q);
  EXPECT_EQ(wide.weights, (std::vector<int32_t>{32639, -16320, 8160, 32639, 0, -10880}));
  EXPECT_DOUBLE_EQ(wide.units[0], 0.5 / 32639);
  EXPECT_EQ(wide.sumBounds[0], 32639 + 16320 + 8160);
  auto narrow = layer(quant(q.getWeight(), norm(), lif(), 4, /*bits=*/8));
  EXPECT_EQ(narrow.weights, (std::vector<int32_t>{127, -64, 32, 127, 0, -42})); // -63.5 and 31.75; -42.33
}

TEST_F(LayerTest, HalvesOfAStepRoundToEven) {
  // The step is 1: magnitude 127 in 8 bits.
  auto q = quant(vector({1, 5}, {127, 0.5, 1.5, -2.5, -3.5}), norm(), lif(), 1, /*bits=*/8);
  EXPECT_EQ(layer(q).weights, (std::vector<int32_t>{127, 0, 2, -2, -4}));
}

TEST_F(LayerTest, WeightsOf24Bits) {
  auto q = quant(vector({1, 2}, {0.5, -0.25}), norm(), lif(), 4, /*bits=*/24, /*guard=*/0, /*stateBits=*/64);
  EXPECT_EQ(layer(q).weights, (std::vector<int32_t>{8388607, -4194304}));
}

// Rounded to the nearest, five weights of 40.4 and 60 of 0.4 err by 0.4 each, all the same way. Errors that are handed
// on cancel each other; weights of 0 take no part.
TEST_F(LayerTest, ErrorsOfWeightsCancel) {
  std::vector<double> weights{127};
  weights.insert(weights.end(), 5, 40.4);
  weights.insert(weights.end(), 7, 0.0);
  weights.insert(weights.end(), 60, 0.4);
  int64_t inputs = weights.size();
  QuantizedLayer found = layer(quant(vector({1, inputs}, weights), norm(), lif(), 1, /*bits=*/8));
  double error = 0.0;
  for (int64_t k = 0; k < inputs; ++k) {
    error += weights[k] - found.weights[k];
    EXPECT_LE(std::abs(weights[k] - found.weights[k]), 1.0) << k;
    if (weights[k] == 0.0) {
      EXPECT_EQ(found.weights[k], 0);
    }
  }
  EXPECT_LT(std::abs(error), 1.0);
}

// Errors that all point upwards, and the largest weight last: it does not leave the range.
TEST_F(LayerTest, ErrorsLeaveNoWeightAboveTheLargest) {
  constexpr int64_t inputs = 64;
  std::vector<double> weights;
  double carried = 0.0;
  for (int64_t left = inputs - 1; left > 0; --left) {
    weights.push_back(10.49 - carried);
    carried += 0.49 / static_cast<double>(left + 3);
  }
  EXPECT_GT(carried, 1.0);
  weights.push_back(127.0);
  QuantizedLayer found = layer(quant(vector({1, inputs}, weights), norm(), lif(), 1, /*bits=*/8));
  std::vector<int32_t> expected(inputs - 1, 10);
  expected.push_back(127);
  EXPECT_EQ(found.weights, expected);
}

TEST_F(LayerTest, FormFollowsNeuronAndSteps) {
  auto form = [&](LIFAttr neuron, int64_t steps) {
    return NeuronForm::of(quant(vector({1, 1}, {1.0}), norm(), neuron, steps, 16, /*guard=*/3));
  };
  EXPECT_EQ(form(lif(), 8).mode, NeuronForm::Mode::Halve);
  EXPECT_EQ(form(lif(), 8).fraction, 11);
  EXPECT_EQ(form(lif(), 9).mode, NeuronForm::Mode::General);
  EXPECT_EQ(form(lif(), 9).fraction, 11);
  EXPECT_EQ(form(lif({1.5}), 2).multiplier, 715827883); // 2^30 / 1.5 = 715827882.67
  test::NeuronSpec soft;
  soft.reset = ResetKind::Soft;
  EXPECT_EQ(form(lif(soft), 2).mode, NeuronForm::Mode::General);
  EXPECT_FALSE(form(lif(), 1).wide);
}

TEST_F(LayerTest, NegativeScaleNegatesWeights) {
  std::vector<double> weights{0.5, -0.25};
  auto positive = layer(quant(vector({1, 2}, weights), batchNorm({2.0}, {0.1}), lif(), 4));
  auto negative = layer(quant(vector({1, 2}, weights), batchNorm({-2.0}, {0.1}), lif(), 4));
  EXPECT_EQ(positive.weights, (std::vector<int32_t>{32639, -16320}));
  EXPECT_EQ(negative.weights, (std::vector<int32_t>{-32639, 16320}));
  EXPECT_EQ(positive.units, negative.units);
  EXPECT_EQ(positive.biases, negative.biases);
  EXPECT_EQ(positive.biases[0], roundHalfEven(0.1 / (2.0 * (0.5 / 32639))));
}

// A channel without weights, be it by gamma or by the weights, is its bias: below the threshold silent, above it not.
TEST_F(LayerTest, DeadChannelsFireByTheirBias) {
  auto q =
      quant(vector({4, 2}, {1, 1, 1, 1, 0, 0, 0, 0}), batchNorm({0.0, -0.0, 1.0, 1.0}, {0.4, 1.5, 0.0, 2.5}), lif(), 4);
  QuantizedLayer dead = layer(q);
  EXPECT_EQ(dead.weights, std::vector<int32_t>(8, 0));
  EXPECT_TRUE(dead.isSilent(0));
  EXPECT_FALSE(dead.isSilent(1)); // 1.5 * (1 - 2^-2) >= 1
  EXPECT_TRUE(dead.isSilent(2));
  EXPECT_FALSE(dead.isSilent(3));
  EXPECT_EQ(dead.units[1], 1.5 / 4096);
  EXPECT_EQ(dead.biases[1], 4096);
  EXPECT_EQ(dead.units[2], 1.0 / 4096);
  for (size_t c = 0; c < 4; ++c)
    EXPECT_EQ(dead.halvings[c], 0);
}

// gamma = 1e-7 makes the bias 4 * 10^11 units: the scale doubles until it fits. gamma = 1e-300 leaves no weight at all.
TEST_F(LayerTest, TinyGammaLowersOneChannelAlone) {
  auto q = quant(vector({4, 2}, {1, -1, 1, -1, 1, -1, 1, -1}),
                 batchNorm({1.0, 1e-7, 1e-300, -1e-30}, {0.3, 1.2, 1.2, 0.2}), lif(), 4);
  EXPECT_EQ(guard(q), 0);
  QuantizedLayer tiny = layer(q);
  EXPECT_EQ(tiny.halvings[0], 0);
  EXPECT_EQ(tiny.weights[0], 32639);
  EXPECT_GT(tiny.halvings[1], 10);
  EXPECT_GT(tiny.weights[2], 0);
  EXPECT_NEAR(tiny.biases[1] * tiny.units[1], 1.2, 1e-6);
  EXPECT_FALSE(tiny.isSilent(1));
  EXPECT_EQ(tiny.weights[4], 0);
  EXPECT_NEAR(tiny.biases[2] * tiny.units[2], 1.2, 1e-3);
  EXPECT_FALSE(tiny.isSilent(2));
  EXPECT_TRUE(tiny.isSilent(3));
  for (size_t c = 0; c < 4; ++c)
    EXPECT_LT(tiny.bounds[c], (int64_t(1) << 31) - 1) << c;
}

// The halving that is taken is the least: with one less the bound is at least the limit.
TEST_F(LayerTest, HalvingsAreTheLeastThatFit) {
  for (int64_t stateBits : {18, 20, 24, 28, 32}) {
    auto q = quant(vector({1, 64}, std::vector<double>(64, 0.7)), norm(), lif(), 4, 16, 0, stateBits);
    QuantizedLayer found = layer(q);
    int64_t limit = (int64_t(1) << (stateBits - 1)) - 1;
    EXPECT_LT(found.bounds[0], limit);
    int64_t weight = 32639 >> found.halvings[0], sum = 0; // the largest, and all are
    for (int64_t each : found.weights) {
      EXPECT_NEAR(each, weight, 1);
      sum += each;
    }
    EXPECT_EQ(found.bounds[0], sum * 16);
    if (found.halvings[0] > 0) {
      EXPECT_GE((weight * 2) * 64 * 16, limit);
    }
  }
}

TEST_F(LayerTest, GuardIsTheLargestThatFits) {
  for (int64_t inputs : {1, 8, 100, 1000, 5000})
    for (int64_t stateBits : {24, 32, 64}) {
      std::vector<double> weights(inputs, 0.7);
      auto q = quant(vector({1, inputs}, weights), batchNorm({1.0}, {0.3}), lif(), 4, 8, 0, stateBits, /*inputMax=*/3);
      int64_t best = guard(q);
      QuantizedLayer chosen = layer(withGuard(q, best));
      EXPECT_EQ(chosen.form.guard, best);
      if (best > 0) {
        EXPECT_EQ(chosen.halvings[0], 0);
      }
      if (best < 8) {
        EXPECT_GT(layer(withGuard(q, best + 1)).halvings[0], 0) << inputs << " " << stateBits;
      }
    }
}

// Attention: scale 2^-3, v_threshold 1/2: fires iff the weighted counts reach 4, exactly.
TEST_F(LayerTest, AttentionIsExact) {
  for (int64_t steps = 1; steps <= 8; ++steps) {
    auto q = quant({}, norm(0.125), lif({2.0, 0.5}), steps, 0, 0, 32, /*inputMax=*/64 * 32);
    EXPECT_EQ(guard(q), 0);
    QuantizedLayer attention = layer(q);
    ASSERT_EQ(attention.channels(), 1u);
    EXPECT_EQ(attention.thresholds[0], 4 << steps);
    EXPECT_TRUE(attention.weights.empty());
    EXPECT_EQ(attention.at(17), 0u);
  }
  // Twelve steps round: guard bits make the rounding finer.
  EXPECT_GT(guard(quant({}, norm(0.125), lif({2.0, 0.5}), 12, 0, 0, 32, 64 * 32)), 0);
}

// One spike of weight 1/k on k inputs of one: the sum reaches the threshold exactly, or misses it by what 1/k was
// rounded.
TEST_F(LayerTest, EqualityIsDecidedExactly) {
  for (int64_t k = 1; k <= 200; ++k) {
    // The counts are the sum, their scale is 1/k; tau = 1 compares the current itself.
    double unit = 1.0 / static_cast<double>(k);
    bool reaches = std::fma(unit, static_cast<double>(k), -1.0) >= 0.0; // one rounding, which keeps the sign
    for (CompareKind compare : {CompareKind::GE, CompareKind::GT}) {
      test::NeuronSpec spec{1.0};
      spec.compare = compare;
      QuantizedLayer counts = layer(quant({}, norm(unit), lif(spec), 1, 0, 0, 32, 4 * k));
      bool exceeds = std::fma(unit, static_cast<double>(k), -1.0) > 0.0;
      int64_t v = 0, current = counts.form.current(k, 0);
      EXPECT_EQ(counts.form.step(current, counts.thresholds[0], 0, v), compare == CompareKind::GE ? reaches : exceeds)
          << k;
    }
  }
}

TEST_F(LayerTest, SilentChannelsHaveAThresholdOneAboveTheirBound) {
  auto q = quant(vector({2, 2}, {0.3, 0.3, 0.3, 0.8}), norm(), lif({1.0}), 3);
  QuantizedLayer found = layer(q);
  EXPECT_TRUE(found.isSilent(0)); // 0.6 < 1
  EXPECT_EQ(found.thresholds[0], found.bounds[0] + 1);
  EXPECT_FALSE(found.isSilent(1)); // 1.1
}

// Everything that a neuron may be, against the formula of #stas.lif in long double.
TEST_F(LayerTest, NeuronsAgreeWithReals) {
  std::mt19937_64 random(5);
  std::uniform_real_distribution<double> uniform(-1.0, 1.0);
  int64_t neurons = 0, spikes = 0, close = 0;
  for (double tau : {1.0, 1.5, 2.0, 3.7, 50.0}) {
    std::vector<double> weights(3 * 16);
    for (double &weight : weights)
      weight = uniform(random);
    auto weight = vector({3, 16}, weights);
    auto scaled = batchNorm({0.8, -1.1, 0.02}, {0.2, 0.1, 0.9});
    for (int64_t steps = 1; steps <= 12; ++steps)
      for (double resetTo : {0.0, -0.7, 0.25})
        for (bool decayInput : {true, false})
          for (CompareKind compare : {CompareKind::GE, CompareKind::GT}) {
            test::NeuronSpec spec{tau, 0.9, resetTo};
            spec.decayInput = decayInput;
            spec.compare = compare;
            auto q = quant(weight, scaled, lif(spec), steps, 16, 0, 32, 2);
            auto result = agreement(withGuard(q, guard(q)), static_cast<unsigned>(random()));
            EXPECT_EQ(result.differences, 0) << tau << " " << steps << " " << resetTo << " " << decayInput;
            close += result.close;
            neurons += result.neurons;
            spikes += result.spikes;
          }
  }
  EXPECT_GT(spikes, neurons / 20); // or nothing was compared
  EXPECT_LT(close, neurons / 1000);
}

TEST_F(LayerTest, CurrentsAreWithinHalfAStepPerInput) {
  std::mt19937_64 random(6);
  std::normal_distribution<double> normal;
  std::vector<double> weights(64), gamma{1.3}, beta{-0.4};
  for (double &weight : weights)
    weight = normal(random);
  for (int64_t bits : {8, 16}) {
    QuantizedLayer found = layer(quant(vector({1, 64}, weights), batchNorm(gamma, beta), lif(), 4, bits, 2));
    for (int trial = 0; trial < 1000; ++trial) {
      double real = beta[0];
      int64_t acc = 0, inputs = 0;
      for (int k = 0; k < 64; ++k)
        if (random() % 4 == 0) {
          real += gamma[0] * weights[k];
          acc += found.weights[k];
          ++inputs;
        }
      double integer = std::ldexp(static_cast<double>(found.form.current(acc, found.biases[0])), -found.form.fraction);
      EXPECT_LE(std::fabs(integer * found.units[0] - real), found.units[0] * (0.5 * inputs + 0.126)) << bits;
    }
  }
}

TEST_F(LayerTest, RefusesWhatHasNoForm) {
  auto weight = vector({1, 64}, std::vector<double>(64, 0.5));
  EXPECT_EQ(errorOf(quantizeLayer(quant(weight, norm(), lif(), 4, 16, 0, /*stateBits=*/12), reader)),
            "channel 0 of 'w0': 12 bits of state leave a unit of the sum of 0.501976, more than 1/16 of the current 1: "
            "raise the state's bits");
  EXPECT_EQ(
      errorOf(quantizeLayer(quant({}, norm(0.125), lif(), 4, 0, 0, 12, 1000), reader)),
      "channel 0 of the counts: requires more than 12 bits of state for counts up to 1000: raise the state's bits");
  EXPECT_EQ(errorOf(quantizeLayer(quant({}, norm(-0.125), lif(), 4, 0, 0, 32, 1000), reader)),
            "channel 0 of the counts: requires a scale above 0, since there are no weights that could change sign");
  EXPECT_EQ(errorOf(quantizeLayer(quant(vector({1, 1}, {1e300}), batchNorm({1e300}, {0.0}), lif(), 1), reader)),
            "channel 0 of 'w2': requires a threshold and currents that are finite in double precision");
  auto percent = WeightAttr::get(&context, "a%s%n", weight.getFile(), 0, {}, weight.getType());
  EXPECT_NE(
      errorOf(quantizeLayer(quant(percent, norm(), lif(), 4, 16, 0, 12), reader)).find("channel 0 of 'a%s%n': 12 bits"),
      std::string::npos);
  std::string notFinite = errorOf(quantizeLayer(quant(vector({1, 2}, {1.0, NAN}), norm(), lif(), 1), reader));
  EXPECT_NE(notFinite.find("requires finite weights, scale and shift"), std::string::npos) << notFinite;
  auto zero = vector(1, {0.0});
  auto variance = spike::NormAttr::get(&context, 1.0, {}, zero, zero, zero, vector(1, {-1.0}), 1e-5);
  std::string negative = errorOf(quantizeLayer(quant(vector({1, 1}, {1.0}), variance, lif(), 1), reader));
  EXPECT_NE(negative.find("or a negative variance"), std::string::npos) << negative;
  EXPECT_NE(errorOf(chooseGuard(quant(vector({1, 2}, {1.0, NAN}), norm(), lif(), 1), reader)).find("finite weights"),
            std::string::npos);
}

} // namespace
