//===- Exact.cpp - Roundings that every quantised model shares ------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "stas/Quantization/Exact.h"
#include "llvm/ADT/APInt.h"
#include <cmath>

using namespace stas;
using llvm::APInt;

namespace {

/// A positive double as mantissa * 2^exponent.
struct Dyadic {
  uint64_t mantissa;
  int exponent;
};
Dyadic split(double value) {
  int exponent = 0;
  double fraction = std::frexp(value, &exponent);
  return {static_cast<uint64_t>(std::ldexp(fraction, 53)), exponent - 53};
}

} // namespace

int64_t stas::roundHalfEven(double x) {
  double rounded = std::nearbyint(x);
  if (rounded >= 0x1p63)
    return unreachable;
  return rounded <= -0x1p63 ? -unreachable : static_cast<int64_t>(rounded);
}

int64_t stas::exactThreshold(double value, int shift, double unit, bool strict, int64_t factor) {
  Dyadic numerator = split(value), denominator = split(unit);
  int exponent = numerator.exponent - denominator.exponent + shift;
  // Mantissas lie in [2^52, 2^53), so that beyond these exponents the quotient is above 2^63 or below 1.
  if (exponent > 64)
    return unreachable;
  if (exponent < -128)
    return 1;
  constexpr unsigned width = 320;
  APInt top = APInt(width, numerator.mantissa) * APInt(width, factor), bottom(width, denominator.mantissa);
  (exponent > 0 ? top : bottom) <<= std::abs(exponent);
  APInt quotient, rest;
  APInt::udivrem(top, bottom, quotient, rest);
  if (quotient.getActiveBits() > 62)
    return unreachable;
  bool isWhole = rest.isZero();
  return quotient.getSExtValue() + (strict || !isWhole ? 1 : 0);
}
