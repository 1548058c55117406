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
    : bytes(size), copies(threads), reads(findRaces ? size : 0), writes(findRaces ? size : 0),
      isArriving(findRaces ? size : 0), warpEpochs((threads + kLanes - 1) / kLanes), finds(findRaces),
      tracks(findRaces) {}

void SharedMemory::reset() {
  std::fill(bytes.begin(), bytes.end(), kPattern);
  for (Copies &of : copies)
    of = {};
  std::fill(isArriving.begin(), isArriving.end(), 0);
  // Touches of earlier epochs count for nothing.
  ++epoch;
  tracks = finds;
}

/// Whether a touch and an access now by a thread may happen in any order.
bool SharedMemory::conflicts(const Touch &touch, unsigned thread) const {
  if (touch.epoch != epoch || touch.thread == kNobody || touch.thread == static_cast<int32_t>(thread))
    return false;
  auto warp = static_cast<int32_t>(thread / kLanes);
  bool sameWarp = touch.thread >= kWarp ? touch.thread - kWarp == warp
                                        : touch.thread >= 0 && touch.thread / static_cast<int32_t>(kLanes) == warp;
  return !sameWarp || touch.warpEpoch == warpEpochs[warp];
}

std::string SharedMemory::describe(const Touch &touch, const char *verb, uint64_t address) const {
  std::string who = touch.thread == kSeveral ? "threads of several warps"
                    : touch.thread >= kWarp  ? "several threads of warp " + std::to_string(touch.thread - kWarp)
                                             : "thread " + std::to_string(touch.thread);
  return "a race: byte " + std::to_string(address) + " of shared memory was " + verb + " by " + who +
         " with no barrier in between";
}

std::string SharedMemory::access(unsigned thread, uint64_t address, uint32_t count, Access kind) {
  if (!tracks)
    return "";
  unsigned warp = thread / kLanes;
  auto self = static_cast<int32_t>(thread), several = kWarp + static_cast<int32_t>(warp);
  for (uint64_t at = address; at < address + count; ++at) {
    if (isArriving[at])
      return "byte " + std::to_string(at) + " of shared memory is the target of a copy that was not waited for";
    if (kind != Access::Atomic && conflicts(writes[at], thread))
      return describe(writes[at], "written", at);
    Touch now = {epoch, warpEpochs[warp], self};
    if (kind == Access::Write) {
      if (conflicts(reads[at], thread))
        return describe(reads[at], "read", at);
      writes[at] = now;
    } else if (kind == Access::Read) {
      Touch &before = reads[at];
      if (before.epoch == epoch && before.thread != self && before.thread != kNobody) {
        bool sameWarp = before.thread >= kWarp ? before.thread == several
                                               : before.thread >= 0 && unsigned(before.thread) / kLanes == warp;
        if (!sameWarp)
          now.thread = kSeveral;
        else if (before.warpEpoch == now.warpEpoch)
          now.thread = several;
      }
      before = now;
    }
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
