//===- ChipSection.cpp - A network on the cores of a chip -----------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Figures.h"
#include "Sections.h"
#include "Tables.h"
#include "stas/Support/Text.h"

#include <algorithm>
#include <set>

using namespace stas;
using namespace stas::report;
using namespace stas::coremap;

namespace {

/// No page has more pictures of chips.
constexpr size_t kMaxChips = 16;

using Chip = std::pair<uint32_t, uint32_t>;

/// The resource of a core that is nearest to its limit.
size_t fullest(const std::array<double, kResources> &shares) {
  return std::max_element(shares.begin(), shares.end()) - shares.begin();
}

std::string placeText(int64_t row, int64_t column) {
  return "[" + std::to_string(row) + ", " + std::to_string(column) + "]";
}

/// What is known of links: counted in the run, estimated from rates, else expected by the compiler.
struct LinkLoads {
  std::map<LinkPlace, double> messages; ///< An image.
  const char *source;
  double most = 0;

  explicit LinkLoads(const Content &content) {
    if (content.activity) {
      source = "counted in the run";
      for (const ChipActivity::Link &link : content.activity->links)
        messages[{link.row, link.column, link.toRow, link.toColumn}] =
            static_cast<double>(link.messages) / static_cast<double>(content.activity->images);
    } else if (content.chip->isMeasured()) {
      source = "estimated from the rates";
      for (const auto &[place, load] : content.chip->links)
        messages[place] = load.high;
    } else {
      source = "expected by the compiler";
      messages = expectedLinkLoads(*content.artifact.coreMap());
    }
    for (const auto &[place, load] : messages)
      most = std::max(most, load);
  }
};

void writeMeshes(Html &html, const CoreMap &map, const std::vector<CoreLoad> &loads, const LinkLoads &links) {
  const Device &device = map.device();
  std::map<Chip, std::vector<int>> chips;
  for (int i = 0; i < map.cores_size(); ++i)
    chips[report::chipOf(map.cores(i), device)].push_back(i);
  html.leaf("h3", "The mesh");
  html.leaf("p",
            "A square is a core, filled from below by the share of the resource that it has least left of. A line is a "
            "link between tiles, the thicker the more messages of an image go over it (" +
                std::string(links.source) + "); the fullest carries " + figure(links.most) + ".");
  size_t drawn = 0;
  for (const auto &[chip, cores] : chips) {
    if (drawn++ == kMaxChips) {
      html.leaf("p", "and " + plural(chips.size() - kMaxChips, "chip") + " more, which the tables below have.",
                {{"class", "note"}});
      break;
    }
    MeshPicture mesh;
    mesh.title = "Chip " + placeText(chip.first, chip.second) + " of the board: " + plural(cores.size(), "core") +
                 " of " + humanCount(uint64_t(device.mesh_rows()) * device.mesh_columns() * device.cores_per_tile()) +
                 " in use";
    mesh.rows = device.mesh_rows();
    mesh.columns = device.mesh_columns();
    mesh.coresPerTile = device.cores_per_tile();
    mesh.firstRow = int64_t(chip.first) * mesh.rows;
    mesh.firstColumn = int64_t(chip.second) * mesh.columns;
    mesh.most = links.most;
    double most = 0;
    for (int i : cores) {
      std::array<double, kResources> shares = usage(loads[i], device);
      mesh.cores[{map.cores(i).row(), map.cores(i).column(), map.cores(i).index()}] = shares[fullest(shares)];
      most = std::max(most, shares[fullest(shares)]);
    }
    for (const auto &[place, load] : links.messages)
      if (Chip(place[0] / mesh.rows, place[1] / mesh.columns) == chip)
        mesh.links.emplace(place, load);
    mesh.description = humanCount(mesh.rows) + " rows of " + humanCount(mesh.columns) + " tiles, " +
                       plural(mesh.coresPerTile, "core") + " each. The fullest core has " + percentText(most) +
                       " of a resource in use.";
    drawMesh(html, mesh);
  }
}

Listing coreTable(const CoreMap &map, const std::vector<CoreLoad> &loads) {
  const Device &device = map.device();
  Listing listing{"Cores in use",
                  {{"Core"},
                   {"Tile"},
                   {"Index", true},
                   {"Neurons", true},
                   {"", true},
                   {"Synapse memory", true},
                   {"", true},
                   {"In-axons", true},
                   {"", true},
                   {"Out-axons", true},
                   {"", true},
                   {"Holds"}}};
  for (int i = 0; i < map.cores_size(); ++i) {
    const Core &core = map.cores(i);
    std::array<double, kResources> shares = usage(loads[i], device);
    std::string holds;
    constexpr int kMostNames = 6;
    for (int tile = 0; tile < std::min(core.tiles_size(), kMostNames); ++tile)
      holds += (tile ? ", " : "") + shown(map.populations(static_cast<int>(core.tiles(tile).population())).name());
    if (core.tiles_size() > kMostNames)
      holds += ", …";
    listing.rows.push_back({shown(core.name()), placeText(core.row(), core.column()), std::to_string(core.index()),
                            humanCount(loads[i].neurons), percentText(shares[0]),
                            humanBytes((loads[i].synapseBits + 7) / 8), percentText(shares[1]),
                            humanCount(loads[i].inAxons), percentText(shares[2]), humanCount(loads[i].outAxons),
                            percentText(shares[3]), holds});
  }
  return listing;
}

const char *programText(Program program) {
  static const char *const names[] = {"",        "LIF",     "staircase", "sum", "maximum", "fast weight",
                                      "halting", "readout", "input"};
  return names[program];
}

Listing populationTable(const CoreMap &map, const energy::ChipEstimate &estimate) {
  std::vector<std::set<int>> cores(map.populations_size());
  for (int i = 0; i < map.cores_size(); ++i)
    for (const Tile &tile : map.cores(i).tiles())
      cores[tile.population()].insert(i);
  Listing listing{
      "Populations, their cores, and the chip steps at which they run",
      {{"Population"}, {"Program"}, {"Neurons", true}, {"Cores", true}, {"First step", true}, {"Runs", true}}};
  if (estimate.isMeasured())
    listing.columns.push_back({"Spikes an image", true});
  for (int i = 0; i < map.populations_size(); ++i) {
    const Population &of = map.populations(i);
    listing.rows.push_back({shown(of.name()), programText(of.program()), humanCount(neuronsOf(of)),
                            humanCount(cores[i].size()), std::to_string(of.step()), std::to_string(of.runs())});
    if (estimate.isMeasured())
      listing.rows.back().push_back(fixed(estimate.layers[i].of(energy::Event::Spike).high, 1));
  }
  return listing;
}

Listing linkTable(const LinkLoads &links) {
  Listing listing{std::string("Messages of an image over links, ") + links.source + ", the fullest first",
                  {{"From tile"}, {"To tile"}, {"Messages", true}}};
  std::vector<std::pair<double, LinkPlace>> order;
  for (const auto &[place, load] : links.messages)
    order.emplace_back(-load, place);
  std::sort(order.begin(), order.end());
  for (const auto &[load, place] : order)
    listing.rows.push_back({placeText(place[0], place[1]), placeText(place[2], place[3]), fixed(-load, 1)});
  return listing;
}

Listing usageTable(const CoreMap &map, const std::vector<CoreLoad> &loads) {
  Listing listing{"How full the cores in use are", {{"Resource"}, {"Mean", true}, {"Fullest core", true}, {"Which"}}};
  for (size_t resource = 0; resource < kResources; ++resource) {
    double sum = 0, most = -1;
    int which = 0;
    for (int i = 0; i < map.cores_size(); ++i) {
      double share = usage(loads[i], map.device())[resource];
      sum += share;
      if (share > most) {
        most = share;
        which = i;
      }
    }
    listing.rows.push_back({kResourceNames[resource], percentText(sum / map.cores_size()), percentText(most),
                            shown(map.cores(which).name())});
  }
  return listing;
}

} // namespace

