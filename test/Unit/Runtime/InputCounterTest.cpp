//===- InputCounterTest.cpp - What layers are fed -------------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "../TestUtils.h"
#include "../Toy/ToyModel.h"
#include "stas/Runtime/Observers.h"

#include <algorithm>
#include <cmath>
#include <numeric>

using namespace stas;
using namespace stas::energy;
using namespace stas::test;

namespace {

constexpr int64_t kImages = 5;
enum { StemConv, BlockConv, Attention, Linear, Halting };

/// The toy model's counts, by loops that follow their definitions.
struct Expected {
  InputCounts conv;
  CoincidenceCounts attention; ///< At a timestep that runs; the same at each.
  InputCounts linear[3];

  explicit Expected(const ToyModel &toy) {
    for (int64_t i = 0; i < kImages; ++i)
      add(toy, toy.image(i));
  }

private:
  void add(const ToyModel &toy, const std::vector<float> &image) {
    ToyModel::Expected run = toy.compute(image.data());
    int64_t height = toy.height, width = toy.width, channels = toy.channels;
    conv.rows += height * width;
    for (int64_t y = 0; y < height; ++y)
      for (int64_t x = 0; x < width; ++x)
        for (int64_t c = 0; c < channels; ++c) {
          int64_t n = run.stem[(y * width + x) * channels + c];
          conv.sum += n;
          conv.nonzero += n != 0;
          for (int64_t outY = 0; outY < height; ++outY)
            for (int64_t outX = 0; outX < width; ++outX)
              conv.taps += n * (std::abs(outY - y) <= 1 && std::abs(outX - x) <= 1);
        }
    addAttention(run.stem, toy.tokens, toy.pixels() / toy.tokens / 2);
    for (uint32_t t = 0; t < run.lif.size(); ++t)
      for (uint32_t token = t; token < toy.tokens; ++token) { // token i is gone after i + 1 steps
        const uint8_t *row = run.lif[t].data() + token * (toy.pixels() / toy.tokens);
        uint64_t spikes = std::accumulate(row, row + toy.pixels() / toy.tokens, uint64_t(0));
        linear[t].rows += 1;
        linear[t].sum += spikes;
        linear[t].nonzero += spikes;
        linear[t].taps += spikes;
      }
  }

  /// Queries, keys and values are one train of spikes, two heads.
  void addAttention(const std::vector<uint8_t> &s, int64_t tokens, int64_t width) {
    auto at = [&](int64_t head, int64_t n, int64_t c) { return s[n * 2 * width + head * width + c]; };
    attention.rows += tokens;
    for (int64_t head : {0, 1}) {
      std::vector<int64_t> scores(tokens * tokens), table(width * width);
      for (int64_t n = 0; n < tokens; ++n)
        for (int64_t c = 0; c < width; ++c) {
          attention.queries += at(head, n, c);
          for (int64_t m = 0; m < tokens; ++m)
            scores[n * tokens + m] += at(head, n, c) * at(head, m, c);
          for (int64_t j = 0; j < width; ++j)
            table[c * width + j] += at(head, n, c) * at(head, n, j);
        }
      attention.queryKey += std::accumulate(scores.begin(), scores.end(), int64_t(0));
      attention.keyValue += std::accumulate(table.begin(), table.end(), int64_t(0));
      for (int64_t n = 0; n < tokens; ++n)
        for (int64_t c = 0; c < width; ++c) {
          for (int64_t m = 0; m < tokens; ++m)
            attention.scoreValue += scores[n * tokens + m] > 0 && at(head, m, c);
          for (int64_t j = 0; j < width; ++j)
            attention.queryTable += at(head, n, c) && table[c * width + j] > 0;
        }
    }
    attention.keys = attention.values = attention.queries;
  }
};

void expectEqual(const InputCounts &found, const InputCounts &expected) {
  EXPECT_EQ(found.rows, expected.rows);
  EXPECT_EQ(found.sum, expected.sum);
  EXPECT_EQ(found.nonzero, expected.nonzero);
  EXPECT_EQ(found.graded, expected.graded);
  EXPECT_EQ(found.taps, expected.taps);
}

class InputCounters : public testing::TestWithParam<int> {
protected:
  /// Runs the toy; counts are empty where that fails.
  Status run(std::vector<LayerRates> &counts) {
    toy.write(folder / "toy.stas");
    LoadOptions options;
    options.threads = GetParam();
    auto model = Model::load(folder / "toy.stas", options);
    if (!model)
      return model.error();
    InputCounter counter((*model)->info());
    RunOptions run;
    run.observers = {&counter};
    run.poison = true;
    std::vector<float> images = toy.images(kImages), logits(kImages * toy.classes);
    Status status = (*model)->run({kImages, images.data(), logits.data()}, run);
    counts = counter.rates();
    return status;
  }
  artifact::Work &work(int step) { return *toy.manifest.mutable_steps(step)->mutable_launch()->mutable_work(); }

