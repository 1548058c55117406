//===- StaircaseTest.cpp - Neurons of a constant current ------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "stas/Quantization/Staircase.h"
#include "TestLayer.h"
#include <random>

using namespace stas;

namespace {

class StaircaseTest : public test::QuantTest {
protected:
  /// The steps (from 1) at which the neuron fires on the same sum every time.
  static std::vector<int64_t> spikes(const QuantizedLayer &layer, size_t c, int64_t acc, int64_t steps) {
    std::vector<int64_t> fired;
    int64_t v = 0, current = layer.form.current(acc, layer.biases[c]);
    for (int64_t t = 1; t <= steps; ++t)
      if (layer.form.step(current, layer.thresholds[c], 0, v))
        fired.push_back(t);
    return fired;
  }
  /// The first step (from 1) at which a neuron with these cuts fires on the sum; 0: at none.
  static int64_t firstSpike(llvm::ArrayRef<int64_t> cuts, int64_t acc) {
    auto found = llvm::find_if(cuts, [=](int64_t cut) { return acc >= cut; });
    return found == cuts.end() ? 0 : found - cuts.begin() + 1;
  }
  static int64_t ceilDiv(Int128 a, Int128 b) { return static_cast<int64_t>(a >= 0 ? (a + b - 1) / b : -(-a / b)); }
};

// Every sum of small layers: period and count come out of the cuts.
TEST_F(StaircaseTest, CutsGiveTheRecurrence) {
  std::mt19937_64 random(9);
  std::normal_distribution<double> normal;
  int64_t periods = 0;
  for (double tau : {1.0, 1.5, 2.0, 3.7}) {
    std::vector<double> weights(3 * 4);
    for (double &weight : weights)
      weight = normal(random);
    auto weight = vector({3, 4}, weights);
    auto scaled = batchNorm({1.2, -0.9, 0.0}, {0.3, -0.2, 1.4});
    for (int64_t steps = 1; steps <= 12; ++steps)
      for (int64_t guard : {0, 3, 8})
        for (bool decayInput : {true, false}) {
          test::NeuronSpec spec{tau, 1.0, -0.25};
          spec.decayInput = decayInput;
          auto q = quant(weight, scaled, lif(spec), steps, 8, guard);
          QuantizedLayer found = layer(q);
          std::vector<int64_t> cuts = staircaseCuts(found, steps);
          ASSERT_EQ(cuts.size(), 3u * steps);
          for (size_t c = 0; c < 3; ++c) {
            auto own = llvm::ArrayRef(cuts).slice(c * steps, steps);
            EXPECT_TRUE(llvm::is_sorted(own, std::greater<>()));
            for (int64_t acc = -found.sumBounds[c]; acc <= found.sumBounds[c]; ++acc) {
              int64_t n = firstSpike(own, acc);
              std::vector<int64_t> expected;
              for (int64_t t = n; n && t <= steps; t += n)
                expected.push_back(t);
              ASSERT_EQ(spikes(found, c, acc, steps), expected) << tau << " " << steps << " " << guard << " " << acc;
              periods += n > 1;
            }
          }
        }
  }
  EXPECT_GT(periods, 1000);
}

// tau = 2: c * (1 - 2^-n) >= v_threshold in integers.
TEST_F(StaircaseTest, CutsOfTauTwoHaveAClosedForm) {
  std::mt19937_64 random(10);
  std::normal_distribution<double> normal;
  for (int trial = 0; trial < 216; ++trial) {
    int64_t steps = trial % 8 + 1, guard = trial / 8 % 9;
    std::vector<double> weights(6);
    for (double &weight : weights)
      weight = normal(random);
    auto q =
        quant(vector({1, 6}, weights), batchNorm({0.7}, {normal(random)}), lif(), steps, trial % 5 ? 16 : 8, guard, 64);
    QuantizedLayer found = layer(q);
    std::vector<int64_t> cuts = staircaseCuts(found, steps);
    for (int64_t n = 1; n <= steps; ++n) {
      Int128 share = (Int128(1) << (steps - n)) * ((Int128(1) << n) - 1);
      int64_t needed = ceilDiv(found.thresholds[0], share) - found.biases[0];
      int64_t cut = ceilDiv(needed, Int128(1) << guard), end = found.sumBounds[0];
      EXPECT_EQ(cuts[n - 1], std::min(std::max(cut, -end), end + 1)) << steps << " " << guard << " " << n;
    }
  }
}

// The image's layer has wide sums: 2^50 and more.
TEST_F(StaircaseTest, WideSums) {
  std::vector<double> weights(27, 0.4);
  auto q = quant(vector({1, 3, 3, 3}, weights), batchNorm({1.0}, {0.1}), lif({3.7}), 6, 16, 8, 64, 23113, 0x1p-13);
  QuantizedLayer found = layer(q);
  EXPECT_GT(found.bounds[0], int64_t(1) << 45);
  std::vector<int64_t> cuts = staircaseCuts(found, 6);
  for (int64_t n = 1; n <= 6; ++n) {
    int64_t cut = cuts[n - 1];
    if (cut <= found.sumBounds[0]) {
      EXPECT_EQ(spikes(found, 0, cut, 6).front(), n);
    }
    EXPECT_TRUE(spikes(found, 0, cut - 1, n).empty());
  }
}

TEST_F(StaircaseTest, SilentAndRestlessChannels) {
  auto q = quant(vector({2, 1}, {0.1, 0.1}), batchNorm({1.0, 1.0}, {0.0, 9.0}), lif(), 4);
  QuantizedLayer found = layer(q);
  std::vector<int64_t> cuts = staircaseCuts(found, 4);
  for (int n = 0; n < 4; ++n) {
    EXPECT_EQ(cuts[n], found.sumBounds[0] + 1);
    EXPECT_EQ(cuts[4 + n], -found.sumBounds[1]);
  }
  EXPECT_EQ(firstSpike(llvm::ArrayRef(cuts).take_front(4), found.sumBounds[0]), 0);
  EXPECT_EQ(firstSpike(llvm::ArrayRef(cuts).take_back(4), -found.sumBounds[1]), 1);
}

} // namespace
