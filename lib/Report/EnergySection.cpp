//===- EnergySection.cpp - What an image costs ----------------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Charts.h"
#include "Sections.h"
#include "Tables.h"
#include "stas/Support/Text.h"

#include <algorithm>

using namespace stas;
using namespace stas::report;
using namespace stas::energy;

namespace {

/// What is said of a sum of operations that do not all have a price.
std::string atLeast(const Estimate &estimate) { return estimate.unpriced().empty() ? "" : "at least "; }

std::string listText(const std::vector<Operation> &operations) {
  std::string text;
  for (size_t i = 0; i < operations.size(); ++i)
    text += std::string(i == 0 ? "" : i + 1 < operations.size() ? ", " : " and ") + operationText(operations[i]);
  return text;
}

void writeBasis(Html &html, const Content &content) {
  const Estimate &estimate = content.estimate;
  const Network &network = *estimate.network;
  std::string text;
  if (estimate.isMeasured()) {
    text =
        "Counted from rates measured on " + plural(estimate.images, "image") + " (" + shown(content.ratesSource) + ")";
    text += estimate.ratesSource.empty() || estimate.ratesSource == network.source
                ? "."
                : ", of another model: " + shown(estimate.ratesSource) + ".";
  } else {
    text =
        "No rates were measured, so these are bounds, from what a layer can be fed at all: a spike rate lies between "
        "0 and 1. A bound is no estimate.";
  }
  html.leaf("p", text + " Prices: " + estimate.profile->name + " (" + shown(estimate.profile->description) + ").",
            {{"class", estimate.isMeasured() ? "basis" : "basis warning"}});
  if (!estimate.isMeasured())
    writeMissing(html, content, "An estimate needs rates. To measure them on your images:", "--input IMAGES");
}

/// A name that has room beside a bar.
const char *shortName(Operation operation) {
  switch (operation) {
  case Operation::Mac:
    return "MACs";
  case Operation::Ac:
    return "ACs";
  case Operation::HaltingSum:
    return "halting sums";
  default:
    return operationText(operation);
  }
}

void writeTerms(Html &html, const Estimate &estimate) {
  Unit unit = energyUnit(estimate.counted.picojoules.high);
  Chart chart;
  chart.title = "Energy of an image by kind of operation";
  chart.axis = std::string(unit.name) + " an image";
  ChartGroup group;
  Listing listing{"Operations of an image and their prices",
                  {{"Operation"},
                   {"Count", true},
                   {"Count, strict", true},
                   {"pJ each", true},
                   {"Energy", true},
                   {"Evidence"},
                   {"Source"}}};
  for (size_t i = 0; i < kOperations; ++i) {
    auto operation = static_cast<Operation>(i);
    Interval count = estimate.counted.of(operation), strict = estimate.strict.of(operation);
    if (count.high == 0 && strict.high == 0)
      continue;
    const std::optional<Price> &price = estimate.profile->price(operation);
    ChartRow row{shortName(operation), {std::nullopt}, "no price"};
    if (price)
      row.values[0] = count * (price->picojoules * unit.factor);
    group.rows.push_back(row);
    listing.rows.push_back({operationText(operation), wholeCount(count), wholeCount(strict),
                            price ? figure(price->picojoules) : "–",
                            price ? energyText(count * price->picojoules) : "not charged",
                            price ? price->evidence : "–", price ? printable(price->source, 160) : "–"});
  }
  chart.groups.push_back(std::move(group));
  chart.description = "A bar for each kind of operation, from 0; the table below has the numbers.";
  html.leaf("h3", "By term");
  drawBars(html, chart);
  if (std::vector<Operation> missing = estimate.unpriced(); !missing.empty())
    html.leaf("p",
              "The total is a lower bound: " + estimate.profile->name + " has no price for " + listText(missing) + ".",
              {{"class", "note"}});
  writeFoldedTable(html, "Operations, prices and their evidence", listing);
}

const char *unitOf(const LayerEstimate &layer, Convention convention) {
  if (layer.layer->kind == LayerKind::Coincidence)
    return "AND";
  const Charge &charge = layer.charge(convention);
  bool multiplies = charge.of(Operation::Mac).high > 0, adds = charge.of(Operation::Ac).high > 0;
  return multiplies && adds ? "MAC or AC" : multiplies ? "MAC" : "AC";
}

Listing layerTable(const Estimate &estimate) {
  Listing listing{"Operations and energy of an image by layer, under both conventions",
                  {{"Layer"},
                   {"Mean input", true},
                   {"Active", true},
                   {"Dense MACs", true},
                   {"SOPs, counted", true},
                   {"Kind"},
                   {"Energy, counted", true},
                   {"SOPs, strict", true},
                   {"Kind"},
                   {"Energy, strict", true}}};
  Interval dense;
  for (const LayerEstimate &layer : estimate.layers) {
    if (layer.layer->kind == LayerKind::Halting)
      continue;
    dense += layer.denseMacs;
    listing.rows.push_back({shown(layer.layer->name), layer.layer->isReal() ? "real" : figure(layer.input),
                            percentText(layer.active), wholeCount(layer.denseMacs), wholeCount(layer.counted.sops),
                            unitOf(layer, Convention::Counted), energyText(layer.counted.picojoules),
                            wholeCount(layer.strict.sops), unitOf(layer, Convention::Strict),
                            energyText(layer.strict.picojoules)});
  }
  listing.rows.push_back({"total", "", "", wholeCount(dense), wholeCount(estimate.counted.sops), "",
                          energyText(estimate.counted.picojoules), wholeCount(estimate.strict.sops), "",
                          energyText(estimate.strict.picojoules)});
  listing.hasTotal = true;
  return listing;
}

/// The layer that costs most at its upper end.
const LayerEstimate *mostExpensive(const Estimate &estimate) {
  const LayerEstimate *most = nullptr;
  for (const LayerEstimate &layer : estimate.layers)
    if (!most || layer.counted.picojoules.high > most->counted.picojoules.high)
      most = &layer;
  return most;
}

void writeLayers(Html &html, const Estimate &estimate) {
  Interval total = estimate.counted.picojoules;
  Chart chart;
  std::vector<ChartRow> rows;
  const LayerEstimate *most = mostExpensive(estimate);
  Unit unit = energyUnit(most->counted.picojoules.high);
  for (const LayerEstimate &layer : estimate.layers)
    if (layer.layer->kind != LayerKind::Halting)
      rows.push_back({layer.layer->name, {layer.counted.picojoules * unit.factor}, ""});
  html.leaf("h3", "By layer");
  chart.groups = groupLargest(html, std::move(rows), unit.name);
  chart.title = "Energy of an image by layer";
  chart.axis = std::string(unit.name) + " an image";
  chart.description = "A bar for each layer, from 0, in the order in which they run. The longest is " +
                      shown(most->layer->name) + " with " + energyText(most->counted.picojoules) + ".";
  if (estimate.isMeasured() && total.high > 0)
    html.leaf("p", shown(most->layer->name) + " takes most: " + energyText(most->counted.picojoules) + ", " +
                       percentText(most->counted.picojoules.high / total.high) + " of what has a price.");
  else
    html.leaf("p", "An outline reaches from the least that a layer can take to the most.", {{"class", "note"}});
  drawBars(html, chart);
  writeFoldedTable(html, "All layers, operations and energy", layerTable(estimate));
}

void writeConventions(Html &html, const Estimate &estimate) {
  auto details = html.open("details");
  html.leaf("summary", "How operations are counted");
  html.leaf("p", "Charts and totals follow the convention “counted”: an input of n costs n additions. Under “strict” a "
                 "layer with any input other than 0 and 1 multiplies all of its inputs; the image then costs " +
                     atLeast(estimate) + energyText(estimate.strict.picojoules) + ".");
  if (estimate.otherWay.high > 0)
    html.leaf("p", "Attention is charged as (q kᵀ) v; q (kᵀ v) would take " + wholeCount(estimate.otherWay) +
                       " AND-accumulates.");
  if (estimate.isMeasured() && estimate.counted.sops.high > 0)
    html.leaf("p", "Taps on a convolution's padding are charged, as papers do: " +
                       percentText(estimate.padding * (1 / estimate.counted.sops.high)) +
                       " of the synaptic operations.");
  html.leaf("p", "Not counted: memory traffic, pooling, residual and token sums.");
}

} // namespace

void report::writeEnergy(Html &html, const Content &content) {
  const Estimate &estimate = content.estimate;
  auto section = html.open("section", {{"id", "energy"}});
  html.leaf("h2", "Energy");
  if (estimate.layers.empty()) {
    html.leaf("p",
              "The artifact does not say what its layers compute: it is from an older version. Compile the checkpoint "
              "again to have an estimate here.",
              {{"class", "basis warning"}});
    return;
  }
  std::string operations = "An image takes " + countText(estimate.counted.sops) + " synaptic operations";
  std::string energy = energyText(estimate.counted.picojoules);
  html.leaf("p",
            estimate.isMeasured() ? operations + " and " + atLeast(estimate) + energy + "."
                                  : operations + "; those that have a price cost " + energy + ".",
            {{"class", "lead"}});
  writeBasis(html, content);
  writeTerms(html, estimate);
  writeLayers(html, estimate);
  writeConventions(html, estimate);
}
