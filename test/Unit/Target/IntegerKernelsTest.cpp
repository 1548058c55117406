//===- IntegerKernelsTest.cpp - Kernels of quantised layers ---------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One model holds every kind of quantised layer. Each family of kernels must do
// what the interpreter does, to the last bit of the logits.
//
//===----------------------------------------------------------------------===//
#include "IntegerModel.h"
#include "stas/Runtime/CpuFeatures.h"
#include "llvm/ADT/STLExtras.h"
#include <gtest/gtest.h>

namespace {

/// A CPU, what a machine must have for it, the kernels that are forced, and what it is compared with them on.
struct Target {
  const char *name, *cpu, *feature;
  std::vector<std::string> kernels;
  bool eightBits, neurons;
};

const Target targets[] = {
    {"avx2 events", "x86-64-v3", "avx2", {"events", "key-value-events"}, true, true},
    {"avx2 dense", "x86-64-v3", "avx2", {"dense", "key-value-bits"}, false, false},
    {"avx512 events", "x86-64-v4", "avx512f", {"events", "key-value-bits"}, true, false},
    {"avx512 dense", "x86-64-v4", "avx512f", {"dense", "query-key-bits"}, false, true},
    {"vnni events", "cascadelake", "avx512vnni", {"events", "key-value-bits"}, false, false},
    {"vnni dense", "cascadelake", "avx512vnni", {"dense", "query-key-bits"}, true, false},
    {"amx", "amx", "amx-int8", {"tiles", "key-value-events"}, true, true},
};

class IntegerKernels : public testing::TestWithParam<Shapes> {
protected:
  void compare(int64_t bits, bool (*isWanted)(const Target &)) {
    const Shapes &s = GetParam();
    TestModel model = integerModel(s, bits);
    std::vector<float> images = imagesOf(s, 2);
    Outcome expected = interpretModel(model, images);
    ASSERT_FALSE(expected.logits.empty());
    for (auto &[layer, spikes] : expected.spikes)
      if (spikes.size() >= 1000) { // silence would prove nothing
        EXPECT_GT(llvm::count(spikes, 1), 0) << layer;
        EXPECT_GT(llvm::count(spikes, 0), 0) << layer;
      }
    auto present = stas::hostCpuFeatures();
    int compared = 0;
    for (const Target &target : targets) {
      if (!isWanted(target) || !llvm::is_contained(present, target.feature))
        continue;
      ++compared;
      auto outcomes = compileAndRun(model, images, target.cpu, target.kernels);
      ASSERT_EQ(outcomes.size(), 2u) << target.name;
      for (Outcome &found : outcomes) {
        ASSERT_EQ(found.spikes.size(), expected.spikes.size());
        for (auto &[layer, spikes] : expected.spikes)
          EXPECT_TRUE(found.spikes[layer] == spikes) << target.name << ": " << layer;
        EXPECT_EQ(found.logits, expected.logits) << target.name;
      }
    }
    if (compared == 0)
      GTEST_SKIP() << "this machine has no AVX2";
  }
};

TEST_P(IntegerKernels, SixteenBits) {
  compare(16, [](const Target &) { return true; });
}
TEST_P(IntegerKernels, EightBits) {
  compare(8, [](const Target &target) { return target.eightBits; });
}

std::string nameOf(const testing::TestParamInfo<Shapes> &info) { return info.param.name; }

INSTANTIATE_TEST_SUITE_P(Sizes, IntegerKernels,
                         testing::Values(
                             //     name             image    stride inner depth heads hidden T classes
                             Shapes{"one_timestep", 3, 5, 5, 1, 1, 7, 1, 1, 1, 1},
                             Shapes{"odd", 3, 4, 6, 1, 3, 5, 5, 3, 2, 3},
                             Shapes{"one_tile", 3, 8, 8, 1, 3, 32, 2, 64, 4, 10},
                             Shapes{"above_one_tile", 2, 9, 7, 1, 1, 65, 1, 130, 3, 17},
                             Shapes{"many_inputs", 3, 6, 6, 2, 3, 48, 3, 300, 4, 33}),
                         nameOf);

/// Neurons and sums of every form.
class IntegerNeurons : public IntegerKernels {};

TEST_P(IntegerNeurons, SixteenBits) {
  compare(16, [](const Target &target) { return target.neurons; });
}

INSTANTIATE_TEST_SUITE_P(
    Forms, IntegerNeurons,
    testing::Values(
        //     name               image  stride inner depth heads hidden T classes neuron, state
        Shapes{"general", 3, 6, 6, 1, 3, 12, 4, 20, 5, 10, "tau = 3.0"},
        Shapes{"many_timesteps", 3, 5, 5, 1, 1, 12, 4, 9, 9, 10},
        Shapes{"beyond_cuts", 3, 4, 4, 1, 1, 12, 2, 9, 18, 10},
        Shapes{"soft_reset", 3, 6, 6, 1, 3, 12, 4, 20, 5, 10, "reset = soft"},
        Shapes{"strict", 3, 6, 6, 1, 3, 12, 4, 20, 4, 10, "compare = gt, v_reset = -0.25, v_threshold = 0.5"},
        Shapes{"wide_state", 3, 6, 6, 1, 3, 12, 4, 20, 4, 10, "", 48},
        Shapes{"wide_general", 3, 6, 6, 1, 1, 12, 4, 40, 3, 10, "tau = 1.5, decay_input = false", 40}),
    nameOf);

} // namespace
