//===- ImageFilesTest.cpp - Images from PNG and JPEG files ----------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "../TestUtils.h"
#include "EncodeImages.h"
#include "stas/Data/ImageSource.h"

#include <cmath>
#include <unistd.h>
#include <zlib.h>

using namespace stas;
using namespace stas::test;

namespace {

class ImageFilesTest : public testing::Test {
protected:
  ImageFilesTest() {
    rgb.channels = 3;
    rgb.height = 4;
    rgb.width = 5;
    grey = rgb;
    grey.channels = 1;
    for (int i = 0; i < 60; ++i)
      bytes.push_back(static_cast<uint8_t>(37 * i + 11));
  }

  /// The pixels of the first image of a file with these bytes, or the error.
  Result<std::vector<float>> read(const std::string &name, const std::string &contents, const ImageFormat &format) {
    writeAll(folder / name, contents);
    auto source = ImageSource::open(folder / name, format);
    if (!source)
      return source.error();
    EXPECT_EQ((*source)->count(), 1);
    std::vector<float> pixels(format.elements());
    if (Status status = (*source)->read(0, pixels.data()); !status)
      return status.error();
    return pixels;
  }

  TempFolder folder;
  ImageFormat rgb, grey;
  std::vector<uint8_t> bytes; ///< [4, 5, 3]
};

} // namespace

TEST_F(ImageFilesTest, RgbPng) {
  for (bool interlaced : {false, true}) {
    PngOptions options;
    options.interlaced = interlaced;
    auto pixels = read("a.png", encodePng(5, 4, bytes, options), rgb);
    ASSERT_TRUE(succeeds(pixels));
    for (int c = 0; c < 3; ++c)
      for (int i = 0; i < 20; ++i)
        ASSERT_EQ((*pixels)[c * 20 + i], bytes[i * 3 + c] / 255.0f);
  }
}

TEST_F(ImageFilesTest, NormalisedAsTorchvisionDoes) {
  rgb.mean = {0.4914f, 0.4822f, 0.4465f};
  rgb.std = {0.2023f, 0.1994f, 0.2010f};
  auto pixels = read("a.png", encodePng(5, 4, bytes), rgb);
  ASSERT_TRUE(succeeds(pixels));
  for (int c = 0; c < 3; ++c)
    for (int i = 0; i < 20; ++i) {
      // Three roundings to float32, in this order.
      volatile float scaled = static_cast<float>(bytes[i * 3 + c]) / 255.0f;
      volatile float centred = scaled - rgb.mean[c];
      volatile float divided = centred / rgb.std[c];
      ASSERT_EQ((*pixels)[c * 20 + i], divided);
    }
}

TEST_F(ImageFilesTest, GreyPng) {
  PngOptions options;
  options.colorType = 0;
  auto one = read("a.png", encodePng(5, 4, bytes, options), grey);
  ASSERT_TRUE(succeeds(one));
  auto three = read("a.png", encodePng(5, 4, bytes, options), rgb);
  ASSERT_TRUE(succeeds(three));
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ((*one)[i], bytes[i] / 255.0f);
    for (int c = 0; c < 3; ++c)
      EXPECT_EQ((*three)[c * 20 + i], bytes[i] / 255.0f);
  }
  options.bitDepth = 1; // Five pixels in the top bits of a byte.
  auto bits = read("a.png", encodePng(5, 4, {0x80, 0x40, 0x20, 0x10}, options), grey);
  ASSERT_TRUE(succeeds(bits));
  for (int i = 0; i < 20; ++i)
    EXPECT_EQ((*bits)[i], i % 6 == 0 ? 1.0f : 0.0f);
}

TEST_F(ImageFilesTest, PalettePng) {
  PngOptions options;
  options.colorType = 3;
  std::vector<uint8_t> indices(20, 1);
  indices[7] = 2;
  auto pixels = read("a.png", encodePng(5, 4, indices, options), rgb);
  ASSERT_TRUE(succeeds(pixels));
  EXPECT_EQ((*pixels)[6], 40 / 255.0f);
  EXPECT_EQ((*pixels)[20 + 7], 80 / 255.0f);
  // Colour 0 is transparent, but no pixel has it.
  options.transparentColour = true;
  EXPECT_TRUE(succeeds(read("a.png", encodePng(5, 4, indices, options), rgb)));
  indices[3] = 0;
  EXPECT_TRUE(failsWith(read("a.png", encodePng(5, 4, indices, options), rgb),
                        "required opaque pixels, found transparency; put the image on "
                        "a background first"));
}

TEST_F(ImageFilesTest, AlphaMustBeOpaque) {
  PngOptions options;
  options.colorType = 6;
  std::vector<uint8_t> rgba(80, 255);
  rgba[4] = 51;
  auto pixels = read("a.png", encodePng(5, 4, rgba, options), rgb);
  ASSERT_TRUE(succeeds(pixels));
  EXPECT_EQ((*pixels)[1], 0.2f);
  rgba[7] = 254;
  EXPECT_TRUE(failsWith(read("a.png", encodePng(5, 4, rgba, options), rgb), "required opaque pixels"));
  options.colorType = 4;
  std::vector<uint8_t> greyAlpha(40, 255);
  EXPECT_TRUE(succeeds(read("a.png", encodePng(5, 4, greyAlpha, options), grey)));
}

