//===- Artifact.h - The file that a compiled model is -----------*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One file: a preamble with a table of sections, then the sections, each at a
// multiple of 64 bytes. docs/Artifact.md has the format byte by byte.
//
//   manifest  protobuf (Manifest.proto): what the model is, and its plan
//   object    code; for a CPU an ELF shared object
//   weights   constants that the plan's arguments point into
//   coremap   for a chip, instead of code: protobuf (CoreMap.proto)
//
//===----------------------------------------------------------------------===//

#ifndef STAS_TARGET_ARTIFACT_ARTIFACT_H
#define STAS_TARGET_ARTIFACT_ARTIFACT_H

#include "stas/Support/Error.h"
#include "stas/Support/MappedFile.h"
#include "stas/Target/Artifact/Manifest.pb.h"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace stas {
namespace coremap {
class CoreMap; // CoreMap.h
} // namespace coremap

namespace cudaplan {
class CudaPlan; // CudaPlan.h
} // namespace cudaplan

namespace artifact {

/// The names of the sections that this version knows.
inline constexpr char kManifestSection[] = "manifest";
inline constexpr char kObjectSection[] = "object";
inline constexpr char kWeightsSection[] = "weights";
inline constexpr char kCoreMapSection[] = "coremap";
inline constexpr char kCudaPlanSection[] = "cudaplan";

struct SectionInfo {
  std::string name;
  uint64_t offset = 0; ///< Bytes from the start of the file, a multiple of 64.
  uint64_t size = 0;   ///< Bytes.
  std::string sha256;  ///< In hexadecimal.
};

/// An artifact opened for reading. Nothing in the file was believed: every
/// offset, size, count and index has been checked, and the checksums hold.
class Artifact {
public:
  /// Maps and checks a file. An error says what is wrong with it; a damaged
  /// byte, wherever it is, is an error.
  static Result<Artifact> open(const std::string &path);

  const std::string &path() const { return file.path(); }
  uint64_t fileSize() const { return file.size(); }
  const Manifest &manifest() const { return plan; }
  /// Of an artifact for a chip, else null.
  const coremap::CoreMap *coreMap() const { return cores.get(); }
  /// Of an artifact for a GPU, else null.
  const cudaplan::CudaPlan *cudaPlan() const { return launches.get(); }
  const std::vector<SectionInfo> &sections() const { return table; }

  /// The section of that name, or null.
  const SectionInfo *find(std::string_view name) const;

  /// The bytes of a section, empty where there is none. They live as long as
  /// the artifact and start at a multiple of 64 in memory.
  std::string_view bytes(std::string_view name) const;

private:
  explicit Artifact(MappedFile file) : file(std::move(file)) {}
  MappedFile file;
  std::vector<SectionInfo> table;
  Manifest plan;
  std::shared_ptr<const coremap::CoreMap> cores;
  std::shared_ptr<const cudaplan::CudaPlan> launches;
};

/// Whether a file begins as an artifact does; fails where it cannot be read.
Result<bool> isArtifact(const std::string &path);

/// Checks a manifest against the sizes of the sections it speaks of. The
/// reader calls it on what it read, the writer on what it is asked to write.
/// The error names the field, what was required and what was found.
Status validate(const Manifest &manifest, uint64_t objectBytes, uint64_t weightsBytes);

/// Bytes of a buffer that validate() has accepted.
uint64_t byteSize(const Buffer &buffer);

/// Bytes of one element, 0 for a value outside of the enumeration.
uint64_t elementSize(Element element);
/// "u8", "i16", "i32", "i64", "f32".
const char *elementName(Element element);
/// As in the checkpoint's config: lexicographic, rectangular or timestep.
const char *orderName(HaltingOrder order);
/// "events", or "" of no kernel of integer sums.
const char *sumsName(SumsBy sums);

/// Whether a text may name a layer: 1 to 200 of a-z, A-Z, 0-9, '_', '-' and
/// '.', not starting with '.'. Layers name files of `--dump-spikes`.
bool isLayerName(std::string_view name);
/// Whether a text is a C identifier of at most 200 characters.
bool isSymbolName(std::string_view name);

} // namespace artifact
} // namespace stas

#endif // STAS_TARGET_ARTIFACT_ARTIFACT_H
