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

using namespace stas;
using namespace stas::coremap;
using namespace stas::artifact;

namespace {

/// Cores, flows and routes; the network has been checked.
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
  bool checkAxons();
  bool checkRoutes();
  bool checkPairs(const char *what, std::vector<uint64_t> found, const std::vector<uint64_t> &required);

  const CoreMap &map;
  std::vector<std::vector<int32_t>> coreOf; ///< Of each neuron of each population; -1: none.
  std::vector<uint64_t> neuronsOfFlow;
  std::vector<uint64_t> targets; ///< (flow, core) pairs, sorted.
  std::vector<uint64_t> ways;    ///< What messages and routes are for: the same, or of trees the flows.
  uint64_t counters = 0;
};

/// Of a flow and a core, as one number.
uint64_t pairOf(uint64_t flow, uint64_t core) { return flow << 32 | core; }

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
  uint64_t reached = 0, neurons = 0;
  bool fits = flow.neurons_size() > 0 && flow.neurons_size() % 2 == 0;
  for (int i = 0; fits && i < flow.neurons_size(); i += 2) {
    uint64_t begin = flow.neurons(i), end = flow.neurons(i + 1);
    fits = begin < end && (i == 0 || begin > reached) && end <= owners.size();
    for (uint64_t neuron = begin; fits && neuron < end; ++neuron)
      fits = owners[neuron] == static_cast<int32_t>(flow.source());
    neurons += end - begin;
    reached = end;
  }
  if (!fits)
    return fail(where, ": neurons: required ranges that rise, of neurons on core ", flow.source(), ", found others");
  neuronsOfFlow.push_back(neurons);
  return true;
}

bool MapValidator::checkFlows() {
  if (!within("flows count", map.flows_size(), 0, kMaxFlows))
    return false;
  uint64_t neurons = 0, pending = 0;
  for (int index = 0; index < map.flows_size(); ++index) {
    const Flow &flow = map.flows(index);
    if (!checkFlow(flow, "flow " + std::to_string(index)) ||
        !within("neurons of all flows", neurons += neuronsOfFlow.back(), 0, kMaxFlowNeurons) ||
        !within("delays of all flows", pending += flow.delay() + 2, 0, kMaxPending) ||
        !within("targets of all flows", targets.size() + flow.targets_size(), 0, kMaxFlowTargets))
      return false;
    for (uint32_t target : flow.targets())
      targets.push_back(pairOf(index, target));
    if (map.device().tree())
      ways.push_back(pairOf(index, 0));
  }
  std::sort(targets.begin(), targets.end());
  if (std::adjacent_find(targets.begin(), targets.end()) != targets.end())
    return fail("flows: targets: required each core once, found one twice");
  if (!map.device().tree())
    ways = targets;
  return true;
}

/// What was found for pairs of a flow and a core is there once for each of them.
bool MapValidator::checkPairs(const char *what, std::vector<uint64_t> found, const std::vector<uint64_t> &required) {
  std::sort(found.begin(), found.end());
  if (found == required)
    return true;
  auto at = std::mismatch(found.begin(), found.begin() + std::min(found.size(), required.size()), required.begin());
  uint64_t pair = at.first == found.begin() + std::min(found.size(), required.size())
                      ? (found.size() > required.size() ? *at.first : *at.second)
                      : std::min(*at.first, *at.second);
  return fail(what, " of flow ", pair >> 32, ": required once for each target",
              map.device().tree() ? " of trees, for all of them" : "", ", found another number for core ",
              pair & 0xffffffff);
}

bool MapValidator::checkAxons() {
  std::vector<uint64_t> in, out;
  auto count = static_cast<uint32_t>(map.flows_size());
  for (int index = 0; index < map.cores_size(); ++index) {
    const Core &core = map.cores(index);
    std::string where = "core " + std::to_string(index);
    for (const AxonIn &axon : core.axons_in()) {
      if (!within(where + " axons_in flow", uint64_t(axon.flow()) + 1, 1, count) ||
          !within(where + " in-axons", axon.first() + neuronsOfFlow[axon.flow()], 1, map.device().in_axons()))
        return false;
      in.push_back(pairOf(axon.flow(), index));
    }
    for (const AxonOut &axon : core.axons_out()) {
      if (!within(where + " axons_out flow", uint64_t(axon.flow()) + 1, 1, count) ||
          !within(where + " out-axons", axon.first() + neuronsOfFlow[axon.flow()], 1, map.device().out_axons()))
        return false;
      if (map.flows(axon.flow()).source() != static_cast<uint32_t>(index) || axon.has_target() == map.device().tree())
        return fail(where, ": axons_out: required those of flows that leave the core, with a target where there are no "
                           "trees, found others");
      out.push_back(pairOf(axon.flow(), axon.target()));
    }
  }
  return checkPairs("axons_in", std::move(in), targets) && checkPairs("axons_out", std::move(out), ways);
}

bool MapValidator::checkRoutes() {
  std::vector<uint64_t> found;
  const Device &device = map.device();
  uint64_t rows = uint64_t(device.board_rows()) * device.mesh_rows();
  uint64_t columns = uint64_t(device.board_columns()) * device.mesh_columns();
  for (int index = 0; index < map.routes_size(); ++index) {
    const Route &route = map.routes(index);
    if (route.flow() >= static_cast<uint32_t>(map.flows_size()) || route.has_target() == device.tree())
      return fail("route ", index, ": required a flow below ", map.flows_size(),
                  " and a target where there are no trees, found ", route.flow());
    bool fits = route.runs_size() % 4 == 0 && static_cast<uint64_t>(route.runs_size()) <= 4 * rows * columns;
    for (int i = 0; fits && i < route.runs_size(); i += 4) {
      bool alongRow = route.runs(i) == route.runs(i + 2), alongColumn = route.runs(i + 1) == route.runs(i + 3);
      fits = alongRow != alongColumn && std::max(route.runs(i), route.runs(i + 2)) < rows &&
             std::max(route.runs(i + 1), route.runs(i + 3)) < columns;
    }
    if (!fits)
      return fail("route ", index, ": runs: required straight ones within ", rows, " x ", columns,
                  " tiles, found others");
    found.push_back(pairOf(route.flow(), route.target()));
  }
  return checkPairs("routes", std::move(found), ways);
}

Status MapValidator::run() {
  for (const Population &of : map.populations())
    names.insert(of.name());
  for (const Synapses &table : map.tables())
    names.insert(table.name());
  if (checkCores() && checkFlows() && checkAxons())
    checkRoutes();
  return status;
}

Status coremap::validate(const CoreMap &map, const Manifest &manifest, uint64_t weightsBytes) {
  Status status = validateNetwork(map, manifest, weightsBytes);
  if (status)
    status = MapValidator(map).run();
  return status ? status : makeError("core map: ", status.message());
}
