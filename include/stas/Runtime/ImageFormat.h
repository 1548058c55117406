//===- ImageFormat.h - What one image is to a model -------------*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef STAS_RUNTIME_IMAGEFORMAT_H
#define STAS_RUNTIME_IMAGEFORMAT_H

#include <cstdint>
#include <vector>

namespace stas {

/// What one image is to a model.
struct ImageFormat {
  int64_t frames = 1; ///< Images a sample: 1, or one a timestep.
  int64_t channels = 0;
  int64_t height = 0; ///< Pixels.
  int64_t width = 0;
  std::vector<float> mean; ///< A channel, for pixels in 0..1. Empty: 0.
  std::vector<float> std;  ///< Empty: 1.

  int64_t elements() const { return frames * channels * height * width; }
};

} // namespace stas

#endif // STAS_RUNTIME_IMAGEFORMAT_H
