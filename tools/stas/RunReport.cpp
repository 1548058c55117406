//===- RunReport.cpp - What a run has shown -------------------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "RunReport.h"
#include "stas/Support/Text.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

using namespace stas;

double RunReport::imagesPerSecond() const { return seconds > 0 ? images / seconds : 0; }

double RunReport::meanBlocks() const {
  double sum = 0;
  for (size_t step = 0; step < haltingHistogram.size(); ++step)
    sum += static_cast<double>(step) * haltingHistogram[step];
  return sum / tokens();
}

double RunReport::meanTimesteps() const {
  double sum = 0;
  for (size_t step = 0; step < haltingHistogram.size(); ++step) {
    size_t timesteps = (step + info->blocks - 1) / info->blocks; // begun ones count
    sum += static_cast<double>(timesteps) * haltingHistogram[step];
  }
  return sum / tokens();
}

static std::string percent(int64_t part, int64_t whole) {
  return fixed(whole ? 100.0 * part / whole : 0, 2) + "% (" + humanCount(part) + " of " + humanCount(whole) + ")";
}

static void printHistogram(std::ostream &out, const RunReport &report) {
  int64_t steps = report.haltingHistogram.size() - 1;
  // One line a block, or a timestep where that would not fit a screen.
  constexpr int64_t kMaxLines = 24;
  int64_t width = steps > kMaxLines ? report.info->blocks : 1;
  std::vector<int64_t> counts;
  for (int64_t first = 1; first <= steps; first += width) {
    int64_t count = 0;
    for (int64_t step = first; step < std::min(steps + 1, first + width); ++step)
      count += report.haltingHistogram[step];
    counts.push_back(count);
  }
  int64_t largest = std::max<int64_t>(1, *std::max_element(counts.begin(), counts.end()));
  out << "\nblocks that a token lived\n";
  Table table;
  for (size_t i = 0; i < counts.size(); ++i) {
    int64_t first = 1 + i * width, last = std::min(steps, first + width - 1);
    table.row({std::to_string(first) + (width > 1 ? "-" + std::to_string(last) : ""),
               fixed(100.0 * counts[i] / report.tokens(), 1) + "%", bar(static_cast<double>(counts[i]) / largest, 40)});
  }
  table.print(out, 2);
}

std::vector<LaunchTime> stas::byLayer(const std::vector<LaunchTime> &times) {
  std::vector<LaunchTime> result;
  std::map<std::string, size_t> places;
  for (const LaunchTime &time : times) {
    auto [place, isNew] = places.emplace(time.layer, result.size());
    if (isNew)
      result.push_back({time.layer, "", 0, {}});
    LaunchTime &sum = result[place->second];
    if (sum.kernel.empty())
      sum.kernel = time.kernel;
    sum.seconds += time.seconds;
    sum.timesteps.resize(std::max(sum.timesteps.size(), time.timesteps.size()));
    for (size_t t = 0; t < time.timesteps.size(); ++t)
      sum.timesteps[t] += time.timesteps[t];
  }
  return result;
}

