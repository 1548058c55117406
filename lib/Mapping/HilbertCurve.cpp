//===- HilbertCurve.cpp - Cores along a curve that keeps neighbours near --===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "HilbertCurve.h"

#include <algorithm>
#include <tuple>
#include <utility>

using namespace stas;
using namespace stas::mapping;

namespace {

/// How far along the curve a point of a square is. Each quadrant is a curve of half the side, turned so that its ends
/// meet those of the next.
int64_t distanceAlong(int64_t side, int64_t x, int64_t y) {
  int64_t distance = 0;
  for (int64_t half = side / 2; half > 0; half /= 2) {
    bool right = x >= half, lower = y >= half;
    distance += half * half * (right ? (lower ? 2 : 3) : (lower ? 1 : 0));
    x -= right ? half : 0;
    y -= lower ? half : 0;
    if (lower)
      continue;
    if (right) {
      x = half - 1 - x;
      y = half - 1 - y;
    }
    std::swap(x, y);
  }
  return distance;
}

int64_t squareAround(int64_t width, int64_t height) {
  int64_t side = 1;
  while (side < std::max(width, height))
    side *= 2;
  return side;
}

} // namespace

std::vector<int64_t> mapping::alongHilbertCurve(const Chip &chip, std::vector<int64_t> cores, CurveKind kind) {
  Mesh mesh(chip);
  auto along = [&](int64_t side, int64_t x, int64_t y) {
    return kind.transposed ? distanceAlong(side, y, x) : distanceAlong(side, x, y);
  };
  auto key = [&](int64_t core) {
    Router router = mesh.routerOf(core);
    if (!kind.byChip)
      return std::make_tuple(int64_t(0), along(squareAround(mesh.width(), mesh.height()), router.x, router.y), core);
    return std::make_tuple(
        along(squareAround(chip.boardWidth, chip.boardHeight), router.x / chip.meshWidth, router.y / chip.meshHeight),
        along(squareAround(chip.meshWidth, chip.meshHeight), router.x % chip.meshWidth, router.y % chip.meshHeight),
        core);
  };
  std::vector<std::tuple<int64_t, int64_t, int64_t>> keys;
  keys.reserve(cores.size());
  for (int64_t core : cores)
    keys.push_back(key(core));
  std::sort(keys.begin(), keys.end());
  for (size_t i = 0; i < cores.size(); ++i)
    cores[i] = std::get<2>(keys[i]);
  return cores;
}
