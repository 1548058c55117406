//===- NpyTest.cpp - Arrays in NumPy's .npy format ------------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "stas/Data/Npy.h"
#include "../TestUtils.h"

using namespace stas;
using namespace stas::test;

namespace {

/// A version 1 file with that header text and data, as NumPy lays it out.
std::string npy(const std::string &header, const std::string &data = "") {
  std::string bytes("\x93NUMPY\x01\x00", 8);
  bytes += static_cast<char>(header.size() & 0xff);
  bytes += static_cast<char>(header.size() >> 8);
  return bytes + header + data;
}

class NpyRead : public testing::Test {
protected:
  Result<NpyArray> open(const std::string &bytes) {
    writeAll(folder / "a.npy", bytes);
    return NpyArray::open(folder / "a.npy");
  }
  TempFolder folder;
};

} // namespace

TEST_F(NpyRead, WhatNumPyWrites) {
  auto array = open(npy("{'descr': '<i4', 'fortran_order': False, 'shape': (2, "
                        "3), }                 \n",
                        std::string("\1\0\0\0\2\0\0\0\3\0\0\0"
                                    "\4\0\0\0\5\0\0\0\xff\xff\xff\xff",
                                    24)));
  ASSERT_TRUE(succeeds(array));
  EXPECT_EQ(array->type(), NpyType::I32);
  EXPECT_EQ(array->shape(), (std::vector<int64_t>{2, 3}));
  EXPECT_EQ(array->count(), 6u);
  EXPECT_EQ(array->integer(4), 5);
  EXPECT_EQ(array->integer(5), -1);
}

TEST_F(NpyRead, OtherSpellings) {
  // Any order of keys, double quotes, a scalar, one dimension, no last comma.
  EXPECT_TRUE(succeeds(open(npy("{\"shape\": (), \"descr\": \"|b1\", \"fortran_order\": False}", "\1"))));
  EXPECT_TRUE(succeeds(open(npy("{'shape':(3,),'fortran_order':False,'descr':'|u1'}\n", "abc"))));
  EXPECT_TRUE(succeeds(open(npy("{'descr':'<i8','fortran_order':False,'shape':(0,5,),}", ""))));
  // Version 2 has a header length of four bytes.
  std::string header = "{'descr':'<f4','fortran_order':False,'shape':(1,)}";
  std::string bytes("\x93NUMPY\x02\x00", 8);
  bytes += static_cast<char>(header.size());
  bytes += std::string(3, '\0') + header + std::string("\0\0\x80\x3f", 4);
  auto array = open(bytes);
  ASSERT_TRUE(succeeds(array));
  float value;
  array->copyFloats(0, 1, &value);
  EXPECT_EQ(value, 1.0f);
}

TEST_F(NpyRead, Refusals) {
  auto refused = [&](const std::string &bytes, const char *message) { EXPECT_TRUE(failsWith(open(bytes), message)); };
  EXPECT_TRUE(failsWith(NpyArray::open(folder / "none"), "cannot open"));
  refused("", "a.npy: not a .npy file: required the bytes \\x93NUMPY at its "
              "start, found ''");
  refused("1,2,3\n4,5,6\n", "not a .npy file");
  refused(std::string("\x93NUMPY\x04\0\0\0", 10), ".npy format version: required 1 to 3, found 4");
  refused(std::string("\x93NUMPY\x02\0\0\0", 10), "truncated in the .npy");
  refused(std::string("\x93NUMPY\x02\0\xff\xff\xff\x7f", 12),
          ".npy header: required at most 65536 bytes, found 2147483647");
  refused(std::string("\x93NUMPY\x01\0\x50\0{'descr'", 18), "truncated in the .npy header");
  refused(npy("{'descr': '<f4', 'fortran_order': True, 'shape': (2,), }"),
          "in Fortran order; save numpy.ascontiguousarray(array) instead");
  for (const char *type : {">f4", "<f8", "|O", "<f2", "<c8"})
    refused(npy(std::string("{'descr': '") + type + "', 'fortran_order': False, 'shape': (2,), }"),
            "element type: required float32 (<f4), uint8 (|u1)");
  refused(npy("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }", std::string(20, '\0')),
          ".npy data: [2, 3] of float32 required 24 bytes, found 20");
  refused(npy("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }", std::string(28, '\0')),
          "required 24 bytes, found 28");
  refused(npy("{'descr': '<f4', 'fortran_order': False, 'shape': "
              "(99999999999999999, 99999999999999999), }"),
          "required more than 2^64 bytes, found 0");
}

