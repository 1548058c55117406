//===- ContextTest.cpp - What else a host program does with GPUs ----------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "../Artifact/ToyCuda.h"
#include "CudaTest.h"
#include "lib/Runtime/CUDA/Executor.h"
#include "stas/Runtime/Model.h"

#include <dlfcn.h>
#include <thread>

using namespace stas;
using namespace stas::cuda;
using namespace stas::test;

namespace {
/// A program that works with the first of two GPUs itself, and runs models on the second.
class CUDAContext : public testing::Test {
protected:
  using GetCurrent = DriverResult (*)(ContextObject **);
  using SetCurrent = DriverResult (*)(ContextObject *);

  void SetUp() override {
    ASSERT_TRUE(succeeds(ToyCuda().write(path)));
    api = valueOf(Driver::load());
    void *library = dlopen(STAS_TEST_CUDA_DRIVER, RTLD_NOW);
    getCurrent = reinterpret_cast<GetCurrent>(dlsym(library, "cuCtxGetCurrent"));
    setCurrent = reinterpret_cast<SetCurrent>(dlsym(library, "cuCtxSetCurrent"));
    ASSERT_EQ(api->primaryContextRetain(&own, 0), kSuccess);
    ASSERT_EQ(setCurrent(own), kSuccess);
    ASSERT_EQ(api->streamCreate(&stream, 0), kSuccess);
  }
  void TearDown() override {
    ContextObject *last = nullptr;
    EXPECT_EQ(api->contextPop(&last), kSuccess);
    EXPECT_EQ(last, own);
    EXPECT_EQ(api->primaryContextRelease(0), kSuccess);
  }

  ContextObject *current() const {
    ContextObject *context = nullptr;
    EXPECT_EQ(getCurrent(&context), kSuccess);
    return context;
  }
  /// Whether the program finds what it left, and can go on with it.
  bool isUnchanged() const { return current() == own && api->streamSynchronize(stream) == kSuccess; }

  static LoadOptions onGpu(int number) {
    LoadOptions options;
    options.gpu = number;
    return options;
  }
  static bool runs(Model &model) {
    std::vector<float> images(4 * 3), logits(3);
    return static_cast<bool>(model.run({3, images.data(), logits.data()}));
  }

  TempFolder folder;
  std::string path = folder / "toy.stas";
  Variable driver{kDriverVariable, STAS_TEST_CUDA_DRIVER}, devices{"STAS_TEST_CUDA_DEVICES", "2"};
  std::shared_ptr<const Driver> api;
  GetCurrent getCurrent = nullptr;
  SetCurrent setCurrent = nullptr;
  ContextObject *own = nullptr;
  StreamObject *stream = nullptr;
};
} // namespace

TEST_F(CUDAContext, IsTheCallersAgain) {
  auto model = valueOf(Model::load(path, onGpu(1)));
  EXPECT_TRUE(isUnchanged());
  EXPECT_TRUE(runs(*model));
  EXPECT_TRUE(isUnchanged());
  auto same = valueOf(Model::load(path, onGpu(0)));
  EXPECT_TRUE(runs(*same));
  model.reset();
  EXPECT_TRUE(isUnchanged());
  same.reset();
  EXPECT_TRUE(isUnchanged());
}

TEST_F(CUDAContext, IsTheCallersAfterAnError) {
  ToyCuda refused;
  refused.plan.mutable_codes(0)->set_form(cudaplan::CUBIN);
  refused.plan.mutable_codes(0)->set_architecture("sm_90a");
  ASSERT_TRUE(succeeds(refused.write(folder / "refused.stas")));
  EXPECT_FALSE(Model::load(folder / "refused.stas", onGpu(1)));
  EXPECT_TRUE(isUnchanged());
  ToyCuda other;
  other.plan.mutable_steps(1)->mutable_launch()->mutable_arguments()->RemoveLast();
  ASSERT_TRUE(succeeds(other.write(folder / "other.stas")));
  EXPECT_TRUE(failsWith(Model::load(folder / "other.stas", onGpu(1)), "required more than 3 arguments, found 3"));
  EXPECT_TRUE(isUnchanged());
}

TEST_F(CUDAContext, IsTheCallersAfterAFault) {
  {
    Plan plan = smallPlan();
    plan.buffers[2].imageBytes = 12;
    ExecutorOptions options;
    options.separateBuffers = true;
    const std::string weights(16, 1);
    auto device = valueOf(Device::open(api, 1));
    std::unique_ptr<Executor> executor;
    {
      CurrentDevice current = valueOf(device->makeCurrent());
      Module module = valueOf(Module::load(device, {"sm_80", kPlanKernels}));
      executor = valueOf(Executor::create(device, plan, std::move(module), weights, options));
    }
    EXPECT_EQ(current(), own);
    std::vector<uint32_t> input(4 * 64), totals(64);
    testing::internal::CaptureStderr();
    EXPECT_FALSE(executor->run({64, input.data(), {totals.data()}}));
    testing::internal::GetCapturedStderr();
    EXPECT_EQ(current(), own);
    EXPECT_FALSE(executor->run({64, input.data(), {totals.data()}}));
    EXPECT_EQ(current(), own);
  }
  EXPECT_EQ(current(), own);
}

TEST_F(CUDAContext, ThreadsOfTheirOwn) {
  auto first = valueOf(Model::load(path, onGpu(0))), second = valueOf(Model::load(path, onGpu(1)));
  auto work = [&](std::unique_ptr<Model> &model) {
    for (int i = 0; i < 20; ++i)
      EXPECT_TRUE(runs(*model));
    EXPECT_EQ(current(), nullptr);
    model.reset();
    EXPECT_EQ(current(), nullptr);
  };
  std::thread one(work, std::ref(first)), two(work, std::ref(second));
  one.join();
  two.join();
  EXPECT_TRUE(isUnchanged());
}
