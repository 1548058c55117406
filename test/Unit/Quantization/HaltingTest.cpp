//===- HaltingTest.cpp - Halting scores in integers -----------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "stas/Quantization/Halting.h"
#include "TestLayer.h"
#include <cmath>

using namespace stas;

namespace {

class HaltingTest : public test::QuantTest {
protected:
  ActAttr act(double alpha, double beta, double eps) {
    return ActAttr::get(&context, alpha, beta, eps, HaltingOrder::Lexicographic, ActOutput::Weighted);
  }
};

TEST_F(HaltingTest, TableHoldsSigmoids) {
  auto table = haltingTable(act(0.7, -3.0, 0.01), 1.0, 10);
  ASSERT_EQ(table.size(), 11u);
  for (int x = 0; x <= 10; ++x)
    EXPECT_NEAR(table[x] / 0x1p24, 1.0 / (1.0 + std::exp(-(0.7 * x - 3.0))), 0x1p-24) << x;
  EXPECT_EQ(haltingTable(act(1.0, 0.0, 0.01), 1.0, 0), std::vector<int32_t>{1 << 23});
}

// After whole-stem I-SPS a stream element of 4 stands for 1.
TEST_F(HaltingTest, TableFollowsTheUnit) {
  auto whole = haltingTable(act(1.25, -2.0, 0.01), 1.0, 5), quarters = haltingTable(act(1.25, -2.0, 0.01), 0.25, 20);
  for (int x = 0; x <= 5; ++x)
    EXPECT_EQ(quarters[4 * x], whole[x]);
}

TEST_F(HaltingTest, ScoresStayWithinOne) {
  for (double alpha : {-1e6, 1e6, 0.0}) {
    auto table = haltingTable(act(alpha, 0.0, 0.5), 1.0, 255);
    for (int32_t score : table) {
      EXPECT_GE(score, 0);
      EXPECT_LE(score, haltingOne);
    }
  }
}

TEST_F(HaltingTest, LimitIsOneLessEps) {
  EXPECT_EQ(haltingLimit(act(1.0, 0.0, 0.01)), haltingOne - 167772); // 0.01 * 2^24 = 167772.16
  EXPECT_EQ(haltingLimit(act(1.0, 0.0, 0.5)), 1 << 23);
  EXPECT_EQ(haltingLimit(act(1.0, 0.0, 1e-12)), haltingOne);
}

} // namespace
