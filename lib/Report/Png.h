//===- Png.h - Pixels as a picture within a page -------------- -*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef STAS_LIB_REPORT_PNG_H
#define STAS_LIB_REPORT_PNG_H

#include "stas/Target/Artifact/Manifest.pb.h"

#include <cstdint>
#include <string>
#include <vector>

namespace stas::report {

/// Pixels as people see them, bytes [height, width, 3].
struct Picture {
  int64_t height = 0, width = 0;
  std::vector<uint8_t> pixels;
};

/// A normalised image [frames, C, H, W] as a picture of at most 256 pixels a
/// side: the mean of its frames, of three channels in colour, else the mean of
/// its channels in grey. Where the model has no normalisation to undo, the
/// smallest value is black and the largest white.
Picture pictureOf(const std::vector<float> &image, const artifact::Input &format);

/// The picture as "data:image/png;base64,...". Empty where memory is short.
std::string dataUri(const Picture &picture);

/// Bytes in base 64 (RFC 4648).
std::string base64(const std::vector<uint8_t> &bytes);

} // namespace stas::report

#endif // STAS_LIB_REPORT_PNG_H
