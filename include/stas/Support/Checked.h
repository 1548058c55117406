//===- Checked.h - Arithmetic on sizes that nobody vouches for --*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef STAS_SUPPORT_CHECKED_H
#define STAS_SUPPORT_CHECKED_H

#include <cstdint>
#include <optional>

namespace stas {

/// a * b, or nothing where it does not fit 64 bits.
inline std::optional<uint64_t> checkedMultiply(uint64_t a, uint64_t b) {
  uint64_t product;
  if (__builtin_mul_overflow(a, b, &product))
    return std::nullopt;
  return product;
}

/// The product of a range of sizes, or nothing where it does not fit 64 bits.
template <typename Range> std::optional<uint64_t> checkedProduct(const Range &sizes) {
  std::optional<uint64_t> product = 1;
  for (uint64_t size : sizes) {
    product = checkedMultiply(*product, size);
    if (!product)
      return std::nullopt;
  }
  return product;
}

/// Whether [offset, offset + size) lies in [0, total).
inline bool inRange(uint64_t offset, uint64_t size, uint64_t total) {
  return offset <= total && size <= total - offset;
}

/// The smallest multiple of a power of two that is not below the value.
inline constexpr uint64_t alignTo(uint64_t value, uint64_t alignment) {
  return (value + alignment - 1) & ~(alignment - 1);
}

} // namespace stas

#endif // STAS_SUPPORT_CHECKED_H
