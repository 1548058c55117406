//===- Memory.cpp - Memory of a GPU, and memory that it can reach ---------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Memory.h"
#include "stas/Support/Text.h"

#include <algorithm>
#include <utility>

using namespace stas;
using namespace stas::cuda;

DeviceMemory &DeviceMemory::operator=(DeviceMemory &&other) noexcept {
  std::swap(pool, other.pool);
  std::swap(start, other.start);
  std::swap(bytes, other.bytes);
  return *this;
}

DeviceMemory::~DeviceMemory() {
  if (pool)
    pool->giveBack(start, bytes);
}

Result<DeviceMemory> MemoryPool::allocate(uint64_t bytes, const std::string &what) {
  uint64_t size = std::max<uint64_t>(bytes, 1);
  const Driver &driver = device->driver();
  auto shortage = [&] {
    return makeError("CUDA: not enough memory for ", what, ": required ", humanBytes(bytes), ", found ",
                     humanBytes(device->freeBytes()), " free of the ", humanBytes(device->memoryBytes()), " of ",
                     device->name(), "; end other programs on the GPU, or take another by --gpu");
  };
  if (size > device->memoryBytes())
    return shortage();
  std::unique_lock<std::mutex> lock(mutex);
  // Not one of many times the size: it would be missing where it fits.
  auto kept = unused.lower_bound(size);
  if (kept != unused.end() && kept->first / 2 <= size) {
    DeviceMemory memory(this, kept->second, kept->first);
    used += kept->first;
    unused.erase(kept);
    return memory;
  }
  DeviceAddress start = 0;
  DriverResult code = driver.memAlloc(&start, size);
  if (code == kOutOfMemory && !unused.empty()) {
    lock.unlock();
    releaseUnused();
    lock.lock();
    code = driver.memAlloc(&start, size);
  }
  if (code == kOutOfMemory)
    return shortage();
  if (Status status = driver.check(code, "allocate memory for " + what); !status)
    return status.error();
  used += size;
  return DeviceMemory(this, start, size);
}

void MemoryPool::giveBack(DeviceAddress start, uint64_t bytes) {
  std::lock_guard<std::mutex> lock(mutex);
  used -= bytes;
  unused.emplace(bytes, start);
}

void MemoryPool::releaseUnused() {
  std::lock_guard<std::mutex> lock(mutex);
  for (const auto &[bytes, start] : unused)
    device->driver().memFree(start);
  unused.clear();
}

uint64_t MemoryPool::usedBytes() const {
  std::lock_guard<std::mutex> lock(mutex);
  return used;
}

uint64_t MemoryPool::keptBytes() const {
  std::lock_guard<std::mutex> lock(mutex);
  uint64_t sum = 0;
  for (const auto &[bytes, start] : unused)
    sum += bytes;
  return sum;
}

Result<PinnedMemory> PinnedMemory::allocate(std::shared_ptr<const Device> device, uint64_t bytes,
                                            const std::string &what) {
  void *memory = nullptr;
  DriverResult code = device->driver().memHostAlloc(&memory, std::max<uint64_t>(bytes, 1), kHostAllocPortable);
  if (code == kOutOfMemory)
    return makeError("CUDA: not enough memory of the host for ", what, ": required ", humanBytes(bytes),
                     " that stay in place");
  if (Status status = device->driver().check(code, "allocate memory of the host for " + what); !status)
    return status.error();
  PinnedMemory result;
  result.device = std::move(device);
  result.memory = static_cast<char *>(memory);
  result.bytes = bytes;
  return result;
}

PinnedMemory &PinnedMemory::operator=(PinnedMemory &&other) noexcept {
  std::swap(device, other.device);
  std::swap(memory, other.memory);
  std::swap(bytes, other.bytes);
  return *this;
}

PinnedMemory::~PinnedMemory() {
  if (memory)
    device->driver().memFreeHost(memory);
}