void report::writeChip(Html &html, const Content &content) {
  const CoreMap &map = *content.artifact.coreMap();
  const Device &device = map.device();
  std::vector<CoreLoad> loads = coreLoads(map);
  std::set<Chip> chips;
  for (const Core &core : map.cores())
    chips.insert(report::chipOf(core, device));
  auto section = html.open("section", {{"id", "chip"}});
  html.leaf("h2", "On the chip");
  html.leaf("p",
            "The network takes " + plural(map.cores_size(), "core") + " on " + plural(chips.size(), "chip") + " of " +
                shown(device.name()) + ", and an image " + plural(stepsOf(map), "chip step") + ".",
            {{"class", "lead"}});
  html.leaf("p", map.interval() > 1 ? "A timestep begins " + plural(map.interval(), "chip step") +
                                          " after the one before: it waits for the halting of tokens."
                                    : "Timesteps follow each other through the network, one in each chip step.");
  if (map.cores_size() > 0) {
    writeTable(html, usageTable(map, loads));
    writeMeshes(html, map, loads, LinkLoads(content));
  }
  writeFoldedTable(html, plural(map.populations_size(), "population") + " and their chip steps",
                   populationTable(map, *content.chip));
  writeFoldedTable(html, plural(map.cores_size(), "core") + " and what they hold", coreTable(map, loads));
  LinkLoads links(content);
  writeFoldedTable(html, plural(links.messages.size(), "link") + " that carry messages", linkTable(links));
}
