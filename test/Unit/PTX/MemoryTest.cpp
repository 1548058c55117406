//===- MemoryTest.cpp - Loads, stores, atomics and copies -----------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "PtxTest.h"

#include <algorithm>
#include <numeric>

using namespace stas;
using namespace stas::ptx;

namespace {
using Words = Device<uint32_t, uint32_t>;

std::vector<uint32_t> counted(size_t count) {
  std::vector<uint32_t> words(count);
  std::iota(words.begin(), words.end(), 0xf0e1d2c3u);
  return words;
}

void expectRuns(Words &device, const std::string &body, const std::string &declarations = "") {
  Status status = device.run(kernelOf("ld.param.u64 %x1, [in]; ld.param.b64 %x2, [out];" + body, declarations));
  EXPECT_TRUE(status) << status.message();
}
} // namespace

TEST(PTXMemory, WidthsAndVectors) {
  Words device(counted(8), 8);
  expectRuns(device, R"(
    ld.global.v4.b32 {%r1, %r2, %r3, %r4}, [%x1]; st.global.v2.b32 [%x2], {%r2, %r1};
    ld.global.nc.L1::no_allocate.v2.b64 {%x3, %x4}, [%x1+16]; st.global.b64 [%x2+8], %x4;
    ld.global.u8 %r5, [%x1+3]; st.global.b32 [%x2+16], %r5;
    ld.global.s8 %r5, [%x1+3]; st.global.b32 [%x2+20], %r5;
    ld.volatile.global.s16 %r5, [%x1+2]; st.global.b32 [%x2+24], %r5;
    ld.global.b16 %h2, [%x1]; st.global.v4.u8 [%x2+28], {%r1, %h2, %r5, 7};
    add.u64 %x2, %x2, 32; st.relaxed.gpu.global.u8 [%x2+-3], %r2;)");
  const std::vector<uint32_t> &in = device.in;
  EXPECT_EQ(device.out, (std::vector<uint32_t>{in[1], in[0], in[6], in[7], 0xf0, 0xfffffff0, 0xfffff0e1, 0x07e1c4c3}));
}

TEST(PTXMemory, SpacesAndGenericAddresses) {
  Words device(counted(4), 7);
  device.options.findRaces = false; // Reading what nobody wrote is an error otherwise.
  expectRuns(device, R"(
    .local .align 8 .b8 depot[16];
    ld.global.b32 %r1, [%x1];
    st.local.b32 [depot+4], %r1; mov.b64 %x3, depot; cvta.local.u64 %x4, %x3; ld.b32 %r2, [%x4+4];
    st.global.b32 [%x2], %r2;
    st.shared.b32 [tile+8], %r1; mov.b64 %x3, tile; cvta.shared.u64 %x4, %x3; ld.b32 %r2, [%x4+8]; st.b32 [%x2+4], %r2;
    ld.const.b32 %r2, [table+4]; st.global.b32 [%x2+8], %r2;
    mov.b64 %x5, counter; cvta.global.u64 %x6, %x5; ld.b32 %r2, [%x6]; add.s32 %r2, %r2, 1;
    st.global.b32 [counter], %r2; ld.global.b32 %r3, [%x5]; st.global.b32 [%x2+12], %r3;
    ld.global.b32 %r3, [zeros+8]; st.global.b32 [%x2+16], %r3;
    ld.local.b32 %r4, [depot]; st.global.b32 [%x2+20], %r4; ld.shared.b32 %r4, [tile]; st.global.b32 [%x2+24], %r4;)",
             ".const .align 4 .u32 table[3] = {5, 6, 7};\n.visible .global .align 4 .u32 counter = 41;\n"
             ".global .align 4 .u32 zeros[4];\n.shared .align 16 .b8 tile[20];\n");
  uint32_t in = device.in[0];
  // What nobody wrote is the pattern.
  EXPECT_EQ(device.out, (std::vector<uint32_t>{in, in, 6, 42, 0, 0xa5a5a5a5, 0xa5a5a5a5}));
}

TEST(PTXMemory, ParametersHaveAddresses) {
  Words device(counted(1), 1);
  expectRuns(device, "mov.b64 %x3, in; mov.b64 %x4, out; setp.eq.u64 %p1, %x1, %x2; selp.b64 %x5, %x4, %x3, %p1;"
                     "ld.param.b64 %x6, [%x5]; ld.global.b32 %r1, [%x6]; st.global.b32 [%x2], %r1;");
  EXPECT_EQ(device.out, device.in);
}