void RunReport::printText(std::ostream &out) const {
  Table table;
  table.row({"model", info->source + " (" + info->family + ", " + info->precision + ", " + info->target + " " +
                          info->cpu + ")"});
  if (!info->device.empty())
    table.row({"GPU", printable(info->device)});
  table.row({"images", humanCount(images)});
  if (correct)
    table.row({"accuracy", percent(*correct, images)});
  if (agreeing) {
    table.row({"same class as reference", percent(*agreeing, images)});
    char text[32];
    std::snprintf(text, sizeof(text), "%.3g", largestDifference);
    table.row({"largest difference of logits", text});
  }
  table.row({"speed", fixed(imagesPerSecond(), 1) + " images/s (" + std::to_string(threads) + " threads, batch " +
                          std::to_string(batch) + (observed ? ", observed" : "") + ")"});
  if (!haltingHistogram.empty()) {
    table.row({"blocks a token lived", fixed(meanBlocks(), 2) + " of " + std::to_string(haltingHistogram.size() - 1)});
    if (info->lexicographic)
      table.row({"timesteps a token lived", fixed(meanTimesteps(), 2) + " of " + std::to_string(info->timesteps)});
  }
  if (sameHalting)
    table.row({"same halting step as reference", percent(*sameHalting, tokens())});
  table.print(out);

  if (!predictions.empty()) {
    out << '\n';
    Table list({"image", "class", "logit"});
    for (const Prediction &prediction : predictions)
      list.row({printable(prediction.image), std::to_string(prediction.predicted), fixed(prediction.logit, 4)});
    list.print(out, 2);
  }
  if (!haltingHistogram.empty())
    printHistogram(out, *this);
  if (!rates.empty()) {
    out << '\n';
    Table list({"layer", "firing rate", "neurons", "timesteps"});
    for (const LayerRate &rate : rates)
      list.row({rate.layer, fixed(100 * rate.rate, 2) + "%", humanCount(rate.neurons), std::to_string(rate.timesteps)});
    list.print(out, 2);
  }
  if (!times.empty()) {
    double total = 0;
    for (const LaunchTime &time : times)
      total += time.seconds;
    out << '\n';
    size_t steps = 0;
    for (const LaunchTime &time : times)
      steps = std::max(steps, time.timesteps.size());
    bool hasKernels = std::any_of(times.begin(), times.end(), [](const LaunchTime &t) { return !t.kernel.empty(); });
    std::vector<std::string> header{"layer", "ms an image", "share"};
    if (hasKernels)
      header.push_back("by");
    for (size_t t = 0; t < steps; ++t)
      header.push_back("t=" + std::to_string(t));
    Table list(header);
    for (const LaunchTime &time : byLayer(times)) {
      std::vector<std::string> row{time.layer, fixed(1e3 * time.seconds / images, 4),
                                   fixed(total > 0 ? 100 * time.seconds / total : 0, 1) + "%"};
      if (hasKernels)
        row.push_back(time.kernel);
      for (double seconds : time.timesteps)
        row.push_back(fixed(1e3 * seconds / images, 4));
      list.row(row);
    }
    list.print(out, 2);
  }
  if (chip)
    chip->printText(out);
}

void RunReport::printJson(std::ostream &out) const {
  nlohmann::ordered_json json;
  json["artifact"] = artifact;
  json["source"] = info->source;
  json["family"] = info->family;
  json["precision"] = info->precision;
  json["cpu"] = info->cpu;
  json["target"] = info->target;
  if (!info->device.empty())
    json["device"] = info->device;
  json["images"] = images;
  json["threads"] = threads;
  json["batch"] = batch;
  json["seconds"] = seconds;
  json["images_per_second"] = imagesPerSecond();
  json["observed"] = observed;
  if (correct) {
    json["correct"] = *correct;
    json["accuracy"] = static_cast<double>(*correct) / images;
    for (const ClassCount &count : classes)
      json["classes"].push_back({{"images", count.images}, {"correct", count.correct}});
  }
  if (agreeing) {
    json["agreeing"] = *agreeing;
    json["agreement"] = static_cast<double>(*agreeing) / images;
    json["largest_difference"] = largestDifference;
  }
  if (!haltingHistogram.empty()) {
    json["mean_blocks"] = meanBlocks();
    if (info->lexicographic)
      json["mean_timesteps"] = meanTimesteps();
    json["halting_histogram"] = std::vector<int64_t>(haltingHistogram.begin() + 1, haltingHistogram.end());
  }
  if (sameHalting)
    json["halting_agreement"] = static_cast<double>(*sameHalting) / tokens();
  for (const Prediction &prediction : predictions)
    json["predictions"].push_back(
        {{"image", prediction.image}, {"class", prediction.predicted}, {"logit", prediction.logit}});
  for (const LayerRate &rate : rates)
    json["layers"][rate.layer] = {
        {"rate", rate.rate}, {"spikes", rate.spikes}, {"neurons", rate.neurons}, {"timesteps", rate.timesteps}};
  for (const LaunchTime &time : byLayer(times)) {
    json["times"].push_back({{"layer", time.layer}, {"seconds_per_image", time.seconds / images}});
    if (!time.kernel.empty())
      json["times"].back()["kernel"] = time.kernel;
    for (double seconds : time.timesteps)
      json["times"].back()["seconds_per_timestep"].push_back(seconds / images);
  }
  if (chip)
    json["chip"] = chip->json();
  using Json = nlohmann::ordered_json;
  out << json.dump(2, ' ', false, Json::error_handler_t::replace) << '\n';
}
