//===- RuntimeTest.cpp - Models from C ------------------------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "stas-c/Runtime.h"
#include "../Artifact/ToyCuda.h"
#include "../Toy/ToyModel.h"

#include <cmath>
#include <cstring>

using namespace stas;
using namespace stas::test;

/// An error's text, freed; empty where there is none.
static std::string take(char *error) {
  std::string text = error ? error : "";
  stasErrorFree(error);
  return text;
}

static std::string loadError(const std::string &path, const StasLoadOptions *options = nullptr) {
  StasModel *model = nullptr;
  std::string text = take(stasModelLoad(path.c_str(), options, &model));
  EXPECT_EQ(model == nullptr, !text.empty());
  stasModelFree(model);
  return text;
}

TEST(CAPI, ArtifactsForACpu) {
  TempFolder folder;
  ToyModel().write(folder / "toy.stas");
  StasModel *model = nullptr;
  StasLoadOptions options = {};
  options.threads = 2;
  ASSERT_EQ(take(stasModelLoad((folder / "toy.stas").c_str(), &options, &model)), "");
  StasModelInfo info = stasModelInfo(model);
  EXPECT_STREQ(info.target, "cpu");
  EXPECT_STREQ(info.device, "");
  EXPECT_EQ(info.frames * info.channels * info.height * info.width, 24);
  EXPECT_EQ(info.mean, nullptr);
  EXPECT_EQ(info.std, nullptr);
  EXPECT_EQ(info.classes, 4);
  EXPECT_EQ(info.tokens, 3);
  ASSERT_TRUE(info.halts);
  std::vector<float> images(5 * 24, 0.5f), logits(5 * 4, NAN), same(4, NAN);
  std::vector<int32_t> halting(5 * 3, -1);
  EXPECT_EQ(take(stasModelRun(model, 5, images.data(), logits.data(), halting.data())), "");
  EXPECT_EQ(take(stasModelRun(model, 1, images.data(), same.data(), nullptr)), "");
  EXPECT_TRUE(std::equal(same.begin(), same.end(), logits.begin()));
  for (int32_t step : halting)
    EXPECT_GE(step, 1);
  EXPECT_EQ(take(stasModelRun(model, 0, nullptr, nullptr, nullptr)), "");
  EXPECT_NE(take(stasModelRun(model, 1, nullptr, logits.data(), nullptr)).find("required arrays"), std::string::npos);
  stasModelFree(model);
}

TEST(CAPI, ArtifactsForAGpu) {
  TempFolder folder;
  ToyCuda toy;
  toy.manifest.mutable_input()->add_mean(0.5f);
  toy.manifest.mutable_input()->add_std(0.25f);
  ASSERT_TRUE(succeeds(toy.write(folder / "toy.stas")));
  setenv("STAS_CUDA_DRIVER", STAS_TEST_CUDA_DRIVER, 1);
  StasModel *model = nullptr;
  StasLoadOptions options = {};
  options.batch = 2;
  ASSERT_EQ(take(stasModelLoad((folder / "toy.stas").c_str(), &options, &model)), "");
  StasModelInfo info = stasModelInfo(model);
  EXPECT_STREQ(info.target, "cuda");
  EXPECT_STREQ(info.code, "sm_80 PTX");
  EXPECT_STREQ(info.device, "PTX on the CPU");
  EXPECT_STREQ(info.precision, "int16");
  EXPECT_STREQ(info.source, "toy.pth");
  EXPECT_EQ(info.mean[0], 0.5f);
  EXPECT_EQ(info.std[0], 0.25f);
  EXPECT_FALSE(info.halts);
  EXPECT_EQ(info.timesteps, 4);
  const uint32_t words[3][4] = {{1, 0, 0, 0}, {0, 2, 0, 3}, {9, 9, 9, 9}};
  std::vector<float> images(12), logits(3);
  std::memcpy(images.data(), words, sizeof(words));
  ASSERT_EQ(take(stasModelRun(model, 3, images.data(), logits.data(), nullptr)), "");
  uint32_t sums[3];
  std::memcpy(sums, logits.data(), sizeof(sums));
  EXPECT_EQ(sums[0], 1u);
  EXPECT_EQ(sums[1], 3020u);
  EXPECT_EQ(sums[2], 9999u);
  int32_t halting = 0;
  EXPECT_NE(take(stasModelRun(model, 1, images.data(), logits.data(), &halting)).find("do not halt"),
            std::string::npos);
  stasModelFree(model);
  options.gpu = 7;
  EXPECT_NE(loadError(folder / "toy.stas", &options).find("CUDA: no GPU 7"), std::string::npos);
  unsetenv("STAS_CUDA_DRIVER");
}

TEST(CAPI, Errors) {
  TempFolder folder;
  EXPECT_NE(loadError(folder / "none.stas").find("none.stas: cannot open: No such file"), std::string::npos);
  StasModel *model = nullptr;
  EXPECT_EQ(take(stasModelLoad(nullptr, nullptr, &model)), "stasModelLoad: required a path, found NULL");
  EXPECT_EQ(take(stasModelLoad("x", nullptr, nullptr)), "stasModelLoad: required a place for the model, found NULL");
  EXPECT_EQ(take(stasModelRun(nullptr, 0, nullptr, nullptr, nullptr)), "stasModelRun: required a model, found NULL");
  ToyModel().write(folder / "toy.stas");
  StasLoadOptions options = {};
  options.cpu = "no-such-cpu";
  EXPECT_NE(loadError(folder / "toy.stas", &options).find("--cpu=no-such-cpu: required a CPU"), std::string::npos);
  stasModelFree(nullptr);
}
