//===- Tiling.h - Layers cut into pieces that cores can hold ----*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Logical cores: which neurons are together, not yet where on the chip.
//
//===----------------------------------------------------------------------===//

#ifndef STAS_MAPPING_TILING_H
#define STAS_MAPPING_TILING_H

#include "stas/Mapping/Misfit.h"
#include "stas/Mapping/Problem.h"

namespace stas::mapping {

/// [begin, end).
struct Range {
  int64_t begin = 0, end = 0;
  int64_t size() const { return end - begin; }
};

/// Neurons of a layer: rows and columns of its map, and channels.
struct Box {
  Range y, x, channels;
  int64_t tokens() const { return y.size() * x.size(); }
  int64_t neurons() const { return tokens() * channels.size(); }
};

struct Tile {
  int layer = 0;
  Box box;
  int core = 0; ///< A logical core.
};

/// What the tiles of a core need of what it has.
struct Usage {
  int64_t neurons = 0, synapseBits = 0, inAxons = 0, outAxons = 0;
  bool fits(const Chip &chip) const {
    return neurons <= chip.neurons && synapseBits <= chip.synapseBits && inAxons <= chip.inAxons &&
           outAxons <= chip.outAxons;
  }
};

/// Layers that are cut as one since they have the same inputs.
struct FamilyBound {
  std::vector<int> layers;
  double cores;     ///< That its binding resource needs, alone.
  Resource binding; ///< Of the four of a core.
};

/// How few cores a tiling could do with.
struct CoreBound {
  /// The sum of all families, each by the resource that binds it, with the
  /// out-axons that it has in this tiling. Boxes that share a core, or what is
  /// on it, can do with less.
  int64_t unshared = 0;
  std::vector<FamilyBound> families;
  /// Of every tiling into boxes, shared cores and axons included.
  int64_t shared = 0;
  Resource sharedBinding = Resource::Neurons;
};

struct Tiling {
  /// By layer, then in the order in which they were cut.
  std::vector<Tile> tiles;
  std::vector<Usage> cores; ///< By logical core.
};

/// Cuts layers into boxes and packs these into as few cores as it can, within
/// every limit of a core, neuron, weight, spike and axon. Needs a valid problem.
/// Deterministic. The number of cores may be over what the board has, the
/// number of neurons not.
Fit<Tiling> tile(const Problem &problem);

/// Bounds for a tiling of this problem. Takes longer than the tiling does where
/// maps are large.
CoreBound coreBound(const Problem &problem, const Tiling &tiling);

} // namespace stas::mapping

#endif // STAS_MAPPING_TILING_H
