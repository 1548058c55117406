//===- PrintEstimate.cpp - An estimate as text and JSON -------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "stas/Energy/Estimate.h"
#include "stas/Support/Text.h"

#include <cmath>
#include <nlohmann/json.hpp>

using namespace stas;
using namespace stas::energy;
using Json = nlohmann::ordered_json;

namespace {

/// 12.50 as "12.5", 3.00 as "3".
std::string trimmed(std::string number) {
  if (number.find('.') == std::string::npos)
    return number;
  number.erase(number.find_last_not_of('0') + 1);
  return number.back() == '.' ? number.substr(0, number.size() - 1) : number;
}

/// A figure with so many digits after the point, or "low - high" of one that
/// is not known.
std::string text(Interval value, int digits, const char *unit = "") {
  if (value.low == value.high)
    return fixed(value.high, digits) + unit;
  return trimmed(fixed(value.low, digits)) + " - " + trimmed(fixed(value.high, digits)) + unit;
}

std::string count(Interval value) {
  auto number = [](double figure) { return humanCount(static_cast<uint64_t>(std::llround(figure))); };
  return value.low == value.high ? number(value.high) : number(value.low) + " - " + number(value.high);
}

std::string nanojoules(Interval picojoules) { return text(picojoules * 1e-3, 1); }
std::string share(Interval value) { return text(value * 100, 1, "%"); }

std::string inputText(const LayerEstimate &layer) { return layer.layer->isReal() ? "real" : text(layer.input, 4); }

/// What the SOPs of a layer are.
const char *unitOf(const LayerEstimate &layer, Convention convention) {
  if (layer.layer->kind == LayerKind::Coincidence)
    return "AND";
  const Charge &charge = layer.charge(convention);
  bool multiplies = charge.of(Operation::Mac).high > 0, adds = charge.of(Operation::Ac).high > 0;
  return multiplies && adds ? "MAC or AC" : multiplies ? "MAC" : "AC";
}

class TextPrinter {
public:
  TextPrinter(std::ostream &out, const Estimate &estimate) : out(out), estimate(estimate) {}
  void printHeader(const std::string &model, const std::string &ratesFile);
  void printLayers();
  void printOthers();
  void printNotes();

private:
  std::string priceText(Operation operation) const {
    const std::optional<Price> &price = estimate.profile->price(operation);
    return price ? fixed(price->picojoules, price->picojoules < 0.095 ? 3 : 1) + " pJ" : "no price";
  }
  std::ostream &out;
  const Estimate &estimate;
};

} // namespace

void TextPrinter::printHeader(const std::string &model, const std::string &ratesFile) {
  const Network &network = *estimate.network;
  Table table;
  table.row({"model", printable(model) + ": " + printable(network.source) + " (" + printable(network.family) +
                          ", T = " + std::to_string(network.timesteps) + ")"});
  table.row({"rates", estimate.isMeasured()
                          ? "measured on " + humanCount(estimate.images) + " images (" + printable(ratesFile) + ")" +
                                (estimate.ratesSource == network.source
                                     ? ""
                                     : ", of another model: " + printable(estimate.ratesSource))
                          : "not measured: bounds, from what inputs can be (stas run --rates measures them)"});
  table.row({"profile", estimate.profile->name + ": " + printable(estimate.profile->description)});
  table.print(out);
}

void TextPrinter::printLayers() {
  out << "\nan image, by layer\n";
  Table table({"layer", "input", "active", "dense MACs", "SOPs counted", "", "nJ", "SOPs strict", "", "nJ"});
  for (const LayerEstimate &layer : estimate.layers) {
    if (layer.layer->kind == LayerKind::Halting)
      continue;
    table.row({layer.layer->name, inputText(layer), share(layer.active), count(layer.denseMacs),
               count(layer.counted.sops), unitOf(layer, Convention::Counted), nanojoules(layer.counted.picojoules),
               count(layer.strict.sops), unitOf(layer, Convention::Strict), nanojoules(layer.strict.picojoules)});
  }
  Interval dense;
  for (const LayerEstimate &layer : estimate.layers)
    dense += layer.denseMacs;
  table.row({"total", "", "", count(dense), count(estimate.counted.sops), "", nanojoules(estimate.counted.picojoules),
             count(estimate.strict.sops), "", nanojoules(estimate.strict.picojoules)});
  table.print(out, 2);
}

void TextPrinter::printOthers() {
  out << "\noperations an image\n";
  Table table({"", "counted", "strict", "price", ""});
  for (size_t i = 0; i < kOperations; ++i) {
    auto operation = static_cast<Operation>(i);
    if (estimate.counted.of(operation).high == 0 && estimate.strict.of(operation).high == 0)
      continue;
    const std::optional<Price> &price = estimate.profile->price(operation);
    table.row({operationText(operation), count(estimate.counted.of(operation)), count(estimate.strict.of(operation)),
               priceText(operation), price ? price->evidence + ": " + printable(price->source, 160) : ""});
  }
  table.print(out, 2);
}

