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

double perImage(const ChipActivity &activity, uint64_t count) {
  return activity.images > 0 ? static_cast<double>(count) / static_cast<double>(activity.images) : 0;
}

std::optional<Interval> priceOf(const Profile &profile, Event event) {
  const std::optional<Figure> &price = profile.cost(event).picojoules;
  return price ? std::optional<Interval>({price->low, price->high}) : std::nullopt;
}

/// Static power of the chips in use, over the time of an image.
std::optional<Interval> staticEnergy(const ChipActivity &activity, const Profile &profile,
                                     std::optional<double> nanoseconds) {
  const std::optional<Figure> &power = profile.cost(Event::ChipPowered).milliwatts;
  if (!power || !nanoseconds)
    return std::nullopt;
  // A milliwatt for a nanosecond is a picojoule.
  double time = *nanoseconds * static_cast<double>(activity.chips);
  return Interval{power->low * time, power->high * time};
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

/// Energy of the events of a core, or nothing where none has a price.
std::optional<Interval> energyOf(const EventCounts &events, const ChipActivity &activity, const Profile &profile) {
  std::optional<Interval> sum;
  for (size_t i = 0; i < kEvents; ++i)
    if (std::optional<Interval> price = priceOf(profile, static_cast<Event>(i)); price && events[i] > 0) {
      Interval part = *price * perImage(activity, events[i]);
      sum = sum ? (*sum += part) : part;
    }
  return sum;
}

void writeTerms(Html &html, const ChipActivity &activity, const Profile &profile, const EventEnergy &total) {
  Unit unit = energyUnit(total.picojoules.high);
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
    if (event == Event::ChipPowered || activity.events[i] == 0)
      continue;
    double count = perImage(activity, activity.events[i]);
    std::optional<Interval> each = priceOf(profile, event);
    add(event, fixed(count, 1), each, each ? std::optional<Interval>(*each * count) : std::nullopt,
        profile.cost(event).picojoules);
  }
  if (std::optional<Interval> leak = staticEnergy(activity, profile, total.nanoseconds))
    add(Event::ChipPowered, plural(activity.chips, "chip"), std::nullopt, leak,
        profile.cost(Event::ChipPowered).milliwatts);
  chart.groups.push_back(std::move(group));
  html.leaf("h3", "By term");
  if (total.isPriced)
    drawBars(html, chart);
  if (!total.unpriced.empty())
    html.leaf("p",
              std::string(total.isPriced ? "The total is a lower bound: " : "") + shown(profile.name) +
                  " has no price for " + listText(total.unpriced) + ".",
              {{"class", "note"}});
  if (total.isPriced)
    writeFoldedTable(html, "Events, prices and their evidence", listing);
  else
    writeTable(html, listing);
}

void writeCores(Html &html, const ChipActivity &activity, const Profile &profile) {
  std::vector<std::pair<double, size_t>> order;
  Listing listing{"Energy of an image by core, what has a price; hops belong to links",
                  {{"Core"}, {"Synaptic operations", true}, {"Messages out", true}, {"Energy", true}}};
  auto counts = [&](const ChipActivity::Core &core, std::initializer_list<Event> events) {
    uint64_t sum = 0;
    for (Event event : events)
      sum += core.events[static_cast<size_t>(event)];
    return fixed(perImage(activity, sum), 1);
  };
  for (size_t i = 0; i < activity.cores.size(); ++i) {
    const ChipActivity::Core &core = activity.cores[i];
    std::optional<Interval> energy = energyOf(core.events, activity, profile);
    order.emplace_back(energy ? -energy->high : 0, i);
    listing.rows.push_back({shown(core.name),
                            counts(core, {Event::SynapseDense, Event::SynapseShared, Event::SynapseSparse}),
                            counts(core, {Event::MessageOut}), energy ? energyText(*energy) : "–"});
  }
  std::sort(order.begin(), order.end());
  constexpr size_t kMostBars = 12;
  order.resize(std::min(order.size(), kMostBars));
  if (order.empty() || order.front().first == 0)
    return;
  Unit unit = energyUnit(-order.front().first);
  ChartGroup group;
  for (auto [energy, i] : order)
    if (std::optional<Interval> of = energyOf(activity.cores[i].events, activity, profile))
      group.rows.push_back({activity.cores[i].name, {*of * unit.factor}, ""});
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

} // namespace

EventEnergy report::eventEnergy(const ChipActivity &activity, const Profile &profile) {
  EventEnergy total;
  if (activity.time > 0)
    total.nanoseconds = 1e-3 * perImage(activity, activity.time);
  for (size_t i = 0; i < kEvents; ++i) {
    auto event = static_cast<Event>(i);
    if (event == Event::ChipPowered || activity.events[i] == 0)
      continue;
    if (std::optional<Interval> price = priceOf(profile, event)) {
      total.picojoules += *price * perImage(activity, activity.events[i]);
      total.isPriced = true;
    } else if (event != Event::Barrier) {
      total.unpriced.push_back(event);
    }
  }
  if (std::optional<Interval> leak = staticEnergy(activity, profile, total.nanoseconds)) {
    total.picojoules += *leak;
    total.isPriced = true;
  }
  return total;
}

void report::writeChipEnergy(Html &html, const Content &content) {
  auto section = html.open("section", {{"id", "energy"}});
  html.leaf("h2", "Energy and time");
  if (!content.costs) {
    html.leaf("p", "The chip names no cost profile that can be read, so nothing has a price; --profile names one.",
              {{"class", "basis warning"}});
    return;
  }
  if (!content.activity) {
    writeMissing(html, content, "Events were not counted. To run the chip's simulator on images:", "--input IMAGES");
    return;
  }
  const ChipActivity &activity = *content.activity;
  const Profile &profile = *content.costs;
  EventEnergy total = eventEnergy(activity, profile);
  std::string bound = total.unpriced.empty() ? "" : "at least ";
  html.leaf("p",
            total.isPriced ? "An image costs " + bound + energyText(total.picojoules) + "."
                           : "No event of an image has a price in " + shown(profile.name) + ".",
            {{"class", "lead"}});
  html.leaf("p",
            "Events were counted by the simulator on " + plural(activity.images, "image") +
                ". Prices: " + shown(profile.name) + " (" + shown(profile.description) + ").",
            {{"class", "basis"}});
  if (total.nanoseconds)
    html.leaf("p",
              "By the barrier model an image takes " + timeText(*total.nanoseconds) + ", " +
                  plural(activity.steps, "chip step") +
                  ": each as long as its slowest core, and the barrier. What has no time in the profile takes none "
                  "here.");
  html.leaf("p",
            "The host computes the first layer and the classifier: " +
                wholeCount({perImage(activity, activity.hostOperations), perImage(activity, activity.hostOperations)}) +
                " multiply-accumulates an image, without a price.");
  writeTerms(html, activity, profile, total);
  writeCores(html, activity, profile);
}
