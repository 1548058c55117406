//===- Config.cpp - What a state dict does not say ------------------------===//
//
// Part of stas, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "stas/Import/Config.h"
#include "ConfigKeys.h"
#include "Formats.h"

#include "llvm/Support/MemoryBuffer.h"

using namespace stas::import;
using llvm::StringRef;
namespace json = llvm::json;

StringRef stas::import::familyName(Family family) { return family == Family::Stas ? "stas" : "spikformer"; }

constexpr llvm::StringLiteral orderNames[] = {"lexicographic", "rectangular", "timestep"};

StringRef stas::import::orderName(Order order) { return orderNames[static_cast<int>(order)]; }

namespace {
/// Fills in a ModelConfig from merged sources, the weights' facts and defaults.
class Resolver {
public:
  Resolver(const MergedConfig &merged, const ConfigFacts &facts, Report &report)
      : merged(merged), facts(facts), report(report) {}

  ModelConfig run() {
    readFamily();
    readImage();
    readHeads();
    readNeurons();
    readISPS();
    readAct();
    config.timesteps = merged.integer("timesteps").value_or(config.timesteps);
    config.attentionScale = merged.real("attention_scale").value_or(config.attentionScale);
    return config;
  }

private:
  void problem(StringRef key, const llvm::Twine &required, const llvm::Twine &found, const llvm::Twine &action) {
    report.problem(merged.sourceOf(key, facts.checkpoint), "key " + key, required, found, action);
  }
  void readFamily();
  void readImage();
  void readNormalization(StringRef key, llvm::ArrayRef<double> cifar, llvm::ArrayRef<double> imageNet,
                         llvm::SmallVectorImpl<double> &values);
  void readHeads();
  void readNeurons();
  void readISPS();
  void readAct();

  const MergedConfig &merged;
  const ConfigFacts &facts;
  Report &report;
  ModelConfig config;
};
} // namespace

void Resolver::readFamily() {
  bool staged = merged.hasSection("act") || merged.hasSection("isps");
  config.family = staged ? Family::Stas : Family::Spikformer;
  std::optional<StringRef> name = merged.word("family");
  if (!name)
    return;
  config.family = *name == "stas" ? Family::Stas : Family::Spikformer;
  if (config.family == Family::Spikformer && staged && !merged.refused("family"))
    problem("family", "stas where act or isps is given", "spikformer", "remove act and isps, or say stas");
}

void Resolver::readImage() {
  config.frames = merged.word("input").value_or("image") == "frames";
  config.imageSize = merged.integer("image_size").value_or(facts.naming == Naming::Cifar ? 32 : 224);
  int64_t patch = facts.naming == Naming::Cifar ? 4 : 16;
  if (config.imageSize % patch)
    problem("image_size", "a multiple of the patch size " + llvm::Twine(patch), llvm::Twine(config.imageSize),
            "change it");
  config.inChannels = facts.inChannels;
  std::optional<int64_t> given = merged.integer("in_channels");
  if (facts.inChannels < 1) // reported as a missing layer
    return;
  if (given)
    if (*given != facts.inChannels)
      problem("in_channels", llvm::Twine(facts.inChannels) + ", as patch_embed.proj_conv.weight has it",
              llvm::Twine(*given), "change it");
  readNormalization("mean", {0.4914, 0.4822, 0.4465}, {0.485, 0.456, 0.406}, config.mean);
  readNormalization("std", {0.2470, 0.2435, 0.2616}, {0.229, 0.224, 0.225}, config.std);
}

void Resolver::readNormalization(StringRef key, llvm::ArrayRef<double> cifar, llvm::ArrayRef<double> imageNet,
                                 llvm::SmallVectorImpl<double> &values) {
  if (auto given = merged.reals(key)) {
    values.assign(given->begin(), given->end());
    if (static_cast<int64_t>(values.size()) != facts.inChannels)
      problem(key, llvm::Twine(facts.inChannels) + " numbers, one per channel", llvm::Twine(values.size()),
              "change it");
    return;
  }
  if (merged.refused(key) || merged.refused("image_size"))
    return;
  // A model that is fed normalised arrays does not need them, so that there is
  // a default for every model; one that is a guess is said.
  bool isCifar = config.imageSize == 32 || (config.imageSize != 224 && facts.naming == Naming::Cifar);
  if (facts.inChannels == 3) {
    llvm::ArrayRef<double> chosen = isCifar ? cifar : imageNet;
    values.assign(chosen.begin(), chosen.end());
    if (config.imageSize != 32 && config.imageSize != 224)
      report.note(facts.checkpoint + ": no config gives " + key + "; took " + (isCifar ? "CIFAR-10's" : "ImageNet's"));
    return;
  }
  values.assign(facts.inChannels, key == "std" ? 1.0 : 0.0);
  report.note(facts.checkpoint + ": no config gives " + key + "; images are not normalised");
}

void Resolver::readHeads() {
  std::optional<int64_t> heads = merged.integer("heads");
  // The one published model for which the number of heads is beyond doubt.
  if (!heads && facts.naming == Naming::Cifar && facts.width == 384)
    heads = 12;
  if (merged.refused("heads"))
    return;
  if (!heads) {
    problem("heads", "the number of attention heads, which no weight tells", "none",
            "add it to the config, or give --heads=H");
    return;
  }
  config.heads = *heads;
  if (facts.width > 0 && facts.width % config.heads)
    problem("heads", "a divisor of the width " + llvm::Twine(facts.width), llvm::Twine(config.heads), "change it");
}