TEST_F(ImageFilesTest, WhatIsNotConverted) {
  PngOptions deep;
  deep.bitDepth = 16;
  std::vector<uint8_t> twice(120, 1);
  EXPECT_TRUE(
      failsWith(read("a.png", encodePng(5, 4, twice, deep), rgb), "a.png: required 8 bits a channel, found 16"));
  EXPECT_TRUE(failsWith(read("a.png", encodePng(5, 4, bytes), grey), "the model requires a grey image, found colour"));
  EXPECT_TRUE(failsWith(read("a.png", encodePng(4, 5, bytes), rgb),
                        "a.png: image size: the model requires 3x4x5, found "
                        "3x5x4; resize it as the images of the training were"));
  std::vector<uint8_t> cmyk(80, 100);
  EXPECT_TRUE(failsWith(read("a.jpg", encodeJpeg(5, 4, 4, cmyk), rgb), "required a grey or RGB image, found CMYK"));
  ImageFormat many = rgb;
  many.channels = 7;
  EXPECT_TRUE(
      failsWith(read("a.png", encodePng(5, 4, bytes), many), "the model requires 7 channels, which no PNG or JPEG"));
  ImageFormat film = rgb;
  film.frames = 4;
  EXPECT_TRUE(failsWith(read("a.png", encodePng(5, 4, bytes), film),
                        "the model requires 4 frames a sample; give them as "
                        ".npy float32 [4, B, 3, 4, 5]"));
}

TEST_F(ImageFilesTest, Jpeg) {
  rgb.height = rgb.width = grey.height = grey.width = 16;
  std::vector<uint8_t> flat(16 * 16 * 3);
  for (size_t i = 0; i < flat.size(); ++i)
    flat[i] = i % 3 == 0 ? 200 : i % 3 == 1 ? 100 : 50;
  for (bool progressive : {false, true}) {
    auto pixels = read("a.jpg", encodeJpeg(16, 16, 3, flat, progressive), rgb);
    ASSERT_TRUE(succeeds(pixels));
    for (int c = 0; c < 3; ++c)
      for (int i = 0; i < 256; ++i)
        ASSERT_NEAR((*pixels)[c * 256 + i] * 255, flat[c], 3);
  }
  std::vector<uint8_t> shade(256, 77);
  auto one = read("a.jpeg", encodeJpeg(16, 16, 1, shade), grey);
  ASSERT_TRUE(succeeds(one));
  EXPECT_NEAR((*one)[100] * 255, 77, 1);
  auto three = read("a.jpeg", encodeJpeg(16, 16, 1, shade), rgb);
  ASSERT_TRUE(succeeds(three));
  EXPECT_EQ((*three)[700], (*one)[100]);
  EXPECT_TRUE(failsWith(read("a.jpg", encodeJpeg(16, 16, 3, flat), grey), "requires a grey image, found colour"));
  rgb.width = 17;
  EXPECT_TRUE(failsWith(read("a.jpg", encodeJpeg(16, 16, 3, flat), rgb), "requires 3x16x17, found 3x16x16"));
}

TEST_F(ImageFilesTest, ContentDecides) {
  EXPECT_TRUE(succeeds(read("photo.jpg", encodePng(5, 4, bytes), rgb)));
  EXPECT_TRUE(failsWith(read("text.png", "this is not an image\n", rgb),
                        "text.png: required an .npy array, a PNG or JPEG "
                        "image, a CIFAR .bin or an MNIST idx file, found text: "
                        "'this is not an i"));
  EXPECT_TRUE(failsWith(read("empty.png", "", rgb), "found an empty file"));
}

TEST_F(ImageFilesTest, HugeDimensionsAllocateNothing) {
  std::string png = encodePng(5, 4, bytes);
  // Width and height of the header, at bytes 16 and 20, then its checksum.
  std::string huge = png;
  huge.replace(16, 8, "\x00\x0f\x42\x40\x00\x0f\x42\x40", 8);
  EXPECT_TRUE(failsWith(read("a.png", huge, rgb), "damaged PNG: IHDR: CRC"));
  uint32_t sum = crc32(0, reinterpret_cast<const uint8_t *>(huge.data()) + 12, 17);
  for (int i = 0; i < 4; ++i)
    huge[29 + i] = static_cast<char>(sum >> (24 - 8 * i));
  EXPECT_TRUE(failsWith(read("a.png", huge, rgb), "requires 3x4x5, found 3x1000000x1000000"));
  rgb.height = rgb.width = 16;
  std::vector<uint8_t> flat(16 * 16 * 3, 9);
  std::string jpeg = encodeJpeg(16, 16, 3, flat);
  size_t frame = jpeg.find("\xff\xc0");
  ASSERT_NE(frame, std::string::npos);
  jpeg.replace(frame + 5, 4, "\xff\x00\xff\x00", 4);
  EXPECT_TRUE(failsWith(read("a.jpg", jpeg, rgb), "requires 3x16x16, found 3x65280x65280"));
}

