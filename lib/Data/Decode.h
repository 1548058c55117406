//===- Decode.h - Decodes PNG and JPEG --------------------------*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef STAS_LIB_DATA_DECODE_H
#define STAS_LIB_DATA_DECODE_H

#include "stas/Support/Error.h"
#include "stas/Support/MappedFile.h"

#include <vector>

namespace stas {

/// What an image must be. It is checked against the image's header, before
/// anything is allocated or decoded.
struct PixelFormat {
  int64_t channels; ///< 1 (grey) or 3 (RGB).
  int64_t height;
  int64_t width;
};

/// The pixels as bytes [H, W, C]. A grey image is given to a model of three
/// channels by repeating it, as PIL's convert("RGB") does; nothing else is
/// converted silently.
Result<std::vector<uint8_t>> decodePng(const MappedFile &file, const PixelFormat &format);
Result<std::vector<uint8_t>> decodeJpeg(const MappedFile &file, const PixelFormat &format);

/// Checks the size in an image's header; channels is 1 or 3.
Status checkPixelFormat(const MappedFile &file, const PixelFormat &format, int64_t channels, int64_t height,
                        int64_t width);

} // namespace stas

#endif // STAS_LIB_DATA_DECODE_H
