//===- Block.cpp - Schedules the threads of a block -----------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Transactions.h"

#include <algorithm>
#include <cstring>
#include <new>

using namespace stas::ptx;

static uint64_t alignTo16(uint64_t bytes) { return (bytes + 15) / 16 * 16; }

static unsigned threadsOf(const Launch &launch) { return launch.block[0] * launch.block[1] * launch.block[2]; }

Block::Block(const Code &code, const Launch &launch, const RunOptions &options,
             const std::vector<Memory::Range> &global, GlobalRaces *races)
    : code(code), options(options), global(global), races(races),
      sharedMemory(launch.dynamicShared ? alignTo16(code.staticShared) + launch.dynamicShared : code.staticShared,
                   threadsOf(launch), options.findRaces) {
  if (options.transactions)
    counter = std::make_unique<TransactionCounter>(code, launch, *options.transactions);
  unsigned count = threadsOf(launch);
  uint64_t words = (code.frameBytes + 7) / 8;
  frames.resize(words * count);
  warps.resize((count + kLanes - 1) / kLanes);
  for (unsigned i = 0; i < count; ++i) {
    Thread *thread = new (&frames[words * i]) Thread();
    thread->parameters = launch.parameters.data();
    thread->block = this;
    thread->index = i;
    const unsigned tid[3] = {i % launch.block[0], i / launch.block[0] % launch.block[1],
                             i / launch.block[0] / launch.block[1]};
    for (unsigned d = 0; d < 3; ++d) {
      thread->special[kTid + d] = tid[d];
      thread->special[kNtid + d] = launch.block[d];
      thread->special[kNctaid + d] = launch.grid[d];
    }
    thread->special[kLaneId] = i % kLanes;
    thread->special[kWarpId] = i / kLanes;
    thread->special[kWarpCount] = static_cast<uint32_t>(warps.size());
    thread->special[kDynamicShared] = launch.dynamicShared;
    thread->special[kTotalShared] = static_cast<uint32_t>(sharedMemory.size());
    threads.push_back(thread);
    warps[i / kLanes].threads[i % kLanes] = thread;
    warps[i / kLanes].present |= 1u << i % kLanes;
  }
}

Block::~Block() {
  for (Thread *thread : threads)
    thread->~Thread();
}

bool Block::hasGlobal(uint64_t address, uint64_t bytes) {
  if (address >= lastHit.begin && address <= lastHit.end && bytes <= lastHit.end - address)
    return true;
  auto after = std::upper_bound(global.begin(), global.end(), address,
                                [](uint64_t value, const Memory::Range &range) { return value < range.begin; });
  if (after == global.begin())
    return false;
  const Memory::Range &range = *std::prev(after);
  if (address > range.end || bytes > range.end - address)
    return false;
  lastHit = range;
  return true;
}

std::string Block::accessGlobal(const Thread &thread, uint64_t address, uint32_t bytes, Access kind) {
  if (!races || !sharedMemory.findsRaces())
    return "";
  Moment now = sharedMemory.clock().now(thread.index);
  now.block = number;
  return races->access(now, address, bytes, kind);
}

void Block::countAccess(const Thread &thread, uint32_t instruction, bool isShared, uint64_t address, uint32_t bytes) {
  if (counter)
    counter->note(thread, instruction, isShared, address, bytes);
}

static std::string triple(const uint32_t *values) {
  return "(" + std::to_string(values[0]) + ", " + std::to_string(values[1]) + ", " + std::to_string(values[2]) + ")";
}

bool Block::fault(const Thread &thread, const Instruction &instruction, const std::string &what) {
  if (message.empty())
    message = "kernel '" + code.kernel->name + "', line " + std::to_string(instruction.line) + ", " +
              instruction.opcode + ": " + what + "; block " + triple(thread.special + kCtaid) + ", thread " +
              triple(thread.special + kTid);
  return false;
}