TEST_F(ImageFilesTest, EveryTruncationIsAnError) {
  std::string png = encodePng(5, 4, bytes);
  for (size_t size = 8; size < png.size(); ++size)
    ASSERT_TRUE(failsWith(read("a.png", png.substr(0, size), rgb), "a.png: damaged PNG: ")) << size;
  rgb.height = rgb.width = 16;
  std::vector<uint8_t> noise;
  Random random(5);
  for (int i = 0; i < 16 * 16 * 3; ++i)
    noise.push_back(static_cast<uint8_t>(random.next()));
  for (bool progressive : {false, true}) {
    std::string jpeg = encodeJpeg(16, 16, 3, noise, progressive);
    for (size_t size = 3; size + 2 < jpeg.size(); ++size)
      ASSERT_FALSE(read("a.jpg", jpeg.substr(0, size), rgb)) << size;
    EXPECT_TRUE(failsWith(read("a.jpg", jpeg.substr(0, jpeg.size() / 2), rgb), "a.jpg: damaged JPEG: "));
  }
}

TEST_F(ImageFilesTest, MutationsDoNotCrash) {
  rgb.height = rgb.width = 16;
  std::vector<uint8_t> noise;
  Random random(6);
  for (int i = 0; i < 16 * 16 * 3; ++i)
    noise.push_back(static_cast<uint8_t>(random.next()));
  for (const std::string &good :
       {encodePng(16, 16, noise), encodeJpeg(16, 16, 3, noise), encodeJpeg(16, 16, 3, noise, true)})
    for (int i = 0; i < 700; ++i) {
      std::string broken = good;
      for (uint64_t n = 1 + random.below(8); n > 0; --n)
        broken[3 + random.below(broken.size() - 3)] = static_cast<char>(random.next());
      auto pixels = read("a.png", broken, rgb);
      if (!pixels) {
        ASSERT_FALSE(pixels.message().empty());
      }
    }
}

TEST_F(ImageFilesTest, FoldersInTheOrderOfNames) {
  std::filesystem::create_directory(folder / "set");
  std::filesystem::create_directory(folder / "set/subfolder");
  std::vector<uint8_t> image = bytes;
  for (const char *name : {"10.png", "2.PNG", "b.jpeg.png", "Z.png"}) {
    image[0] = static_cast<uint8_t>(name[0]);
    writeAll(folder / (std::string("set/") + name), encodePng(5, 4, image));
  }
  writeAll(folder / "set/readme.txt", "not an image");
  writeAll(folder / "set/.hidden.png", "not an image");
  auto source = ImageSource::open(folder / "set", rgb);
  ASSERT_TRUE(succeeds(source));
  ASSERT_EQ((*source)->count(), 4);
  EXPECT_TRUE((*source)->labels().empty());
  const char order[] = {'1', '2', 'Z', 'b'};
  std::vector<float> pixels(60);
  for (int i = 0; i < 4; ++i) {
    ASSERT_TRUE(succeeds((*source)->read(i, pixels.data())));
    EXPECT_EQ(pixels[0], order[i] / 255.0f);
  }
  EXPECT_EQ((*source)->name(1), folder / "set/2.PNG");

  // What is wrong with one is said when it is read, by name.
  writeAll(folder / "set/b.jpeg.png", "text");
  source = ImageSource::open(folder / "set", rgb);
  ASSERT_TRUE(succeeds(source));
  EXPECT_TRUE(failsWith((*source)->read(3, pixels.data()), "b.jpeg.png: required a PNG or JPEG image, found text: "
                                                           "'text'"));
  std::filesystem::remove(folder / "set/b.jpeg.png");
  EXPECT_TRUE(failsWith((*source)->read(3, pixels.data()), "cannot open"));
}

TEST_F(ImageFilesTest, FoldersThatCannotBeRun) {
  std::filesystem::create_directories(folder / "set/inner");
  EXPECT_TRUE(failsWith(ImageSource::open(folder / "set", rgb), "set: required .png, .jpg, .jpeg or .bin files in the "
                                                                "folder, found none among 1 entries; folders in it are "
                                                                "not searched"));
  writeAll(folder / "set/a.png", "");
  writeAll(folder / "set/a.bin", "");
  EXPECT_TRUE(failsWith(ImageSource::open(folder / "set", rgb), "set: the folder holds both images (.png, .jpg) and "
                                                                "CIFAR files (.bin); keep one kind"));
}

TEST_F(ImageFilesTest, ShortOfDescriptors) {
  std::filesystem::create_directory(folder / "set");
  int next = dup(0);
  close(next);
  WithLimit descriptors(RLIMIT_NOFILE, next);
  EXPECT_TRUE(failsWith(ImageSource::open(folder / "set", rgb), "set: cannot open: Too many open files"));
}
