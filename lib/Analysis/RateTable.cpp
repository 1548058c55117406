//===- RateTable.cpp - Measured firing rates ------------------------------===//
#include "MeasuredFile.h"
#include "stas/Analysis/FiringRates.h"

using namespace stas;

/// The sum of a list of counts, or nothing where it is no such list.
static std::optional<double> total(const Json &layer, const char *key) {
  auto counts = layer.find(key);
  if (counts == layer.end() || !counts->is_array())
    return std::nullopt;
  double sum = 0;
  for (const Json &count : *counts) {
    if (!count.is_number_unsigned())
      return std::nullopt;
    sum += count.get<double>();
  }
  return sum;
}

llvm::Expected<RateTable> RateTable::read(llvm::StringRef path) {
  if (path.empty())
    return RateTable();
  auto json = readMeasured(path, "layers", "stas run --rates");
  if (!json)
    return json.takeError();
  // What stas run --json --stats prints has none.
  const Json version = json->value("version", Json(1));
  if (version != 1)
    return failAt(path, "version: required 1, found " + jsonText(version) + "; measure anew with stas run --rates");
  RateTable table;
  for (const auto &[name, layer] : json->at("layers").items()) {
    if (!layer.is_object() || !layer.contains("rate"))
      continue; // a layer of which something else was measured
    const Json &rate = layer["rate"];
    if (!rate.is_number() || !(rate.get<double>() >= 0.0 && rate.get<double>() <= 1.0))
      return failAt(path, "layer " + printable(name) + ": required a rate from 0 to 1, found " + jsonText(rate));
    table.set(name, rate.get<double>());
  }
  const Json inputs = json->value("inputs", Json());
  if (!inputs.is_null() && !inputs.is_object())
    return failAt(path, "inputs: required an object of layers, found " + jsonText(inputs));
  for (const auto &[name, layer] : inputs.items()) {
    if (!layer.is_object() || !layer.contains("nonzero"))
      continue; // real inputs
    std::optional<double> rows = total(layer, "rows"), nonzero = total(layer, "nonzero");
    if (!rows || !nonzero || layer["rows"].size() != layer["nonzero"].size())
      return failAt(
          path, "inputs of layer " + printable(name) +
                    ": required rows and nonzero as lists of whole numbers from 0, a number for each timestep, found " +
                    printable(layer.dump(-1, ' ', false, Json::error_handler_t::replace)));
    if (*rows > 0)
      table.inputs[name] = *nonzero / *rows;
  }
  return table;
}

std::optional<double> RateTable::find(const Table &table, llvm::StringRef layer) {
  auto found = table.find(layer);
  if (found == table.end())
    return std::nullopt;
  return found->second;
}
