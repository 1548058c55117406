//===- InputDensity.h - How many inputs are not zero ------------*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef STAS_CONVERSION_SPIKETOVECTOR_INPUTDENSITY_H
#define STAS_CONVERSION_SPIKETOVECTOR_INPUTDENSITY_H

#include "stas/Analysis/FiringRates.h"

namespace stas {

/// The share of a value's elements that are not zero, from the firing rates of layers: those of a table, as
/// `stas run --rates` measures them, and of layers that it has not, the rate that trained models fire at.
class InputDensity {
public:
  /// Neurons that nothing was measured of are taken to fire in this share of timesteps.
  static constexpr double typicalRate = 0.15;

  InputDensity(mlir::Operation *root, RateTable measured);
  InputDensity(const InputDensity &) = delete;
  InputDensity &operator=(const InputDensity &) = delete;

  /// Of spikes their rate; of counts of mean m, 1 - exp(-m), as many independent neurons would leave.
  double of(mlir::Value value) const;

private:
  RateTable table; // of every layer of `root`
  FiringRates rates;
};

} // namespace stas

#endif // STAS_CONVERSION_SPIKETOVECTOR_INPUTDENSITY_H
