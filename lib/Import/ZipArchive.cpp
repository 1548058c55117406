//===- ZipArchive.cpp - Records of a torch.save archive -------------------===//
//
// Part of stas, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "stas/Import/ZipArchive.h"

#include <caffe2/serialize/inline_container.h>
#include <caffe2/serialize/read_adapter_interface.h>

#include <algorithm>
#include <cstring>
#include <exception>
#include <memory>

using namespace stas::import;

namespace {
/// Lets LibTorch read the bytes that are already mapped, so that what was
/// checked and what is used are the same bytes.
class MappedBytes final : public caffe2::serialize::ReadAdapterInterface {
public:
  MappedBytes(const char *data, size_t length) : data(data), length(length) {}
  size_t size() const override { return length; }
  size_t read(uint64_t pos, void *buf, size_t n, const char * /*what*/) const override {
    if (pos >= length)
      return 0;
    size_t count = std::min<uint64_t>(n, length - pos);
    std::memcpy(buf, data + pos, count);
    return count;
  }

private:
  const char *data;
  size_t length;
};

/// LibTorch's messages end in a C++ backtrace, which says nothing to a user.
std::string firstLine(const char *what) {
  std::string text(what);
  return text.substr(0, text.find('\n'));
}
} // namespace

ZipListing stas::import::listZipRecords(const char *data, size_t size) {
  ZipListing listing;
  try {
    caffe2::serialize::PyTorchStreamReader reader(std::make_shared<MappedBytes>(data, size));
    for (const std::string &name : reader.getAllRecords())
      listing.records.push_back({name, reader.getRecordOffset(name)});
  } catch (const std::exception &error) {
    listing.records.clear();
    listing.error = firstLine(error.what());
  }
  if (listing.error.empty() && listing.records.empty())
    listing.error = "the archive is empty";
  return listing;
}
