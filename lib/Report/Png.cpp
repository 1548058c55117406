//===- Png.cpp - Pixels as a picture within a page ------------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Png.h"

#include <algorithm>
#include <cmath>
#include <png.h>

using namespace stas;
using namespace stas::report;

/// Of height or width: a page shows images small.
static constexpr int64_t kMaxSide = 256;

namespace {

/// A normalised image, as if it had one frame and three channels of 0 to 1.
class Source {
public:
  Source(const std::vector<float> &image, const artifact::Input &format) : image(image), format(format) {
    if (format.mean_size() > 0)
      return;
    low = INFINITY;
    double high = -INFINITY;
    for (float value : image)
      if (std::isfinite(value)) {
        low = std::min<double>(low, value);
        high = std::max<double>(high, value);
      }
    scale = high > low ? 1 / (high - low) : 1;
  }

  double at(int64_t channel, int64_t y, int64_t x) const {
    if (format.channels() == 3)
      return mean(channel, y, x);
    double sum = 0;
    for (int64_t c = 0; c < format.channels(); ++c)
      sum += mean(c, y, x);
    return sum / format.channels();
  }

private:
  double mean(int64_t channel, int64_t y, int64_t x) const {
    int64_t plane = int64_t(format.height()) * format.width();
    double sum = 0;
    for (int64_t frame = 0; frame < format.frames(); ++frame)
      sum += image[(frame * format.channels() + channel) * plane + y * format.width() + x];
    double value = sum / format.frames();
    return format.mean_size() > 0 ? value * format.std(channel) + format.mean(channel) : (value - low) * scale;
  }

  const std::vector<float> &image;
  const artifact::Input &format;
  double low = 0, scale = 1;
};

} // namespace

Picture report::pictureOf(const std::vector<float> &image, const artifact::Input &format) {
  Source source(image, format);
  // A pixel of the picture is the mean of a square of the image.
  int64_t side = (std::max<int64_t>(format.height(), format.width()) + kMaxSide - 1) / kMaxSide;
  Picture picture;
  picture.height = (format.height() + side - 1) / side;
  picture.width = (format.width() + side - 1) / side;
  for (int64_t row = 0; row < picture.height; ++row)
    for (int64_t column = 0; column < picture.width; ++column)
      for (int64_t channel = 0; channel < 3; ++channel) {
        double sum = 0;
        int64_t count = 0;
        for (int64_t y = row * side; y < std::min<int64_t>(format.height(), (row + 1) * side); ++y)
          for (int64_t x = column * side; x < std::min<int64_t>(format.width(), (column + 1) * side); ++x, ++count)
            sum += source.at(channel, y, x);
        double value = std::isfinite(sum) ? std::clamp(sum / count, 0.0, 1.0) : 0;
        picture.pixels.push_back(static_cast<uint8_t>(std::lround(255 * value)));
      }
  return picture;
}

std::string report::base64(const std::vector<uint8_t> &bytes) {
  static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  for (size_t i = 0; i < bytes.size(); i += 3) {
    size_t count = std::min<size_t>(3, bytes.size() - i);
    uint32_t group = 0;
    for (size_t k = 0; k < 3; ++k)
      group = group << 8 | (k < count ? bytes[i + k] : 0);
    for (size_t k = 0; k < 4; ++k)
      text += k <= count ? digits[group >> (18 - 6 * k) & 63] : '=';
  }
  return text;
}

std::string report::dataUri(const Picture &picture) {
  png_image image = {};
  image.version = PNG_IMAGE_VERSION;
  image.width = static_cast<png_uint_32>(picture.width);
  image.height = static_cast<png_uint_32>(picture.height);
  image.format = PNG_FORMAT_RGB;
  std::vector<uint8_t> bytes(PNG_IMAGE_PNG_SIZE_MAX(image));
  png_alloc_size_t size = bytes.size();
  if (!png_image_write_to_memory(&image, bytes.data(), &size, /*convert_to_8_bit=*/0, picture.pixels.data(), 0,
                                 nullptr))
    return "";
  bytes.resize(size);
  return "data:image/png;base64," + base64(bytes);
}
