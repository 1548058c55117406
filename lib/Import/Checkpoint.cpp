//===- Checkpoint.cpp - Telling file formats apart by content -------------===//
//
// Part of stas, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "stas/Import/Checkpoint.h"
#include "Formats.h"

#include "llvm/Support/Endian.h"

using namespace stas::import;
using llvm::StringRef;

namespace {
enum class Format { Zip, Pickle, SafeTensors, Tar, Gzip, Unknown };
} // namespace

static Format detect(StringRef bytes) {
  if (bytes.starts_with("PK\x03\x04") || bytes.starts_with("PK\x05\x06"))
    return Format::Zip;
  if (bytes.starts_with("\x1f\x8b"))
    return Format::Gzip;
  if (bytes.size() > 262 && bytes.substr(257, 5) == "ustar")
    return Format::Tar;
  // The header is JSON, padded with spaces in front by some writers.
  if (bytes.size() > 8 && bytes.substr(8).ltrim(" \t\r\n").starts_with("{") &&
      llvm::support::endian::read64le(bytes.data()) < (uint64_t(1) << 48))
    return Format::SafeTensors;
  // PROTO with a version, or the protocol-0 text of torch.save's magic number.
  if (bytes.size() > 2 && ((bytes[0] == '\x80' && uint8_t(bytes[1]) <= 5) || bytes.starts_with("L1196")))
    return Format::Pickle;
  return Format::Unknown;
}

std::optional<Checkpoint> stas::import::readCheckpoint(StringRef path, const CheckpointOptions &options,
                                                       Report &report) {
  Checkpoint checkpoint;
  checkpoint.path = path.str();
  auto refuse = [&](const llvm::Twine &found, const llvm::Twine &action) {
    report.problem(path, "", "a checkpoint (.pth, .pt, .pth.tar, .safetensors)", found, action);
    return std::nullopt;
  };
  auto file = llvm::MemoryBuffer::getFile(path, /*IsText=*/false,
                                          /*RequiresNullTerminator=*/false);
  if (!file)
    return refuse("no readable file (" + file.getError().message() + ")", "check the path");
  checkpoint.file = std::move(*file);
  StringRef bytes = checkpoint.file->getBuffer();

  bool read = false;
  switch (detect(bytes)) {
  case Format::Zip:
    read = readTorchZip(checkpoint, options, report);
    break;
  case Format::Pickle:
    read = readTorchLegacy(checkpoint, options, report);
    break;
  case Format::SafeTensors:
    if (options.ema)
      return refuse("a safetensors file, which holds one set of weights", "leave out --ema");
    read = readSafeTensors(checkpoint, options, report);
    break;
  case Format::Tar:
    return refuse("a tar archive, as PyTorch wrote before version 0.1.11",
                  "load it in PyTorch and save its state_dict() again");
  case Format::Gzip:
    return refuse("gzip-compressed data", "decompress the file first");
  case Format::Unknown:
    return refuse(bytes.empty() ? llvm::Twine("an empty file")
                                : "a file that starts with \"" + printable(bytes.take_front(8)) + "\"",
                  "give a file written by torch.save or safetensors");
  }
  if (!read)
    return std::nullopt;
  normalizeKeys(checkpoint, report);
  return checkpoint;
}
