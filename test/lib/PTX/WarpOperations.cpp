//===- WarpOperations.cpp - What the lanes of a warp do together ----------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The chapters "Data Movement and Conversion Instructions: shfl.sync" and
// "Parallel Synchronization and Communication Instructions" of the PTX ISA manual.
//
//===----------------------------------------------------------------------===//

#include "WarpOperations.h"

#include <algorithm>
#include <cstring>

using namespace stas::ptx;

bool stas::ptx::synchronizeWarp(const Lanes &lanes, const Site &) {
  lanes.block.orderWarp(lanes.warp);
  return true;
}

bool stas::ptx::shuffle(const Lanes &lanes, const Site &site, ShuffleMode mode) {
  uint32_t values[kLanes] = {}, inRange[kLanes] = {};
  for (unsigned lane = 0; lane < kLanes; ++lane) {
    if (!lanes.has(lane))
      continue;
    const uint32_t *in = lanes.exchange(lane);
    int b = in[1] & 31, c = in[2] & 31, segment = in[2] >> 8 & 31, self = static_cast<int>(lane);
    int most = (self & segment) | (c & ~segment), least = self & segment;
    int from = mode == ShuffleMode::Up          ? self - b
               : mode == ShuffleMode::Down      ? self + b
               : mode == ShuffleMode::Butterfly ? self ^ b
                                                : least | (b & ~segment);
    bool isInside = mode == ShuffleMode::Up ? from >= most : from <= most;
    if (!isInside)
      from = self;
    if (!lanes.has(from))
      return lanes.block.fault(*lanes.threads[lane], *site.instruction,
                               "reads from lane " + std::to_string(from) + ", which takes no part");
    values[lane] = lanes.exchange(from)[0];
    inRange[lane] = isInside;
  }
  for (unsigned lane = 0; lane < kLanes; ++lane)
    if (lanes.has(lane)) {
      lanes.exchange(lane)[0] = values[lane];
      lanes.exchange(lane)[1] = inRange[lane];
    }
  return true;
}

static void giveAll(const Lanes &lanes, unsigned word, uint32_t value) {
  for (unsigned lane = 0; lane < kLanes; ++lane)
    if (lanes.has(lane))
      lanes.exchange(lane)[word] = value;
}

bool stas::ptx::vote(const Lanes &lanes, const Site &, VoteMode mode) {
  uint32_t ballot = 0;
  for (unsigned lane = 0; lane < kLanes; ++lane)
    if (lanes.has(lane) && lanes.exchange(lane)[0])
      ballot |= 1u << lane;
  bool all = ballot == lanes.mask, any = ballot != 0;
  giveAll(lanes, 0,
          mode == VoteMode::Ballot ? ballot
          : mode == VoteMode::All  ? all
          : mode == VoteMode::Any  ? any
                                   : all || !any);
  return true;
}

bool stas::ptx::match(const Lanes &lanes, const Site &, unsigned words, bool all) {
  uint32_t equal[kLanes] = {};
  for (unsigned lane = 0; lane < kLanes; ++lane)
    for (unsigned other = 0; lanes.has(lane) && other < kLanes; ++other)
      if (lanes.has(other) && std::memcmp(lanes.exchange(lane), lanes.exchange(other), words * sizeof(uint32_t)) == 0)
        equal[lane] |= 1u << other;
  for (unsigned lane = 0; lane < kLanes; ++lane)
    if (lanes.has(lane)) {
      bool isAll = equal[lane] == lanes.mask;
      lanes.exchange(lane)[0] = all && !isAll ? 0 : equal[lane];
      lanes.exchange(lane)[1] = isAll;
    }
  return true;
}

static uint32_t combine(Reduction reduction, uint32_t a, uint32_t b) {
  auto first = static_cast<int32_t>(a), second = static_cast<int32_t>(b);
  switch (reduction) {
  case Reduction::Add:
    return a + b;
  case Reduction::MinSigned:
    return static_cast<uint32_t>(std::min(first, second));
  case Reduction::MaxSigned:
    return static_cast<uint32_t>(std::max(first, second));
  case Reduction::MinUnsigned:
    return std::min(a, b);
  case Reduction::MaxUnsigned:
    return std::max(a, b);
  case Reduction::And:
    return a & b;
  case Reduction::Or:
    return a | b;
  case Reduction::Xor:
    break;
  }
  return a ^ b;
}

bool stas::ptx::reduce(const Lanes &lanes, const Site &, Reduction reduction) {
  auto first = static_cast<unsigned>(__builtin_ctz(lanes.mask));
  uint32_t result = lanes.exchange(first)[0];
  for (unsigned lane = first + 1; lane < kLanes; ++lane)
    if (lanes.has(lane))
      result = combine(reduction, result, lanes.exchange(lane)[0]);
  giveAll(lanes, 0, result);
  return true;
}

bool stas::ptx::elect(const Lanes &lanes, const Site &) {
  auto leader = static_cast<unsigned>(__builtin_ctz(lanes.mask));
  giveAll(lanes, 0, leader);
  giveAll(lanes, 1, 0);
  lanes.exchange(leader)[1] = 1;
  return true;
}

bool stas::ptx::loadMatrices(const Lanes &lanes, const Site &site, unsigned count, bool transposed) {
  uint16_t elements[8 * 4][8] = {};
  const auto instruction = static_cast<uint32_t>(site.instruction - lanes.block.instructions());
  for (unsigned row = 0; row < 8 * count; ++row) {
    uint64_t address = 0;
    std::memcpy(&address, lanes.exchange(row), sizeof address);
    const void *bytes =
        stasPtxShared(lanes.threads[row], address, 16, instruction, static_cast<uint32_t>(Access::Read));
    if (!bytes)
      return false;
    std::memcpy(elements[row], bytes, 16);
  }
  for (unsigned lane = 0; lane < kLanes; ++lane)
    for (unsigned matrix = 0; matrix < count; ++matrix) {
      const auto *rows = elements + 8 * matrix;
      unsigned major = lane / 4, minor = 2 * (lane % 4);
      uint32_t low = transposed ? rows[minor][major] : rows[major][minor];
      uint32_t high = transposed ? rows[minor + 1][major] : rows[major][minor + 1];
      lanes.exchange(lane)[matrix] = low | high << 16;
    }
  return true;
}
