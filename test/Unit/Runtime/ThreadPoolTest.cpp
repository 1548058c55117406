//===- ThreadPoolTest.cpp - Threads that work in step ---------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "stas/Runtime/ThreadPool.h"
#include "../TestUtils.h"
#include "lib/Runtime/Cpus.h"
#include "stas/Runtime/Model.h"

#include <gtest/gtest.h>
#include <numeric>
#include <set>

using namespace stas;
using namespace stas::test;

class ThreadPoolTest : public testing::TestWithParam<int> {};

TEST_P(ThreadPoolTest, EveryRankWorksOnce) {
  ThreadPool pool(GetParam());
  ASSERT_EQ(pool.size(), GetParam());
  for (int round = 0; round < 200; ++round) {
    std::vector<int> calls(pool.size(), 0);
    pool.run([&](int rank) { ++calls[rank]; });
    EXPECT_EQ(calls, std::vector<int>(pool.size(), 1));
  }
}

TEST_P(ThreadPoolTest, ABarrierShowsWhatOthersWrote) {
  ThreadPool pool(GetParam());
  int threads = pool.size();
  std::vector<int64_t> values(threads, 0);
  std::atomic<int> wrong{0};
  pool.run([&](int rank) {
    for (int64_t round = 1; round <= 500; ++round) {
      values[rank] = round; // Not atomic: the barrier must order it.
      pool.barrier();
      int64_t sum = std::accumulate(values.begin(), values.end(), int64_t(0));
      if (sum != round * threads)
        ++wrong;
      pool.barrier();
    }
  });
  EXPECT_EQ(wrong, 0);
}

TEST_P(ThreadPoolTest, RanksAreThreads) {
  ThreadPool pool(GetParam());
  std::vector<std::thread::id> ids(pool.size());
  pool.run([&](int rank) { ids[rank] = std::this_thread::get_id(); });
  EXPECT_EQ(ids[0], std::this_thread::get_id());
  EXPECT_EQ(std::set<std::thread::id>(ids.begin(), ids.end()).size(), ids.size());
}

TEST_P(ThreadPoolTest, SleepsAndWakes) {
  // Longer than a thread spins.
  ThreadPool pool(GetParam());
  std::atomic<int> calls{0};
  for (int round = 0; round < 3; ++round) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    pool.run([&](int rank) {
      if (rank == round)
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
      pool.barrier();
      ++calls;
    });
  }
  EXPECT_EQ(calls, 3 * pool.size());
}

// One alone, as many as small machines have, and more than that.
INSTANTIATE_TEST_SUITE_P(Sizes, ThreadPoolTest, testing::Values(1, 2, 3, 9));

TEST(ThreadPool, MayNeverRun) { ThreadPool pool(4); }

TEST(ThreadPool, FewerThreadsWhereTheSystemHasNoMore) {
  if (!kLimitsAddressSpace)
    GTEST_SKIP();
  WithLimit addresses(RLIMIT_AS, uint64_t(1) << 30); // A stack takes 8 MiB of it.
  ThreadPool pool(1000);
  EXPECT_LT(pool.size(), 1000);
  std::atomic<int> calls{0};
  pool.run([&](int) {
    pool.barrier();
    ++calls;
  });
  EXPECT_EQ(calls, pool.size());
}

TEST(Cpus, AreWhatTheProcessMayUse) {
  EXPECT_GE(availableCpus(), 1);
  EXPECT_EQ(cpusOfQuota("200000 100000\n"), 2);
  EXPECT_EQ(cpusOfQuota("150000 100000"), 2);
  EXPECT_EQ(cpusOfQuota("1000 100000"), 1);
  for (const char *none : {"max 100000", "", "x", "1", "-1 100000", "1 0", "nan 1", "1e300 1"})
    EXPECT_FALSE(cpusOfQuota(none)) << none;
}
