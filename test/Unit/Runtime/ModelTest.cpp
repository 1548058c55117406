//===- ModelTest.cpp - Loads and runs a compiled model --------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "stas/Runtime/Model.h"
#include "../TestUtils.h"
#include "../Toy/ToyModel.h"
#include "stas/Target/Artifact/ArtifactWriter.h"

#include <cstring>
#include <elf.h>
#include <fcntl.h>
#include <numeric>
#include <unistd.h>

using namespace stas;
using namespace stas::artifact;
using namespace stas::test;

namespace {

std::unique_ptr<Model> loadToy(const ToyModel &toy, int threads) {
  TempFolder folder;
  toy.write(folder / "toy.stas");
  LoadOptions options;
  options.threads = threads;
  auto model = Model::load(folder / "toy.stas", options);
  EXPECT_TRUE(succeeds(model));
  return model ? std::move(*model) : nullptr; // The file may go: it is mapped.
}

struct Outputs {
  std::vector<float> logits;
  std::vector<int32_t> halting;
};

Outputs runToy(Model &model, const std::vector<float> &images, int64_t count, const RunOptions &options = {}) {
  Outputs outputs;
  outputs.logits.assign(count * model.info().classes, -1);
  outputs.halting.assign(count * model.info().tokens, -1);
  Batch batch;
  batch.size = count;
  batch.images = images.data();
  batch.logits = outputs.logits.data();
  batch.halting = model.info().halts ? outputs.halting.data() : nullptr;
  EXPECT_TRUE(succeeds(model.run(batch, options)));
  return outputs;
}

void expectRight(const ToyModel &toy, const std::vector<float> &images, const Outputs &outputs, int64_t count) {
  for (int64_t i = 0; i < count; ++i) {
    auto expected = toy.compute(images.data() + i * toy.pixels());
    for (uint32_t c = 0; c < toy.classes; ++c)
      ASSERT_EQ(outputs.logits[i * toy.classes + c], expected.logits[c]) << "image " << i << ", class " << c;
    for (uint32_t k = 0; toy.halts && k < toy.tokens; ++k)
      ASSERT_EQ(outputs.halting[i * toy.tokens + k], expected.halting[k]);
  }
}

} // namespace

TEST(Model, DescribesItself) {
  ToyModel toy;
  for (float mean : {0.1f, 0.2f, 0.3f}) {
    toy.manifest.mutable_input()->add_mean(mean);
    toy.manifest.mutable_input()->add_std(1 + mean);
  }
  auto model = loadToy(toy, 2);
  const ModelInfo &info = model->info();
  EXPECT_EQ(info.source, "toy.pth");
  EXPECT_EQ(info.family, "stas");
  EXPECT_EQ(info.target, "cpu");
  EXPECT_EQ(info.precision, "f32");
  EXPECT_EQ(info.input.elements(), 24);
  EXPECT_EQ(info.input.mean, (std::vector<float>{0.1f, 0.2f, 0.3f}));
  EXPECT_EQ(info.input.std[2], 1.3f);
  EXPECT_EQ(info.classes, 4);
  EXPECT_EQ(info.timesteps, 5);
  EXPECT_EQ(info.tokens, 3);
  EXPECT_TRUE(info.halts);
  EXPECT_TRUE(info.lexicographic);
  ASSERT_EQ(info.spikeLayers.size(), 2u);
  EXPECT_EQ(info.spikeLayers[0].name, "stem.lif");
  EXPECT_TRUE(info.spikeLayers[0].isMap);
  EXPECT_EQ(info.spikeLayers[0].timesteps, 1);
  EXPECT_EQ(info.spikeLayers[1].timesteps, 5);
  EXPECT_EQ(info.spikeLayers[1].neurons(), 24);
  EXPECT_EQ(model->threads(), 2);
}

TEST(Model, ThreadsDefaultToTheCpus) { EXPECT_EQ(loadToy(ToyModel(), 0)->threads(), availableCpus()); }

/// Threads, batch, and whether tokens halt.
class ModelRuns : public testing::TestWithParam<std::tuple<int, int64_t, bool>> {};

TEST_P(ModelRuns, AreRight) {
  auto [threads, count, halts] = GetParam();
  ToyModel toy;
  toy.halts = halts;
  toy.resize(3, 5, 6);
  auto model = loadToy(toy, threads);
  std::vector<float> images = toy.images(count);
  expectRight(toy, images, runToy(*model, images, count), count);
  // Again, with what the first run left behind in memory.
  RunOptions poison;
  poison.poison = true;
  expectRight(toy, images, runToy(*model, images, count, poison), count);
}

