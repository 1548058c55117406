//===- ImageFiles.cpp - Images from PNG and JPEG files --------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Decode.h"
#include "Sources.h"

using namespace stas;

Status stas::checkPixelFormat(const MappedFile &file, const PixelFormat &format, int64_t channels, int64_t height,
                              int64_t width) {
  if (height != format.height || width != format.width)
    return makeError(file.path(), ": image size: the model requires ",
                     formatText(format.channels, format.height, format.width), ", found ",
                     formatText(channels, height, width), "; resize it as the images of the training were");
  if (channels > format.channels)
    return makeError(file.path(), ": the model requires a grey image, found colour; convert "
                                  "it first");
  return {};
}

namespace {

class ImageFiles : public ImageSource {
public:
  ImageFiles(std::vector<std::string> paths, const ImageFormat &format)
      : paths(std::move(paths)), format{format.channels, format.height, format.width}, normalizer(format) {
    imageCount = this->paths.size();
  }

  Status read(int64_t index, float *to) const override {
    Result<MappedFile> file = MappedFile::open(paths[index]);
    if (!file)
      return file.error();
    FileKind kind = kindOf(*file);
    if (kind != FileKind::Png && kind != FileKind::Jpeg)
      return makeError(file->path(), ": required a PNG or JPEG image, found ", describeUnknown(*file));
    Result<std::vector<uint8_t>> pixels = kind == FileKind::Png ? decodePng(*file, format) : decodeJpeg(*file, format);
    if (!pixels)
      return pixels.error();
    normalizer.interleaved(pixels->data(), to);
    return {};
  }

  std::string name(int64_t index) const override { return paths[index]; }

private:
  std::vector<std::string> paths;
  PixelFormat format;
  Normalizer normalizer;
};

} // namespace

SourceResult stas::openImageFiles(std::vector<std::string> paths, const ImageFormat &format) {
  if (Status status = requireStill(paths.front(), format); !status)
    return status.error();
  if (format.channels != 1 && format.channels != 3)
    return makeError(paths.front(), ": the model requires ", format.channels,
                     " channels, which no PNG or JPEG has; give the images as "
                     ".npy");
  return std::unique_ptr<ImageSource>(std::make_unique<ImageFiles>(std::move(paths), format));
}
