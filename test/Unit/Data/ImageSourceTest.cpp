//===- ImageSourceTest.cpp - Images from arrays, CIFAR and MNIST files ----===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "stas/Data/ImageSource.h"
#include "../TestUtils.h"
#include "stas/Data/Npy.h"
#include <limits>

using namespace stas;
using namespace stas::test;

namespace {

ImageFormat formatOf(int64_t frames, int64_t channels, int64_t height, int64_t width) {
  ImageFormat format;
  format.frames = frames;
  format.channels = channels;
  format.height = height;
  format.width = width;
  return format;
}

const ImageFormat kCifar = formatOf(1, 3, 32, 32);

std::string cifarRecord(uint8_t label, uint8_t seed) {
  std::string record(1, static_cast<char>(label));
  for (int i = 0; i < 3072; ++i)
    record += static_cast<char>(seed + i);
  return record;
}

std::string idx3(uint8_t images, uint8_t height, uint8_t width, const std::string &pixels) {
  std::string bytes("\0\0\x08\x03\0\0\0", 7);
  bytes += static_cast<char>(images);
  bytes += std::string(3, '\0') + static_cast<char>(height);
  bytes += std::string(3, '\0') + static_cast<char>(width);
  return bytes + pixels;
}

class ImageSourceTest : public testing::Test {
protected:
  Result<std::unique_ptr<ImageSource>> open(const std::string &name, const std::string &bytes,
                                            const ImageFormat &format) {
    writeAll(folder / name, bytes);
    return ImageSource::open(folder / name, format);
  }
  TempFolder folder;
};

} // namespace

TEST_F(ImageSourceTest, NpyAsItIs) {
  ImageFormat format = formatOf(1, 2, 2, 3);
  format.mean = {5, 5}; // Not applied: the numbers are normalised.
  format.std = {7, 7};
  std::vector<float> values(36);
  for (int i = 0; i < 36; ++i)
    values[i] = 0.5f * i;
  ASSERT_TRUE(succeeds(writeNpy(folder / "a.npy", NpyType::F32, {3, 2, 2, 3}, values.data())));
  auto source = ImageSource::open(folder / "a.npy", format);
  ASSERT_TRUE(succeeds(source));
  EXPECT_EQ((*source)->count(), 3);
  EXPECT_EQ((*source)->name(2), "2");
  std::vector<float> pixels(12);
  ASSERT_TRUE(succeeds((*source)->read(1, pixels.data())));
  EXPECT_TRUE(std::equal(pixels.begin(), pixels.end(), values.begin() + 12));
}

TEST_F(ImageSourceTest, NpyRefusesWhatIsNoNumber) {
  for (float odd : {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()}) {
    std::vector<float> values = {1, 2, 3, odd};
    ASSERT_TRUE(succeeds(writeNpy(folder / "n.npy", NpyType::F32, {2, 1, 1, 2}, values.data())));
    auto source = ImageSource::open(folder / "n.npy", formatOf(1, 1, 1, 2));
    ASSERT_TRUE(succeeds(source));
    float pixels[2];
    EXPECT_TRUE(succeeds((*source)->read(0, pixels)));
    Status status = (*source)->read(1, pixels);
    ASSERT_FALSE(status);
    EXPECT_NE(status.message().find("image 1: required finite values, found"), std::string::npos) << status.message();
  }
}

TEST_F(ImageSourceTest, NpyWithFrames) {
  // PyTorch's time-first order becomes frames within a sample.
  ImageFormat format = formatOf(2, 1, 1, 2);
  std::vector<float> values = {0, 1, 10, 11, 20, 21, 100, 101, 110, 111, 120, 121};
  ASSERT_TRUE(succeeds(writeNpy(folder / "a.npy", NpyType::F32, {2, 3, 1, 1, 2}, values.data())));
  auto source = ImageSource::open(folder / "a.npy", format);
  ASSERT_TRUE(succeeds(source));
  EXPECT_EQ((*source)->count(), 3);
  std::vector<float> pixels(4);
  ASSERT_TRUE(succeeds((*source)->read(1, pixels.data())));
  EXPECT_EQ(pixels, (std::vector<float>{10, 11, 110, 111}));
}

TEST_F(ImageSourceTest, NpyOfAnotherShape) {
  std::vector<float> values(10000);
  auto refused = [&](NpyType type, std::vector<int64_t> shape, const ImageFormat &format, const char *message) {
    ASSERT_TRUE(succeeds(writeNpy(folder / "a.npy", type, shape, values.data())));
    EXPECT_TRUE(failsWith(ImageSource::open(folder / "a.npy", format), message));
  };
  ImageFormat still = formatOf(1, 3, 8, 8), film = formatOf(4, 3, 8, 8);
  refused(NpyType::F32, {2, 3, 8, 9}, still,
          "a.npy: images: required float32 [B, 3, 8, 8], found float32 [2, 3, "
          "8, 9]");
  refused(NpyType::F32, {3, 8, 8}, still, "found float32 [3, 8, 8]");
  refused(NpyType::F32, {2, 8, 8, 3}, still, "found float32 [2, 8, 8, 3]");
  refused(NpyType::U8, {2, 3, 8, 8}, still, "found uint8 [2, 3, 8, 8]");
  refused(NpyType::F32, {4, 2, 3, 8, 8}, still, "found float32 [4, 2, 3, 8, 8]");
  refused(NpyType::F32, {2, 3, 8, 8}, film, "required float32 [4, B, 3, 8, 8], found float32 [2, 3, 8, 8]");
  refused(NpyType::F32, {2, 4, 3, 8, 8}, film, "found float32 [2, 4, 3, 8, 8]");
  EXPECT_TRUE(failsWith(open("a.npy", "\x93NUMPY", still), "not a .npy file"));
}

