//===- IdxImages.cpp - Images from MNIST's idx files ----------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Sources.h"
#include "stas/Support/Checked.h"

using namespace stas;

/// Idx numbers are big endian.
static uint64_t loadBig32(const uint8_t *at) {
  return static_cast<uint64_t>(at[0]) << 24 | at[1] << 16 | at[2] << 8 | at[3];
}

Result<std::vector<uint64_t>> stas::idxShape(const MappedFile &file, size_t rank) {
  const uint8_t *data = file.data();
  uint64_t header = 4 + 4 * rank;
  if (file.size() < header)
    return makeError(file.path(), ": idx file: truncated in its header");
  if (data[0] != 0 || data[1] != 0 || data[2] != 8 || data[3] != rank)
    return makeError(file.path(), ": idx file: required unsigned bytes of ", rank, " dimensions, found type ",
                     int(data[2]), " of ", int(data[3]), " dimensions");
  std::vector<uint64_t> shape;
  for (size_t i = 0; i < rank; ++i)
    shape.push_back(loadBig32(data + 4 + 4 * i));
  auto bytes = checkedProduct(shape);
  if (!bytes || *bytes != file.size() - header)
    return makeError(file.path(), ": idx file: its header does not match its ", file.size(), " bytes");
  return shape;
}

namespace {

class IdxImages : public ImageSource {
public:
  IdxImages(MappedFile openFile, int64_t count, const ImageFormat &format)
      : file(std::move(openFile)), normalizer(format), pixels(format.height * format.width) {
    imageCount = count;
  }

  Status read(int64_t index, float *to) const override {
    constexpr uint64_t kHeader = 16;
    normalizer.planar(file.data() + kHeader + index * pixels, to);
    return {};
  }

private:
  MappedFile file;
  Normalizer normalizer;
  int64_t pixels;
};

} // namespace

SourceResult stas::openIdxImages(MappedFile file, const ImageFormat &format) {
  if (Status status = requireStill(file.path(), format); !status)
    return status.error();
  Result<std::vector<uint64_t>> shape = idxShape(file, 3);
  if (!shape)
    return shape.error();
  int64_t height = (*shape)[1], width = (*shape)[2];
  if (format.channels != 1 || height != format.height || width != format.width)
    return makeError(file.path(), ": image size: the model requires ",
                     formatText(format.channels, format.height, format.width), ", found ", formatText(1, height, width),
                     "; give images of the model's size");
  return std::unique_ptr<ImageSource>(
      std::make_unique<IdxImages>(std::move(file), static_cast<int64_t>((*shape)[0]), format));
}
