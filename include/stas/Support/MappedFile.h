//===- MappedFile.h - A file's bytes, read-only -----------------*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef STAS_SUPPORT_MAPPEDFILE_H
#define STAS_SUPPORT_MAPPEDFILE_H

#include "stas/Support/Error.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace stas {

/// A regular file mapped for reading. The pages are shared with every other
/// process that maps it and are read on first use.
class MappedFile {
public:
  /// Fails for what is missing, unreadable or not a regular file.
  static Result<MappedFile> open(const std::string &path);

  MappedFile(MappedFile &&other) noexcept;
  MappedFile &operator=(MappedFile &&other) noexcept;
  MappedFile(const MappedFile &) = delete;
  MappedFile &operator=(const MappedFile &) = delete;
  ~MappedFile();

  const std::string &path() const { return name; }
  const uint8_t *data() const { return address; }
  uint64_t size() const { return length; }
  std::string_view bytes() const { return {reinterpret_cast<const char *>(address), length}; }

private:
  MappedFile() = default;
  std::string name;
  const uint8_t *address = nullptr;
  size_t length = 0;
};

} // namespace stas

#endif // STAS_SUPPORT_MAPPEDFILE_H
