//===- ImageSource.cpp - Images from files, as a model takes them ---------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Sources.h"
#include "stas/Support/Checked.h"
#include "stas/Support/Text.h"

#include <algorithm>
#include <cstring>
#include <dirent.h>
#include <strings.h>
#include <sys/stat.h>

using namespace stas;

ImageSource::~ImageSource() = default;

std::string ImageSource::name(int64_t index) const { return std::to_string(index); }

bool stas::hasExtension(const std::string &path, std::initializer_list<const char *> extensions) {
  size_t dot = path.rfind('.');
  if (dot == std::string::npos || path.find('/', dot) != std::string::npos)
    return false;
  for (const char *extension : extensions)
    if (strcasecmp(path.c_str() + dot, extension) == 0)
      return true;
  return false;
}

FileKind stas::kindOf(const MappedFile &file) {
  auto startsWith = [&](std::string_view mark) { return file.bytes().substr(0, mark.size()) == mark; };
  if (startsWith("\x93NUMPY"))
    return FileKind::Npy;
  if (startsWith("\x89PNG\r\n\x1a\n"))
    return FileKind::Png;
  if (startsWith("\xff\xd8\xff"))
    return FileKind::Jpeg;
  // The marks below are weak: a CIFAR record may start with any bytes, so an
  // idx file is one only if its size is right too.
  bool idx = startsWith(std::string_view("\0\0\x08\x03", 4)) || startsWith(std::string_view("\0\0\x08\x01", 4));
  bool cifar = file.size() > 0 && file.size() % kCifarRecord == 0;
  if (idx && (!cifar || idxShape(file, 3)))
    return FileKind::Idx;
  if (cifar || hasExtension(file.path(), {".bin"}))
    return FileKind::Cifar;
  return FileKind::Unknown;
}

std::string stas::describeUnknown(const MappedFile &file) {
  std::string_view head = file.bytes().substr(0, 16);
  if (head.empty())
    return "an empty file";
  if (head.substr(0, 2) == "\x1f\x8b")
    return "a gzip file; unpack it first";
  if (head.substr(0, 6) == std::string_view("\xfd"
                                            "7zXZ\0",
                                            6))
    return "an xz file; unpack it first";
  if (head.substr(0, 2) == "PK")
    return "a zip file; unpack it first";
  bool text = std::all_of(head.begin(), head.end(), [](unsigned char c) {
    return (c >= 0x20 && c < 0x7f) || c == '\n' || c == '\r' || c == '\t';
  });
  return (text ? "text: '" : "bytes: '") + printable(head) + "'";
}

std::string stas::formatText(int64_t channels, int64_t height, int64_t width) {
  return std::to_string(channels) + "x" + std::to_string(height) + "x" + std::to_string(width);
}

Status stas::requireStill(const std::string &path, const ImageFormat &format) {
  if (format.frames == 1)
    return {};
  return makeError(path, ": the model requires ", format.frames, " frames a sample; give them as .npy float32 [",
                   format.frames, ", B, ", format.channels, ", ", format.height, ", ", format.width, "]");
}

Normalizer::Normalizer(const ImageFormat &format)
    : channels(format.channels), pixels(format.height * format.width), values(format.channels * 256) {
  for (int64_t c = 0; c < channels; ++c)
    for (int x = 0; x < 256; ++x) {
      float value = static_cast<float>(x) / 255.0f;
      if (!format.mean.empty())
        value = (value - format.mean[c]) / format.std[c];
      values[c * 256 + x] = value;
    }
}

void Normalizer::planar(const uint8_t *from, float *to) const {
  for (int64_t c = 0; c < channels; ++c)
    for (int64_t i = 0; i < pixels; ++i)
      *to++ = values[c * 256 + *from++];
}

void Normalizer::interleaved(const uint8_t *from, float *to) const {
  for (int64_t i = 0; i < pixels; ++i)
    for (int64_t c = 0; c < channels; ++c)
      to[c * pixels + i] = values[c * 256 + *from++];
}

/// The names in a folder, sorted by their bytes.
static Result<std::vector<std::string>> listFolder(const std::string &path) {
  DIR *folder = opendir(path.c_str());
  if (!folder)
    return makeError(path, ": cannot open: ", std::strerror(errno));
  std::vector<std::string> names;
  while (dirent *entry = readdir(folder))
    if (entry->d_name[0] != '.')
      names.push_back(path + "/" + entry->d_name);
  closedir(folder);
  std::sort(names.begin(), names.end());
  return names;
}

static SourceResult openFolder(const std::string &path, const ImageFormat &format) {
  Result<std::vector<std::string>> names = listFolder(path);
  if (!names)
    return names.error();
  std::vector<std::string> images;
  std::vector<MappedFile> binaries;
  for (const std::string &name : *names) {
    if (hasExtension(name, {".png", ".jpg", ".jpeg"})) {
      images.push_back(name);
    } else if (hasExtension(name, {".bin"})) {
      Result<MappedFile> file = MappedFile::open(name);
      if (!file)
        return file.error();
      binaries.push_back(std::move(*file));
    }
  }
  if (!images.empty() && !binaries.empty())
    return makeError(path, ": the folder holds both images (.png, .jpg) and "
                           "CIFAR files (.bin); keep one kind");
  if (!images.empty())
    return openImageFiles(std::move(images), format);
  if (!binaries.empty())
    return openCifarImages(std::move(binaries), format);
  return makeError(path,
                   ": required .png, .jpg, .jpeg or .bin files in the "
                   "folder, found none among ",
                   names->size(), " entries; folders in it are not searched");
}

SourceResult ImageSource::open(const std::string &path, const ImageFormat &format) {
  struct stat info;
  if (stat(path.c_str(), &info) == 0 && S_ISDIR(info.st_mode))
    return openFolder(path, format);
  Result<MappedFile> file = MappedFile::open(path);
  if (!file)
    return file.error();
  switch (kindOf(*file)) {
  case FileKind::Npy:
    return openNpyImages(std::move(*file), format);
  case FileKind::Idx:
    return openIdxImages(std::move(*file), format);
  case FileKind::Cifar: {
    std::vector<MappedFile> files;
    files.push_back(std::move(*file));
    return openCifarImages(std::move(files), format);
  }
  case FileKind::Png:
  case FileKind::Jpeg:
    return openImageFiles({path}, format);
  case FileKind::Unknown:
    break;
  }
  return makeError(path,
                   ": required an .npy array, a PNG or JPEG image, a "
                   "CIFAR .bin or an MNIST idx file, found ",
                   describeUnknown(*file));
}
