//===- TestNetwork.h - A network small enough to count by hand --*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef STAS_TEST_UNIT_ENERGY_TESTNETWORK_H
#define STAS_TEST_UNIT_ENERGY_TESTNETWORK_H

#include "stas/Energy/Rates.h"

namespace stas {
namespace test {

enum { Conv, Mean, Linear, Attention, Halting, Head };

/// T = 2, two tokens that halt, one block:
///   conv       real, 1 channel of 2x2, kernel 3x3, padding 1, to 4 channels;
///              runs once, its 16 neurons twice
///   mean       n / 2, kernel 1x1, stride 2 on 2x2 of 4 channels, to 4
///   linear     counts 0..2, 2 tokens of 4, to 3; masked
///   attention  2 tokens, 6 channels, 2 heads
///   halting    3 channels weighted
///   head       real, 3 to 5
energy::Network testNetwork();

/// Rates of 4 images that fit it.
energy::Rates testRates();

} // namespace test
} // namespace stas

#endif // STAS_TEST_UNIT_ENERGY_TESTNETWORK_H