TEST(PTXMemory, DynamicSharedMemoryFollowsTheStaticOne) {
  Words device(counted(4), 4);
  device.options.findRaces = false; // As above.
  device.launch.dynamicShared = 64;
  expectRuns(device, R"(
    mov.b32 %r1, more; st.global.b32 [%x2], %r1; mov.u32 %r1, %dynamic_smem_size; st.global.b32 [%x2+4], %r1;
    mov.u32 %r1, %total_smem_size; st.global.b32 [%x2+8], %r1; st.shared.b32 [more+60], %r1;
    ld.shared.b32 %r1, [tile]; st.global.b32 [%x2+12], %r1;)",
             ".shared .align 16 .b8 tile[20];\n.extern .shared .align 16 .b8 more[];\n");
  EXPECT_EQ(device.out, (std::vector<uint32_t>{32, 64, 96, 0xa5a5a5a5}));
}

TEST(PTXMemory, AtomicsOfAllThreads) {
  struct Case {
    const char *operation;
    uint32_t initial;
    std::function<uint32_t(uint32_t, uint32_t)> step; ///< Of all threads, in any order.
  };
  auto less = [](uint32_t a, uint32_t b) { return static_cast<int32_t>(a) < static_cast<int32_t>(b); };
  const std::vector<Case> cases = {
      {"add.u32", 5, [](uint32_t a, uint32_t b) { return a + b; }},
      {"min.s32", 100, [&](uint32_t a, uint32_t b) { return less(a, b) ? a : b; }},
      {"max.s32", 0, [&](uint32_t a, uint32_t b) { return less(a, b) ? b : a; }},
      {"min.u32", 100, [](uint32_t a, uint32_t b) { return std::min(a, b); }},
      {"max.u32", 100, [](uint32_t a, uint32_t b) { return std::max(a, b); }},
      {"and.b32", 0xffff, [](uint32_t a, uint32_t b) { return a & b; }},
      {"or.b32", 0, [](uint32_t a, uint32_t b) { return a | b; }},
      {"xor.b32", 0, [](uint32_t a, uint32_t b) { return a ^ b; }},
  };
  for (const Case &test : cases)
    for (const char *form : {"red.global.", "red.relaxed.gpu.global."}) {
      Words device({}, 1);
      device.out[0] = test.initial;
      device.launch.block[0] = 128;
      device.launch.grid[0] = 8;
      device.options.threads = 4;
      expectRuns(device, "mov.u32 %r1, %tid.x; mov.u32 %r2, %ctaid.x; mad.lo.u32 %r3, %r2, 128, %r1;"
                         "add.s32 %r4, %r3, -500;" +
                             std::string(form) + test.operation + " [%x2], %r4;");
      uint32_t expected = test.initial;
      for (uint32_t i = 0; i < 1024; ++i)
        expected = test.step(expected, i - 500);
      EXPECT_EQ(device.out[0], expected) << form << test.operation;
    }
}

TEST(PTXMemory, AtomicsReturnWhatWasThere) {
  Words device({}, 2 + 256);
  device.out[0] = 0;
  device.out[1] = 3;
  device.launch.block[0] = 64;
  device.launch.grid[0] = 4;
  expectRuns(device, R"(
    atom.global.add.u32 %r1, [%x2], 1; mul.wide.u32 %x3, %r1, 4; add.u64 %x3, %x2, %x3;
    atom.global.inc.u32 %r2, [%x2+4], 6; st.global.b32 [%x3+8], %r2;)");
  EXPECT_EQ(device.out[0], 256u);
  EXPECT_EQ(device.out[1], (3u + 256) % 7);
  // 0 to 6 again and again, started at 3.
  std::vector<unsigned> counts(7);
  for (size_t i = 2; i < device.out.size(); ++i)
    ++counts.at(device.out[i]);
  for (unsigned value = 0; value < 7; ++value)
    EXPECT_EQ(counts[value], 36u + ((value + 4) % 7 < 4));

  Words one({}, 8);
  one.out = {7, 8, 0, 9, 0, 0, 0, 0};
  expectRuns(one, R"(
    atom.global.cas.b32 %r1, [%x2], 7, 70; st.global.b32 [%x2+16], %r1;
    atom.global.cas.b32 %r1, [%x2+4], 7, 80; st.global.b32 [%x2+20], %r1;
    atom.global.dec.u32 %r1, [%x2+8], 5; atom.global.exch.b32 %r1, [%x2+12], 6; st.global.b32 [%x2+24], %r1;
    mov.b32 %f1, 0f3FC00000; red.global.add.f32 [%x2+28], %f1; red.global.add.f32 [%x2+28], %f1;)");
  EXPECT_EQ(one.out, (std::vector<uint32_t>{70, 8, 5, 6, 7, 8, 9, 0x40400000}));
}

TEST(PTXMemory, AtomicsInSharedMemory) {
  Words device({}, 2);
  device.launch.block[0] = 96;
  expectRuns(device, R"(
    mov.u32 %r1, %tid.x; setp.eq.u32 %p1, %r1, 0; mov.b64 %x3, sum; cvta.shared.u64 %x4, %x3;
    @%p1 st.shared.v2.b32 [sum], {0, 0}; bar.sync 0;
    red.shared.add.u32 [sum], %r1; atom.add.u32 %r2, [%x4+4], 2; bar.sync 0;
    @!%p1 bra END; ld.shared.v2.b32 {%r3, %r4}, [sum]; st.global.v2.b32 [%x2], {%r3, %r4}; END:)",
             ".shared .align 8 .b8 sum[8];\n");
  EXPECT_EQ(device.out, (std::vector<uint32_t>{95 * 96 / 2, 192}));
}

