//===- Memory.h - Memory of a GPU, and memory that it can reach -*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef STAS_LIB_RUNTIME_CUDA_MEMORY_H
#define STAS_LIB_RUNTIME_CUDA_MEMORY_H

#include "Device.h"

#include <map>
#include <mutex>

namespace stas {
namespace cuda {

class MemoryPool;

/// Memory of a GPU, which goes back to its pool.
class DeviceMemory {
public:
  DeviceMemory() = default;
  DeviceMemory(DeviceMemory &&other) noexcept { *this = std::move(other); }
  DeviceMemory &operator=(DeviceMemory &&other) noexcept;
  DeviceMemory(const DeviceMemory &) = delete;
  DeviceMemory &operator=(const DeviceMemory &) = delete;
  ~DeviceMemory();

  DeviceAddress address() const { return start; }
  uint64_t size() const { return bytes; }

private:
  friend class MemoryPool;
  DeviceMemory(MemoryPool *pool, DeviceAddress start, uint64_t bytes) : pool(pool), start(start), bytes(bytes) {}
  MemoryPool *pool = nullptr;
  DeviceAddress start = 0;
  uint64_t bytes = 0;
};

/// Keeps what was given back for the next who asks, since the driver takes long
/// to allocate and stops the device to free. Who gives memory back must have
/// waited for all work on it. Outlives its memory. For several threads; each
/// must have made the device current.
class MemoryPool {
public:
  explicit MemoryPool(std::shared_ptr<const Device> device) : device(std::move(device)) {}
  MemoryPool(const MemoryPool &) = delete;
  MemoryPool &operator=(const MemoryPool &) = delete;
  ~MemoryPool() { releaseUnused(); }

  /// bytes: any number; what is there is undefined. Fails where the GPU has not
  /// as much left, even without what is kept. what: for the error.
  Result<DeviceMemory> allocate(uint64_t bytes, const std::string &what);

  /// Gives the driver back what nobody uses.
  void releaseUnused();
  uint64_t usedBytes() const;
  uint64_t keptBytes() const;

private:
  friend class DeviceMemory;
  void giveBack(DeviceAddress start, uint64_t bytes);

  std::shared_ptr<const Device> device;
  mutable std::mutex mutex;
  std::multimap<uint64_t, DeviceAddress> unused; ///< By size.
  uint64_t used = 0;
};

/// Memory of the host that the GPU reads and writes by itself, so that copies
/// run beside the program.
class PinnedMemory {
public:
  static Result<PinnedMemory> allocate(std::shared_ptr<const Device> device, uint64_t bytes, const std::string &what);

  PinnedMemory() = default;
  PinnedMemory(PinnedMemory &&other) noexcept { *this = std::move(other); }
  PinnedMemory &operator=(PinnedMemory &&other) noexcept;
  PinnedMemory(const PinnedMemory &) = delete;
  PinnedMemory &operator=(const PinnedMemory &) = delete;
  ~PinnedMemory();

  char *get() const { return memory; }
  uint64_t size() const { return bytes; }

private:
  std::shared_ptr<const Device> device;
  char *memory = nullptr;
  uint64_t bytes = 0;
};

} // namespace cuda
} // namespace stas

#endif // STAS_LIB_RUNTIME_CUDA_MEMORY_H
