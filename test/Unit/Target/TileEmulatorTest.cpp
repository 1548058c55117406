//===- TileEmulatorTest.cpp - The instructions of AMX-INT8 ----------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A CPU with AMX and the emulator of test/lib/TileEmulator pass the same tests.
//
//===----------------------------------------------------------------------===//
#include "stas/Runtime/CpuFeatures.h"
#include "llvm/ADT/STLExtras.h"
#include <csignal>
#include <cstring>
#include <gtest/gtest.h>
#include <immintrin.h>

namespace {

constexpr int kRows = 5, kQuads = 7, kWords = 3, kStride = 80;

struct Memory {
  uint8_t left[16 * kStride], right[16 * kStride];
  int32_t sums[16 * kStride / 4];
};

Memory mixedMemory() {
  uint32_t state = 7;
  auto next = [&] { return (state = state * 1664525 + 1013904223) >> 8; };
  Memory memory;
  for (auto *bytes : {memory.left, memory.right})
    for (int i = 0; i < 16 * kStride; ++i)
      bytes[i] = static_cast<uint8_t>(next());
  for (int32_t &sum : memory.sums)
    sum = static_cast<int32_t>(next() << 8);
  return memory;
}

/// Tiles 0: sums, 1: left, 2: right.
void setUp(int leftRows = kRows) {
  alignas(64) uint8_t shape[64] = {1};
  auto describe = [&](int tile, int rows, int bytes) {
    shape[16 + 2 * tile] = static_cast<uint8_t>(bytes);
    shape[48 + tile] = static_cast<uint8_t>(rows);
  };
  describe(0, kRows, 4 * kWords);
  describe(1, leftRows, 4 * kQuads);
  describe(2, kQuads, 4 * kWords);
  _tile_loadconfig(shape);
}

class Tiles : public testing::Test {
protected:
  void SetUp() override {
    if (!llvm::is_contained(stas::hostCpuFeatures(), "amx-int8"))
      GTEST_SKIP() << "this machine has neither AMX nor AVX512-VNNI and VPOPCNTDQ";
  }

  /// `multiply` from and to memory, against the sum that it stands for.
  template <typename Left, typename Right> void compare(void (*multiply)()) {
    Memory found = mixedMemory(), expected = found;
    setUp();
    _tile_loadd(0, found.sums, kStride);
    _tile_loadd(1, found.left, kStride);
    _tile_loadd(2, found.right, kStride);
    multiply();
    _tile_stored(0, found.sums, kStride);
    _tile_release();
    for (int row = 0; row < kRows; ++row)
      for (int word = 0; word < kWords; ++word) {
        auto sum = static_cast<uint32_t>(expected.sums[row * kStride / 4 + word]);
        for (int i = 0; i < 4 * kQuads; ++i)
          sum += static_cast<uint32_t>(static_cast<Left>(expected.left[row * kStride + i]) *
                                       static_cast<Right>(expected.right[i / 4 * kStride + 4 * word + i % 4]));
        expected.sums[row * kStride / 4 + word] = static_cast<int32_t>(sum);
      }
    // What lies beside the tile in memory stays.
    EXPECT_EQ(std::memcmp(found.sums, expected.sums, sizeof(found.sums)), 0);
  }
};

TEST_F(Tiles, ProductsOfBytesOfEitherSign) {
  compare<uint8_t, uint8_t>([] { _tile_dpbuud(0, 1, 2); });
  compare<uint8_t, int8_t>([] { _tile_dpbusd(0, 1, 2); });
  compare<int8_t, uint8_t>([] { _tile_dpbsud(0, 1, 2); });
  compare<int8_t, int8_t>([] { _tile_dpbssd(0, 1, 2); });
}

TEST_F(Tiles, ZeroAndShape) {
  Memory memory = mixedMemory();
  setUp();
  alignas(64) uint8_t shape[64];
  _tile_storeconfig(shape);
  EXPECT_EQ(shape[0], 1);
  EXPECT_EQ(shape[48 + 1], kRows);
  EXPECT_EQ(shape[16 + 2], 4 * kQuads);
  _tile_stream_loadd(0, memory.sums, kStride);
  _tile_zero(0);
  _tile_stored(0, memory.sums, kStride);
  _tile_release();
  for (int i = 0; i < kWords; ++i)
    EXPECT_EQ(memory.sums[i], 0);
  EXPECT_NE(memory.sums[kWords], 0);
}

using TilesDeathTest = Tiles;

TEST_F(TilesDeathTest, WhatIsNotSetUpEndsTheProgram) {
  auto isKilled = [](auto use) { EXPECT_EXIT(use(), testing::KilledBySignal(SIGILL), ""); };
  isKilled([] { _tile_zero(0); });
  isKilled([] {
    setUp();
    _tile_release();
    _tile_zero(0);
  });
  isKilled([] {
    setUp();
    _tile_zero(3); // has no shape
  });
  isKilled([] {
    setUp(kRows - 1);
    _tile_dpbusd(0, 1, 2); // fewer rows than sums
  });
  isKilled([] {
    setUp();
    __asm__ volatile(".byte 0xc4, 0xe2, 0x71, 0x5e, 0xc1"); // tdpbusd of tiles 0, 1, 1, which no assembler takes
  });
}

} // namespace
