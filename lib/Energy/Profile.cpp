//===- Profile.cpp - What operations and events cost ----------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "stas/Energy/Profile.h"
#include "stas/Energy/Profile.pb.h"
#include "stas/Support/Text.h"
#include "stas/Support/TextProto.h"

#include <algorithm>
#include <cmath>

using namespace stas;
using namespace stas::energy;

/// The files of lib/Energy/Profiles; the build makes the list.
static const std::vector<ShippedText> kShipped = {
#include "stas/Energy/ShippedProfiles.inc"
};

const char *energy::operationKey(Operation operation) {
  constexpr const char *keys[kOperations] = {"mac",           "ac",         "and_accumulate", "neuron_update",
                                             "halting_score", "halting_sum"};
  return keys[static_cast<size_t>(operation)];
}

const char *energy::operationText(Operation operation) {
  constexpr const char *texts[kOperations] = {"multiply-accumulates", "accumulates",    "AND-accumulates",
                                              "neuron updates",       "halting scores", "halting-weighted sums"};
  return texts[static_cast<size_t>(operation)];
}

const char *energy::eventKey(Event event) {
  constexpr const char *keys[kEvents] = {
      "synapse_dense", "synapse_shared", "synapse_sparse", "learning_update", "neuron_active", "neuron_idle",
      "spike",         "message_out",    "message_in",     "message_in_tile", "hop_east_west", "hop_north_south",
      "hop_chip",      "halting_test",   "gate",           "barrier",         "chip_powered"};
  return keys[static_cast<size_t>(event)];
}

const char *energy::eventText(Event event) {
  constexpr const char *texts[kEvents] = {"synaptic operations, dense",
                                          "synaptic operations, shared weights",
                                          "synaptic operations, sparse",
                                          "learning updates",
                                          "updates of neurons with input",
                                          "updates of neurons without input",
                                          "spikes",
                                          "messages sent",
                                          "messages received",
                                          "messages within a tile",
                                          "hops east or west",
                                          "hops north or south",
                                          "hops between chips",
                                          "halting tests",
                                          "gates",
                                          "barriers",
                                          "powered chips"};
  return texts[static_cast<size_t>(event)];
}

bool Profile::pricesOperations() const {
  return std::any_of(prices.begin(), prices.end(), [](const auto &price) { return price.has_value(); });
}

bool Profile::pricesEvents() const {
  return std::any_of(costs.begin(), costs.end(),
                     [](const Cost &cost) { return cost.picojoules || cost.nanoseconds || cost.milliwatts; });
}

static std::string operationList() { return valueNames(*proto::Operation_descriptor()); }
static std::string eventList() { return valueNames(*proto::Event_descriptor()); }

/// Evidence and source of an entry, with a figure and only with one. `figures`
/// says what figures the entry could have.
static Status checkEvidence(const std::string &where, const char *figures, bool hasFigure, int evidence,
                            const std::string &source) {
  const bool known = !valueKey(*proto::Evidence_descriptor(), evidence).empty() && evidence != 0;
  if (!hasFigure) {
    if (evidence != 0 || !source.empty())
      return makeError(where, ": evidence or source without ", figures, ": required a figure, or neither");
    return {};
  }
  if (!known || source.empty())
    return makeError(where, ": required evidence (", valueNames(*proto::Evidence_descriptor()), ") and source with ",
                     figures, ", found ",
                     known      ? "no source"
                     : evidence ? "another"
                                : "no evidence");
  return {};
}

static Status checkFigure(const std::string &where, const char *field, double value) {
  if (!std::isfinite(value) || value < 0)
    return makeError(where, ": ", field, ": required a finite number of 0 or more, found ", value);
  return {};
}

static Status readPrice(const std::string &where, const proto::Price &price, Profile &profile,
                        std::array<bool, kOperations> &seen) {
  std::string key = valueKey(*proto::Operation_descriptor(), price.operation());
  if (price.operation() == proto::OPERATION_UNSPECIFIED || key.empty())
    return makeError(where, ": price: required an operation (", operationList(), "), found ",
                     key.empty() ? std::to_string(price.operation()) : "none");
  const std::string name = where + ": price of " + proto::Operation_Name(price.operation());
  const size_t index = price.operation() - 1;
  if (seen[index])
    return makeError(name, ": is there twice");
  seen[index] = true;
  if (price.has_picojoules())
    if (Status status = checkFigure(name, "picojoules", price.picojoules()); !status)
      return status;
  if (Status status = checkEvidence(name, "picojoules", price.has_picojoules(), price.evidence(), price.source());
      !status)
    return status;
  if (price.has_picojoules())
    profile.prices[index] =
        Price{price.picojoules(), valueKey(*proto::Evidence_descriptor(), price.evidence()), price.source()};
  return {};
}