TEST_F(NpyRead, MalformedHeaders) {
  const char *headers[] = {
      "",
      "{}",
      "{'descr': '<f4'}",
      "['descr']",
      "{'descr': '<f4', 'fortran_order': 0, 'shape': (1,)}",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (-1,)}",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (3)}",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (3,,)}",
      "{'descr': '<f4', 'fortran_order': False, 'shape': [3]}",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (3,)} x",
      "{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (3,)}",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (3,), 'more': 1}",
      "{'descr': '<f4' 'fortran_order': False, 'shape': (3,)}",
      "{'descr: '<f4'",
      "{'descr': <f4, 'fortran_order': False, 'shape': (3,)}",
      "{'descr': __import__('os').system('true'), 'shape': (3,)}",
      "{'descr': '<f4', 'fortran_order': False, 'shape': "
      "(1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1)}",
      "{'descr': '<f4', 'fortran_order': False, 'shape': "
      "(9999999999999999999999,)}",
  };
  for (const char *header : headers)
    EXPECT_TRUE(failsWith(open(npy(header)), "malformed .npy header: '")) << header;
}

TEST_F(NpyRead, Mutations) {
  std::string good = npy("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }   \n", std::string(24, 'x'));
  Random random(4);
  for (int i = 0; i < 3000; ++i) {
    std::string bytes = good;
    for (uint64_t n = 1 + random.below(4); n > 0; --n)
      bytes[random.below(bytes.size())] = static_cast<char>(random.next());
    if (random.below(4) == 0)
      bytes.resize(random.below(bytes.size()));
    if (auto array = open(bytes)) {
      ASSERT_LE(array->count() * npyTypeSize(array->type()), bytes.size());
    }
  }
}

TEST(NpyWrite, IsReadBack) {
  TempFolder folder;
  std::vector<float> values = {1, 2, 3, 4, 5, 6};
  ASSERT_TRUE(succeeds(writeNpy(folder / "a.npy", NpyType::F32, {3, 2}, values.data())));
  auto array = NpyArray::open(folder / "a.npy");
  ASSERT_TRUE(succeeds(array));
  EXPECT_EQ(array->type(), NpyType::F32);
  EXPECT_EQ(array->shape(), (std::vector<int64_t>{3, 2}));
  std::vector<float> back(6);
  array->copyFloats(0, 6, back.data());
  EXPECT_EQ(back, values);
  EXPECT_EQ(reinterpret_cast<uintptr_t>(array->data()) % 64, 0u);
}

TEST(NpyWrite, AllTypesAndRanks) {
  TempFolder folder;
  const std::vector<int64_t> shapes[] = {{}, {4}, {2, 2}, {1, 2, 1, 2}, {0, 7}};
  std::string zeros(64, '\0');
  for (NpyType type : {NpyType::U8, NpyType::I32, NpyType::I64, NpyType::F32})
    for (const auto &shape : shapes) {
      ASSERT_TRUE(succeeds(writeNpy(folder / "a.npy", type, shape, zeros.data())));
      auto array = NpyArray::open(folder / "a.npy");
      ASSERT_TRUE(succeeds(array));
      EXPECT_EQ(array->type(), type);
      EXPECT_EQ(array->shape(), shape);
    }
}

TEST(NpyWrite, InAnyOrder) {
  TempFolder folder;
  auto writer = NpyWriter::create(folder / "a.npy", NpyType::I64, {3});
  ASSERT_TRUE(succeeds(writer));
  int64_t seven = 7;
  ASSERT_TRUE(succeeds(writer->write(2, &seven, 1)));
  ASSERT_TRUE(succeeds(writer->flush()));
  ASSERT_TRUE(succeeds(writer->commit()));
  auto array = NpyArray::open(folder / "a.npy");
  ASSERT_TRUE(succeeds(array));
  EXPECT_EQ(array->integer(0), 0);
  EXPECT_EQ(array->integer(2), 7);
}

TEST(NpyWrite, Errors) {
  float value = 0;
  EXPECT_TRUE(failsWith(writeNpy("/no/a.npy", NpyType::F32, {1}, &value), "/no/a.npy: cannot write: No such file"));
  EXPECT_TRUE(failsWith(writeNpy("/dev/full", NpyType::F32, {1}, &value), "/dev/full: cannot write: No space left"));
}
