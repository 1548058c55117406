//===- Mapping.h - From a problem to a core map -----------------*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef STAS_MAPPING_MAPPING_H
#define STAS_MAPPING_MAPPING_H

#include "stas/Mapping/Evaluate.h"
#include "stas/Mapping/Router.h"

#include <ostream>

namespace stas::mapping {

/// Where every neuron is and how every spike travels.
struct Mapping {
  Tiling tiling;
  std::vector<Flow> flows;
  Placement placement;
  Routing routing;
  PlacementCost cost;
  double spikeHopsBound = 0;
  int64_t chips = 0; ///< That hold a core in use.
};

/// Tiles, places and routes a valid problem. Does not fit where a limit of a
/// core cannot be kept, or the board has too few cores.
Fit<Mapping> mapProblem(const Problem &problem, const Placer &placer);

/// The mapping for people: cores, chips, what binds, cost beside its bound.
void printMapping(std::ostream &out, const Problem &problem, const Mapping &mapping);

} // namespace stas::mapping

#endif // STAS_MAPPING_MAPPING_H
