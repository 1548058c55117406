//===- SharedMemory.h - The shared memory of a block ------------*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Bytes, asynchronous copies into them, and who touched each byte last, so that
// two threads that touch a byte with no barrier in between, one of them writing,
// are found whatever the values were.
//
// An asynchronous copy shows itself at its worst: its destination is filled
// with kPattern when it is issued, and has the data when it is waited for.
//
//===----------------------------------------------------------------------===//

#ifndef STAS_TEST_LIB_PTX_SHAREDMEMORY_H
#define STAS_TEST_LIB_PTX_SHAREDMEMORY_H

#include <cstdint>
#include <deque>
#include <string>
#include <vector>

namespace stas {
namespace ptx {

enum class Access : uint32_t { Read, Write, Atomic };

class SharedMemory {
public:
  SharedMemory(uint64_t bytes, unsigned threads, bool findRaces);

  /// Forgets everything: a new block.
  void reset();

  uint64_t size() const { return bytes.size(); }
  uint8_t *at(uint64_t address) { return bytes.data() + address; }

  /// Notes an access within bounds. Empty, or who it races with.
  std::string access(unsigned thread, uint64_t address, uint32_t count, Access kind);

  /// Starts a copy of `sourceCount` bytes and `count - sourceCount` zeros; all within bounds.
  std::string startCopy(unsigned thread, uint64_t address, const uint8_t *source, uint32_t sourceCount, uint32_t count);
  void commit(unsigned thread);
  /// Finishes a thread's groups but the last `pending`; -1: every copy, in a
  /// group or not.
  std::string wait(unsigned thread, int pending);

  /// All threads of the block have met, or the lanes of a warp.
  void orderBlock() { ++epoch; }
  void orderWarp(unsigned warp) { ++warpEpochs[warp]; }
  /// Some threads have met in a way that orderBlock() cannot say.
  void giveUpRaces() { tracks = false; }

private:
  struct Copy {
    uint64_t address;
    const uint8_t *source;
    uint32_t sourceCount, count;
    uint64_t group;
  };
  struct Copies {
    std::deque<Copy> pending;
    uint64_t group = 0; ///< The one that is open.
  };
  /// Who touched a byte: kNobody, a thread, or several.
  struct Touch {
    uint32_t epoch = 0;
    uint32_t warpEpoch = 0;
    int32_t thread = kNobody; ///< kWarp + w: several of warp w; kSeveral: of several warps.
  };
  static constexpr int32_t kNobody = -1, kSeveral = -2, kWarp = 1 << 16;

  bool conflicts(const Touch &touch, unsigned thread) const;
  std::string describe(const Touch &touch, const char *verb, uint64_t address) const;

  std::vector<uint8_t> bytes;
  std::vector<Copies> copies; ///< A thread each.
  std::vector<Touch> reads, writes;
  std::vector<uint8_t> isArriving; ///< Bytes of copies that nobody waited for yet.
  std::vector<uint32_t> warpEpochs;
  uint32_t epoch = 1;
  bool finds, tracks;
};

} // namespace ptx
} // namespace stas

#endif // STAS_TEST_LIB_PTX_SHAREDMEMORY_H
