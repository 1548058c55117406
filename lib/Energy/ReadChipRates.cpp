//===- ReadChipRates.cpp - Rates of a chip's populations, measured --------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "stas/Energy/ChipEstimate.h"
#include "stas/Support/JsonFile.h"
#include "stas/Support/Text.h"

using namespace stas;
using namespace stas::energy;

namespace {

/// Exact in a double.
constexpr uint64_t kMaxCount = uint64_t(1) << 53;

class Reader {
public:
  Reader(const std::string &path, const Json &json, const coremap::CoreMap &map) : path(path), json(json), map(map) {}
  Result<ChipRates> read();

private:
  Status readCount(const Json &from, const std::string &where, const char *key, double most, uint64_t &to) const;
  Status readPopulation(int index, const Json &from);

  const std::string &path;
  const Json &json;
  const coremap::CoreMap &map;
  uint64_t images = 0;
  std::vector<PopulationCounts> counts;
};

} // namespace

Status Reader::readCount(const Json &from, const std::string &where, const char *key, double most, uint64_t &to) const {
  auto found = from.find(key);
  if (found == from.end() || !found->is_number_unsigned() || static_cast<double>(found->get<uint64_t>()) > most)
    return makeError(path, ": ", printable(where), key, ": required a whole number up to ", fixed(most, 0), ", found ",
                     found == from.end() ? "none" : jsonText(*found));
  to = found->get<uint64_t>();
  return {};
}

Status Reader::readPopulation(int index, const Json &from) {
  const coremap::Population &of = map.populations(index);
  std::string where = "chip.populations[" + std::to_string(index) + "].";
  Json name = of.name();
  auto found = from.find("name");
  if (found == from.end() || jsonText(*found) != jsonText(name))
    return makeError(path, ": ", where, "name: required ", jsonText(name), ", a population of the artifact, found ",
                     found == from.end() ? "none" : jsonText(*found), "; is it a run of another artifact?");
  double runs = static_cast<double>(coremap::neuronsOf(of)) * of.runs() * static_cast<double>(images);
  PopulationCounts &to = counts.emplace_back(PopulationCounts{of.name()});
  for (auto [key, count] :
       {std::pair<const char *, uint64_t *>("spikes", &to.spikes), {"active", &to.active}, {"idle", &to.idle}})
    if (Status status = readCount(from, where, key, runs, *count); !status)
      return status;
  return {};
}

Result<ChipRates> Reader::read() {
  auto chip = json.is_object() ? json.find("chip") : json.end();
  if (chip == json.end() || !chip->is_object() || !chip->contains("populations") || !(*chip)["populations"].is_array())
    return makeError(path,
                     ": required what stas run --rates writes, or --stats --json prints, of an artifact for a chip, "
                     "found no counts of its populations (chip.populations)");
  if (Status status = readCount(json, "", "images", kMaxCount, images); !status)
    return status.error();
  if (images == 0)
    return makeError(path, ": images: required at least one, found none");
  const Json &populations = (*chip)["populations"];
  if (populations.size() != static_cast<size_t>(map.populations_size()))
    return makeError(path, ": chip.populations: required the ", map.populations_size(), " of the artifact, found ",
                     populations.size());
  for (int i = 0; i < map.populations_size(); ++i)
    if (Status status = readPopulation(i, populations[i]); !status)
      return status.error();
  return ratesOf(map, images, counts);
}

Result<ChipRates> energy::readChipRates(const std::string &path, const coremap::CoreMap &map) {
  Result<Json> json = readJson(path);
  if (!json)
    return json.error();
  return Reader(path, *json, map).read();
}
