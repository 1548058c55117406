//===- TorchTest.cpp - torch.save archives, sound and damaged -------------===//
//
// Part of stas, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TestFile.h"
#include "ZipWriter.h"

#include "llvm/ADT/StringExtras.h"

using namespace stas::import;
using namespace stas::test;
using namespace std::string_literals;

namespace {
/// {'a': a [2, 2] float tensor over the storage '0' of 4 elements}
std::string statePickle(const std::string &key = "0", int32_t count = 4) {
  PickleWriter writer;
  writer.proto().emptyDict().mark().text("a").tensor("FloatStorage", key, count, 0, {2, 2}, {2, 1}).setItems().stop();
  return writer.bytes;
}
const std::string kData(16, '\x3f');

/// The problem of the tensor 'a', or of the file.
std::string problemWith(const ZipWriter &zip) {
  std::string problems;
  auto checkpoint = readBytes(zip.finish(), problems);
  if (!checkpoint)
    return problems;
  EXPECT_EQ(checkpoint->tensors.size(), 1u);
  return checkpoint->tensors.front().unusable;
}

ZipWriter archive(const std::string &pickle = statePickle()) {
  return ZipWriter().add("data.pkl", pickle).add("version", "3\n");
}

/// A legacy file, up to the storages.
std::string legacy(const std::string &object, const std::string &keys = "](U\x01"s + "0e.", bool little = true,
                   int32_t protocol = 1001) {
  PickleWriter head;
  head.proto().raw("\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19").stop();
  head.proto().integer(protocol).stop();
  head.proto().emptyDict().mark().text("little_endian").raw(little ? "\x88" : "\x89").setItems().stop();
  return head.bytes + object + keys;
}
} // namespace

TEST(TorchZip, TensorsAreWhereTheyLie) {
  std::string problems, bytes = archive().add("data/0", kData).finish();
  auto checkpoint = readBytes(bytes, problems);
  ASSERT_TRUE(checkpoint) << problems;
  const TensorRef &tensor = checkpoint->tensors.front();
  EXPECT_EQ(tensor.key, "a");
  EXPECT_EQ(tensor.unusable, "");
  EXPECT_EQ(bytes.substr(tensor.offset, 16), kData);
}

TEST(TorchZip, SizesInADescriptor) {
  ZipWriter::Record record{"data/0", kData};
  record.descriptor = true;
  EXPECT_EQ(problemWith(archive().add(record)), "");
  record.data += "x";
  EXPECT_EQ(problemWith(archive().add(record)), "the record data/0 of another length than its storage of 16 bytes");
}

TEST(TorchZip, DamagedRecords) {
  EXPECT_EQ(problemWith(archive()), "a tensor whose data are missing: no record data/0");
  EXPECT_EQ(problemWith(archive().add("data/0", "12345")), "the record data/0 of 5 bytes for a storage of 16");
  ZipWriter::Record record{"data/0", kData};
  record.crcError = 1;
  EXPECT_EQ(problemWith(archive().add(record)), "the record data/0 with a wrong checksum");
  record.crcError = 0;
  record.method = 8;
  EXPECT_EQ(problemWith(archive().add(record)),
            "the record data/0 in compressed form, which cannot be mapped into memory");
  EXPECT_EQ(problemWith(archive(statePickle("0", -4)).add("data/0", kData)),
            "a storage that is named by a tuple of 5 values");
}

TEST(TorchZip, ChecksumOfZeroMeansNone) {
  ZipWriter::Record record{"data/0", kData};
  record.crcError = 0u - llvm::crc32(llvm::arrayRefFromStringRef(kData));
  EXPECT_EQ(problemWith(archive().add(record)), "");
}

TEST(TorchZip, OneStorageOfTwoSizes) {
  PickleWriter writer;
  writer.proto().emptyDict().mark().text("a").tensor("FloatStorage", "0", 4, 0, {4}, {1});
  writer.text("b").tensor("FloatStorage", "0", 2, 0, {2}, {1}).setItems().stop();
  std::string problems;
  auto checkpoint = readBytes(archive(writer.bytes).add("data/0", kData).finish(), problems);
  ASSERT_TRUE(checkpoint);
  EXPECT_EQ(checkpoint->tensors[0].unusable, "");
  EXPECT_EQ(checkpoint->tensors[1].unusable, "a storage of two different sizes");
}

