//===- ReadModel.cpp - Everything that is checked before building ---------===//
//
// Part of stas, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "stas/Import/Import.h"

using namespace stas::import;
namespace json = llvm::json;

int64_t ModelSource::tokens() const {
  int64_t side = config.imageSize / (layout.naming == Naming::Cifar ? 4 : 16);
  return side * side;
}

std::optional<int64_t> ModelSource::largestCount() const {
  // A stage's spike plus the position embedding's.
  int64_t stem = 2;
  if (config.isps && config.isps->after == ISPSPoint::Stem) {
    if (config.isps->reduce == Reduction::Mean)
      return std::nullopt;
    stem *= config.timesteps;
  }
  // Each block adds a spike of its attention and one of its MLP.
  return stem + 2 * layout.depth;
}

/// The residual stream is held in eight bits.
static void checkCounts(const ModelSource &source, Report &report) {
  std::optional<int64_t> most = source.largestCount();
  if (!most || *most <= 255)
    return;
  report.problem(source.checkpoint.path, "residual stream", "spike counts up to 255",
                 "up to " + llvm::Twine(*most) + " with L = " + llvm::Twine(source.layout.depth) +
                     " blocks and T = " + llvm::Twine(source.config.timesteps) + " timesteps",
                 source.config.isps ? "set isps.reduce to mean, or use fewer "
                                      "timesteps"
                                    : "use a model of fewer blocks");
}

std::optional<ModelSource> stas::import::readModel(const ImportRequest &request, Report &report) {
  std::vector<ConfigSource> sources;
  sources.push_back({"command line", json::Object(request.flags)});
  if (!request.configFile.empty())
    if (auto file = readConfigFile(request.configFile, report))
      sources.push_back(std::move(*file));

  std::optional<Checkpoint> checkpoint = readCheckpoint(request.model, request.checkpoint, report);
  if (!checkpoint)
    return std::nullopt;
  if (checkpoint->config)
    sources.push_back({request.model + " (config)", std::move(*checkpoint->config)});
  sources.push_back(configFromArgs(request.model, checkpoint->args, report));

  ModelSource source;
  source.checkpoint = std::move(*checkpoint);
  std::optional<Layout> layout = readLayout(source.checkpoint, report);
  if (!layout)
    return std::nullopt;
  source.layout = std::move(*layout);
  source.weights = checkWeights(source.checkpoint, source.layout, report);
  std::optional<ModelConfig> config = resolveConfig(
      sources, {request.model, source.layout.naming, source.layout.width, source.layout.inChannels}, report);
  if (config) {
    source.config = std::move(*config);
    checkCounts(source, report);
  }
  if (report.failed())
    return std::nullopt;
  return source;
}

json::Object ModelSource::summary() const {
  int64_t parameters = 0;
  for (const ExpectedTensor &tensor : expectedTensors(layout)) {
    llvm::StringRef key = tensor.key;
    if (!key.ends_with(".running_mean") && !key.ends_with(".running_var"))
      parameters += weights[key].numElements();
  }
  json::Array stages(layout.stageChannels);
  json::Array hidden(layout.hidden);
  json::Object result{{"file", json::fixUTF8(checkpoint.path)},
                      {"format", checkpoint.format},
                      {"family", familyName(config.family)},
                      {"naming", layout.naming == Naming::Cifar ? "cifar" : "imagenet"},
                      {"parameters", parameters},
                      {"timesteps", config.timesteps},
                      {"depth", layout.depth},
                      {"width", layout.width},
                      {"heads", config.heads},
                      {"stage_channels", std::move(stages)},
                      {"mlp_hidden", std::move(hidden)},
                      {"tokens", tokens()},
                      {"classes", layout.classes},
                      {"image_size", config.imageSize},
                      {"in_channels", config.inChannels},
                      {"input", config.frames ? "frames" : "image"},
                      {"mean", json::Array(config.mean)},
                      {"std", json::Array(config.std)},
                      {"attention_scale", config.attentionScale},
                      {"lif", json::Object{{"tau", config.lif.tau},
                                           {"v_threshold", config.lif.threshold},
                                           {"attn_v_threshold", config.lif.attentionThreshold},
                                           {"v_reset", config.lif.reset},
                                           {"reset", config.lif.softReset ? "soft" : "hard"},
                                           {"decay_input", config.lif.decayInput},
                                           {"compare", config.lif.strict ? "gt" : "ge"}}}};
  if (config.isps)
    result["isps"] = json::Object{{"after", config.isps->after == ISPSPoint::Stem ? "stem" : "stage0"},
                                  {"reduce", config.isps->reduce == Reduction::Sum ? "sum" : "mean"}};
  if (config.act)
    result["act"] = json::Object{{"alpha", config.act->alpha},
                                 {"beta", config.act->beta},
                                 {"eps", config.act->eps},
                                 {"order", orderName(config.act->order)},
                                 {"output", config.act->rate ? "rate" : "weighted"}};
  return result;
}
