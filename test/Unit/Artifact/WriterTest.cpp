//===- WriterTest.cpp - Writes an artifact --------------------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "../TestUtils.h"
#include "../Toy/ToyModel.h"
#include "lib/Target/Artifact/Format.h"
#include "stas/Target/Artifact/ArtifactWriter.h"
#include "stas/Target/Artifact/Limits.h"

using namespace stas;
using namespace stas::artifact;
using namespace stas::test;

TEST(ArtifactWriter, WhatIsWrittenIsRead) {
  TempFolder folder;
  ToyModel toy;
  toy.write(folder / "a.stas");
  auto artifact = Artifact::open(folder / "a.stas");
  ASSERT_TRUE(succeeds(artifact));
  ASSERT_EQ(artifact->sections().size(), 3u);
  EXPECT_EQ(artifact->sections()[0].name, "weights");
  EXPECT_EQ(artifact->bytes("object"), toy.object());
  EXPECT_EQ(artifact->manifest().SerializeAsString(), toy.manifest.SerializeAsString());
  std::string_view weights = artifact->bytes("weights");
  EXPECT_EQ(reinterpret_cast<uintptr_t>(weights.data()) % 64, 0u);
  EXPECT_EQ(0, std::memcmp(weights.data() + 128, toy.weights.data(), 4 * toy.weights.size()));
  EXPECT_EQ(artifact->bytes("ptx").size(), 0u);
  EXPECT_EQ(artifact->find("ptx"), nullptr);
}

TEST(ArtifactWriter, SameCallsSameBytes) {
  TempFolder folder;
  ToyModel().write(folder / "a.stas");
  ToyModel().write(folder / "b.stas");
  EXPECT_EQ(readAll(folder / "a.stas"), readAll(folder / "b.stas"));
  EXPECT_EQ(folder.names(), (std::vector<std::string>{"a.stas", "b.stas"}));
}

TEST(ArtifactWriter, ATensorMayComeInParts) {
  TempFolder folder;
  ToyModel toy;
  toy.manifest.clear_steps();
  toy.manifest.clear_kernels();
  auto writer = ArtifactWriter::create(folder / "a.stas");
  ASSERT_TRUE(succeeds(writer));
  ASSERT_TRUE(succeeds(writer->beginSection("weights")));
  EXPECT_EQ(*writer->append("abc", 3), 0u);
  ASSERT_TRUE(succeeds(writer->extend("def", 3)));
  EXPECT_EQ(*writer->append("", 0), 64u);
  EXPECT_EQ(*writer->append("ghi", 3), 64u);
  ASSERT_TRUE(succeeds(writer->finish(toy.manifest)));
  auto artifact = Artifact::open(folder / "a.stas");
  ASSERT_TRUE(succeeds(artifact));
  EXPECT_EQ(artifact->bytes("weights"), "abcdef" + std::string(58, '\0') + "ghi");
}

TEST(ArtifactWriter, RefusesMisuse) {
  TempFolder folder;
  auto writer = ArtifactWriter::create(folder / "a.stas");
  ASSERT_TRUE(succeeds(writer));
  EXPECT_TRUE(failsWith(writer->append("x", 1), "bytes outside of a section"));
  EXPECT_TRUE(failsWith(writer->extend("x", 1), "bytes outside of a section"));
  for (const char *name : {"", "Weights", "a/b", "sixteen_letters_"})
    EXPECT_TRUE(failsWith(writer->beginSection(name), "required 1 to 15 of a-z, 0-9 and '_'"));
  EXPECT_TRUE(succeeds(writer->beginSection("s0")));
  EXPECT_TRUE(failsWith(writer->beginSection("s0"), "is written twice"));
  for (int i = 1; i < 15; ++i)
    EXPECT_TRUE(succeeds(writer->beginSection("s" + std::to_string(i))));
  EXPECT_TRUE(failsWith(writer->beginSection("s15"), "is one too many: an artifact holds 15"));
}

TEST(ArtifactWriter, RefusesAPlanThatItsReaderWouldRefuse) {
  TempFolder folder;
  writeAll(folder / "a.stas", "old");
  {
    ToyModel toy;
    auto writer = ArtifactWriter::create(folder / "a.stas");
    ASSERT_TRUE(succeeds(writer));
    EXPECT_TRUE(failsWith(writer->finish(toy.manifest), "a.stas: refusing to write: manifest: kernels: there "
                                                        "is no section 'object'"));
  }
  EXPECT_EQ(readAll(folder / "a.stas"), "old");
  EXPECT_EQ(folder.names(), std::vector<std::string>{"a.stas"});
}

TEST(ArtifactWriter, RefusesAManifestThatItsReaderWouldNotRead) {
  TempFolder folder;
  ToyModel toy;
  Buffer buffer = toy.manifest.buffers(ToyModel::Image);
  buffer.set_name(std::string(kMaxText, 'x'));
  while (uint64_t(toy.manifest.buffers_size()) < kMaxBuffers)
    *toy.manifest.add_buffers() = buffer;
  toy.manifest.clear_steps();
  toy.manifest.clear_kernels();
  auto writer = ArtifactWriter::create(folder / "a.stas");
  ASSERT_TRUE(succeeds(writer));
  EXPECT_TRUE(failsWith(writer->finish(toy.manifest), "a.stas: refusing to write: a manifest of 6"));
}

TEST(ArtifactWriter, FailsBeforeTheWorkWhereItCannotWrite) {
  TempFolder folder;
  EXPECT_TRUE(failsWith(ArtifactWriter::create(folder / "no/a.stas"), "no/a.stas: cannot write: No such file"));
  EXPECT_TRUE(failsWith(ArtifactWriter::create("/dev/full"), "/dev/full: cannot write: No space left"));
}

TEST(ArtifactWriter, AFullDiskLeavesTheOldFileAtEveryPoint) {
  TempFolder folder;
  ToyModel toy;
  toy.write(folder / "whole.stas");
  uint64_t size = std::filesystem::file_size(folder / "whole.stas");
  writeAll(folder / "a.stas", "old");
  std::string code = toy.object();
  for (uint64_t limit = 0; limit < size; limit += 97) {
    Status status;
    WithLimit disk(RLIMIT_FSIZE, limit);
    auto writer = ArtifactWriter::create(folder / "a.stas");
    if (!writer) {
      status = writer.error();
    } else {
      const std::string weights(1024, 'w');
      status = writer->beginSection("weights");
      if (auto at = writer->append(weights.data(), weights.size()); !at)
        status = at.error();
      if (status)
        status = writer->beginSection("object");
      if (status)
        if (auto at = writer->append(code.data(), code.size()); !at)
          status = at.error();
      if (status)
        status = writer->finish(toy.manifest);
    }
    EXPECT_TRUE(failsWith(status, "a.stas: cannot write: File too large"));
    writer = makeError("");
    ASSERT_EQ(readAll(folder / "a.stas"), "old");
    ASSERT_EQ(folder.names().size(), 2u);
  }
}