TEST_F(ImageSourceTest, Cifar) {
  ImageFormat format = kCifar;
  format.mean = {0.5f, 0.25f, 0};
  format.std = {1, 2, 4};
  auto source = open("test.bin", cifarRecord(3, 0) + cifarRecord(9, 100), format);
  ASSERT_TRUE(succeeds(source));
  EXPECT_EQ((*source)->count(), 2);
  EXPECT_EQ((*source)->labels(), (std::vector<int64_t>{3, 9}));
  std::vector<float> pixels(3072);
  ASSERT_TRUE(succeeds((*source)->read(1, pixels.data())));
  for (int i = 0; i < 3072; ++i) {
    int c = i / 1024;
    float value = static_cast<uint8_t>(100 + i) / 255.0f;
    ASSERT_EQ(pixels[i], (value - format.mean[c]) / format.std[c]);
  }
}

TEST_F(ImageSourceTest, CifarFolder) {
  std::filesystem::create_directory(folder / "set");
  writeAll(folder / "set/data_batch_2.bin", cifarRecord(2, 2));
  writeAll(folder / "set/data_batch_1.bin", cifarRecord(0, 0) + cifarRecord(1, 1));
  writeAll(folder / "set/batches.meta.txt", "airplane\n");
  auto source = ImageSource::open(folder / "set", kCifar);
  ASSERT_TRUE(succeeds(source));
  EXPECT_EQ((*source)->labels(), (std::vector<int64_t>{0, 1, 2}));
}

TEST_F(ImageSourceTest, CifarErrors) {
  EXPECT_TRUE(failsWith(open("a.bin", cifarRecord(1, 0).substr(1), kCifar),
                        "a.bin: CIFAR-10 file: required records of 3073 bytes, "
                        "found 3072 bytes, which is not a multiple"));
  EXPECT_TRUE(failsWith(open("a.bin", "", kCifar), "found 0 bytes"));
  EXPECT_TRUE(failsWith(open("a.bin", cifarRecord(1, 0) + cifarRecord(10, 0), kCifar),
                        "CIFAR-10 file: record 1: required a label from 0 to 9, found 10"));
  EXPECT_TRUE(failsWith(open("a.bin", cifarRecord(1, 0), formatOf(1, 3, 224, 224)),
                        "image size: the model requires 3x224x224, found "
                        "CIFAR's 3x32x32; give images of the model's size"));
  EXPECT_TRUE(
      failsWith(open("a.bin", cifarRecord(1, 0), formatOf(4, 3, 32, 32)), "the model requires 4 frames a sample"));
}

TEST_F(ImageSourceTest, Idx) {
  ImageFormat format = formatOf(1, 1, 2, 3);
  auto source = open("t10k-images-idx3-ubyte", idx3(2, 2, 3, "abcdefghijkl"), format);
  ASSERT_TRUE(succeeds(source));
  EXPECT_EQ((*source)->count(), 2);
  std::vector<float> pixels(6);
  ASSERT_TRUE(succeeds((*source)->read(1, pixels.data())));
  EXPECT_EQ(pixels[0], 'g' / 255.0f);
  EXPECT_EQ(pixels[5], 'l' / 255.0f);
}

TEST_F(ImageSourceTest, IdxErrors) {
  ImageFormat format = formatOf(1, 1, 2, 3);
  EXPECT_TRUE(
      failsWith(open("a", idx3(2, 2, 3, "abc"), format), "a: idx file: its header does not match its 19 bytes"));
  EXPECT_TRUE(failsWith(open("a", idx3(255, 255, 255, ""), format), "its header does not match"));
  EXPECT_TRUE(failsWith(open("a", std::string("\0\0\x08\x03\0", 5), format), "idx file: truncated in its header"));
  EXPECT_TRUE(failsWith(open("a", std::string("\0\0\x08\x01\0\0\0\x08 8 bytes", 16), format),
                        "idx file: required unsigned bytes of 3 dimensions, found type 8 of 1 "
                        "dimensions"));
  EXPECT_TRUE(
      failsWith(open("a", idx3(1, 3, 2, "abcdef"), format), "image size: the model requires 1x2x3, found 1x3x2"));
  format.frames = 3;
  EXPECT_TRUE(failsWith(open("a", idx3(1, 2, 3, "abcdef"), format), "the model requires 3 frames"));
}

TEST_F(ImageSourceTest, ACifarRecordThatStartsAsIdx) {
  std::string record = cifarRecord(0, 0);
  record.replace(0, 4, "\0\0\x08\x03", 4);
  auto source = open("a.bin", record, kCifar);
  ASSERT_TRUE(succeeds(source));
  EXPECT_EQ((*source)->labels(), std::vector<int64_t>{0});
}

TEST_F(ImageSourceTest, WhatIsNoImage) {
  auto refused = [&](const std::string &bytes, const char *message) {
    EXPECT_TRUE(failsWith(open("input", bytes, kCifar), message));
  };
  EXPECT_TRUE(failsWith(ImageSource::open(folder / "none", kCifar), "none: cannot open: No such file"));
  refused("hello\n", "input: required an .npy array, a PNG or JPEG image, a "
                     "CIFAR .bin or an MNIST idx file, found text: "
                     "'hello\\x0a'");
  refused("\x1f\x8b\x08 gzip", "found a gzip file; unpack it first");
  refused(std::string("\xfd"
                      "7zXZ\0",
                      6),
          "found an xz file; unpack it first");
  refused("PK\x03\x04", "found a zip file; unpack it first");
  refused("\x01\x02\x03", "found bytes: '\\x01\\x02\\x03'");
}
