//===- CpuTargetTest.cpp - Names of CPUs ----------------------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "stas/Target/CPU/CpuTarget.h"
#include "stas/Runtime/CpuFeatures.h"
#include "llvm/ADT/STLExtras.h"
#include <gtest/gtest.h>

using namespace stas;

namespace {

TEST(CpuTarget, LanesFollowTheVectorWidth) {
  for (auto [name, lanes] : {std::pair("x86-64-v3", 8), {"haswell", 8}, {"x86-64-v4", 16}, {"skylake-avx512", 16}}) {
    auto target = CpuTarget::create(name);
    ASSERT_TRUE(bool(target)) << llvm::toString(target.takeError());
    EXPECT_EQ(target->name(), name);
    EXPECT_EQ(target->isa().lanes, lanes) << name;
    EXPECT_EQ(llvm::is_contained(target->features(), "avx512f"), lanes == 16) << name;
  }
}

TEST(CpuTarget, FeaturesAreSortedAndKnownToTheRuntime) {
  auto target = CpuTarget::create("x86-64-v3");
  ASSERT_TRUE(bool(target));
  EXPECT_TRUE(llvm::is_sorted(target->features()));
  for (const char *feature : {"avx2", "fma"})
    EXPECT_TRUE(llvm::is_contained(target->features(), feature)) << feature;
  for (const std::string &feature : target->features())
    EXPECT_TRUE(isKnownCpuFeature(feature)) << feature;
}

TEST(CpuTarget, NativeRunsHere) {
  auto target = CpuTarget::create("native");
  ASSERT_TRUE(bool(target)) << llvm::toString(target.takeError());
  EXPECT_EQ(target->name(), "native");
  EXPECT_FALSE(target->llvmName().empty());
  std::vector<std::string> host = hostCpuFeatures();
  for (const std::string &feature : target->features())
    EXPECT_TRUE(llvm::is_contained(host, feature)) << feature;
}

// AMD's own instructions are among those that the code generator picks.
TEST(CpuTarget, FeaturesOfOneVendorAreRecorded) {
  auto target = CpuTarget::create("znver4");
  ASSERT_TRUE(bool(target)) << llvm::toString(target.takeError());
  EXPECT_TRUE(llvm::is_contained(target->features(), "sse4a"));
}

TEST(CpuTarget, FeaturesThatTheRuntimeCannotLookForAreErrors) {
  auto target = CpuTarget::create("novalake");
  ASSERT_FALSE(bool(target));
  EXPECT_EQ(llvm::toString(target.takeError()),
            "--cpu=novalake: required a CPU whose features the runtime can look for when it loads the code, found "
            "avx10.2, ccmp, egpr, movrs, ndd, nf, ppx, push2pop2, zu; choose an older CPU, such as x86-64-v4");
  for (const char *name : {"x86-64", "sapphirerapids", "graniterapids", "bdver4", "znver5", "arrowlake-s"})
    EXPECT_TRUE(bool(CpuTarget::create(name))) << name;
}

TEST(CpuTarget, UnknownNamesAreErrors) {
  for (const char *name : {"", "pentium9", "Native", "x86-64-v3 ", "cortex-a53", "+avx2"}) {
    auto target = CpuTarget::create(name);
    ASSERT_FALSE(bool(target)) << name;
    EXPECT_EQ(llvm::toString(target.takeError()).rfind("--cpu=" + std::string(name) + ": required x86-64-v3", 0), 0u);
  }
}

} // namespace
