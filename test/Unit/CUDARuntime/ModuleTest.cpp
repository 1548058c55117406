//===- ModuleTest.cpp - Kernels, loaded and launched ----------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CudaTest.h"

#include <numeric>

using namespace stas;
using namespace stas::cuda;

TEST(CUDAModule, TargetsAndArchitectures) {
  auto runs = [](const char *target, int architecture, bool isBinary = false) {
    return runsOn({target, "x", isBinary}, architecture);
  };
  EXPECT_TRUE(runs("sm_80", 80));
  EXPECT_TRUE(runs("sm_80", 90));
  EXPECT_FALSE(runs("sm_80", 75));
  EXPECT_TRUE(runs("sm_90a", 90));
  EXPECT_FALSE(runs("sm_90a", 100));
  EXPECT_FALSE(runs("sm_90b", 90));
  EXPECT_FALSE(runs("sm_", 90));
  EXPECT_FALSE(runs("gfx90", 90));
  // Machine code stays within its generation.
  EXPECT_TRUE(runs("sm_80", 86, true));
  EXPECT_FALSE(runs("sm_86", 80, true));
  EXPECT_FALSE(runs("sm_80", 90, true));
  EXPECT_TRUE(runs("sm_90a", 90, true));
}

/// Targets of the images that a GPU runs, in the order in which they are tried.
static std::string targetsFor(const std::vector<Image> &images, const char *architecture) {
  Variable variable("STAS_TEST_CUDA_ARCHITECTURE", architecture);
  Result<std::vector<const Image *>> usable = imagesFor(images, *openDevice());
  if (!usable)
    return usable.message();
  std::string text;
  for (const Image *image : *usable)
    text += image->target + (image->isBinary ? " binary " : " ");
  return text;
}

TEST(CUDAModule, TheLastImageThatRunsIsTaken) {
  const std::vector<Image> images = {{"sm_80", "x"}, {"sm_90a", "y"}, {"sm_80", "z", true}, {"sm_90a", "z", true}};
  EXPECT_EQ(targetsFor(images, "90"), "sm_90a binary sm_90a sm_80 ");
  EXPECT_EQ(targetsFor(images, "86"), "sm_80 binary sm_80 ");
  EXPECT_EQ(targetsFor(images, "100"), "sm_80 ");
  EXPECT_EQ(targetsFor(images, "75"), "CUDA: the GPU is too old, or of another kind: required one of sm_80, sm_90a or "
                                      "later, found PTX on the CPU, which is sm_75");
}

TEST(CUDAModule, LaunchesKernels) {
  auto device = openDevice();
  MemoryPool pool(device);
  Module module = valueOf(Module::load(device, {"sm_80", kKernels}));
  FunctionObject *add = valueOf(module.find("add", 0));
  EXPECT_EQ(valueOf(module.find("add", 0)), add);
  Stream stream = valueOf(Stream::create(device));
  DeviceMemory memory = valueOf(pool.allocate(400, "a test"));
  std::vector<uint32_t> words(100), expected(100);
  std::iota(words.begin(), words.end(), 7);
  std::iota(expected.begin(), expected.end(), 7 + 3 - 2);
  ASSERT_TRUE(stream.copyToDevice(memory.address(), words.data(), 400));
  Launch launch;
  launch.block[0] = 100;
  for (uint32_t number : {3u, ~0u - 1}) {
    Arguments arguments;
    arguments.add(memory.address());
    arguments.add(number);
    ASSERT_TRUE(Module::launch(stream, add, launch, arguments));
  }
  ASSERT_TRUE(stream.copyToHost(words.data(), memory.address(), 400));
  ASSERT_TRUE(stream.synchronize());
  EXPECT_EQ(words, expected);
}

TEST(CUDAModule, CodeThatIsNone) {
  auto device = openDevice();
  std::string head = ".target sm_80\n.address_size 64\n";
  EXPECT_EQ(messageOf(Module::load(device, {"sm_80", ".version 7.0\n" + head + ".entry k() {\nwhat; }"})),
            "CUDA: cannot load the kernels for sm_80: a PTX JIT compilation failed (CUDA_ERROR_INVALID_PTX 218); its "
            "compiler says: kernel 'k', line 5, what: an instruction that is not known here");
  EXPECT_EQ(
      messageOf(Module::load(device, {"sm_80", ".version 9.9\n" + head})),
      "CUDA: the driver is too old for the artifact's code: it is for CUDA 12.4 and does not know the code's version "
      "of PTX; update the NVIDIA driver");
  EXPECT_EQ(messageOf(Module::load(device, {"sm_100", ".version 8.0\n.target sm_100\n.address_size 64\n"})),
            "CUDA: cannot load the kernels for sm_100: no kernel image is available for execution on the device "
            "(CUDA_ERROR_NO_BINARY_FOR_GPU 209)");
}

TEST(CUDAModule, KernelsThatAreNot) {
  auto device = openDevice();
  Module module = valueOf(Module::load(device, {"sm_80", kKernels}));
  EXPECT_EQ(messageOf(module.find("none", 0)), "CUDA: the code has no kernel 'none', which the plan launches");
  EXPECT_EQ(
      messageOf(module.find("shared", 228 * 1024)),
      "CUDA: kernel 'shared': required 228.0 KiB of shared memory, found 227.0 KiB on PTX on the CPU; compile the "
      "model with --gpu=sm_86, whose kernels need at most 99 KiB");
}

