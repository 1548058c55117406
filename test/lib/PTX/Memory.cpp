//===- Memory.cpp - The global memory of a device -------------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Memory.h"

#include <cstdlib>
#include <cstring>

using namespace stas::ptx;

void Memory::Release::operator()(uint8_t *bytes) const { std::free(bytes); }

uint64_t Memory::allocate(uint64_t bytes) {
  // What is beyond the end belongs to nobody, so that it is found.
  uint64_t padded = (bytes + 2 * kAllocationAlignment - 1) / kAllocationAlignment * kAllocationAlignment;
  if (bytes == 0 || padded < bytes)
    return 0;
  std::unique_ptr<uint8_t, Release> memory(static_cast<uint8_t *>(std::aligned_alloc(kAllocationAlignment, padded)));
  if (!memory)
    return 0;
  std::memset(memory.get(), kPattern, padded);
  auto address = reinterpret_cast<uint64_t>(memory.get());
  std::lock_guard<std::mutex> lock(mutex);
  allocations[address] = {std::move(memory), bytes};
  return address;
}

bool Memory::free(uint64_t address) {
  std::lock_guard<std::mutex> lock(mutex);
  return allocations.erase(address) == 1;
}

bool Memory::contains(uint64_t address, uint64_t bytes) const {
  std::lock_guard<std::mutex> lock(mutex);
  auto after = allocations.upper_bound(address);
  if (after == allocations.begin())
    return false;
  const auto &[begin, allocation] = *std::prev(after);
  return address - begin <= allocation.size && bytes <= allocation.size - (address - begin);
}

std::vector<Memory::Range> Memory::ranges() const {
  std::lock_guard<std::mutex> lock(mutex);
  std::vector<Range> result;
  for (const auto &[begin, allocation] : allocations)
    result.push_back({begin, begin + allocation.size});
  return result;
}

uint64_t Memory::bytesInUse() const {
  std::lock_guard<std::mutex> lock(mutex);
  uint64_t sum = 0;
  for (const auto &[begin, allocation] : allocations)
    sum += allocation.size;
  return sum;
}
