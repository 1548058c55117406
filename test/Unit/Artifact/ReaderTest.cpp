//===- ReaderTest.cpp - Reads an artifact that may be damaged -------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "../TestUtils.h"
#include "../Toy/ToyModel.h"
#include "Resign.h"

using namespace stas;
using namespace stas::artifact;
using namespace stas::test;

namespace {

class ArtifactReader : public testing::Test {
protected:
  void SetUp() override {
    toy.write(folder / "good.stas");
    good = readAll(folder / "good.stas");
  }

  Result<Artifact> open(const std::string &bytes) {
    writeAll(folder / "a.stas", bytes);
    return Artifact::open(folder / "a.stas");
  }

  /// The good file with bytes at an offset replaced and checksums made right.
  std::string patched(uint64_t at, const std::string &with) {
    std::string bytes = good;
    bytes.replace(at, with.size(), with);
    resign(bytes);
    return bytes;
  }
  static std::string u64(uint64_t value) {
    std::string bytes(8, '\0');
    storeU64(reinterpret_cast<uint8_t *>(bytes.data()), value);
    return bytes;
  }

  TempFolder folder;
  ToyModel toy;
  std::string good;
};

} // namespace

TEST_F(ArtifactReader, ErrorsNameTheFileAndWhatToDo) {
  EXPECT_TRUE(failsWith(Artifact::open(folder / "none.stas"), "none.stas: cannot open: No such file"));
  EXPECT_TRUE(failsWith(open(""), "not a stas artifact: required a file "
                                  "written by 'stas compile', found an empty "
                                  "file"));
  EXPECT_TRUE(failsWith(open("PK\x03\x04 some zip file"), "not a stas artifact"));
  EXPECT_TRUE(failsWith(open(good.substr(0, 100)), "damaged artifact: required at least 1024 bytes, found "
                                                   "100; copy or compile it again"));
}

TEST_F(ArtifactReader, EveryTruncationIsAnError) {
  for (size_t size = 0; size < good.size(); size += size < 1100 ? 1 : 61)
    ASSERT_FALSE(open(good.substr(0, size))) << size;
  for (size_t size = good.size() - 70; size < good.size(); ++size)
    ASSERT_FALSE(open(good.substr(0, size))) << size;
  EXPECT_TRUE(failsWith(open(good + "x"), "required " + std::to_string(good.size()) + " bytes, found"));
}

TEST_F(ArtifactReader, EveryFlippedByteIsAnError) {
  for (size_t at = 0; at < good.size(); at += at < 1500 ? 1 : 7) {
    std::string bytes = good;
    bytes[at] ^= 1 << (at % 8);
    auto artifact = open(bytes);
    ASSERT_FALSE(artifact) << at;
    ASSERT_EQ(artifact.message().find('\n'), std::string::npos);
  }
}

TEST_F(ArtifactReader, NamesTheSectionThatIsDamaged) {
  std::string bytes = good;
  bytes[kPreambleSize + 130] ^= 1;
  EXPECT_TRUE(failsWith(open(bytes), "section 'weights': the checksum does not "
                                     "match; copy or compile it again"));
  bytes = good;
  bytes[kHeaderSize + 3] ^= 1;
  EXPECT_TRUE(failsWith(open(bytes), "the checksum of the header does not"));
}

TEST_F(ArtifactReader, AnotherVersionSaysWhatToDo) {
  EXPECT_TRUE(failsWith(open(patched(kVersionAt, std::string("\3\0\0\0", 4))),
                        "artifact format version: required 2, found 3; compile "
                        "the model with this version of stas"));
}

// From here on with right checksums: the checks behind them.

