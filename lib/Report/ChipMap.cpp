//===- ChipMap.cpp - What a core map asks of cores and links --------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ChipMap.h"

#include <algorithm>

using namespace stas;
using namespace stas::report;
using namespace stas::coremap;

const char *const report::kResourceNames[kResources] = {"neurons", "synapse memory", "in-axons", "out-axons"};

static double share(uint64_t used, uint64_t limit) {
  return limit > 0 ? static_cast<double>(used) / static_cast<double>(limit) : 0;
}

std::array<double, kResources> report::usage(const CoreLoad &load, const Device &device) {
  return {share(load.neurons, device.neurons()),
          share(load.synapseBits, uint64_t(device.synapse_memory_kib()) * 1024 * 8),
          share(load.inAxons, device.in_axons()), share(load.outAxons, device.out_axons())};
}

/// Columns of tables that the tiles of a core need, in bits.
static uint64_t synapseBits(const CoreMap &map, const Core &core, const std::vector<std::vector<int>> &into) {
  std::map<uint32_t, std::vector<bool>> columns; // by table
  for (const Tile &tile : core.tiles())
    for (int index : into[tile.population()]) {
      const Projection &by = map.projections(index);
      const Synapses &table = map.tables(static_cast<int>(by.table()));
      bool isConstant = table.form() == Synapses::FORM_CONSTANT;
      std::vector<bool> &used = columns[by.table()];
      used.resize(table.columns());
      size_t begin = isConstant ? 0 : tile.channel_begin(), end = isConstant ? 1 : tile.channel_end();
      std::fill(used.begin() + begin, used.begin() + std::min(end, used.size()), true);
    }
  uint64_t bits = 0;
  for (const auto &[index, used] : columns) {
    const Synapses &table = map.tables(static_cast<int>(index));
    bits += std::count(used.begin(), used.end(), true) * uint64_t(table.rows()) * table.bits() * table.limbs();
  }
  return bits;
}

std::vector<CoreLoad> report::coreLoads(const CoreMap &map) {
  std::vector<std::vector<int>> into(map.populations_size());
  for (int i = 0; i < map.projections_size(); ++i)
    into[map.projections(i).target()].push_back(i);
  std::vector<CoreLoad> loads;
  for (const Core &core : map.cores()) {
    CoreLoad load;
    for (const Tile &tile : core.tiles())
      load.neurons += uint64_t(tile.row_end() - tile.row_begin()) * (tile.column_end() - tile.column_begin()) *
                      (tile.channel_end() - tile.channel_begin());
    load.synapseBits = synapseBits(map, core, into);
    loads.push_back(load);
  }
  for (const Flow &flow : map.flows()) {
    uint64_t neurons = neuronsOf(flow);
    loads[flow.source()].outAxons += neurons * flow.out_axons_size();
    for (uint32_t target : flow.targets())
      loads[target].inAxons += neurons;
  }
  return loads;
}

std::map<LinkPlace, double> report::expectedLinkLoads(const CoreMap &map) {
  Links links(map.device());
  std::vector<double> loads(links.size());
  for (const Flow &flow : map.flows())
    links.follow(flow, [&](size_t link) { loads[link] += flow.spikes(); });
  std::map<LinkPlace, double> used;
  for (size_t link = 0; link < loads.size(); ++link)
    if (loads[link] > 0)
      used[links.placeOf(link)] = loads[link];
  return used;
}

std::pair<uint32_t, uint32_t> report::chipOf(const Core &core, const Device &device) {
  return {core.row() / device.mesh_rows(), core.column() / device.mesh_columns()};
}

uint64_t report::stepsOf(const CoreMap &map) {
  uint64_t steps = 0;
  for (const Population &of : map.populations())
    steps = std::max(steps, of.step() + uint64_t(of.runs() - 1) * map.interval() + 1);
  return steps;
}
