//===- Writer.cpp - Writes an artifact ------------------------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Format.h"
#include "stas/Support/Checked.h"
#include "stas/Support/Text.h"
#include "stas/Target/Artifact/Artifact.h"
#include "stas/Target/Artifact/ArtifactWriter.h"
#include "stas/Target/Artifact/CoreMap.h"
#include "stas/Target/Artifact/CudaPlan.h"
#include "stas/Target/Artifact/Limits.h"

#include <cstring>

using namespace stas;
using namespace stas::artifact;

namespace {
/// A section that is complete.
struct Entry {
  std::string name;
  uint64_t offset;
  uint64_t size;
  Digest digest;
};
} // namespace

struct ArtifactWriter::State {
  explicit State(OutputFile file) : file(std::move(file)) {}

  /// Writes bytes of the open section, or of none (padding between sections).
  Status put(const void *data, uint64_t size) {
    if (Status status = file.write(data, size); !status)
      return status;
    position += size;
    if (hash)
      hash->update(data, size);
    return {};
  }

  Status align() {
    static const char zeros[kAlignment] = {};
    return put(zeros, alignTo(position, kAlignment) - position);
  }

  void endSection() {
    if (!hash)
      return;
    Entry &entry = entries.back();
    entry.size = position - entry.offset;
    entry.digest = hash->finish();
    hash.reset();
  }

  uint64_t sizeOf(std::string_view name) const {
    for (const Entry &entry : entries)
      if (entry.name == name)
        return entry.size;
    return 0;
  }

  OutputFile file;
  uint64_t position = 0;
  std::vector<Entry> entries;
  std::unique_ptr<Sha256> hash; ///< Of the open section.
};

ArtifactWriter::ArtifactWriter(std::unique_ptr<State> state) : state(std::move(state)) {}
ArtifactWriter::ArtifactWriter(ArtifactWriter &&) noexcept = default;
ArtifactWriter &ArtifactWriter::operator=(ArtifactWriter &&) noexcept = default;
ArtifactWriter::~ArtifactWriter() = default;

Result<ArtifactWriter> ArtifactWriter::create(const std::string &path) {
  Result<OutputFile> file = OutputFile::create(path);
  if (!file)
    return file.error();
  auto state = std::make_unique<State>(std::move(*file));
  // Filled in by finish(), when the sections are known.
  const std::string preamble(kPreambleSize, '\0');
  if (Status status = state->put(preamble.data(), preamble.size()); !status)
    return status.error();
  return ArtifactWriter(std::move(state));
}

Status ArtifactWriter::beginSection(std::string_view name) {
  if (!isSectionName(name))
    return makeError(state->file.path(), ": section name '", name, "': required 1 to 15 of a-z, 0-9 and '_'");
  for (const Entry &entry : state->entries)
    if (entry.name == name)
      return makeError(state->file.path(), ": section '", name, "' is written twice");
  if (state->entries.size() == kMaxSections)
    return makeError(state->file.path(), ": section '", name, "' is one too many: an artifact holds ", kMaxSections);
  state->endSection();
  if (Status status = state->align(); !status)
    return status;
  state->entries.push_back({std::string(name), state->position, 0, {}});
  state->hash = std::make_unique<Sha256>();
  return {};
}

Result<uint64_t> ArtifactWriter::append(const void *data, uint64_t size) {
  if (!state->hash)
    return makeError(state->file.path(), ": bytes outside of a section");
  // The section starts aligned, so alignment in the file is alignment in it.
  if (Status status = state->align(); !status)
    return status.error();
  uint64_t offset = state->position - state->entries.back().offset;
  if (Status status = extend(data, size); !status)
    return status.error();
  return offset;
}

Status ArtifactWriter::extend(const void *data, uint64_t size) {
  if (!state->hash)
    return makeError(state->file.path(), ": bytes outside of a section");
  return state->put(data, size);
}

Status ArtifactWriter::put(std::string_view section, const google::protobuf::MessageLite &message, uint64_t limit) {
  if (message.ByteSizeLong() > limit)
    return makeError(state->file.path(), ": refusing to write: a ", section, " of ", humanBytes(message.ByteSizeLong()),
                     ", at most ", humanBytes(limit));
  std::string text = message.SerializeAsString();
  if (Status status = beginSection(section); !status)
    return status;
  return state->put(text.data(), text.size());
}

Status ArtifactWriter::finish(const Manifest &manifest, const coremap::CoreMap *map) {
  return finish(manifest, map, nullptr);
}

Status ArtifactWriter::finish(const Manifest &manifest, const cudaplan::CudaPlan &plan) {
  return finish(manifest, nullptr, &plan);
}

Status ArtifactWriter::finish(const Manifest &manifest, const coremap::CoreMap *map, const cudaplan::CudaPlan *plan) {
  state->endSection();
  uint64_t weights = state->sizeOf(kWeightsSection);
  Status status = validate(manifest, state->sizeOf(kObjectSection), weights);
  if (status && (manifest.target() == "chip") != (map != nullptr))
    status = makeError("core map: required with target chip, and with no other, found ", map ? "one" : "none");
  if (status && map)
    status = coremap::validate(*map, manifest, weights);
  if (status && (manifest.target() == "cuda") != (plan != nullptr))
    status = makeError("cudaplan: required with target cuda, and with no other, found ", plan ? "one" : "none");
  if (status && plan)
    status = cudaplan::validate(*plan, manifest, [&](std::string_view name) { return state->sizeOf(name); });
  if (!status)
    return makeError(state->file.path(), ": refusing to write: ", status.message());
  if (map)
    if (Status written = put(kCoreMapSection, *map, kMaxCoreMapBytes); !written)
      return written;
  if (plan)
    if (Status written = put(kCudaPlanSection, *plan, kMaxCudaPlanBytes); !written)
      return written;
  if (Status written = put(kManifestSection, manifest, kMaxManifestBytes); !written)
    return written;
  state->endSection();

  uint8_t preamble[kPreambleSize] = {};
  std::memcpy(preamble, kMagic, sizeof(kMagic));
  storeU32(preamble + kVersionAt, kVersion);
  storeU32(preamble + kCountAt, state->entries.size());
  storeU64(preamble + kFileSizeAt, state->position);
  uint8_t *at = preamble + kHeaderSize;
  for (const Entry &entry : state->entries) {
    std::memcpy(at, entry.name.data(), entry.name.size());
    storeU64(at + kEntryOffsetAt, entry.offset);
    storeU64(at + kEntrySizeAt, entry.size);
    std::memcpy(at + kEntryDigestAt, entry.digest.data(), kDigestSize);
    at += kEntrySize;
  }
  Digest digest = digestOfPreamble(preamble);
  std::memcpy(preamble + kDigestAt, digest.data(), kDigestSize);
  if (Status status = state->file.writeAt(0, preamble, kPreambleSize); !status)
    return status;
  return state->file.commit();
}
