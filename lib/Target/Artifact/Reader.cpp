//===- Reader.cpp - Reads an artifact that may be damaged or hostile ------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Format.h"
#include "stas/Support/Checked.h"
#include "stas/Support/Text.h"
#include "stas/Target/Artifact/Artifact.h"
#include "stas/Target/Artifact/CoreMap.h"
#include "stas/Target/Artifact/CudaPlan.h"
#include "stas/Target/Artifact/Limits.h"

#include <google/protobuf/io/coded_stream.h>

#include <cstring>

using namespace stas;
using namespace stas::artifact;

/// Messages within messages; a plan needs 6.
static constexpr int kMaxDepth = 16;

static Error damaged(const MappedFile &file, const std::string &what) {
  return makeError(file.path(), ": damaged artifact: ", what, "; copy or compile it again");
}

static Status checkHeader(const MappedFile &file) {
  const uint8_t *data = file.data();
  if (file.size() < sizeof(kMagic) || std::memcmp(data, kMagic, sizeof(kMagic)) != 0)
    return makeError(file.path(),
                     ": not a stas artifact: required a file written by 'stas "
                     "compile', found ",
                     file.size() == 0 ? "an empty file" : "another format");
  if (file.size() < kPreambleSize)
    return damaged(file, "required at least " + std::to_string(kPreambleSize) + " bytes, found " +
                             std::to_string(file.size()));
  // The version comes before the checksum, which is its business.
  uint32_t version = loadU32(data + kVersionAt);
  if (version != kVersion)
    return makeError(file.path(), ": artifact format version: required ", kVersion, ", found ", version,
                     "; compile the model with this version of stas");
  if (std::memcmp(digestOfPreamble(data).data(), data + kDigestAt, kDigestSize) != 0)
    return damaged(file, "the checksum of the header does not match");
  uint64_t size = loadU64(data + kFileSizeAt);
  if (size != file.size())
    return damaged(file, "required " + std::to_string(size) + " bytes, found " + std::to_string(file.size()));
  if (loadU64(data + kReservedAt) != 0)
    return damaged(file, "a reserved field is not zero");
  uint32_t count = loadU32(data + kCountAt);
  if (count > kMaxSections)
    return damaged(file,
                   std::to_string(count) + " sections, at most " + std::to_string(kMaxSections) + " are possible");
  return {};
}

Result<bool> artifact::isArtifact(const std::string &path) {
  Result<MappedFile> file = MappedFile::open(path);
  if (!file)
    return file.error();
  return file->size() >= sizeof(kMagic) && std::memcmp(file->data(), kMagic, sizeof(kMagic)) == 0;
}

/// Reads one entry and checks that its section follows what was read so far.
static Result<SectionInfo> readEntry(const MappedFile &file, uint32_t index, uint64_t &end) {
  const uint8_t *entry = file.data() + kHeaderSize + index * kEntrySize;
  SectionInfo section;
  const char *name = reinterpret_cast<const char *>(entry);
  section.name.assign(name, strnlen(name, kNameSize));
  std::string label = "section " + std::to_string(index);
  char padded[kNameSize] = {};
  std::memcpy(padded, section.name.data(), std::min<size_t>(section.name.size(), kNameSize));
  if (!isSectionName(section.name) || std::memcmp(padded, name, kNameSize) != 0)
    return damaged(file, label + ": malformed name '" + printable(section.name) + "'");
  label = "section '" + section.name + "'";
  section.offset = loadU64(entry + kEntryOffsetAt);
  section.size = loadU64(entry + kEntrySizeAt);
  section.sha256 = hexadecimal(entry + kEntryDigestAt);
  uint64_t expected = alignTo(end, kAlignment);
  if (section.offset != expected)
    return damaged(file, label + ": required at byte " + std::to_string(expected) + ", found at " +
                             std::to_string(section.offset));
  if (!inRange(section.offset, section.size, file.size()))
    return damaged(file, label + ": " + std::to_string(section.size) + " bytes at " + std::to_string(section.offset) +
                             " do not lie in the file");
  for (uint64_t i = end; i < section.offset; ++i)
    if (file.data()[i] != 0)
      return damaged(file, label + ": the padding before it is not zero");
  Digest digest = Sha256::of(file.data() + section.offset, section.size);
  if (std::memcmp(digest.data(), entry + kEntryDigestAt, kDigestSize) != 0)
    return damaged(file, label + ": the checksum does not match");
  end = section.offset + section.size;
  return section;
}

