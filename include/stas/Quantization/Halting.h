//===- Halting.h - Halting scores in integers -------------------*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A-SSA in integers: scores, their sum H and the remainder R in units of 2^-24.
// A token has halted once H > haltingLimit; R = 2^24 - H while it is active, and
// the shares that it adds to the output sum up to 2^24.
//
//===----------------------------------------------------------------------===//
#ifndef STAS_QUANTIZATION_HALTING_H
#define STAS_QUANTIZATION_HALTING_H

#include "dialects/STAS/STASAttrs.h"
#include <cstdint>
#include <vector>

namespace stas {

/// A halting score of 1.
constexpr int32_t haltingOne = 1 << 24;

/// Entry x, 0 <= x <= xmax: round_half_even(2^24 * sigmoid(alpha * x * unit + beta)), the sigmoid in double. `unit` is
/// the real value of a stream element of 1.
std::vector<int32_t> haltingTable(ActAttr act, double unit, int64_t xmax);

/// A token halts when its summed scores exceed this: 2^24 - round_half_even(eps * 2^24).
int32_t haltingLimit(ActAttr act);

} // namespace stas

#endif // STAS_QUANTIZATION_HALTING_H
