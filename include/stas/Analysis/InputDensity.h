//===- InputDensity.h - How many inputs are not zero ------------*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef STAS_ANALYSIS_INPUTDENSITY_H
#define STAS_ANALYSIS_INPUTDENSITY_H

#include "dialects/Spike/SpikeOps.h"
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

  /// Of a layer's spikes their rate. What is added fires independently: d of a sum is 1 - (1 - a)(1 - b). A window of n
  /// elements holds as much as sqrt(n) independent neurons, between one, if neighbours fire together, and n. A sum over
  /// T timesteps of spikes of rate r lies between r and T r, and is their geometric middle: a neuron that fires once
  /// tends to fire again. A value that nothing is known of has the typical rate.
  double of(mlir::Value value) const;
  /// Of a layer's inputs what was measured of them, in the rows that are computed, else `of`. (The rate of neurons
  /// before it counts halted tokens, too.)
  double ofInputs(spike::AccumulateOp sums) const;
  /// Whether a value is the spikes of a layer that the table has.
  bool isMeasured(mlir::Value value) const;

private:
  void visit(mlir::Operation *op);

  RateTable measured;
  RateTable table; // of every layer of `root`
  FiringRates rates;
  llvm::DenseMap<mlir::Value, double> shares; // of what is made of spikes
};

} // namespace stas

#endif // STAS_ANALYSIS_INPUTDENSITY_H
