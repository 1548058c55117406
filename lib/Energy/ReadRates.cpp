//===- ReadRates.cpp - Rates from a file that may be hostile --------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "RatesFormat.h"
#include "stas/Energy/Rates.h"
#include "stas/Support/JsonFile.h"
#include "stas/Support/Text.h"

#include <algorithm>
#include <map>

using namespace stas;
using namespace stas::energy;

namespace {

/// Counts are added up in double, and stay exact below this.
constexpr uint64_t kMaxCount = uint64_t(1) << 53;
constexpr uint64_t kMaxImages = uint64_t(1) << 40;

/// a * b, or kMaxCount where that is more.
uint64_t atMost(uint64_t a, uint64_t b) {
  uint64_t product;
  return __builtin_mul_overflow(a, b, &product) ? kMaxCount : std::min(product, kMaxCount);
}

class Reader {
public:
  Reader(const std::string &path, const Json &root, const Network &network)
      : path(path), root(root), network(network) {}
  Result<Rates> read();

private:
  template <typename... Parts> Error error(const Parts &...parts) const { return makeError(path, ": ", parts...); }
  /// What to do where the file does not fit the model.
  std::string advice() const {
    return "; it was measured on '" + printable(rates.source) + "': measure this model, of '" +
           printable(network.source) + "', with stas run --rates";
  }
  Status readHeader();
  Status requireKnownLayers(const char *section, LayerKind kind);
  Status readLayer(const Layer &layer, LayerRates &rates);
  Result<uint64_t> number(const Json &object, const std::string &where, const char *key, uint64_t low, uint64_t high);
  template <typename Counts, size_t size>
  Status readColumns(const char *section, const Layer &layer, const Column<Counts> (&columns)[size],
                     std::vector<Counts> &steps);
  Status check(const Layer &layer, const InputCounts &counts, const std::string &where);
  Status check(const Layer &layer, const CoincidenceCounts &counts, const std::string &where);
  Status within(const std::string &where, const char *key, uint64_t value, uint64_t low, uint64_t high);

  const std::string &path;
  const Json &root;
  const Network &network;
  Rates rates;
};

const char *sectionOf(LayerKind kind) {
  return kind == LayerKind::Weighted ? "inputs" : kind == LayerKind::Coincidence ? "attention" : "halting";
}

} // namespace

Status Reader::within(const std::string &where, const char *key, uint64_t value, uint64_t low, uint64_t high) {
  if (value >= low && value <= high)
    return {};
  return error(where, ".", key, ": required ", low, " to ", high, ", found ", value, advice());
}

Result<uint64_t> Reader::number(const Json &object, const std::string &where, const char *key, uint64_t low,
                                uint64_t high) {
  auto found = object.find(key);
  std::string name = where.empty() ? key : where + "." + key;
  if (found == object.end())
    return error(name, ": required a number, found none", advice());
  if (!found->is_number_unsigned() || *found < low || *found > high)
    return error(name, ": required a whole number from ", low, " to ", high, ", found ", jsonText(*found));
  return found->get<uint64_t>();
}

Status Reader::readHeader() {
  if (!root.is_object() || root.value("format", Json()) != kRatesFormat)
    return error("required the rates that stas run --rates writes (\"format\": \"", kRatesFormat,
                 "\"), found another file");
  auto source = root.find("source");
  if (source == root.end() || !source->is_string())
    return error("source: required the name of the model that was measured, found ",
                 source == root.end() ? "none" : jsonText(*source));
  rates.source = source->get<std::string>();
  Result<uint64_t> version = number(root, "", "version", 1, kRatesVersion);
  if (!version)
    return version.error();
  Result<uint64_t> images = number(root, "", "images", 1, kMaxImages);
  if (!images)
    return images.error();
  rates.images = *images;
  return {};
}

Status Reader::requireKnownLayers(const char *section, LayerKind kind) {
  auto object = root.find(section);
  if (object == root.end() || !object->is_object())
    return error(section, ": required an object of layers, found ", object == root.end() ? "none" : jsonText(*object),
                 advice());
  for (const auto &item : object->items()) {
    auto isNamed = [&](const Layer &layer) { return layer.kind == kind && layer.name == item.key(); };
    if (std::none_of(network.layers.begin(), network.layers.end(), isNamed))
      return error(section, ": the model has no layer '", printable(item.key()), "'", advice());
  }
  return {};
}

