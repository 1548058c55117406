//===- NpyImages.cpp - Images from an .npy array --------------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Sources.h"
#include "stas/Data/Npy.h"
#include "stas/Support/Text.h"

#include <cmath>

using namespace stas;

namespace {

class NpyImages : public ImageSource {
public:
  NpyImages(NpyArray array, const ImageFormat &format)
      : array(std::move(array)), frames(format.frames), frameElements(format.channels * format.height * format.width) {
    const auto &shape = this->array.shape();
    imageCount = shape[shape.size() - 4];
  }

  Status read(int64_t index, float *to) const override {
    // PyTorch's order is time first; a sample's frames lie far apart.
    for (int64_t t = 0; t < frames; ++t)
      array.copyFloats((t * imageCount + index) * frameElements, frameElements, to + t * frameElements);
    // A pixel that is no number silences neurons without a trace.
    for (int64_t i = 0; i < frames * frameElements; ++i)
      if (!std::isfinite(to[i]))
        return makeError(array.path(), ": image ", index, ": required finite values, found ", to[i], " at element ", i,
                         "; mend the array");
    return {};
  }

private:
  NpyArray array;
  int64_t frames;
  int64_t frameElements;
};

} // namespace

SourceResult stas::openNpyImages(MappedFile file, const ImageFormat &format) {
  Result<NpyArray> array = NpyArray::parse(std::move(file));
  if (!array)
    return array.error();
  const std::vector<int64_t> &shape = array->shape();
  size_t rank = shape.size(); // One frame may have a time axis, or none.
  bool fits = array->type() == NpyType::F32 && (rank == 5 || (rank == 4 && format.frames == 1)) &&
              shape[rank - 3] == format.channels && shape[rank - 2] == format.height &&
              shape[rank - 1] == format.width && (rank == 4 || shape[0] == format.frames);
  if (!fits) {
    std::string frames = format.frames == 1 ? "" : std::to_string(format.frames) + ", ";
    return makeError(array->path(), ": images: required float32 [", frames, "B, ", format.channels, ", ", format.height,
                     ", ", format.width, "], found ", npyTypeName(array->type()), " ", shapeText(shape));
  }
  return std::unique_ptr<ImageSource>(std::make_unique<NpyImages>(std::move(*array), format));
}
