//===- ExecutorTest.cpp - Runs plans --------------------------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Runtime/CUDA/Executor.h"
#include "CudaTest.h"
#include "PlanTest.h"

#include <numeric>

using namespace stas;
using namespace stas::cuda;

static const uint32_t kWeights[4] = {2, 3, 5, 7};

static Result<std::unique_ptr<Executor>> make(Plan plan, const ExecutorOptions &options = {},
                                              const std::string &kernels = kPlanKernels,
                                              const std::string &library = STAS_TEST_CUDA_DRIVER) {
  std::string_view weights(reinterpret_cast<const char *>(kWeights), sizeof kWeights);
  auto device = openDevice(library);
  Result<Module> module = Module::load(device, {"sm_80", kernels});
  return module ? Executor::create(device, std::move(plan), std::move(*module), weights, options) : module.error();
}

/// Runs so many images and compares every total.
static void expectTotals(Executor &executor, uint64_t images) {
  std::vector<uint32_t> input(4 * images), totals(images), expected(images);
  std::iota(input.begin(), input.end(), 11);
  for (uint64_t i = 0; i < 4 * images; ++i)
    expected[i / 4] += input[i] * kWeights[i % 4];
  Status status = executor.run({images, input.data(), {totals.data()}});
  ASSERT_TRUE(status) << status.message();
  EXPECT_EQ(totals, expected) << images;
}

TEST(CUDAExecutor, BatchesOfEverySize) {
  for (bool separate : {false, true}) {
    ExecutorOptions options;
    options.mostImages = 4;
    options.separateBuffers = separate;
    auto executor = valueOf(make(smallPlan(), options));
    // Whole batches on both slots, a rest, and each size again.
    for (uint64_t images : {0, 1, 3, 4, 8, 17, 20, 1, 17})
      expectTotals(*executor, images);
  }
}

TEST(CUDAExecutor, MemoryOfSizesThatAreNotUsedIsGivenBack) {
  ExecutorOptions options;
  options.mostImages = 100;
  auto executor = valueOf(make(smallPlan(), options));
  expectTotals(*executor, 100);
  uint64_t bytes = executor->deviceBytes();
  for (uint64_t images : {10, 20, 30})
    expectTotals(*executor, images);
  uint64_t four = executor->deviceBytes();
  EXPECT_GT(four, bytes);
  // A fifth size drives out that of 100.
  expectTotals(*executor, 5);
  EXPECT_LT(executor->deviceBytes(), four);
  expectTotals(*executor, 100);
}

TEST(CUDAExecutor, SeveralInOneProcess) {
  Plan plan = smallPlan();
  auto first = valueOf(make(plan));
  plan.steps[2].arguments[2].value = 8;
  auto second = valueOf(make(plan));
  std::vector<uint32_t> input = {1, 1, 1, 1};
  uint32_t a = 0, b = 0;
  ASSERT_TRUE(first->run({1, input.data(), {&a}}));
  ASSERT_TRUE(second->run({1, input.data(), {&b}}));
  EXPECT_EQ(a, 17u);
  EXPECT_EQ(b, 21u);
}

TEST(CUDAExecutor, OutputsThatNobodyWants) {
  auto executor = valueOf(make(smallPlan()));
  std::vector<uint32_t> input(4);
  EXPECT_TRUE(executor->run({1, input.data(), {nullptr}}));
}

TEST(CUDAExecutor, WhatCannotBeMade) {
  Plan plan = smallPlan();
  plan.weightsBytes = 17;
  EXPECT_EQ(messageOf(make(plan)), "plan: required 17 B of weights, found 16");
  plan = smallPlan();
  plan.steps[1].kernel = "other";
  EXPECT_EQ(messageOf(make(plan)), "CUDA: the code has no kernel 'other', which the plan launches");
  plan = smallPlan();
  plan.steps.pop_back();
  EXPECT_EQ(messageOf(make(plan)), "plan: the output 'total' is never written");
  ExecutorOptions options;
  options.mostImages = 0;
  EXPECT_EQ(messageOf(make(smallPlan(), options)), "required 1 to 1048576 images at once, found 0");
  plan = smallPlan();
  plan.steps[1].rowsPerImage = 1 << 30;
  EXPECT_EQ(messageOf(make(plan)),
            "kernel 'scale' of 'stem': 256 images at once are more than a GPU launches; use a smaller batch");
  EXPECT_EQ(messageOf(make(smallPlan(), {}, "no code")).find("CUDA: cannot load the kernels for sm_80: "), 0u);
}

