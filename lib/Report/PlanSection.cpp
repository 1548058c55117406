//===- PlanSection.cpp - What a plan does, launch by launch ---------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Figures.h"
#include "Sections.h"
#include "Tables.h"
#include "stas/Support/Text.h"

#include <algorithm>
#include <set>

using namespace stas;
using namespace stas::report;
using namespace stas::artifact;
using energy::LayerKind;

namespace {

using Steps = google::protobuf::RepeatedPtrField<Step>;

/// Bytes of constants that start at an offset: up to where the next ones do.
class WeightSizes {
public:
  explicit WeightSizes(const Content &content) {
    const Manifest &manifest = content.artifact.manifest();
    add(manifest.steps());
    for (const Variant &variant : manifest.variants())
      for (const LaunchCode &code : variant.launches())
        starts.insert(code.weights().begin(), code.weights().end());
    if (const SectionInfo *weights = content.artifact.find(kWeightsSection))
      starts.insert(weights->size);
  }
  uint64_t of(const Launch &launch) const {
    uint64_t bytes = 0;
    for (const Argument &argument : launch.args())
      if (argument.has_weights())
        if (auto next = starts.upper_bound(argument.weights()); next != starts.end())
          bytes += *next - argument.weights();
    return bytes;
  }

private:
  void add(const Steps &steps) {
    for (const Step &step : steps) {
      if (step.has_time_loop())
        add(step.time_loop().body());
      for (const Argument &argument : step.launch().args())
        if (argument.has_weights())
          starts.insert(argument.weights());
    }
  }
  std::set<uint64_t> starts;
};

/// Launches that run equally often.
struct Phase {
  std::string title, explanation;
  std::vector<const Step *> steps;
};

std::vector<Phase> phasesOf(const Manifest &manifest) {
  std::vector<Phase> phases;
  bool startsAnew = true;
  // A launch outside of a loop computes all the timesteps that its layer has.
  for (const Step &step : manifest.steps()) {
    if (step.has_time_loop()) {
      std::string count = plural(step.time_loop().timesteps(), "timestep");
      phases.push_back({"At each of up to " + count, "", {}});
      bool stops = false;
      for (const Step &inner : step.time_loop().body()) {
        phases.back().steps.push_back(&inner);
        stops |= inner.has_stop_when_idle();
      }
      phases.back().explanation = stops ? " The loop ends once every token has halted." : "";
      if (!stops)
        phases.back().title = "At each of " + count;
      startsAnew = true;
      continue;
    }
    if (startsAnew)
      phases.push_back({phases.empty() ? "Once an image" : "Once, at the end", "", {}});
    startsAnew = false;
    phases.back().steps.push_back(&step);
  }
  return phases;
}

std::string kindText(const energy::Layer &layer) {
  if (layer.kind == LayerKind::Halting)
    return "halting scores";
  if (layer.kind == LayerKind::Coincidence)
    return "attention, " + plural(layer.heads, "head");
  if (layer.window)
    return "convolution " + std::to_string(layer.window->kernel[0]) + " × " + std::to_string(layer.window->kernel[1]);
  return "linear";
}

std::string inputText(const energy::Layer &layer) {
  if (layer.kind == LayerKind::Halting)
    return "–";
  if (layer.isReal())
    return "real";
  std::string range = layer.max == 1 ? "spikes" : "0 … " + std::to_string(layer.max);
  return layer.parts > 1 ? range + ", in parts of 1/" + std::to_string(layer.parts) : range;
}

/// The launches of layers, in the order of Network::layers.
void findWork(const Steps &steps, std::vector<const Launch *> &launches) {
  for (const Step &step : steps) {
    if (step.has_time_loop())
      findWork(step.time_loop().body(), launches);
    if (step.has_launch() && step.launch().has_work())
      launches.push_back(&step.launch());
  }
}

std::string modules(const Phase &phase) {
  std::vector<std::string> names;
  for (const Step *step : phase.steps) {
    if (!step->has_launch() || !step->launch().has_work())
      continue;
    const std::string &layer = step->launch().work().layer();
    size_t dot = layer.find('.', layer.compare(0, 6, "block.") == 0 ? 6 : 0);
    std::string name = shown(layer.substr(0, dot));
    if (std::find(names.begin(), names.end(), name) == names.end())
      names.push_back(name);
  }
  constexpr size_t kMost = 16;
  std::string text;
  for (size_t i = 0; i < std::min(names.size(), kMost); ++i)
    text += (i ? " → " : "") + names[i];
  return names.size() > kMost ? text + " → …" : text;
}

void writePhases(Html &html, const std::vector<Phase> &phases) {
  auto list = html.open("ol", {{"class", "phases"}});
  for (const Phase &phase : phases) {
    auto item = html.open("li");
    html.leaf("h3", phase.title);
    if (std::string names = modules(phase); !names.empty())
      html.leaf("p", names, {{"class", "flow"}});
    uint64_t launches =
        std::count_if(phase.steps.begin(), phase.steps.end(), [](const Step *step) { return step->has_launch(); });
    html.leaf("p", humanCount(launches) + (launches == 1 ? " launch." : " launches.") + phase.explanation,
              {{"class", "note"}});
  }
}

Listing layerTable(const Content &content, const WeightSizes &sizes) {
  Listing listing{"Layers, in the order in which they run",
                  {{"Layer"},
                   {"What it is"},
                   {"Kernel"},
                   {"Timesteps", true},
                   {"Rows", true},
                   {"Inputs a row", true},
                   {"Outputs a row", true},
                   {"An input"},
                   {"Constants", true}}};
  std::vector<const Launch *> launches;
  findWork(content.artifact.manifest().steps(), launches);
  const std::vector<energy::Layer> &layers = content.estimate.network->layers;
  for (size_t i = 0; i < layers.size(); ++i) {
    const energy::Layer &layer = layers[i];
    uint64_t bytes = sizes.of(*launches[i]);
    listing.rows.push_back({shown(layer.name), kindText(layer),
                            content.artifact.manifest().kernels(launches[i]->kernel()), std::to_string(layer.timesteps),
                            humanCount(layer.rows), layer.fanIn > 0 ? humanCount(layer.fanIn) : "–",
                            humanCount(layer.channels), inputText(layer), bytes > 0 ? humanBytes(bytes) : "–"});
  }
  return listing;
}

std::string outputText(const Manifest &manifest, const Launch &launch) {
  if (launch.has_spikes()) {
    std::string text = "spikes";
    for (int i = 0; i < launch.spikes().dims_size(); ++i)
      text += (i ? " × " : " ") + std::to_string(launch.spikes().dims(i));
    return text;
  }
  // What a kernel writes is its last buffer.
  for (int i = launch.args_size() - 1; i >= 0; --i)
    if (launch.args(i).has_buffer()) {
      const Buffer &buffer = manifest.buffers(launch.args(i).buffer());
      return std::string(elementName(buffer.element())) + ", " + humanBytes(byteSize(buffer));
    }
  return "";
}

Listing launchTable(const Manifest &manifest, const std::vector<Phase> &phases, const WeightSizes &sizes) {
  Listing listing{
      "Launches of the plan",
      {{"Of"}, {"Phase", true}, {"Kernel"}, {"Work items", true}, {"Last buffer"}, {"Constants", true}, {"In runs"}}};
  for (size_t i = 0; i < phases.size(); ++i)
    for (const Step *step : phases[i].steps) {
      std::string number = std::to_string(i + 1);
      if (!step->has_launch()) {
        listing.rows.push_back({"stop when idle", number, "", "", "", "", ""});
        continue;
      }
      const Launch &launch = step->launch();
      uint64_t bytes = sizes.of(launch);
      listing.rows.push_back({shown(launch.layer()), number, manifest.kernels(launch.kernel()),
                              humanCount(launch.extent()), outputText(manifest, launch),
                              bytes > 0 ? humanBytes(bytes) : "–",
                              launch.when() == ALWAYS     ? "all"
                              : launch.when() == OBSERVED ? "that are observed"
                                                          : "that are not observed"});
    }
  return listing;
}

} // namespace

void report::writePlan(Html &html, const Content &content) {
  const Manifest &manifest = content.artifact.manifest();
  auto section = html.open("section", {{"id", "plan"}});
  html.leaf("h2", "What runs, and how often");
  html.leaf("p", "The compiler folded batch normalisation into the layers before it and joined each layer with the "
                 "neurons behind it. What does not change over time runs once; the rest runs at each timestep.");
  std::vector<Phase> phases = phasesOf(manifest);
  writePhases(html, phases);
  WeightSizes sizes(content);
  if (!content.estimate.network->layers.empty()) {
    Listing layers = layerTable(content, sizes);
    writeFoldedTable(html, plural(layers.rows.size(), "layer") + " with kernels and sizes", layers);
  }
  Listing launches = launchTable(manifest, phases, sizes);
  writeFoldedTable(html, "The whole plan: " + plural(launches.rows.size(), "step"), launches);
}
