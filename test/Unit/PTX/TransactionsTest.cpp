//===- TransactionsTest.cpp - Bank conflicts and sectors ------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "test/lib/PTX/Transactions.h"
#include "PtxTest.h"

using namespace stas;
using namespace stas::ptx;

namespace {
/// Counts what a body does with %r1 the thread, %x1 and %x2 what `in` and `out` point to, 32 KiB each.
class Counted {
public:
  explicit Counted(const std::string &body, unsigned threads = 32, unsigned blocks = 1) {
    Device<uint32_t, uint32_t> device(std::vector<uint32_t>(8192), 8192);
    device.launch.block[0] = threads;
    device.launch.grid[0] = blocks;
    device.options.findRaces = false;
    device.options.transactions = &report;
    Status status = device.run(
        kernelOf("mov.u32 %r1, %tid.x; ld.param.u64 %x1, [in]; ld.param.u64 %x2, [out]; mov.u32 %r9, bytes;" + body,
                 ".shared .align 16 .b8 bytes[32768];"));
    EXPECT_TRUE(status) << status.message();
  }
  TransactionReport report;
};

void expectCounts(const Transactions &found, Transactions expected) {
  EXPECT_EQ(found.requests, expected.requests);
  EXPECT_EQ(found.made, expected.made);
  EXPECT_EQ(found.least, expected.least);
  EXPECT_EQ(found.bytes, expected.bytes);
}

/// A read of shared memory, from `stride` times the lane divided by `lanes` on.
void expectShared(const std::string &load, unsigned stride, unsigned lanes, Transactions expected) {
  SCOPED_TRACE(load + " stride " + std::to_string(stride) + ", lanes " + std::to_string(lanes));
  Counted counted("div.u32 %r2, %r1, " + std::to_string(lanes) + "; mad.lo.u32 %r2, %r2, " + std::to_string(stride) +
                  ", %r9;" + load);
  expectCounts(counted.report.sum("shared", "ld"), expected);
}
} // namespace

TEST(PTXTransactions, BanksOfWords) {
  const char *word = "ld.shared.b32 %r3, [%r2];";
  expectShared(word, 4, 1, {1, 1, 1, 128});
  expectShared(word, 8, 1, {1, 2, 1, 128});    // every other bank
  expectShared(word, 12, 1, {1, 1, 1, 128});   // 3 and 32 have no factor in common
  expectShared(word, 128, 1, {1, 32, 1, 128}); // all in one bank
  expectShared(word, 132, 1, {1, 1, 1, 128});  // with a pad
  expectShared(word, 0, 1, {1, 1, 1, 4});      // one word for all
  expectShared(word, 128, 4, {1, 8, 1, 32});   // a word for each four
  expectShared("ld.shared.u8 %r3, [%r2];", 1, 1, {1, 1, 1, 32});
  expectShared("ld.shared.u8 %r3, [%r2];", 128, 1, {1, 32, 1, 32});
}

TEST(PTXTransactions, BanksOfVectors) {
  const char *two = "ld.shared.v2.b32 {%r3, %r4}, [%r2];", *four = "ld.shared.v4.b32 {%r3, %r4, %r5, %r6}, [%r2];";
  expectShared(two, 8, 1, {1, 2, 2, 256});
  expectShared("ld.shared.b64 %x3, [%r2];", 8, 1, {1, 2, 2, 256});
  expectShared(two, 16, 1, {1, 4, 2, 256});
  expectShared(two, 128, 16, {1, 2, 2, 16}); // the halves of a warp do not meet
  expectShared(two, 128, 8, {1, 4, 2, 32});
  expectShared(four, 16, 1, {1, 4, 4, 512});
  expectShared(four, 32, 1, {1, 8, 4, 512});
  expectShared(four, 64, 1, {1, 16, 4, 512});
  expectShared(four, 80, 1, {1, 4, 4, 512}); // 64 bytes with a pad
}

TEST(PTXTransactions, SomeLanes) {
  Counted counted("setp.lt.u32 %p1, %r1, 5; mad.lo.u32 %r2, %r1, 128, %r9; @%p1 st.shared.b32 [%r2], 1;"
                  "setp.eq.u32 %p2, %r1, 99; @%p2 st.shared.b64 [%r2], 1;");
  expectCounts(counted.report.sum("shared", "st"), {1, 5, 1, 20});
}

