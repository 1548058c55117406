//===- RatesFormat.h - Keys of a rates file ---------------------*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef STAS_LIB_ENERGY_RATESFORMAT_H
#define STAS_LIB_ENERGY_RATESFORMAT_H

#include "stas/Energy/Rates.h"

namespace stas::energy {

inline constexpr char kRatesFormat[] = "stas-rates";
inline constexpr uint64_t kRatesVersion = 1;

/// A key whose array holds a field of each timestep.
template <typename Counts> struct Column {
  const char *key;
  uint64_t Counts::*field;
};

inline constexpr Column<InputCounts> kRealColumns[] = {{"rows", &InputCounts::rows}};
inline constexpr Column<InputCounts> kInputColumns[] = {{"rows", &InputCounts::rows},
                                                        {"sum", &InputCounts::sum},
                                                        {"nonzero", &InputCounts::nonzero},
                                                        {"graded", &InputCounts::graded},
                                                        {"taps", &InputCounts::taps}};
inline constexpr Column<CoincidenceCounts> kCoincidenceColumns[] = {
    {"rows", &CoincidenceCounts::rows},          {"queries", &CoincidenceCounts::queries},
    {"keys", &CoincidenceCounts::keys},          {"values", &CoincidenceCounts::values},
    {"query_key", &CoincidenceCounts::queryKey}, {"score_value", &CoincidenceCounts::scoreValue},
    {"key_value", &CoincidenceCounts::keyValue}, {"query_table", &CoincidenceCounts::queryTable}};

} // namespace stas::energy

#endif // STAS_LIB_ENERGY_RATESFORMAT_H
