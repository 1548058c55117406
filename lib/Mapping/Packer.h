//===- Packer.h - Boxes put together on cores -------------------*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef STAS_LIB_MAPPING_PACKER_H
#define STAS_LIB_MAPPING_PACKER_H

#include "FanOut.h"

#include <optional>

namespace stas::mapping {

/// Best fit: each box goes to the fullest core that can take it, or to a new
/// one. What tiles of a core share, weights and in-axons, counts once.
class Packer {
public:
  Packer(const Problem &problem, const std::vector<std::vector<int>> &inEdges, const std::vector<FanOut> &fans);

  /// Puts tiles that belong together on a core; returns what they need alone.
  Usage add(const std::vector<Tile> &tiles);

  size_t size() const { return cores.size(); }
  const CoreTiles &tiles() const { return cores; }

private:
  /// How full a core would be with the tiles, or nothing where they do not fit.
  std::optional<double> fullness(size_t core, const std::vector<Tile> &tiles, const Usage &need, Usage &sum) const;

  const Problem *problem;
  const std::vector<std::vector<int>> *inEdges;
  const std::vector<FanOut> *fans;
  std::vector<std::vector<bool>> shares; ///< Layers with a source or a table in common.
  CoreTiles cores;
  std::vector<Usage> used;
  std::vector<size_t> open; ///< Cores with room.
};

} // namespace stas::mapping

#endif // STAS_LIB_MAPPING_PACKER_H
