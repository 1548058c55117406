//===- PrintChipEstimate.cpp - An estimate of a chip for people and programs ===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "stas/Energy/ChipEstimate.h"
#include "stas/Support/Text.h"

#include <algorithm>
#include <nlohmann/json.hpp>

using namespace stas;
using namespace stas::energy;
using Json = nlohmann::ordered_json;

static std::string text(Interval value, int digits) {
  std::string high = fixed(value.high, digits);
  return value.low == value.high ? high : fixed(value.low, digits) + " - " + high;
}

static std::string listText(const std::vector<Event> &events) {
  std::string names;
  for (Event event : events)
    names += (names.empty() ? "" : ", ") + std::string(eventText(event));
  return names;
}

static void printParts(std::ostream &out, const char *heading, const std::vector<ChipPart> &parts, size_t most) {
  auto sum = [](const ChipPart &part, std::initializer_list<Event> events) {
    Interval total;
    for (Event event : events)
      total += part.events[static_cast<size_t>(event)];
    return text(total, 0);
  };
  // The most expensive first; of equal ones in their order.
  std::vector<std::pair<double, size_t>> order;
  for (size_t i = 0; i < parts.size(); ++i)
    order.emplace_back(-parts[i].picojoules.high, i);
  if (parts.size() > most) {
    std::sort(order.begin(), order.end());
    order.resize(most);
  }
  out << '\n' << heading << (parts.size() > most ? ", the " + std::to_string(most) + " that take most" : "") << '\n';
  Table table({"", "synaptic operations", "updates", "messages out", "nJ"});
  for (auto [energy, i] : order)
    table.row({printable(parts[i].name),
               sum(parts[i], {Event::SynapseDense, Event::SynapseShared, Event::SynapseSparse}),
               sum(parts[i], {Event::NeuronActive, Event::NeuronIdle}), sum(parts[i], {Event::MessageOut}),
               text(parts[i].picojoules * 1e-3, 1)});
  table.print(out, 2);
}

void energy::printText(std::ostream &out, const ChipEstimate &estimate, const std::string &artifact,
                       const std::string &ratesFile) {
  const Profile &profile = *estimate.profile;
  Table table;
  table.row({"artifact", printable(artifact) + ": " + humanCount(estimate.cores.size()) +
                             (estimate.cores.size() == 1 ? " core on " : " cores on ") + humanCount(estimate.chips) +
                             (estimate.chips == 1 ? " chip, " : " chips, ") + humanCount(estimate.steps) +
                             " chip steps an image"});
  table.row({"rates", estimate.isMeasured()
                          ? "measured on " + humanCount(estimate.images) + " images (" + printable(ratesFile) + ")"
                          : "not measured: bounds, from what neurons can do (stas run --stats --json measures them)"});
  table.row({"profile", profile.name + ": " + printable(profile.description)});
  std::vector<Event> unpriced = estimate.unpriced(), untimed = estimate.untimed();
  table.row({"energy", (unpriced.empty() ? "" : "at least ") + text(estimate.picojoules * 1e-3, 1) + " nJ an image"});
  if (estimate.staticPicojoules.high > 0)
    table.row({"static power", text(estimate.staticPicojoules * 1e-3, 1) + " nJ of it"});
  table.row({"time", text(estimate.nanoseconds * 1e-3, 1) + " us an image, by the barrier model"});
  table.print(out);

  out << "\nevents an image\n";
  Table events({"", "count", "pJ each", "nJ", ""});
  for (size_t i = 0; i < kEvents; ++i) {
    auto event = static_cast<Event>(i);
    if (estimate.events[i].high == 0)
      continue;
    const std::optional<Figure> &price = profile.cost(event).picojoules;
    events.row(
        {eventText(event), text(estimate.events[i], 0), price ? text({price->low, price->high}, 1) : "no price",
         price ? text({1e-3 * price->low * estimate.events[i].low, 1e-3 * price->high * estimate.events[i].high}, 1)
               : "",
         price ? price->evidence + ": " + printable(price->source, 120) : ""});
  }
  events.print(out, 2);
  printParts(out, "by layer", estimate.layers, 400);
  printParts(out, "by core", estimate.cores, 16);

  out << '\n';
  if (!unpriced.empty())
    out << "The energy is a lower bound: " << profile.name << " has no price for " << listText(unpriced) << ".\n";
  if (!untimed.empty())
    out << "The time is one too: no time is known of " << listText(untimed) << ".\n";
  out << "Not counted: the host's first layer and classifier.\n";
}

static Json figureJson(Interval value) {
  return value.low == value.high ? Json(value.high) : Json({value.low, value.high});
}

static Json eventsJson(const EventIntervals &events) {
  Json json = Json::object();
  for (size_t i = 0; i < kEvents; ++i)
    if (events[i].high > 0)
      json[eventKey(static_cast<Event>(i))] = figureJson(events[i]);
  return json;
}

static Json keysJson(const std::vector<Event> &events) {
  Json json = Json::array();
  for (Event event : events)
    json.push_back(eventKey(event));
  return json;
}

static Json partsJson(const std::vector<ChipPart> &parts) {
  Json json = Json::array();
  for (const ChipPart &part : parts)
    json.push_back(
        {{"name", part.name}, {"events", eventsJson(part.events)}, {"picojoules", figureJson(part.picojoules)}});
  return json;
}

void energy::printJson(std::ostream &out, const ChipEstimate &estimate, const std::string &artifact,
                       const std::string &ratesFile) {
  const Profile &profile = *estimate.profile;
  Json json;
  json["artifact"] = artifact;
  json["measured"] = estimate.isMeasured();
  if (estimate.isMeasured()) {
    json["rates"] = ratesFile;
    json["images"] = estimate.images;
  }
  json["profile"] = {{"name", profile.name}, {"description", profile.description}};
  json["prices"] = Json::object();
  for (size_t i = 0; i < kEvents; ++i)
    if (const auto &price = profile.cost(static_cast<Event>(i)).picojoules)
      json["prices"][eventKey(static_cast<Event>(i))] = figureJson({price->low, price->high});
  json["chips"] = estimate.chips;
  json["steps"] = estimate.steps;
  json["events"] = eventsJson(estimate.events);
  json["picojoules"] = figureJson(estimate.picojoules);
  json["static_picojoules"] = figureJson(estimate.staticPicojoules);
  json["nanoseconds"] = figureJson(estimate.nanoseconds);
  json["unpriced"] = keysJson(estimate.unpriced());
  json["untimed"] = keysJson(estimate.untimed());
  json["lower_bound"] = !estimate.unpriced().empty();
  json["layers"] = partsJson(estimate.layers);
  json["cores"] = partsJson(estimate.cores);
  json["links"] = Json::array();
  for (const auto &[link, messages] : estimate.links)
    json["links"].push_back(
        {{"from", {link[0], link[1]}}, {"to", {link[2], link[3]}}, {"messages", figureJson(messages)}});
  out << json.dump(2, ' ', false, Json::error_handler_t::replace) << '\n';
}
