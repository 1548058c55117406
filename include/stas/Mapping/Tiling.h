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

/// Layers with the same inputs.
struct FamilyBound {
  std::vector<int> layers;
  double cores;     ///< That it counts for in the bound.
  Resource binding; ///< For most of them, of the four of a core.
};

/// How few cores any tiling could do with.
struct CoreBound {
  int64_t cores = 0; ///< `exact`, rounded up.
  double exact = 0;
  Resource binding = Resource::Neurons; ///< Of all of them together.
  std::vector<FamilyBound> families;
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

/// No tiling within the limits of a core takes fewer, of whatever neurons: the dual of a linear program, by prices of a
/// core's resources. Needs a valid problem. Takes longer than the tiling does where maps are large.
CoreBound coreBound(const Problem &problem);

} // namespace stas::mapping

#endif // STAS_MAPPING_TILING_H