  TempFolder folder;
  ToyModel toy;
  std::vector<LayerRates> counts;
};

} // namespace

TEST_P(InputCounters, CountWhatIsThere) {
  ASSERT_TRUE(succeeds(run(counts)));
  Expected expected(toy);
  ASSERT_EQ(counts.size(), 5u);
  // Of real inputs the rows alone.
  ASSERT_EQ(counts[StemConv].inputs.size(), 1u);
  expectEqual(counts[StemConv].inputs[0], {kImages * 8, 0, 0, 0, 0});
  ASSERT_EQ(counts[BlockConv].inputs.size(), 1u);
  EXPECT_GT(expected.conv.taps, expected.conv.sum);
  EXPECT_LT(expected.conv.taps, 9 * expected.conv.sum);
  expectEqual(counts[BlockConv].inputs[0], expected.conv);
  ASSERT_EQ(counts[Attention].coincidences.size(), 5u);
  ASSERT_EQ(counts[Linear].inputs.size(), 5u);
  EXPECT_GT(expected.linear[1].sum, 0u);
  for (int t = 0; t < 5; ++t) {
    CoincidenceCounts attention = t < 3 ? expected.attention : CoincidenceCounts();
    const CoincidenceCounts &found = counts[Attention].coincidences[t];
    EXPECT_EQ(found.rows, attention.rows);
    EXPECT_EQ(found.queries, attention.queries);
    EXPECT_EQ(found.keys, attention.keys);
    EXPECT_EQ(found.values, attention.values);
    EXPECT_EQ(found.queryKey, attention.queryKey);
    EXPECT_EQ(found.scoreValue, attention.scoreValue);
    EXPECT_EQ(found.keyValue, attention.keyValue);
    EXPECT_EQ(found.queryTable, attention.queryTable);
    expectEqual(counts[Linear].inputs[t], t < 3 ? expected.linear[t] : InputCounts());
  }
  EXPECT_EQ(counts[Halting].active, (std::vector<uint64_t>{3 * kImages, 2 * kImages, kImages, 0, 0}));
}

TEST_P(InputCounters, CountPartsOfMeans) {
  // The image's pixels are thousandths: n / 1000.
  work(ToyModel::StemStep).set_parts(1000);
  work(ToyModel::StemStep).set_max(1000);
  ASSERT_TRUE(succeeds(run(counts)));
  InputCounts expected;
  expected.rows = kImages * 8;
  for (int64_t i = 0; i < kImages; ++i)
    for (float pixel : toy.image(i)) {
      uint64_t n = std::lround(pixel * 1000);
      expected.sum += n;
      expected.taps += n; // a kernel of one
      expected.nonzero += n != 0;
      expected.graded += n != 0 && n != 1000;
    }
  EXPECT_GT(expected.graded, 0u);
  expectEqual(counts[StemConv].inputs[0], expected);
}

TEST_P(InputCounters, RefuseWhatTheArtifactDoesNotSay) {
  work(ToyModel::StemStep).set_parts(7);
  work(ToyModel::StemStep).set_max(7);
  EXPECT_TRUE(failsWith(run(counts),
                        "layer stem.conv: image 0: required inputs n / 7 with n = 0 to 7, found another; the "
                        "code in the artifact is wrong"));
  // Below the largest pixel.
  work(ToyModel::StemStep).set_parts(1000);
  work(ToyModel::StemStep).set_max(500);
  EXPECT_TRUE(failsWith(run(counts), "layer stem.conv: image 0: required inputs n / 1000 with n = 0 to 500"));
}

INSTANTIATE_TEST_SUITE_P(Threads, InputCounters, testing::Values(1, 2, 7));
