//===- FiguresTest.cpp - Tests of numbers as a page shows them ------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Report/Figures.h"

#include <gtest/gtest.h>

using namespace stas::report;

TEST(Figures, ThreeSignificantDigits) {
  EXPECT_EQ(figure(0), "0");
  EXPECT_EQ(figure(0.0001), "< 0.001");
  EXPECT_EQ(figure(0.0123), "0.0123");
  EXPECT_EQ(figure(1.5), "1.50");
  EXPECT_EQ(figure(23.44), "23.4");
  EXPECT_EQ(figure(999.4), "999");
  EXPECT_EQ(figure(12345.6), "12,346");
  EXPECT_EQ(figure(Interval{0, 2.5}), "0 – 2.50");
  EXPECT_EQ(figure(Interval{2.499, 2.5}), "2.50");
}

TEST(Figures, Units) {
  EXPECT_EQ(energyText({11404100, 11404100}), "11.4 µJ");
  EXPECT_EQ(energyText({0, 999}), "0 – 999 pJ");
  EXPECT_EQ(energyText({2e12, 2e12}), "2.00 J");
  EXPECT_EQ(energyText({3e9, 3e9}), "3.00 mJ");
  EXPECT_EQ(countText({12, 12}), "12.0");
  EXPECT_EQ(countText({11759271, 11759271}), "11.8 million");
  EXPECT_EQ(countText({5e9, 5e9}), "5.00 billion");
  EXPECT_EQ(timeText(465), "465 ns");
  EXPECT_EQ(timeText(16910e3), "16.9 ms");
  EXPECT_EQ(timeText(2500), "2.50 µs");
  EXPECT_EQ(timeText(3e9), "3.00 s");
  EXPECT_EQ(wholeCount({1234.4, 1234.4}), "1,234");
  EXPECT_EQ(percentText(0.672), "67.2 %");
  EXPECT_EQ(percentText(Interval{0.25, 1}), "25.0 – 100.0 %");
  EXPECT_EQ(plural(1, "image"), "1 image");
  EXPECT_EQ(plural(1000, "image"), "1,000 images");
  EXPECT_EQ(plural(2, "class", "es"), "2 classes");
}

TEST(Figures, AlignedBelowAnother) {
  EXPECT_EQ(aligned({0.0378, 0.0378}, 2.02), "0.04");
  EXPECT_EQ(aligned({0.003, 0.003}, 2.02), "< 0.01");
  EXPECT_EQ(aligned({0, 0}, 2.02), "0");
  EXPECT_EQ(aligned({63.1, 63.1}, 100), "63");
  EXPECT_EQ(aligned({0, 18.87}, 18.87), "0 – 18.9");
  EXPECT_EQ(aligned({0.001, 0.003}, 2.02), "< 0.01");
  EXPECT_EQ(aligned({4276, 4276}, 5000), "4,276");
}

TEST(Figures, TicksCoverAScale) {
  EXPECT_EQ(ticks(0), std::vector<double>({0}));
  EXPECT_EQ(ticks(100), std::vector<double>({0, 20, 40, 60, 80, 100}));
  EXPECT_EQ(ticks(2.02), std::vector<double>({0, 0.5, 1, 1.5, 2, 2.5}));
  EXPECT_EQ(ticks(7), std::vector<double>({0, 2, 4, 6, 8}));
  EXPECT_EQ(tickText(0.5), "0.5");
  EXPECT_EQ(tickText(20), "20");
  EXPECT_EQ(tickText(1500), "1,500");
}

TEST(Figures, WilsonInterval) {
  // Newcombe 1998, Statistics in Medicine 17, table I, method 3: 81 of 263.
  Interval interval = wilson(81, 263);
  EXPECT_NEAR(interval.low, 0.2553, 5e-5);
  EXPECT_NEAR(interval.high, 0.3662, 5e-5);
  EXPECT_EQ(wilson(0, 10).low, 0);
  EXPECT_EQ(wilson(0, 0).high, 1);
}
