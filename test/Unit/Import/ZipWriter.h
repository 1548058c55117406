//===- ZipWriter.h - Archives for tests, right or wrong in one place ------===//
//
// Part of stas, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef STAS_TEST_UNIT_IMPORT_ZIPWRITER_H
#define STAS_TEST_UNIT_IMPORT_ZIPWRITER_H

#include "PickleWriter.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/CRC.h"

namespace stas::test {

/// A zip archive of stored records under the folder "m/", as torch.save writes
/// it but with sizes in the local headers.
class ZipWriter {
public:
  struct Record {
    std::string name, data;
    /// Of the local header; 8 says "deflated".
    uint16_t method = 0;
    /// Added to the checksum.
    uint32_t crcError = 0;
    /// Sizes and checksum behind the data instead of in the header.
    bool descriptor = false;
  };

  ZipWriter &add(Record record) {
    records.push_back(std::move(record));
    return *this;
  }
  ZipWriter &add(const std::string &name, const std::string &data) { return add(Record{name, data}); }

  std::string finish() const {
    std::string out, directory;
    for (const Record &record : records) {
      std::string name = "m/" + record.name;
      uint32_t crc = llvm::crc32(llvm::arrayRefFromStringRef(record.data)) + record.crcError;
      std::string sums = bytesOf(crc) + bytesOf(uint32_t(record.data.size())) + bytesOf(uint32_t(record.data.size()));
      std::string common = bytesOf(uint16_t(20)) + bytesOf(uint16_t(record.descriptor ? 8 : 0)) +
                           bytesOf(record.method) + bytesOf(uint32_t(0));
      uint32_t at = out.size();
      out += "PK\x03\x04" + common + (record.descriptor ? std::string(12, '\0') : sums) +
             bytesOf(uint16_t(name.size())) + bytesOf(uint16_t(0)) + name + record.data;
      if (record.descriptor)
        out += "PK\x07\x08" + sums;
      directory += "PK\x01\x02" + bytesOf(uint16_t(20)) + common + sums + bytesOf(uint16_t(name.size())) +
                   std::string(12, '\0') + bytesOf(at) + name;
    }
    uint32_t start = out.size();
    return out + directory + "PK\x05\x06" + std::string(4, '\0') + bytesOf(uint16_t(records.size())) +
           bytesOf(uint16_t(records.size())) + bytesOf(uint32_t(directory.size())) + bytesOf(start) +
           std::string(2, '\0');
  }

private:
  std::vector<Record> records;
};

} // namespace stas::test

#endif // STAS_TEST_UNIT_IMPORT_ZIPWRITER_H