// Batches that are fewer than the threads, that leave a rest, and that do not.
INSTANTIATE_TEST_SUITE_P(Splits, ModelRuns,
                         testing::Combine(testing::Values(1, 2, 3, 7), testing::Values<int64_t>(0, 1, 2, 3, 5, 14, 32),
                                          testing::Bool()));

// Of two ways to a result a run takes the one for its observers.
TEST(Model, TakesOneOfTwoWays) {
  struct Watches : Observer {
    Status onSpikes(const SpikeView &) override { return {}; }
  };
  for (When when : {OBSERVED, UNOBSERVED}) {
    ToyModel toy;
    Launch &scale = *toy.manifest.mutable_steps(ToyModel::ScaleStep)->mutable_launch();
    scale.set_when(when);
    scale.clear_work(); // only observed runs look at work
    auto model = loadToy(toy, 2);
    std::vector<float> images = toy.images(3);
    Watches watches;
    RunOptions options;
    options.poison = true;
    Outputs unseen = runToy(*model, images, 3, options);
    options.observers = {&watches};
    Outputs seen = runToy(*model, images, 3, options);
    expectRight(toy, images, when == OBSERVED ? seen : unseen, 3);
    EXPECT_NE(seen.logits, unseen.logits);
  }
}

TEST(Model, StopsWhenAllTokensHaveHalted) {
  // Three tokens halt at steps 1, 2 and 3 of 5: two turns are never run.
  struct LastTurn : Observer {
    std::atomic<int64_t> last{-1};
    Status onSpikes(const SpikeView &view) override {
      if (view.t > last)
        last = view.t;
      return {};
    }
  };
  for (int threads : {1, 3}) {
    for (bool halts : {true, false}) {
      ToyModel toy;
      toy.halts = halts;
      toy.build();
      auto model = loadToy(toy, threads);
      LastTurn observer;
      RunOptions options;
      options.observers.push_back(&observer);
      runToy(*model, toy.images(4), 4, options);
      EXPECT_EQ(observer.last, halts ? 2 : 4);
    }
  }
}

TEST(Model, HaltingMayBeLeftOut) {
  ToyModel toy;
  auto model = loadToy(toy, 1);
  std::vector<float> images = toy.images(1), logits(toy.classes);
  EXPECT_TRUE(succeeds(model->run({1, images.data(), logits.data()})));
  EXPECT_EQ(logits, toy.compute(images.data()).logits);
}

TEST(Model, TwoModelsKeepTheirCodeApart) {
  ToyModel first, second;
  second.otherKernels = true;
  second.manifest.clear_steps();
  *second.manifest.add_steps() = first.manifest.steps(ToyModel::HeadStep);
  second.manifest.mutable_steps(0)->mutable_launch()->set_kernel(0);
  second.manifest.clear_kernels();
  second.manifest.add_kernels("toy_head");
  auto a = loadToy(first, 1);
  auto b = loadToy(second, 1);
  std::vector<float> images = first.images(1), logits(first.classes);
  ASSERT_TRUE(succeeds(b->run({1, images.data(), logits.data()})));
  EXPECT_EQ(logits, (std::vector<float>{1000, 1001, 1002, 1003}));
  ASSERT_TRUE(succeeds(a->run({1, images.data(), logits.data()})));
  EXPECT_EQ(logits, first.compute(images.data()).logits);
}

TEST(Model, LoadingLeavesNoDescriptorsOpen) {
  ToyModel toy;
  loadToy(toy, 2);
  int before = dup(0);
  close(before);
  for (int i = 0; i < 5; ++i)
    loadToy(toy, 2);
  int after = dup(0);
  close(after);
  EXPECT_EQ(before, after);
}

TEST(Model, TimesLaunchesInTheOrderOfThePlan) {
  ToyModel toy;
  for (int threads : {1, 2}) {
    auto model = loadToy(toy, threads);
    std::vector<LaunchTime> profile;
    RunOptions options;
    options.profile = &profile;
    runToy(*model, toy.images(9), 9, options);
    ASSERT_EQ(profile.size(), 7u);
    EXPECT_EQ(profile[0].layer, "begin");
    EXPECT_EQ(profile[6].layer, "head");
    double once = 0, twice = 0;
    for (const LaunchTime &time : profile) {
      EXPECT_GT(time.seconds, 0);
      once += time.seconds;
      if (!time.timesteps.empty()) {
        EXPECT_EQ(time.timesteps.size(), 5u) << time.layer;
        EXPECT_NEAR(std::accumulate(time.timesteps.begin(), time.timesteps.end(), 0.0), time.seconds, 1e-9);
      }
    }
    EXPECT_TRUE(profile[0].timesteps.empty());
    EXPECT_FALSE(profile[3].timesteps.empty());
    runToy(*model, toy.images(9), 9, options); // Adds.
    for (const LaunchTime &time : profile)
      twice += time.seconds;
    EXPECT_GT(twice, once);
  }
}

