//===- Format.cpp - The bytes of an artifact ------------------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Format.h"

#include <cstdlib>
#include <cstring>
#include <openssl/evp.h>

using namespace stas;
using namespace stas::artifact;

struct Sha256::Context {
  EVP_MD_CTX *md = nullptr;
};

/// OpenSSL fails here only without memory or without SHA-256 in the library.
static void check(int ok) {
  if (ok != 1)
    std::abort();
}

Sha256::Sha256() : context(std::make_unique<Context>()) {
  context->md = EVP_MD_CTX_new();
  check(context->md && EVP_DigestInit_ex(context->md, EVP_sha256(), nullptr));
}

Sha256::~Sha256() { EVP_MD_CTX_free(context->md); }

void Sha256::update(const void *data, uint64_t size) { check(EVP_DigestUpdate(context->md, data, size)); }

Digest Sha256::finish() {
  Digest digest;
  check(EVP_DigestFinal_ex(context->md, digest.data(), nullptr));
  return digest;
}

Digest Sha256::of(const void *data, uint64_t size) {
  Sha256 hash;
  hash.update(data, size);
  return hash.finish();
}

uint32_t artifact::loadU32(const uint8_t *at) {
  return at[0] | at[1] << 8 | at[2] << 16 | static_cast<uint32_t>(at[3]) << 24;
}

uint64_t artifact::loadU64(const uint8_t *at) { return loadU32(at) | static_cast<uint64_t>(loadU32(at + 4)) << 32; }

void artifact::storeU32(uint8_t *at, uint32_t value) {
  for (int i = 0; i < 4; ++i)
    at[i] = value >> (8 * i);
}

void artifact::storeU64(uint8_t *at, uint64_t value) {
  storeU32(at, value);
  storeU32(at + 4, value >> 32);
}

std::string artifact::hexadecimal(const uint8_t *digest) {
  static const char digits[] = "0123456789abcdef";
  std::string text;
  for (uint64_t i = 0; i < kDigestSize; ++i) {
    text += digits[digest[i] >> 4];
    text += digits[digest[i] & 15];
  }
  return text;
}

Digest artifact::digestOfPreamble(const uint8_t *preamble) {
  const Digest zero{};
  Sha256 hash;
  hash.update(preamble, kDigestAt);
  hash.update(zero.data(), zero.size());
  hash.update(preamble + kDigestAt + kDigestSize, kPreambleSize - kDigestAt - kDigestSize);
  return hash.finish();
}

bool artifact::isSectionName(std::string_view name) {
  return !name.empty() && name.size() < kNameSize &&
         name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string_view::npos;
}
