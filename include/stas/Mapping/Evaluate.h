//===- Evaluate.h - What a placement costs ----------------------*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef STAS_MAPPING_EVALUATE_H
#define STAS_MAPPING_EVALUATE_H

#include "stas/Mapping/Placer.h"

namespace stas::mapping {

/// Of an inference.
struct PlacementCost {
  double messages = 0; ///< Spikes times targets; a multicast is one.
  /// Links that messages take by X-Y routing, a link between chips counted as
  /// Chip::crossingHops. A multicast takes a link of its tree once.
  double spikeHops = 0;
  double crossings = 0; ///< Messages over links between chips.
};

/// The same for every placer.
PlacementCost evaluate(const PlacementTask &task, const Placement &placement);

/// No placement has fewer spikes times hops: around a router there are only so
/// many others at each distance, and each core's heaviest partners get the
/// nearest. A multicast to cores at r routers takes at least r - 1 links.
double spikeHopsBound(const PlacementTask &task);

} // namespace stas::mapping

#endif // STAS_MAPPING_EVALUATE_H