TEST(Model, RefusesWhatIsNoBatch) {
  ToyModel toy;
  toy.halts = false;
  toy.build();
  auto model = loadToy(toy, 1);
  std::vector<float> images = toy.images(1), logits(4);
  std::vector<int32_t> halting(3);
  EXPECT_TRUE(
      failsWith(model->run({-1, images.data(), logits.data()}), "batch: required a size of 0 or more, found -1"));
  EXPECT_TRUE(failsWith(model->run({1, nullptr, logits.data()}), "required arrays for images and logits, found null"));
  EXPECT_TRUE(failsWith(model->run({1, images.data(), nullptr}), "required arrays for images and logits, found null"));
  EXPECT_TRUE(failsWith(model->run({1, images.data(), logits.data(), halting.data()}),
                        "halting steps of a model whose tokens do not halt"));
  EXPECT_TRUE(succeeds(model->run({0, nullptr, nullptr})));
}

TEST(Model, AnObserversErrorEndsTheRun) {
  struct Refuses : Observer {
    std::atomic<int> calls{0};
    Status onSpikes(const SpikeView &view) override {
      ++calls;
      if (view.image < 105)
        return {};
      return makeError("image ", view.image);
    }
  };
  ToyModel toy;
  for (int threads : {1, 2, 5, 16}) {
    auto model = loadToy(toy, threads);
    Refuses observer;
    RunOptions options;
    options.observers.push_back(&observer);
    std::vector<float> images = toy.images(12), logits(12 * toy.classes);
    Batch batch{12, images.data(), logits.data()};
    batch.firstImage = 100;
    Status status = model->run(batch, options);
    EXPECT_TRUE(failsWith(status, "image 1"));
    EXPECT_LT(observer.calls, 12 * 4);
    // The model is still good.
    expectRight(toy, images, runToy(*model, images, 12), 12);
  }
}

TEST(Model, LoadRefusals) {
  TempFolder folder;
  auto refused = [&](const ToyModel &toy, const char *message) {
    toy.write(folder / "a.stas");
    EXPECT_TRUE(failsWith(Model::load(folder / "a.stas"), message));
  };
  EXPECT_TRUE(failsWith(Model::load(folder / "none.stas"), "cannot open"));
  ToyModel toy;
  toy.manifest.add_cpu_features("sse2");
  toy.manifest.add_cpu_features("warp9");
  refused(toy, "a.stas: the code was compiled for --cpu=x86-64 and needs CPU "
               "features that this machine lacks: warp9");
  toy = ToyModel();
  toy.manifest.set_kernels(2, "missing_kernel");
  refused(toy, "a.stas: the section 'object' has no kernel 'missing_kernel'");
}

TEST(Model, TheLastCodeThatThisMachineRuns) {
  TempFolder folder;
  ToyModel toy;
  addVariant(toy.manifest, "same");
  Variant &silent = addVariant(toy.manifest, "silent"); // has toy_begin in the place of toy_add: nothing is summed
  silent.add_cpu_features("sse2");
  silent.mutable_launches(4)->set_kernel(0);
  addVariant(toy.manifest, "future").add_cpu_features("warp9");
  toy.write(folder / "a.stas");
  std::vector<float> images = toy.images(3);
  auto run = [&](const std::string &cpu, const std::string &name) {
    LoadOptions options;
    options.cpu = cpu;
    auto model = Model::load(folder / "a.stas", options);
    EXPECT_TRUE(succeeds(model));
    EXPECT_EQ((*model)->info().cpu, name);
    return runToy(**model, images, 3);
  };
  expectRight(toy, images, run("x86-64", "x86-64"), 3);
  expectRight(toy, images, run("same", "same"), 3);
  for (const char *cpu : {"", "silent"})
    for (float logit : run(cpu, "silent").logits)
      EXPECT_EQ(logit, 0.0f);

  LoadOptions options;
  options.cpu = "future";
  EXPECT_TRUE(failsWith(Model::load(folder / "a.stas", options),
                        "a.stas: the code was compiled for --cpu=future and needs CPU features that this machine "
                        "lacks: warp9"));
  options.cpu = "haswell";
  EXPECT_TRUE(failsWith(Model::load(folder / "a.stas", options),
                        "a.stas: --cpu=haswell: required a CPU that the artifact has code for (x86-64, same, silent, "
                        "future), found another"));
}