TEST(PTXTransactions, Sectors) {
  auto loads = [](const std::string &load, unsigned stride, unsigned offset, Transactions expected) {
    SCOPED_TRACE(load + " stride " + std::to_string(stride) + " offset " + std::to_string(offset));
    Counted counted("mad.lo.u32 %r2, %r1, " + std::to_string(stride) + ", " + std::to_string(offset) +
                    "; cvt.u64.u32 %x3, %r2; add.u64 %x3, %x3, %x1;" + load);
    expectCounts(counted.report.sum("in", "ld"), expected);
    expectCounts(counted.report.sum("out"), {});
  };
  const char *word = "ld.global.b32 %r3, [%x3];", *four = "ld.global.v4.b32 {%r3, %r4, %r5, %r6}, [%x3];";
  loads(word, 4, 0, {1, 4, 4, 128});
  loads(word, 4, 16, {1, 5, 4, 128}); // begins within a sector
  loads(word, 0, 8, {1, 1, 1, 4});
  loads(word, 32, 0, {1, 32, 4, 128});
  loads("ld.global.u8 %r3, [%x3];", 32, 0, {1, 32, 1, 32});
  loads("ld.global.u8 %r3, [%x3];", 1, 0, {1, 1, 1, 32});
  loads(four, 16, 0, {1, 16, 16, 512});
  loads(four, 64, 0, {1, 32, 16, 512});
}

TEST(PTXTransactions, CopiesCountOnBothSides) {
  // 16 bytes of each thread from 64 bytes apart to 32 bytes apart; the last 8 lanes copy zeros.
  Counted counted("mad.lo.u32 %r2, %r1, 32, %r9; mul.wide.u32 %x3, %r1, 64; add.u64 %x3, %x3, %x1;"
                  "setp.lt.u32 %p1, %r1, 24; selp.b32 %r3, 16, 0, %p1;"
                  "cp.async.cg.shared.global [%r2], [%x3], 16, %r3; cp.async.wait_all;");
  expectCounts(counted.report.sum("shared", "cp.async"), {1, 8, 4, 512});
  expectCounts(counted.report.sum("in", "cp.async"), {1, 24, 12, 384});
}

TEST(PTXTransactions, MatricesCountAsTheirRows) {
  auto loads = [](unsigned stride, Transactions expected) {
    Counted counted("mad.lo.u32 %r2, %r1, " + std::to_string(stride) + ", %r9;" +
                    "ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%r3, %r4, %r5, %r6}, [%r2];");
    expectCounts(counted.report.sum("shared", "ldmatrix"), expected);
  };
  loads(16, {1, 4, 4, 512});
  loads(128, {1, 32, 4, 512});
}

TEST(PTXTransactions, RequestsAreThoseOfWarps) {
  // Three turns of three warps of two blocks, of which lanes meet between turns.
  Counted counted("mov.u32 %r4, 0; again: mul.wide.u32 %x3, %r1, 4; add.u64 %x3, %x3, %x2; st.global.b32 [%x3], %r4;"
                  "bar.warp.sync -1; add.u32 %r4, %r4, 1; setp.lt.u32 %p1, %r4, 3; @%p1 bra again;",
                  96, 2);
  expectCounts(counted.report.sum("out"), {18, 72, 72, 2304});
  // A loop of as many turns as lanes have numbers: 32 requests, of 31 lanes to none.
  Counted loop("mov.u32 %r4, 0; again: setp.ge.u32 %p1, %r4, %r1; @%p1 bra done; st.shared.b32 [%r9], %r4;"
               "add.u32 %r4, %r4, 1; bra again; done:");
  expectCounts(loop.report.sum("shared"), {31, 31, 31, 124});
}

TEST(PTXTransactions, Table) {
  Counted counted("mul.wide.u32 %x3, %r1, 8; add.u64 %x3, %x3, %x1; ld.global.b32 %r3, [%x3];");
  std::string table = counted.report.table();
  EXPECT_EQ(std::count(table.begin(), table.end(), '\n'), 2);
  EXPECT_NE(table.find("test"), std::string::npos);
  EXPECT_NE(table.find("ld.global.b32"), std::string::npos);
  EXPECT_NE(table.find("1            8            4          128\n"), std::string::npos) << table;
}