bool Block::run(unsigned x, unsigned y, unsigned z) {
  sharedMemory.reset();
  const unsigned ctaid[3] = {x, y, z};
  const uint32_t *grid = threads[0]->special + kNctaid;
  number = x + grid[0] * (y + grid[1] * z);
  for (Thread *thread : threads) {
    thread->state = kAtStart;
    std::copy(ctaid, ctaid + 3, thread->special + kCtaid);
    // What no instruction wrote is the same in every run, and no result of the block before.
    std::memset(reinterpret_cast<uint8_t *>(thread) + sizeof(Thread), kPattern, code.frameBytes - sizeof(Thread));
  }
  for (Warp &warp : warps) {
    warp.ready = warp.present;
    warp.exited = warp.atBarrier = 0;
  }
  for (;;) {
    for (size_t i = 0; i < warps.size(); ++i)
      if (!runWarp(warps[options.order == WarpOrder::Ascending ? i : warps.size() - 1 - i]))
        return false;
    if (std::all_of(warps.begin(), warps.end(), [](const Warp &warp) { return warp.exited == warp.present; }))
      return true;
    bool progress = false;
    if (!releaseBarriers(progress))
      return false;
    if (!progress)
      return reportBarriers();
  }
}

/// Runs a warp until its lanes have exited or are at barriers.
bool Block::runWarp(Warp &warp) {
  bool progress = true;
  while (progress) {
    progress = false;
    if (!runLanes(warp) || !meet(warp, progress))
      return false;
  }
  return (warp.exited | warp.atBarrier) == warp.present ? checkAligned(warp) : reportStuck(warp);
}

/// Runs all lanes that are ready to their next site.
bool Block::runLanes(Warp &warp) {
  for (unsigned lane = 0; lane < kLanes; ++lane) {
    uint32_t bit = 1u << lane;
    if (!(warp.ready & bit))
      continue;
    Thread &thread = *warp.threads[lane];
    code.function(&thread);
    if (thread.state == kFailed)
      return false;
    if (thread.state == kExited)
      warp.exited |= bit;
    else if (!siteOf(thread).operation)
      warp.atBarrier |= bit;
  }
  warp.ready = 0;
  if (counter)
    counter->finishRun();
  return true;
}

/// Lets the lanes meet that are all at the same operation.
bool Block::meet(Warp &warp, bool &progress) {
  uint32_t waiting = warp.present & ~warp.exited & ~warp.atBarrier, seen = 0;
  for (unsigned lane = 0; lane < kLanes; ++lane) {
    if (!(waiting & ~seen & 1u << lane))
      continue;
    const Thread &first = *warp.threads[lane];
    const Site &site = siteOf(first);
    uint32_t mask = site.maskAt < 0 ? warp.present : first.exchange[site.maskAt];
    if (!(mask >> lane & 1))
      return fault(first, *site.instruction, "the mask does not have the lane that executes it");
    if (mask & ~warp.present)
      return fault(first, *site.instruction, "the mask names lanes that the block does not have");
    if (mask & warp.exited)
      return fault(first, *site.instruction,
                   "waits for lane " + std::to_string(__builtin_ctz(mask & warp.exited)) + ", which has exited");
    bool all = (mask & ~waiting) == 0;
    for (unsigned other = 0; all && other < kLanes; ++other) {
      if (!(mask >> other & 1))
        continue;
      const Thread &thread = *warp.threads[other];
      all = thread.state == first.state && (site.maskAt < 0 || thread.exchange[site.maskAt] == mask);
    }
    seen |= 1u << lane;
    if (!all)
      continue;
    seen |= mask;
    if (!site.operation({warp.threads, mask, *this, static_cast<unsigned>(&warp - warps.data())}, site))
      return false;
    warp.ready |= mask;
    progress = true;
  }
  return true;
}

