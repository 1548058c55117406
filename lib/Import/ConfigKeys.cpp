//===- ConfigKeys.cpp - The keys of a configuration -----------------------===//
//
// Part of stas, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ConfigKeys.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

#include <algorithm>
#include <cmath>

using namespace stas::import;
using llvm::StringRef;
namespace json = llvm::json;
using Type = ConfigKey::Type;

llvm::ArrayRef<ConfigKey> stas::import::configKeys() {
  constexpr double big = 1e6;
  static constexpr ConfigKey keys[] = {
      {"family", Type::Word, "spikformer or stas", 0, 0, true, "spikformer/stas"},
      {"timesteps", Type::Integer, "an integer from 1 to 255", 1, 255, true, ""},
      {"heads", Type::Integer, "an integer from 1 to 65536", 1, 65536, true, ""},
      {"image_size", Type::Integer, "an integer from 16 to 4096", 16, 4096, true, ""},
      {"in_channels", Type::Integer, "an integer from 1 to 65536", 1, 65536, true, ""},
      {"input", Type::Word, "image or frames", 0, 0, true, "image/frames"},
      {"mean", Type::Reals, "a list of numbers, one per channel", -big, big, true, ""},
      {"std", Type::Reals, "a list of positive numbers, one per channel", 0, big, false, ""},
      {"attention_scale", Type::Real, "a positive number up to 1e6", 0, big, false, ""},
      {"lif.tau", Type::Real, "a number from 1 to 1e6", 1, big, true, ""},
      {"lif.v_threshold", Type::Real, "a number from -1e6 to 1e6", -big, big, true, ""},
      {"lif.attn_v_threshold", Type::Real, "a number from -1e6 to 1e6", -big, big, true, ""},
      {"lif.v_reset", Type::Real, "a number from -1e6 to 1e6", -big, big, true, ""},
      {"lif.reset", Type::Word, "hard or soft", 0, 0, true, "hard/soft"},
      {"lif.decay_input", Type::Boolean, "true or false", 0, 0, true, ""},
      {"lif.compare", Type::Word, "ge or gt", 0, 0, true, "ge/gt"},
      {"isps.after", Type::Word, "stage0 or stem", 0, 0, true, "stage0/stem"},
      {"isps.reduce", Type::Word, "mean or sum", 0, 0, true, "mean/sum"},
      {"act.alpha", Type::Real, "a number from -1e6 to 1e6", -big, big, true, ""},
      {"act.beta", Type::Real, "a number from -1e6 to 1e6", -big, big, true, ""},
      {"act.eps", Type::Real, "a number between 0 and 1", 0, 0.999999, false, ""},
      {"act.order", Type::Word, "lexicographic, rectangular or timestep", 0, 0, true,
       "lexicographic/rectangular/timestep"},
      {"act.output", Type::Word, "weighted or rate", 0, 0, true, "weighted/rate"},
  };
  return keys;
}

const ConfigKey *stas::import::findConfigKey(StringRef name) {
  for (const ConfigKey &key : configKeys())
    if (key.name == name)
      return &key;
  return nullptr;
}

StringRef stas::import::nearestConfigKey(StringRef name) {
  StringRef best;
  unsigned bestDistance = 4;
  for (const ConfigKey &key : configKeys()) {
    // "alpha" is meant as "act.alpha".
    if (key.name.substr(key.name.find('.') + 1) == name)
      return key.name;
    unsigned distance = name.take_front(64).edit_distance(key.name);
    if (distance < bestDistance) {
      best = key.name;
      bestDistance = distance;
    }
  }
  return best;
}

static bool isSection(StringRef name) { return name == "lif" || name == "isps" || name == "act"; }

bool ConfigKey::accepts(const json::Value &value) const {
  auto inRange = [&](const json::Value &item) {
    std::optional<double> x = item.getAsNumber();
    return x && std::isfinite(*x) && (closed ? *x >= least : *x > least) && *x <= most;
  };
  switch (type) {
  case Type::Integer:
    return value.getAsInteger() && inRange(value);
  case Type::Real:
    return inRange(value);
  case Type::Boolean:
    return value.getAsBoolean().has_value();
  case Type::Reals: {
    const json::Array *list = value.getAsArray();
    return list && !list->empty() && llvm::all_of(*list, inRange);
  }
  case Type::Word: {
    std::optional<StringRef> word = value.getAsString();
    llvm::SmallVector<StringRef> all;
    words.split(all, '/');
    return word && llvm::is_contained(all, *word);
  }
  }
  return false;
}

