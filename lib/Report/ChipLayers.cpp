//===- ChipLayers.cpp - What the layers of a network cost on a chip -------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The simulator counts events by core and link, and a core may hold several
// layers: what a layer costs is estimated from the spikes and updates of its
// neurons, which are counted by population.
//
//===----------------------------------------------------------------------===//

#include "Charts.h"
#include "Sections.h"
#include "Tables.h"
#include "stas/Support/Text.h"

#include <algorithm>
#include <iterator>
#include <map>

using namespace stas;
using namespace stas::report;
using namespace stas::energy;

namespace {

/// Layers of a module beside each other: halting and outputs stand behind all blocks in a core map.
std::vector<ChartRow> byModule(std::vector<ChartRow> rows) {
  std::map<std::string, size_t> places;
  std::vector<std::vector<ChartRow>> modules;
  for (ChartRow &row : rows) {
    size_t place = places.emplace(splitModule(row.label).first, modules.size()).first->second;
    modules.resize(std::max(modules.size(), place + 1));
    modules[place].push_back(std::move(row));
  }
  rows.clear();
  for (std::vector<ChartRow> &module : modules)
    std::move(module.begin(), module.end(), std::back_inserter(rows));
  return rows;
}

/// Events that a table has a column for, together.
struct Term {
  const char *name, *energy;
  std::vector<Event> events;
};

const std::vector<Term> &terms() {
  static const std::vector<Term> all = {
      {"Synaptic operations",
       "Energy of synapses",
       {Event::SynapseDense, Event::SynapseShared, Event::SynapseSparse, Event::LearningUpdate}},
      {"Updates and spikes",
       "of neurons",
       {Event::NeuronActive, Event::NeuronIdle, Event::Spike, Event::HaltingTest, Event::Gate}},
      {"Messages", "of messages", {Event::MessageOut, Event::MessageIn, Event::MessageInTile}},
      {"Hops", "of hops", {Event::HopEastWest, Event::HopNorthSouth, Event::HopChip}}};
  return all;
}

/// The events of a term alone.
EventIntervals only(const EventIntervals &events, const Term &term) {
  EventIntervals chosen{};
  for (Event event : term.events)
    chosen[static_cast<size_t>(event)] = events[static_cast<size_t>(event)];
  return chosen;
}

std::vector<std::string> cells(const std::string &name, const EventIntervals &events, Interval picojoules,
                               const ChipEstimate &costs) {
  std::vector<std::string> row = {name};
  for (const Term &term : terms()) {
    Interval count;
    for (Event event : term.events)
      // A message leaves and arrives: one.
      if (event != Event::MessageIn && event != Event::MessageInTile)
        count += events[static_cast<size_t>(event)];
    row.push_back(countText(count));
  }
  if (!isPriced(costs))
    return row;
  for (const Term &term : terms()) {
    Interval energy = energyOf(only(events, term), *costs.profile);
    row.push_back(energy.high > 0 ? energyText(energy) : "–");
  }
  row.push_back(energyText(picojoules));
  return row;
}

Listing layerTable(const ChipEstimate &costs) {
  Listing listing{"Events and energy of an image by layer and term, what has a price; static power belongs to none",
                  {{"Layer"}}};
  for (const Term &term : terms())
    listing.columns.push_back({term.name, true});
  if (isPriced(costs)) {
    for (const Term &term : terms())
      listing.columns.push_back({term.energy, true});
    listing.columns.push_back({"of all", true});
  }
  EventIntervals sum{};
  for (const ChipPart &layer : costs.layers) {
    listing.rows.push_back(cells(shown(layer.name), layer.events, layer.picojoules, costs));
    for (size_t i = 0; i < kEvents; ++i)
      sum[i] += layer.events[i];
  }
  listing.rows.push_back(cells("all layers", sum, energyOf(sum, *costs.profile), costs));
  listing.hasTotal = true;
  return listing;
}

} // namespace

void report::writeChipLayers(Html &html, const Content &content, const ChipEstimate &costs) {
  if (costs.layers.empty())
    return;
  html.leaf("h3", "By layer");
  const ChipPart &most = *std::max_element(costs.layers.begin(), costs.layers.end(), [](const auto &a, const auto &b) {
    return a.picojoules.high < b.picojoules.high;
  });
  std::string table = "All " + plural(costs.layers.size(), "layer") + ", events and energy";
  if (most.picojoules.high == 0) {
    writeFoldedTable(html, table, layerTable(costs));
    return;
  }
  Interval sum;
  for (const ChipPart &layer : costs.layers)
    sum += layer.picojoules;
  if (content.activity) {
    Interval counted = energyOf(costs.events, *costs.profile);
    html.leaf("p",
              "A core may hold several layers, so layers are estimated, from the spikes and updates of each that were "
              "counted. They add up to " +
                  energyText(sum) + ", where " + energyText(counted) + " were counted" +
                  (costs.staticPicojoules.high > 0 ? ", static power aside." : "."),
              {{"class", "note"}});
  }
  if (costs.isMeasured())
    html.leaf("p", shown(most.name) + " takes most: " + energyText(most.picojoules) + ", " +
                       percentText(most.picojoules.high / sum.high) + " of what has a price.");
  else
    html.leaf("p", "An outline reaches from the least that a layer can take to the most.", {{"class", "note"}});
  Unit unit = energyUnit(most.picojoules.high);
  std::vector<ChartRow> rows;
  for (const ChipPart &layer : costs.layers)
    rows.push_back({layer.name, {layer.picojoules * unit.factor}, ""});
  Chart chart;
  chart.title = "Energy of an image by layer";
  chart.description = "A bar for each layer, from 0, by module. The longest is " + shown(most.name) + " with " +
                      energyText(most.picojoules) + ".";
  chart.axis = std::string(unit.name) + " an image";
  chart.groups = groupLargest(html, byModule(std::move(rows)), unit.name);
  drawBars(html, chart);
  writeFoldedTable(html, table, layerTable(costs));
}