TEST_F(ArtifactReader, HostileHeader) {
  EXPECT_TRUE(failsWith(open(patched(kReservedAt, "x")), "a reserved field is not zero"));
  EXPECT_TRUE(failsWith(open(patched(kCountAt, "\xff")), "255 sections, at most 15 are possible"));
  EXPECT_TRUE(failsWith(open(patched(kFileSizeAt, u64(7))), "required 7 bytes, found "));
  EXPECT_TRUE(failsWith(open(patched(kCountAt, "\x4")), "section 3: malformed name ''"));
  EXPECT_TRUE(failsWith(open(patched(kPreambleSize - 1, "x")), "an unused entry of the section table is not zero"));
  std::string longer = good + std::string(100, '\0');
  longer.replace(kFileSizeAt, 8, u64(longer.size()));
  resign(longer);
  EXPECT_TRUE(failsWith(open(longer), "100 bytes after the last section"));
  EXPECT_TRUE(failsWith(open(patched(kCountAt, std::string(1, '\0'))), "bytes after the last section"));
  std::string empty = good.substr(0, kPreambleSize);
  empty.replace(kHeaderSize, kPreambleSize - kHeaderSize, kPreambleSize - kHeaderSize, '\0');
  empty.replace(kFileSizeAt, 8, u64(empty.size()));
  empty[kCountAt] = 0;
  resign(empty);
  EXPECT_TRUE(failsWith(open(empty), "there is no section 'manifest'"));
}

TEST_F(ArtifactReader, HostileTable) {
  uint64_t entry = kHeaderSize; // Weights.
  EXPECT_TRUE(failsWith(open(patched(entry, "We")), "section 0: malformed name 'Weights'"));
  EXPECT_TRUE(failsWith(open(patched(entry + 9, "x")), // After its zero.
                        "section 0: malformed name 'weights'"));
  EXPECT_TRUE(failsWith(open(patched(entry, "sixteen_letters_")), "section 0: malformed name 'sixteen_letters_'"));
  for (uint64_t offset : {uint64_t(0), kPreambleSize + 64, ~uint64_t(63)})
    EXPECT_TRUE(failsWith(open(patched(entry + kEntryOffsetAt, u64(offset))),
                          "section 'weights': required at byte 1024, found"));
  for (uint64_t size : {uint64_t(good.size()), ~uint64_t(0)})
    EXPECT_TRUE(failsWith(open(patched(entry + kEntrySizeAt, u64(size))), "do not lie in the file"));
  EXPECT_TRUE(
      failsWith(open(patched(entry + kEntrySize, std::string("weights\0", 8))), "section 'weights' is there twice"));
}

TEST_F(ArtifactReader, PaddingMustBeZero) {
  auto artifact = Artifact::open(folder / "good.stas");
  ASSERT_TRUE(succeeds(artifact));
  const SectionInfo &weights = *artifact->find("weights");
  ASSERT_NE(weights.size % 64, 0u);
  EXPECT_TRUE(failsWith(open(patched(weights.offset + weights.size, "x")),
                        "section 'object': the padding before it is not zero"));
}

TEST_F(ArtifactReader, ManifestThatIsNoProtobuf) {
  std::string bytes = good;
  replaceManifest(bytes, "\xff\xff\xff\xff");
  EXPECT_TRUE(failsWith(open(bytes), "the manifest cannot be parsed"));
  // A field that says it is longer than the message.
  replaceManifest(bytes, "\x0a\x7fxyz");
  EXPECT_TRUE(failsWith(open(bytes), "the manifest cannot be parsed"));
  replaceManifest(bytes, std::string((64 << 20) + 1, '\0'));
  EXPECT_TRUE(failsWith(open(bytes), "a manifest of 64.0 MiB, at most 64.0"));
}

TEST_F(ArtifactReader, DeepNestingIsRefusedByTheParser) {
  Manifest manifest = toy.manifest;
  Step *step = manifest.add_steps();
  for (int i = 0; i < 50; ++i)
    step = step->mutable_time_loop()->add_body();
  std::string bytes = good;
  replaceManifest(bytes, manifest.SerializeAsString());
  EXPECT_TRUE(failsWith(open(bytes), "the manifest cannot be parsed"));
}

TEST_F(ArtifactReader, ReadsWhatValidateRefuses) {
  Manifest manifest = toy.manifest;
  manifest.set_target("gpu");
  std::string bytes = good;
  replaceManifest(bytes, manifest.SerializeAsString());
  EXPECT_TRUE(failsWith(open(bytes), "damaged artifact: manifest: target: "
                                     "required cpu, cuda or chip, found 'gpu'"));
}
