//===- ReadRun.cpp - Reads what stas run printed --------------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "stas/Report/Report.h"
#include "stas/Support/JsonFile.h"
#include "stas/Support/Text.h"

#include <algorithm>

using namespace stas;
using namespace stas::report;

namespace {

/// Above any count of images, tokens or spikes, and exact in a double.
constexpr uint64_t kMaxCount = uint64_t(1) << 53;
/// A text as JSON has it: bytes that are no UTF-8 are replaced.
std::string inJson(const Json &value) { return value.dump(-1, ' ', false, Json::error_handler_t::replace); }

/// Layers of neurons, in the order of the plan.
void findSpikes(const google::protobuf::RepeatedPtrField<artifact::Step> &steps, std::vector<std::string> &layers) {
  for (const artifact::Step &step : steps) {
    if (step.has_time_loop())
      findSpikes(step.time_loop().body(), layers);
    if (step.has_launch() && step.launch().has_spikes())
      layers.push_back(step.launch().spikes().layer());
  }
}

/// The same of a chip: the host's, then the core map's.
void findSpikes(const coremap::CoreMap &map, std::vector<std::string> &layers) {
  for (const coremap::Encode &encode : map.encodes())
    layers.push_back(encode.layer());
  for (const coremap::Population &of : map.populations())
    if (of.layout() != coremap::LAYOUT_NONE)
      layers.push_back(of.layer());
}

bool halts(const coremap::CoreMap &map) {
  return std::any_of(map.populations().begin(), map.populations().end(),
                     [](const coremap::Population &of) { return of.has_halting(); });
}

class Reader {
public:
  Reader(const std::string &path, const Json &json, const artifact::Manifest &manifest, const coremap::CoreMap *map)
      : path(path), json(json), manifest(manifest), map(map) {}
  Result<Run> read();

private:
  template <typename... Parts> Error error(const std::string &key, const Parts &...parts) const {
    return makeError(path, ": ", printable(key), ": ", parts...);
  }
  Status readHeader();
  Status readAccuracy();
  Status readClasses();
  Status readHalting();
  Status readRates();
  Status readRate(const std::string &name, const Json &layers);
  Status readCount(const Json &parent, const std::string &prefix, const char *key, uint64_t least, uint64_t most,
                   uint64_t &to) const;
  Status readText(const char *key, const std::string &required) const;

  const std::string &path;
  const Json &json;
  const artifact::Manifest &manifest;
  const coremap::CoreMap *map;
  Run run;
};

} // namespace

Status Reader::readCount(const Json &parent, const std::string &prefix, const char *key, uint64_t least, uint64_t most,
                         uint64_t &to) const {
  auto found = parent.find(key);
  if (found == parent.end())
    return error(prefix + key, "required a whole number, found none");
  if (!found->is_number_unsigned() || found->get<uint64_t>() < least || found->get<uint64_t>() > most)
    return error(prefix + key, "required a whole number from ", least, " to ", most, ", found ", jsonText(*found));
  to = found->get<uint64_t>();
  return {};
}

Status Reader::readText(const char *key, const std::string &required) const {
  auto found = json.find(key);
  if (found == json.end() || inJson(*found) != inJson(required))
    return error(key, "required ", printable(required), ", which the artifact is of, found ",
                 found == json.end() ? "none" : jsonText(*found), "; is it a run of another artifact?");
  return {};
}

Status Reader::readHeader() {
  if (!json.is_object())
    return makeError(path, ": required what stas run --json prints, found ", jsonText(json));
  if (Status status = readCount(json, "", "images", 1, kMaxCount, run.count); !status)
    return status;
  const std::pair<const char *, const std::string &> texts[] = {
      {"source", manifest.source()}, {"family", manifest.family()}, {"precision", manifest.precision()}};
  for (const auto &[key, required] : texts)
    if (Status status = readText(key, required); !status)
      return status;
  return {};
}

Status Reader::readAccuracy() {
  if (!json.contains("correct"))
    return {};
  uint64_t correct = 0;
  if (Status status = readCount(json, "", "correct", 0, run.count, correct); !status)
    return status;
  run.correct = correct;
  return json.contains("classes") ? readClasses() : Status();
}

