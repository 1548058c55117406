//===- MemoryTest.cpp - Memory of a GPU -----------------------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CudaTest.h"
#include "lib/Runtime/CUDA/Plan.h"

#include <thread>

using namespace stas;
using namespace stas::cuda;

TEST(CUDAMemory, IsKeptAndUsedAgain) {
  MemoryPool pool(openDevice());
  DeviceAddress first = 0;
  {
    DeviceMemory memory = valueOf(pool.allocate(1000, "a test"));
    first = memory.address();
    EXPECT_EQ(first % kBlockAlignment, 0u);
    EXPECT_EQ(memory.size(), 1000u);
    EXPECT_EQ(pool.usedBytes(), 1000u);
    EXPECT_EQ(pool.keptBytes(), 0u);
    DeviceMemory moved = std::move(memory);
    EXPECT_EQ(moved.address(), first);
  }
  EXPECT_EQ(pool.usedBytes(), 0u);
  EXPECT_EQ(pool.keptBytes(), 1000u);
  // One that fits is taken, one of many times the size is not.
  EXPECT_EQ(valueOf(pool.allocate(900, "a test")).address(), first);
  EXPECT_EQ(valueOf(pool.allocate(513, "a test")).address(), first);
  EXPECT_NE(valueOf(pool.allocate(256, "a test")).address(), first);
  EXPECT_NE(valueOf(pool.allocate(1025, "a test")).address(), first);
  EXPECT_EQ(pool.keptBytes(), 1000u + 256 + 1025);
  pool.releaseUnused();
  EXPECT_EQ(pool.keptBytes(), 0u);
}

TEST(CUDAMemory, NoBytesHaveAnAddress) {
  MemoryPool pool(openDevice());
  EXPECT_NE(valueOf(pool.allocate(0, "a test")).address(), 0u);
}

TEST(CUDAMemory, Shortage) {
  Variable bytes("STAS_TEST_CUDA_MEMORY", std::to_string(1 << 20));
  MemoryPool pool(openDevice());
  {
    DeviceMemory half = valueOf(pool.allocate(1 << 19, "a test"));
    EXPECT_EQ(
        messageOf(pool.allocate((1 << 19) + 1, "the weights")),
        "CUDA: not enough memory for the weights: required 512.0 KiB, found 512.0 KiB free of the 1.0 MiB of PTX on "
        "the CPU; end other programs on the GPU, or take another by --gpu");
  }
  // What is kept is given up for who needs it.
  EXPECT_EQ(pool.keptBytes(), 1u << 19);
  DeviceMemory most = valueOf(pool.allocate(1 << 20, "a test"));
  EXPECT_EQ(pool.keptBytes(), 0u);
  EXPECT_EQ(
      messageOf(pool.allocate(uint64_t(1) << 60, "a batch")).find("CUDA: not enough memory for a batch: required"), 0u);
  EXPECT_EQ(messageOf(pool.allocate(~uint64_t(0), "a batch")).find("CUDA: not enough memory for a batch: required"),
            0u);
}

TEST(CUDAMemory, ThreadsThatHaveNoDevice) {
  auto device = openDevice();
  MemoryPool pool(device);
  std::thread([&] {
    EXPECT_EQ(messageOf(pool.allocate(1, "a test")),
              "CUDA: cannot allocate memory for a test: invalid device context (CUDA_ERROR_INVALID_CONTEXT 201)");
    EXPECT_EQ(messageOf(PinnedMemory::allocate(device, 1, "a test")),
              "CUDA: cannot allocate memory of the host for a test: invalid device context "
              "(CUDA_ERROR_INVALID_CONTEXT 201)");
  }).join();
}

TEST(CUDAMemory, OfTheHost) {
  auto device = openDevice();
  PinnedMemory memory = valueOf(PinnedMemory::allocate(device, 100, "images"));
  memory.get()[99] = 1;
  EXPECT_EQ(memory.size(), 100u);
  PinnedMemory moved = std::move(memory);
  EXPECT_EQ(moved.get()[99], 1);
  EXPECT_EQ(messageOf(PinnedMemory::allocate(device, uint64_t(1) << 60, "images")),
            "CUDA: not enough memory of the host for images: required 1.0 EiB that stay in place");
}
