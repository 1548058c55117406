//===- ChipReport.cpp - What a simulated chip has done --------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ChipReport.h"
#include "stas/Support/Text.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

using namespace stas;
using energy::Event;
using Json = nlohmann::ordered_json;

/// Events that keep a core busy; those of links and chips have no core.
static constexpr Event kBusy[] = {Event::SynapseDense,   Event::SynapseShared, Event::SynapseSparse,
                                  Event::LearningUpdate, Event::NeuronActive,  Event::NeuronIdle,
                                  Event::Spike,          Event::MessageOut,    Event::MessageIn,
                                  Event::HaltingTest,    Event::Gate,          Event::Barrier};

ChipReport::ChipReport(const std::string &name) : profile(name) {
  if (name.empty()) {
    problem = "the chip names no cost profile";
    return;
  }
  Result<energy::Profile> costs = energy::loadProfile(name);
  if (!costs) {
    problem = costs.message();
    return;
  }
  for (Event event : kBusy) {
    const auto &figure = costs->cost(event).nanoseconds;
    isTimed[static_cast<size_t>(event)] = figure.has_value();
    // A range counts with its upper end: what is promised holds.
    if (figure)
      activity.picoseconds[static_cast<size_t>(event)] = static_cast<uint64_t>(std::llround(1e3 * figure->high));
  }
}

std::vector<Event> ChipReport::untimed() const {
  std::vector<Event> events;
  for (Event event : kBusy)
    if (!isTimed[static_cast<size_t>(event)] && activity.count(event) > 0)
      events.push_back(event);
  return events;
}

static uint64_t eventsOf(const ChipActivity::Core &core, std::initializer_list<Event> events) {
  uint64_t sum = 0;
  for (Event event : events)
    sum += core.events[static_cast<size_t>(event)];
  return sum;
}
static uint64_t memoryOf(const ChipActivity::Core &core) { return core.synapseBits; }
static uint64_t computeOf(const ChipActivity::Core &core) {
  return eventsOf(core, {Event::SynapseDense, Event::SynapseShared, Event::SynapseSparse, Event::LearningUpdate,
                         Event::NeuronActive});
}
static uint64_t trafficOf(const ChipActivity::Core &core) {
  return eventsOf(core, {Event::MessageOut, Event::MessageIn});
}

const ChipActivity::Core &ChipReport::largest(uint64_t (*of)(const ChipActivity::Core &)) const {
  return *std::max_element(activity.cores.begin(), activity.cores.end(),
                           [&](const auto &a, const auto &b) { return of(a) < of(b); });
}

void ChipReport::printText(std::ostream &out) const {
  out << "\non the chip\n";
  Table table;
  table.row({"cores", humanCount(activity.cores.size()) + " on " + humanCount(activity.chips) +
                          (activity.chips == 1 ? " chip" : " chips")});
  table.row({"chip steps an image", humanCount(activity.steps)});
  std::string missing;
  for (Event event : untimed())
    missing += (missing.empty() ? "" : ", ") + std::string(energy::eventText(event));
  bool isBound = !missing.empty();
  if (!problem.empty())
    table.row({"time", "unknown: " + printable(problem, 200)});
  else
    table.row({"time", (isBound ? "at least " : "") + fixed(1e-3 * nanoseconds(), 3) + " us an image, " +
                           (isBound ? "at most " : "") + fixed(nanoseconds() > 0 ? 1e9 / nanoseconds() : 0, 1) +
                           " images/s (" + profile + ")"});
  if (problem.empty() && isBound)
    table.row({"", "no time is known of " + missing});
  auto core = [&](const char *what, uint64_t (*of)(const ChipActivity::Core &), bool each, const char *unit) {
    const ChipActivity::Core &found = largest(of);
    table.row(
        {what, printable(found.name) + ": " + (each ? fixed(perImage(of(found)), 1) : humanCount(of(found))) + unit});
  };
  core("largest memory", memoryOf, false, " bits of synapses");
  core("most work", computeOf, true, " synaptic operations and updates an image");
  core("most traffic", trafficOf, true, " messages an image");
  table.row({"host", fixed(perImage(activity.hostOperations), 0) + " multiply-accumulates an image"});
  if (!activity.links.empty()) {
    const ChipActivity::Link &link =
        *std::max_element(activity.links.begin(), activity.links.end(),
                          [](const auto &a, const auto &b) { return a.messages < b.messages; });
    table.row({"fullest link", "[" + std::to_string(link.row) + ", " + std::to_string(link.column) + "] to [" +
                                   std::to_string(link.toRow) + ", " + std::to_string(link.toColumn) +
                                   "]: " + fixed(perImage(link.messages), 1) + " messages an image"});
  }
  table.print(out, 2);
  out << '\n';
  Table events({"event", "an image", "slowest cores of all steps"});
  for (size_t event = 0; event < energy::kEvents; ++event)
    if (activity.events[event] > 0)
      events.row({energy::eventText(static_cast<Event>(event)), fixed(perImage(activity.events[event]), 1),
                  activity.critical[event] ? fixed(perImage(activity.critical[event]), 1) : ""});
  events.print(out, 2);
}

static Json countsOf(const EventCounts &counts) {
  Json json = Json::object();
  for (size_t event = 0; event < energy::kEvents; ++event)
    if (counts[event] > 0)
      json[energy::eventKey(static_cast<Event>(event))] = counts[event];
  return json;
}

Json ChipReport::json() const {
  Json json;
  json["chips"] = activity.chips;
  json["steps"] = activity.steps;
  json["cost_profile"] = profile;
  if (problem.empty()) {
    json["nanoseconds_per_image"] = nanoseconds();
    json["untimed"] = Json::array();
    for (Event event : untimed())
      json["untimed"].push_back(energy::eventKey(event));
  }
  json["host_operations"] = activity.hostOperations;
  json["events"] = countsOf(activity.events);
  json["critical"] = countsOf(activity.critical);
  for (auto [key, of] : {std::pair<const char *, uint64_t (*)(const ChipActivity::Core &)>("memory", memoryOf),
                         {"compute", computeOf},
                         {"traffic", trafficOf}})
    json["slowest_core"][key] = largest(of).name;
  for (const ChipActivity::Core &core : activity.cores)
    json["cores"].push_back({{"name", core.name},
                             {"place", {core.row, core.column, core.index}},
                             {"neurons", core.neurons},
                             {"synapse_bits", core.synapseBits},
                             {"events", countsOf(core.events)}});
  for (const ChipActivity::Population &of : activity.populations)
    json["populations"].push_back({{"name", of.name},
                                   {"program", of.program},
                                   {"neurons", of.neurons},
                                   {"spikes", of.spikes},
                                   {"active", of.active},
                                   {"idle", of.idle},
                                   {"gated", of.gated}});
  json["links"] = Json::array();
  for (const ChipActivity::Link &link : activity.links)
    json["links"].push_back({{"from", {link.row, link.column}},
                             {"to", {link.toRow, link.toColumn}},
                             {"leaves_chip", link.leavesChip},
                             {"messages", link.messages}});
  return json;
}
