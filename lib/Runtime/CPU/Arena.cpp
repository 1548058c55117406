//===- Arena.cpp - Working memory of images -------------------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Arena.h"
#include "stas/Support/Checked.h"
#include "stas/Support/Text.h"

#include <cstring>
#include <sys/mman.h>

using namespace stas;

WorkMemory::WorkMemory(uint64_t bytes) {
  length = alignTo(bytes, kArenaAlignment) + kArenaSlack;
  void *address = mmap(nullptr, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (address == MAP_FAILED) {
    length = 0;
    return;
  }
  memory = static_cast<char *>(address);
  // Fewer entries in the address translation buffers; a hint, whose refusal
  // changes nothing.
  constexpr uint64_t kHugePage = 2 << 20;
  if (length >= kHugePage)
    (void)madvise(address, length, MADV_HUGEPAGE);
}

WorkMemory &WorkMemory::operator=(WorkMemory &&other) noexcept {
  std::swap(memory, other.memory);
  std::swap(length, other.length);
  return *this;
}

WorkMemory::~WorkMemory() {
  if (memory)
    munmap(memory, length);
}

Result<Arena> Arena::create(const Program &program) {
  Arena arena;
  arena.stride = program.arenaStride();
  arena.count = program.arguments.size();
  arena.memory = WorkMemory(program.imagesTogether * arena.stride);
  if (!arena.memory)
    return makeError("not enough memory: ",
                     program.imagesTogether == 1 ? "an image needs " : "images that are computed together need ",
                     humanBytes(program.imagesTogether * arena.stride), " a thread; use fewer threads");
  for (int image = 0; image < program.imagesTogether; ++image)
    for (const ArgumentPlan &argument : program.arguments)
      // Kernels take all pointers alike; weights lie in pages that cannot be
      // written.
      arena.pointers.push_back(argument.weights ? const_cast<char *>(argument.weights)
                                                : arena.at(image, argument.offset));
  return arena;
}

void Arena::fill(int byte) { std::memset(memory.get(), byte, memory.size()); }
