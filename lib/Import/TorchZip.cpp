//===- TorchZip.cpp - torch.save files since PyTorch 1.6 ------------------===//
//
// Part of stas, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// LibTorch reads the archive's directory. Whether a record can be used where it
// lies (stored as it is, whole, undamaged) is in its local header, which
// LibTorch does not show; that part is read here.
//
//===----------------------------------------------------------------------===//

#include "Formats.h"
#include "stas/Import/ZipArchive.h"

#include "llvm/ADT/StringMap.h"
#include "llvm/Support/CRC.h"
#include "llvm/Support/Endian.h"

#include <algorithm>

using namespace stas::import;
using llvm::StringRef;

namespace {
constexpr size_t kLocalHeader = 30;

uint16_t le16(const char *p) { return llvm::support::endian::read16le(p); }
uint32_t le32(const char *p) { return llvm::support::endian::read32le(p); }
uint64_t le64(const char *p) { return llvm::support::endian::read64le(p); }

struct Record {
  uint64_t header = 0;
  uint64_t begin = 0;
  /// The next record's header, or the end of the file: no byte of the record
  /// lies there.
  uint64_t limit = 0;
  bool compressed = false;
  /// Length and checksum, where the local header has them and not a descriptor
  /// behind the data.
  std::optional<uint64_t> size;
  uint32_t crc = 0;
};

class Archive {
public:
  Archive(StringRef bytes) : bytes(bytes) {}

  /// Fills in `records`. Returns what is wrong, or "".
  std::string open();
  const Record *find(StringRef name) const {
    auto it = records.find(name);
    return it == records.end() ? nullptr : &it->second;
  }
  StringRef upToLimit(const Record &record) const { return bytes.slice(record.begin, record.limit); }
  /// Checks that the record is `size` stored bytes whose checksum is right.
  llvm::Error check(StringRef name, const Record &record, uint64_t size) const;

private:
  bool readHeader(StringRef name, Record &record) const;

  StringRef bytes;
  llvm::StringMap<Record> records;
};
} // namespace

/// The header ends with the record's name and padding of unknown length, so it
/// is looked for from the data backwards.
bool Archive::readHeader(StringRef name, Record &record) const {
  if (record.begin > bytes.size() || record.begin < kLocalHeader)
    return false;
  uint64_t lowest = record.begin > 200'000 ? record.begin - 200'000 : 0;
  for (uint64_t at = record.begin - kLocalHeader + 1; at-- > lowest;) {
    const char *p = bytes.data() + at;
    if (le32(p) != 0x04034b50)
      continue;
    uint64_t nameSize = le16(p + 26), extraSize = le16(p + 28);
    if (at + kLocalHeader + nameSize + extraSize != record.begin ||
        !bytes.substr(at + kLocalHeader, nameSize).ends_with(name))
      continue;
    record.header = at;
    record.compressed = le16(p + 8) != 0;
    if (le16(p + 6) & 8) // Sizes and checksum are in a descriptor.
      return true;
    record.crc = le32(p + 14);
    record.size = le32(p + 22);
    if (*record.size == UINT32_MAX) {
      StringRef extra = bytes.substr(at + kLocalHeader + nameSize, extraSize);
      // The zip64 field comes first where it is needed.
      if (extra.size() < 12 || le16(extra.data()) != 1)
        return false;
      record.size = le64(extra.data() + 4);
    }
    return true;
  }
  return false;
}

std::string Archive::open() {
  ZipListing listing = listZipRecords(bytes.data(), bytes.size());
  if (!listing.error.empty())
    return printable(listing.error, 300);
  std::vector<uint64_t> headers;
  for (const ZipRecord &entry : listing.records) {
    Record record;
    record.begin = entry.offset;
    if (!readHeader(entry.name, record))
      return "the record " + printable(entry.name) + " has no header";
    headers.push_back(record.header);
    records[entry.name] = record;
  }
  llvm::sort(headers);
  for (auto &entry : records) {
    Record &record = entry.second;
    auto next = std::lower_bound(headers.begin(), headers.end(), record.begin);
    record.limit = next == headers.end() ? bytes.size() : *next;
  }
  return "";
}

