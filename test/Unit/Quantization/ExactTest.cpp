//===- ExactTest.cpp - Roundings ------------------------------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "stas/Quantization/Exact.h"
#include "llvm/ADT/APInt.h"
#include <cmath>
#include <gtest/gtest.h>
#include <random>

using namespace stas;

namespace {

TEST(ExactTest, RoundsHalvesToEven) {
  EXPECT_EQ(roundHalfEven(0.5), 0);
  EXPECT_EQ(roundHalfEven(1.5), 2);
  EXPECT_EQ(roundHalfEven(-2.5), -2);
  EXPECT_EQ(roundHalfEven(-2.51), -3);
  EXPECT_EQ(roundHalfEven(1e300), unreachable);
  EXPECT_EQ(roundHalfEven(-INFINITY), -unreachable);
}

// A double nearest to 1/k lies above or below it: k units reach 1 or miss it by a little. The quotient in double is k
// either way.
TEST(ExactTest, ThresholdAtReciprocals) {
  int wrongInDouble = 0;
  for (int64_t k = 1; k < 5000; ++k) {
    double unit = 1.0 / static_cast<double>(k);
    // k * unit >= 1, exactly: unit = m * 2^e.
    int exponent;
    auto mantissa = static_cast<int64_t>(std::ldexp(std::frexp(unit, &exponent), 53));
    Int128 product = static_cast<Int128>(mantissa) * k, one = static_cast<Int128>(1) << (53 - exponent);
    int64_t expected = product >= one ? k : k + 1;
    EXPECT_EQ(exactThreshold(1.0, 0, unit, false), expected) << k;
    EXPECT_EQ(exactThreshold(1.0, 0, unit, true), product > one ? k : k + 1) << k;
    wrongInDouble += std::ceil(1.0 / unit) != static_cast<double>(expected);
  }
  EXPECT_GT(wrongInDouble, 100); // or the test would not need exact arithmetic
}

TEST(ExactTest, ThresholdOfWholeQuotients) {
  EXPECT_EQ(exactThreshold(1.0, 4, 0.125, false), 128);
  EXPECT_EQ(exactThreshold(1.0, 4, 0.125, true), 129);
  EXPECT_EQ(exactThreshold(0.5, 0, 0.125, false, 3), 12);
  EXPECT_EQ(exactThreshold(3.0, 0, 2.0, false), 2);
  EXPECT_EQ(exactThreshold(3.0, 0, 2.0, true), 2);
}

TEST(ExactTest, ThresholdAtTheEndsOfTheRange) {
  EXPECT_EQ(exactThreshold(1.0, 8, 1e-300, false), unreachable);
  EXPECT_EQ(exactThreshold(1.0, 0, 5e-324, false), unreachable);
  EXPECT_EQ(exactThreshold(5e-324, 0, 1e300, false), 1);
  EXPECT_EQ(exactThreshold(5e-324, 0, 1e300, true), 1);
  EXPECT_EQ(exactThreshold(1.0, 61, 1.0, false), int64_t(1) << 61);
  EXPECT_EQ(exactThreshold(1.0, 62, 1.0, false), unreachable);
  EXPECT_EQ(exactThreshold(1.0, 64, 0x1p10, false), int64_t(1) << 54);
  EXPECT_EQ(exactThreshold(1.0, 0, 0x1p20, false, int64_t(1) << 60), int64_t(1) << 40);
  EXPECT_EQ(exactThreshold(5e-324, 0, 5e-324, true), 2);
}

// n = exactThreshold(v, s, u) is the least with n * u >= v * 2^s, checked in integers of 400 bits.
TEST(ExactTest, ThresholdIsTheLeast) {
  std::mt19937_64 random(1);
  std::uniform_real_distribution<double> mantissa(1.0, 2.0);
  auto wide = [](double value, int shift) {
    int exponent;
    double fraction = std::frexp(value, &exponent);
    return llvm::APInt(400, static_cast<uint64_t>(std::ldexp(fraction, 53))) << (exponent + shift + 100);
  };
  for (int i = 0; i < 20000; ++i) {
    double value = std::ldexp(mantissa(random), static_cast<int>(random() % 20) - 10);
    double unit = std::ldexp(mantissa(random), static_cast<int>(random() % 50) - 30);
    if (i % 3 == 0) // a whole quotient, where >= and > differ
      value = unit * static_cast<double>(random() % 1000 + 1);
    int shift = random() % 17;
    llvm::APInt top = wide(value, shift), bottom = wide(unit, 0);
    for (bool strict : {false, true}) {
      llvm::APInt n(400, exactThreshold(value, shift, unit, strict));
      EXPECT_TRUE(strict ? (n * bottom).ugt(top) : (n * bottom).uge(top));
      EXPECT_TRUE(strict ? ((n - 1) * bottom).ule(top) : ((n - 1) * bottom).ult(top));
    }
  }
}

TEST(ExactTest, ScalesByQ30AsWithReals) {
  std::mt19937_64 random(2);
  const int64_t multipliers[] = {1 << 30, 1 << 29, roundHalfEven(0x1p30 / 1.5), roundHalfEven(0x1p30 / 3.7),
                                 1 << 20, 1};
  for (int i = 0; i < 100000; ++i) {
    int64_t x = static_cast<int64_t>(random() % (int64_t(1) << 34)) - (int64_t(1) << 33);
    if (i % 4 == 0) // halves
      x = ((x >> 20) * 2 + 1) * 256;
    int64_t m = multipliers[i % 6];
    // Round half even by the definition: the floor, and the rest against a half.
    Int128 product = static_cast<Int128>(x) * m;
    Int128 below = product >= 0 ? product / (1 << 30) : -((-product + (1 << 30) - 1) / (1 << 30));
    Int128 rest = product - below * (1 << 30);
    int64_t expected = static_cast<int64_t>(below) + (rest > 1 << 29 || (rest == 1 << 29 && below % 2 != 0));
    EXPECT_EQ(scaleByQ30<Int128>(x, m), expected) << x << " " << m;
    if (x < int64_t(1) << 33 && x > -(int64_t(1) << 33)) {
      EXPECT_EQ(scaleByQ30<int64_t>(x, m), expected) << x << " " << m;
    }
  }
}

} // namespace
