//===- InputDensity.h - How many inputs are not zero ------------*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef STAS_ANALYSIS_INPUTDENSITY_H
#define STAS_ANALYSIS_INPUTDENSITY_H

#include "stas/Analysis/FiringRates.h"

namespace stas {

/// The share of a value's elements that are not zero, as code is chosen by it: from the firing rates of layers. Rates
/// are those of a table, as `stas run --rates` measures them; a layer that it has not is taken to fire at the typical
/// rate.
class InputDensity {
public:
  /// The share of timesteps at which a neuron of a trained model fires, near enough. (A bound holds for every model and
  /// is near none: it would choose code for 100 %.)
  static constexpr double typicalRate = 0.15;

  InputDensity(mlir::Operation *root, RateTable measured);
  InputDensity(const InputDensity &) = delete;
  InputDensity &operator=(const InputDensity &) = delete;

  /// Of spikes their rate; of counts of mean m, 1 - exp(-m), as many independent neurons would leave. A value that no
  /// rate is known of has the typical one.
  double of(mlir::Value value) const;
  /// Whether a value is the spikes of a layer that the table has.
  bool isMeasured(mlir::Value value) const;

private:
  RateTable measured;
  RateTable table; // of every layer of `root`
  FiringRates rates;
};

} // namespace stas

#endif // STAS_ANALYSIS_INPUTDENSITY_H