/// One figure of a cost: what the entry says of `field`.
static Status readFigure(const std::string &name, const char *field, const proto::Cost &cost, double low, double high,
                         std::optional<Figure> &figure) {
  if (figure)
    return makeError(name, ": ", field, ": is there twice");
  for (double value : {low, high})
    if (Status status = checkFigure(name, field, value); !status)
      return status;
  if (high < low)
    return makeError(name, ": ", field, "_high: required ", low, " or more, as ", field, " is, found ", high);
  figure = Figure{low, high, valueKey(*proto::Evidence_descriptor(), cost.evidence()), cost.source()};
  return {};
}

static Status readCost(const std::string &where, const proto::Cost &cost, Profile &profile) {
  std::string key = valueKey(*proto::Event_descriptor(), cost.event());
  if (cost.event() == proto::EVENT_UNSPECIFIED || key.empty())
    return makeError(where, ": cost: required an event (", eventList(), "), found ",
                     key.empty() ? std::to_string(cost.event()) : "none");
  const std::string name = where + ": cost of " + proto::Event_Name(cost.event());
  const bool powered = cost.event() == proto::CHIP_POWERED;
  if (powered ? cost.has_picojoules() || cost.has_nanoseconds() || cost.has_nanoseconds_high() : cost.has_milliwatts())
    return makeError(name, powered ? ": required milliwatts alone, found another figure"
                                   : ": milliwatts: only CHIP_POWERED has a power; required picojoules or nanoseconds");
  if (cost.has_nanoseconds_high() && !cost.has_nanoseconds())
    return makeError(name, ": nanoseconds_high: required nanoseconds beside it, found none");
  if (Status status = checkEvidence(name, "picojoules, nanoseconds or milliwatts",
                                    cost.has_picojoules() || cost.has_nanoseconds() || cost.has_milliwatts(),
                                    cost.evidence(), cost.source());
      !status)
    return status;
  Cost &result = profile.costs[cost.event() - 1];
  Status status;
  if (cost.has_picojoules())
    status = readFigure(name, "picojoules", cost, cost.picojoules(), cost.picojoules(), result.picojoules);
  if (status && cost.has_nanoseconds())
    status = readFigure(name, "nanoseconds", cost, cost.nanoseconds(),
                        cost.has_nanoseconds_high() ? cost.nanoseconds_high() : cost.nanoseconds(), result.nanoseconds);
  if (status && cost.has_milliwatts())
    status = readFigure(name, "milliwatts", cost, cost.milliwatts(), cost.milliwatts(), result.milliwatts);
  return status;
}

static Result<Profile> parse(const NamedText &text) {
  proto::Profile message;
  if (Status status =
          parseText(text, message, "a cost profile with prices of " + operationList() + ", or costs of " + eventList());
      !status)
    return status.error();
  Profile profile;
  profile.name = message.name();
  profile.description = message.description();
  if (!isWord(profile.name))
    return makeError(text.where, ": name: required a word of letters, digits, '-' and '_', found '",
                     printable(profile.name), "'");
  std::array<bool, kOperations> seen{};
  for (const proto::Price &price : message.price())
    if (Status status = readPrice(text.where, price, profile, seen); !status)
      return status.error();
  for (const proto::Cost &cost : message.cost())
    if (Status status = readCost(text.where, cost, profile); !status)
      return status.error();
  if (!profile.pricesOperations() && !profile.pricesEvents())
    return makeError(text.where, ": required a price of at least one operation (", operationList(),
                     ") or a cost of at least one event (", eventList(), "), found none");
  return profile;
}

Result<Profile> energy::parseProfile(const std::string &where, const std::string &text) { return parse({where, text}); }

Result<Profile> energy::loadProfile(const std::string &nameOrFile) {
  Result<NamedText> text = findText(kShipped, nameOrFile, "--profile", "profile");
  return text ? parse(*text) : Result<Profile>(text.error());
}

std::vector<std::string> energy::profileNames() { return shippedNames(kShipped); }
