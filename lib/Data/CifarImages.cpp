//===- CifarImages.cpp - Images and labels from CIFAR-10's binary files ---===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Sources.h"

using namespace stas;

namespace {

class CifarImages : public ImageSource {
public:
  CifarImages(std::vector<MappedFile> openFiles, const ImageFormat &format)
      : files(std::move(openFiles)), normalizer(format) {
    for (const MappedFile &file : files)
      for (uint64_t at = 0; at < file.size(); at += kCifarRecord)
        records.push_back(file.data() + at);
    imageCount = records.size();
    for (const uint8_t *record : records)
      imageLabels.push_back(record[0]);
  }

  Status read(int64_t index, float *to) const override {
    normalizer.planar(records[index] + 1, to);
    return {};
  }

private:
  std::vector<MappedFile> files;
  Normalizer normalizer;
  std::vector<const uint8_t *> records;
};

} // namespace

SourceResult stas::openCifarImages(std::vector<MappedFile> files, const ImageFormat &format) {
  constexpr int64_t kClasses = 10;
  for (const MappedFile &file : files) {
    if (Status status = requireStill(file.path(), format); !status)
      return status.error();
    if (format.channels != 3 || format.height != kCifarSide || format.width != kCifarSide)
      return makeError(file.path(), ": image size: the model requires ",
                       formatText(format.channels, format.height, format.width),
                       ", found CIFAR's 3x32x32; give images of the model's size");
    if (file.size() == 0 || file.size() % kCifarRecord != 0)
      return makeError(file.path(), ": CIFAR-10 file: required records of ", kCifarRecord, " bytes, found ",
                       file.size(), " bytes, which is not a multiple");
    for (uint64_t at = 0; at < file.size(); at += kCifarRecord)
      if (file.data()[at] >= kClasses)
        return makeError(file.path(), ": CIFAR-10 file: record ", at / kCifarRecord, ": required a label from 0 to ",
                         kClasses - 1, ", found ", int(file.data()[at]));
  }
  return std::unique_ptr<ImageSource>(std::make_unique<CifarImages>(std::move(files), format));
}
