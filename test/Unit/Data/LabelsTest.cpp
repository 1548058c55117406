//===- LabelsTest.cpp - Labels from files ---------------------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "stas/Data/Labels.h"
#include "../TestUtils.h"
#include "stas/Data/Npy.h"

using namespace stas;
using namespace stas::test;

namespace {

class LabelsTest : public testing::Test {
protected:
  Result<std::vector<int64_t>> read(const std::string &bytes) {
    writeAll(folder / "labels", bytes);
    return readLabels(folder / "labels", 10);
  }
  TempFolder folder;
};

using Labels = std::vector<int64_t>;

} // namespace

TEST_F(LabelsTest, Text) {
  for (const char *text : {"3\n1\n4\n", "3\n1\n4", "3\r\n1 \r\n4\r\n"}) {
    auto labels = read(text);
    ASSERT_TRUE(succeeds(labels));
    EXPECT_EQ(*labels, (Labels{3, 1, 4}));
  }
  auto none = read("");
  ASSERT_TRUE(succeeds(none));
  EXPECT_TRUE(none->empty());
}

TEST_F(LabelsTest, TextErrors) {
  EXPECT_TRUE(failsWith(read("3\ncat\n"), "labels: labels: line 2: required an "
                                          "integer, found 'cat'"));
  EXPECT_TRUE(failsWith(read("3\n\n4\n"), "line 2: required an integer, found "
                                          "''"));
  EXPECT_TRUE(failsWith(read("1.5\n"), "found '1.5'"));
  EXPECT_TRUE(failsWith(read("99999999999999999999\n"), "line 1: required"));
  EXPECT_TRUE(failsWith(read("1\n10\n"), "labels: image 1: required a class "
                                         "from 0 to 9, found 10"));
  EXPECT_TRUE(failsWith(read("-1\n"), "image 0: required a class from 0 to 9, "
                                      "found -1"));
  EXPECT_TRUE(failsWith(readLabels(folder / "none", 10), "cannot open"));
}

TEST_F(LabelsTest, Npy) {
  int64_t wide[] = {1, 2, 9};
  int32_t narrow[] = {1, 2, 9};
  uint8_t bytes[] = {1, 2, 9};
  const std::pair<NpyType, const void *> arrays[] = {
      {NpyType::I64, wide}, {NpyType::I32, narrow}, {NpyType::U8, bytes}};
  for (auto [type, data] : arrays) {
    ASSERT_TRUE(succeeds(writeNpy(folder / "a.npy", type, {3}, data)));
    auto labels = readLabels(folder / "a.npy", 10);
    ASSERT_TRUE(succeeds(labels));
    EXPECT_EQ(*labels, (Labels{1, 2, 9}));
  }
  float floats[] = {1, 2, 3};
  ASSERT_TRUE(succeeds(writeNpy(folder / "a.npy", NpyType::F32, {3}, floats)));
  EXPECT_TRUE(failsWith(readLabels(folder / "a.npy", 10), "labels: required integers [B], found float32 [3]"));
  ASSERT_TRUE(succeeds(writeNpy(folder / "a.npy", NpyType::I64, {3, 1}, wide)));
  EXPECT_TRUE(failsWith(readLabels(folder / "a.npy", 10), "found int64 [3, 1]"));
  EXPECT_TRUE(failsWith(read("\x93NUMPY"), "not a .npy file"));
}

TEST_F(LabelsTest, Idx) {
  auto labels = read(std::string("\0\0\x08\x01\0\0\0\x03\7\2\1", 11));
  ASSERT_TRUE(succeeds(labels));
  EXPECT_EQ(*labels, (Labels{7, 2, 1}));
  EXPECT_TRUE(failsWith(read(std::string("\0\0\x08\x01\0\0\0\x04\7\2\1", 11)),
                        "idx file: its header does not match its 11 bytes"));
}
