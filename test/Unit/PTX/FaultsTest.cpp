//===- FaultsTest.cpp - What a kernel must not do -------------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "PtxTest.h"

using namespace stas;
using namespace stas::ptx;
using testing::Test;

namespace {
void expectFault(const std::string &body, unsigned threads, const std::string &expected,
                 const std::string &declarations = "", unsigned blocks = 1) {
  std::string found = faultOf("ld.param.u64 %x1, [in]; ld.param.u64 %x2, [out]; mov.u32 %r1, %tid.x;\n" + body, threads,
                              declarations, blocks);
  EXPECT_NE(found.find(expected), std::string::npos)
      << body << "\n  required: " << expected << "\n  found:    " << (found.empty() ? "success" : found);
}
const char kTile[] = ".shared .align 16 .b8 tile[256];\n";
} // namespace

TEST(PTXFaults, NamesLineInstructionBlockAndThread) {
  Device<uint32_t, uint32_t> device({}, 1);
  device.launch.grid[0] = 3;
  device.launch.grid[1] = 2;
  device.launch.block[0] = 8;
  device.launch.block[1] = 4;
  Status status = device.run(kernelOf("mov.u32 %r1, %tid.y; mov.u32 %r2, %ctaid.y; setp.ne.u32 %p1, %r1, 2;\n"
                                      "setp.ne.or.u32 %p1, %r2, 1, %p1; @%p1 bra END;\n"
                                      "ld.global.b32 %r3, [1024];\nEND:"));
  ASSERT_FALSE(status);
  EXPECT_EQ(status.message(), "kernel 'test', line 9, ld.global.b32: 4 bytes at 0x400 are in no allocation of global "
                              "memory; block (0, 1, 0), thread (0, 2, 0)");
}

TEST(PTXFaults, AccessesOutOfBounds) {
  // 64 words each.
  expectFault("st.global.b32 [%x2+256], %r1;", 1, "4 bytes at 0x");
  expectFault("ld.global.b32 %r2, [%x1+-4];", 1, "are in no allocation of global memory");
  expectFault("ld.global.v4.b32 {%r2, %r3, %r4, %r5}, [%x1+256];", 1, "16 bytes at 0x");
  expectFault("red.global.add.u32 [%x1+256], 1;", 1, "are in no allocation of global memory");
  expectFault("ld.b32 %r2, [%x1+256];", 1, "are in no allocation of global memory");
  expectFault("st.shared.b32 [tile+256], %r1;", 1, "4 bytes at 0x100 are outside of shared memory, which has 256",
              kTile);
  expectFault("cvta.shared.u64 %x3, 0; st.b32 [%x3+256], %r1;", 1, "are outside of shared memory", "");
  expectFault(".local .align 4 .b8 depot[8]; st.local.b32 [depot+8], %r1;", 1,
              "4 bytes at 0x8 are outside of local memory, which has 8");
  expectFault("ld.param.b64 %x3, [out+8];", 1, "8 bytes at 0x10 are outside of the parameters, which have 16");
  expectFault("cp.async.cg.shared.global [tile+256], [%x1], 16;", 1, "16 bytes at 0x100 are outside of shared memory",
              kTile);
  expectFault("cp.async.cg.shared.global [tile], [%x1+256], 16;", 1, "are in no allocation of global memory", kTile);
  expectFault("ldmatrix.sync.aligned.m8n8.x1.shared.b16 {%r2}, [tile+256];", 32, "are outside of shared memory", kTile);
}

TEST(PTXFaults, MisalignedAccesses) {
  expectFault("ld.global.b32 %r2, [%x1+2];", 1, "are not aligned to their size");
  expectFault("ld.global.v2.b32 {%r2, %r3}, [%x1+4];", 1, "8 bytes at 0x");
  expectFault("st.shared.b16 [tile+1], %h1;", 1, "2 bytes at 0x1 are not aligned to their size", kTile);
  expectFault("cp.async.cg.shared.global [tile+8], [%x1], 16;", 1, "16 bytes at 0x8 are not aligned", kTile);
  expectFault("cp.async.cg.shared.global [tile], [%x1+8], 16;", 1, "are not aligned to their size", kTile);
  expectFault("ldmatrix.sync.aligned.m8n8.x1.shared.b16 {%r2}, [tile+8];", 32, "16 bytes at 0x8 are not aligned",
              kTile);
}

