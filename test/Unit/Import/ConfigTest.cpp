//===- ConfigTest.cpp - Keys, types, ranges, precedence -------------------===//
//
// Part of stas, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "stas/Import/Config.h"
#include "TestFile.h"

using namespace stas::import;
using namespace stas::test;
namespace json = llvm::json;

namespace {
json::Object parse(const char *text) {
  auto value = json::parse(text);
  EXPECT_TRUE(bool(value)) << text;
  return std::move(*value->getAsObject());
}

/// A 16-wide model of CIFAR's naming with 3 channels.
ConfigFacts facts(int64_t width = 16, Naming naming = Naming::Cifar, int64_t channels = 3) {
  return {"m.pth", naming, width, channels};
}

ModelConfig resolve(const char *text, ConfigFacts given = facts()) {
  Report report;
  auto config = resolveConfig({{"c.json", parse(text)}}, given, report);
  EXPECT_TRUE(config) << problemsOf(report);
  return config.value_or(ModelConfig());
}

std::string problems(const char *text, ConfigFacts given = facts()) {
  Report report;
  EXPECT_FALSE(resolveConfig({{"c.json", parse(text)}}, given, report));
  return problemsOf(report);
}
} // namespace

TEST(Config, Defaults) {
  ModelConfig config = resolve("{}", facts(384));
  EXPECT_EQ(config.family, Family::Spikformer);
  EXPECT_EQ(config.timesteps, 4);
  EXPECT_EQ(config.heads, 12);
  EXPECT_EQ(config.imageSize, 32);
  EXPECT_EQ(config.mean[0], 0.4914);
  EXPECT_EQ(config.std[2], 0.2616);
  EXPECT_EQ(config.attentionScale, 0.125);
  EXPECT_EQ(config.lif.tau, 2.0);
  EXPECT_EQ(config.lif.attentionThreshold, 0.5);
  EXPECT_FALSE(config.isps || config.act);
  ModelConfig imageNet = resolve(R"({"heads": 8})", facts(512, Naming::ImageNet));
  EXPECT_EQ(imageNet.imageSize, 224);
  EXPECT_EQ(imageNet.mean[0], 0.485);
  EXPECT_EQ(imageNet.std[0], 0.229);
}

TEST(Config, Everything) {
  ModelConfig config = resolve(R"({"family": "stas", "timesteps": 6, "heads": 2, "image_size": 64, "in_channels": 3,
    "mean": [0, 0.5, 1], "std": [1, 2, 3], "attention_scale": 0.25, "lif": {"tau": 3, "v_threshold": 1.5,
    "attn_v_threshold": 0.75, "v_reset": -1, "reset": "soft", "decay_input": false, "compare": "gt"},
    "isps.after": "stem", "isps.reduce": "sum",
    "act": {"alpha": 1, "beta": -2.5, "eps": 0.05, "order": "rectangular", "output": "rate"}})");
  EXPECT_EQ(config.family, Family::Stas);
  EXPECT_EQ(config.timesteps, 6);
  EXPECT_EQ(config.imageSize, 64);
  EXPECT_EQ(config.mean[1], 0.5);
  EXPECT_EQ(config.std[2], 3);
  EXPECT_EQ(config.attentionScale, 0.25);
  EXPECT_EQ(config.lif.tau, 3);
  EXPECT_EQ(config.lif.threshold, 1.5);
  EXPECT_EQ(config.lif.attentionThreshold, 0.75);
  EXPECT_EQ(config.lif.reset, -1);
  EXPECT_TRUE(config.lif.softReset && !config.lif.decayInput && config.lif.strict);
  EXPECT_EQ(config.isps->after, ISPSPoint::Stem);
  EXPECT_EQ(config.isps->reduce, Reduction::Sum);
  EXPECT_EQ(config.act->alpha, 1);
  EXPECT_EQ(config.act->beta, -2.5);
  EXPECT_EQ(config.act->eps, 0.05);
  EXPECT_TRUE(config.act->order == Order::Rectangular && config.act->rate);
}

TEST(Config, FamilyFollowsItsSections) {
  ModelConfig act = resolve(R"({"heads": 2, "act": {"alpha": 1, "beta": 0}})");
  EXPECT_TRUE(act.family == Family::Stas && act.act && act.isps);
  ModelConfig isps = resolve(R"({"heads": 2, "isps": {}})");
  EXPECT_TRUE(isps.family == Family::Stas && !isps.act && isps.isps);
  EXPECT_EQ(problems(R"({"heads": 2, "family": "spikformer", "isps": {}})"),
            "key family: required stas where act or isps is given, found spikformer; remove act and isps, or say "
            "stas\n");
}

