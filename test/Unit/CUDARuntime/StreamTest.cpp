//===- StreamTest.cpp - Streams, events and graphs ------------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CudaTest.h"

#include <thread>

using namespace stas;
using namespace stas::cuda;

namespace {
/// A word on the device, and one on the host that the device reaches.
struct CUDAStream : testing::Test {
  std::shared_ptr<const Device> device = openDevice();
  MemoryPool pool{device};
  Module module = valueOf(Module::load(device, {"sm_80", kKernels}));
  Stream first = valueOf(Stream::create(device)), second = valueOf(Stream::create(device));
  DeviceMemory memory = valueOf(pool.allocate(4, "a test"));
  PinnedMemory pinned = valueOf(PinnedMemory::allocate(device, 4, "a test"));

  uint32_t &word() { return *reinterpret_cast<uint32_t *>(pinned.get()); }
  void add(Stream &stream, uint32_t number) {
    Arguments arguments;
    arguments.add(memory.address());
    arguments.add(number);
    EXPECT_TRUE(Module::launch(stream, valueOf(module.find("add", 0)), {}, arguments));
  }
  uint32_t read() {
    uint32_t value = 0;
    EXPECT_TRUE(first.copyToHost(&value, memory.address(), 4));
    return value;
  }
};
} // namespace

TEST_F(CUDAStream, WorkIsDoneWhenItIsWaitedFor) {
  word() = 5;
  ASSERT_TRUE(first.copyToDevice(memory.address(), &word(), 4));
  add(first, 2);
  ASSERT_TRUE(first.copyToHost(&word(), memory.address(), 4));
  // A driver may not have begun: neither has this one, so that who does not wait is found.
  word() = 30;
  EXPECT_EQ(word(), 30u);
  ASSERT_TRUE(first.synchronize());
  EXPECT_EQ(word(), 32u);
}

TEST_F(CUDAStream, MemoryThatIsNotPinnedIsTakenAtOnce) {
  uint32_t value = 5;
  ASSERT_TRUE(first.copyToDevice(memory.address(), &value, 4));
  value = 6;
  EXPECT_EQ(read(), 5u);
}

TEST_F(CUDAStream, FillsAndCopiesOnTheDevice) {
  DeviceMemory other = valueOf(pool.allocate(4, "a test"));
  ASSERT_TRUE(first.fill(other.address(), 0x12, 4));
  ASSERT_TRUE(first.copyOnDevice(memory.address(), other.address(), 4));
  EXPECT_EQ(read(), 0x12121212u);
}

TEST_F(CUDAStream, CopiesOutOfBoundsAreRefused) {
  const std::string invalid = ": invalid argument (CUDA_ERROR_INVALID_VALUE 1)";
  std::vector<char> bytes(1000);
  EXPECT_EQ(messageOf(first.copyToDevice(memory.address(), bytes.data(), 1000)),
            "CUDA: cannot copy to the GPU" + invalid);
  EXPECT_EQ(messageOf(first.copyToHost(bytes.data(), memory.address(), 1000)),
            "CUDA: cannot copy from the GPU" + invalid);
  EXPECT_EQ(messageOf(first.copyOnDevice(memory.address(), 4096, 4)), "CUDA: cannot copy on the GPU" + invalid);
  EXPECT_EQ(messageOf(first.fill(memory.address(), 0, 1000)), "CUDA: cannot fill memory of the GPU" + invalid);
}

TEST_F(CUDAStream, EventsOrderStreams) {
  Event event = valueOf(Event::create(device));
  ASSERT_TRUE(first.fill(memory.address(), 0, 4));
  add(first, 10);
  ASSERT_TRUE(event.record(first));
  add(first, 100);
  ASSERT_TRUE(second.wait(event));
  ASSERT_TRUE(second.copyToHost(&word(), memory.address(), 4));
  ASSERT_TRUE(second.synchronize());
  EXPECT_EQ(word(), 10u);
  EXPECT_EQ(read(), 110u);
}

TEST_F(CUDAStream, EventsMeasureTime) {
  Event start = valueOf(Event::create(device, true)), end = valueOf(Event::create(device, true));
  Event untimed = valueOf(Event::create(device));
  ASSERT_TRUE(start.record(first));
  ASSERT_TRUE(first.fill(memory.address(), 0, 4));
  ASSERT_TRUE(end.record(first));
  EXPECT_EQ(messageOf(end.millisecondsSince(start)).find("CUDA: cannot measure a time: "), 0u);
  ASSERT_TRUE(end.synchronize());
  EXPECT_GE(valueOf(end.millisecondsSince(start)), 0.0f);
  EXPECT_EQ(messageOf(end.millisecondsSince(untimed)),
            "CUDA: cannot measure a time: invalid resource handle (CUDA_ERROR_INVALID_HANDLE 400)");
}

