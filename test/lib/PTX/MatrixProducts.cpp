//===- MatrixProducts.cpp - mma.sync --------------------------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Which lane holds which elements: section "Matrix Fragments for mma.m16n8k..."
// of the PTX ISA manual. With g = lane / 4 and q = lane % 4, and words of four
// bytes (or of 32 bits),
//
//   A: word w: row g + 8 (w % 2), columns word 4 (w / 2) + q of the row
//   B: word w: rows word 4 w + q of the column, column g
//   C, D: word w: row g + 8 (w / 2), column 2 q + w % 2
//
//===----------------------------------------------------------------------===//

#include "WarpOperations.h"

#include <algorithm>
#include <cstring>

using namespace stas::ptx;

namespace {
/// The operands of a product in rows of A and columns of B, at most 8 words of k.
struct Matrices {
  uint32_t a[16][8], b[8][8];
  int64_t c[16][8];

  Matrices(const Lanes &lanes, unsigned words) {
    for (unsigned lane = 0; lane < kLanes; ++lane) {
      const uint32_t *in = lanes.exchange(lane);
      unsigned g = lane / 4, q = lane % 4;
      for (unsigned w = 0; w < words / 2; ++w)
        a[g + 8 * (w % 2)][4 * (w / 2) + q] = *in++;
      for (unsigned w = 0; w < words / 4; ++w)
        b[g][4 * w + q] = *in++;
      for (unsigned w = 0; w < 4; ++w)
        c[g + 8 * (w / 2)][2 * q + w % 2] = static_cast<int32_t>(*in++);
    }
  }

  void store(const Lanes &lanes) const {
    for (unsigned lane = 0; lane < kLanes; ++lane)
      for (unsigned w = 0; w < 4; ++w)
        lanes.exchange(lane)[w] = static_cast<uint32_t>(c[lane / 4 + 8 * (w / 2)][2 * (lane % 4) + w % 2]);
  }
};
} // namespace

static void widen(const uint32_t *words, unsigned k, bool isSigned, int16_t *out) {
  const auto *bytes = reinterpret_cast<const uint8_t *>(words);
  for (unsigned i = 0; i < k; ++i)
    out[i] = static_cast<int16_t>(isSigned ? static_cast<int8_t>(bytes[i]) : bytes[i]);
}

bool stas::ptx::multiplyBytes(const Lanes &lanes, const Site &, const ByteProduct &product) {
  Matrices m(lanes, product.k / 4);
  int16_t a[16][32], b[8][32];
  for (unsigned row = 0; row < 16; ++row)
    widen(m.a[row], product.k, product.signedA, a[row]);
  for (unsigned column = 0; column < 8; ++column)
    widen(m.b[column], product.k, product.signedB, b[column]);
  for (unsigned row = 0; row < 16; ++row)
    for (unsigned column = 0; column < 8; ++column) {
      int32_t sum = 0;
      for (unsigned i = 0; i < product.k; ++i)
        sum += a[row][i] * b[column][i];
      int64_t &c = m.c[row][column];
      c += sum;
      if (product.saturates)
        c = std::clamp<int64_t>(c, INT32_MIN, INT32_MAX);
    }
  m.store(lanes);
  return true;
}

bool stas::ptx::multiplyBits(const Lanes &lanes, const Site &, unsigned k, bool isXor) {
  Matrices m(lanes, k / 32);
  for (unsigned row = 0; row < 16; ++row)
    for (unsigned column = 0; column < 8; ++column)
      for (unsigned word = 0; word < k / 32; ++word) {
        uint32_t a = m.a[row][word], b = m.b[column][word];
        m.c[row][column] += __builtin_popcount(isXor ? a ^ b : a & b);
      }
  m.store(lanes);
  return true;
}
