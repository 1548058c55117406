//===- FuzzTest.cpp - Thousands of damaged files, none of which may crash -===//
//
// Part of stas, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TestFile.h"
#include "ZipWriter.h"
#include "stas/Import/Layout.h"

#include <random>

using namespace stas::import;
using namespace stas::test;
using namespace std::string_literals;

namespace {
std::string samplePickle() {
  PickleWriter writer;
  writer.proto().emptyDict().mark().text("epoch").integer(3).text("args").global("argparse", "Namespace").emptyTuple();
  writer.raw("\x81").emptyDict().mark().text("T").integer(4).setItems().raw("b");
  writer.text("config").emptyDict().mark().text("heads").integer(2).setItems();
  writer.text("state_dict").global("collections", "OrderedDict").emptyTuple().reduce().raw("q\x01").mark();
  writer.text("a.weight").tensor("FloatStorage", "0", 4, 0, {2, 2}, {2, 1});
  writer.text("b.weight").tensor("HalfStorage", "1", 8, 2, {2, 3}, {3, 1}).setItems().setItems().stop();
  return writer.bytes;
}

std::string sampleZip() {
  ZipWriter::Record second{"data/1", std::string(16, '\x11')};
  second.descriptor = true;
  return ZipWriter()
      .add("data.pkl", samplePickle())
      .add("data/0", std::string(16, '\x22'))
      .add(second)
      .add("version", "3\n")
      .finish();
}

std::string sampleSafeTensors() {
  std::string header = R"({"a":{"dtype":"F32","shape":[2,2],"data_offsets":[0,16]},"__metadata__":{"config":"{}"}})";
  return bytesOf(uint64_t(header.size())) + header + std::string(16, '\0');
}

/// One to four edits: a bit, a byte with a liking for extreme values and opcodes, a
/// removed, a repeated or a moved range.
std::string mutate(std::string bytes, std::mt19937 &random) {
  auto below = [&](size_t n) { return n ? random() % n : 0; };
  for (size_t edits = 1 + below(4); edits && !bytes.empty(); --edits) {
    size_t at = below(bytes.size()), length = 1 + below(std::min<size_t>(16, bytes.size() - at));
    switch (below(6)) {
    case 0:
      bytes[at] ^= 1 << below(8);
      break;
    case 1:
      bytes[at] = "\x00\xff\x7f\x80\x01(.tuRQbhq}]N\x93\x8a\x8b\x8d\x95"[below(22)];
      break;
    case 2:
      bytes.replace(at, std::min<size_t>(4, bytes.size() - at), bytesOf(int32_t(random() | 0x7f000000)));
      break;
    case 3:
      bytes.erase(at, length);
      break;
    case 4:
      bytes.insert(at, bytes.substr(at, length));
      break;
    case 5:
      bytes.insert(below(bytes.size()), bytes.substr(at, length));
      break;
    }
  }
  return bytes;
}

/// Reads the file and, where that succeeds, every tensor that it is said to hold.
void consume(llvm::StringRef path) {
  Report report;
  auto checkpoint = readCheckpoint(path, {}, report);
  if (!checkpoint) {
    EXPECT_TRUE(report.failed());
    return;
  }
  for (const TensorRef &tensor : checkpoint->tensors)
    if (tensor.unusable.empty())
      scanValues(tensor, checkpoint->file->getBuffer());
  readLayout(*checkpoint, report);
}

void fuzz(const std::string &sample, unsigned seed, int rounds) {
  std::mt19937 random(seed);
  for (int round = 0; round < rounds; ++round)
    consume(TestFile(mutate(sample, random)).path);
}
} // namespace

TEST(Fuzz, Samples) {
  for (const std::string &sample : {sampleZip(), sampleSafeTensors()}) {
    std::string problems;
    auto checkpoint = readBytes(sample, problems);
    ASSERT_TRUE(checkpoint) << problems;
    EXPECT_EQ(checkpoint->tensors.front().unusable, "");
  }
}

TEST(Fuzz, Zip) { fuzz(sampleZip(), 1, 4000); }

TEST(Fuzz, SafeTensors) { fuzz(sampleSafeTensors(), 2, 3000); }

TEST(Fuzz, Legacy) {
  PickleWriter head;
  head.proto().raw("\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19").stop().proto().integer(1001).stop();
  head.proto().emptyDict().mark().text("little_endian").raw("\x88").setItems().stop();
  std::string keys = "](U\x01"s + "0U\x01"s + "1e.";
  fuzz(head.bytes + samplePickle() + keys + bytesOf(uint64_t(4)) + std::string(16, '\x22') + bytesOf(uint64_t(8)) +
           std::string(16, '\x11'),
       3, 4000);
}

TEST(Fuzz, PickleInAWholeArchive) {
  // The archive is sound, so that every mutation reaches the pickle's reader.
  std::mt19937 random(4);
  for (int round = 0; round < 4000; ++round)
    consume(TestFile(ZipWriter()
                         .add("data.pkl", mutate(samplePickle(), random))
                         .add("version", "3\n")
                         .add("data/0", std::string(16, '\x22'))
                         .add("data/1", std::string(16, '\x11'))
                         .finish())
                .path);
}
