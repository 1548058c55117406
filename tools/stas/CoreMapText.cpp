//===- CoreMapText.cpp - A core map as text -------------------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CoreMapText.h"
#include "stas/Support/Text.h"

using namespace stas;
using namespace stas::coremap;
using TextTable = stas::Table;

const char *stas::nameOf(Synapses::Form form) {
  static constexpr const char *names[] = {"?", "dense", "shared", "fastweight", "constant"};
  return names[form];
}
const char *stas::nameOf(Projection::Port port) {
  static constexpr const char *names[] = {"?", "add", "query", "key", "value", "score", "gate", "gain"};
  return names[port];
}
const char *stas::nameOf(Projection::Tokens tokens) {
  static constexpr const char *names[] = {"?", "same", "window", "all"};
  return names[tokens];
}
const char *stas::nameOf(Projection::Channels channels) {
  static constexpr const char *names[] = {"?", "same", "group", "all", "first"};
  return names[channels];
}
const char *stas::nameOf(Program program) { return coreProgramName(static_cast<CoreProgram>(program - 1)); }

static std::string number(uint64_t value) { return std::to_string(value); }

static void printPopulations(std::ostream &out, const CoreMap &map) {
  out << "\npopulations\n";
  TextTable table({"name", "program", "map", "channels", "payload", "state bits", "step", "runs"});
  for (const Population &of : map.populations())
    table.row({printable(of.name()), nameOf(of.program()), number(of.height()) + " x " + number(of.width()),
               number(of.channels()), number(of.payload()), number(of.state_bits()), number(of.step()),
               number(of.runs())});
  table.print(out, 2);
}

static void printProjections(std::ostream &out, const CoreMap &map) {
  out << "\ntables\n";
  TextTable tables({"name", "form", "rows", "columns", "bits"});
  for (const Synapses &table : map.tables())
    tables.row({printable(table.name()), nameOf(table.form()), number(table.rows()), number(table.columns()),
                (table.limbs() > 1 ? number(table.limbs()) + " x " : "") + number(table.bits())});
  tables.print(out, 2);
  out << "\nprojections\n";
  TextTable projections({"from", "to", "table", "port", "tokens", "channels", "delay", ""});
  for (const Projection &by : map.projections())
    projections.row({printable(map.populations(by.source()).name()), printable(map.populations(by.target()).name()),
                     printable(map.tables(by.table()).name()), nameOf(by.port()), nameOf(by.tokens()),
                     nameOf(by.channels()), number(by.delay()),
                     std::string(by.hold() ? "hold" : "") + (by.next() ? "next" : "")});
  projections.print(out, 2);
}

static void printCores(std::ostream &out, const CoreMap &map) {
  out << "\ncores\n";
  TextTable table({"name", "tile", "core", "neurons", "in-axons", "out-axons", "populations"});
  std::vector<uint64_t> inAxons(map.cores_size()), outAxons(map.cores_size());
  for (const Flow &flow : map.flows()) {
    outAxons[flow.source()] += neuronsOf(flow) * flow.out_axons_size();
    for (uint32_t target : flow.targets())
      inAxons[target] += neuronsOf(flow);
  }
  for (int index = 0; index < map.cores_size(); ++index) {
    const Core &core = map.cores(index);
    uint64_t neurons = 0;
    std::string populations;
    for (const Tile &tile : core.tiles()) {
      neurons += uint64_t(tile.row_end() - tile.row_begin()) * (tile.column_end() - tile.column_begin()) *
                 (tile.channel_end() - tile.channel_begin());
      populations += (populations.empty() ? "" : ", ") + map.populations(tile.population()).name();
    }
    table.row({printable(core.name()), "[" + number(core.row()) + ", " + number(core.column()) + "]",
               number(core.index()), number(neurons), number(inAxons[index]), number(outAxons[index]),
               printable(populations, 200)});
  }
  table.print(out, 2);
}

void stas::printCoreMapText(std::ostream &out, const CoreMap &map) {
  const Device &device = map.device();
  out << "\ndevice\n";
  TextTable table;
  table.row({"chip", printable(device.name())});
  table.row({"board", number(device.board_rows()) + " x " + number(device.board_columns()) + " chips of " +
                          number(device.mesh_rows()) + " x " + number(device.mesh_columns()) + " tiles of " +
                          number(device.cores_per_tile()) + " cores"});
  table.row({"a core", number(device.neurons()) + " neurons, " + number(device.synapse_memory_kib()) +
                           " KiB of synapses, " + number(device.in_axons()) + " in-axons, " +
                           number(device.out_axons()) + " out-axons"});
  table.row({"network", printable(map.name())});
  table.row({"timesteps", number(map.timesteps()) + ", one in " + number(map.interval()) + " chip steps"});
  table.row({"cores", number(map.cores_size())});
  table.row({"flows", number(map.flows_size())});
  for (const Encode &encode : map.encodes())
    table.row({"host, first layer", printable(encode.layer())});
  table.print(out, 2);
  printPopulations(out, map);
  printProjections(out, map);
  printCores(out, map);
}
