//===- ImageSource.h - Images from files, as a model takes them -*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef STAS_DATA_IMAGESOURCE_H
#define STAS_DATA_IMAGESOURCE_H

#include "stas/Runtime/ImageFormat.h"
#include "stas/Support/Error.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace stas {

/// A numbered set of images.
///
/// Pixels of 8 bits become (x / 255 - mean) / std in float32, as torchvision's
/// ToTensor and Normalize compute it. An .npy file holds numbers that are
/// normalised already; they are taken as they are. Nothing is resized.
class ImageSource {
public:
  /// Opens
  ///   .npy          float32 [B, C, H, W], or [T, B, C, H, W] for T frames
  ///   CIFAR-10 .bin records of a label and 3 x 32 x 32 bytes, or a folder of
  ///                 such files
  ///   PNG, JPEG     or a folder of them, in the order of their names' bytes
  ///   MNIST idx     unsigned bytes [B, H, W], not compressed
  /// The content decides which it is. An error says what the model requires,
  /// what was found, and what to do.
  static Result<std::unique_ptr<ImageSource>> open(const std::string &path, const ImageFormat &format);
  virtual ~ImageSource();

  int64_t count() const { return imageCount; }

  /// Reads image index as float [frames, C, H, W].
  virtual Status read(int64_t index, float *to) const = 0;

  /// What to call image index: its file, or its number.
  virtual std::string name(int64_t index) const;

  /// The label of each image, or none where the files hold no labels.
  const std::vector<int64_t> &labels() const { return imageLabels; }

protected:
  int64_t imageCount = 0;
  std::vector<int64_t> imageLabels;
};

} // namespace stas

#endif // STAS_DATA_IMAGESOURCE_H
