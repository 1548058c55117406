//===- WarpTest.cpp - Operations of a warp --------------------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "PtxTest.h"

#include <algorithm>
#include <random>

using namespace stas;
using namespace stas::ptx;

namespace {
using Words = Device<uint32_t, uint32_t>;

std::vector<uint32_t> randomWords(size_t count) {
  std::mt19937 random(3);
  std::vector<uint32_t> words(count);
  for (uint32_t &word : words)
    word = static_cast<uint32_t>(random());
  return words;
}

/// %r1: the lane; %x1: the input and %x2: the output of the lane, `in` and `out` words each.
std::string laneKernel(unsigned in, unsigned out, const std::string &body, const std::string &declarations = "") {
  return kernelOf("mov.u32 %r1, %tid.x; ld.param.u64 %x1, [in]; ld.param.u64 %x2, [out];"
                  "mul.wide.u32 %x3, %r1, " +
                      std::to_string(4 * in) + "; add.u64 %x1, %x1, %x3; mul.wide.u32 %x3, %r1, " +
                      std::to_string(4 * out) + "; add.u64 %x2, %x2, %x3;\n" + body,
                  declarations);
}

/// A word in, a word out.
std::vector<uint32_t> runLanes(const std::vector<uint32_t> &in, const std::string &body, unsigned lanes = 32) {
  Words device(in, in.size());
  device.launch.block[0] = lanes;
  Status status = device.run(laneKernel(1, 1, "ld.global.b32 %r2, [%x1];" + body + "st.global.b32 [%x2], %r0;"));
  EXPECT_TRUE(status) << body << ": " << (status ? "" : status.message());
  return device.out;
}
} // namespace

TEST(PTXWarp, ShufflesReadOtherLanes) {
  std::vector<uint32_t> in = randomWords(32);
  for (const auto &[mode, segments] :
       std::vector<std::pair<std::string, int>>{{"bfly", 31}, {"down", 31}, {"idx", 31}, {"up", 0}}) {
    for (unsigned width : {32u, 8u}) {
      for (unsigned amount : {0u, 1u, 3u, 16u}) {
        unsigned c = (32 - width) << 8 | (mode == "up" ? 0 : 31);
        auto got =
            runLanes(in, "shfl.sync." + mode + ".b32 %r0|%p1, %r2, " + std::to_string(amount) + ", " +
                             std::to_string(c) + ", 0xffffffff; selp.b32 %r3, 1, 0, %p1; add.s32 %r0, %r0, %r3;");
        for (unsigned lane = 0; lane < 32; ++lane) {
          unsigned start = lane / width * width;
          int from = mode == "bfly"   ? int(lane ^ amount)
                     : mode == "down" ? int(lane + amount)
                     : mode == "up"   ? int(lane) - int(amount)
                                      : int(start + amount % width);
          // A butterfly may read any lane up to the end of its segment.
          bool isInside = from < int(start + width) && (from >= int(start) || mode == "bfly");
          EXPECT_EQ(got[lane], in[isInside ? from : lane] + isInside)
              << mode << " " << width << " " << amount << " " << lane;
        }
      }
    }
  }
}

TEST(PTXWarp, LanesOfAMaskShuffleAlone) {
  std::vector<uint32_t> in = randomWords(32);
  // The two halves go different ways and meet again.
  auto got = runLanes(in, R"(
    setp.lt.u32 %p1, %r1, 16; @!%p1 bra HIGH;
    shfl.sync.bfly.b32 %r0, %r2, 1, 31, 0x0000ffff; bra DONE;
    HIGH: shfl.sync.bfly.b32 %r0, %r2, 2, 31, 0xffff0000;
    DONE: bar.warp.sync 0xffffffff; shfl.sync.bfly.b32 %r0, %r0, 16, 31, 0xffffffff;)");
  for (unsigned lane = 0; lane < 32; ++lane)
    EXPECT_EQ(got[lane], in[(lane ^ 16) ^ ((lane ^ 16) < 16 ? 1 : 2)]);
}