TEST(PTXFaults, CopiesThatNobodyWaitedFor) {
  const std::string copy = "cp.async.cg.shared.global [tile], [%x1], 16; cp.async.commit_group;";
  const std::string expected = "shared memory is the target of a copy that was not waited for";
  expectFault(copy + "ld.shared.b32 %r2, [tile];", 1, expected, kTile);
  expectFault(copy + "cp.async.wait_group 1; ld.shared.b32 %r2, [tile];", 1, expected, kTile);
  expectFault(copy + "st.shared.b32 [tile+12], 0;", 1, expected, kTile);
  expectFault("setp.ne.u32 %p1, %r1, 0; @%p1 bra NEXT;" + copy +
                  "NEXT: bar.sync 0; ldmatrix.sync.aligned.m8n8.x1.shared.b16 {%r2}, [tile];",
              32, expected, kTile);
  EXPECT_EQ(faultOf("ld.param.u64 %x1, [in];" + copy + "cp.async.wait_group 0; ld.shared.b32 %r2, [tile];", 1, kTile),
            "");
  expectFault("cp.async.cg.shared.global [tile], [%x1], 16, 17;", 1, "required at most 16 bytes to copy, found 17",
              kTile);
}

TEST(PTXFaults, MissingBarriers) {
  const std::string address = "mov.b32 %r2, tile; mad.lo.u32 %r3, %r1, 4, %r2; xor.b32 %r4, %r1, 32;"
                              "mad.lo.u32 %r4, %r4, 4, %r2; st.shared.b32 [%r3], 0; bar.sync 0;";
  const std::string race = "a race: byte ";
  // Writes, then reads what another warp wrote.
  expectFault(address + "st.shared.b32 [%r3], %r1; ld.shared.b32 %r5, [%r4];", 64, race, kTile);
  // Reads, then overwrites what another warp reads.
  expectFault(address + "st.shared.b32 [%r3], %r1; bar.sync 0; ld.shared.b32 %r5, [%r4]; st.shared.b32 [%r3], %r5;", 64,
              race, kTile);
  // The same within a warp: lanes have no order of their own.
  const std::string lane = "mov.b32 %r2, tile; mad.lo.u32 %r3, %r1, 4, %r2; xor.b32 %r4, %r1, 1;"
                           "mad.lo.u32 %r4, %r4, 4, %r2; st.shared.b32 [%r3], 0; bar.sync 0;"
                           "st.shared.b32 [%r3], %r1;";
  expectFault(lane + "ld.shared.b32 %r5, [%r4];", 32, race, kTile);
  EXPECT_EQ(faultOf("mov.u32 %r1, %tid.x;" + lane + "bar.warp.sync 0xffffffff; ld.shared.b32 %r5, [%r4];", 32, kTile),
            "");
  // A barrier of the warp is none for the block.
  expectFault(address + "st.shared.b32 [%r3], %r1; bar.warp.sync 0xffffffff; ld.shared.b32 %r5, [%r4];", 64, race,
              kTile);
  EXPECT_EQ(faultOf("mov.u32 %r1, %tid.x;" + address +
                        "st.shared.b32 [%r3], %r1; bar.sync 0; ld.shared.b32 %r5, [%r4];"
                        "bar.sync 0; st.shared.b32 [%r3], %r5;",
                    64, kTile),
            "");
  // All read the same word: no race until one writes it.
  expectFault(address + "ld.shared.b32 %r2, [tile]; setp.eq.u32 %p1, %r1, 3; @%p1 st.shared.b32 [tile], 1;", 32,
              "was read by", kTile);
}

TEST(PTXFaults, SharedMemoryThatNobodyWrote) {
  expectFault("ld.shared.b32 %r2, [tile+8];", 1, "byte 8 of shared memory is read, and nobody wrote it", kTile);
  expectFault("st.shared.b32 [tile], 0; ld.shared.v2.b32 {%r2, %r3}, [tile];", 1,
              "byte 4 of shared memory is read, and nobody wrote it", kTile);
  expectFault("red.shared.add.u32 [tile], 1;", 1, "byte 0 of shared memory is read, and nobody wrote it", kTile);
  // Nor did the block before it, of which nothing is left.
  expectFault("mov.u32 %r2, %ctaid.x; setp.eq.u32 %p1, %r2, 0; @%p1 st.shared.b32 [tile], 0; @!%p1 ld.shared.b32 %r3, "
              "[tile];",
              1, "is read, and nobody wrote it; block (1, 0, 0)", kTile, 2);
  // A barrier of some of the threads leaves races alone, but not this.
  expectFault("bar.sync 1, 32; ld.shared.b32 %r2, [tile];", 32, "is read, and nobody wrote it", kTile);
}

