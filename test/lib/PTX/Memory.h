//===- Memory.h - The global memory of a device -----------------*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef STAS_TEST_LIB_PTX_MEMORY_H
#define STAS_TEST_LIB_PTX_MEMORY_H

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

namespace stas {
namespace ptx {

/// What memory holds that nobody wrote: global and shared memory, registers,
/// and the destination of a copy that nobody waited for.
inline constexpr uint8_t kPattern = 0xa5;

/// Where global allocations start, as the driver aligns them.
inline constexpr uint64_t kAllocationAlignment = 256;

/// The allocations of a device. Addresses are those of this process, so that
/// the host may read them directly. May be used from several threads.
class Memory {
public:
  struct Range {
    uint64_t begin, end;
  };

  /// Memory filled with kPattern, with room around it that belongs to no
  /// allocation. 0 where there is not as much. bytes: at least 1.
  uint64_t allocate(uint64_t bytes);
  /// False where no allocation starts at the address.
  bool free(uint64_t address);
  /// Whether all bytes are in one allocation.
  bool contains(uint64_t address, uint64_t bytes) const;
  /// All allocations in the order of their addresses.
  std::vector<Range> ranges() const;
  uint64_t bytesInUse() const;

private:
  struct Release {
    void operator()(uint8_t *bytes) const;
  };
  struct Allocation {
    std::unique_ptr<uint8_t, Release> bytes;
    uint64_t size;
  };
  mutable std::mutex mutex;
  std::map<uint64_t, Allocation> allocations;
};

} // namespace ptx
} // namespace stas

#endif // STAS_TEST_LIB_PTX_MEMORY_H
