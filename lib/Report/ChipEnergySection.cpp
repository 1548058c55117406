//===- ChipEnergySection.cpp - What an image costs on a chip --------------===//
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

std::optional<Interval> priceOf(const Profile &profile, Event event) {
  const std::optional<Figure> &price = profile.cost(event).picojoules;
  return price ? std::optional<Interval>({price->low, price->high}) : std::nullopt;
}

/// A name that has room beside a bar.
const char *shortName(Event event) {
  switch (event) {
  case Event::SynapseDense:
    return "synapses, dense";
  case Event::SynapseShared:
    return "synapses, shared";
  case Event::SynapseSparse:
    return "synapses, sparse";
  case Event::NeuronActive:
    return "active updates";
  case Event::NeuronIdle:
    return "idle updates";
  case Event::MessageInTile:
    return "within tiles";
  case Event::HopNorthSouth:
    return "hops north, south";
  case Event::HopEastWest:
    return "hops east, west";
  default:
    return eventText(event);
  }
}

std::string listText(const std::vector<Event> &events) {
  std::string text;
  for (size_t i = 0; i < events.size(); ++i)
    text += std::string(i == 0 ? "" : i + 1 < events.size() ? ", " : " and ") + eventText(events[i]);
  return text;
}

void writeTerms(Html &html, const ChipEstimate &costs) {
  const Profile &profile = *costs.profile;
  Unit unit = energyUnit(costs.picojoules.high);
  Chart chart;
  chart.title = "Energy of an image by kind of event";
  chart.description = "A bar for each kind of event, from 0; the table below has the numbers.";
  chart.axis = std::string(unit.name) + " an image";
  ChartGroup group;
  Listing listing{"Events of an image and what they cost",
                  {{"Event"}, {"Count", true}, {"pJ each", true}, {"Energy", true}, {"Evidence"}, {"Source"}}};
  auto add = [&](Event event, const std::string &count, std::optional<Interval> each, std::optional<Interval> sum,
                 const std::optional<Figure> &figureOf) {
    ChartRow row{shortName(event), {std::nullopt}, "no price"};
    if (sum)
      row.values[0] = *sum * unit.factor;
    // A barrier takes time rather than energy.
    if (sum || event != Event::Barrier)
      group.rows.push_back(std::move(row));
    listing.rows.push_back({eventText(event), count, each ? figure(*each) : "–", sum ? energyText(*sum) : "not charged",
                            figureOf ? figureOf->evidence : "–", figureOf ? printable(figureOf->source, 160) : "–"});
  };
  for (size_t i = 0; i < kEvents; ++i) {
    auto event = static_cast<Event>(i);
    Interval count = costs.events[i];
    if (event == Event::ChipPowered || count.high == 0)
      continue;
    std::optional<Interval> each = priceOf(profile, event);
    std::string text = fixed(count.high, 1);
    add(event, count.low == count.high ? text : fixed(count.low, 1) + " – " + text, each,
        each ? std::optional<Interval>({each->low * count.low, each->high * count.high}) : std::nullopt,
        profile.cost(event).picojoules);
  }
  if (costs.staticPicojoules.high > 0)
    add(Event::ChipPowered, plural(costs.chips, "chip"), std::nullopt, costs.staticPicojoules,
        profile.cost(Event::ChipPowered).milliwatts);
  chart.groups.push_back(std::move(group));
  html.leaf("h3", "By term");
  bool hasPrices = isPriced(costs);
  if (hasPrices)
    drawBars(html, chart);
  if (std::vector<Event> missing = costs.unpriced(); !missing.empty())
    html.leaf("p",
              std::string(hasPrices ? "The total is a lower bound: " : "") + shown(profile.name) +
                  " has no price for " + listText(missing) + ".",
              {{"class", "note"}});
  if (hasPrices)
    writeFoldedTable(html, "Events, prices and their evidence", listing);
  else
    writeTable(html, listing);
}

void writeCores(Html &html, const ChipEstimate &costs) {
  std::vector<std::pair<double, size_t>> order;
  Listing listing{"Energy of an image by core, what has a price; hops belong to links",
                  {{"Core"}, {"Synaptic operations", true}, {"Messages out", true}, {"Energy", true}}};
  for (size_t i = 0; i < costs.cores.size(); ++i) {
    const ChipPart &core = costs.cores[i];
    Interval synapses;
    for (Event event : {Event::SynapseDense, Event::SynapseShared, Event::SynapseSparse})
      synapses += core.of(event);
    order.emplace_back(-core.picojoules.high, i);
    listing.rows.push_back({shown(core.name), countText(synapses), countText(core.of(Event::MessageOut)),
                            core.picojoules.high > 0 ? energyText(core.picojoules) : "–"});
  }
  std::sort(order.begin(), order.end());
  constexpr size_t kMostBars = 12;
  order.resize(std::min(order.size(), kMostBars));
  while (!order.empty() && order.back().first == 0)
    order.pop_back();
  if (order.empty())
    return;
  Unit unit = energyUnit(-order.front().first);
  ChartGroup group;
  for (auto [energy, i] : order)
    group.rows.push_back({costs.cores[i].name, {costs.cores[i].picojoules * unit.factor}, ""});
  html.leaf("h3", "By core");
  html.leaf("p", "The " + plural(group.rows.size(), "core") + " that take most.", {{"class", "note"}});
  Chart chart;
  chart.title = "Energy of an image by core";
  chart.description = "A bar for each of the cores that take most, the largest first.";
  chart.axis = std::string(unit.name) + " an image";
  chart.groups.push_back(std::move(group));
  drawBars(html, chart);
  writeFoldedTable(html, "All " + plural(listing.rows.size(), "core"), listing);
}

