//===- Races.h - Accesses that no barrier orders ----------------*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Two accesses to a byte from different threads, one of them a write, are a race
// unless a barrier lies in between: of the block, or of the warp for threads of
// one warp. Nothing orders threads of different blocks. Atomic accesses do not
// race with one another.
//
//===----------------------------------------------------------------------===//

#ifndef STAS_TEST_LIB_PTX_RACES_H
#define STAS_TEST_LIB_PTX_RACES_H

#include <array>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

namespace stas {
namespace ptx {

enum class Access : uint32_t { Read, Write, Atomic };

/// A thread, and which barriers it has passed.
struct Moment {
  uint32_t block; ///< Of the grid; 0 where memory belongs to a block.
  int32_t thread; ///< In the block.
  uint32_t epoch, warpEpoch;
};

/// Counts the barriers of a block and of its warps.
class Clock {
public:
  explicit Clock(unsigned threads);
  /// A new block starts: earlier moments come before all that follow.
  void reset() { ++epoch; }
  /// All threads of the block have met, or the lanes of a warp.
  void orderBlock() { ++epoch; }
  void orderWarp(unsigned warp) { ++warpEpochs[warp]; }
  Moment now(unsigned thread) const;

private:
  std::vector<uint32_t> warpEpochs;
  uint32_t epoch = 1;
};

/// Who touched a byte last: nobody, a thread, or several.
class Touch {
public:
  /// Whether nothing orders it before `now`.
  bool races(const Moment &now) const;
  void set(const Moment &now) { last = now; }
  /// Touched by one more, which races with none of the others.
  void add(const Moment &now);
  /// Who it was, as `block` sees it.
  std::string describe(uint32_t block) const;

private:
  /// Values of Moment::thread: kWarp + w are several of warp w, kSeveral of several warps.
  static constexpr int32_t kNobody = -1, kSeveral = -2, kWarp = 1 << 16;
  static constexpr uint32_t kSeveralBlocks = UINT32_MAX;
  bool isOfWarp(int32_t warp) const;

  Moment last = {0, kNobody, 0, 0};
};

/// Who read and who wrote a byte last.
class Touches {
public:
  /// Notes an access. False where it races: `race` says with whom.
  bool note(const Moment &now, Access kind, std::string &race);

private:
  Touch read, written;
  bool isAtomic = false; ///< What is written.
};

/// Who touched which byte of global memory in a launch. May be used from several threads.
class GlobalRaces {
public:
  /// Notes an access within a piece of memory that is aligned to its size. Empty, or who it races with.
  std::string access(const Moment &now, uint64_t address, uint32_t count, Access kind);

private:
  static constexpr uint64_t kPageBytes = 256;
  using Page = std::array<Touches, kPageBytes>;
  struct Shard {
    std::mutex mutex;
    std::unordered_map<uint64_t, std::unique_ptr<Page>> pages;
  };
  std::array<Shard, 64> shards;
};

} // namespace ptx
} // namespace stas

#endif // STAS_TEST_LIB_PTX_RACES_H
