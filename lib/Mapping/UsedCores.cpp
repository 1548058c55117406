//===- UsedCores.cpp - As few chips as hold the cores ---------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "stas/Mapping/Placer.h"

#include <algorithm>
#include <limits>

using namespace stas;
using namespace stas::mapping;

std::vector<int64_t> mapping::usedCores(const Chip &chip, int64_t logicalCores) {
  int64_t perChip = chip.coresOfChip();
  int64_t chips = std::min((logicalCores + perChip - 1) / perChip, chip.boardWidth * chip.boardHeight);
  // Columns of chips such that the longer side, in routers, is as short as can be.
  int64_t columns = chip.boardWidth, best = std::numeric_limits<int64_t>::max();
  for (int64_t width = 1; width <= chip.boardWidth; ++width) {
    int64_t height = (chips + width - 1) / width;
    if (height > chip.boardHeight)
      continue;
    int64_t longer = std::max(width * chip.meshWidth, height * chip.meshHeight);
    if (longer < best) {
      columns = width;
      best = longer;
    }
  }
  std::vector<int64_t> cores;
  for (int64_t i = 0; i < chips; ++i) {
    int64_t first = ((i / columns * chip.boardWidth) + (i % columns)) * perChip;
    for (int64_t core = 0; core < perChip; ++core)
      cores.push_back(first + core);
  }
  std::sort(cores.begin(), cores.end());
  return cores;
}