void Resolver::readNeurons() {
  LIFConfig &lif = config.lif;
  lif.tau = merged.real("lif.tau").value_or(lif.tau);
  lif.threshold = merged.real("lif.v_threshold").value_or(lif.threshold);
  lif.attentionThreshold = merged.real("lif.attn_v_threshold").value_or(lif.attentionThreshold);
  lif.reset = merged.real("lif.v_reset").value_or(lif.reset);
  lif.softReset = merged.word("lif.reset").value_or("hard") == "soft";
  lif.decayInput = merged.boolean("lif.decay_input").value_or(true);
  lif.strict = merged.word("lif.compare").value_or("ge") == "gt";
  auto above = [&](StringRef key, double threshold) {
    if (!(threshold > lif.reset))
      problem(key, "a threshold above lif.v_reset (" + number(lif.reset) + ")", number(threshold),
              "change one of them");
  };
  above("lif.v_threshold", lif.threshold);
  above("lif.attn_v_threshold", lif.attentionThreshold);
}

void Resolver::readISPS() {
  // A halting encoder starts every timestep from one representation, so I-SPS
  // belongs to the family, given or not.
  if (config.family != Family::Stas)
    return;
  if (!merged.hasSection("isps"))
    report.note(facts.checkpoint + ": no config gives isps; took I-SPS after stage0 with the mean, since a halting "
                                   "encoder starts every timestep from one representation");
  ISPSConfig isps;
  if (merged.word("isps.after").value_or("stage0") == "stem")
    isps.after = ISPSPoint::Stem;
  if (merged.word("isps.reduce").value_or("mean") == "sum")
    isps.reduce = Reduction::Sum;
  config.isps = isps;
}

void Resolver::readAct() {
  // I-SPS alone is a model too; 'stas' alone means both halves.
  if (config.family != Family::Stas || (!merged.hasSection("act") && merged.hasSection("isps")))
    return;
  ActConfig act;
  auto needed = [&](StringRef key, double &value) {
    if (std::optional<double> given = merged.real(key))
      value = *given;
    else if (!merged.refused(key))
      problem(key, "a number: halting is trained with it", "none",
              "add it to the config, or give --set " + key + "=VALUE");
  };
  needed("act.alpha", act.alpha);
  needed("act.beta", act.beta);
  act.eps = merged.real("act.eps").value_or(act.eps);
  // One of the names, or the key is refused already.
  if (std::optional<StringRef> order = merged.word("act.order"))
    act.order = static_cast<Order>(llvm::find(orderNames, *order) - std::begin(orderNames));
  act.rate = merged.word("act.output").value_or("weighted") == "rate";
  if (act.order != Order::Lexicographic && !act.rate)
    problem(merged.has("act.output") ? "act.output" : "act.order",
            "act.output = rate where act.order is " + orderName(act.order) +
                ", whose halting weights do not sum to one",
            "weighted", "set act.output to rate");
  config.act = act;
}

std::optional<ModelConfig> stas::import::resolveConfig(llvm::ArrayRef<ConfigSource> sources, const ConfigFacts &facts,
                                                       Report &report) {
  size_t before = report.getProblems().size();
  MergedConfig merged(sources, report);
  ModelConfig config = Resolver(merged, facts, report).run();
  if (report.getProblems().size() != before)
    return std::nullopt;
  return config;
}

std::optional<ConfigSource> stas::import::readConfigFile(StringRef path, Report &report) {
  auto refuse = [&](const llvm::Twine &found, StringRef action) {
    report.problem(path, "", "a configuration (a JSON object)", found, action);
    return std::nullopt;
  };
  auto file = llvm::MemoryBuffer::getFile(path);
  if (!file)
    return refuse("no readable file (" + file.getError().message() + ")", "check the path");
  if ((*file)->getBufferSize() > 1 << 20)
    return refuse("a file of more than 1 MiB", "check the path");
  auto object = parseJSONObject((*file)->getBuffer());
  if (!object)
    return refuse(printable(toString(object.takeError()), 200), "correct the file");
  return ConfigSource{path.str(), std::move(*object)};
}

ConfigSource stas::import::configFromArgs(StringRef checkpoint, const json::Object &args, Report &report) {
  static constexpr std::pair<llvm::StringLiteral, llvm::StringLiteral> names[] = {{"time_step", "timesteps"},
                                                                                  {"time_steps", "timesteps"},
                                                                                  {"T", "timesteps"},
                                                                                  {"num_heads", "heads"},
                                                                                  {"img_size", "image_size"},
                                                                                  {"mean", "mean"},
                                                                                  {"std", "std"}};
  ConfigSource source{(checkpoint + " (args)").str(), {}};
  std::string taken;
  for (auto [theirs, ours] : names) {
    const json::Value *value = args.get(theirs);
    if (!value || !findConfigKey(ours)->accepts(*value) || source.values.get(ours))
      continue;
    source.values[ours] = *value;
    taken += (taken.empty() ? "" : ", ") + ours.str();
  }
  if (!taken.empty())
    report.note(checkpoint + ": the training script's args give " + taken + " where no config does");
  return source;
}
