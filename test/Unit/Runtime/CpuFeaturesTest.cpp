//===- CpuFeaturesTest.cpp - What a CPU can do ----------------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "stas/Runtime/CpuFeatures.h"
#include "../TestUtils.h"

#include <algorithm>

using namespace stas;
using namespace stas::test;

TEST(CpuFeatures, KnowsNames) {
  for (const char *name : {"avx2", "fma", "avx512f", "sse4.2", "lzcnt"})
    EXPECT_TRUE(isKnownCpuFeature(name)) << name;
  EXPECT_FALSE(isKnownCpuFeature("avx3"));
  EXPECT_FALSE(isKnownCpuFeature(""));
}

TEST(CpuFeatures, TheHostHasWhatItsArchitectureImplies) {
  std::vector<std::string> host = hostCpuFeatures();
  EXPECT_TRUE(std::is_sorted(host.begin(), host.end()));
#if defined(__x86_64__)
  for (const char *name : {"cmov", "cx8", "fxsr", "mmx", "sse", "sse2"})
    EXPECT_TRUE(std::binary_search(host.begin(), host.end(), name)) << name;
  // The compiler's library asks the CPU in its own way.
  auto has = [&](const char *name) { return std::binary_search(host.begin(), host.end(), name); };
  EXPECT_EQ(has("avx2"), __builtin_cpu_supports("avx2") != 0);
  EXPECT_EQ(has("fma"), __builtin_cpu_supports("fma") != 0);
  EXPECT_EQ(has("bmi2"), __builtin_cpu_supports("bmi2") != 0);
  EXPECT_EQ(has("popcnt"), __builtin_cpu_supports("popcnt") != 0);
  EXPECT_EQ(has("avx512f"), __builtin_cpu_supports("avx512f") != 0);
  EXPECT_EQ(has("avx512vnni"), __builtin_cpu_supports("avx512vnni") != 0);
#endif
}

TEST(CpuFeatures, RefusalNamesWhatIsMissingAndWhatToDo) {
  EXPECT_TRUE(requireCpuFeatures({}, {}, "x86-64"));
  EXPECT_TRUE(requireCpuFeatures({"avx2"}, {"avx", "avx2"}, "x86-64-v3"));
  Status status = requireCpuFeatures({"avx", "avx512f", "avx512vl"}, {"avx", "avx2"}, "x86-64-v4");
  EXPECT_TRUE(failsWith(status, "the code was compiled for --cpu=x86-64-v4 and needs "
                                "CPU features that this machine lacks: avx512f, "
                                "avx512vl; compile the model again on this machine "
                                "with --cpu=native"));
  EXPECT_TRUE(failsWith(requireCpuFeatures({"warp"}, {}, "x"), "lacks: warp (unknown to this version)"));
}