std::string stas::import::describeJSON(const json::Value &value) {
  switch (value.kind()) {
  case json::Value::Null:
    return "null";
  case json::Value::Boolean:
    return *value.getAsBoolean() ? "true" : "false";
  case json::Value::Number:
    return "the number " + number(*value.getAsNumber());
  case json::Value::String:
    return "the string \"" + printable(*value.getAsString()) + "\"";
  case json::Value::Object:
    return "an object of " + std::to_string(value.getAsObject()->size()) + " entries";
  case json::Value::Array: {
    const json::Array &list = *value.getAsArray();
    std::string text = "the list [";
    for (size_t i = 0; i < std::min<size_t>(list.size(), 4); ++i) {
      text += i ? ", " : "";
      if (std::optional<double> item = list[i].getAsNumber())
        text += number(*item);
      else
        text += list[i].getAsArray() || list[i].getAsObject() ? "..." : describeJSON(list[i]);
    }
    return text + (list.size() > 4 ? ", ...]" : "]");
  }
  }
  return "";
}

//===----------------------------------------------------------------------===//
// Merging
//===----------------------------------------------------------------------===//

MergedConfig::MergedConfig(llvm::ArrayRef<ConfigSource> sources, Report &report) : report(report) {
  for (const ConfigSource &source : sources)
    addSource(source);
}

/// json::Object has no order of its own; problems are reported by name.
static std::vector<std::pair<StringRef, const json::Value *>> sorted(const json::Object &object) {
  std::vector<std::pair<StringRef, const json::Value *>> entries;
  for (const auto &[key, value] : object)
    entries.push_back({key, &value});
  llvm::sort(entries, llvm::less_first());
  return entries;
}

void MergedConfig::addSource(const ConfigSource &source) {
  for (auto [key, value] : sorted(source.values)) {
    if (!isSection(key)) {
      addValue(source, key, *value);
      continue;
    }
    if (value->kind() == json::Value::Null) {
      removed.try_emplace(key, &source);
      continue;
    }
    const json::Object *section = value->getAsObject();
    if (!section) {
      report.problem(source.name, "key " + key, "an object", describeJSON(*value), "write {\"" + key + "\": {...}}");
      continue;
    }
    if (!removed.contains(key))
      sections.try_emplace(key, &source);
    for (auto [inner, innerValue] : sorted(*section))
      addValue(source, (key + "." + inner).str(), *innerValue);
  }
}

void MergedConfig::addValue(const ConfigSource &source, StringRef key, const json::Value &value) {
  const ConfigKey *known = findConfigKey(key);
  if (!known) {
    StringRef nearest = nearestConfigKey(key);
    report.problem(source.name, "key " + printable(key), "a key that stas knows", "an unknown one",
                   nearest.empty() ? llvm::Twine("remove it") : "did you mean " + nearest + "?");
    return;
  }
  StringRef section = key.contains('.') ? key.split('.').first : StringRef();
  auto removedBefore = [&](StringRef name) {
    auto it = removed.find(name);
    return it != removed.end() && it->second != &source;
  };
  if (value.kind() == json::Value::Null) {
    removed.try_emplace(key, &source);
    return;
  }
  if (!known->accepts(value)) {
    report.problem(source.name, "key " + key, known->required, describeJSON(value), "change it");
    refusedKeys.insert(key);
    if (!section.empty())
      sections.try_emplace(section, &source);
    return;
  }
  if (removedBefore(key) || (!section.empty() && removedBefore(section)))
    return;
  if (!section.empty())
    sections.try_emplace(section, &source);
  values.try_emplace(key, Entry{&source, &value});
}

StringRef MergedConfig::sourceOf(StringRef key, StringRef fallback) const {
  auto it = values.find(key);
  return it == values.end() ? fallback : StringRef(it->second.source->name);
}

const json::Value *MergedConfig::find(StringRef key) const {
  auto it = values.find(key);
  return it == values.end() ? nullptr : it->second.value;
}

std::optional<int64_t> MergedConfig::integer(StringRef key) const {
  const json::Value *value = find(key);
  return value ? value->getAsInteger() : std::nullopt;
}

std::optional<double> MergedConfig::real(StringRef key) const {
  const json::Value *value = find(key);
  return value ? value->getAsNumber() : std::nullopt;
}

std::optional<llvm::SmallVector<double, 4>> MergedConfig::reals(StringRef key) const {
  const json::Value *value = find(key);
  if (!value)
    return std::nullopt;
  llvm::SmallVector<double, 4> result;
  for (const json::Value &item : *value->getAsArray())
    result.push_back(item.getAsNumber().value_or(0.0)); // checked to be numbers when they were read
  return result;
}

std::optional<bool> MergedConfig::boolean(StringRef key) const {
  const json::Value *value = find(key);
  return value ? value->getAsBoolean() : std::nullopt;
}

std::optional<StringRef> MergedConfig::word(StringRef key) const {
  const json::Value *value = find(key);
  return value ? value->getAsString() : std::nullopt;
}
