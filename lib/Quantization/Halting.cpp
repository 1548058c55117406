//===- Halting.cpp - Halting scores in integers ---------------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "stas/Quantization/Halting.h"
#include "stas/Quantization/Exact.h"
#include <cmath>

using namespace stas;

std::vector<int32_t> stas::haltingTable(ActAttr act, double unit, int64_t xmax) {
  std::vector<int32_t> table;
  for (int64_t x = 0; x <= xmax; ++x) {
    double score = 1.0 / (1.0 + std::exp(-(act.getAlpha() * (static_cast<double>(x) * unit) + act.getBeta())));
    table.push_back(static_cast<int32_t>(roundHalfEven(score * haltingOne)));
  }
  return table;
}

int32_t stas::haltingLimit(ActAttr act) {
  return haltingOne - static_cast<int32_t>(roundHalfEven(act.getEps() * haltingOne));
}