void TextPrinter::printNotes() {
  out << '\n';
  std::string missing;
  for (Operation operation : estimate.unpriced())
    missing += (missing.empty() ? "" : ", ") + std::string(operationText(operation));
  if (!missing.empty())
    out << "The energy is a lower bound: " << estimate.profile->name << " has no price for " << missing << ".\n";
  if (estimate.otherWay.high > 0)
    out << "Attention is charged as (q k^T) v; q (k^T v) would take " << count(estimate.otherWay)
        << " AND-accumulates.\n";
  if (estimate.isMeasured() && estimate.counted.sops.high > 0)
    out << "Taps on padding are charged, as papers do: " << share(estimate.padding * (1 / estimate.counted.sops.high))
        << " of the SOPs counted.\n";
  out << "Not counted: memory traffic, pooling, residual and token sums.\n";
}

void energy::printText(std::ostream &out, const Estimate &estimate, const std::string &model,
                       const std::string &ratesFile) {
  TextPrinter printer(out, estimate);
  printer.printHeader(model, ratesFile);
  printer.printLayers();
  printer.printOthers();
  printer.printNotes();
}

/// One number where it was measured, [low, high] where it was not.
static Json figure(Interval value, bool isMeasured) {
  return isMeasured ? Json(value.high) : Json({value.low, value.high});
}

static Json chargeJson(const Charge &charge, bool isMeasured) {
  Json json;
  for (size_t i = 0; i < kOperations; ++i)
    json[operationKey(static_cast<Operation>(i))] = figure(charge.operations[i], isMeasured);
  json["sops"] = figure(charge.sops, isMeasured);
  json["picojoules"] = figure(charge.picojoules, isMeasured);
  return json;
}

static Json layerJson(const LayerEstimate &estimate, bool isMeasured) {
  const Layer &layer = *estimate.layer;
  Json json;
  json["name"] = layer.name;
  json["kind"] = layer.kind == LayerKind::Weighted      ? "weighted"
                 : layer.kind == LayerKind::Coincidence ? "attention"
                                                        : "halting";
  json["timesteps"] = layer.timesteps;
  json["rows"] = layer.rows;
  json["active"] = figure(estimate.active, isMeasured);
  if (layer.kind != LayerKind::Halting) {
    json["input"] = layer.isReal() ? Json("real") : figure(estimate.input, isMeasured);
    json["dense_macs"] = figure(estimate.denseMacs, isMeasured);
  }
  json["counted"] = chargeJson(estimate.counted, isMeasured);
  json["strict"] = chargeJson(estimate.strict, isMeasured);
  if (layer.window && isMeasured)
    json["padding_sops"] = estimate.padding.high;
  if (layer.kind == LayerKind::Coincidence)
    json["and_accumulate_q_kv"] = figure(estimate.otherWay, isMeasured);
  return json;
}

void energy::printJson(std::ostream &out, const Estimate &estimate, const std::string &model,
                       const std::string &ratesFile) {
  const Network &network = *estimate.network;
  const Profile &profile = *estimate.profile;
  bool isMeasured = estimate.isMeasured();
  Json json;
  json["model"] = model;
  json["source"] = network.source;
  json["family"] = network.family;
  json["timesteps"] = network.timesteps;
  json["measured"] = isMeasured;
  if (isMeasured) {
    json["rates"] = ratesFile;
    json["rates_source"] = estimate.ratesSource;
    json["images"] = estimate.images;
  }
  json["profile"] = {{"name", profile.name}, {"description", profile.description}, {"prices", Json::object()}};
  for (size_t i = 0; i < kOperations; ++i)
    if (const auto &price = profile.prices[i])
      json["profile"]["prices"][operationKey(static_cast<Operation>(i))] = {
          {"picojoules", price->picojoules}, {"evidence", price->evidence}, {"source", price->source}};
  json["layers"] = Json::array();
  for (const LayerEstimate &layer : estimate.layers)
    json["layers"].push_back(layerJson(layer, isMeasured));
  json["total"] = {{"counted", chargeJson(estimate.counted, isMeasured)},
                   {"strict", chargeJson(estimate.strict, isMeasured)}};
  if (isMeasured)
    json["total"]["padding_sops"] = estimate.padding.high;
  json["unpriced"] = Json::array();
  for (Operation operation : estimate.unpriced())
    json["unpriced"].push_back(operationKey(operation));
  json["lower_bound"] = !estimate.unpriced().empty();
  out << json.dump(2, ' ', false, Json::error_handler_t::replace) << '\n';
}
