//===- Verify.h - Whether a mapping is one ----------------------*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Shares no code with what makes mappings. It counts every limit anew from the
// problem, and finds out from the routes, link by link, where spikes arrive.
//
//===----------------------------------------------------------------------===//

#ifndef STAS_MAPPING_VERIFY_H
#define STAS_MAPPING_VERIFY_H

#include "stas/Mapping/Mapping.h"

namespace stas::mapping {

/// What can be wrong.
enum class Fault {
  Tile,      ///< A box or core that does not exist, a neuron on no core or two.
  Limit,     ///< More than a core, neuron, weight, spike or axon can have.
  Usage,     ///< A core's stated use is not what its tiles need.
  Placement, ///< A core that does not exist, or two logical cores on one.
  Flow,      ///< Neurons not on the source, stated spikes that are others.
  Arrival,   ///< Spikes that do not reach a core, reach it twice or for nothing.
  Route,     ///< A way that leaves the board, is not X-Y, jumps or ends elsewhere.
  Load,      ///< A link's stated load is not that of the routes.
  Cost       ///< Stated messages, spikes times hops, crossings or chips.
};
const char *faultText(Fault fault);

struct Violation {
  Fault fault;
  std::string text; ///< Names layer, core, resource, found and required.
};

/// Everything that is wrong with a mapping of a valid problem, at most so many
/// of each kind; nothing where it holds.
std::vector<Violation> verify(const Problem &problem, const Mapping &mapping, size_t limit = 8);

} // namespace stas::mapping

#endif // STAS_MAPPING_VERIFY_H
