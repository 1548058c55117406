//===- ModelTest.cpp - Artifacts for a GPU, loaded and run ----------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "stas/Runtime/Model.h"
#include "../Artifact/ToyCuda.h"
#include "CudaTest.h"

#include <cstring>

using namespace stas;
using namespace stas::cuda;
using namespace stas::test;

namespace {
struct Silent : Observer {
  Status onSpikes(const SpikeView &) override { return {}; }
};

class CUDAModelTest : public testing::Test {
protected:
  void SetUp() override { ASSERT_TRUE(succeeds(ToyCuda().write(path))); }
  Result<std::unique_ptr<Model>> load(const LoadOptions &options = {}) const { return Model::load(path, options); }

  TempFolder folder;
  std::string path = folder / "toy.stas";
  Variable driver{kDriverVariable, STAS_TEST_CUDA_DRIVER};
};

/// Word i of image n is n + i; the toy's kernels compute in words.
std::vector<float> imagesOf(uint32_t count) {
  std::vector<uint32_t> words;
  for (uint32_t n = 0; n < count; ++n)
    for (uint32_t i = 0; i < 4; ++i)
      words.push_back(n + i);
  std::vector<float> images(words.size());
  std::memcpy(images.data(), words.data(), 4 * words.size());
  return images;
}

void expectRuns(Model &model, uint32_t count) {
  std::vector<float> images = imagesOf(count), logits(count);
  ASSERT_TRUE(succeeds(model.run({count, images.data(), logits.data()})));
  for (uint32_t n = 0; n < count; ++n) {
    uint32_t sum = 0;
    std::memcpy(&sum, &logits[n], 4);
    EXPECT_EQ(sum, 1111 * n + 3210) << n;
  }
}
} // namespace

TEST_F(CUDAModelTest, RunsBatchesOfAnySize) {
  LoadOptions options;
  options.batch = 3;
  auto model = valueOf(load(options));
  const ModelInfo &info = model->info();
  EXPECT_EQ(info.target, "cuda");
  EXPECT_EQ(info.cpu, "sm_80 PTX");
  EXPECT_EQ(info.device, "PTX on the CPU");
  EXPECT_EQ(info.classes, 1);
  EXPECT_FALSE(info.halts);
  EXPECT_EQ(model->threads(), 1);
  for (uint32_t count : {0, 1, 3, 11})
    expectRuns(*model, count);
}

TEST_F(CUDAModelTest, SeveralAtOnce) {
  auto first = valueOf(load()), second = valueOf(load());
  expectRuns(*first, 2);
  expectRuns(*second, 5);
  first.reset();
  expectRuns(*second, 3);
}

TEST_F(CUDAModelTest, CodeThatTheDriverRefusesIsPassedOver) {
  ToyCuda toy;
  toy.addCode("sm_90a", cudaplan::CUBIN);
  ASSERT_TRUE(succeeds(toy.write(path)));
  auto model = valueOf(load());
  EXPECT_EQ(model->info().cpu, "sm_80 PTX");
  expectRuns(*model, 2);
}

TEST_F(CUDAModelTest, KernelsOfAnotherPlanAreNotPassedOver) {
  ToyCuda toy;
  toy.addCode("sm_90", cudaplan::PTX);
  toy.plan.mutable_steps(1)->mutable_launch()->add_arguments()->set_number(1);
  ASSERT_TRUE(succeeds(toy.write(path)));
  EXPECT_TRUE(failsWith(load(), "toy.stas: CUDA: kernel 'scale': required 4 arguments, found 5"));
}

TEST_F(CUDAModelTest, CodeThatNoDriverTakes) {
  ToyCuda toy;
  toy.plan.mutable_codes(0)->set_architecture("sm_90a");
  toy.plan.mutable_codes(0)->set_form(cudaplan::CUBIN);
  ASSERT_TRUE(succeeds(toy.write(path)));
  EXPECT_TRUE(failsWith(load(), "toy.stas: CUDA: cannot load the kernels for sm_90a: "));
}

TEST_F(CUDAModelTest, WhatAGpuCannotBeTold) {
  LoadOptions cpu, threads, none, batch;
  cpu.cpu = "amx";
  threads.threads = 2;
  none.gpu = 1;
  batch.batch = 0;
  EXPECT_TRUE(failsWith(load(cpu), "toy.stas: --cpu=amx: required an artifact for a CPU, found one for a GPU"));
  EXPECT_TRUE(failsWith(load(threads), "toy.stas: --threads=2: required an artifact for a CPU or a chip, found one for "
                                       "a GPU, which one thread feeds; leave it out"));
  EXPECT_TRUE(failsWith(load(none), "toy.stas: CUDA: no GPU 1: the driver finds 1"));
  EXPECT_TRUE(failsWith(load(batch), "toy.stas: required 1 to 1048576 images at once, found 0"));

  auto model = valueOf(load());
  std::vector<float> images = imagesOf(1), logits(1);
  Batch run = {1, images.data(), logits.data()};
  Silent observer;
  std::vector<LaunchTime> times;
  RunOptions observed, profiled, poisoned, active;
  observed.observers = {&observer};
  profiled.profile = &times;
  poisoned.poison = true;
  active.activity = reinterpret_cast<ChipActivity *>(&times); // it is not looked at
  EXPECT_TRUE(failsWith(model->run(run, observed), "observers: required an artifact for a CPU, found one for a GPU"));
  EXPECT_TRUE(failsWith(model->run(run, profiled), "profile: required an artifact for a CPU, found one for a GPU"));
  EXPECT_TRUE(failsWith(model->run(run, poisoned), "poison: required an artifact for a CPU, found one for a GPU"));
  EXPECT_TRUE(failsWith(model->run(run, active), "activity: required an artifact for a chip, found one for a GPU"));
  EXPECT_TRUE(failsWith(model->run({-1, images.data(), logits.data()}), "batch: required a size of 0 or more"));
  EXPECT_TRUE(failsWith(model->run({1, images.data(), nullptr}), "batch: required arrays for images and logits"));
  int32_t halting = 0;
  EXPECT_TRUE(failsWith(model->run({1, images.data(), logits.data(), &halting}), "tokens do not halt"));
}

TEST_F(CUDAModelTest, NoDriverAndNoGPU) {
  {
    Variable other(kDriverVariable, "libno-such-driver.so");
    EXPECT_TRUE(failsWith(load(), "toy.stas: CUDA: no driver: cannot load 'libno-such-driver.so'"));
  }
  Variable again(kDriverVariable, STAS_TEST_CUDA_DRIVER);
  Variable none("STAS_TEST_CUDA_DEVICES", "0");
  EXPECT_TRUE(failsWith(load(), "toy.stas: CUDA: no GPU: the driver finds none"));
}

TEST_F(CUDAModelTest, TooOldOrTooSmall) {
  {
    Variable old("STAS_TEST_CUDA_ARCHITECTURE", "75");
    EXPECT_TRUE(failsWith(load(), "toy.stas: CUDA: the GPU is too old, or of another kind: required one of sm_80 or "
                                  "later, found PTX on the CPU, which is sm_75"));
  }
  Variable small("STAS_TEST_CUDA_MEMORY", "65536");
  auto model = valueOf(load());
  std::vector<float> images = imagesOf(256 * 8), logits(256 * 8);
  LoadOptions many;
  many.batch = 256 * 8;
  auto large = valueOf(load(many));
  EXPECT_TRUE(failsWith(large->run({256 * 8, images.data(), logits.data()}),
                        "CUDA: not enough memory for a batch of 2048: required "));
  expectRuns(*model, 2);
}
