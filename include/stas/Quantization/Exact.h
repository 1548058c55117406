//===- Exact.h - Roundings that every quantised model shares ----*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef STAS_QUANTIZATION_EXACT_H
#define STAS_QUANTIZATION_EXACT_H

#include <cstdint>
#include <limits>

namespace stas {

/// Integers of 128 bits, which products of two 64-bit ones need. Not a type of standard C++; GCC and Clang have it.
__extension__ typedef __int128 Int128;

/// Results beyond this magnitude are given as this magnitude: no width of a state holds them.
constexpr int64_t unreachable = std::numeric_limits<int64_t>::max();

/// The integer nearest to x, the even one of two; +-unreachable where |x| >= 2^63. x is not NaN.
int64_t roundHalfEven(double x);

/// The least integer n with n >= value * factor * 2^shift / unit, or n > it where `strict`, computed without rounding:
/// a quotient of doubles is off by one at values such as unit = 1/3. value and unit are finite and > 0, factor >= 1,
/// |shift| <= 64. `unreachable` where n would be 2^62 or more.
int64_t exactThreshold(double value, int shift, double unit, bool strict, int64_t factor = 1);

/// round_half_even(x * multiplier / 2^30), exactly, for |x * multiplier| < 2^126. The product is computed in Wide:
/// int64_t serves where |x| < 2^33 and 0 <= multiplier <= 2^30.
template <typename Wide> inline int64_t scaleByQ30(int64_t x, int64_t multiplier) {
  Wide product = static_cast<Wide>(x) * multiplier;
  Wide quotient = product >> 30, rest = product & ((int64_t(1) << 30) - 1), half = int64_t(1) << 29;
  bool up = rest > half || (rest == half && (quotient & 1));
  return static_cast<int64_t>(quotient) + up;
}

} // namespace stas

#endif // STAS_QUANTIZATION_EXACT_H
