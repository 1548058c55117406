//===- Jpeg.cpp - Decodes JPEG --------------------------------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Decode.h"

#include <csetjmp>
#include <cstdio>

// jpeglib.h needs <cstdio> before it.
#include <jerror.h>
#include <jpeglib.h>

using namespace stas;

namespace {

/// One decode. libjpeg's error handler must not return: it leaves by longjmp,
/// over frames that own nothing.
struct JpegDecoder {
  JpegDecoder();
  ~JpegDecoder() { jpeg_destroy_decompress(&info); }

  bool readHeader(const MappedFile &file);
  bool readPixels();

  jpeg_decompress_struct info = {};
  jpeg_error_mgr errors = {};
  jmp_buf back;
  char reason[JMSG_LENGTH_MAX] = "";
  std::vector<uint8_t> pixels;
};

[[noreturn]] void onError(j_common_ptr info) {
  auto *decoder = static_cast<JpegDecoder *>(info->client_data);
  info->err->format_message(info, decoder->reason);
  longjmp(decoder->back, 1);
}

/// libjpeg fills what is missing with grey and warns. Wrong pixels are no
/// answer, so warnings of lost data are errors; the others are ignored.
void onMessage(j_common_ptr info, int level) {
  int code = info->err->msg_code;
  if (level == -1 && (code == JWRN_JPEG_EOF || code == JWRN_HIT_MARKER || code == JWRN_HUFF_BAD_CODE ||
                      code == JWRN_BOGUS_PROGRESSION || code == JWRN_MUST_RESYNC))
    onError(info);
}

JpegDecoder::JpegDecoder() {
  info.err = jpeg_std_error(&errors);
  errors.error_exit = onError;
  errors.emit_message = onMessage;
  info.client_data = this;
}

bool JpegDecoder::readHeader(const MappedFile &file) {
  if (setjmp(back))
    return false;
  jpeg_create_decompress(&info);
  jpeg_mem_src(&info, file.data(), file.size());
  jpeg_read_header(&info, TRUE);
  return true;
}

bool JpegDecoder::readPixels() {
  if (setjmp(back))
    return false;
  jpeg_start_decompress(&info);
  size_t rowBytes = info.output_width * info.output_components;
  while (info.output_scanline < info.output_height) {
    JSAMPROW row = pixels.data() + info.output_scanline * rowBytes;
    jpeg_read_scanlines(&info, &row, 1);
  }
  jpeg_finish_decompress(&info);
  return true;
}

} // namespace

Result<std::vector<uint8_t>> stas::decodeJpeg(const MappedFile &file, const PixelFormat &format) {
  JpegDecoder decoder;
  if (!decoder.readHeader(file))
    return makeError(file.path(), ": damaged JPEG: ", decoder.reason);
  jpeg_decompress_struct &info = decoder.info;
  bool grey = info.jpeg_color_space == JCS_GRAYSCALE;
  if (!grey && info.jpeg_color_space != JCS_YCbCr && info.jpeg_color_space != JCS_RGB)
    return makeError(file.path(), ": required a grey or RGB image, found "
                                  "CMYK or another colour space; convert it "
                                  "first");
  if (Status status = checkPixelFormat(file, format, grey ? 1 : 3, info.image_height, info.image_width); !status)
    return status.error();
  // libjpeg repeats grey itself where RGB is asked for.
  info.out_color_space = format.channels == 1 ? JCS_GRAYSCALE : JCS_RGB;
  decoder.pixels.resize(format.height * format.width * format.channels);
  if (!decoder.readPixels())
    return makeError(file.path(), ": damaged JPEG: ", decoder.reason);
  return std::move(decoder.pixels);
}
