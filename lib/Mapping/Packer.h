//===- Packer.h - Boxes put together on cores -------------------*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef STAS_LIB_MAPPING_PACKER_H
#define STAS_LIB_MAPPING_PACKER_H

#include "Family.h"
#include "FanOut.h"

#include <array>
#include <optional>

namespace stas::mapping {

/// Packs boxes, each of which fits a core, into few cores. One core after the other is filled: of all boxes that are
/// left the one is taken that leaves least of what is short, by the squares of what stays unused, the sooner the more
/// of its spikes then stay on the core. What does not fit whole is cut where that costs no axon elsewhere: layers that
/// read their own tokens between tokens, layers that read their own channels between channels.
///
/// R. Panigrahy, K. Talwar, L. Uyeda, U. Wieder, "Heuristics for vector bin packing", Microsoft Research (2011): the
/// norm-based greedy.
///
/// `fans` have an out-axon for each box that reads a neuron, so that no core needs more of them than that.
class Packer {
public:
  Packer(const Problem &problem, const std::vector<std::vector<int>> &inEdges, const std::vector<FanOut> &fans,
         const std::vector<Family> &families);

  CoreTiles pack(const CoreTiles &boxes);

private:
  static constexpr int kResources = 4;
  using Amounts = std::array<int64_t, kResources>;
  using Shares = std::array<double, kResources>;
  enum class Axis { None, Y, X, Channels };

  /// Boxes of a family that need the same.
  struct Kind {
    Axis axis;     ///< Along which it can be cut,
    int64_t units; ///< into so many parts.
    Amounts need;
    Shares shares;
    double spikes; ///< Of an inference, to and from a box.
    CoreTiles boxes;
    int64_t refused = -1; ///< The last core that could not take a part after all.
  };
  struct Choice {
    size_t kind, box;
    int64_t units; ///< All of the kind's, or as many as there is room for.
    double score;
  };
  struct Core {
    int64_t index;
    std::vector<Tile> tiles;
    Amounts used = {};
    std::vector<bool> feeds; ///< By layer: whether it feeds a tile, or a tile feeds it.
  };

  Amounts amountsOf(const std::vector<Tile> &tiles) const;
  Shares sharesOf(const Amounts &amounts) const;
  std::pair<Axis, int64_t> cutOf(const std::vector<Tile> &box) const;
  void insert(std::vector<Tile> box);
  /// How many parts of a kind a core has room for at most.
  int64_t unitsFor(const Kind &kind, const Amounts &used) const;
  /// Spikes to and from a box, of an inference.
  double spikesOf(const std::vector<Tile> &box) const;
  /// Those of them that stay on the core.
  double spikesWithin(const std::vector<Tile> &box, const Core &core) const;
  /// The best box for a core, if there is one.
  std::optional<Choice> choose(const Core &core) const;
  /// Takes a box of a kind out, or a part of it that the core has room for: empty where even one part has none.
  std::vector<Tile> take(const Choice &choice, const Core &core);
  /// Fills a core as far as that goes.
  std::vector<Tile> fill(int64_t index);

  const Problem &problem;
  const std::vector<std::vector<int>> &inEdges;
  const std::vector<FanOut> &fans;
  std::vector<std::vector<int>> outEdges; ///< By layer, as inEdges.
  std::vector<double> rates;              ///< Mean spikes of a neuron, by layer.
  Amounts limits;
  std::vector<int> familyOf; ///< By layer.
  /// By family: whether it may be cut between tokens, and between channels.
  std::vector<bool> tokensAreFree, channelsAreFree;
  std::vector<Kind> kinds;
  std::vector<size_t> inUse; ///< Kinds that have boxes.
  std::map<std::tuple<int, Axis, int64_t, Amounts>, size_t> kindOf;
  Shares left = {}; ///< Of cores that the boxes left need.
};

} // namespace stas::mapping

#endif // STAS_LIB_MAPPING_PACKER_H