llvm::Error Archive::check(StringRef name, const Record &record, uint64_t size) const {
  auto error = [&](const llvm::Twine &what) {
    return llvm::createStringError(llvm::inconvertibleErrorCode(), "the record " + printable(name) + " " + what);
  };
  if (record.compressed)
    return error("in compressed form, which cannot be mapped into memory");
  uint64_t room = record.limit - record.begin;
  if (record.size ? *record.size != size : size > room)
    return error("of " + llvm::Twine(record.size ? *record.size : room) + " bytes for a storage of " +
                 llvm::Twine(size));
  uint32_t crc = record.crc;
  if (!record.size) {
    const char *p = bytes.data() + record.begin + size;
    uint64_t left = room - size;
    bool has32 = left >= 16 && le32(p + 8) == size && le32(p + 12) == size;
    bool has64 = left >= 24 && le64(p + 8) == size && le64(p + 16) == size;
    if (left < 16 || le32(p) != 0x08074b50 || (!has32 && !has64))
      return error("of another length than its storage of " + llvm::Twine(size) + " bytes");
    crc = le32(p + 4);
  }
  // Zero where torch.save was told not to compute checksums.
  if (crc != 0) {
    llvm::ArrayRef<uint8_t> data(reinterpret_cast<const uint8_t *>(bytes.data()) + record.begin, size);
    if (llvm::crc32(data) != crc)
      return error("with a wrong checksum");
  }
  return llvm::Error::success();
}

bool stas::import::readTorchZip(Checkpoint &checkpoint, const CheckpointOptions &options, Report &report) {
  checkpoint.format = "torch zip";
  Archive archive(checkpoint.file->getBuffer());
  auto refuse = [&](const llvm::Twine &required, const llvm::Twine &found, const llvm::Twine &action) {
    report.problem(checkpoint.path, "", required, found, action);
    return false;
  };
  const char *again = "copy or download the file again";
  if (std::string wrong = archive.open(); !wrong.empty())
    return refuse("a whole archive of torch.save", "a damaged one (" + wrong + ")", again);
  if (archive.find("constants.pkl"))
    return refuse("an archive of torch.save", "one of torch.jit.save",
                  "load it with torch.jit.load and save its state_dict() with "
                  "torch.save");
  const Record *pickle = archive.find("data.pkl");
  if (!pickle)
    return refuse("an archive of torch.save", "a zip file without data.pkl", "give a file written by torch.save");
  if (const Record *order = archive.find("byteorder"))
    if (archive.upToLimit(*order).starts_with("big"))
      return refuse("little-endian data", "big-endian data", "load and save the file again on a little-endian machine");

  size_t consumed = 0;
  auto graph = readPickle(archive.upToLimit(*pickle), consumed);
  if (pickle->compressed || !graph) {
    std::string why = graph ? "" : toString(graph.takeError());
    if (pickle->compressed)
      return refuse("stored records", "compressed ones", "load the file in PyTorch and save it again");
    return refuse("a readable data.pkl", why, again);
  }
  if (llvm::Error error = archive.check("data.pkl", *pickle, consumed))
    return refuse("a readable data.pkl", toString(std::move(error)), again);

  // Many tensors may share one storage: each is checked once.
  llvm::StringMap<StorageExtent> checked;
  auto resolve = [&](const StorageId &id) -> llvm::Expected<StorageExtent> {
    std::string name = ("data/" + id.key).str();
    auto fail = [&](const llvm::Twine &what) { return llvm::createStringError(llvm::inconvertibleErrorCode(), what); };
    const Record *record = archive.find(name);
    if (!record)
      return fail("a tensor whose data are missing: no record " + printable(name));
    uint64_t size;
    if (__builtin_mul_overflow(id.size, id.dtype ? byteSize(*id.dtype) : 1, &size))
      return fail("a storage of more than 2^64 bytes");
    if (auto it = checked.find(name); it != checked.end()) {
      if (it->second.end - it->second.begin != size)
        return fail("a storage of two different sizes");
      return it->second;
    }
    if (llvm::Error error = archive.check(name, *record, size))
      return error;
    return checked[name] = {record->begin, record->begin + size};
  };
  return readTorchRoot(**graph, resolve, checkpoint, options, report);
}
