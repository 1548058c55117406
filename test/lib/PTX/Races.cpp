//===- Races.cpp - Accesses that no barrier orders ------------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Races.h"
#include "Execution.h"

#include <cstdio>

using namespace stas::ptx;

static int32_t warpOf(const Moment &now) { return now.thread / static_cast<int32_t>(kLanes); }

Clock::Clock(unsigned threads) : warpEpochs((threads + kLanes - 1) / kLanes) {}

Moment Clock::now(unsigned thread) const {
  return {0, static_cast<int32_t>(thread), epoch, warpEpochs[thread / kLanes]};
}

bool Touch::isOfWarp(int32_t warp) const {
  return last.thread >= kWarp ? last.thread - kWarp == warp : last.thread >= 0 && warpOf(last) == warp;
}

bool Touch::races(const Moment &now) const {
  if (last.thread == kNobody)
    return false;
  if (last.block != now.block)
    return true;
  if (last.epoch != now.epoch || last.thread == now.thread)
    return false;
  return !isOfWarp(warpOf(now)) || last.warpEpoch == now.warpEpoch;
}

void Touch::add(const Moment &now) {
  const Moment before = last;
  bool isSameWarp = isOfWarp(warpOf(now));
  last = now;
  if (before.thread == kNobody || (before.block == now.block && before.epoch != now.epoch))
    return;
  if (before.block != now.block)
    last.block = kSeveralBlocks;
  else if (!isSameWarp)
    last.thread = kSeveral;
  else if (before.warpEpoch == now.warpEpoch && before.thread != now.thread)
    last.thread = kWarp + warpOf(now);
}

std::string Touch::describe(uint32_t block) const {
  if (last.block == kSeveralBlocks)
    return "several blocks, and nothing orders blocks";
  if (last.block != block)
    return "block " + std::to_string(last.block) + ", and nothing orders blocks";
  std::string who = last.thread == kSeveral ? "threads of several warps"
                    : last.thread >= kWarp  ? "several threads of warp " + std::to_string(last.thread - kWarp)
                                            : "thread " + std::to_string(last.thread);
  return who + " with no barrier in between";
}

bool Touches::note(const Moment &now, Access kind, std::string &race) {
  if (written.races(now) && !(kind == Access::Atomic && isAtomic)) {
    race = "written by " + written.describe(now.block);
    return false;
  }
  if (kind != Access::Read && read.races(now)) {
    race = "read by " + read.describe(now.block);
    return false;
  }
  if (kind == Access::Read)
    read.add(now);
  else if (kind == Access::Atomic && isAtomic)
    written.add(now);
  else
    written.set(now);
  isAtomic = kind == Access::Read ? isAtomic : kind == Access::Atomic;
  return true;
}

std::string GlobalRaces::access(const Moment &now, uint64_t address, uint32_t count, Access kind) {
  uint64_t number = address / kPageBytes;
  Shard &shard = shards[number % shards.size()];
  std::lock_guard<std::mutex> lock(shard.mutex);
  std::unique_ptr<Page> &page = shard.pages[number];
  if (!page)
    page = std::make_unique<Page>();
  std::string race;
  for (uint64_t at = address; at < address + count; ++at)
    if (!(*page)[at % kPageBytes].note(now, kind, race)) {
      char text[32];
      std::snprintf(text, sizeof text, "0x%llx", static_cast<unsigned long long>(at));
      return "a race: byte " + std::string(text) + " of global memory was " + race;
    }
  return "";
}
