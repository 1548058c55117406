//===- InputDensity.cpp - How many inputs are not zero --------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "stas/Analysis/InputDensity.h"
#include "dialects/STAS/STASOps.h"
#include "dialects/Spike/SpikeOps.h"
#include <cmath>

using namespace mlir;
using namespace stas;

/// The table, with a rate for every layer of neurons.
static RateTable complete(Operation *root, RateTable table) {
  root->walk([&](Operation *op) {
    if (isa<spike::FireOp, spike::StaircaseOp>(op) && !table.of(layerName(op)))
      table.set(layerName(op), InputDensity::typicalRate);
  });
  return table;
}

InputDensity::InputDensity(Operation *root, RateTable measured)
    : measured(std::move(measured)), table(complete(root, this->measured)), rates(root, table) {}

bool InputDensity::isMeasured(Value value) const {
  Operation *neurons = value.getDefiningOp();
  return neurons && measured.of(layerName(neurons));
}

double InputDensity::of(Value value) const {
  RateInterval rate = rates.of(value);
  if (rate.isUnknown() || rate.isUnreached())
    return typicalRate;
  // A pool's rate lies in a range that is wide in ratio: its geometric middle.
  double mean = rate.low > 0.0 ? std::sqrt(rate.low * rate.high) : rate.high;
  bool areSpikes = cast<ShapedType>(value.getType()).getElementType().isInteger(1);
  return areSpikes ? std::min(mean, 1.0) : 1.0 - std::exp(-mean);
}
