//===- PngTest.cpp - Tests of pictures within a page ----------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Report/Png.h"

#include <cmath>
#include <gtest/gtest.h>
#include <png.h>

using namespace stas;
using namespace stas::report;

static artifact::Input format(uint32_t frames, uint32_t channels, uint32_t height, uint32_t width) {
  artifact::Input input;
  input.set_frames(frames);
  input.set_channels(channels);
  input.set_height(height);
  input.set_width(width);
  return input;
}

TEST(Png, Base64) {
  // RFC 4648, section 10.
  auto encode = [](const std::string &text) { return base64(std::vector<uint8_t>(text.begin(), text.end())); };
  EXPECT_EQ(encode(""), "");
  EXPECT_EQ(encode("f"), "Zg==");
  EXPECT_EQ(encode("fo"), "Zm8=");
  EXPECT_EQ(encode("foo"), "Zm9v");
  EXPECT_EQ(encode("foob"), "Zm9vYg==");
  EXPECT_EQ(encode("foobar"), "Zm9vYmFy");
}

TEST(Png, NormalisationIsUndone) {
  artifact::Input input = format(1, 3, 1, 2);
  for (float mean : {0.5f, 0.25f, 0.0f})
    input.add_mean(mean);
  for (float deviation : {0.5f, 0.25f, 1.0f})
    input.add_std(deviation);
  Picture picture = pictureOf({1, -1, 0, 3, 0.2f, 9}, input);
  EXPECT_EQ(picture.pixels, std::vector<uint8_t>({255, 64, 51, 0, 255, 255}));
}

TEST(Png, WithoutOneTheRangeIsShown) {
  // Two frames of two channels: the mean of all, the smallest of all numbers black and the largest white.
  Picture picture = pictureOf({-1, 3, -1, 3, -1, 3, -1, 3}, format(2, 2, 1, 2));
  EXPECT_EQ(picture.pixels, std::vector<uint8_t>({0, 0, 0, 255, 255, 255}));
  EXPECT_EQ(pictureOf({NAN, 1}, format(1, 1, 1, 2)).pixels[0], 0);
}

TEST(Png, LargeImagesShrink) {
  std::vector<float> image(300 * 600);
  for (size_t i = 0; i < image.size(); ++i)
    image[i] = i % 600 < 300 ? 0 : 1;
  Picture picture = pictureOf(image, format(1, 1, 300, 600));
  EXPECT_EQ(picture.height, 100);
  EXPECT_EQ(picture.width, 200);
  EXPECT_EQ(picture.pixels[0], 0);
  EXPECT_EQ(picture.pixels[3 * 199], 255);
}

TEST(Png, IsReadBack) {
  Picture picture = pictureOf({0, 1, 0.5f, 0.25f}, format(1, 1, 2, 2));
  std::string uri = dataUri(picture), prefix = "data:image/png;base64,";
  ASSERT_EQ(uri.compare(0, prefix.size(), prefix), 0);
  std::vector<uint8_t> bytes;
  uint32_t group = 0, bits = 0;
  static const std::string kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (char digit : uri.substr(prefix.size())) {
    if (digit == '=')
      break;
    group = group << 6 | static_cast<uint32_t>(kDigits.find(digit));
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes.push_back(static_cast<uint8_t>(group >> bits));
    }
  }
  png_image image = {};
  image.version = PNG_IMAGE_VERSION;
  ASSERT_TRUE(png_image_begin_read_from_memory(&image, bytes.data(), bytes.size()));
  EXPECT_EQ(image.width, 2u);
  image.format = PNG_FORMAT_RGB;
  std::vector<uint8_t> pixels(PNG_IMAGE_SIZE(image));
  ASSERT_TRUE(png_image_finish_read(&image, nullptr, pixels.data(), 0, nullptr));
  EXPECT_EQ(pixels, picture.pixels);
}
