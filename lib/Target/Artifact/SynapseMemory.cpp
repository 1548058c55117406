//===- SynapseMemory.cpp - Memory of weights and counters of each core ----===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "stas/Target/Artifact/CoreMap.h"

#include <algorithm>
#include <map>

using namespace stas;
using namespace stas::coremap;

std::vector<uint64_t> coremap::synapseBitsOf(const CoreMap &map) {
  std::vector<std::vector<const Projection *>> into(map.populations_size());
  for (const Projection &by : map.projections())
    into[by.target()].push_back(&by);
  std::vector<uint64_t> bits;
  for (const Core &core : map.cores()) {
    std::map<uint32_t, std::vector<bool>> columns; // by table
    for (const Tile &tile : core.tiles())
      for (const Projection *by : into[tile.population()]) {
        const Synapses &table = map.tables(static_cast<int>(by->table()));
        bool isConstant = table.form() == Synapses::FORM_CONSTANT;
        std::vector<bool> &used = columns[by->table()];
        used.resize(table.columns());
        std::fill(used.begin() + (isConstant ? 0 : tile.channel_begin()),
                  used.begin() + (isConstant ? 1 : tile.channel_end()), true);
      }
    uint64_t sum = 0;
    for (const auto &[index, used] : columns) {
      const Synapses &table = map.tables(static_cast<int>(index));
      sum += std::count(used.begin(), used.end(), true) * uint64_t(table.rows()) * table.bits() * table.limbs();
    }
    bits.push_back(sum);
  }
  return bits;
}