TEST(PTXFaults, RacesInGlobalMemory) {
  const std::string blocks = " of global memory was written by block 0, and nothing orders blocks; block (1, 0, 0)";
  const std::string threads = "with no barrier in between";
  // Of two blocks: the same word, or a word of which each writes half, is written; is read and written.
  expectFault("st.global.b32 [%x2], 1;", 1, blocks, "", 2);
  expectFault("mov.u32 %r2, %ctaid.x; mul.wide.u32 %x3, %r2, 2; add.u64 %x3, %x2, %x3; st.global.b32 [%x2+4], %r2;", 1,
              blocks, "", 2);
  expectFault("mov.u32 %r2, %ctaid.x; setp.eq.u32 %p1, %r2, 0; @%p1 st.global.b32 [%x2], 1; @!%p1 ld.global.b32 %r3, "
              "[%x2];",
              1, blocks, "", 2);
  expectFault("mov.u32 %r2, %ctaid.x; setp.eq.u32 %p1, %r2, 2; ld.global.b32 %r3, [%x2]; @%p1 st.global.b32 [%x2], 1;",
              1, "was read by several blocks, and nothing orders blocks; block (2, 0, 0)", "", 3);
  expectFault("mov.u32 %r2, %ctaid.x; setp.eq.u32 %p1, %r2, 0; @%p1 st.global.b32 [%x1], 1;"
              "@!%p1 cp.async.cg.shared.global [tile], [%x1], 16;",
              1, blocks, kTile, 2);
  // A barrier is one of the block alone.
  expectFault("mov.u32 %r2, %ctaid.x; setp.eq.u32 %p1, %r2, 0; @%p1 st.global.b32 [%x2], 1; bar.sync 0;"
              "membar.gl; @!%p1 ld.global.b32 %r3, [%x2];",
              1, blocks, "", 2);
  // Atomic accesses race with others, not with one another.
  expectFault("mov.u32 %r2, %ctaid.x; setp.eq.u32 %p1, %r2, 0; @%p1 red.global.add.u32 [%x2], 1;"
              "@!%p1 ld.global.b32 %r3, [%x2];",
              1, blocks, "", 2);
  const std::string start = "ld.param.u64 %x1, [in]; ld.param.u64 %x2, [out]; mov.u32 %r1, %tid.x;\n";
  EXPECT_EQ(faultOf(start + "red.global.add.u32 [%x2], 1;", 64, "", 4), "");
  EXPECT_EQ(faultOf(start + "ld.global.b32 %r2, [%x2];", 64, "", 4), "");
  // Bytes of a word are memory of their own.
  EXPECT_EQ(faultOf(start + "mov.u32 %r2, %ctaid.x; cvt.u64.u32 %x3, %r2; add.u64 %x3, %x2, %x3; st.global.b8 [%x3], "
                            "%r2;",
                    1, "", 4),
            "");
  // Of a block: each thread writes its word, then reads another's.
  auto exchange = [&](const char *barrier, int distance) {
    return "mul.wide.u32 %x3, %r1, 4; add.u64 %x3, %x2, %x3; st.global.b32 [%x3], %r1; " + std::string(barrier) +
           " xor.b32 %r2, %r1, " + std::to_string(distance) +
           "; mul.wide.u32 %x3, %r2, 4; add.u64 %x3, %x2, %x3; ld.global.b32 %r3, [%x3];";
  };
  const char warp[] = "bar.warp.sync 0xffffffff;";
  expectFault(exchange("", 32), 64, threads);
  expectFault(exchange("", 1), 32, threads);
  expectFault(exchange(warp, 32), 64, threads);
  EXPECT_EQ(faultOf(start + exchange(warp, 1), 64), "");
  EXPECT_EQ(faultOf(start + exchange("bar.sync 0;", 32), 64), "");
}

TEST(PTXFaults, DivergentBarriers) {
  expectFault("setp.lt.u32 %p1, %r1, 16; @%p1 bra A; bar.sync 0; bra END;\nA: bar.sync 0;\nEND:", 32,
              "the warp is divided: lane 16 waits at line 8, bar.sync");
  expectFault("setp.lt.u32 %p1, %r1, 16; @%p1 ret; bar.sync 0;", 32, "the warp is divided: lane 0 has exited");
  expectFault("setp.lt.u32 %p1, %r1, 32; @%p1 ret; bar.sync 0;", 64,
              "the barrier waits for thread (0, 0, 0), which has exited");
  expectFault("setp.lt.u32 %p1, %r1, 32; @%p1 bra A; bar.sync 0; bra END;\nA: bar.sync 1;\nEND:", 64,
              "the barrier waits for thread (32, 0, 0), which waits at line 8, bar.sync");
  expectFault("bar.sync 16;", 32, "required a barrier below 16, found 16");
  expectFault("bar.sync 0, 48;", 64, "required a multiple of 32 threads, at most those of the block, found 48");
  expectFault("bar.sync 1, 64;", 32, "required a multiple of 32 threads, at most those of the block, found 64");
  expectFault("shr.u32 %r2, %r1, 5; add.u32 %r2, %r2, 1; mul.lo.u32 %r2, %r2, 32; bar.sync 1, %r2;", 64,
              "warps wait at the barrier for different numbers of threads");
}

