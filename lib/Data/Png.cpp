//===- Png.cpp - Decodes PNG ----------------------------------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Decode.h"

#include <csetjmp>
#include <cstring>
#include <png.h>

using namespace stas;

namespace {

/// One decode. libpng reports errors by longjmp, which must not pass over
/// objects with destructors: everything that owns memory lives here, outside
/// of the function that calls setjmp.
struct PngDecoder {
  explicit PngDecoder(std::string_view bytes) : rest(bytes) {}
  ~PngDecoder() { png_destroy_read_struct(&png, &info, nullptr); }

  bool open();
  bool readHeader();
  bool readPixels(size_t rowBytes);

  std::string_view rest;
  png_structp png = nullptr;
  png_infop info = nullptr;
  char reason[128] = "";

  png_uint_32 width = 0, height = 0;
  int bitDepth = 0, colorType = 0;
  bool hasAlpha = false;
  std::vector<uint8_t> pixels;
  std::vector<png_bytep> rows;
};

void readBytes(png_structp png, png_bytep to, size_t size) {
  auto *decoder = static_cast<PngDecoder *>(png_get_io_ptr(png));
  if (decoder->rest.size() < size)
    png_error(png, "the file is truncated");
  std::memcpy(to, decoder->rest.data(), size);
  decoder->rest.remove_prefix(size);
}

[[noreturn]] void onError(png_structp png, png_const_charp message) {
  auto *decoder = static_cast<PngDecoder *>(png_get_error_ptr(png));
  std::strncpy(decoder->reason, message, sizeof(decoder->reason) - 1);
  png_longjmp(png, 1);
}

void onWarning(png_structp, png_const_charp) {}

bool PngDecoder::open() {
  png = png_create_read_struct(PNG_LIBPNG_VER_STRING, this, onError, onWarning);
  if (!png)
    return false;
  info = png_create_info_struct(png);
  return info != nullptr;
}

bool PngDecoder::readHeader() {
  if (setjmp(png_jmpbuf(png)))
    return false;
  png_set_read_fn(png, this, readBytes);
  png_read_info(png, info);
  png_get_IHDR(png, info, &width, &height, &bitDepth, &colorType, nullptr, nullptr, nullptr);
  hasAlpha = (colorType & PNG_COLOR_MASK_ALPHA) || png_get_valid(png, info, PNG_INFO_tRNS);
  return true;
}

/// Reads the pixels into rows, as 8-bit grey or RGB, with alpha if there is.
bool PngDecoder::readPixels(size_t rowBytes) {
  if (setjmp(png_jmpbuf(png)))
    return false;
  png_set_expand(png);
  png_set_interlace_handling(png);
  png_read_update_info(png, info);
  if (png_get_rowbytes(png, info) != rowBytes)
    png_error(png, "unexpected layout of pixels");
  png_read_image(png, rows.data());
  png_read_end(png, nullptr);
  return true;
}

} // namespace

static bool isColour(int colorType) { return colorType & PNG_COLOR_MASK_COLOR; }

/// Drops alpha, which must be opaque, and repeats grey where colour is wanted.
static Result<std::vector<uint8_t>> toFormat(const MappedFile &file, const PngDecoder &decoder,
                                             const PixelFormat &format) {
  int64_t stored = (isColour(decoder.colorType) ? 3 : 1);
  int64_t stride = stored + decoder.hasAlpha;
  int64_t count = format.height * format.width;
  std::vector<uint8_t> result(count * format.channels);
  const uint8_t *from = decoder.pixels.data();
  uint8_t *to = result.data();
  for (int64_t i = 0; i < count; ++i, from += stride) {
    if (decoder.hasAlpha && from[stored] != 255)
      return makeError(file.path(), ": required opaque pixels, found "
                                    "transparency; put the image on a "
                                    "background first");
    for (int64_t c = 0; c < format.channels; ++c)
      *to++ = from[c % stored];
  }
  return result;
}

Result<std::vector<uint8_t>> stas::decodePng(const MappedFile &file, const PixelFormat &format) {
  PngDecoder decoder(file.bytes());
  if (!decoder.open())
    return makeError(file.path(), ": out of memory");
  if (!decoder.readHeader())
    return makeError(file.path(), ": damaged PNG: ", decoder.reason);
  int64_t channels = isColour(decoder.colorType) ? 3 : 1;
  if (Status status = checkPixelFormat(file, format, channels, decoder.height, decoder.width); !status)
    return status.error();
  if (decoder.bitDepth == 16)
    return makeError(file.path(), ": required 8 bits a channel, found 16; "
                                  "convert it first");
  int64_t rowBytes = format.width * (channels + decoder.hasAlpha);
  decoder.pixels.resize(format.height * rowBytes);
  for (int64_t y = 0; y < format.height; ++y)
    decoder.rows.push_back(decoder.pixels.data() + y * rowBytes);
  if (!decoder.readPixels(rowBytes))
    return makeError(file.path(), ": damaged PNG: ", decoder.reason);
  return toFormat(file, decoder, format);
}
