//===- Arena.cpp - Working memory of one image ----------------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Arena.h"
#include "stas/Support/Checked.h"
#include "stas/Support/Text.h"

#include <cstring>

using namespace stas;

AlignedMemory::AlignedMemory(uint64_t bytes)
    : memory(static_cast<char *>(std::aligned_alloc(
          kArenaAlignment,
          alignTo(bytes, kArenaAlignment) + kArenaSlack))) {}

Result<Arena> Arena::create(const Program &program) {
  Arena arena;
  arena.bytes = alignTo(program.arenaBytes, kArenaAlignment) + kArenaSlack;
  arena.memory = AlignedMemory(program.arenaBytes);
  if (!arena.memory)
    return makeError("not enough memory: an image needs ",
                     humanBytes(program.arenaBytes), " a thread; use fewer "
                     "threads");
  // A kernel may look at what the plan never wrote (padding, slack); it must
  // not depend on it, but it must find the same thing in every run.
  arena.fill(0);
  for (const ArgumentPlan &argument : program.arguments)
    // Kernels take all pointers alike; weights lie in pages that cannot be
    // written.
    arena.pointers.push_back(argument.weights
                                 ? const_cast<char *>(argument.weights)
                                 : arena.at(argument.offset));
  return arena;
}

void Arena::fill(int byte) { std::memset(memory.get(), byte, bytes); }