Status Reader::readClasses() {
  const Json &classes = json["classes"];
  if (!classes.is_array() || classes.size() != manifest.classes())
    return error("classes", "required a list of ", manifest.classes(), ", found ", jsonText(classes));
  uint64_t images = 0, correct = 0;
  for (size_t i = 0; i < classes.size(); ++i) {
    std::string prefix = "classes[" + std::to_string(i) + "].";
    ClassCount count;
    if (Status status = readCount(classes[i], prefix, "images", 0, run.count, count.images); !status)
      return status;
    if (Status status = readCount(classes[i], prefix, "correct", 0, count.images, count.correct); !status)
      return status;
    images += count.images;
    correct += count.correct;
    run.classes.push_back(count);
  }
  if (images != run.count || correct != *run.correct)
    return error("classes", "required ", run.count, " images, ", *run.correct, " of them correct, found ", images,
                 " and ", correct);
  return {};
}

Status Reader::readHalting() {
  auto found = json.find("halting_histogram");
  if (found == json.end())
    return {};
  bool isHalting = map ? halts(*map) : manifest.has_halting_buffer();
  uint64_t steps = isHalting ? uint64_t(manifest.timesteps()) * manifest.blocks() : 0;
  if (!found->is_array() || found->size() != steps)
    return error("halting_histogram", "required a list of ", steps, ", found ", jsonText(*found));
  uint64_t tokens = 0;
  run.tokensByStep.push_back(0);
  for (const Json &count : *found) {
    if (!count.is_number_unsigned() || count.get<uint64_t>() > kMaxCount)
      return error("halting_histogram", "required whole numbers, found ", jsonText(count));
    run.tokensByStep.push_back(count.get<uint64_t>());
    tokens += run.tokensByStep.back();
  }
  if (tokens != run.count * manifest.tokens())
    return error("halting_histogram", "required ", manifest.tokens(), " tokens of each image, found ", tokens, " of ",
                 run.count, " images");
  return {};
}

Status Reader::readRate(const std::string &name, const Json &layers) {
  auto found = layers.find(name);
  if (found == layers.end())
    return error("layers", "required ", printable(name), ", a layer of the artifact, found none");
  FiringRate rate;
  rate.layer = name;
  std::string prefix = "layers." + name + ".";
  if (Status status = readCount(*found, prefix, "neurons", 1, kMaxCount, rate.neurons); !status)
    return status;
  if (Status status = readCount(*found, prefix, "timesteps", 1, manifest.timesteps(), rate.timesteps); !status)
    return status;
  double places = static_cast<double>(rate.neurons) * rate.timesteps * run.count;
  uint64_t most = places < kMaxCount ? static_cast<uint64_t>(places) : kMaxCount;
  if (Status status = readCount(*found, prefix, "spikes", 0, most, rate.spikes); !status)
    return status;
  rate.rate = rate.spikes / places;
  run.rates.push_back(std::move(rate));
  return {};
}

Status Reader::readRates() {
  auto found = json.find("layers");
  if (found == json.end())
    return {};
  std::vector<std::string> layers;
  if (map)
    findSpikes(*map, layers);
  else
    findSpikes(manifest.steps(), layers);
  if (!found->is_object() || found->size() != layers.size())
    return error("layers", "required an object of the ", layers.size(), " layers of the artifact, found ",
                 found->is_object() ? std::to_string(found->size()) + " layers" : jsonText(*found));
  for (const std::string &layer : layers)
    if (Status status = readRate(layer, *found); !status)
      return status;
  return {};
}

Result<Run> Reader::read() {
  run.images = path.substr(path.rfind('/') + 1);
  for (auto step : {&Reader::readHeader, &Reader::readAccuracy, &Reader::readHalting, &Reader::readRates})
    if (Status status = (this->*step)(); !status)
      return status.error();
  return std::move(run);
}

Result<Run> report::readRun(const std::string &path, const artifact::Manifest &manifest, const coremap::CoreMap *map) {
  Result<Json> json = readJson(path);
  if (!json)
    return json.error();
  return Reader(path, *json, manifest, map).read();
}