TEST(PTXWarp, Votes) {
  auto vote = [&](const std::string &code, uint32_t lanes) {
    std::vector<uint32_t> in(32);
    for (unsigned lane = 0; lane < 32; ++lane)
      in[lane] = lanes >> lane & 1;
    auto got = runLanes(in, "setp.ne.u32 %p1, %r2, 0; " + code);
    EXPECT_EQ(std::count(got.begin(), got.end(), got[0]), 32);
    return got[0];
  };
  EXPECT_EQ(vote("vote.sync.ballot.b32 %r0, %p1, 0xffffffff;", 0x80a00003), 0x80a00003u);
  EXPECT_EQ(vote("vote.sync.ballot.b32 %r0, !%p1, 0xffffffff;", 0x80a00003), ~0x80a00003u);
  const std::string select = " selp.b32 %r0, 1, 0, %p2;";
  EXPECT_EQ(vote("vote.sync.all.pred %p2, %p1, 0xffffffff;" + select, 0xffffffff), 1u);
  EXPECT_EQ(vote("vote.sync.all.pred %p2, %p1, 0xffffffff;" + select, 0xfffffffe), 0u);
  EXPECT_EQ(vote("vote.sync.any.pred %p2, %p1, 0xffffffff;" + select, 0x10), 1u);
  EXPECT_EQ(vote("vote.sync.any.pred %p2, %p1, 0xffffffff;" + select, 0), 0u);
  EXPECT_EQ(vote("vote.sync.uni.pred %p2, %p1, 0xffffffff;" + select, 0), 1u);
  EXPECT_EQ(vote("vote.sync.uni.pred %p2, %p1, 0xffffffff;" + select, 4), 0u);
}

TEST(PTXWarp, MatchesReductionsAndElections) {
  std::vector<uint32_t> in(32);
  for (unsigned lane = 0; lane < 32; ++lane)
    in[lane] = lane % 5 - 2;
  auto got = runLanes(in, "match.any.sync.b32 %r0, %r2, 0xffffffff;");
  for (unsigned lane = 0; lane < 32; ++lane)
    for (unsigned other = 0; other < 32; ++other)
      EXPECT_EQ(got[lane] >> other & 1, lane % 5 == other % 5);
  EXPECT_EQ(runLanes(in, "match.all.sync.b32 %r0|%p1, %r2, 0xffffffff;")[3], 0u);
  EXPECT_EQ(runLanes(in, "match.all.sync.b32 %r0|%p1, 7, 0xffffffff; selp.b32 %r0, %r0, 1, %p1;")[3], 0xffffffffu);
  EXPECT_EQ(runLanes(in, "cvt.u64.u32 %x4, %r1; shl.b64 %x4, %x4, 40; match.any.sync.b64 %r0, %x4, 0xffffffff;")[9],
            1u << 9);
  auto reduce = [&](const char *operation) {
    return runLanes(in, std::string("redux.sync.") + operation + " %r0, %r2, 0xffffffff;")[7];
  };
  uint32_t sum = 0, all = ~0u, any = 0, parity = 0;
  for (uint32_t value : in) {
    sum += value;
    all &= value;
    any |= value;
    parity ^= value;
  }
  EXPECT_EQ(reduce("add.s32"), sum);
  EXPECT_EQ(reduce("min.s32"), static_cast<uint32_t>(-2));
  EXPECT_EQ(reduce("max.s32"), 2u);
  EXPECT_EQ(reduce("min.u32"), 0u);
  EXPECT_EQ(reduce("max.u32"), static_cast<uint32_t>(-1));
  EXPECT_EQ(reduce("and.b32"), all);
  EXPECT_EQ(reduce("or.b32"), any);
  EXPECT_EQ(reduce("xor.b32"), parity);
  auto elected = runLanes(in, "elect.sync %r0|%p1, 0xffffffff; selp.b32 %r0, 1, 0, %p1;");
  EXPECT_EQ(std::count(elected.begin(), elected.end(), 1u), 1);
}