TEST(TorchZip, RefusedArchives) {
  EXPECT_EQ(problemWith(ZipWriter().add("version", "3\n").add("x", "")),
            "required an archive of torch.save, found a zip file without data.pkl; give a file written by "
            "torch.save\n");
  EXPECT_EQ(problemWith(archive().add("constants.pkl", "")),
            "required an archive of torch.save, found one of torch.jit.save; load it with torch.jit.load and save "
            "its state_dict() with torch.save\n");
  EXPECT_EQ(problemWith(archive().add("byteorder", "big")),
            "required little-endian data, found big-endian data; load and save the file again on a little-endian "
            "machine\n");
  ZipWriter::Record pickle{"data.pkl", statePickle()};
  pickle.method = 8;
  EXPECT_EQ(problemWith(ZipWriter().add(pickle).add("version", "3\n")),
            "required stored records, found compressed ones; load the file in PyTorch and save it again\n");
  EXPECT_EQ(problemWith(archive("K\x01\xff")),
            "required a readable data.pkl, found pickle offset 2, opcode 0xff: an unknown opcode; copy or download "
            "the file again\n");
  pickle = {"data.pkl", statePickle()};
  pickle.crcError = 1;
  EXPECT_EQ(problemWith(ZipWriter().add(pickle).add("version", "3\n")),
            "required a readable data.pkl, found the record data.pkl with a wrong checksum; copy or download the "
            "file again\n");
}

TEST(TorchZip, EveryTruncationIsRefused) {
  std::string bytes = archive().add("data/0", kData).finish(), problems;
  for (size_t n = 0; n < bytes.size(); ++n) {
    auto checkpoint = readBytes(bytes.substr(0, n), problems);
    EXPECT_FALSE(checkpoint) << n;
    EXPECT_NE(problems, "") << n;
  }
}

TEST(TorchLegacy, TensorsAreWhereTheyLie) {
  std::string problems, head = legacy(statePickle());
  auto checkpoint = readBytes(head + bytesOf(uint64_t(4)) + kData, problems);
  ASSERT_TRUE(checkpoint) << problems;
  EXPECT_EQ(checkpoint->format, "torch legacy");
  EXPECT_EQ(checkpoint->tensors.front().unusable, "");
  EXPECT_EQ(checkpoint->tensors.front().offset, head.size() + 8);
}

TEST(TorchLegacy, StorageViews) {
  PickleWriter writer;
  writer.proto().emptyDict().mark().text("a").global("torch._utils", "_rebuild_tensor").mark();
  writer.mark().text("storage").global("torch", "FloatStorage").text("0").text("cpu").integer(4).mark().text("v");
  writer.integer(2).integer(2).tuple().tuple().raw("Q").integer(0).integers({2}).integers({1}).tuple().reduce();
  std::string problems, head = legacy(writer.setItems().stop().bytes);
  auto checkpoint = readBytes(head + bytesOf(uint64_t(4)) + kData, problems);
  ASSERT_TRUE(checkpoint) << problems;
  EXPECT_EQ(checkpoint->tensors.front().offset, head.size() + 8 + 2 * 4);
}

TEST(TorchLegacy, Refused) {
  auto problem = [](const std::string &bytes) {
    std::string problems;
    auto checkpoint = readBytes(bytes, problems);
    return checkpoint && !checkpoint->tensors.empty() ? checkpoint->tensors.front().unusable : problems;
  };
  const char *again = "; copy or download the file again\n";
  EXPECT_EQ(problem("\x80\x02K\x01.\x80\x02"),
            "required a torch.save file, found a pickle of the integer 1; give a file written by torch.save\n");
  EXPECT_EQ(problem("\x80\x02\xff"),
            "required a readable magic number, found pickle offset 2, opcode 0xff: an unknown opcode"s + again);
  EXPECT_EQ(problem(legacy(statePickle(), "].", true, 7)),
            "required torch.save protocol 1001, found the integer 7"s + again);
  EXPECT_EQ(problem(legacy(statePickle(), "].", false)),
            "required little-endian data, found big-endian data; load and save the file again on a little-endian "
            "machine\n");
  EXPECT_EQ(problem(legacy(statePickle(), "K\x01.")), "required a list of storages, found the integer 1"s + again);
  EXPECT_EQ(problem(legacy(statePickle(), "](U\x01ze.")),
            "required storages that the file's tensors use, found the string \"z\""s + again);
  EXPECT_EQ(problem(legacy(statePickle(), "].")), "a tensor whose data are missing: no storage 0");
  EXPECT_EQ(problem(legacy(statePickle())),
            "required a whole torch.save file, found an end before the storage 0"s + again);
  EXPECT_EQ(problem(legacy(statePickle()) + bytesOf(uint64_t(4)) + "123"),
            "required a whole torch.save file, found an end inside the storage 0"s + again);
  EXPECT_EQ(problem(legacy(statePickle()) + bytesOf(UINT64_MAX) + kData),
            "required a whole torch.save file, found an end inside the storage 0"s + again);
  EXPECT_EQ(problem(legacy(statePickle()) + bytesOf(uint64_t(2)) + kData.substr(8)),
            "a view of shape [2, 2], strides [2, 1] that leaves its storage of 8 bytes");
}

TEST(TorchLegacy, HeaderThatIsNone) {
  PickleWriter head;
  head.proto().raw("\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19").stop().proto().integer(1001).stop();
  std::string problems;
  EXPECT_FALSE(readBytes(head.bytes + "K\x01.", problems));
  EXPECT_EQ(problems, "required a torch.save header, found the integer 1; copy or download the file again\n");
}
