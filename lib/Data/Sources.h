//===- Sources.h - One function for each kind of image file -----*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef STAS_LIB_DATA_SOURCES_H
#define STAS_LIB_DATA_SOURCES_H

#include "stas/Data/ImageSource.h"
#include "stas/Support/MappedFile.h"

namespace stas {

/// What the first bytes of a file, and for formats without a mark its size and
/// name, say that it is.
enum class FileKind { Npy, Png, Jpeg, Idx, Cifar, Unknown };
FileKind kindOf(const MappedFile &file);
bool hasExtension(const std::string &path, std::initializer_list<const char *> extensions);

/// What a file of an unknown kind looks like, for an error message.
std::string describeUnknown(const MappedFile &file);

using SourceResult = Result<std::unique_ptr<ImageSource>>;
SourceResult openNpyImages(MappedFile file, const ImageFormat &format);
SourceResult openIdxImages(MappedFile file, const ImageFormat &format);
SourceResult openCifarImages(std::vector<MappedFile> files, const ImageFormat &format);
SourceResult openImageFiles(std::vector<std::string> paths, const ImageFormat &format);

inline constexpr uint64_t kCifarSide = 32;
inline constexpr uint64_t kCifarRecord = 1 + 3 * kCifarSide * kCifarSide;

/// The dimensions of an idx file of unsigned bytes, or why it is not one.
Result<std::vector<uint64_t>> idxShape(const MappedFile &file, size_t rank);

/// Turns 8-bit pixels into what the model takes.
class Normalizer {
public:
  explicit Normalizer(const ImageFormat &format);
  /// Planar in, planar out: bytes [C, H, W] to floats [C, H, W].
  void planar(const uint8_t *from, float *to) const;
  /// Interleaved in, planar out: bytes [H, W, C] to floats [C, H, W].
  void interleaved(const uint8_t *from, float *to) const;

private:
  int64_t channels;
  int64_t pixels;
  std::vector<float> values; ///< [C, 256].
};

/// "3x32x32": channels, height, width.
std::string formatText(int64_t channels, int64_t height, int64_t width);
/// Fails where a model takes several frames a sample, which these files lack.
Status requireStill(const std::string &path, const ImageFormat &format);

} // namespace stas

#endif // STAS_LIB_DATA_SOURCES_H
