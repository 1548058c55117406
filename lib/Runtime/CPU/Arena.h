//===- Arena.h - Working memory of images -----------------------*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef STAS_LIB_RUNTIME_CPU_ARENA_H
#define STAS_LIB_RUNTIME_CPU_ARENA_H

#include "Program.h"

#include <utility>

namespace stas {

/// Memory that starts at a page, with slack after its end, zero until it is
/// written; null where there is not enough. Pages that nobody touches cost
/// nothing.
class WorkMemory {
public:
  WorkMemory() = default;
  explicit WorkMemory(uint64_t bytes);
  WorkMemory(WorkMemory &&other) noexcept { *this = std::move(other); }
  WorkMemory &operator=(WorkMemory &&other) noexcept;
  WorkMemory(const WorkMemory &) = delete;
  WorkMemory &operator=(const WorkMemory &) = delete;
  ~WorkMemory();

  char *get() const { return memory; }
  uint64_t size() const { return length; }
  explicit operator bool() const { return memory != nullptr; }

private:
  char *memory = nullptr;
  uint64_t length = 0;
};

/// The buffers of the images that a thread computes together, at a distance of
/// Program::arenaStride(), and the arguments of all launches that point into
/// them.
class Arena {
public:
  static Result<Arena> create(const Program &program);

  char *at(int image, uint64_t offset) const { return memory.get() + image * stride + offset; }
  void *const *arguments(int image, const LaunchPlan &launch) const {
    return pointers.data() + image * count + launch.firstArgument;
  }
  void fill(int byte);

private:
  WorkMemory memory;
  uint64_t stride = 0;
  size_t count = 0; ///< Arguments of an image.
  std::vector<void *> pointers;
};

} // namespace stas

#endif // STAS_LIB_RUNTIME_CPU_ARENA_H
