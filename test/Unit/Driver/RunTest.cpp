//===- RunTest.cpp - stas run ---------------------------------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CommandLine.h"
#include "stas/Data/Npy.h"

#include <nlohmann/json.hpp>

using namespace stas;
using namespace stas::test;
using Json = nlohmann::json;

namespace {

class RunTest : public DriverTest {
protected:
  Json json(const std::string &arguments) { return DriverTest::json("run toy.stas " + arguments); }
  std::vector<float> expectedLogits() const {
    std::vector<float> result;
    for (int64_t i = 0; i < kImages; ++i) {
      auto logits = toy.compute(images.data() + i * toy.pixels()).logits;
      result.insert(result.end(), logits.begin(), logits.end());
    }
    return result;
  }
  void writeLabels(const std::vector<int64_t> &labels) {
    ASSERT_TRUE(succeeds(writeNpy(folder / "labels.npy", NpyType::I64, {int64_t(labels.size())}, labels.data())));
  }
};

} // namespace

TEST_F(RunTest, PrintsATable) {
  std::vector<int64_t> labels = predictions();
  labels[0] = (labels[0] + 1) % 10;
  writeLabels(labels);
  Outcome outcome = stas("run toy.stas --input images.npy --labels labels.npy --threads 2 "
                         "--stats --profile");
  ASSERT_TRUE(works(outcome));
  for (const char *part : {"model                    toy.pth (stas, f32, cpu x86-64)\n", "images                   7\n",
                           "accuracy                 85.71% (6 of 7)\n", " images/s (2 threads, batch 7, observed)\n",
                           "blocks a token lived     2.00 of 5\n", "timesteps a token lived  2.00 of 5\n",
                           "\nblocks that a token lived\n  1  33.3%  ████", "\n  4   0.0%\n",
                           "layer      firing rate  neurons  timesteps\n", "block.lif",
                           "layer  ms an image  share     t=0     t=1     t=2     t=3     t=4\n", "stem"})
    EXPECT_NE(outcome.out.find(part), std::string::npos) << part << "\nin\n" << outcome.out;
}

TEST_F(RunTest, ListsPredictionsWithoutLabels) {
  Outcome outcome = stas("run toy.stas --input images.npy --limit 2");
  ASSERT_TRUE(works(outcome));
  EXPECT_NE(outcome.out.find("image  class"), std::string::npos);
  Json result = json("--input images.npy --limit 2");
  ASSERT_EQ(result["predictions"].size(), 2u);
  EXPECT_EQ(result["predictions"][1]["class"], predictions()[1]);
  EXPECT_FALSE(result.contains("accuracy"));
}

TEST_F(RunTest, JsonHasTheFigures) {
  writeLabels(predictions());
  Json result = json("--input images.npy --labels labels.npy --threads 3 "
                     "--batch 2 --stats --profile");
  EXPECT_EQ(result["images"], 7);
  EXPECT_EQ(result["threads"], 3);
  EXPECT_EQ(result["batch"], 2);
  EXPECT_EQ(result["accuracy"], 1.0);
  EXPECT_GT(result["images_per_second"], 0.0);
  EXPECT_EQ(result["mean_blocks"], 2.0);
  EXPECT_EQ(result["mean_timesteps"], 2.0);
  EXPECT_EQ(result["halting_histogram"], (std::vector<int>{7, 7, 7, 0, 0}));
  EXPECT_EQ(result["layers"]["block.lif"]["neurons"], 3072);
  EXPECT_EQ(result["layers"]["block.lif"]["timesteps"], 5);
  ASSERT_EQ(result["times"].size(), 5u); // begin, stem, block, halt, head
  EXPECT_FALSE(result["times"][1].contains("seconds_per_timestep"));
  EXPECT_EQ(result["times"][2]["seconds_per_timestep"].size(), 5u);
}

TEST_F(RunTest, NeverReplacesWhatItReads) {
  for (const char *words :
       {"run toy.stas --input images.npy --output ./images.npy", "run toy.stas --input images.npy --rates toy.stas"}) {
    Outcome outcome = stas(words);
    EXPECT_EQ(outcome.status, 1);
    EXPECT_NE(outcome.err.find("required another file to write than "), std::string::npos) << outcome.err;
  }
  EXPECT_TRUE(works(stas("run toy.stas --input images.npy --limit 2")));
}

TEST_F(RunTest, NeverWritesTwoOutputsToOneFile) {
  Outcome outcome = stas("run toy.stas --input images.npy --output both --rates ./both");
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.err, "stas run: error: --rates=./both: is another output too; give another name\n");
  EXPECT_TRUE(works(stas("run toy.stas --input images.npy --output /dev/null --rates /dev/null")));
}

TEST_F(RunTest, ResultsDoNotDependOnThreadsOrBatch) {
  std::vector<float> expected = expectedLogits();
  for (const char *how : {"--threads 1 --batch 1", "--threads 1", "--threads 2 --batch 3", "--threads 4 --batch 7",
                          "--threads 9 --batch 2"}) {
    ASSERT_TRUE(works(stas(std::string("run toy.stas --input images.npy "
                                       "--output l.npy --halting h.npy ") +
                           how)));
    auto logits = NpyArray::open(folder / "l.npy");
    ASSERT_TRUE(succeeds(logits));
    EXPECT_EQ(logits->shape(), (std::vector<int64_t>{7, 10}));
    std::vector<float> found(70);
    logits->copyFloats(0, 70, found.data());
    EXPECT_EQ(found, expected);
    auto halting = NpyArray::open(folder / "h.npy");
    ASSERT_TRUE(succeeds(halting));
    EXPECT_EQ(halting->shape(), (std::vector<int64_t>{7, 3}));
    EXPECT_EQ(halting->integer(20), 3);
  }
}

