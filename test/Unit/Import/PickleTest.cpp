//===- PickleTest.cpp - Each opcode of each protocol ----------------------===//
//
// Part of stas, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "stas/Import/Pickle.h"
#include "PickleWriter.h"

#include "gtest/gtest.h"

using namespace stas::import;
using namespace stas::test;
using Kind = PickleNode::Kind;
using namespace std::string_literals;

namespace {
std::unique_ptr<PickleGraph> read(const std::string &bytes) {
  size_t consumed = 0;
  auto graph = readPickle(bytes, consumed);
  if (!graph) {
    ADD_FAILURE() << toString(graph.takeError());
    return std::make_unique<PickleGraph>();
  }
  EXPECT_EQ(consumed, bytes.size());
  return std::move(*graph);
}

/// The root of a pickle of one value, kept with its graph.
struct Value {
  explicit Value(const std::string &opcodes) : bytes(opcodes + "."), graph(read(bytes)) {}
  const PickleNode &operator*() const { return (*graph)[graph->root()]; }
  const PickleNode *operator->() const { return &**this; }
  const PickleNode &item(size_t i) const { return (*graph)[(**this).items[i]]; }

  std::string bytes;
  std::unique_ptr<PickleGraph> graph;
};

void expectInteger(const std::string &opcodes, int64_t expected) {
  Value value(opcodes);
  EXPECT_EQ(value->kind, Kind::Int);
  EXPECT_EQ(value->integer, expected);
}

void expectText(const std::string &opcodes, Kind kind, const std::string &expected) {
  Value value(opcodes);
  EXPECT_EQ(value->kind, kind);
  EXPECT_EQ(value->text.str(), expected);
}
} // namespace

TEST(Pickle, Integers) {
  expectInteger("J" + bytesOf(int32_t(-7)), -7);
  expectInteger("K\xff", 255);
  expectInteger("M\x01\x02", 0x201);
  expectInteger("I-12\n", -12);
  expectInteger("L34L\n", 34);
  expectInteger("\x8a\x00"s, 0);
  expectInteger("\x8a\x01\xff", -1);
  expectInteger("\x8a\x02\xff\x00"s, 255);
  expectInteger("\x8a\x08" + bytesOf(INT64_MIN), INT64_MIN);
  expectInteger("\x8b\x01\x00\x00\x00\x05"s, 5);
  EXPECT_EQ(Value("\x8a\x09"s + std::string(9, '\x01'))->kind, Kind::BigInt);
  EXPECT_EQ(Value("L99999999999999999999L\n")->kind, Kind::BigInt);
}

TEST(Pickle, Constants) {
  EXPECT_EQ(Value("N")->kind, Kind::None);
  EXPECT_EQ(Value("\x88")->integer, 1);
  EXPECT_EQ(Value("\x89")->kind, Kind::Bool);
  EXPECT_EQ(Value("I01\n")->kind, Kind::Bool);
  EXPECT_EQ(Value("I00\n")->integer, 0);
}

TEST(Pickle, Reals) {
  EXPECT_EQ(Value("G\x3f\xe0\x00\x00\x00\x00\x00\x00"s)->real, 0.5);
  EXPECT_EQ(Value("F1.25\n")->real, 1.25);
}

TEST(Pickle, Strings) {
  expectText("X\x03\x00\x00\x00"s + "abc", Kind::String, "abc");
  expectText("\x8c\x03"s + "abc", Kind::String, "abc");
  expectText("\x8d" + bytesOf(uint64_t(3)) + "abc", Kind::String, "abc");
  expectText("T\x03\x00\x00\x00"s + "abc", Kind::String, "abc");
  expectText("U\x03"s + "abc", Kind::String, "abc");
  expectText("B\x02\x00\x00\x00"s + "ab", Kind::Bytes, "ab");
  expectText("C\x02"s + "ab", Kind::Bytes, "ab");
  expectText("\x8e" + bytesOf(uint64_t(2)) + "ab", Kind::Bytes, "ab");
  expectText("\x96" + bytesOf(uint64_t(2)) + "ab", Kind::Bytes, "ab");
}

TEST(Pickle, StringsWithEscapes) {
  expectText("S'abc'\n", Kind::String, "abc");
  expectText("S\"a\\n\\t\\r\\\\\\'\\\"\\x41\"\n", Kind::String, "a\n\t\r\\'\"A");
  expectText("Vabc\n", Kind::String, "abc");
  expectText("V\\u00e9\\U0001f600\xe9\\z\n", Kind::String, "\xc3\xa9\xf0\x9f\x98\x80\xc3\xa9\\z");
}

