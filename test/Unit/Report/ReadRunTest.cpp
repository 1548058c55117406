//===- ReadRunTest.cpp - Tests of reading what stas run printed -----------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "../TestUtils.h"
#include "stas/Report/Report.h"

#include <nlohmann/json.hpp>

using namespace stas;
using namespace stas::test;
using Json = nlohmann::json;

namespace {

/// Two blocks, three timesteps, four tokens, two layers of neurons.
artifact::Manifest testManifest() {
  artifact::Manifest manifest;
  manifest.set_source("model.pth");
  manifest.set_family("stas");
  manifest.set_precision("int16");
  manifest.set_timesteps(3);
  manifest.set_classes(2);
  manifest.set_tokens(4);
  manifest.set_blocks(2);
  manifest.set_halting_buffer(0);
  manifest.add_steps()->mutable_launch()->mutable_spikes()->set_layer("stem_lif");
  artifact::TimeLoop *loop = manifest.add_steps()->mutable_time_loop();
  loop->add_body()->mutable_launch()->mutable_spikes()->set_layer("block.0.lif");
  return manifest;
}

Json testRun() {
  return Json::parse(R"({
    "source": "model.pth", "family": "stas", "precision": "int16",
    "images": 10, "correct": 7, "classes": [{"images": 4, "correct": 2}, {"images": 6, "correct": 5}],
    "halting_histogram": [0, 5, 30, 0, 0, 5],
    "layers": {"block.0.lif": {"neurons": 8, "timesteps": 3, "spikes": 60, "rate": 99},
               "stem_lif": {"neurons": 4, "timesteps": 1, "spikes": 40}}})");
}

class RunFile : public testing::Test {
protected:
  Result<report::Run> read(const std::string &text) {
    writeAll(folder / "run.json", text);
    return report::readRun(folder / "run.json", manifest);
  }
  template <typename Change> void refused(Change change, const std::string &message) {
    Json json = testRun();
    change(json);
    EXPECT_TRUE(failsWith(read(json.dump()), "run.json: " + message));
  }

  TempFolder folder;
  artifact::Manifest manifest = testManifest();
};

} // namespace

TEST_F(RunFile, IsRead) {
  auto run = read(testRun().dump());
  ASSERT_TRUE(succeeds(run));
  EXPECT_EQ(run->images, "run.json");
  EXPECT_EQ(run->count, 10u);
  EXPECT_EQ(run->correct, 7u);
  ASSERT_EQ(run->classes.size(), 2u);
  EXPECT_EQ(run->classes[1].correct, 5u);
  EXPECT_EQ(run->tokensByStep, std::vector<uint64_t>({0, 0, 5, 30, 0, 0, 5}));
  // In the order of the plan, and the rate is counted again.
  ASSERT_EQ(run->rates.size(), 2u);
  EXPECT_EQ(run->rates[0].layer, "stem_lif");
  EXPECT_EQ(run->rates[1].rate, 0.25);
}

TEST_F(RunFile, NeedNotHaveAll) {
  Json json = testRun();
  for (const char *key : {"correct", "classes", "halting_histogram", "layers"})
    json.erase(key);
  auto run = read(json.dump());
  ASSERT_TRUE(succeeds(run));
  EXPECT_FALSE(run->correct);
  EXPECT_TRUE(run->rates.empty());
  EXPECT_TRUE(run->tokensByStep.empty());
}

TEST_F(RunFile, IsNoRunOfTheArtifact) {
  EXPECT_TRUE(failsWith(report::readRun(folder / "none.json", manifest), "none.json: cannot open"));
  EXPECT_TRUE(failsWith(read("{"), "run.json: line 1: required JSON"));
  EXPECT_TRUE(failsWith(read("[]"), "run.json: required what stas run --json prints, found a list of 0"));
  refused([](Json &j) { j.erase("images"); }, "images: required a whole number, found none");
  refused([](Json &j) { j["images"] = 0; }, "images: required a whole number from 1 to ");
  refused([](Json &j) { j["source"] = "other.pth"; },
          "source: required model.pth, which the artifact is of, found \"other.pth\"; is it a run of another");
  refused([](Json &j) { j.erase("family"); }, "family: required stas, which the artifact is of, found none");
  refused([](Json &j) { j["precision"] = 16; }, "precision: required int16, which the artifact is of, found 16");
}

TEST_F(RunFile, CountsWhatCannotBe) {
  refused([](Json &j) { j["correct"] = 11; }, "correct: required a whole number from 0 to 10, found 11");
  refused([](Json &j) { j["classes"].erase(0); }, "classes: required a list of 2, found a list of 1");
  refused([](Json &j) { j["classes"][1] = 3; }, "classes[1].images: required a whole number, found none");
  refused([](Json &j) { j["classes"][1]["correct"] = 7; }, "classes[1].correct: required a whole number from 0 to 6");
  refused([](Json &j) { j["classes"][1]["correct"] = 4; },
          "classes: required 10 images, 7 of them correct, found 10 and 6");
  refused([](Json &j) { j["halting_histogram"].push_back(0); },
          "halting_histogram: required a list of 6, found a list of 7");
  refused([](Json &j) { j["halting_histogram"][1] = -1; }, "halting_histogram: required whole numbers, found -1");
  refused([](Json &j) { j["halting_histogram"][1] = 6; },
          "halting_histogram: required 4 tokens of each image, found 41 of 10 images");
  refused([](Json &j) { j["layers"].erase("stem_lif"); },
          "layers: required an object of the 2 layers of the artifact, found 1 layers");
  refused([](Json &j) { j["layers"] = {1}; },
          "layers: required an object of the 2 layers of the artifact, found a list");
  refused(
      [](Json &j) {
        j["layers"]["x"] = j["layers"]["stem_lif"];
        j["layers"].erase("stem_lif");
      },
      "layers: required stem_lif, a layer of the artifact, found none");
  refused([](Json &j) { j["layers"]["stem_lif"]["spikes"] = 41; },
          "layers.stem_lif.spikes: required a whole number from 0 to 40, found 41");
  refused([](Json &j) { j["layers"]["stem_lif"]["timesteps"] = 4; },
          "layers.stem_lif.timesteps: required a whole number from 1 to 3, found 4");
  refused([](Json &j) { j["layers"]["stem_lif"].erase("neurons"); },
          "layers.stem_lif.neurons: required a whole number, found none");
}

TEST_F(RunFile, NamesNeedNotBeUtf8) {
  manifest.set_source("caf\xe9.pth");
  Json json = testRun();
  json["source"] = "caf\u00e9.pth";
  EXPECT_TRUE(failsWith(read(json.dump()), "source: required caf\\xe9.pth"));
  // As stas run prints it.
  json["source"] = "caf\ufffd.pth";
  EXPECT_TRUE(succeeds(read(json.dump())));
}
