//===- Estimate.h - Synaptic operations and energy of a model ---*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The rule, the same for every model (docs/Energy.md has the reasons):
//
//   SOP_l = fr_l * MACs_l      over the timesteps and rows that ran
//   E     = sum of operations * price
//
// fr_l is the mean of layer l's input, in the integers n that it is made of. A
// layer of real inputs costs MACs; attention costs N * N * d AND-accumulates
// per product and head at the joint rate; neurons have a line of their own.
//
//===----------------------------------------------------------------------===//

#ifndef STAS_ENERGY_ESTIMATE_H
#define STAS_ENERGY_ESTIMATE_H

#include "stas/Energy/Profile.h"
#include "stas/Energy/Rates.h"

#include <ostream>

namespace stas::energy {

/// A figure, or what is known of it: both ends are the same where it was
/// measured.
struct Interval {
  double low = 0, high = 0;
  Interval &operator+=(Interval other) {
    low += other.low;
    high += other.high;
    return *this;
  }
  Interval operator*(double factor) const { return {low * factor, high * factor}; }
};

/// Two conventions are in the literature.
enum class Convention {
  Counted, ///< An input of n costs n additions.
  Strict   ///< A layer with an input other than 0 and 1 multiplies all of them.
};

/// What is charged for an image under a convention.
struct Charge {
  std::array<Interval, kOperations> operations;
  Interval sops;       ///< Synaptic operations: MACs, ACs and AND-accumulates.
  Interval picojoules; ///< Of operations that have a price.

  Interval &of(Operation operation) { return operations[static_cast<size_t>(operation)]; }
  const Interval &of(Operation operation) const { return operations[static_cast<size_t>(operation)]; }
  Charge &operator+=(const Charge &other);
};

struct LayerEstimate {
  const Layer *layer;
  Interval input;     ///< fr_l; attention: the joint rate of its two products.
  Interval active;    ///< Share of rows * timesteps that ran.
  Interval denseMacs; ///< MACs of the rows that ran, were no input skipped.
  Charge counted, strict;
  Interval padding;  ///< SOPs among `counted` for taps on a map's padding.
  Interval otherWay; ///< Attention: the SOPs of q (k^T v), which is not charged.

  const Charge &charge(Convention convention) const { return convention == Convention::Strict ? strict : counted; }
};

/// Per image.
struct Estimate {
  const Network *network;
  const Profile *profile;
  uint64_t images = 0;     ///< That rates were measured on; 0: bounds.
  std::string ratesSource; ///< Of the model that they were measured on.
  std::vector<LayerEstimate> layers;
  Charge counted, strict; ///< Totals.
  Interval padding, otherWay;

  bool isMeasured() const { return images > 0; }
  const Charge &charge(Convention convention) const { return convention == Convention::Strict ? strict : counted; }
  /// Operations that occur and have no price: the energy is a lower bound.
  std::vector<Operation> unpriced() const;
};

/// Estimates from measured rates, or from the bounds of all rates where there
/// are none. Network, profile and rates must outlive the result.
Estimate estimate(const Network &network, const Profile &profile, const Rates *rates);

void printText(std::ostream &out, const Estimate &estimate, const std::string &model, const std::string &ratesFile);
/// docs/Energy.md has the keys.
void printJson(std::ostream &out, const Estimate &estimate, const std::string &model, const std::string &ratesFile);

} // namespace stas::energy

#endif // STAS_ENERGY_ESTIMATE_H
