//===- CudaTest.h - A device for tests --------------------------*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef STAS_TEST_UNIT_CUDARUNTIME_CUDATEST_H
#define STAS_TEST_UNIT_CUDARUNTIME_CUDATEST_H

#include "lib/Runtime/CUDA/Memory.h"
#include "lib/Runtime/CUDA/Module.h"
#include "gtest/gtest.h"

#include <cstdlib>

namespace stas {
namespace cuda {

/// Sets a variable of the environment while it lives.
class Variable {
public:
  Variable(const char *name, const std::string &value) : name(name) { setenv(name, value.c_str(), 1); }
  ~Variable() { unsetenv(name); }
  Variable(const Variable &) = delete;
  Variable &operator=(const Variable &) = delete;

private:
  const char *name;
};

inline std::string loadError(const std::string &library = STAS_TEST_CUDA_DRIVER) {
  Result<std::shared_ptr<const Driver>> driver = Driver::load(library);
  return driver ? "" : driver.message();
}

template <typename T> T valueOf(Result<T> result) {
  EXPECT_TRUE(result) << (result ? "" : result.message());
  return std::move(*result);
}

inline std::string messageOf(const Status &status) { return status ? "" : status.message(); }
template <typename T> std::string messageOf(const Result<T> &result) { return result ? "" : result.message(); }

/// The device of a library that runs PTX on the CPU, current until nobody has it.
inline std::shared_ptr<const Device> openDevice(const std::string &library = STAS_TEST_CUDA_DRIVER) {
  struct Opened {
    std::shared_ptr<const Device> device;
    CurrentDevice current;
  };
  auto opened = std::make_shared<Opened>();
  opened->device = valueOf(Device::open(valueOf(Driver::load(library))));
  opened->current = valueOf(opened->device->makeCurrent());
  return {opened, opened->device.get()};
}

/// Kernels: `add(memory, number)` adds a number to each thread's word, `fault()` reads address 0, `shared()` uses
/// dynamic shared memory.
inline const char kKernels[] = R"(
.version 7.0
.target sm_80
.address_size 64
.extern .shared .align 16 .b8 stas_shared[];
.visible .entry add(.param .u64 memory, .param .u32 number)
{
  .reg .b32 %r<4>; .reg .b64 %rd<4>;
  ld.param.b64 %rd1, [memory]; ld.param.b32 %r1, [number]; mov.u32 %r2, %tid.x; mul.wide.u32 %rd2, %r2, 4;
  add.s64 %rd1, %rd1, %rd2; ld.global.b32 %r3, [%rd1]; add.s32 %r3, %r3, %r1; st.global.b32 [%rd1], %r3; ret;
}
.visible .entry fault() { .reg .b32 %r; ld.global.b32 %r, [0]; ret; }
.visible .entry shared() { .reg .b32 %r; mov.b32 %r, stas_shared; st.shared.b32 [%r], 5; ret; }
)";

} // namespace cuda
} // namespace stas

#endif // STAS_TEST_UNIT_CUDARUNTIME_CUDATEST_H