template <typename Counts, size_t size>
Status Reader::readColumns(const char *section, const Layer &layer, const Column<Counts> (&columns)[size],
                           std::vector<Counts> &steps) {
  const Json &layers = root[section];
  auto found = layers.find(layer.name);
  std::string where = std::string(section) + "." + layer.name;
  if (found == layers.end() || !found->is_object())
    return error(where, ": required the counts of this layer, found ",
                 found == layers.end() ? "none" : jsonText(*found), advice());
  for (const auto &item : found->items()) {
    auto isNamed = [&](const Column<Counts> &column) { return item.key() == column.key; };
    // The mean is for people: it follows from the counts.
    if (item.key() != "mean" && std::none_of(std::begin(columns), std::end(columns), isNamed))
      return error(where, ": key '", printable(item.key()), "' is unknown");
  }
  steps.resize(layer.timesteps);
  for (const Column<Counts> &column : columns) {
    auto values = found->find(column.key);
    std::string name = where + "." + column.key;
    if (values == found->end() || !values->is_array() || values->size() != steps.size())
      return error(name, ": required a list of ", steps.size(), " counts, one a timestep, found ",
                   values == found->end() ? "none" : jsonText(*values), advice());
    for (size_t t = 0; t < steps.size(); ++t) {
      const Json &value = (*values)[t];
      if (!value.is_number_unsigned() || value > kMaxCount)
        return error(name, "[", t, "]: required a whole number from 0 to ", kMaxCount, ", found ", jsonText(value));
      steps[t].*column.field = value.get<uint64_t>();
    }
  }
  for (size_t t = 0; t < steps.size(); ++t)
    if (Status status = check(layer, steps[t], where + " at timestep " + std::to_string(t)); !status)
      return status;
  return {};
}

Status Reader::check(const Layer &layer, const InputCounts &counts, const std::string &where) {
  if (Status status = within(where, "rows", counts.rows, 0, atMost(rates.images, layer.rows)); !status)
    return status;
  if (layer.isReal())
    return {};
  uint64_t values =
      layer.window ? atMost(counts.rows / layer.rows, layer.inputValues()) : atMost(counts.rows, layer.fanIn);
  uint64_t reach = layer.window ? layer.window->kernel[0] * layer.window->kernel[1] : 1;
  bool isSpikes = layer.parts == 1 && layer.max == 1;
  const std::tuple<const char *, uint64_t, uint64_t, uint64_t> ranges[] = {
      {"nonzero", counts.nonzero, 0, values},
      {"graded", counts.graded, 0, isSpikes ? 0 : counts.nonzero},
      {"sum", counts.sum, counts.nonzero, atMost(counts.nonzero, layer.max)},
      {"taps", counts.taps, layer.window ? 0 : counts.sum, atMost(counts.sum, reach)}};
  for (auto [key, value, low, high] : ranges)
    if (Status status = within(where, key, value, low, high); !status)
      return status;
  return {};
}

Status Reader::check(const Layer &layer, const CoincidenceCounts &counts, const std::string &where) {
  uint64_t spikes = atMost(counts.rows, layer.channels), tokens = layer.rows, width = layer.channels / layer.heads;
  const std::tuple<const char *, uint64_t, uint64_t> limits[] = {
      {"rows", counts.rows, atMost(rates.images, layer.rows)},
      {"queries", counts.queries, spikes},
      {"keys", counts.keys, spikes},
      {"values", counts.values, spikes},
      {"query_key", counts.queryKey, atMost(std::min(counts.queries, counts.keys), tokens)},
      {"score_value", counts.scoreValue, atMost(counts.values, tokens)},
      {"key_value", counts.keyValue, atMost(std::min(counts.keys, counts.values), width)},
      {"query_table", counts.queryTable, atMost(counts.queries, width)}};
  for (auto [key, value, high] : limits)
    if (Status status = within(where, key, value, 0, high); !status)
      return status;
  return {};
}

Status Reader::readLayer(const Layer &layer, LayerRates &counts) {
  const char *section = sectionOf(layer.kind);
  if (layer.kind == LayerKind::Coincidence)
    return readColumns(section, layer, kCoincidenceColumns, counts.coincidences);
  if (layer.kind == LayerKind::Weighted && !layer.isReal())
    return readColumns(section, layer, kInputColumns, counts.inputs);
  // Of real inputs, and of halting, the rows that ran are all there is to know.
  std::vector<InputCounts> rows;
  Status status = readColumns(section, layer, kRealColumns, rows);
  if (layer.kind == LayerKind::Weighted)
    counts.inputs = std::move(rows);
  else
    for (const InputCounts &step : rows)
      counts.active.push_back(step.rows);
  return status;
}

Result<Rates> Reader::read() {
  if (Status status = readHeader(); !status)
    return status.error();
  for (LayerKind kind : {LayerKind::Weighted, LayerKind::Coincidence, LayerKind::Halting})
    if (Status status = requireKnownLayers(sectionOf(kind), kind); !status)
      return status.error();
  for (const Layer &layer : network.layers) {
    rates.layers.emplace_back();
    if (Status status = readLayer(layer, rates.layers.back()); !status)
      return status.error();
  }
  return std::move(rates);
}

Result<Rates> energy::readRates(const std::string &path, const Network &network) {
  Result<Json> json = readJson(path);
  if (!json)
    return json.error();
  return Reader(path, *json, network).read();
}
