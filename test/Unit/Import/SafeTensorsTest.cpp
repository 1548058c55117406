//===- SafeTensorsTest.cpp - safetensors headers --------------------------===//
//
// Part of stas, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "PickleWriter.h"
#include "TestFile.h"

using namespace stas::import;
using namespace stas::test;

namespace {
std::string file(const std::string &header, size_t data = 16) {
  return bytesOf(uint64_t(header.size())) + header + std::string(data, '\0');
}

std::string problemWith(const std::string &bytes) {
  std::string problems;
  auto checkpoint = readBytes(bytes, problems);
  if (!checkpoint || checkpoint->tensors.empty())
    return problems;
  return checkpoint->tensors.back().unusable;
}
} // namespace

TEST(SafeTensors, Tensors) {
  std::string header = R"({"b":{"dtype":"BF16","shape":[2,2],"data_offsets":[8,16]},)"
                       R"("a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},)"
                       R"("__metadata__":{"config":"{\"heads\": 4}"}})";
  std::string problems;
  auto checkpoint = readBytes(file(header), problems);
  ASSERT_TRUE(checkpoint) << problems;
  ASSERT_EQ(checkpoint->tensors.size(), 2u);
  EXPECT_EQ(checkpoint->tensors[0].key, "a");
  EXPECT_EQ(checkpoint->tensors[1].dtype, DType::BF16);
  EXPECT_EQ(checkpoint->tensors[1].offset, 8 + header.size() + 8);
  EXPECT_EQ(checkpoint->config->getInteger("heads"), 4);
  CheckpointOptions options;
  options.ignoreConfig = true;
  EXPECT_FALSE(readBytes(file(header), problems, options)->config);
}

TEST(SafeTensors, Headers) {
  const char *again = "; copy or download the file again\n";
  EXPECT_EQ(problemWith(bytesOf(uint64_t(100)) + "{}"),
            std::string("required a safetensors header inside the file, found a header of 100 bytes in a file of "
                        "10") +
                again);
  EXPECT_EQ(problemWith(bytesOf(uint64_t(200'000'000)) + "{}"),
            std::string("required a safetensors header inside the file, found a header of 200000000 bytes in a file "
                        "of 10") +
                again);
  EXPECT_NE(problemWith(file("{]")).find("required a safetensors header in JSON"), std::string::npos);
  EXPECT_EQ(problemWith(file("{\"a\":" + std::string(1'000'000, '['))),
            std::string("required a safetensors header in JSON, found more than 32 levels of nesting") + again);
}

TEST(SafeTensors, Entries) {
  auto entry = [](const std::string &text) { return problemWith(file("{\"a\":" + text + "}")); };
  EXPECT_EQ(entry("3"), "an entry that is no JSON object");
  EXPECT_EQ(entry("{}"), "an entry without a dtype");
  EXPECT_EQ(entry(R"({"dtype":"F8_E4M3"})"), "a tensor of the type F8_E4M3");
  EXPECT_EQ(entry(R"({"dtype":"F32","shape":[2]})"), "an entry without a shape and data_offsets");
  EXPECT_EQ(entry(R"({"dtype":"F32","shape":["x"],"data_offsets":[0,8]})"), "a shape that is no list of integers");
  EXPECT_EQ(entry(R"({"dtype":"F32","shape":[2],"data_offsets":[0,80]})"),
            "data_offsets outside the file's 16 bytes of data");
  EXPECT_EQ(entry(R"({"dtype":"F32","shape":[2],"data_offsets":[8,4]})"),
            "data_offsets outside the file's 16 bytes of data");
  EXPECT_EQ(entry(R"({"dtype":"F32","shape":[2],"data_offsets":[0,12]})"),
            "data_offsets of 12 bytes for the shape [2]");
  EXPECT_EQ(entry(R"({"dtype":"F32","shape":[3],"data_offsets":[0,8]})"),
            "a view of shape [3], strides [1] that leaves its storage of 8 bytes");
  EXPECT_EQ(entry(R"({"dtype":"F32","shape":[-2],"data_offsets":[0,8]})"), "the shape [-2] with the strides [1]");
}

TEST(SafeTensors, Overlap) {
  EXPECT_EQ(problemWith(file(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},)"
                             R"("b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}})")),
            "data that overlap another tensor's");
}

TEST(SafeTensors, Config) {
  std::string problems;
  readBytes(file(R"({"__metadata__":{"config":"[1]"}})"), problems);
  EXPECT_EQ(problems, "key __metadata__.config: required a JSON object, found a value that is no JSON object; write "
                      "the config as JSON text, or give --ignore-checkpoint-config\n");
}
