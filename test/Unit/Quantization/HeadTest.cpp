//===- HeadTest.cpp - Tables of classifiers -------------------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "TestLayer.h"
#include <cmath>
#include <numeric>
#include <random>

using namespace stas;

namespace {

class HeadTest : public test::QuantTest {
protected:
  spike::QuantAttr head(WeightAttr weight, spike::NormAttr norm, int64_t inputMax, double inputUnit,
                        int64_t bits = 16) {
    return quant(weight, norm, {}, 1, bits, 0, 64, inputMax, inputUnit);
  }
  QuantizedHead tables(spike::QuantAttr quant) {
    auto head = quantizeHead(quant, reader);
    EXPECT_TRUE(bool(head)) << llvm::toString(head.takeError());
    return head ? std::move(*head) : QuantizedHead();
  }
};

TEST_F(HeadTest, OneUnitForAllClasses) {
  auto q =
      head(vector({3, 2}, {0.5, -0.25, 0.125, 0.0, 0.01, -0.02}), norm(1.0, vector(3, {0.1, -0.2, 0.3})), 100, 0.5);
  QuantizedHead found = tables(q);
  EXPECT_EQ(found.weights, (std::vector<int32_t>{32639, -16320, 8160, 0, 653, -1306}));
  EXPECT_DOUBLE_EQ(found.unit, 0.5 / 32639 * 0.5);
  EXPECT_EQ(found.biases[1], roundHalfEven(-0.2 / found.unit));
  EXPECT_EQ(found.inputs, 2);
  EXPECT_EQ(found.halvings, 0);
  EXPECT_EQ(found.bound, (32639 + 16320) * 100 + found.biases[0]);
}

TEST_F(HeadTest, LogitsAreNearTheReals) {
  std::mt19937_64 random(11);
  std::normal_distribution<double> normal;
  int64_t inputs = 32, classes = 5;
  double unit = std::ldexp(1.0, -24) / 64;
  std::vector<double> weights(classes * inputs), bias(classes);
  for (double &value : weights)
    value = normal(random);
  for (double &value : bias)
    value = normal(random);
  QuantizedHead found =
      tables(head(vector({classes, inputs}, weights), norm(1.0, vector(classes, bias)), 6ll << 30, unit));
  for (int trial = 0; trial < 200; ++trial) {
    std::vector<int64_t> x(inputs);
    for (int64_t &value : x)
      value = random() % (6ll << 30);
    for (int64_t c = 0; c < classes; ++c) {
      double real = bias[c];
      int64_t acc = 0;
      for (int64_t k = 0; k < inputs; ++k) {
        real += weights[c * inputs + k] * unit * static_cast<double>(x[k]);
        acc += found.weights[c * inputs + k] * x[k];
      }
      EXPECT_LE(std::abs(acc), found.bound);
      EXPECT_NEAR(found.logit(acc, c), real, 6.0 * 3.5 / 32639 / 2 * static_cast<double>(inputs) + 1e-5);
    }
  }
}

// The argmax of logits is that of integers, but for f32's rounding: a larger integer never has a smaller logit.
TEST_F(HeadTest, LogitsRiseWithTheSum) {
  QuantizedHead found = tables(head(vector({1, 1}, {0.7}), norm(), 1ll << 40, 1e-6));
  std::mt19937_64 random(12);
  for (int trial = 0; trial < 10000; ++trial) {
    int64_t a = static_cast<int64_t>(random() >> 9) - (1ll << 54), b = a + static_cast<int64_t>(random() % 1000);
    EXPECT_LE(found.logit(a, 0), found.logit(b, 0));
  }
}

TEST_F(HeadTest, ScaleOfAClassGoesIntoItsWeights) {
  QuantizedHead found =
      tables(head(vector({2, 2}, {0.5, 0.5, 0.5, -0.25}), batchNorm({1.0, -2.0}, {0.0, 0.0}), 1, 1.0));
  // Of two halves one is rounded up and the other, which takes over the first's error, down.
  EXPECT_EQ(found.weights, (std::vector<int32_t>{16320, 16319, -32639, 16320}));
}

// 2^15 * 2^46 * 4 = 2^63 does not fit: the scale doubles, for all classes.
TEST_F(HeadTest, ScaleDoublesUntilSumsFit) {
  QuantizedHead found = tables(head(vector({2, 4}, {1, 1, 1, 1, 0.1, 0, 0, 0}), norm(), 3ll << 45, 1.0));
  EXPECT_EQ(found.halvings, 1);
  EXPECT_EQ(found.weights[0], 16320);
  EXPECT_EQ(found.weights[4], 1632);
  int64_t sum = std::accumulate(found.weights.begin(), found.weights.begin() + 4, int64_t(0));
  EXPECT_EQ(sum, 2 * 32639); // four halves
  EXPECT_EQ(found.bound, sum * (3ll << 45));
}

TEST_F(HeadTest, WithoutWeights) {
  QuantizedHead biases = tables(head(vector({2, 1}, {0, 0}), norm(1.0, vector(2, {0.5, -2.0})), 1, 1.0));
  EXPECT_EQ(biases.biases, (std::vector<int64_t>{1024, -4096}));
  EXPECT_EQ(biases.logit(0, 1), -2.0f);
  QuantizedHead nothing = tables(head(vector({2, 1}, {0, 0}), norm(), 1, 1.0));
  EXPECT_EQ(nothing.logit(0, 0), 0.0f);
}

TEST_F(HeadTest, RefusesWhatHasNoForm) {
  EXPECT_EQ(errorOf(quantizeHead(head(vector({1, 1}, {1.0}), norm(), 1ll << 61, 1.0), reader)),
            "'w0': requires sums that fit 64 bits with weights of 4 bits, found inputs up to 2305843009213693952 and "
            "biases up to 0");
  EXPECT_EQ(errorOf(quantizeHead(head(vector({1, 1}, {1e-320}), norm(), 1, 1.0), reader)),
            "'w1': requires weights whose scale is a normal double, found a largest weight of 9.99989e-321");
  EXPECT_NE(errorOf(quantizeHead(head(vector({1, 1}, {INFINITY}), norm(), 1, 1.0), reader)).find("finite weights"),
            std::string::npos);
}

} // namespace
