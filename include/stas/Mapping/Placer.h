//===- Placer.h - Which core of the board does what -------------*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A placer gives every logical core a core of its own on the board, so that
// spikes travel few hops. All are deterministic: the same seed, the same
// placement. All use the same chips (`usedCores`), as few as hold the cores.
//
//===----------------------------------------------------------------------===//

#ifndef STAS_MAPPING_PLACER_H
#define STAS_MAPPING_PLACER_H

#include "stas/Mapping/Hypergraph.h"

#include <memory>

namespace stas::mapping {

/// By logical core: the core on the board. Core c is at router c /
/// coresPerRouter; routers are numbered by row within a chip, chips by row.
using Placement = std::vector<int64_t>;

/// What a placer is asked.
struct PlacementTask {
  const Chip &chip;
  const std::vector<Flow> &flows;
  int64_t logicalCores;
};

/// The cores that a placement of so many may use, rising: those of as few
/// chips as hold them, near to a square of the board. Fewer than asked for
/// where the board has no more.
std::vector<int64_t> usedCores(const Chip &chip, int64_t logicalCores);

class Placer {
public:
  virtual ~Placer() = default;
  virtual std::string name() const = 0;
  /// Needs at least as many cores as logical ones.
  virtual Placement place(const PlacementTask &task) const = 0;
};

/// Logical cores in their order, which is that of layers, on cores in theirs.
std::unique_ptr<Placer> createFirstFitPlacer();

/// The order of layers along a Hilbert curve, then simulated annealing on the
/// exact cost. `effort` scales the number of moves.
std::unique_ptr<Placer> createAnnealingPlacer(uint64_t seed = 1, double effort = 1);

/// The optimum, by trying everything: in reach where `usedCores` has at most 8.
std::unique_ptr<Placer> createExhaustivePlacer();

} // namespace stas::mapping

#endif // STAS_MAPPING_PLACER_H
