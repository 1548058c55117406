//===- ObserversTest.cpp - What to do with the spikes of a run ------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "stas/Runtime/Observers.h"
#include "../TestUtils.h"
#include "../Toy/ToyModel.h"

#include <algorithm>
#include <cstring>

using namespace stas;
using namespace stas::test;

namespace {

/// A toy model loaded, with images to run.
class Observers : public testing::TestWithParam<int> {
protected:
  static constexpr int64_t kImages = 5;

  void SetUp() override {
    toy.write(folder / "toy.stas");
    LoadOptions options;
    options.threads = GetParam();
    auto loaded = Model::load(folder / "toy.stas", options);
    ASSERT_TRUE(succeeds(loaded));
    model = std::move(*loaded);
    images = toy.images(kImages);
    logits.resize(kImages * toy.classes);
  }

  Status run(std::vector<Observer *> observers) {
    RunOptions options;
    options.observers = std::move(observers);
    return model->run({kImages, images.data(), logits.data()}, options);
  }

  ToyModel::Expected expected(int64_t i) { return toy.compute(images.data() + i * toy.pixels()); }

  TempFolder folder;
  ToyModel toy;
  std::unique_ptr<Model> model;
  std::vector<float> images, logits;
};

} // namespace

TEST_P(Observers, DumpHasPyTorchsOrder) {
  auto dump = SpikeDump::create(folder / "spikes", model->info(), kImages);
  ASSERT_TRUE(succeeds(dump));
  ASSERT_TRUE(succeeds(run({dump->get()})));
  EXPECT_FALSE(std::filesystem::exists(folder / "spikes/stem.lif.npy"));
  ASSERT_TRUE(succeeds((*dump)->flush()));
  ASSERT_TRUE(succeeds((*dump)->commit()));
  dump->reset();

  auto stem = NpyArray::open(folder / "spikes/stem.lif.npy");
  ASSERT_TRUE(succeeds(stem));
  EXPECT_EQ(stem->type(), NpyType::U8);
  EXPECT_EQ(stem->shape(), (std::vector<int64_t>{1, kImages, 3, 4, 2}));
  auto lif = NpyArray::open(folder / "spikes/block.lif.npy");
  ASSERT_TRUE(succeeds(lif));
  EXPECT_EQ(lif->shape(), (std::vector<int64_t>{5, kImages, 12, 2}));
  uint32_t n = toy.pixels(), places = toy.height * toy.width;
  for (int64_t i = 0; i < kImages; ++i) {
    auto want = expected(i);
    for (uint32_t c = 0; c < toy.channels; ++c)
      for (uint32_t p = 0; p < places; ++p)
        ASSERT_EQ(stem->data()[i * n + c * places + p], want.stem[p * toy.channels + c]);
    for (uint32_t t = 0; t < toy.timesteps; ++t)
      for (uint32_t k = 0; k < n; ++k)
        // Timesteps that never ran are silent.
        ASSERT_EQ(lif->data()[(t * kImages + i) * n + k], t < want.lif.size() ? want.lif[t][k] : 0);
  }
}

TEST_P(Observers, DumpLeavesNothingWithoutCommit) {
  {
    auto dump = SpikeDump::create(folder / "spikes", model->info(), kImages);
    ASSERT_TRUE(succeeds(dump));
    ASSERT_TRUE(succeeds(run({dump->get()})));
  }
  EXPECT_EQ(folder.names(), std::vector<std::string>{"toy.stas"});
}

TEST_P(Observers, DumpKeepsAFolderThatWasThere) {
  std::filesystem::create_directory(folder / "spikes");
  writeAll(folder / "spikes/note.txt", "mine");
  {
    auto dump = SpikeDump::create(folder / "spikes", model->info(), kImages);
    ASSERT_TRUE(succeeds(dump));
  }
  EXPECT_EQ(readAll(folder / "spikes/note.txt"), "mine");
}

TEST_P(Observers, DumpErrors) {
  EXPECT_TRUE(failsWith(SpikeDump::create(folder / "no/spikes", model->info(), kImages),
                        "no/spikes: cannot make the folder: No such file"));
  EXPECT_TRUE(failsWith(SpikeDump::create(folder / "toy.stas", model->info(), kImages),
                        "toy.stas/stem.lif.npy: cannot write: Not a directory"));
}

TEST_P(Observers, AFullDiskEndsTheRun) {
  auto dump = SpikeDump::create(folder / "spikes", model->info(), kImages);
  ASSERT_TRUE(succeeds(dump));
  Status status;
  {
    WithLimit disk(RLIMIT_FSIZE, 1);
    status = run({dump->get()});
  }
  EXPECT_TRUE(failsWith(status, ".npy: cannot write: File too large"));
  dump->reset();
  EXPECT_EQ(folder.names(), std::vector<std::string>{"toy.stas"});
}