TEST(Config, HaltingIsNeverGuessed) {
  const char *missing = "key act.beta: required a number: halting is trained with it, found none; add it to the "
                        "config, or give --set act.beta=VALUE\n";
  EXPECT_EQ(problems(R"({"heads": 2, "act.alpha": 1})"), missing);
  EXPECT_EQ(problems(R"({"heads": 2, "family": "stas"})"),
            "key act.alpha: required a number: halting is trained with it, found none; add it to the config, or give "
            "--set act.alpha=VALUE\n" +
                std::string(missing));
  EXPECT_EQ(problems(R"({"heads": 2, "act": {"alpha": 1, "beta": 1, "order": "rectangular"}})"),
            "key act.order: required act.output = rate where act.order is rectangular, whose halting weights do not "
            "sum to one, found weighted; set act.output to rate\n");
  EXPECT_EQ(problems(R"({"heads": 2, "act": {"alpha": 1, "beta": 1, "order": "timestep", "output": "weighted"}})"),
            "key act.output: required act.output = rate where act.order is timestep, whose halting weights do not sum "
            "to one, found weighted; set act.output to rate\n");
  ModelConfig config =
      resolve(R"({"heads": 2, "act": {"alpha": 1, "beta": 1, "order": "timestep", "output": "rate"}})");
  EXPECT_TRUE(config.act->order == Order::Timestep);
}

TEST(Config, Heads) {
  EXPECT_EQ(problems("{}"), "key heads: required the number of attention heads, which no weight tells, found none; "
                            "add it to the config, or give --heads=H\n");
  EXPECT_EQ(problems("{}", facts(384, Naming::ImageNet)), problems("{}"));
  EXPECT_EQ(problems(R"({"heads": 3})"), "key heads: required a divisor of the width 16, found 3; change it\n");
}

TEST(Config, WrongTypesAndRanges) {
  auto wrong = [](const char *entry) {
    std::string text = problems(("{\"heads\": 2, " + std::string(entry) + "}").c_str());
    return text.substr(0, text.find("; change it\n"));
  };
  EXPECT_EQ(wrong(R"("timesteps": "4")"), "key timesteps: required an integer from 1 to 255, found the string \"4\"");
  EXPECT_EQ(wrong(R"("timesteps": 0)"), "key timesteps: required an integer from 1 to 255, found the number 0");
  EXPECT_EQ(wrong(R"("timesteps": 2.5)"), "key timesteps: required an integer from 1 to 255, found the number 2.5");
  EXPECT_EQ(wrong(R"("timesteps": true)"), "key timesteps: required an integer from 1 to 255, found true");
  EXPECT_EQ(wrong(R"("mean": 0.5)"), "key mean: required a list of numbers, one per channel, found the number 0.5");
  EXPECT_EQ(wrong(R"("mean": [0.5, "x", [1], 1, 1])"),
            "key mean: required a list of numbers, one per channel, found the list [0.5, the string \"x\", ..., 1, "
            "...]");
  EXPECT_EQ(wrong(R"("mean": [1, 2])"), "key mean: required 3 numbers, one per channel, found 2");
  EXPECT_EQ(wrong(R"("std": [1, 0, 1])"),
            "key std: required a list of positive numbers, one per channel, found the list [1, 0, 1]");
  EXPECT_EQ(wrong(R"("attention_scale": 0)"),
            "key attention_scale: required a positive number up to 1e6, found the number 0");
  EXPECT_EQ(wrong(R"("lif": 3)"), "key lif: required an object, found the number 3; write {\"lif\": {...}}\n");
  EXPECT_EQ(wrong(R"("lif.tau": 0.5)"), "key lif.tau: required a number from 1 to 1e6, found the number 0.5");
  EXPECT_EQ(wrong(R"("lif.tau": {})"), "key lif.tau: required a number from 1 to 1e6, found an object of 0 entries");
  EXPECT_EQ(wrong(R"("lif.reset": "none")"), "key lif.reset: required hard or soft, found the string \"none\"");
  EXPECT_EQ(wrong(R"("lif.decay_input": 1)"), "key lif.decay_input: required true or false, found the number 1");
  EXPECT_EQ(wrong(R"("family": "vit")"), "key family: required spikformer or stas, found the string \"vit\"");
  EXPECT_EQ(wrong(R"("in_channels": 1)"),
            "key in_channels: required 3, as patch_embed.proj_conv.weight has it, found 1");
  EXPECT_EQ(wrong(R"("image_size": 30)"), "key image_size: required a multiple of the patch size 4, found 30");
  EXPECT_EQ(wrong(R"("act": {"alpha": "x", "beta": 1})"),
            "key act.alpha: required a number from -1e6 to 1e6, found the string \"x\"");
  EXPECT_EQ(wrong(R"("act": {"alpha": 1, "beta": 1, "eps": 1})"),
            "key act.eps: required a number between 0 and 1, found the number 1");
}

TEST(Config, Thresholds) {
  EXPECT_EQ(problems(R"({"heads": 2, "lif.v_reset": 0.7})"),
            "key lif.attn_v_threshold: required a threshold above lif.v_reset (0.7), found 0.5; change one of them\n");
  EXPECT_EQ(problems(R"({"heads": 2, "lif.v_threshold": 0})"),
            "key lif.v_threshold: required a threshold above lif.v_reset (0), found 0; change one of them\n");
}

