//===- ErrorTest.cpp - Errors as values -----------------------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "stas/Support/Error.h"
#include "../TestUtils.h"
#include "stas/Support/Checked.h"
#include "stas/Support/MappedFile.h"

#include <memory>

using namespace stas;
using namespace stas::test;

TEST(Error, PartsBecomeOneText) {
  EXPECT_EQ(makeError("a: required ", 3, ", found ", 4.5).message(), "a: required 3, found 4.5");
}

TEST(Error, StatusIsTrueWhenDone) {
  EXPECT_TRUE(Status());
  Status failed = makeError("no");
  EXPECT_FALSE(failed);
  EXPECT_EQ(failed.message(), "no");
}

TEST(Error, ResultHoldsWhatOnlyMoves) {
  Result<std::unique_ptr<int>> result = std::make_unique<int>(7);
  ASSERT_TRUE(result);
  std::unique_ptr<int> taken = std::move(*result);
  EXPECT_EQ(*taken, 7);
  Result<int> failed = makeError("why");
  EXPECT_TRUE(failsWith(failed, "why"));
}

TEST(Checked, FindsOverflow) {
  EXPECT_EQ(checkedProduct(std::vector<uint64_t>{3, 5}), 15u);
  EXPECT_FALSE(checkedProduct(std::vector<uint64_t>{1ull << 40, 1ull << 40}));
  EXPECT_EQ(checkedProduct(std::vector<uint64_t>{}), 1u);
  EXPECT_TRUE(inRange(2, 3, 5));
  EXPECT_FALSE(inRange(2, 4, 5));
  EXPECT_FALSE(inRange(~0ull, 2, 5));
  EXPECT_EQ(alignTo(65, 64), 128u);
  EXPECT_EQ(alignTo(0, 64), 0u);
}

TEST(MappedFile, ReadsBytes) {
  TempFolder folder;
  writeAll(folder / "a", "hello");
  writeAll(folder / "empty", "");
  auto file = MappedFile::open(folder / "a");
  ASSERT_TRUE(succeeds(file));
  EXPECT_EQ(file->bytes(), "hello");
  auto empty = MappedFile::open(folder / "empty");
  ASSERT_TRUE(succeeds(empty));
  EXPECT_EQ(empty->size(), 0u);
}

TEST(MappedFile, RefusesWhatIsNoFile) {
  TempFolder folder;
  EXPECT_TRUE(failsWith(MappedFile::open(folder / "none"), "none: cannot open: No such file"));
  EXPECT_TRUE(failsWith(MappedFile::open(folder.path()), "required a regular file, found a folder"));
  EXPECT_TRUE(failsWith(MappedFile::open("/dev/null"), "required a regular file, found a device or pipe"));
}

TEST(MappedFile, ShortOfAddresses) {
  if (!kLimitsAddressSpace)
    GTEST_SKIP();
  TempFolder folder;
  writeAll(folder / "huge", "");
  std::filesystem::resize_file(folder / "huge", uint64_t(8) << 30);
  WithLimit addresses(RLIMIT_AS, uint64_t(4) << 30);
  EXPECT_TRUE(failsWith(MappedFile::open(folder / "huge"), "huge: cannot map: Cannot allocate memory"));
}