/// Parses the message that a section is.
static Status parseSection(const Artifact &artifact, const MappedFile &file, const char *section, uint64_t limit,
                           google::protobuf::MessageLite &message) {
  std::string_view bytes = artifact.bytes(section);
  if (!artifact.find(section))
    return damaged(file, std::string("there is no section '") + section + "'");
  if (bytes.size() > limit)
    return damaged(file,
                   std::string("a ") + section + " of " + humanBytes(bytes.size()) + ", at most " + humanBytes(limit));
  google::protobuf::io::CodedInputStream stream(reinterpret_cast<const uint8_t *>(bytes.data()), bytes.size());
  stream.SetRecursionLimit(kMaxDepth);
  if (!message.ParseFromCodedStream(&stream) || !stream.ConsumedEntireMessage())
    return damaged(file, std::string("the ") + section + " cannot be parsed");
  return {};
}

Result<Artifact> Artifact::open(const std::string &path) {
  Result<MappedFile> mapped = MappedFile::open(path);
  if (!mapped)
    return mapped.error();
  Artifact artifact(std::move(*mapped));
  const MappedFile &file = artifact.file;
  if (Status status = checkHeader(file); !status)
    return status.error();

  uint64_t end = kPreambleSize;
  uint32_t count = loadU32(file.data() + kCountAt);
  for (uint32_t i = 0; i < count; ++i) {
    Result<SectionInfo> section = readEntry(file, i, end);
    if (!section)
      return section.error();
    if (artifact.find(section->name))
      return damaged(file, "section '" + section->name + "' is there twice");
    artifact.table.push_back(std::move(*section));
  }
  if (end != file.size())
    return damaged(file, std::to_string(file.size() - end) + " bytes after the last section");
  for (const uint8_t *at = file.data() + kHeaderSize + count * kEntrySize; at != file.data() + kPreambleSize; ++at)
    if (*at != 0)
      return damaged(file, "an unused entry of the section table is not zero");

  if (Status status = parseSection(artifact, file, kManifestSection, kMaxManifestBytes, artifact.plan); !status)
    return status.error();
  uint64_t weights = artifact.bytes(kWeightsSection).size();
  if (Status status = validate(artifact.plan, artifact.bytes(kObjectSection).size(), weights); !status)
    return damaged(file, status.message());
  if (artifact.plan.target() == "chip") {
    auto map = std::make_shared<coremap::CoreMap>();
    if (Status status = parseSection(artifact, file, kCoreMapSection, kMaxCoreMapBytes, *map); !status)
      return status.error();
    if (Status status = coremap::validate(*map, artifact.plan, weights); !status)
      return damaged(file, status.message());
    artifact.cores = std::move(map);
  }
  if (artifact.plan.target() == "cuda") {
    auto plan = std::make_shared<cudaplan::CudaPlan>();
    if (Status status = parseSection(artifact, file, kCudaPlanSection, kMaxCudaPlanBytes, *plan); !status)
      return status.error();
    auto bytesOf = [&](std::string_view name) { return artifact.bytes(name).size(); };
    if (Status status = cudaplan::validate(*plan, artifact.plan, bytesOf); !status)
      return damaged(file, status.message());
    artifact.launches = std::move(plan);
  }
  return artifact;
}

const SectionInfo *Artifact::find(std::string_view name) const {
  for (const SectionInfo &section : table)
    if (section.name == name)
      return &section;
  return nullptr;
}

std::string_view Artifact::bytes(std::string_view name) const {
  const SectionInfo *section = find(name);
  if (!section)
    return {};
  return file.bytes().substr(section->offset, section->size);
}