TEST(Pickle, Containers) {
  EXPECT_EQ(Value(")")->kind, Kind::Tuple);
  EXPECT_EQ(Value("(K\x01K\x02t")->items.size(), 2u);
  EXPECT_EQ(Value("K\x01\x85").item(0).integer, 1);
  EXPECT_EQ(Value("K\x01K\x02\x86").item(1).integer, 2);
  EXPECT_EQ(Value("K\x01K\x02K\x03\x87").item(2).integer, 3);
  EXPECT_EQ(Value("(K\x01l")->kind, Kind::List);
  EXPECT_EQ(Value("]K\x01"s + "a").item(0).integer, 1);
  EXPECT_EQ(Value("](K\x01K\x02"s + "e")->items.size(), 2u);
  EXPECT_EQ(Value("(U\x01kK\x01"s + "d").item(0).text, "k");
  EXPECT_EQ(Value("}U\x01kK\x01"s + "s").item(1).integer, 1);
  EXPECT_EQ(Value("}(U\x01kK\x01U\x01lK\x02u")->items.size(), 4u);
  EXPECT_EQ(Value("\x8f(K\x01\x90")->kind, Kind::Set);
  EXPECT_EQ(Value("(K\x01\x91")->kind, Kind::Set);
}

TEST(Pickle, CallsAreOnlyWrittenDown) {
  Value reduce("cposix\nsystem\n(U\x02lst\x52");
  EXPECT_EQ(reduce->kind, Kind::Object);
  EXPECT_EQ(reduce.graph->dottedName(reduce.graph->root()), "posix.system");
  EXPECT_EQ(reduce.graph->describe(reduce.graph->root()), "a call of posix.system");
  for (const char *opcodes : {"cos\nsystem\n)\x81", "cos\nsystem\n)}\x92", "(cos\nsystem\nK\x01o",
                              "(K\x01ios\nsystem\n", "U\x02osU\x06system\x93)R"}) {
    Value value(opcodes);
    EXPECT_EQ(value->kind, Kind::Object) << opcodes;
    EXPECT_EQ(value.graph->dottedName(value.graph->root()), "os.system") << opcodes;
  }
}

TEST(Pickle, ObjectsKeepStateAndItems) {
  Value object("cm\nC\n)\x81}U\x01kK\x01sb");
  EXPECT_EQ((*object.graph)[object->state].kind, Kind::Dict);
  Value dict("ccollections\nOrderedDict\n)R(U\x01kK\x01u");
  EXPECT_EQ(dict->items.size(), 2u);
  Value deque("ccollections\ndeque\n)R(K\x01K\x02"s + "e");
  EXPECT_TRUE(deque->items.empty());
  EXPECT_EQ(Value("](K\x01K\x02"s + "e}b")->items.size(), 2u); // state for a list: no effect
}

TEST(Pickle, PersistentIds) {
  EXPECT_EQ(Value("U\x02idQ").item(0).text, "id");
  EXPECT_EQ(Value("Pid\n").item(0).text, "id");
}

TEST(Pickle, Memo) {
  EXPECT_EQ(Value("K\x05q\x00h\x00\x86"s).item(1).integer, 5);
  EXPECT_EQ(Value("K\x05r\x00\x01\x00\x00j\x00\x01\x00\x00\x86"s).item(0).integer, 5);
  EXPECT_EQ(Value("K\x05p7\ng7\n\x86").item(0).integer, 5);
  EXPECT_EQ(Value("K\x05\x94h\x00\x86"s).item(0).integer, 5);
}

TEST(Pickle, StackAndFraming) {
  EXPECT_EQ(Value("\x80\x04\x95" + bytesOf(uint64_t(2)) + "K\x01")->integer, 1);
  EXPECT_EQ(Value("K\x01K\x02"s + "0")->integer, 1);
  EXPECT_EQ(Value("K\x01(0")->integer, 1);
  EXPECT_EQ(Value("K\x01(K\x02"s + "1")->integer, 1);
  EXPECT_EQ(Value("K\x01"s + "2\x86")->items.size(), 2u);
}

TEST(Pickle, StopsAtStop) {
  size_t consumed = 0;
  auto graph = readPickle("K\x01.rest", consumed);
  ASSERT_TRUE(bool(graph));
  EXPECT_EQ(consumed, 3u);
}

TEST(Pickle, Descriptions) {
  auto describe = [](const std::string &opcodes) {
    Value value(opcodes);
    return value.graph->describe(value.graph->root());
  };
  EXPECT_EQ(describe("N"), "None");
  EXPECT_EQ(describe("\x88"), "True");
  EXPECT_EQ(describe("K\x03"), "the integer 3");
  EXPECT_EQ(describe("F0.5\n"), "the number 0.5");
  EXPECT_EQ(describe("U\x02"s + "a\n"), "the string \"a\\x0a\"");
  EXPECT_EQ(describe("C\x02zz"), "a byte string of 2 bytes");
  EXPECT_EQ(describe("K\x01\x85"), "a tuple of 1 values");
  EXPECT_EQ(describe("]"), "a list of 0 values");
  EXPECT_EQ(describe("}"), "a dict of 0 entries");
  EXPECT_EQ(describe("\x8f"), "a set of 0 values");
  EXPECT_EQ(describe("cm\nf\n"), "the name m.f");
  EXPECT_EQ(describe("U\x01zQ"), "a storage");
  EXPECT_EQ(describe("K\x01)R"), "a call of something that is no function");
  EXPECT_EQ(describe("L99999999999999999999L\n"), "an integer of more than 64 bits");
}