TEST_P(Observers, CounterCounts) {
  SpikeCounter counter(model->info());
  ASSERT_TRUE(succeeds(run({&counter})));
  uint64_t stem = 0, lif = 0;
  for (int64_t i = 0; i < kImages; ++i) {
    auto want = expected(i);
    stem += std::count(want.stem.begin(), want.stem.end(), 1);
    for (const auto &step : want.lif)
      lif += std::count(step.begin(), step.end(), 1);
  }
  EXPECT_GT(lif, 0u);
  EXPECT_EQ(counter.spikes(0), stem);
  EXPECT_EQ(counter.spikes(1), lif);
  energy::NeuronRates rates = counter.rates(1);
  EXPECT_EQ(counter.rates(0).stepsRun, std::vector<uint64_t>{kImages});
  EXPECT_EQ(rates.stepsRun, (std::vector<uint64_t>{kImages, kImages, kImages, 0, 0}));
  EXPECT_EQ(rates.name, "block.lif");
  EXPECT_EQ(rates.neurons, 24u);
  for (size_t t = 0; t < 5; ++t) {
    uint64_t spikes = 0;
    for (int64_t i = 0; i < kImages; ++i)
      if (auto want = expected(i).lif; t < want.size())
        spikes += std::count(want[t].begin(), want[t].end(), 1);
    EXPECT_EQ(rates.spikes[t], spikes);
  }
  EXPECT_DOUBLE_EQ(counter.rate(0, kImages), stem / (24.0 * kImages));
  EXPECT_DOUBLE_EQ(counter.rate(1, kImages), lif / (24.0 * 5 * kImages));
  EXPECT_EQ(counter.rate(0, 0), 0);
}

TEST_P(Observers, TeacherFeedsTheNextLayer) {
  // The stem's spikes of other images, one more than is run, and a LIF that
  // never fires but in one place.
  constexpr int64_t kTaught = kImages + 1;
  uint32_t n = toy.pixels(), places = toy.height * toy.width;
  std::vector<uint8_t> stem(kTaught * n), lif(5 * kTaught * n);
  std::vector<std::vector<uint8_t>> stems;
  for (int64_t i = 0; i < kTaught; ++i) {
    std::vector<float> other = toy.image(100 + i);
    stems.push_back(toy.compute(other.data()).stem);
    for (uint32_t c = 0; c < toy.channels; ++c)
      for (uint32_t p = 0; p < places; ++p)
        stem[i * n + c * places + p] = stems[i][p * toy.channels + c];
    lif[(1 * kTaught + i) * n + 6] = 1; // t = 1, neuron 6, so class 2.
  }
  std::filesystem::create_directory(folder / "taught");
  ASSERT_TRUE(succeeds(writeNpy(folder / "taught/stem.lif.npy", NpyType::U8, {1, kTaught, 3, 4, 2}, stem.data())));
  ASSERT_TRUE(succeeds(writeNpy(folder / "taught/block.lif.npy", NpyType::U8, {5, kTaught, 12, 2}, lif.data())));
  auto teacher = SpikeTeacher::open(folder / "taught", model->info(), kImages);
  ASSERT_TRUE(succeeds(teacher));
  auto dump = SpikeDump::create(folder / "spikes", model->info(), kImages);
  ASSERT_TRUE(succeeds(dump));
  ASSERT_TRUE(succeeds(run({dump->get(), teacher->get()})));
  ASSERT_TRUE(succeeds((*dump)->commit()));

  auto dumpedStem = NpyArray::open(folder / "spikes/stem.lif.npy");
  auto dumpedLif = NpyArray::open(folder / "spikes/block.lif.npy");
  ASSERT_TRUE(succeeds(dumpedStem));
  ASSERT_TRUE(succeeds(dumpedLif));
  for (int64_t i = 0; i < kImages; ++i) {
    // The dump has what the model computed from what it was fed: the stem from
    // the image, the LIF from the taught stem.
    EXPECT_EQ(dumpedStem->data()[i * n], expected(i).stem[0]);
    auto fed = toy.fromStem(stems[i]);
    for (size_t t = 0; t < fed.lif.size(); ++t)
      for (uint32_t k = 0; k < n; ++k)
        ASSERT_EQ(dumpedLif->data()[(t * kImages + i) * n + k], fed.lif[t][k]);
    // The head saw only the taught spike, which counts t + 1.
    const float *row = logits.data() + i * toy.classes;
    EXPECT_EQ(std::vector<float>(row, row + 4), (std::vector<float>{0, 0, 2, 0}));
  }
}

TEST_P(Observers, TeacherErrors) {
  std::filesystem::create_directory(folder / "taught");
  EXPECT_TRUE(failsWith(SpikeTeacher::open(folder / "taught", model->info(), kImages),
                        "taught/stem.lif.npy: cannot open: No such file"));
  std::vector<float> zeros(1000, 0);
  auto refused = [&](NpyType type, std::vector<int64_t> shape, const char *message) {
    ASSERT_TRUE(succeeds(writeNpy(folder / "taught/stem.lif.npy", type, shape, zeros.data())));
    EXPECT_TRUE(failsWith(SpikeTeacher::open(folder / "taught", model->info(), kImages), message));
  };
  refused(NpyType::U8, {1, 5, 4, 2, 3},
          "stem.lif.npy: spikes: required uint8 [1, 5, 3, 4, 2], found uint8 "
          "[1, 5, 4, 2, 3]");
  refused(NpyType::U8, {1, 4, 3, 4, 2}, "found uint8 [1, 4, 3, 4, 2]");
  refused(NpyType::U8, {24}, "found uint8 [24]");
  refused(NpyType::F32, {1, 5, 3, 4, 2}, "found float32 [1, 5, 3, 4, 2]");
}

// Images alone on a thread, and images on all threads together.
INSTANTIATE_TEST_SUITE_P(Threads, Observers, testing::Values(1, 2, 9));
