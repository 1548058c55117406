//===- Links.h - The links that messages take -------------------*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef STAS_TARGET_ARTIFACT_LINKS_H
#define STAS_TARGET_ARTIFACT_LINKS_H

#include "stas/Target/Artifact/CoreMap.h"

#include <array>

namespace stas {
namespace coremap {

/// From a tile to its neighbour: row, column, row, column on the board.
using LinkPlace = std::array<int64_t, 4>;

/// What a link is to a cost profile.
enum class Hop { EastWest, NorthSouth, Chip };
inline constexpr size_t kHops = 3;

/// The links of a board, numbered by the tile that they leave, then east,
/// west, south, north.
class Links {
public:
  explicit Links(const Device &device)
      : rows(int64_t(device.board_rows()) * device.mesh_rows()),
        columns(int64_t(device.board_columns()) * device.mesh_columns()), meshRows(device.mesh_rows()),
        meshColumns(device.mesh_columns()) {}

  /// Numbers are below; those at the border of the board are of no link.
  size_t size() const { return static_cast<size_t>(rows * columns) * 4; }
  LinkPlace placeOf(size_t link) const;
  /// To a tile of another chip, or along a row or a column of one.
  Hop hopOf(size_t link) const;

  /// Calls `visit(link)` for each link that the messages of a spike of a flow
  /// of a valid core map take, message by message, in the order of their way.
  template <typename Visit> void follow(const Flow &flow, Visit &&visit) const {
    for (int i = 0; i < flow.runs_size(); i += 4) {
      int64_t row = flow.runs(i), column = flow.runs(i + 1), toRow = flow.runs(i + 2), toColumn = flow.runs(i + 3);
      int64_t direction = column < toColumn ? 0 : column > toColumn ? 1 : row < toRow ? 2 : 3;
      int64_t step = direction == 0 ? 1 : direction == 1 ? -1 : direction == 2 ? columns : -columns;
      for (int64_t at = row * columns + column, end = toRow * columns + toColumn; at != end; at += step)
        visit(static_cast<size_t>(at * 4 + direction));
    }
  }

private:
  int64_t rows, columns, meshRows, meshColumns;
};

} // namespace coremap
} // namespace stas

#endif // STAS_TARGET_ARTIFACT_LINKS_H
