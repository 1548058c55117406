//===- Packer.h - Boxes put together on cores -------------------*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef STAS_LIB_MAPPING_PACKER_H
#define STAS_LIB_MAPPING_PACKER_H

#include "FanOut.h"

namespace stas::mapping {

/// Best fit: each box goes to the fullest core that can take it, or to a new
/// one. What tiles of a core share, weights and in-axons, counts once.
class Packer {
public:
  Packer(const Problem &problem, const std::vector<std::vector<int>> &inEdges, const std::vector<FanOut> &fans);

  /// Puts tiles that belong together on a core; returns what they need alone.
  Usage add(const std::vector<Tile> &tiles);

  /// What was added after a mark can be taken back: copies of thousands of
  /// cores would take longer than what is tried.
  struct Mark {
    size_t added;
    std::vector<size_t> open;
  };
  Mark mark() const { return {added.size(), open}; }
  void takeBack(const Mark &mark);

  size_t size() const { return cores.size(); }
  const CoreTiles &tiles() const { return cores; }

private:
  /// Layers, by a bit each.
  using Layers = std::vector<uint64_t>;
  /// A core that may take the tiles at hand.
  struct Candidate {
    size_t core;
    Usage sum;       ///< Of the core with the tiles; at least, until it is exact.
    double fullness; ///< At most, until it is exact.
    bool isExact;
    bool operator<(const Candidate &other) const {
      return fullness != other.fullness ? fullness < other.fullness : core > other.core;
    }
  };

  /// In-axons and columns of tables that tiles need, in boxes that may have more than that; none stands there twice.
  struct Covers {
    struct Axons {
      int source;
      int64_t delay;
      Box box;
    };
    struct Columns {
      int table;
      Range channels;
    };
    std::vector<Axons> axons;
    std::vector<Columns> columns;
  };

  void addCovers(const std::vector<Tile> &tiles, Covers &covers) const;
  /// The least that a core with the tiles can use: at most what covers have in common is shared.
  Usage least(const Usage &has, const Covers &there, const Usage &need, const Covers &covers) const;
  /// Cores that may have room: a heap with the fullest, and of these the first, in front.
  std::vector<Candidate> candidates(const std::vector<Tile> &tiles, const Usage &need) const;
  double fullness(const Usage &has, const Usage &need, const Usage &sum) const;
  void put(size_t core, const std::vector<Tile> &tiles, const Usage &sum);

  const Problem &problem;
  const std::vector<std::vector<int>> &inEdges;
  const std::vector<FanOut> &fans;
  std::vector<Layers> shares; ///< Of each layer, those with a source or a table in common.
  CoreTiles cores;
  std::vector<Usage> used;
  std::vector<Layers> layersOn; ///< By core.
  std::vector<Covers> coversOf; ///< By core.
  std::vector<size_t> open;     ///< Cores with room, in the order in which they were opened.
  /// What was there before each box that was added.
  struct Before {
    size_t core, tiles, axons, columns;
    Usage used;
  };
  std::vector<Before> added;
};

} // namespace stas::mapping

#endif // STAS_LIB_MAPPING_PACKER_H
