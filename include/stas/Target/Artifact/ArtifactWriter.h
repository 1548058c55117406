//===- ArtifactWriter.h - Writes an artifact --------------------*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Usable from code built without exceptions and without RTTI.
//
//   Result<ArtifactWriter> writer = ArtifactWriter::create("model.stas");
//   writer->beginSection(kWeightsSection);
//   uint64_t at = *writer->append(data, size);   // offset for Argument.weights
//   writer->beginSection(kObjectSection);
//   writer->append(object.data(), object.size());
//   Status status = writer->finish(manifest);
//
//===----------------------------------------------------------------------===//

#ifndef STAS_TARGET_ARTIFACT_ARTIFACTWRITER_H
#define STAS_TARGET_ARTIFACT_ARTIFACTWRITER_H

#include "stas/Support/Error.h"
#include "stas/Support/OutputFile.h"
#include "stas/Target/Artifact/Manifest.pb.h"

#include <memory>
#include <string>

namespace stas {
namespace coremap {
class CoreMap; // CoreMap.h
} // namespace coremap

namespace cudaplan {
class CudaPlan; // CudaPlan.h
} // namespace cudaplan

namespace artifact {

/// Writes sections one after another, without holding them in memory. The file
/// appears under its name when finish() succeeds; until then, and after any
/// error, an old file of that name is untouched and nothing half-written stays.
/// The same calls give the same bytes.
class ArtifactWriter {
public:
  /// Fails where the file cannot be written, before any work is done.
  static Result<ArtifactWriter> create(const std::string &path);

  ArtifactWriter(ArtifactWriter &&) noexcept;
  ArtifactWriter &operator=(ArtifactWriter &&) noexcept;
  ~ArtifactWriter();

  /// Starts a section; the one before ends. Names: kObjectSection,
  /// kWeightsSection, or another of at most 15 characters of a-z, 0-9, '_'.
  Status beginSection(std::string_view name);

  /// Adds bytes to the section, at the next multiple of 64, and returns where
  /// they start, in bytes from the start of the section.
  Result<uint64_t> append(const void *data, uint64_t size);

  /// Adds bytes right after those before: for a tensor that comes in parts.
  Status extend(const void *data, uint64_t size);

  /// Checks the manifest and, of an artifact for a chip, the core map against
  /// the sections, writes them as the last sections, makes the file durable and
  /// gives it its name.
  Status finish(const Manifest &manifest, const coremap::CoreMap *map = nullptr);
  /// The same of an artifact for a GPU.
  Status finish(const Manifest &manifest, const cudaplan::CudaPlan &plan);

private:
  struct State;
  Status finish(const Manifest &manifest, const coremap::CoreMap *map, const cudaplan::CudaPlan *plan);
  Status put(std::string_view section, const google::protobuf::MessageLite &message, uint64_t limit);
  explicit ArtifactWriter(std::unique_ptr<State> state);
  std::unique_ptr<State> state;
};

} // namespace artifact
} // namespace stas

#endif // STAS_TARGET_ARTIFACT_ARTIFACTWRITER_H
