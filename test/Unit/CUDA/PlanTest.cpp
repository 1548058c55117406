//===- PlanTest.cpp - Whole models as plans, executed ---------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Logits, and steps of tokens that halt, must be those of the CPU's artifact and
// of the interpreter, to the last bit.
//
//===----------------------------------------------------------------------===//
#include "PlannedModel.h"
#include "stas/Runtime/CpuFeatures.h"
#include "test/Unit/Target/IntegerModel.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FormatVariadic.h"
#include <gmock/gmock.h>

using namespace stas;
using testing::HasSubstr;

namespace {
class CudaPlan : public testing::TestWithParam<Shapes> {
protected:
  void compare(int64_t bits) {
    TestModel model = integerModel(GetParam(), bits);
    std::vector<float> images = imagesOf(GetParam(), 3);
    Outcome expected = interpretModel(model, images);
    ASSERT_FALSE(expected.logits.empty());
    PlannedModel planned(model);
    ASSERT_EQ(planned.error, "");
    for (bool separate : {false, true})
      EXPECT_EQ(planned.run(model, images, 2, separate).logits, expected.logits) << separate;
    if (!llvm::is_contained(hostCpuFeatures(), "avx2"))
      GTEST_SKIP() << "this machine has no AVX2: the artifact of the CPU is not compared";
    auto onCpu = compileAndRun(model, images, "x86-64-v3");
    ASSERT_EQ(onCpu.size(), 2u);
    EXPECT_EQ(onCpu[0].logits, expected.logits);
  }
};

TEST_P(CudaPlan, SixteenBits) { compare(16); }
TEST_P(CudaPlan, EightBits) { compare(8); }

std::string nameOf(const testing::TestParamInfo<Shapes> &info) { return info.param.name; }

INSTANTIATE_TEST_SUITE_P(Sizes, CudaPlan,
                         testing::Values(
                             //     name             image    stride inner depth heads hidden T classes
                             Shapes{"one_timestep", 3, 5, 5, 1, 1, 8, 1, 1, 1, 1},
                             Shapes{"one_tile", 3, 8, 8, 1, 3, 32, 2, 64, 4, 10},
                             Shapes{"odd_heads", 3, 5, 5, 1, 3, 60, 5, 40, 3, 10},
                             Shapes{"odd_map", 2, 5, 7, 1, 3, 72, 3, 130, 3, 17},
                             Shapes{"strided_image", 3, 6, 6, 2, 3, 48, 3, 300, 5, 33},
                             Shapes{"general", 3, 6, 6, 1, 3, 16, 2, 20, 5, 10, "tau = 3.0"},
                             Shapes{"soft_reset", 3, 6, 6, 1, 3, 40, 2, 20, 4, 10, "reset = soft"},
                             Shapes{"soft_general", 2, 5, 7, 2, 3, 16, 2, 20, 5, 10, "tau = 1.25, reset = soft"}),
                         nameOf);

/// A stem whose image layer is pooled and counted, and whose later maps are pooled: what comes after it runs once.
TestModel stemModel(const char *pool, const char *neuron) {
  ModelWriter writer(/*seed=*/5);
  std::string body;
  auto op = [&](const char *name, const std::string &text) {
    body += llvm::formatv("  %{0} = spike.{1}\n", name, text).str();
  };
  auto layer = [&](const std::string &weight, const std::string &norm, const char *rest, const char *neuron = "") {
    return llvm::formatv("#spike.quant<weight = {0}, norm = {1}, neuron = <{2}>, {3}>", weight, norm, neuron, rest)
        .str();
  };
  std::string window = "#spike.window<kernel = [3, 3], strides = [1, 1], padding = [1, 1]";
  op("x", "quantize %image scale 4194304 limit 10000000 : tensor<?x3x7x8xf32> -> tensor<?x3x7x8xi32>");
  std::string weight = writer.weight({24, 3, 3, 3}, -0.7, 0.7, false), norm = writer.norm(24);
  std::string quant = layer(weight, norm,
                            "input_unit = 2.384185791015625e-07, input_max = 10000000, steps = 4, bits = 24, guard = "
                            "2, state_bits = 64",
                            neuron);
  op("s0", llvm::formatv("accumulate %x weight({0}) window({1}, channels_first = true>) quant({2}) : "
                         "tensor<?x3x7x8xi32> -> tensor<?x7x8x24xi64>",
                         weight, window, quant));
  op("counts", llvm::formatv("staircase sum %s0 norm({0}) neuron(#stas.lif<{4}>) timesteps 4 {1} quant({2}) : "
                             "tensor<?x7x8x24xi64> -> tensor<?x{3}x24xi8>",
                             norm, pool, quant, *pool ? "4x4" : "7x8", neuron));
  std::string map = *pool ? "4x4" : "7x8", tokens = *pool ? "4" : "16", half = *pool ? "2x2" : "4x4";
  weight = writer.weight({40, 24, 3, 3}, -0.7, 0.7, false);
  norm = writer.norm(40);
  quant = layer(weight, norm, "input_unit = 0.25, input_max = 4, steps = 1, bits = 16, guard = 2");
  op("s1", llvm::formatv("accumulate %counts weight({0}) window({1}>) quant({2}) : tensor<?x{3}x24xi8> -> "
                         "tensor<?x{3}x40xi32>",
                         weight, window, quant, map));
  op("f1", llvm::formatv("fire %s1 norm({0}) neuron(#stas.lif<>) quant({1}) : tensor<?x{2}x40xi32> -> "
                         "tensor<1x?x{2}x40xi1>",
                         norm, quant, map));
  op("p1", llvm::formatv("max_pool %f1 window(#spike.window<kernel = [3, 3], strides = [2, 2], padding = [1, 1]>) : "
                         "tensor<1x?x{0}x40xi1> -> tensor<1x?x{1}x40xi1>",
                         map, half));
  op("t", llvm::formatv("flatten %p1 : tensor<1x?x{0}x40xi1> -> tensor<1x?x{1}x40xi1>", half, tokens));
  weight = writer.weight({40, 40}, -0.7, 0.7, false);
  norm = writer.norm(40);
  quant = layer(weight, norm, "input_max = 1, steps = 1, bits = 16, guard = 2");
  op("s2", llvm::formatv("accumulate %t weight({0}) quant({1}) : tensor<1x?x{2}x40xi1> -> tensor<1x?x{2}x40xi32>",
                         weight, quant, tokens));
  op("f2", llvm::formatv("fire %s2 norm({0}) neuron(#stas.lif<>) quant({1}) : tensor<1x?x{2}x40xi32> -> "
                         "tensor<1x?x{2}x40xi1>",
                         norm, quant, tokens));
  op("sum", llvm::formatv("add %f2, %t factor 2 : tensor<1x?x{0}x40xi1>, tensor<1x?x{0}x40xi1> -> "
                          "tensor<1x?x{0}x40xi8>",
                          tokens));
  op("perStep", llvm::formatv("sum_tokens %sum : tensor<1x?x{0}x40xi8> -> tensor<1x?x40xi64>", tokens));
  op("features", "integrate sum %perStep : tensor<1x?x40xi64> -> tensor<?x40xi64>");
  weight = writer.weight({10, 40}, -1.0, 1.0, false);
  quant = llvm::formatv("#spike.quant<weight = {0}, norm = #spike.norm<bias = {1}>, input_unit = 0.0625, input_max = "
                        "48, bits = 16, state_bits = 64>",
                        weight, writer.weight({10}, -1.0, 1.0));
  op("s3", llvm::formatv("accumulate %features weight({0}) quant({1}) : tensor<?x40xi64> -> tensor<?x10xi64>", weight,
                         quant));
  op("logits", llvm::formatv("readout %s3 quant({0}) : tensor<?x10xi64> -> tensor<?x10xf32>", quant));
  std::string text = "func.func @main(%image: tensor<?x3x7x8xf32>) -> tensor<?x10xf32> {\n" + body +
                     "  return %logits : tensor<?x10xf32>\n}\n";
  return {text, writer.weights(), {3, 7, 8}, 1};
}

TEST(CudaPlanStem, CountsAndPools) {
  Shapes shapes{"", 3, 7, 8, 1, 3, 40, 1, 1, 1, 10};
  std::vector<float> images = imagesOf(shapes, 3);
  const char *pool = "pool(#spike.window<kernel = [3, 3], strides = [2, 2], padding = [1, 1]>)";
  std::pair<const char *, const char *> stems[] = {
      {"", ""}, {pool, ""}, {"", "reset = soft"}, {pool, "tau = 1.25, reset = soft"}};
  for (auto [pooled, neuron] : stems) {
    SCOPED_TRACE(testing::Message() << pooled << neuron);
    TestModel model = stemModel(pooled, neuron);
    Outcome expected = interpretModel(model, images);
    ASSERT_EQ(expected.logits.size(), 30u);
    // Silence, or spikes everywhere, would prove nothing: then all images are alike.
    EXPECT_FALSE(std::equal(expected.logits.begin(), expected.logits.begin() + 10, expected.logits.begin() + 10));
    PlannedModel planned(model);
    ASSERT_EQ(planned.error, "");
    EXPECT_EQ(planned.run(model, images, 2, /*separate=*/true).logits, expected.logits);
  }
}

TEST(CudaPlanErrors, WhatCannotBePlanned) {
  Shapes shapes{"", 3, 4, 4, 1, 3, 16, 2, 20, 4, 10};
  Shapes wide = shapes, longer = shapes;
  wide.stateBits = 48;
  EXPECT_THAT(PlannedModel(integerModel(wide, 16)).error, HasSubstr("requires neurons of 32 bits on a GPU, found 48"));
  longer.timesteps = 17;
  EXPECT_THAT(PlannedModel(integerModel(longer, 16)).error, HasSubstr("requires 1 to 16 timesteps, found 17 on a GPU"));
}
} // namespace
