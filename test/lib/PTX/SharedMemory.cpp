//===- SharedMemory.cpp - The shared memory of a block --------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "SharedMemory.h"
#include "Execution.h"

#include <algorithm>
#include <cstring>

using namespace stas::ptx;

SharedMemory::SharedMemory(uint64_t size, unsigned threads, bool findRaces)
    : bytes(size), copies(threads), touches(findRaces ? size : 0), isWritten(findRaces ? size : 0),
      isArriving(findRaces ? size : 0), order(threads), finds(findRaces), tracks(findRaces) {}

void SharedMemory::reset() {
  std::fill(bytes.begin(), bytes.end(), kPattern);
  for (Copies &of : copies)
    of = {};
  std::fill(isWritten.begin(), isWritten.end(), 0);
  std::fill(isArriving.begin(), isArriving.end(), 0);
  order.reset();
  tracks = finds;
}

std::string SharedMemory::access(unsigned thread, uint64_t address, uint32_t count, Access kind) {
  if (!finds)
    return "";
  auto name = [](uint64_t at) { return "byte " + std::to_string(at) + " of shared memory "; };
  const Moment now = order.now(thread);
  std::string race;
  for (uint64_t at = address; at < address + count; ++at) {
    if (tracks && isArriving[at])
      return name(at) + "is the target of a copy that was not waited for";
    if (tracks && !touches[at].note(now, kind, race))
      return "a race: " + name(at) + "was " + race;
    if (kind != Access::Write && !isWritten[at])
      return name(at) + "is read, and nobody wrote it";
    isWritten[at] = 1;
  }
  return "";
}

std::string SharedMemory::startCopy(unsigned thread, uint64_t address, const uint8_t *source, uint32_t sourceCount,
                                    uint32_t count) {
  std::string race = access(thread, address, count, Access::Write);
  std::memset(at(address), kPattern, count);
  if (tracks)
    std::fill_n(isArriving.begin() + static_cast<int64_t>(address), count, 1);
  copies[thread].pending.push_back({address, source, sourceCount, count, copies[thread].group});
  return race;
}

void SharedMemory::commit(unsigned thread) { ++copies[thread].group; }

std::string SharedMemory::wait(unsigned thread, int pending) {
  Copies &of = copies[thread];
  while (!of.pending.empty()) {
    const Copy &copy = of.pending.front();
    if (pending >= 0 && copy.group + pending >= of.group)
      break;
    if (tracks)
      std::fill_n(isArriving.begin() + static_cast<int64_t>(copy.address), copy.count, 0);
    // It was written at any time since it was issued.
    std::string race = access(thread, copy.address, copy.count, Access::Write);
    if (!race.empty())
      return race;
    std::memcpy(at(copy.address), copy.source, copy.sourceCount);
    std::memset(at(copy.address) + copy.sourceCount, 0, copy.count - copy.sourceCount);
    of.pending.pop_front();
  }
  return "";
}