/// Where the figures are from, and what they are called for that.
void writeBasis(Html &html, const Content &content, const ChipEstimate &costs) {
  const Profile &profile = *costs.profile;
  std::string bound = costs.unpriced().empty() ? "" : "at least ", energy = energyText(costs.picojoules);
  std::string prices = " Prices: " + shown(profile.name) + " (" + shown(profile.description) + ").";
  std::string lead = "No event of an image has a price in " + shown(profile.name) + ".";
  if (isPriced(costs))
    lead = costs.isMeasured() ? "An image costs " + bound + energy + "."
                              : "What has a price costs " + energy + " an image.";
  html.leaf("p", lead, {{"class", "lead"}});
  if (content.activity)
    html.leaf("p", "Events were counted by the simulator on " + plural(costs.images, "image") + "." + prices,
              {{"class", "basis"}});
  else if (costs.isMeasured())
    html.leaf("p",
              "Estimated from rates measured on " + plural(costs.images, "image") + " (" + shown(content.ratesSource) +
                  ")." + prices,
              {{"class", "basis"}});
  else
    html.leaf("p",
              "No rates were measured, so these are bounds, from what neurons can do. A bound is no estimate." + prices,
              {{"class", "basis warning"}});
  if (!costs.isMeasured())
    writeMissing(html, content, "Events were not counted. To run the chip's simulator on images:", "--input IMAGES");
}

void writeTime(Html &html, const ChipEstimate &costs) {
  if (costs.nanoseconds.high == 0)
    return;
  Interval time = costs.nanoseconds;
  html.leaf("p", "By the barrier model an image takes " + (time.low == time.high ? "" : timeText(time.low) + " – ") +
                     timeText(time.high) + ", " + plural(costs.steps, "chip step") +
                     ": each as long as its slowest core, and the barrier. What has no time in the profile takes none "
                     "here.");
}

} // namespace

bool report::isPriced(const ChipEstimate &costs) {
  if (costs.staticPicojoules.high > 0)
    return true;
  for (size_t i = 0; i < kEvents; ++i)
    if (costs.events[i].high > 0 && priceOf(*costs.profile, static_cast<Event>(i)))
      return true;
  return false;
}

ChipEstimate report::chipCosts(const Content &content) {
  ChipEstimate costs = *content.chip;
  if (!content.activity)
    return costs;
  const ChipActivity &activity = *content.activity;
  double each = 1 / static_cast<double>(activity.images);
  auto perImage = [&](const EventCounts &counts) {
    EventIntervals events;
    for (size_t i = 0; i < kEvents; ++i)
      events[i] = {static_cast<double>(counts[i]) * each, static_cast<double>(counts[i]) * each};
    return events;
  };
  costs.events = perImage(activity.events);
  for (size_t i = 0; i < costs.cores.size(); ++i) {
    costs.cores[i].events = perImage(activity.cores[i].events);
    costs.cores[i].picojoules = energyOf(costs.cores[i].events, *costs.profile);
  }
  double nanoseconds = 1e-3 * static_cast<double>(activity.time) * each;
  costs.nanoseconds = {nanoseconds, nanoseconds};
  costs.staticPicojoules = staticEnergy(costs.chips, costs.nanoseconds, *costs.profile);
  costs.picojoules = energyOf(costs.events, *costs.profile);
  costs.picojoules += costs.staticPicojoules;
  return costs;
}

void report::writeChipEnergy(Html &html, const Content &content) {
  auto section = html.open("section", {{"id", "energy"}});
  html.leaf("h2", "Energy and time");
  if (!content.costs) {
    html.leaf("p", "The chip names no cost profile that can be read, so nothing has a price; --profile names one.",
              {{"class", "basis warning"}});
    return;
  }
  ChipEstimate costs = chipCosts(content);
  writeBasis(html, content, costs);
  writeTime(html, costs);
  if (content.activity) {
    double host = static_cast<double>(content.activity->hostOperations) / static_cast<double>(costs.images);
    html.leaf("p", "The host computes the first layer and the classifier: " + wholeCount({host, host}) +
                       " multiply-accumulates an image, without a price.");
  }
  writeTerms(html, costs);
  writeChipLayers(html, content, costs);
  writeCores(html, costs);
}