TEST(PTXWarp, SpecialRegistersNameTheThread) {
  Words device({}, 2 * 3 * 2 * 40 * 8);
  device.launch.grid[0] = 2;
  device.launch.grid[1] = 3;
  device.launch.block[0] = 20;
  device.launch.block[1] = 2;
  device.launch.block[2] = 2;
  ASSERT_TRUE(device.run(kernelOf(R"(
    ld.param.u64 %x2, [out];
    mov.u32 %r1, %tid.x; mov.u32 %r2, %tid.y; mov.u32 %r3, %tid.z; mov.u32 %r4, %ctaid.x; mov.u32 %r5, %ctaid.y;
    mad.lo.u32 %r6, %r3, 2, %r2; mad.lo.u32 %r6, %r6, 20, %r1;
    mov.u32 %r7, %nctaid.x; mad.lo.u32 %r7, %r7, %r5, %r4; mad.lo.u32 %r7, %r7, 80, %r6;
    mul.wide.u32 %x3, %r7, 32; add.u64 %x2, %x2, %x3;
    mov.u32 %r8, %laneid; mov.u32 %r9, %lanemask_lt; mov.u32 %r10, %ntid.x; mov.u32 %r11, %lanemask_ge;
    mov.u32 %r12, %warpid; mov.u32 %r13, %nwarpid; mov.u32 %r14, %nctaid.y; mov.u32 %r15, %lanemask_eq;
    st.global.v4.b32 [%x2], {%r8, %r9, %r10, %r11}; st.global.v4.b32 [%x2+16], {%r12, %r13, %r14, %r15};)")));
  for (unsigned block = 0; block < 6; ++block)
    for (unsigned i = 0; i < 80; ++i) {
      unsigned lane = i % 32;
      const std::vector<uint32_t> expected = {lane, (1u << lane) - 1, 20, ~0u << lane, i / 32, 3, 3, 1u << lane};
      EXPECT_TRUE(std::equal(expected.begin(), expected.end(), &device.out[8 * (80 * block + i)])) << block << " " << i;
    }
}

TEST(PTXWarp, LdmatrixGivesRowsToQuads) {
  std::vector<uint32_t> in = randomWords(32 * 4); // 32 rows of 16 bytes
  auto element = [&](unsigned matrix, unsigned row, unsigned column) {
    uint32_t word = in[4 * (8 * matrix + row) + column / 2];
    return column % 2 ? word >> 16 : word & 0xffff;
  };
  for (unsigned count : {1, 2, 4})
    for (bool transposed : {false, true}) {
      Words device(in, 32 * 4);
      device.launch.block[0] = 32;
      std::string registers = count == 1 ? "{%r10}" : count == 2 ? "{%r10, %r11}" : "{%r10, %r11, %r12, %r13}";
      Status status =
          device.run(laneKernel(4, 4,
                                "ld.global.v4.b32 {%r4, %r5, %r6, %r7}, [%x1]; mov.b32 %r8, tile;"
                                "mad.lo.u32 %r8, %r1, 16, %r8; st.shared.v4.b32 [%r8], {%r4, %r5, %r6, %r7};"
                                "bar.sync 0; mov.b32 %r10, 0; mov.b32 %r11, 0; mov.b32 %r12, 0; mov.b32 %r13, 0;"
                                "ldmatrix.sync.aligned.m8n8.x" +
                                    std::to_string(count) + (transposed ? ".trans" : "") + ".shared.b16 " + registers +
                                    ", [%r8]; st.global.v4.b32 [%x2], {%r10, %r11, %r12, %r13};",
                                ".shared .align 16 .b8 tile[512];\n"));
      ASSERT_TRUE(status) << status.message();
      for (unsigned lane = 0; lane < 32; ++lane)
        for (unsigned matrix = 0; matrix < 4; ++matrix) {
          unsigned row = lane / 4, column = 2 * (lane % 4);
          uint32_t expected = transposed ? element(matrix, column, row) | element(matrix, column + 1, row) << 16
                                         : element(matrix, row, column) | element(matrix, row, column + 1) << 16;
          EXPECT_EQ(device.out[4 * lane + matrix], matrix < count ? expected : 0) << lane << " " << matrix;
        }
    }
}

namespace {
/// Products of A [16][k] and B [k][8], spread over the lanes as the section on
/// fragments of the manual says, element by element.
struct Product {
  std::string shape, types;
  unsigned k, elementBits;
  bool signedA, signedB, saturates;

  unsigned perWord() const { return 32 / elementBits; }
  unsigned wordsA() const { return 16 * k / 32 / perWord(); }
  unsigned wordsB() const { return 8 * k / 32 / perWord(); }

  int64_t element(uint32_t word, unsigned i, bool isSigned) const {
    uint32_t value = elementBits == 8 ? word >> 8 * i & 0xff : word >> i & 1;
    return isSigned && value >= 128 ? int64_t(value) - 256 : value;
  }

  void check(std::vector<uint32_t> in) const {
    unsigned words = wordsA() + wordsB() + 4;
    Words device(in, 32 * 4);
    device.launch.block[0] = 32;
    std::string body;
    for (unsigned n = 0; n < words; ++n)
      body += "ld.global.b32 %r" + std::to_string(8 + n) + ", [%x1+" + std::to_string(4 * n) + "];\n";
    auto list = [](unsigned from, unsigned count) {
      std::string text = "{";
      for (unsigned n = 0; n < count; ++n)
        text += (n ? ", %r" : "%r") + std::to_string(from + n);
      return text + "}";
    };
    body += "mma.sync.aligned." + shape + ".row.col" + (saturates ? ".satfinite" : "") + types + " " + list(4, 4) +
            ", " + list(8, wordsA()) + ", " + list(8 + wordsA(), wordsB()) + ", " + list(8 + wordsA() + wordsB(), 4) +
            "; st.global.v4.b32 [%x2], " + list(4, 4) + ";";
    Status status = device.run(laneKernel(words, 4, body));
    ASSERT_TRUE(status) << status.message();
    // groupID and threadID_in_group of the manual.
    std::vector<std::vector<int64_t>> A(16, std::vector<int64_t>(k)), B(k, std::vector<int64_t>(8));
    for (unsigned lane = 0; lane < 32; ++lane) {
      unsigned group = lane >> 2, thread = lane % 4, per = perWord();
      for (unsigned i = 0; i < wordsA() * per; ++i) {
        bool isLow = i < per || (2 * per <= i && i < 3 * per);
        unsigned row = isLow ? group : group + 8, column = thread * per + i % per + (i < 2 * per ? 0 : 4 * per);
        A[row][column] = element(in[words * lane + i / per], i % per, signedA);
      }
      for (unsigned i = 0; i < wordsB() * per; ++i)
        B[thread * per + i % per + (i < per ? 0 : 4 * per)][group] =
            element(in[words * lane + wordsA() + i / per], i % per, signedB);
    }
    for (unsigned lane = 0; lane < 32; ++lane)
      for (unsigned i = 0; i < 4; ++i) {
        unsigned row = i < 2 ? lane / 4 : lane / 4 + 8, column = lane % 4 * 2 + (i & 1);
        int64_t sum = static_cast<int32_t>(in[words * lane + wordsA() + wordsB() + i]);
        for (unsigned n = 0; n < k; ++n)
          sum += A[row][n] * B[n][column];
        if (saturates)
          sum = std::clamp<int64_t>(sum, INT32_MIN, INT32_MAX);
        ASSERT_EQ(device.out[4 * lane + i], static_cast<uint32_t>(sum)) << shape << types << " " << lane << " " << i;
      }
  }
};
} // namespace

TEST(PTXWarp, ProductsOfBytes) {
  for (const char *a : {"s8", "u8"})
    for (const char *b : {"s8", "u8"})
      for (bool saturates : {false, true})
        for (unsigned k : {16, 32}) {
          Product product = {"m16n8k" + std::to_string(k),
                             std::string(".s32.") + a + "." + b + ".s32",
                             k,
                             8,
                             a[0] == 's',
                             b[0] == 's',
                             saturates};
          unsigned words = product.wordsA() + product.wordsB() + 4;
          std::vector<uint32_t> in = randomWords(32 * words);
          // Sums near both ends, so that wrapping and saturation differ.
          for (unsigned lane = 0; lane < 32; ++lane)
            for (unsigned n = 0; n < 2; ++n)
              in[words * lane + words - 1 - n] = n ? 0x7fffffff : 0x80000000;
          product.check(in);
        }
}

TEST(PTXWarp, ProductsOfBits) {
  for (unsigned k : {128, 256}) {
    Product product = {"m16n8k" + std::to_string(k), ".s32.b1.b1.s32.and.popc", k, 1, false, false, false};
    product.check(randomWords(32 * (product.wordsA() + product.wordsB() + 4)));
  }
}
