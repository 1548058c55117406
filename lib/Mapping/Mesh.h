//===- Mesh.h - Where cores are and how far apart ---------------*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef STAS_LIB_MAPPING_MESH_H
#define STAS_LIB_MAPPING_MESH_H

#include "stas/Mapping/Problem.h"

#include <cstdlib>

namespace stas::mapping {

/// A router of the board; coordinates count over all chips.
struct Router {
  int32_t x, y;
  bool operator==(const Router &other) const { return x == other.x && y == other.y; }
};

/// Distances of X-Y routing on a board.
class Mesh {
public:
  explicit Mesh(const Chip &chip) : chip(chip) {}

  int64_t width() const { return chip.boardWidth * chip.meshWidth; }
  int64_t height() const { return chip.boardHeight * chip.meshHeight; }

  Router routerOf(int64_t core) const {
    int64_t onChip = core % chip.coresOfChip() / chip.coresPerRouter, chipIndex = core / chip.coresOfChip();
    return {static_cast<int32_t>((chipIndex % chip.boardWidth * chip.meshWidth) + (onChip % chip.meshWidth)),
            static_cast<int32_t>((chipIndex / chip.boardWidth * chip.meshHeight) + (onChip / chip.meshWidth))};
  }

  /// Where a column (row) is when a link between chips is as long as it counts:
  /// distances are differences.
  int64_t placeX(int32_t x) const { return x + ((chip.crossingHops - 1) * (x / chip.meshWidth)); }
  int64_t placeY(int32_t y) const { return y + ((chip.crossingHops - 1) * (y / chip.meshHeight)); }

  int64_t hops(Router a, Router b) const {
    return std::abs(placeX(a.x) - placeX(b.x)) + std::abs(placeY(a.y) - placeY(b.y));
  }
  int64_t crossings(Router a, Router b) const {
    return std::abs((a.x / chip.meshWidth) - (b.x / chip.meshWidth)) +
           std::abs((a.y / chip.meshHeight) - (b.y / chip.meshHeight));
  }

private:
  const Chip &chip;
};

} // namespace stas::mapping

#endif // STAS_LIB_MAPPING_MESH_H
