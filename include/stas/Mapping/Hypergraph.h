//===- Hypergraph.h - Who sends spikes to which cores -----------*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef STAS_MAPPING_HYPERGRAPH_H
#define STAS_MAPPING_HYPERGRAPH_H

#include "stas/Mapping/Tiling.h"

namespace stas::mapping {

/// A hyperedge over logical cores: neurons of one layer on one core whose
/// spikes go to the same cores after the same delay.
struct Flow {
  int layer = 0;
  int source = 0; ///< Logical core.
  int64_t delay = 0;
  std::vector<int32_t> neurons; ///< Flat indices, rising.
  std::vector<int32_t> targets; ///< Logical cores, rising; may contain the source.
  double spikes = 0;            ///< Of all its neurons in an inference.
};

/// The flows of a tiling, by layer, delay, source core and first neuron. A
/// spike is a message to each target, or one to all where the chip multicasts.
std::vector<Flow> buildFlows(const Problem &problem, const Tiling &tiling);

} // namespace stas::mapping

#endif // STAS_MAPPING_HYPERGRAPH_H
