//===- EncodeImages.h - Images for tests ------------------------*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef STAS_TEST_UNIT_DATA_ENCODEIMAGES_H
#define STAS_TEST_UNIT_DATA_ENCODEIMAGES_H

#include <cstdint>
#include <string>
#include <vector>

namespace stas {
namespace test {

/// How to write a PNG.
struct PngOptions {
  int colorType = 2; ///< 0 grey, 2 RGB, 3 palette, 4 grey-alpha, 6 RGBA.
  int bitDepth = 8;
  bool interlaced = false;
  bool transparentColour = false; ///< A tRNS chunk for colour 0.
};

/// A PNG of rows as the colour type stores them.
std::string encodePng(uint32_t width, uint32_t height, const std::vector<uint8_t> &rows,
                      const PngOptions &options = {});

/// A JPEG of grey (1), RGB (3) or CMYK (4) bytes [H, W, C].
std::string encodeJpeg(uint32_t width, uint32_t height, int channels, const std::vector<uint8_t> &pixels,
                       bool progressive = false);

} // namespace test
} // namespace stas

#endif // STAS_TEST_UNIT_DATA_ENCODEIMAGES_H
