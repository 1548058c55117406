//===- OverflowTest.cpp - Nothing leaves the state ------------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "TestLayer.h"
#include <random>

using namespace stas;

namespace {

/// A neuron as IntegerNeuron.h defines it, in 128 bits, and the largest magnitude that any value in it took.
struct WideNeuron {
  const NeuronForm &form;
  Int128 v = 0, largest = 0;

  void see(Int128 value) { largest = std::max(largest, value < 0 ? -value : value); }
  static Int128 halfEven(Int128 product) {
    Int128 quotient = product >> 30, rest = product & ((1 << 30) - 1);
    return quotient + (rest > 1 << 29 || (rest == 1 << 29 && quotient % 2 != 0));
  }
  bool step(Int128 acc, Int128 bias, Int128 threshold, Int128 reset) {
    Int128 current = (acc * (1 << form.guard) + bias) * (1 << (form.fraction - form.guard));
    see(acc);
    see(current);
    Int128 h = form.mode == NeuronForm::Mode::Halve ? (v >> 1) + (current >> 1)
                                                    : v + halfEven((current - v) * form.multiplier);
    see(h);
    see(threshold);
    see(reset);
    bool fires = h >= threshold;
    v = !fires ? h : form.soft ? h - reset : 0;
    see(v);
    return fires;
  }
};

class OverflowTest : public test::QuantTest {
protected:
  /// Drives every channel to the ends of its range and compares the 64-bit neuron with the wide one.
  void drive(spike::QuantAttr quant, std::mt19937_64 &random) {
    QuantizedLayer found = layer(quant);
    Int128 limit = (Int128(1) << (quant.getStateBits() - 1)) - 1;
    for (size_t c = 0; c < found.channels(); ++c)
      for (int pattern = 0; pattern < 12; ++pattern) {
        WideNeuron wide{found.form};
        int64_t v = 0, reset = found.form.soft ? found.resets[c] : 0;
        for (int64_t t = 0; t < quant.getSteps(); ++t) {
          // All up, all down, alternating, and random ends and middles.
          bool up = pattern == 0 || (pattern >= 2 && (pattern == 2 ? t % 2 : random() % 2));
          int64_t acc = up ? found.sumBounds[c] : -found.sumBounds[c];
          if (pattern > 6)
            acc /= static_cast<int64_t>(random() % 5 + 1);
          bool expected = wide.step(acc, found.biases[c], found.thresholds[c], reset);
          bool fires = found.form.step(found.form.current(acc, found.biases[c]), found.thresholds[c], reset, v);
          ASSERT_EQ(fires, expected);
          ASSERT_TRUE(v == wide.v);
        }
        // A silent channel's threshold is one more than its bound, and fits too.
        ASSERT_TRUE(wide.largest <= found.bounds[c] || (found.isSilent(c) && wide.largest == found.bounds[c] + 1));
        ASSERT_TRUE(found.bounds[c] < limit);
      }
  }
};

TEST_F(OverflowTest, RandomLayersStayInTheirState) {
  std::mt19937_64 random(3);
  std::normal_distribution<double> normal;
  for (int trial = 0; trial < 500; ++trial) {
    int64_t inputs = int64_t(1) << random() % 11, steps = random() % 12 + 1, channels = 4;
    std::vector<double> weights(channels * inputs), gamma(channels), beta(channels);
    for (double &weight : weights)
      weight = normal(random);
    for (int64_t c = 0; c < channels; ++c) {
      gamma[c] = normal(random) * std::pow(10.0, -static_cast<double>(random() % 12));
      beta[c] = normal(random) * std::pow(10.0, static_cast<double>(random() % 4) - 2.0);
    }
    gamma[random() % channels] = 0.0;
    test::NeuronSpec spec;
    const double taus[] = {1.0, 1.5, 2.0, 2.0, 3.7};
    spec.tau = taus[random() % 5];
    spec.resetTo = trial % 3 ? 0.0 : normal(random) * 0.4 - 0.4;
    spec.reset = random() % 3 ? ResetKind::Hard : ResetKind::Soft;
    spec.decayInput = random() % 2;
    const int64_t widths[] = {24, 32, 32, 48, 64};
    int64_t stateBits = widths[random() % 5];
    auto q = quant(vector({channels, inputs}, weights), batchNorm(gamma, beta), lif(spec), steps, random() % 2 ? 8 : 16,
                   0, stateBits, static_cast<int64_t>(random() % 30 + 1));
    // Any guard must be safe, not only the chosen one.
    q = withGuard(q, random() % 2 ? guard(q) : static_cast<int64_t>(random() % 9));
    auto tables = quantizeLayer(q, reader);
    if (!tables) { // too few bits for these weights: said so
      EXPECT_NE(llvm::toString(tables.takeError()).find("bits of state"), std::string::npos);
      continue;
    }
    drive(q, random);
    if (HasFatalFailure())
      return;
  }
}

// Every sequence of inputs of small layers: the bound of the sum is reached, and never exceeded.
TEST_F(OverflowTest, EveryInputOfSmallLayers) {
  std::mt19937_64 random(4);
  std::normal_distribution<double> normal;
  for (int trial = 0; trial < 40; ++trial) {
    int64_t inputs = 4, inputMax = trial % 3 + 1, base = inputMax + 1;
    std::vector<double> weights(inputs);
    for (double &weight : weights)
      weight = std::fabs(normal(random)); // of one sign, so that the bound is reached
    auto q =
        quant(vector({1, inputs}, weights), batchNorm({trial % 2 ? 1.0 : -1.0}, {0.1}), lif(), 2, 8, 0, 24, inputMax);
    QuantizedLayer found = layer(q);
    int64_t all = base * base * base * base, largest = 0;
    std::vector<int64_t> sums;
    for (int64_t code = 0; code < all; ++code) {
      int64_t acc = 0;
      for (int64_t k = 0, rest = code; k < inputs; ++k, rest /= base)
        acc += found.weights[k] * (rest % base);
      sums.push_back(acc);
      largest = std::max(largest, std::abs(acc));
    }
    EXPECT_EQ(largest, found.sumBounds[0]);
    for (int64_t first : sums)
      for (int64_t second : sums) {
        WideNeuron wide{found.form};
        int64_t v = 0;
        for (int64_t acc : {first, second})
          ASSERT_EQ(found.form.step(found.form.current(acc, found.biases[0]), found.thresholds[0], 0, v),
                    wide.step(acc, found.biases[0], found.thresholds[0], 0));
        ASSERT_TRUE(wide.largest <= found.bounds[0] + found.isSilent(0));
      }
  }
}

// The smallest width that a layer fits holds its values, and one bit less does not: the proof is not merely generous.
TEST_F(OverflowTest, BoundsAreTight) {
  for (double weight : {0.3, 0.9})
    for (int64_t inputs : {3, 50, 700}) {
      auto weights = vector({1, inputs}, std::vector<double>(inputs, weight));
      auto q = quant(weights, norm(), lif({1.0}), 2, 16, 0, 64, /*inputMax=*/7);
      QuantizedLayer found = layer(q);
      WideNeuron wide{found.form};
      wide.step(found.sumBounds[0], found.biases[0], found.thresholds[0], 0);
      EXPECT_TRUE(wide.largest == found.bounds[0]);
    }
}

} // namespace