TEST(PTXMemory, CopiesArriveWhenTheyAreWaitedFor) {
  Words device(counted(64), 8);
  expectRuns(device, R"(
    cp.async.cg.shared.global [tile], [%x1], 16; cp.async.commit_group;
    cp.async.ca.shared.global.L2::128B [tile+16], [%x1+16], 4, 2; cp.async.commit_group;
    cp.async.cg.shared.global [tile+32], [%x1+32], 16, 0;
    cp.async.wait_group 1; ld.shared.b32 %r1, [tile]; st.global.b32 [%x2], %r1;
    cp.async.wait_group 0; ld.shared.b32 %r1, [tile+16]; st.global.b32 [%x2+4], %r1;
    cp.async.wait_all; ld.shared.v2.b32 {%r1, %r2}, [tile+40]; st.global.v2.b32 [%x2+8], {%r1, %r2};
    cp.async.ca.shared.global [tile+32], [%x1+32], 8; cp.async.wait_all;
    ld.shared.v4.b32 {%r1, %r2, %r3, %r4}, [tile+32]; st.global.v4.b32 [%x2+16], {%r1, %r2, %r3, %r4};)",
             ".shared .align 16 .b8 tile[48];\n");
  const std::vector<uint32_t> &in = device.in;
  EXPECT_EQ(device.out, (std::vector<uint32_t>{in[0], in[4] & 0xffff, 0, 0, in[8], in[9], 0, 0}));
}

TEST(PTXMemory, CopiesShowThePatternBefore) {
  Words device(counted(8), 3);
  device.options.findRaces = false; // Reading them is an error otherwise.
  expectRuns(device, R"(
    st.shared.b32 [tile], 1; cp.async.cg.shared.global [tile], [%x1], 16; cp.async.commit_group;
    ld.shared.b32 %r1, [tile]; st.global.b32 [%x2], %r1;
    cp.async.wait_group 1; ld.shared.b32 %r1, [tile]; st.global.b32 [%x2+4], %r1;
    cp.async.wait_group 0; ld.shared.b32 %r1, [tile]; st.global.b32 [%x2+8], %r1;)",
             ".shared .align 16 .b8 tile[16];\n");
  EXPECT_EQ(device.out, (std::vector<uint32_t>{0xa5a5a5a5, 0xa5a5a5a5, device.in[0]}));
}

TEST(PTXMemory, ABarrierMakesWritesVisible) {
  // Reverses 256 words through shared memory, in either order of the warps.
  for (WarpOrder order : {WarpOrder::Ascending, WarpOrder::Descending}) {
    Words device(counted(256), 256);
    device.launch.block[0] = 256;
    device.options.order = order;
    expectRuns(device, R"(
      mov.u32 %r1, %tid.x; mul.wide.u32 %x3, %r1, 4; add.u64 %x4, %x1, %x3; ld.global.b32 %r2, [%x4];
      mov.b32 %r3, tile; mad.lo.u32 %r4, %r1, 4, %r3; st.shared.b32 [%r4], %r2; barrier.cta.sync.aligned 0;
      sub.u32 %r5, 255, %r1; mad.lo.u32 %r4, %r5, 4, %r3; ld.shared.b32 %r2, [%r4];
      add.u64 %x4, %x2, %x3; st.global.b32 [%x4], %r2;)",
               ".shared .align 4 .b8 tile[1024];\n");
    EXPECT_TRUE(std::equal(device.in.rbegin(), device.in.rend(), device.out.begin()));
  }
}

TEST(PTXMemory, BarriersWithNumbersAndCounts) {
  // Two pairs of warps, each with a barrier of its own.
  Words device({}, 128);
  device.launch.block[0] = 128;
  expectRuns(device, R"(
    mov.u32 %r1, %tid.x; shr.u32 %r2, %r1, 6; add.u32 %r2, %r2, 1; mov.b32 %r3, tile; mad.lo.u32 %r4, %r1, 4, %r3;
    st.shared.b32 [%r4], %r1; bar.sync %r2, 64; xor.b32 %r5, %r1, 32; mad.lo.u32 %r4, %r5, 4, %r3;
    ld.shared.b32 %r6, [%r4]; mul.wide.u32 %x3, %r1, 4; add.u64 %x4, %x2, %x3; st.global.b32 [%x4], %r6;)",
             ".shared .align 4 .b8 tile[512];\n");
  for (uint32_t i = 0; i < 128; ++i)
    EXPECT_EQ(device.out[i], i ^ 32);
}
