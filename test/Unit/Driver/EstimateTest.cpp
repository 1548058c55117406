//===- EstimateTest.cpp - stas estimate of artifacts ----------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CommandLine.h"

#include <nlohmann/json.hpp>

using namespace stas;
using namespace stas::test;
using Json = nlohmann::json;

namespace {

class EstimateCommand : public DriverTest {
protected:
  Json json(const std::string &arguments) { return DriverTest::json("estimate toy.stas " + arguments); }
  void refused(const std::string &arguments, const std::string &message) {
    Outcome outcome = stas("estimate " + arguments);
    EXPECT_TRUE(refuses(outcome, message)) << arguments;
    EXPECT_EQ(outcome.err.rfind("stas estimate: error: ", 0), 0u) << outcome.err;
  }
};

} // namespace

TEST_F(EstimateCommand, FromMeasuredRates) {
  ASSERT_TRUE(works(stas("run toy.stas --input images.npy --rates r.json")));
  Json rates = Json::parse(readAll(folder / "r.json")), result = json("--rates r.json");
  EXPECT_EQ(rates["format"], "stas-rates");
  EXPECT_EQ(result["images"], kImages);
  ASSERT_EQ(result["layers"].size(), 5u);
  const Json &conv = result["layers"][1];
  EXPECT_EQ(conv["name"], "block.conv");
  // 3x3 to 2 channels.
  EXPECT_DOUBLE_EQ(conv["counted"]["ac"], rates["inputs"]["block.conv"]["sum"][0].get<double>() / kImages * 18);
  EXPECT_GT(conv["padding_sops"], 0);
  EXPECT_EQ(result["layers"][0]["counted"]["mac"], 1024 * 3 * 3);
  // Three tokens, of which one halts at each timestep.
  EXPECT_EQ(result["layers"][3]["active"], 6 / 15.0);
  EXPECT_EQ(result["layers"][4]["counted"]["halting_score"], 6);
  Outcome text = stas("estimate --rates=r.json toy.stas");
  ASSERT_TRUE(works(text));
  EXPECT_NE(text.out.find("rates    measured on 7 images (r.json)\n"), std::string::npos) << text.out;
}

TEST_F(EstimateCommand, SaysWhereRatesOfAnotherModelAreFrom) {
  ASSERT_TRUE(works(stas("run toy.stas --input images.npy --rates r.json")));
  toy.manifest.set_source("twin.pth");
  toy.write(folder / "twin.stas");
  Outcome text = stas("estimate twin.stas --rates r.json");
  ASSERT_TRUE(works(text));
  EXPECT_NE(text.out.find("rates    measured on 7 images (r.json), of another model: toy.pth\n"), std::string::npos)
      << text.out;
  EXPECT_EQ(json("--rates r.json")["rates_source"], "toy.pth");
}

TEST_F(EstimateCommand, RatesAreTheSameForAnyThreadsAndBatch) {
  ASSERT_TRUE(works(stas("run toy.stas --input images.npy --threads 1 --rates a.json")));
  ASSERT_TRUE(works(stas("run toy.stas --input images.npy --threads 5 --batch 3 --rates b.json")));
  EXPECT_EQ(readAll(folder / "a.json"), readAll(folder / "b.json"));
}

TEST_F(EstimateCommand, BoundsWithoutRates) {
  Json result = json("");
  EXPECT_EQ(result["measured"], false);
  EXPECT_EQ(result["layers"][1]["counted"]["ac"], (std::vector<double>{0, 1024 * 27 * 2}));
  EXPECT_EQ(result["lower_bound"], true);
}

TEST_F(EstimateCommand, OwnProfile) {
  writeAll(folder / "mine.txtpb",
           "name: 'mine' price { operation: MAC picojoules: 2 evidence: ASSUMED source: 'test' }");
  Json result = json("--profile mine.txtpb");
  EXPECT_EQ(result["profile"]["name"], "mine");
  EXPECT_EQ(result["layers"][0]["counted"]["picojoules"], (std::vector<double>{2 * 9216, 2 * 9216}));
  EXPECT_EQ(result["unpriced"][0], "ac");
}

TEST_F(EstimateCommand, Refuses) {
  refused("", "required model or artifact (MODEL), found none; see stas estimate --help");
  refused("none.stas", "none.stas: cannot open");
  refused("toy.stas --rate r.json", "--rate: unknown option; did you mean --rates?");
  for (const char *option : {"--timesteps", "--compile-from"})
    refused(std::string("toy.stas ") + option + " 3",
            std::string(option) + ": speaks of a model, found an artifact that is compiled already; leave it out");
  refused("toy.stas --profile cmos", "--profile=cmos: no profile of that name; did you mean cmos45?");
  refused("toy.stas --profile no/such", "no/such: cannot open");
  refused("toy.stas --profile loihi1-table2",
          "--profile=loihi1-table2: required prices of operations, found only costs of events on a chip");
  refused("toy.stas --rates none.json", "none.json: cannot open");
  refused("toy.stas --rates images.npy", "images.npy: line 1: required JSON");
  writeAll(folder / "other.json", "{\"format\": \"stas-rates\", \"version\": 1, \"source\": \"b.pth\", \"images\": 1, "
                                  "\"inputs\": {\"fc\": {}}}");
  refused(
      "toy.stas --rates other.json",
      "other.json: inputs: the model has no layer 'fc'; it was measured on 'b.pth': measure this model, of 'toy.pth', "
      "with stas run --rates");
  // What is called an artifact is read as one.
  writeAll(folder / "text.stas", "no artifact");
  refused("text.stas", "text.stas: not a stas artifact");
  for (int step : {ToyModel::StemStep, ToyModel::ScaleStep})
    toy.manifest.mutable_steps(step)->mutable_launch()->clear_work();
  for (artifact::Step &step : *toy.manifest.mutable_steps(ToyModel::LoopStep)->mutable_time_loop()->mutable_body())
    if (step.has_launch())
      step.mutable_launch()->clear_work();
  toy.write(folder / "silent.stas");
  refused("silent.stas",
          "silent.stas: required layers that say what they compute, found none; compile it again with this "
          "version of stas");
}

TEST_F(EstimateCommand, Help) {
  Outcome outcome = stas("estimate --help");
  ASSERT_TRUE(works(outcome));
  for (const char *part :
       {"usage: stas estimate MODEL|OUT.stas", "--profile NAME|FILE", "--rates FILE", "--json", "--set"})
    EXPECT_NE(outcome.out.find(part), std::string::npos) << part << "\nin\n" << outcome.out;
}

TEST_F(EstimateCommand, ModelsGoToStasCompile) {
  // A driver alone finds no program beside it.
  std::filesystem::copy(STAS_PROGRAM, folder / "stas");
  writeAll(folder / "m.mlir", "module {}");
  Outcome outcome = stasIn(folder, "estimate m.mlir", folder / "stas");
  EXPECT_TRUE(refuses(outcome, "stas-compile: cannot start: No such file or directory"));
}