TEST_F(RunTest, ComparesWithAReference) {
  std::vector<float> logits = expectedLogits();
  logits[3] += 0.25f;
  int64_t other = (predictions()[6] + 1) % 10;
  logits[60 + other] += 1000;
  ASSERT_TRUE(succeeds(writeNpy(folder / "r.npy", NpyType::F32, {7, 10}, logits.data())));
  std::vector<int32_t> halting(21, 2);
  ASSERT_TRUE(succeeds(writeNpy(folder / "rh.npy", NpyType::I32, {7, 3}, halting.data())));
  std::string arguments = "--input images.npy --reference r.npy --reference-halting rh.npy";
  Json result = json(arguments);
  EXPECT_EQ(result["agreeing"], 6);
  EXPECT_EQ(result["largest_difference"], 1000.0);
  EXPECT_DOUBLE_EQ(result["halting_agreement"], 7 / 21.0);
  // A reference may hold more images than are run.
  result = json(arguments + " --limit 3");
  EXPECT_EQ(result["agreeing"], 3);
  EXPECT_EQ(result["largest_difference"], 0.25);
  Outcome outcome = stas("run toy.stas " + arguments);
  EXPECT_NE(outcome.out.find("same class as reference         85.71% (6 of 7)"), std::string::npos) << outcome.out;
  EXPECT_NE(outcome.out.find("same halting step as reference  33.33%"), std::string::npos) << outcome.out;
}

TEST_F(RunTest, DumpsAndTeaches) {
  ASSERT_TRUE(works(stas("run toy.stas --input images.npy --dump-spikes s "
                         "--output a.npy --rates r.json")));
  EXPECT_TRUE(std::filesystem::exists(folder / "s/stem.lif.npy"));
  EXPECT_TRUE(std::filesystem::exists(folder / "s/block.lif.npy"));
  Json rates = Json::parse(readAll(folder / "r.json"));
  EXPECT_EQ(rates["images"], 7);
  Json lif = rates["layers"]["block.lif"];
  EXPECT_DOUBLE_EQ(lif["rate"], lif["spikes"].get<double>() / (3072 * 5 * 7));
  EXPECT_EQ(lif["steps_run"], 21);
  // Taught its own spikes, it gives its own answers, whatever the images.
  std::vector<float> zeros(images.size(), 0);
  ASSERT_TRUE(succeeds(writeNpy(folder / "zeros.npy", NpyType::F32, {7, 3, 32, 32}, zeros.data())));
  ASSERT_TRUE(works(stas("run toy.stas --input zeros.npy --teacher s --output b.npy")));
  EXPECT_EQ(readAll(folder / "a.npy"), readAll(folder / "b.npy"));
}

TEST_F(RunTest, Cifar) {
  std::string file;
  for (int i = 0; i < 4; ++i) {
    file += static_cast<char>(i);
    for (int k = 0; k < 3072; ++k)
      file += static_cast<char>(k * (i + 3));
  }
  writeAll(folder / "test.bin", file);
  Json result = json("--input test.bin --limit 3");
  EXPECT_EQ(result["images"], 3);
  EXPECT_TRUE(result.contains("accuracy"));
  writeAll(folder / "labels.txt", "9\n9\n9\n9\n");
  result = json("--input test.bin --labels labels.txt");
  EXPECT_EQ(result["images"], 4);
}

TEST_F(RunTest, WhatIsNotANumberWins) {
  // As in PyTorch, so that a broken model shows.
  toy.manifest.set_kernels(6, "toy_nan");
  toy.write(folder / "toy.stas");
  Json result = json("--input images.npy --limit 1");
  EXPECT_EQ(result["predictions"][0]["class"], 1);
  std::vector<float> logits(70, 0);
  ASSERT_TRUE(succeeds(writeNpy(folder / "r.npy", NpyType::F32, {7, 10}, logits.data())));
  Outcome outcome = stas("run toy.stas --input images.npy --reference r.npy");
  EXPECT_TRUE(works(outcome));
  EXPECT_NE(outcome.out.find("nan"), std::string::npos) << outcome.out;
}

TEST_F(RunTest, ManyStepsAreGroupedByTimestep) {
  toy.timesteps = 9;
  toy.build();
  toy.manifest.set_blocks(4);
  toy.write(folder / "toy.stas");
  Outcome outcome = stas("run toy.stas --input images.npy");
  ASSERT_TRUE(works(outcome));
  EXPECT_NE(outcome.out.find("\n    1-4  100.0%"), std::string::npos);
  EXPECT_NE(outcome.out.find("\n  33-36    0.0%"), std::string::npos) << outcome.out;
  EXPECT_NE(outcome.out.find("timesteps a token lived  1.00 of 9"), std::string::npos);
  toy.manifest.set_halting_order(artifact::RECTANGULAR);
  toy.write(folder / "toy.stas");
  EXPECT_EQ(stas("run toy.stas --input images.npy").out.find("timesteps a"), std::string::npos);
}
