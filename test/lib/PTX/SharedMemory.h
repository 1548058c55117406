//===- SharedMemory.h - The shared memory of a block ------------*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Bytes, asynchronous copies into them, and who touched each byte last, so that
// races are found whatever the values were, and reads of what nobody wrote.
//
// An asynchronous copy shows itself at its worst: its destination is filled
// with kPattern when it is issued, and has the data when it is waited for.
//
//===----------------------------------------------------------------------===//

#ifndef STAS_TEST_LIB_PTX_SHAREDMEMORY_H
#define STAS_TEST_LIB_PTX_SHAREDMEMORY_H

#include "Races.h"

#include <deque>

namespace stas {
namespace ptx {

class SharedMemory {
public:
  SharedMemory(uint64_t bytes, unsigned threads, bool findRaces);

  /// Forgets everything: a new block.
  void reset();

  uint64_t size() const { return bytes.size(); }
  uint8_t *at(uint64_t address) { return bytes.data() + address; }

  /// Notes an access within bounds. Empty, or what is wrong with it.
  std::string access(unsigned thread, uint64_t address, uint32_t count, Access kind);

  /// Starts a copy of `sourceCount` bytes and `count - sourceCount` zeros; all within bounds.
  std::string startCopy(unsigned thread, uint64_t address, const uint8_t *source, uint32_t sourceCount, uint32_t count);
  void commit(unsigned thread);
  /// Finishes a thread's groups but the last `pending`; -1: every copy, in a
  /// group or not.
  std::string wait(unsigned thread, int pending);

  /// Of the block's threads: what they do to other memory has the same order.
  Clock &clock() { return order; }
  /// Some threads have met in a way that the clock cannot say.
  void giveUpRaces() { tracks = false; }
  /// Whether races of the block's threads are still looked for.
  bool findsRaces() const { return tracks; }

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

  std::vector<uint8_t> bytes;
  std::vector<Copies> copies; ///< A thread each.
  std::vector<Touches> touches;
  std::vector<uint8_t> isWritten;  ///< Bytes that somebody wrote, or copies to.
  std::vector<uint8_t> isArriving; ///< Bytes of copies that nobody waited for yet.
  Clock order;
  bool finds, tracks;
};

} // namespace ptx
} // namespace stas

#endif // STAS_TEST_LIB_PTX_SHAREDMEMORY_H
