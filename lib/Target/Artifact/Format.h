//===- Format.h - The bytes of an artifact ----------------------*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The one description that writer and reader share. All numbers are little
// endian.
//
//   preamble, 1024 bytes: header (64), then 15 table entries (64 each)
//   header: magic 8, version u32, sections u32, file size u64, zero u64,
//           sha256 (32) of the preamble with these 32 bytes as zero
//   entry:  name 16 (padded with zeros), offset u64, size u64, sha256 (32)
//
// Entries lie in the order of their sections, and sections follow each other
// with less than 64 zero bytes between, so that every byte of the file is
// covered by a checksum or known to be zero.
//
//===----------------------------------------------------------------------===//

#ifndef STAS_LIB_TARGET_ARTIFACT_FORMAT_H
#define STAS_LIB_TARGET_ARTIFACT_FORMAT_H

#include "stas/Support/Error.h"

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace stas {
namespace artifact {

inline constexpr char kMagic[8] = {'\x89', 'S', 'T', 'A', 'S', '\n', '\x1a', '\n'};
inline constexpr uint32_t kVersion = 2;
inline constexpr uint64_t kAlignment = 64;
inline constexpr uint64_t kHeaderSize = 64;
inline constexpr uint64_t kEntrySize = 64;
inline constexpr uint32_t kMaxSections = 15;
inline constexpr uint64_t kPreambleSize = kHeaderSize + kMaxSections * kEntrySize;
inline constexpr uint64_t kNameSize = 16;
inline constexpr uint64_t kDigestSize = 32;

// Offsets in the header.
inline constexpr uint64_t kVersionAt = 8;
inline constexpr uint64_t kCountAt = 12;
inline constexpr uint64_t kFileSizeAt = 16;
inline constexpr uint64_t kReservedAt = 24;
inline constexpr uint64_t kDigestAt = 32;
// Offsets in an entry.
inline constexpr uint64_t kEntryOffsetAt = 16;
inline constexpr uint64_t kEntrySizeAt = 24;
inline constexpr uint64_t kEntryDigestAt = 32;

using Digest = std::array<uint8_t, kDigestSize>;

/// SHA-256 of bytes that come in parts.
class Sha256 {
public:
  Sha256();
  ~Sha256();
  void update(const void *data, uint64_t size);
  Digest finish();
  static Digest of(const void *data, uint64_t size);

private:
  struct Context;
  std::unique_ptr<Context> context;
};

uint32_t loadU32(const uint8_t *at);
uint64_t loadU64(const uint8_t *at);
void storeU32(uint8_t *at, uint32_t value);
void storeU64(uint8_t *at, uint64_t value);
std::string hexadecimal(const uint8_t *digest);

/// The digest that belongs at kDigestAt.
Digest digestOfPreamble(const uint8_t *preamble);

/// Whether a text may name a section: 1 to 15 of a-z, 0-9 and '_'.
bool isSectionName(std::string_view name);

} // namespace artifact
} // namespace stas

#endif // STAS_LIB_TARGET_ARTIFACT_FORMAT_H
