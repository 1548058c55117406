//===- ZipArchive.h - Records of a torch.save archive ---------------------===//
//
// Part of stas, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The one door to LibTorch. Its headers are heavy and it throws, so this header
// is plain C++ and its implementation is the only file that sees either.
//
//===----------------------------------------------------------------------===//

#ifndef STAS_IMPORT_ZIPARCHIVE_H
#define STAS_IMPORT_ZIPARCHIVE_H

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace stas::import {

struct ZipRecord {
  /// Without the archive's own folder: "data.pkl", "data/0".
  std::string name;
  /// Of the record's first byte, from the start of the file.
  uint64_t offset = 0;
};

struct ZipListing {
  /// Empty on success; otherwise why LibTorch refused the archive, one line.
  std::string error;
  /// In the order of the central directory.
  std::vector<ZipRecord> records;
};

/// Lists the records of the archive in [data, data + size) through LibTorch's
/// PyTorchStreamReader, which is handed these bytes and opens no file itself.
/// Offsets are not checked against `size`. Never throws.
ZipListing listZipRecords(const char *data, size_t size);

} // namespace stas::import

#endif // STAS_IMPORT_ZIPARCHIVE_H
