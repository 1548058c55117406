//===- Arena.h - Working memory of one image --------------------*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef STAS_LIB_RUNTIME_CPU_ARENA_H
#define STAS_LIB_RUNTIME_CPU_ARENA_H

#include "Program.h"

#include <cstdlib>
#include <memory>

namespace stas {

/// Memory aligned for vectors, with slack after its end; null where there is
/// not enough.
class AlignedMemory {
public:
  AlignedMemory() = default;
  explicit AlignedMemory(uint64_t bytes);
  char *get() const { return memory.get(); }
  explicit operator bool() const { return memory != nullptr; }

private:
  struct Free {
    void operator()(char *memory) const { std::free(memory); }
  };
  std::unique_ptr<char, Free> memory;
};

/// The buffers of one image, and the arguments of all launches that point into
/// them.
class Arena {
public:
  static Result<Arena> create(const Program &program);

  char *at(uint64_t offset) const { return memory.get() + offset; }
  void *const *arguments(const LaunchPlan &launch) const {
    return pointers.data() + launch.firstArgument;
  }
  void fill(int byte);

private:
  AlignedMemory memory;
  uint64_t bytes = 0;
  std::vector<void *> pointers;
};

} // namespace stas

#endif // STAS_LIB_RUNTIME_CPU_ARENA_H
