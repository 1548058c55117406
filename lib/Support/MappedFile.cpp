//===- MappedFile.cpp - A file's bytes, read-only -------------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "stas/Support/MappedFile.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace stas;

Result<MappedFile> MappedFile::open(const std::string &path) {
  // Without O_NONBLOCK, opening a pipe would wait for its writer.
  int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor < 0)
    return makeError(path, ": cannot open: ", std::strerror(errno));
  struct stat info;
  if (fstat(descriptor, &info) != 0 || !S_ISREG(info.st_mode)) {
    ::close(descriptor);
    return makeError(path, ": cannot read: required a regular file, found ",
                     S_ISDIR(info.st_mode) ? "a folder" : "a device or pipe");
  }
  MappedFile file;
  file.name = path;
  file.length = info.st_size;
  if (file.length > 0) { // mmap refuses empty ranges.
    void *address = mmap(nullptr, file.length, PROT_READ, MAP_PRIVATE, descriptor, 0);
    int reason = errno;
    ::close(descriptor);
    if (address == MAP_FAILED) {
      file.length = 0;
      return makeError(path, ": cannot map: ", std::strerror(reason));
    }
    file.address = static_cast<const uint8_t *>(address);
  } else {
    ::close(descriptor);
  }
  return file;
}

MappedFile::MappedFile(MappedFile &&other) noexcept { *this = std::move(other); }

MappedFile &MappedFile::operator=(MappedFile &&other) noexcept {
  std::swap(name, other.name);
  std::swap(address, other.address);
  std::swap(length, other.length);
  return *this;
}

MappedFile::~MappedFile() {
  if (address)
    munmap(const_cast<uint8_t *>(address), length);
}