std::string Block::where(const Thread &thread) const {
  if (thread.state == kExited)
    return "has exited";
  const Instruction &at = *siteOf(thread).instruction;
  return "waits at line " + std::to_string(at.line) + ", " + at.opcode;
}

/// Some lanes are at an operation that the others will not come to.
bool Block::reportStuck(const Warp &warp) {
  uint32_t waiting = warp.present & ~warp.exited & ~warp.atBarrier;
  const Thread &first = *warp.threads[__builtin_ctz(waiting)];
  const Site &site = siteOf(first);
  uint32_t mask = site.maskAt < 0 ? warp.present : first.exchange[site.maskAt];
  for (unsigned lane = 0; lane < kLanes; ++lane)
    if (mask >> lane & 1 && warp.threads[lane]->state != first.state)
      return fault(first, *site.instruction,
                   "waits for lane " + std::to_string(lane) + ", which " + where(*warp.threads[lane]));
  return fault(first, *site.instruction, "the lanes of the mask have different masks");
}

/// Lanes of a warp must be at the same barrier of the program.
bool Block::checkAligned(const Warp &warp) {
  if (warp.atBarrier == 0)
    return true;
  const Thread &first = *warp.threads[__builtin_ctz(warp.atBarrier)];
  for (unsigned lane = 0; lane < kLanes; ++lane)
    if (warp.present >> lane & 1 && warp.threads[lane]->state != first.state)
      return fault(first, *siteOf(first).instruction,
                   "the warp is divided: lane " + std::to_string(lane) + " " + where(*warp.threads[lane]));
  return true;
}

bool Block::releaseBarriers(bool &progress) {
  uint32_t arrived[kBarriers] = {}, expected[kBarriers] = {};
  const Thread *last[kBarriers] = {};
  for (const Warp &warp : warps) {
    if (!warp.atBarrier)
      continue;
    const Thread &first = *warp.threads[__builtin_ctz(warp.atBarrier)];
    const Instruction &instruction = *siteOf(first).instruction;
    uint32_t number = first.exchange[0], count = first.exchange[1];
    if (number >= kBarriers)
      return fault(first, instruction, "required a barrier below 16, found " + std::to_string(number));
    if (count % kLanes != 0 || count > threads.size())
      return fault(first, instruction,
                   "required a multiple of 32 threads, at most those of the block, found " + std::to_string(count));
    uint32_t all = count ? count : static_cast<uint32_t>(threads.size());
    if (last[number] && expected[number] != all)
      return fault(first, instruction, "warps wait at the barrier for different numbers of threads");
    expected[number] = all;
    arrived[number] += __builtin_popcount(warp.atBarrier);
    last[number] = &first;
    if (arrived[number] > all)
      return fault(first, instruction, "more threads than the barrier waits for");
  }
  for (Warp &warp : warps) {
    if (!warp.atBarrier)
      continue;
    uint32_t number = warp.threads[__builtin_ctz(warp.atBarrier)]->exchange[0];
    if (arrived[number] != expected[number])
      continue;
    warp.ready = warp.atBarrier;
    warp.atBarrier = 0;
    progress = true;
  }
  for (unsigned number = 0; number < kBarriers; ++number) {
    if (!last[number] || arrived[number] != expected[number])
      continue;
    if (expected[number] == threads.size())
      sharedMemory.clock().orderBlock();
    else
      sharedMemory.giveUpRaces();
  }
  return true;
}

/// Nobody can go on. Not all have exited, and who has not is at a barrier.
bool Block::reportBarriers() {
  const Thread &waiting =
      **std::find_if(threads.begin(), threads.end(), [](const Thread *thread) { return thread->state != kExited; });
  for (const Thread *thread : threads)
    if (thread->state != waiting.state)
      return fault(waiting, *siteOf(waiting).instruction,
                   "the barrier waits for thread " + triple(thread->special + kTid) + ", which " + where(*thread));
  return fault(waiting, *siteOf(waiting).instruction, "the barrier waits for more threads than the block has");
}
