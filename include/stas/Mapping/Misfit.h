//===- Misfit.h - Why a model does not fit a chip ---------------*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef STAS_MAPPING_MISFIT_H
#define STAS_MAPPING_MISFIT_H

#include "stas/Support/Error.h"

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace stas::mapping {

/// What a core, neuron, weight, spike or axon has a limit of, and the board.
enum class Resource { Neurons, SynapseMemory, InAxons, OutAxons, StateBits, WeightBits, PayloadBits, Delay, Cores };
/// "synapse memory"
const char *resourceText(Resource resource);
/// "bits"
const char *resourceUnit(Resource resource);

/// A limit that cannot be kept.
struct Misfit {
  struct User {
    std::string layer;
    int64_t used;
  };

  std::string layer; ///< Whose need is over the limit.
  Resource resource;
  int64_t used, limit;
  std::vector<User> users; ///< The largest, at most four, falling.
  std::string remedy;      ///< What would make it fit.

  /// All of it in one line.
  std::string message() const;
};

/// A result, or what keeps it from being.
template <typename T> using Fit = std::variant<T, Misfit>;

} // namespace stas::mapping

#endif // STAS_MAPPING_MISFIT_H
