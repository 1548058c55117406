//===- ValidateCoreMap.cpp - Checks a core map that may be hostile --------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Validate.h"
#include "stas/Support/Text.h"
#include "stas/Target/Artifact/Limits.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

using namespace stas;
using namespace stas::coremap;
using namespace stas::artifact;

namespace {

/// Cores and flows; the network has been checked.
class MapValidator : private Checker {
public:
  explicit MapValidator(const CoreMap &map) : map(map) {}

  Status run();

private:
  bool checkCores();
  bool checkTile(const Tile &tile, uint32_t core, const std::string &where);
  bool checkCounters(const Core &core);
  bool checkFlows();
  bool checkFlow(const Flow &flow, const std::string &where);
  bool checkMessages(const Flow &flow, const std::string &where);

  const CoreMap &map;
  std::vector<std::vector<int32_t>> coreOf; ///< Of each neuron of each population; -1: none.
  std::vector<int> flowTo;                  ///< Of each core, the last flow with it among its targets; -1: none.
  uint64_t counters = 0;
};

} // namespace

bool MapValidator::checkTile(const Tile &tile, uint32_t core, const std::string &where) {
  if (tile.population() >= static_cast<uint32_t>(map.populations_size()))
    return fail(where, ": population: required below ", map.populations_size(), ", found ", tile.population());
  const Population &of = map.populations(tile.population());
  if (tile.row_begin() >= tile.row_end() || tile.row_end() > of.height() || tile.column_begin() >= tile.column_end() ||
      tile.column_end() > of.width() || tile.channel_begin() >= tile.channel_end() ||
      tile.channel_end() > of.channels())
    return fail(where, ": required ranges, not empty, within ", of.height(), " x ", of.width(), " x ", of.channels(),
                ", found others");
  std::vector<int32_t> &owners = coreOf[tile.population()];
  for (uint64_t y = tile.row_begin(); y < tile.row_end(); ++y)
    for (uint64_t x = tile.column_begin(); x < tile.column_end(); ++x)
      for (uint64_t c = tile.channel_begin(); c < tile.channel_end(); ++c) {
        int32_t &owner = owners[(y * of.width() + x) * of.channels() + c];
        if (owner >= 0)
          return fail(where, ": required neurons that no other tile has, found some twice");
        owner = static_cast<int32_t>(core);
      }
  return true;
}

/// Counters that a simulator keeps for a core's tiles.
bool MapValidator::checkCounters(const Core &core) {
  for (const Tile &tile : core.tiles())
    for (const Projection &projection : map.projections())
      if (projection.target() == tile.population() && projection.port() == Projection::PORT_QUERY)
        counters += uint64_t(map.tables(projection.table()).rows()) * (tile.channel_end() - tile.channel_begin());
  return within("counters of all cores", counters, 0, kMaxCounters);
}

bool MapValidator::checkCores() {
  ChipModel chip = chipOf(map.device());
  if (!within("cores count", map.cores_size(), 1, chip.chips() * chip.coresPerChip()))
    return false;
  for (const Population &of : map.populations())
    coreOf.emplace_back(neuronsOf(of), -1);
  std::set<std::vector<uint32_t>> places;
  uint64_t tiles = 0;
  for (int index = 0; index < map.cores_size(); ++index) {
    const Core &core = map.cores(index);
    std::string where = "core " + std::to_string(index);
    if (!checkName(where, core.name()) ||
        !within(where + " row", core.row(), 0, chip.board.rows * chip.mesh.rows - 1) ||
        !within(where + " column", core.column(), 0, chip.board.columns * chip.mesh.columns - 1) ||
        !within(where + " index", core.index(), 0, chip.mesh.coresPerTile - 1) ||
        !within("tiles count", tiles += core.tiles_size(), 0, kMaxTiles))
      return false;
    if (!places.insert({core.row(), core.column(), core.index()}).second)
      return fail(where, ": required a place of its own, found another core's");
    uint64_t neurons = 0;
    for (const Tile &tile : core.tiles()) {
      if (!checkTile(tile, index, where))
        return false;
      neurons += uint64_t(tile.row_end() - tile.row_begin()) * (tile.column_end() - tile.column_begin()) *
                 (tile.channel_end() - tile.channel_begin());
    }
    if (!within(where + " neurons", neurons, 0, chip.core.neurons) || !checkCounters(core))
      return false;
  }
  for (size_t index = 0; index < coreOf.size(); ++index)
    if (std::find(coreOf[index].begin(), coreOf[index].end(), -1) != coreOf[index].end())
      return fail("population ", index, ": required each neuron on a core, found one on none");
  return true;
}