TEST(CUDAExecutor, TooLittleMemory) {
  Variable bytes("STAS_TEST_CUDA_MEMORY", "4096");
  auto executor = valueOf(make(smallPlan()));
  expectTotals(*executor, 1);
  std::vector<uint32_t> input(4 * 200), totals(200);
  EXPECT_EQ(
      messageOf(executor->run({200, input.data(), {totals.data()}})).find("CUDA: not enough memory for a batch of 200"),
      0u);
  // Smaller ones still run.
  expectTotals(*executor, 2);
}

TEST(CUDAExecutor, ArraysThatAreMissing) {
  auto executor = valueOf(make(smallPlan()));
  uint32_t word = 0;
  EXPECT_EQ(messageOf(executor->run({1, &word, {}})),
            "required an array for the images and for each of 1 outputs, found 0 for outputs");
  EXPECT_EQ(messageOf(executor->run({1, nullptr, {&word}})),
            "required an array for the images and for each of 1 outputs, found none for the images and 1 for outputs");
}

TEST(CUDAExecutor, LaunchesThatTheDeviceRefuses) {
  Plan plan = smallPlan();
  std::string kernels = kPlanKernels;
  kernels.replace(kernels.find("rows)"), 5, "rows) .maxntid 1");
  auto executor = valueOf(make(plan, {}, kernels));
  uint32_t words[4] = {};
  EXPECT_EQ(messageOf(executor->run({1, words, {words}})),
            "CUDA: cannot launch a kernel: invalid argument (CUDA_ERROR_INVALID_VALUE 1): step 1, 'scale' of 'stem'");
}

TEST(CUDAExecutor, PlansOfOtherKernels) {
  Plan plan = smallPlan();
  plan.steps[1].arguments.pop_back();
  EXPECT_EQ(messageOf(make(plan)),
            "CUDA: kernel 'scale': required more than 3 arguments, found 3: the plan is not that of this code; copy or "
            "compile the artifact again");
  // An older driver says so when the kernel is launched.
  auto executor = valueOf(make(plan, {}, kPlanKernels, STAS_TEST_OLDER_CUDA_DRIVER));
  uint32_t words[4] = {};
  EXPECT_EQ(messageOf(executor->run({1, words, {words}})),
            "CUDA: cannot launch a kernel: invalid argument (CUDA_ERROR_INVALID_VALUE 1): step 1, 'scale' of 'stem'");
  expectTotals(*valueOf(make(smallPlan(), {}, kPlanKernels, STAS_TEST_OLDER_CUDA_DRIVER)), 3);
}

TEST(CUDAExecutor, KernelsThatLeaveTheirBuffers) {
  // In one piece of memory the bytes behind a buffer are another's; apart, they are nobody's.
  Plan plan = smallPlan();
  plan.buffers[2].imageBytes = 12;
  ExecutorOptions options;
  options.separateBuffers = true;
  auto executor = valueOf(make(plan, options));
  std::vector<uint32_t> input(4 * 64), totals(64);
  testing::internal::CaptureStderr();
  EXPECT_EQ(messageOf(executor->run({64, input.data(), {totals.data()}})),
            "CUDA: cannot finish the work on the GPU: unspecified launch failure (CUDA_ERROR_LAUNCH_FAILED 719)");
  EXPECT_NE(testing::internal::GetCapturedStderr().find("kernel 'copy', line 21, st.global.b32: 4 bytes at 0x"),
            std::string::npos);
  EXPECT_EQ(
      messageOf(executor->run({1, input.data(), {totals.data()}})),
      "CUDA: cannot use the context of PTX on the CPU: unspecified launch failure (CUDA_ERROR_LAUNCH_FAILED 719)");
}
