//===- PickleHostileTest.cpp - Pickles made to harm their reader ----------===//
//
// Part of stas, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "PickleWriter.h"
#include "stas/Import/Pickle.h"
#include "stas/Import/TorchObjects.h"

#include "gtest/gtest.h"

using namespace stas::import;
using namespace stas::test;
using namespace std::string_literals;

namespace {
/// The error without "pickle offset N, opcode 0xNN: ", or "" for success.
std::string errorOf(const std::string &bytes, PickleLimits limits = {}) {
  size_t consumed = 0;
  auto graph = readPickle(bytes, consumed, limits);
  if (graph)
    return "";
  std::string text = toString(graph.takeError());
  return text.substr(text.find(": ") + 2);
}

std::string repeat(const std::string &text, size_t n) {
  std::string out;
  for (size_t i = 0; i < n; ++i)
    out += text;
  return out;
}
} // namespace

TEST(PickleHostile, ErrorsNamePlaceAndOpcode) {
  size_t consumed = 0;
  auto graph = readPickle("K\x01\xff", consumed);
  ASSERT_FALSE(bool(graph));
  EXPECT_EQ(toString(graph.takeError()), "pickle offset 2, opcode 0xff: an unknown opcode");
}

TEST(PickleHostile, Truncation) {
  EXPECT_EQ(errorOf(""), "the data end before the pickle does");
  EXPECT_EQ(errorOf("K"), "the data end in the middle of a value");
  EXPECT_EQ(errorOf("I12"), "the data end in the middle of a line");
  EXPECT_EQ(errorOf("X\xff\xff\xff\xff"s + "abc"), "the data end in the middle of a value");
  EXPECT_EQ(errorOf("\x8d" + bytesOf(UINT64_MAX) + "abc"), "the data end in the middle of a value");
}

TEST(PickleHostile, EveryPrefixOfAPickleIsAnError) {
  PickleWriter writer;
  writer.proto().emptyDict().mark().text("a").tensor("FloatStorage", "0", 4, 0, {2, 2}, {2, 1}).setItems().stop();
  ASSERT_EQ(errorOf(writer.bytes), "");
  for (size_t n = 0; n < writer.bytes.size(); ++n)
    EXPECT_NE(errorOf(writer.bytes.substr(0, n)), "") << n;
}

TEST(PickleHostile, StackUse) {
  EXPECT_EQ(errorOf("0"), "an empty stack");
  EXPECT_EQ(errorOf("t"), "no mark on the stack");
  EXPECT_EQ(errorOf("K\x01(R"), "an empty stack"); // values below a mark are out of reach
  EXPECT_EQ(errorOf("."), "an end with 0 values on the stack");
  EXPECT_EQ(errorOf("K\x01K\x01."), "an end with 2 values on the stack");
  EXPECT_EQ(errorOf("(o"), "an object without a class");
}

TEST(PickleHostile, WrongTargets) {
  EXPECT_EQ(errorOf("K\x01K\x02K\x03s"), "items set on the integer 1");
  EXPECT_EQ(errorOf("}K\x02"s + "a"), "elements appended to a dict of 0 entries");
  EXPECT_EQ(errorOf("}(K\x01u"), "a key without a value");
  EXPECT_EQ(errorOf("K\x01K\x02\x93"), "a global whose name is the integer 2");
}

TEST(PickleHostile, MalformedText) {
  EXPECT_EQ(errorOf("Fx\n."), "a number that is none");
  for (const char *text : {"Sabc\n", "S'abc\"\n", "S'a\\q'\n", "S'\\x4'\n", "S'\\'\n", "V\\u12\n", "V\\ud800\n"})
    EXPECT_EQ(errorOf(text), "a string that is none") << text;
  EXPECT_EQ(errorOf("K\x01px\n"), "a memo entry that is no 32-bit number");
  EXPECT_EQ(errorOf("K\x01p18446744073709551615\n"), "a memo entry that is no 32-bit number");
}

TEST(PickleHostile, UnsupportedFeatures) {
  EXPECT_EQ(errorOf("\x80\x06"), "protocol 6");
  EXPECT_EQ(errorOf("\x82\x01"), "an extension code, whose meaning is not in the file");
  EXPECT_EQ(errorOf("\x97"), "a buffer kept outside the file");
  EXPECT_EQ(errorOf("h\x05"), "memo entry 5, which was never stored");
}

TEST(PickleHostile, Limits) {
  PickleLimits limits;
  limits.nodes = 100;
  limits.stack = 50;
  limits.marks = 10;
  EXPECT_EQ(errorOf(repeat("N0", 101), limits), "more than 100 values");
  EXPECT_EQ(errorOf(repeat("N", 51), limits), "a stack of more than 50");
  EXPECT_EQ(errorOf(repeat("(", 11), limits), "more than 10 nested containers");
  std::string memo = "N";
  for (uint32_t i = 0; i < 101; ++i)
    memo += "r" + bytesOf(i);
  EXPECT_EQ(errorOf(memo, limits), "a memo of more than 100");
}

TEST(PickleHostile, DeepNestingIsNoRecursion) {
  // A million nested tuples: reading, describing and converting must not recurse.
  std::string bytes = "N" + repeat("\x85", 1'000'000) + ".";
  size_t consumed = 0;
  auto graph = readPickle(bytes, consumed);
  ASSERT_TRUE(bool(graph));
  EXPECT_FALSE(TorchObjects(**graph).toJSON((*graph)->root()));
}

TEST(PickleHostile, SelfReference) {
  // A list that holds itself, and a dict that is its own value.
  for (const std::string &bytes : {"]q\x00h\x00"s + "a."s, "}q\x00U\x01kh\x00s."s}) {
    size_t consumed = 0;
    auto graph = readPickle(bytes, consumed);
    ASSERT_TRUE(bool(graph));
    TorchObjects objects(**graph);
    EXPECT_FALSE(objects.toJSON((*graph)->root()));
    EXPECT_FALSE(objects.isTensor((*graph)->root()));
  }
}

TEST(PickleHostile, SmallGraphThatUnfoldsHugely) {
  // Ten levels, each of ten references to the one below: 10^10 leaves.
  std::string bytes = "]";
  for (int level = 0; level < 10; ++level) {
    bytes += "q"s + char(level) + "0](";
    for (int i = 0; i < 10; ++i)
      bytes += "h"s + char(level);
    bytes += "e";
  }
  size_t consumed = 0;
  auto graph = readPickle(bytes + ".", consumed);
  ASSERT_TRUE(bool(graph));
  EXPECT_FALSE(TorchObjects(**graph).toJSON((*graph)->root()));
}