bool MapValidator::checkFlow(const Flow &flow, const std::string &where) {
  if (!checkName(where, flow.name()))
    return false;
  if (flow.population() >= static_cast<uint32_t>(map.populations_size()) ||
      flow.source() >= static_cast<uint32_t>(map.cores_size()))
    return fail(where, ": required a population below ", map.populations_size(), " and a core below ", map.cores_size(),
                ", found ", flow.population(), " and ", flow.source());
  if (!within(where + " delay", flow.delay(), 0, map.device().delay_steps()) ||
      !within(where + " targets count", flow.targets_size(), 1, map.cores_size()))
    return false;
  if (!std::isfinite(flow.spikes()) || flow.spikes() < 0)
    return fail(where, ": spikes: required a finite number of 0 or more, found ", flow.spikes());
  for (uint32_t target : flow.targets())
    if (target >= static_cast<uint32_t>(map.cores_size()))
      return fail(where, ": targets: required cores below ", map.cores_size(), ", found ", target);
  const std::vector<int32_t> &owners = coreOf[flow.population()];
  uint64_t reached = 0;
  bool fits = flow.neurons_size() > 0 && flow.neurons_size() % 2 == 0;
  for (int i = 0; fits && i < flow.neurons_size(); i += 2) {
    uint64_t begin = flow.neurons(i), end = flow.neurons(i + 1);
    fits = begin < end && (i == 0 || begin > reached) && end <= owners.size();
    for (uint64_t neuron = begin; fits && neuron < end; ++neuron)
      fits = owners[neuron] == static_cast<int32_t>(flow.source());
    reached = end;
  }
  if (!fits)
    return fail(where, ": neurons: required ranges that rise, of neurons on core ", flow.source(), ", found others");
  return true;
}

bool MapValidator::checkFlows() {
  if (!within("flows count", map.flows_size(), 0, kMaxFlows))
    return false;
  flowTo.assign(map.cores_size(), -1);
  uint64_t neurons = 0, pending = 0, targets = 0;
  for (int index = 0; index < map.flows_size(); ++index) {
    const Flow &flow = map.flows(index);
    std::string where = "flow " + std::to_string(index);
    if (!checkFlow(flow, where) || !within("neurons of all flows", neurons += neuronsOf(flow), 0, kMaxFlowNeurons) ||
        !within("delays of all flows", pending += flow.delay() + 2, 0, kMaxPending) ||
        !within("targets of all flows", targets += flow.targets_size(), 0, kMaxFlowTargets))
      return false;
    for (uint32_t target : flow.targets())
      if (std::exchange(flowTo[target], index) == index)
        return fail(where, ": targets: required each core once, found ", target, " twice");
    if (!checkMessages(flow, where))
      return false;
  }
  return true;
}

/// Of each message its axons at the source, of each target those there, and of each message its route.
bool MapValidator::checkMessages(const Flow &flow, const std::string &where) {
  const Device &device = map.device();
  int messages = device.tree() ? 1 : flow.targets_size();
  if (flow.out_axons_size() != messages || flow.in_axons_size() != flow.targets_size() ||
      flow.routes_size() != messages)
    return fail(where, ": required ", messages, " out_axons and routes and ", flow.targets_size(), " in_axons, found ",
                flow.out_axons_size(), ", ", flow.routes_size(), " and ", flow.in_axons_size());
  uint64_t neurons = neuronsOf(flow), runs = 0;
  for (uint32_t first : flow.out_axons())
    if (!within(where + " out-axons", first + neurons, 1, device.out_axons()))
      return false;
  for (uint32_t first : flow.in_axons())
    if (!within(where + " in-axons", first + neurons, 1, device.in_axons()))
      return false;
  for (uint32_t of : flow.routes())
    runs += of;
  uint64_t rows = uint64_t(device.board_rows()) * device.mesh_rows();
  uint64_t columns = uint64_t(device.board_columns()) * device.mesh_columns();
  bool fits = 4 * runs == static_cast<uint64_t>(flow.runs_size()) && runs <= messages * rows * columns;
  for (int i = 0; fits && i < flow.runs_size(); i += 4) {
    bool alongRow = flow.runs(i) == flow.runs(i + 2), alongColumn = flow.runs(i + 1) == flow.runs(i + 3);
    fits = alongRow != alongColumn && std::max(flow.runs(i), flow.runs(i + 2)) < rows &&
           std::max(flow.runs(i + 1), flow.runs(i + 3)) < columns;
  }
  return fits ||
         fail(where, ": runs: required ", runs, " straight ones within ", rows, " x ", columns, " tiles, found others");
}

Status MapValidator::run() {
  for (const Population &of : map.populations())
    names.insert(of.name());
  for (const Synapses &table : map.tables())
    names.insert(table.name());
  if (checkCores())
    checkFlows();
  return status;
}

uint64_t coremap::neuronsOf(const Flow &flow) {
  uint64_t neurons = 0;
  for (int i = 0; i + 1 < flow.neurons_size(); i += 2)
    neurons += flow.neurons(i + 1) - flow.neurons(i);
  return neurons;
}

Status coremap::validate(const CoreMap &map, const Manifest &manifest, uint64_t weightsBytes) {
  Status status = validateNetwork(map, manifest, weightsBytes);
  if (status)
    status = MapValidator(map).run();
  return status ? status : makeError("core map: ", status.message());
}
