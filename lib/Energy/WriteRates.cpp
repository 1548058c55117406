//===- WriteRates.cpp - Measured rates as JSON ----------------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "RatesFormat.h"
#include "stas/Energy/Rates.h"

#include <nlohmann/json.hpp>
#include <numeric>

using namespace stas;
using namespace stas::energy;
using Json = nlohmann::ordered_json;

LayerRates energy::emptyRates(const Layer &layer) {
  LayerRates rates;
  if (layer.kind == LayerKind::Weighted)
    rates.inputs.resize(layer.timesteps);
  else if (layer.kind == LayerKind::Coincidence)
    rates.coincidences.resize(layer.timesteps);
  else
    rates.active.resize(layer.timesteps);
  return rates;
}

template <typename Counts, size_t size>
static void addTo(std::vector<Counts> &to, const std::vector<Counts> &from, const Column<Counts> (&columns)[size]) {
  for (size_t t = 0; t < to.size(); ++t)
    for (const Column<Counts> &column : columns)
      to[t].*column.field += from[t].*column.field;
}

LayerRates &LayerRates::operator+=(const LayerRates &other) {
  addTo(inputs, other.inputs, kInputColumns);
  addTo(coincidences, other.coincidences, kCoincidenceColumns);
  for (size_t t = 0; t < active.size(); ++t)
    active[t] += other.active[t];
  return *this;
}

double energy::meanInput(const Layer &layer, const LayerRates &rates) {
  double sum = 0, values = 0;
  for (const InputCounts &step : rates.inputs) {
    sum += step.sum;
    values += static_cast<double>(step.rows) / layer.rows * layer.inputValues();
  }
  return values > 0 ? sum / values : 0;
}

/// Arrays over timesteps, one a key.
template <typename Counts, size_t size>
static void addColumns(Json &json, const std::vector<Counts> &steps, const Column<Counts> (&columns)[size]) {
  for (const Column<Counts> &column : columns) {
    Json &values = json[column.key] = Json::array();
    for (const Counts &step : steps)
      values.push_back(step.*column.field);
  }
}

static Json neuronJson(const NeuronRates &neuron, uint64_t images) {
  uint64_t spikes = std::accumulate(neuron.spikes.begin(), neuron.spikes.end(), uint64_t(0));
  uint64_t steps = std::accumulate(neuron.stepsRun.begin(), neuron.stepsRun.end(), uint64_t(0));
  double places = static_cast<double>(neuron.neurons) * neuron.spikes.size() * images;
  return {{"rate", places > 0 ? spikes / places : 0}, {"spikes", spikes},   {"neurons", neuron.neurons},
          {"timesteps", neuron.spikes.size()},        {"steps_run", steps}, {"spikes_per_timestep", neuron.spikes},
          {"steps_run_per_timestep", neuron.stepsRun}};
}

std::string energy::toJson(const Network &network, const Rates &rates) {
  Json json;
  json["format"] = kRatesFormat;
  json["version"] = kRatesVersion;
  json["source"] = network.source;
  json["family"] = network.family;
  json["images"] = rates.images;
  json["timesteps"] = network.timesteps;
  for (const char *key : {"layers", "inputs", "attention", "halting"})
    json[key] = Json::object();
  for (const NeuronRates &neuron : rates.neurons)
    json["layers"][neuron.name] = neuronJson(neuron, rates.images);
  for (size_t i = 0; i < network.layers.size(); ++i) {
    const Layer &layer = network.layers[i];
    const LayerRates &counts = rates.layers[i];
    if (layer.kind == LayerKind::Coincidence) {
      addColumns(json["attention"][layer.name], counts.coincidences, kCoincidenceColumns);
    } else if (layer.kind == LayerKind::Halting) {
      json["halting"][layer.name] = {{"rows", counts.active}};
    } else if (layer.isReal()) {
      addColumns(json["inputs"][layer.name], counts.inputs, kRealColumns);
    } else {
      json["inputs"][layer.name]["mean"] = meanInput(layer, counts);
      addColumns(json["inputs"][layer.name], counts.inputs, kInputColumns);
    }
  }
  for (const PopulationCounts &of : rates.populations)
    json["chip"]["populations"].push_back(
        {{"name", of.name}, {"spikes", of.spikes}, {"active", of.active}, {"idle", of.idle}});
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}