/// What is said of one argument of 8 bytes, then numbers.
static std::string checkArguments(Module &module, const std::string &kernel, int addresses, int numbers) {
  Arguments arguments;
  for (int i = 0; i < addresses; ++i)
    arguments.add(DeviceAddress(0));
  for (int i = 0; i < numbers; ++i)
    arguments.add(uint32_t(0));
  return messageOf(module.checkParameters(valueOf(module.find(kernel, 0)), kernel, arguments));
}

TEST(CUDAModule, ArgumentsThatAreNotTheParameters) {
  auto device = openDevice();
  Module module = valueOf(Module::load(device, {"sm_80", kKernels}));
  const std::string other = ": the plan is not that of this code; copy or compile the artifact again";
  EXPECT_EQ(checkArguments(module, "add", 1, 1), "");
  EXPECT_EQ(checkArguments(module, "shared", 0, 0), "");
  EXPECT_EQ(checkArguments(module, "add", 1, 0), "CUDA: kernel 'add': required more than 1 arguments, found 1" + other);
  EXPECT_EQ(checkArguments(module, "add", 0, 0), "CUDA: kernel 'add': required more than 0 arguments, found 0" + other);
  EXPECT_EQ(checkArguments(module, "add", 1, 2), "CUDA: kernel 'add': required 2 arguments, found 3" + other);
  EXPECT_EQ(checkArguments(module, "shared", 0, 1), "CUDA: kernel 'shared': required 0 arguments, found 1" + other);
  EXPECT_EQ(checkArguments(module, "add", 2, 0),
            "CUDA: kernel 'add': argument 1: required 4 B at 8, found 8 B at 8" + other);
  EXPECT_EQ(checkArguments(module, "add", 0, 2),
            "CUDA: kernel 'add': argument 0: required 8 B at 0, found 4 B at 0" + other);
}

TEST(CUDAModule, ArgumentsOfADriverThatKnowsNoParameters) {
  auto device = openDevice(STAS_TEST_OLDER_CUDA_DRIVER);
  Module module = valueOf(Module::load(device, {"sm_80", kKernels}));
  EXPECT_EQ(checkArguments(module, "add", 1, 0), "");
  Stream stream = valueOf(Stream::create(device));
  const std::string refused = "CUDA: cannot launch a kernel: invalid argument (CUDA_ERROR_INVALID_VALUE 1)";
  for (int numbers : {0, 2}) {
    Arguments arguments;
    arguments.add(DeviceAddress(0));
    for (int i = 0; i < numbers; ++i)
      arguments.add(uint32_t(0));
    EXPECT_EQ(messageOf(Module::launch(stream, valueOf(module.find("add", 0)), {}, arguments)), refused);
  }
  Arguments none;
  EXPECT_TRUE(Module::launch(stream, valueOf(module.find("shared", 1024)), {{1, 1, 1}, {1, 1, 1}, 1024}, none));
  EXPECT_TRUE(stream.synchronize());
}

TEST(CUDAModule, MuchSharedMemoryIsAskedFor) {
  auto device = openDevice();
  Module module = valueOf(Module::load(device, {"sm_80", kKernels}));
  Stream stream = valueOf(Stream::create(device));
  Launch launch;
  launch.dynamicShared = 200 * 1024;
  Arguments none;
  FunctionObject *kernel = valueOf(module.find("shared", 1024));
  EXPECT_EQ(messageOf(Module::launch(stream, kernel, launch, none)),
            "CUDA: cannot launch a kernel: invalid argument (CUDA_ERROR_INVALID_VALUE 1)");
  EXPECT_EQ(valueOf(module.find("shared", 200 * 1024)), kernel);
  EXPECT_TRUE(Module::launch(stream, kernel, launch, none));
  // Less does not take it away again.
  EXPECT_EQ(valueOf(module.find("shared", 100 * 1024)), kernel);
  EXPECT_TRUE(Module::launch(stream, kernel, launch, none));
  EXPECT_TRUE(stream.synchronize());
}

TEST(CUDAModule, AFaultIsAnErrorOfAllThatComesAfter) {
  const std::string lost = "unspecified launch failure (CUDA_ERROR_LAUNCH_FAILED 719)";
  {
    auto device = openDevice();
    Module module = valueOf(Module::load(device, {"sm_80", kKernels}));
    Stream stream = valueOf(Stream::create(device)), other = valueOf(Stream::create(device));
    Arguments none;
    EXPECT_TRUE(Module::launch(stream, valueOf(module.find("fault", 0)), {}, none));
    testing::internal::CaptureStderr();
    EXPECT_EQ(messageOf(stream.synchronize()), "CUDA: cannot finish the work on the GPU: " + lost);
    EXPECT_NE(testing::internal::GetCapturedStderr().find("kernel 'fault', line 12, ld.global.b32: 4 bytes at 0x0"),
              std::string::npos);
    EXPECT_EQ(messageOf(other.synchronize()), "CUDA: cannot finish the work on the GPU: " + lost);
  }
  // Whoever starts anew has a device again.
  auto device = openDevice();
  EXPECT_TRUE(valueOf(Stream::create(device)).synchronize());
}