/// An ELF file that the dynamic linker itself refuses.
static std::string noDynamicSection(std::string object) {
  Elf64_Ehdr header;
  std::memcpy(&header, object.data(), sizeof(header));
  for (unsigned i = 0; i < header.e_phnum; ++i) {
    char *at = object.data() + header.e_phoff + i * sizeof(Elf64_Phdr);
    Elf64_Phdr segment;
    std::memcpy(&segment, at, sizeof(segment));
    if (segment.p_type == PT_DYNAMIC)
      segment.p_type = PT_NULL;
    std::memcpy(at, &segment, sizeof(segment));
  }
  return object;
}

TEST(Model, CodeThatIsNoCode) {
  TempFolder folder;
  ToyModel toy;
  toy.write(folder / "a.stas");
  // As the writer would, with text for code.
  auto artifact = Artifact::open(folder / "a.stas");
  ASSERT_TRUE(succeeds(artifact));
  std::string object(artifact->bytes(kObjectSection));
  std::string weights(artifact->bytes(kWeightsSection));
  std::string otherMachine = object, badTable = object;
  otherMachine[18] = 40; // 32-bit ARM, in e_machine.
  badTable[32 + 7] = 1;  // The top byte of e_phoff.
  const std::pair<std::string, const char *> cases[] = {{"no code", "required an ELF shared object, found other bytes"},
                                                        {otherMachine, "required an ELF shared object for "},
                                                        {badTable, "the ELF program headers do not lie in it"},
                                                        {object.substr(0, object.size() / 3), "does not lie in it"},
                                                        {noDynamicSection(object), "; compile the model again"}};
  for (const auto &[code, message] : cases) {
    auto writer = ArtifactWriter::create(folder / "b.stas");
    ASSERT_TRUE(succeeds(writer));
    ASSERT_TRUE(succeeds(writer->beginSection(kWeightsSection)));
    ASSERT_TRUE(succeeds(writer->append(weights.data(), weights.size())));
    ASSERT_TRUE(succeeds(writer->beginSection(kObjectSection)));
    ASSERT_TRUE(succeeds(writer->append(code.data(), code.size())));
    ASSERT_TRUE(succeeds(writer->finish(toy.manifest)));
    auto model = Model::load(folder / "b.stas");
    EXPECT_TRUE(failsWith(model, "b.stas: cannot load the section 'object': "));
    EXPECT_TRUE(failsWith(model, message));
  }
}

TEST(Model, ShortOfMemory) {
  TempFolder folder;
  ToyModel toy;
  toy.manifest.set_arena_bytes(uint64_t(4) << 30);
  toy.write(folder / "arena.stas");
  toy = ToyModel();
  toy.manifest.set_scratch_bytes(uint64_t(1) << 30);
  toy.write(folder / "scratch.stas");
  if (!kLimitsAddressSpace)
    GTEST_SKIP();
  WithLimit addresses(RLIMIT_AS, uint64_t(1) << 30);
  LoadOptions one;
  one.threads = 1;
  auto arena = Model::load(folder / "arena.stas", one);
  auto scratch = Model::load(folder / "scratch.stas", one);
  EXPECT_TRUE(failsWith(arena, "arena.stas: not enough memory: an image needs "
                               "4.0 GiB a thread; use fewer threads"));
  EXPECT_TRUE(failsWith(scratch, "scratch.stas: not enough memory: required "
                                 "1.0 GiB a thread; use fewer threads"));
}

TEST(Model, ShortOfMemoryForTheCode) {
  TempFolder folder;
  ToyModel().write(folder / "a.stas");
  {
    WithLimit disk(RLIMIT_FSIZE, 100); // Files in memory count too.
    EXPECT_TRUE(failsWith(Model::load(folder / "a.stas"), "a.stas: cannot make memory for the code: File too large"));
  }
  int next = dup(0);
  close(next);
  // One descriptor is left: it opens the artifact, and is closed once mapped.
  // The code needs one, and the dynamic linker another.
  WithLimit descriptors(RLIMIT_NOFILE, next + 1);
  EXPECT_TRUE(failsWith(Model::load(folder / "a.stas"), "a.stas: cannot load the section 'object': "));
}

TEST(Model, ArenaHasSlackAndAlignment) {
  // The toy's last buffer ends at the end of the arena: a vector load past it
  // must find memory. The runtime promises 64 bytes.
  ToyModel toy;
  toy.resize(1, 64, 64);
  toy.manifest.set_arena_bytes(toy.manifest.arena_bytes());
  auto model = loadToy(toy, 1);
  std::vector<float> images = toy.images(2);
  expectRight(toy, images, runToy(*model, images, 2), 2);
}
