//===- Resign.h - Artifacts changed and given right checksums again -*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef STAS_TEST_UNIT_ARTIFACT_RESIGN_H
#define STAS_TEST_UNIT_ARTIFACT_RESIGN_H

#include "lib/Target/Artifact/Format.h"

#include <cstring>
#include <string>

namespace stas {
namespace test {

/// Makes every checksum in an artifact's bytes right, as far as its table can
/// be followed: what an attacker would do, so that the checks behind the
/// checksums are reached.
inline void resign(std::string &bytes) {
  using namespace artifact;
  if (bytes.size() < kPreambleSize)
    return;
  auto *data = reinterpret_cast<uint8_t *>(bytes.data());
  for (uint32_t i = 0; i < kMaxSections; ++i) {
    uint8_t *entry = data + kHeaderSize + i * kEntrySize;
    uint64_t offset = loadU64(entry + kEntryOffsetAt);
    uint64_t size = loadU64(entry + kEntrySizeAt);
    if (entry[0] == 0 || offset > bytes.size() || size > bytes.size() - offset)
      continue;
    Digest digest = Sha256::of(data + offset, size);
    std::memcpy(entry + kEntryDigestAt, digest.data(), kDigestSize);
  }
  Digest digest = digestOfPreamble(data);
  std::memcpy(data + kDigestAt, digest.data(), kDigestSize);
}

/// Replaces the last section, the manifest, by other bytes.
inline void replaceManifest(std::string &bytes, const std::string &manifest) {
  using namespace artifact;
  auto entryAt = [&](uint32_t i) { return reinterpret_cast<uint8_t *>(bytes.data()) + kHeaderSize + i * kEntrySize; };
  uint32_t last = loadU32(reinterpret_cast<uint8_t *>(bytes.data()) + kCountAt) - 1;
  bytes.resize(loadU64(entryAt(last) + kEntryOffsetAt));
  bytes += manifest;
  storeU64(entryAt(last) + kEntrySizeAt, manifest.size());
  storeU64(reinterpret_cast<uint8_t *>(bytes.data()) + kFileSizeAt, bytes.size());
  resign(bytes);
}

} // namespace test
} // namespace stas

#endif // STAS_TEST_UNIT_ARTIFACT_RESIGN_H
