//===- Links.cpp - The links that messages take ---------------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "stas/Target/Artifact/Links.h"

using namespace stas;
using namespace stas::coremap;

LinkPlace Links::placeOf(size_t link) const {
  static constexpr int64_t toRow[] = {0, 0, 1, -1}, toColumn[] = {1, -1, 0, 0};
  auto tile = static_cast<int64_t>(link / 4);
  int64_t row = tile / columns, column = tile % columns;
  return {row, column, row + toRow[link % 4], column + toColumn[link % 4]};
}

Hop Links::hopOf(size_t link) const {
  auto [row, column, toRow, toColumn] = placeOf(link);
  if (row / meshRows != toRow / meshRows || column / meshColumns != toColumn / meshColumns)
    return Hop::Chip;
  return row == toRow ? Hop::EastWest : Hop::NorthSouth;
}