TEST(PTXFaults, OperationsThatLanesDoNotComeTo) {
  expectFault("setp.lt.u32 %p1, %r1, 16; @%p1 bra A; shfl.sync.bfly.b32 %r2, %r1, 1, 31, 0xffffffff; A: bar.sync 0;",
              32, "waits for lane 0, which waits at line 8, bar.sync");
  expectFault("setp.lt.u32 %p1, %r1, 1; @%p1 ret; bar.warp.sync 0xffffffff;", 32, "waits for lane 0, which has exited");
  expectFault("bar.warp.sync 0xfffffffe;", 32, "the mask does not have the lane that executes it");
  expectFault("bar.warp.sync 0xffffffff;", 8, "the mask names lanes that the block does not have");
  expectFault("setp.lt.u32 %p1, %r1, 16; selp.b32 %r2, 0x0fffffff, 0xffffffff, %p1; bar.warp.sync %r2;", 28,
              "the mask names lanes that the block does not have");
  expectFault("setp.lt.u32 %p1, %r1, 16; selp.b32 %r2, 0x7fffffff, 0xffffffff, %p1; bar.warp.sync %r2;", 32,
              "the lanes of the mask have different masks");
  expectFault("setp.eq.u32 %p1, %r1, 31; @%p1 bra END; shfl.sync.bfly.b32 %r2, %r1, 16, 31, 0x7fffffff; END:", 32,
              "reads from lane 31, which takes no part");
  expectFault("setp.eq.u32 %p1, %r1, 31; @%p1 bra END; ldmatrix.sync.aligned.m8n8.x1.shared.b16 {%r2}, [tile]; END:",
              32, "waits for lane 31, which has exited", kTile);
}

TEST(PTXFaults, Traps) { expectFault("trap;", 1, "the kernel gave up"); }

TEST(PTXFaults, TheFirstBlockThatFailsIsNamed) {
  for (int threads : {1, 4}) {
    Device<uint32_t, uint32_t> device({}, 1);
    device.launch.grid[0] = 64;
    device.options.threads = threads;
    Status status = device.run(kernelOf("mov.u32 %r1, %ctaid.x; setp.lt.u32 %p1, %r1, 13; @!%p1 trap;"));
    ASSERT_FALSE(status);
    EXPECT_NE(status.message().find("block (13, 0, 0)"), std::string::npos) << status.message();
  }
}

TEST(PTXFaults, Launches) {
  auto message = [](unsigned blockX, unsigned blockY, unsigned gridY, const std::string &limit,
                    size_t parameters = 16) {
    Memory memory;
    Result<std::unique_ptr<Program>> program =
        Program::load(".version 8.0\n.target sm_80\n.address_size 64\n.entry test(.param .u64 a, .param .u64 b)\n" +
                          limit + "{ ret; }",
                      memory);
    EXPECT_TRUE(program);
    Launch launch;
    launch.block[0] = blockX;
    launch.block[1] = blockY;
    launch.grid[1] = gridY;
    launch.parameters.resize(parameters);
    Status status = (*program)->run("test", launch);
    return status ? "" : status.message();
  };
  EXPECT_EQ(message(128, 2, 4, ".maxntid 256"), "");
  EXPECT_EQ(message(256, 2, 1, ".maxntid 256"),
            "kernel 'test': required at most 256 threads a block (.maxntid), found 512");
  EXPECT_EQ(message(128, 1, 1, ".reqntid 64, 2"),
            "kernel 'test': required the block that .reqntid says, found another");
  EXPECT_EQ(message(1025, 1, 1, ""), "kernel 'test': required 1 to 1024 threads in dimension 0, found 1025");
  EXPECT_EQ(message(1024, 2, 1, ""), "kernel 'test': required at most 1024 threads a block, found 2048");
  EXPECT_EQ(message(1, 1, 65536, ""), "kernel 'test': required 1 to 65535 blocks in dimension 1, found 65536");
  EXPECT_EQ(message(1, 1, 1, "", 12), "kernel 'test': required 16 bytes of parameters, found 12");
  Memory memory;
  Result<std::unique_ptr<Program>> program = Program::load(kernelOf(""), memory);
  ASSERT_TRUE(program);
  EXPECT_EQ((*program)->run("other", {}).message(), "kernel 'other': the file has none of that name");
}