TEST(Config, UnknownKeys) {
  EXPECT_EQ(problems(R"({"heads": 2, "timestep": 4})"),
            "key timestep: required a key that stas knows, found an unknown one; did you mean timesteps?\n");
  EXPECT_EQ(problems(R"({"heads": 2, "alpha": 4})"),
            "key alpha: required a key that stas knows, found an unknown one; did you mean act.alpha?\n");
  EXPECT_EQ(problems(R"({"heads": 2, "act": {"alpha": 1, "beta": 1, "gamma_correction": 2}})"),
            "key act.gamma_correction: required a key that stas knows, found an unknown one; remove it\n");
}

TEST(Config, AllProblemsAtOnce) {
  std::string text = problems(R"({"timesteps": 0, "foo_bar_baz": 1, "lif.tau": "x"})");
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 4) << text; // and the heads
}

TEST(Config, EarlierSourcesWin) {
  Report report;
  auto config = resolveConfig({{"flags", parse(R"({"timesteps": 2})")},
                               {"c.json", parse(R"({"timesteps": 3, "heads": 4, "act": null})")},
                               {"m.pth", parse(R"({"heads": 8, "act": {"alpha": 1, "beta": 1}, "lif": {"tau": 4}})")}},
                              facts(), report);
  ASSERT_TRUE(config) << problemsOf(report);
  EXPECT_EQ(config->timesteps, 2);
  EXPECT_EQ(config->heads, 4);
  EXPECT_EQ(config->lif.tau, 4);
  EXPECT_FALSE(config->act);
  EXPECT_EQ(config->family, Family::Spikformer);
}

TEST(Config, ProblemsNameTheirSource) {
  Report report;
  resolveConfig({{"flags", parse(R"({"timesteps": 0})")}, {"c.json", parse(R"({"heads": 3})")}}, facts(), report);
  ASSERT_EQ(report.getProblems().size(), 2u);
  EXPECT_EQ(report.getProblems()[0].file, "flags");
  EXPECT_EQ(report.getProblems()[1].file, "c.json");
}

TEST(Config, NormalizationOfOtherSizes) {
  ModelConfig cifar = resolve(R"({"heads": 2, "image_size": 64})");
  EXPECT_EQ(cifar.mean[0], 0.4914);
  ModelConfig imageNet = resolve(R"({"heads": 2, "image_size": 64})", facts(16, Naming::ImageNet));
  EXPECT_EQ(imageNet.mean[0], 0.485);
  ModelConfig gray = resolve(R"({"heads": 2})", facts(16, Naming::Cifar, 1));
  EXPECT_EQ(gray.mean.size(), 1u);
  EXPECT_EQ(gray.std[0], 1.0);
  Report report;
  resolveConfig({{"c.json", parse(R"({"heads": 2, "image_size": 64})")}}, facts(), report);
  ASSERT_EQ(report.getNotes().size(), 2u);
  EXPECT_EQ(report.getNotes()[0], "m.pth: no config gives mean; took CIFAR-10's");
}

TEST(Config, Args) {
  Report report;
  ConfigSource source = configFromArgs(
      "m.pth", parse(R"({"time_step": 6, "T": 9, "num_heads": 2, "img_size": null, "mean": [1, 2, 3], "lr": 0.1})"),
      report);
  EXPECT_EQ(json::Value(json::Object(source.values)),
            json::Value(parse(R"({"timesteps": 6, "heads": 2, "mean": [1, 2, 3]})")));
  EXPECT_EQ(report.getNotes().front(),
            "m.pth: the training script's args give timesteps, heads, mean where no config does");
  EXPECT_TRUE(configFromArgs("m.pth", {}, report).values.empty());
}

TEST(Config, Files) {
  auto problem = [](llvm::StringRef bytes) {
    TestFile file(bytes, "json");
    Report report;
    EXPECT_FALSE(readConfigFile(file.path, report));
    return problemsOf(report);
  };
  EXPECT_EQ(problem("[1]"), "required a configuration (a JSON object), found a value that is no JSON object; correct "
                            "the file\n");
  EXPECT_EQ(problem("{\"a\"").substr(0, 58), "required a configuration (a JSON object), found [1:4, byte");
  EXPECT_EQ(problem(std::string(2 << 20, ' ')),
            "required a configuration (a JSON object), found a file of more than 1 MiB; check the path\n");
  Report report;
  EXPECT_FALSE(readConfigFile("/nonexistent.json", report));
  EXPECT_EQ(problemsOf(report), "required a configuration (a JSON object), found no readable file (No such file or "
                                "directory); check the path\n");
  TestFile good("{\"heads\": 4}", "json");
  EXPECT_EQ(readConfigFile(good.path, report)->values.getInteger("heads"), 4);
}
