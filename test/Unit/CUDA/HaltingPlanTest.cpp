//===- HaltingPlanTest.cpp - Models that halt as plans, executed ----------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Logits and the steps of every token must be those of the CPU's artifact and of
// the interpreter, to the last bit.
//
//===----------------------------------------------------------------------===//
#include "PlannedModel.h"
#include "stas/Runtime/CpuFeatures.h"
#include "test/Unit/Target/IntegerModel.h"
#include "llvm/ADT/STLExtras.h"
#include <gmock/gmock.h>

using namespace stas;
using testing::HasSubstr;

namespace {
constexpr const char *weighted = "alpha = 1.0, beta = 0.0";
constexpr const char *rate = "alpha = 1.0, beta = 0.0, output = rate";
constexpr const char *rectangular = "alpha = 1.0, beta = 0.0, order = rectangular, output = rate";
constexpr const char *timestep = "alpha = 1.0, beta = 0.0, order = timestep, output = rate";

class CudaHaltingPlan : public testing::TestWithParam<Shapes> {
protected:
  void compare(int64_t bits) {
    TestModel model = integerModel(GetParam(), bits);
    std::vector<float> images = imagesOf(GetParam(), 3);
    Outcome expected = interpretModel(model, images);
    ASSERT_FALSE(expected.steps.empty());
    // Where tokens can differ, some must halt before others.
    if (GetParam().firstScore < GetParam().lastScore && expected.steps.size() > 3) {
      EXPECT_LT(*llvm::min_element(expected.steps), *llvm::max_element(expected.steps));
    }
    PlannedModel planned(model);
    ASSERT_EQ(planned.error, "");
    for (bool separate : {false, true}) {
      Outcome found = planned.run(model, images, 2, separate);
      EXPECT_EQ(found.steps, expected.steps) << separate;
      EXPECT_EQ(found.logits, expected.logits) << separate;
    }
    if (!llvm::is_contained(hostCpuFeatures(), "avx2"))
      GTEST_SKIP() << "this machine has no AVX2: the artifact of the CPU is not compared";
    auto onCpu = compileAndRun(model, images, "x86-64-v3");
    ASSERT_EQ(onCpu.size(), 2u);
    EXPECT_EQ(onCpu[0].steps, expected.steps);
    EXPECT_EQ(onCpu[0].logits, expected.logits);
  }
};

TEST_P(CudaHaltingPlan, SixteenBits) { compare(16); }

class CudaHaltingPlanOfBytes : public CudaHaltingPlan {};
TEST_P(CudaHaltingPlanOfBytes, EightBits) { compare(8); }

std::string nameOf(const testing::TestParamInfo<Shapes> &info) { return info.param.name; }

INSTANTIATE_TEST_SUITE_P(Orders, CudaHaltingPlan,
                         testing::Values(
                             //     name              image    stride inner depth heads hidden T classes
                             Shapes{"weighted", 3, 6, 6, 1, 3, 32, 2, 64, 4, 10, "", 32, weighted},
                             Shapes{"rate", 2, 5, 7, 1, 1, 72, 3, 130, 3, 17, "", 32, rate},
                             Shapes{"rectangular", 3, 7, 7, 2, 1, 48, 3, 80, 4, 10, "", 32, rectangular, 0.05, 1.0},
                             Shapes{"timestep", 3, 5, 5, 1, 1, 24, 3, 40, 4, 10, "", 32, timestep, 0.05, 3.0},
                             Shapes{"one_token", 3, 1, 1, 1, 1, 16, 2, 20, 5, 10, "", 32, weighted, 0.02, 0.2},
                             Shapes{"one_timestep", 3, 4, 4, 1, 1, 16, 2, 20, 1, 3, "", 32, weighted, 0.3, 6.0},
                             Shapes{"all_at_once", 3, 5, 5, 1, 1, 16, 2, 20, 3, 10, "", 32, weighted, 1.0, 1.0},
                             Shapes{"all_at_once_rectangular", 3, 5, 5, 1, 1, 16, 2, 20, 3, 10, "", 32, rectangular,
                                    1.0, 1.0},
                             Shapes{"general", 3, 6, 6, 1, 3, 16, 2, 20, 5, 10, "tau = 3.0", 32, weighted},
                             Shapes{"reset_below", 3, 4, 4, 1, 1, 16, 2, 20, 4, 10,
                                    "v_reset = -0.25, v_threshold = 0.5", 32, timestep, 0.05, 3.0}),
                         nameOf);
INSTANTIATE_TEST_SUITE_P(
    Orders, CudaHaltingPlanOfBytes,
    testing::Values(Shapes{"weighted", 3, 4, 4, 1, 1, 32, 2, 64, 4, 10, "", 32, weighted},
                    Shapes{"rectangular", 3, 7, 7, 2, 1, 48, 3, 80, 4, 10, "", 32, rectangular, 0.05, 1.0},
                    Shapes{"timestep", 3, 3, 5, 1, 1, 24, 3, 40, 4, 10, "", 32, timestep, 0.05, 3.0}),
    nameOf);

TEST(CudaHaltingBatch, OneThreeAndSeventeen) {
  Shapes shapes{"", 3, 5, 5, 1, 1, 24, 3, 40, 4, 10, "", 32, weighted};
  TestModel model = integerModel(shapes, 16);
  std::vector<float> images = imagesOf(shapes, 17);
  Outcome expected = interpretModel(model, images);
  PlannedModel planned(model);
  ASSERT_EQ(planned.error, "");
  for (int64_t batch : {1, 3, 17}) {
    Outcome found = planned.run(model, images, batch, /*separate=*/false);
    EXPECT_EQ(found.steps, expected.steps) << batch;
    EXPECT_EQ(found.logits, expected.logits) << batch;
  }
}

/// The model with its first residual sum inside stas.act written in another way, from the name of the spikes.
TestModel withSum(const Shapes &shapes, llvm::function_ref<std::string(const std::string &spikes)> sum) {
  TestModel model = integerModel(shapes, 16);
  size_t add = model.text.find("spike.add %x, "), end = model.text.find('\n', add);
  EXPECT_NE(add, std::string::npos);
  std::string op = model.text.substr(add, end - add), spikes = op.substr(14, op.find(' ', 14) - 14);
  model.text.replace(add, op.size(), sum(spikes));
  return model;
}

TEST(CudaHalting, ResidualSumTheOtherWayRound) {
  Shapes shapes{"", 3, 4, 4, 1, 1, 16, 2, 20, 4, 10, "", 32, weighted};
  TestModel model = withSum(shapes, [](const std::string &spikes) {
    return "spike.add " + spikes + ", %x : tensor<?x16x16xi1>, tensor<?x16x16xi8> -> tensor<?x16x16xi8>";
  });
  std::vector<float> images = imagesOf(shapes, 3);
  Outcome expected = interpretModel(model, images);
  PlannedModel planned(model);
  ASSERT_EQ(planned.error, "");
  Outcome found = planned.run(model, images, 3, /*separate=*/false);
  EXPECT_EQ(found.steps, expected.steps);
  EXPECT_EQ(found.logits, expected.logits);
}

TEST(CudaHaltingErrors, ResidualSumOfAnotherForm) {
  Shapes shapes{"", 3, 4, 4, 1, 1, 16, 2, 20, 4, 10, "", 32, weighted};
  TestModel model = withSum(shapes, [](const std::string &) {
    return "spike.add %x, %x : tensor<?x16x16xi8>, tensor<?x16x16xi8> -> tensor<?x16x16xi8>";
  });
  model.text.replace(model.text.find("table ["), 7, "table [0, 0, 0, 0, 0, "); // for a sum that may be larger
  EXPECT_THAT(PlannedModel(model).error,
              HasSubstr("requires counts and spikes of the layer before, which nobody else reads, in stas.act"));
}

/// The error for a body.
std::string errorOf(const std::string &body, const std::string &results) {
  std::string text = "func.func @main(%image: tensor<?x3x7x8xf32>) -> (" + results + ") {" + body + "}\n";
  return PlannedModel({text, std::vector<float>(3), {3, 7, 8}, 1}).error;
}

TEST(CudaHaltingErrors, WithoutIntegers) {
  EXPECT_THAT(errorOf(R"(
    %0 = spike.flatten %image : tensor<?x3x7x8xf32> -> tensor<?x21x8xf32>
    %y, %steps = stas.act %0 halting(#stas.act<alpha = 1.0, beta = 0.0>) timesteps 2
        : tensor<?x21x8xf32> -> tensor<?x21x8xf32>, tensor<?x21xi32> {
    ^bb0(%x: tensor<?x21x8xf32>, %active: tensor<?x21xi1>):
      stas.yield %x : tensor<?x21x8xf32>
    }
    %1 = spike.mean_tokens %y : tensor<?x21x8xf32> -> tensor<?x8xf32>
    return %1, %steps : tensor<?x8xf32>, tensor<?x21xi32>
)",
                      "tensor<?x8xf32>, tensor<?x21xi32>"),
              HasSubstr("requires halting in integers on a GPU: compile with --precision=int16 or int8"));
}

TEST(CudaHaltingErrors, MembraneOutsideOfAct) {
  std::string text = R"(
    %0 = spike.quantize %image scale 1 limit 100 : tensor<?x3x7x8xf32> -> tensor<?x3x7x8xi32>
    %1 = spike.accumulate %0 weight(W3) window(#spike.window<kernel = [1, 1], strides = [1, 1], padding = [0, 0],
        channels_first = true>) quant(Q3) : tensor<?x3x7x8xi32> -> tensor<?x7x8x1xi64>
    %2, %next = spike.fire %1 membrane(%1 : tensor<?x7x8x1xi64>) norm(#spike.norm<>) neuron(#stas.lif<>) quant(Q3)
        : tensor<?x7x8x1xi64> -> tensor<?x7x8x1xi1>, tensor<?x7x8x1xi64>
    %3 = spike.flatten %2 : tensor<?x7x8x1xi1> -> tensor<?x56x1xi1>
    %4 = spike.sum_tokens %3 : tensor<?x56x1xi1> -> tensor<?x1xi64>
    %5 = spike.accumulate %4 weight(W1) quant(Q1) : tensor<?x1xi64> -> tensor<?x1xi64>
    %6 = spike.readout %5 quant(Q1) : tensor<?x1xi64> -> tensor<?x1xf32>
    return %6 : tensor<?x1xf32>
)";
  auto replace = [&](const std::string &name, const std::string &by) {
    for (size_t at; (at = text.find(name)) != std::string::npos;)
      text.replace(at, name.size(), by);
  };
  replace("Q3", "#spike.quant<weight = W3, norm = #spike.norm<>, neuron = <>, input_max = 100, steps = 1, bits = 16, "
                "state_bits = 64>");
  replace("Q1", "#spike.quant<weight = W1, norm = #spike.norm<>, input_max = 56, bits = 16, state_bits = 64>");
  replace("W3", "#stas.weight<\"w\" in \"weights.bin\" at 0 : tensor<1x3x1x1xf32>>");
  replace("W1", "#stas.weight<\"w\" in \"weights.bin\" at 0 : tensor<1x1xf32>>");
  EXPECT_THAT(
      errorOf(text, "tensor<?x1xf32>"),
      HasSubstr("requires neurons of all timesteps, or in stas.act those under the mask of its block, on a GPU"));
}
} // namespace