TEST_F(CUDAStream, AGraphDoesWhatWasCaptured) {
  ASSERT_TRUE(first.fill(memory.address(), 0, 4));
  Graph graph = valueOf(Graph::capture(first, [&] {
    add(first, 1);
    add(first, 4);
    return Status();
  }));
  EXPECT_EQ(read(), 0u);
  for (int i = 0; i < 3; ++i)
    ASSERT_TRUE(first.launch(graph));
  EXPECT_EQ(read(), 15u);
}

TEST_F(CUDAStream, AGraphHasTheWorkOfSeveralStreams) {
  Event fork = valueOf(Event::create(device)), join = valueOf(Event::create(device));
  ASSERT_TRUE(first.fill(memory.address(), 0, 4));
  auto work = [&](bool joins) {
    return Graph::capture(first, [&]() -> Status {
      add(first, 1);
      EXPECT_TRUE(fork.record(first));
      EXPECT_TRUE(second.wait(fork));
      add(second, 10);
      if (joins) {
        EXPECT_TRUE(join.record(second));
        EXPECT_TRUE(first.wait(join));
      }
      return {};
    });
  };
  EXPECT_EQ(
      messageOf(work(false)),
      "CUDA: cannot capture a graph: capturing stream has unjoined work (CUDA_ERROR_STREAM_CAPTURE_UNJOINED 904)");
  Graph graph = valueOf(work(true));
  ASSERT_TRUE(first.launch(graph));
  EXPECT_EQ(read(), 11u);
}

TEST_F(CUDAStream, CapturesThatFail) {
  EXPECT_EQ(messageOf(Graph::capture(first, [&] { return Status(makeError("no")); })), "no");
  // The stream is of use again.
  ASSERT_TRUE(first.fill(memory.address(), 1, 4));
  EXPECT_EQ(read(), 0x01010101u);
  EXPECT_EQ(messageOf(Graph::capture(first, [&] { return first.synchronize(); })),
            "CUDA: cannot finish the work on the GPU: operation not permitted when stream is capturing "
            "(CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED 900)");
  Result<Graph> nested = Graph::capture(first, [&]() -> Status {
    Result<Graph> inner = Graph::capture(first, [] { return Status(); });
    return inner ? Status() : inner.error();
  });
  EXPECT_EQ(messageOf(nested), "CUDA: cannot capture a graph: invalid argument (CUDA_ERROR_INVALID_VALUE 1)");
}

TEST_F(CUDAStream, WhatACaptureForbids) {
  const std::string unsupported =
      ": operation not permitted when stream is capturing (CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED 900)";
  // Memory that is not pinned.
  uint32_t value = 0;
  EXPECT_EQ(messageOf(Graph::capture(first, [&] { return first.copyToDevice(memory.address(), &value, 4); })),
            "CUDA: cannot copy to the GPU" + unsupported);
  EXPECT_EQ(messageOf(Graph::capture(first, [&] { return first.copyToHost(&value, memory.address(), 4); })),
            "CUDA: cannot copy from the GPU" + unsupported);
  // What is not work of a stream: who goes on in spite of the error has no graph.
  EXPECT_EQ(messageOf(Graph::capture(first,
                                     [&] {
                                       add(first, 1);
                                       EXPECT_EQ(messageOf(pool.allocate(1 << 20, "a test")),
                                                 "CUDA: cannot allocate memory for a test" + unsupported);
                                       return Status();
                                     })),
            "CUDA: cannot capture a graph: operation failed due to a previous error during capture "
            "(CUDA_ERROR_STREAM_CAPTURE_INVALIDATED 901)");
  EXPECT_EQ(messageOf(Graph::capture(first,
                                     [&]() -> Status {
                                       Result<Module> other = Module::load(device, {"sm_80", kKernels});
                                       return other ? Status() : other.error();
                                     })),
            "CUDA: cannot load the kernels for sm_80" + unsupported);
  // Another thread may.
  Graph graph = valueOf(Graph::capture(first, [&] {
    std::thread([&] {
      CurrentDevice current = valueOf(device->makeCurrent());
      valueOf(pool.allocate(2 << 20, "a test"));
    }).join();
    add(first, 1);
    return Status();
  }));
  ASSERT_TRUE(first.fill(memory.address(), 0, 4));
  ASSERT_TRUE(first.launch(graph));
  EXPECT_EQ(read(), 1u);
}

TEST_F(CUDAStream, ThreadsThatHaveNoDevice) {
  const std::string invalid = ": invalid device context (CUDA_ERROR_INVALID_CONTEXT 201)";
  std::thread([&] {
    EXPECT_EQ(messageOf(Stream::create(device)), "CUDA: cannot make a stream" + invalid);
    EXPECT_EQ(messageOf(first.fill(memory.address(), 0, 4)), "CUDA: cannot fill memory of the GPU" + invalid);
    EXPECT_EQ(messageOf(first.synchronize()), "CUDA: cannot finish the work on the GPU" + invalid);
    EXPECT_EQ(messageOf(module.find("add", 0)), "CUDA: cannot find the kernel 'add'" + invalid);
    CurrentDevice current = valueOf(device->makeCurrent());
    EXPECT_TRUE(first.synchronize());
  }).join();
}
