//===- AttentionTest.cpp - Attention on a GPU, executed -------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "TestKernels.h"
#include "lib/Conversion/SpikeToGPU/CostModel.h"
#include <gtest/gtest.h>

using namespace stas;
using namespace stas::cuda;

namespace {
AttentionSpec attention(int64_t tokens, int64_t width, int64_t heads, int64_t timesteps) {
  AttentionSpec spec;
  spec.tokens = tokens;
  spec.width = width;
  spec.heads = heads;
  spec.timesIn = spec.timesOut = timesteps;
  spec.form = halvingNeuron(timesteps, 0);
  // With spikes at a rate of r in q, k and v, r^3 N d pairs coincide.
  spec.threshold = std::max<int64_t>(1, tokens * (width / heads) * (int64_t(1) << timesteps) / 80);
  spec.reset = spec.threshold;
  return spec;
}

/// Runs a spec on drawn spikes and compares with triples that are counted one by one.
void check(const AttentionSpec &spec, int64_t images, unsigned seed) {
  SCOPED_TRACE(testing::Message() << spec.tokens << " tokens, " << spec.width << " channels, " << spec.heads
                                  << " heads, " << images << " images, " << spec.timesOut << " timesteps");
  std::mt19937 random(seed);
  int64_t n = spec.tokens, width = spec.width, depth = spec.depth(), rows = images * n;
  int64_t padded = roundUp(width, channelBlock);
  size_t size = spec.timesIn * rows * width;
  auto q = drawnSpikes(size, 0.3, random), k = drawnSpikes(size, 0.3, random), v = drawnSpikes(size, 0.3, random);
  std::vector<uint8_t> active = spec.masked ? drawnSpikes(rows, 0.6, random) : std::vector<uint8_t>(rows, 1);
  auto membrane = drawn<int32_t>(rows * padded, -spec.threshold, spec.threshold - 1, random);
  auto next = membrane;
  std::vector<uint8_t> expected(spec.timesOut * rows * width, 0);
  int64_t fired = 0;
  for (int64_t image = 0; image < images; ++image)
    for (int64_t c = 0; c < width; ++c) {
      int64_t first = c / depth * depth;
      for (int64_t token = 0; token < n; ++token) {
        int64_t row = image * n + token;
        if (!active[row])
          continue;
        int64_t state = spec.stateful && !spec.fresh ? membrane[row * padded + c] : 0;
        int64_t count = 0;
        for (int64_t t = 0; t < spec.timesOut; ++t) {
          int64_t from = (spec.timesIn == 1 ? 0 : t) * rows;
          if (t == 0 || spec.timesIn > 1) {
            count = 0;
            for (int64_t other = image * n; other < (image + 1) * n; ++other)
              if (active[other] && v[(from + other) * width + c])
                for (int64_t i = first; i < first + depth; ++i)
                  count += q[(from + row) * width + i] & k[(from + other) * width + i];
          }
          bool spike = spec.form.step(spec.form.current(count, spec.bias), spec.threshold, spec.reset, state);
          expected[(t * rows + row) * width + c] = spike;
          fired += spike;
        }
        if (spec.stateful)
          next[row * padded + c] = state;
      }
    }
  if (rows > 8) {
    EXPECT_GT(fired, static_cast<int64_t>(expected.size()) / 100) << "a test that sees too few spikes";
    EXPECT_LT(fired, static_cast<int64_t>(expected.size()) * 95 / 100);
  }
  Device device;
  uint64_t membraneAt = 0, spikesAt = 0;
  std::vector<uint64_t> arguments;
  std::vector<uint64_t> before; // rows of earlier timesteps, of q, k and v
  for (const auto *spikes : {&q, &k, &v}) {
    before.push_back(spec.masked ? before.size() * rows : 0);
    auto all = drawnSpikes(before.back() * width, 0.5, random);
    all.insert(all.end(), spikes->begin(), spikes->end());
    arguments.push_back(device.upload(packSpikes(all, width, random)));
  }
  if (spec.stateful)
    arguments.push_back(membraneAt = device.upload(membrane));
  if (spec.masked)
    arguments.push_back(device.upload(active));
  std::vector<uint8_t> empty(spec.timesOut * rows * spikeBytes(width), 0);
  arguments.push_back(spikesAt = device.upload(empty));
  if (spec.masked)
    llvm::append_range(arguments, before);
  arguments.push_back(rows);
  device.run(ptxOf(spec), launchOf(spec, images), parametersOf(spec), arguments);
  EXPECT_EQ(unpackSpikes(device.download<uint8_t>(spikesAt, empty.size()), width), expected);
  if (!spec.stateful)
    return;
  auto got = device.download<int32_t>(membraneAt, membrane.size());
  for (int64_t row = 0; row < rows; ++row)
    for (int64_t c = 0; c < width; ++c)
      ASSERT_EQ(got[row * padded + c], next[row * padded + c]) << "row " << row << " channel " << c;
}

constexpr AttentionSpec::First bothOrders[] = {AttentionSpec::First::KeyValue, AttentionSpec::First::QueryKey};

void checkBoth(AttentionSpec spec, int64_t images, unsigned seed) {
  for (auto first : bothOrders) {
    spec.first = first;
    check(spec, images, seed);
  }
}

TEST(CudaAttention, Sizes) {
  unsigned seed = 0;
  checkBoth(attention(1, 48, 3, 4), 1, ++seed); // one token; several heads in a word
  checkBoth(attention(49, 48, 3, 4), 3, ++seed);
  checkBoth(attention(64, 96, 3, 4), 1, ++seed);  // a word per head
  checkBoth(attention(64, 80, 2, 4), 17, ++seed); // 40 channels: words and a part
  checkBoth(attention(196, 64, 1, 4), 1, ++seed); // two words
  checkBoth(attention(49, 192, 2, 2), 1, ++seed); // three words
  checkBoth(attention(130, 24, 1, 1), 3, ++seed); // more tokens than 128 bits
  checkBoth(attention(49, 768, 12, 1), 1, ++seed);
}

TEST(CudaAttention, HeadsThatEndInsideAByte) {
  unsigned seed = 20;
  checkBoth(attention(49, 48, 4, 3), 3, ++seed);  // 12 channels: three bytes for two heads
  checkBoth(attention(64, 60, 3, 2), 1, ++seed);  // 20
  checkBoth(attention(33, 77, 11, 2), 2, ++seed); // 7
  checkBoth(attention(17, 9, 9, 1), 1, ++seed);   // 1
  checkBoth(attention(49, 100, 2, 2), 1, ++seed); // 50: heads of several words
  checkBoth(attention(196, 129, 3, 1), 1, ++seed);
}

TEST(CudaAttention, MoreThanAByteCounts) {
  checkBoth(attention(256, 32, 1, 2), 1, 1);
  checkBoth(attention(300, 48, 2, 1), 1, 2);
  checkBoth(attention(40, 300, 1, 2), 1, 3); // channels of a head
}

/// Whether all spikes fire, of which each token and channel counts N d, at the threshold and one above it.
void checkAllCoincide(AttentionSpec spec) {
  SCOPED_TRACE(testing::Message() << spec.tokens << " tokens, " << spec.width << " channels");
  spec.threshold = spec.tokens * spec.width;
  std::mt19937 random(1);
  std::vector<uint8_t> ones(spec.tokens * spec.width, 1);
  for (int64_t above : {0, 1}) { // H = (count << 1) >> 1
    spec.threshold += above;
    Device device;
    std::vector<uint64_t> arguments;
    for (int i = 0; i < 3; ++i)
      arguments.push_back(device.upload(packSpikes(ones, spec.width, random)));
    std::vector<uint8_t> empty(spec.tokens * spikeBytes(spec.width), 0);
    arguments.push_back(device.upload(empty));
    arguments.push_back(spec.tokens);
    device.run(ptxOf(spec), launchOf(spec, 1), parametersOf(spec), arguments);
    auto spikes = unpackSpikes(device.download<uint8_t>(arguments[3], empty.size()), spec.width);
    EXPECT_EQ(spikes, std::vector<uint8_t>(ones.size(), above == 0));
  }
}

TEST(CudaAttention, EveryPairCoincides) {
  // The first product's entries are N or d everywhere: the largest byte and one more.
  for (int64_t most : {255, 256}) {
    checkAllCoincide(attention(most, 32, 1, 1));
    AttentionSpec spec = attention(32, most, 1, 1);
    spec.first = AttentionSpec::First::QueryKey;
    checkAllCoincide(spec);
  }
}

TEST(CudaAttention, Timesteps) {
  for (int64_t timesteps : {1, 2, 3, 8})
    checkBoth(attention(49, 64, 2, timesteps), 1, timesteps);
  AttentionSpec chunks = attention(49, 48, 2, 5);
  chunks.timesteps = 2;
  checkBoth(chunks, 3, 9);
  AttentionSpec steady = attention(49, 64, 2, 4);
  steady.timesIn = 1;
  checkBoth(steady, 3, 10);
}

TEST(CudaAttention, Neurons) {
  for (bool soft : {false, true}) {
    AttentionSpec spec = attention(49, 64, 2, 4);
    spec.form = generalNeuron(1.5, 0, soft);
    spec.threshold = 49 * 32 * 256 / 80;
    spec.reset = spec.threshold / 2;
    spec.bias = 5;
    check(spec, 1, 3);
  }
}

TEST(CudaAttention, ActiveTokens) {
  for (bool fresh : {false, true}) {
    AttentionSpec spec = attention(64, 96, 2, 1);
    spec.form = halvingNeuron(4, 0);
    spec.threshold *= 4;
    spec.stateful = spec.masked = true;
    spec.fresh = fresh;
    checkBoth(spec, 3, 4);
  }
}

TEST(CudaAttention, TheCheaperProductComesFirst) {
  auto chosen = [](int64_t tokens, int64_t width, int64_t heads) {
    AttentionSpec spec = attention(tokens, width, heads, 4);
    chooseAttention(spec);
    for (auto first : bothOrders) {
      AttentionSpec other = spec;
      other.first = first;
      EXPECT_LE(clocksOf(spec), clocksOf(other));
    }
    return spec;
  };
  // Few tokens make few scores, few channels a small k^T v.
  EXPECT_EQ(chosen(64, 384, 12).first, AttentionSpec::First::KeyValue);
  EXPECT_EQ(chosen(196, 512, 8).first, AttentionSpec::First::KeyValue);
  EXPECT_EQ(chosen(16, 512, 8).first, AttentionSpec::First::QueryKey);
  EXPECT_EQ(chosen(1, 768, 12).first, AttentionSpec::First::QueryKey);
  // k^T v of one wide head, of all timesteps, is more than shared memory holds.
  AttentionSpec wide = attention(196, 768, 1, 4);
  EXPECT_GT(launchOf(wide, 1).sharedBytes, Gpu().sharedBytes);
  AttentionSpec fits = chosen(196, 768, 1);
  EXPECT_LE(launchOf(fits, 1).sharedBytes, Gpu().sharedBytes);
}

TEST(CudaAttention, FitsTheGpu) {
  Gpu small;
  small.sharedBytes = 99 * 1024;
  auto chosen = [&](int64_t tokens, int64_t width, int64_t heads) {
    AttentionSpec spec = attention(tokens, width, heads, 4);
    chooseAttention(spec, small);
    return spec;
  };
  EXPECT_EQ(chosen(196, 384, 12).timesteps, 4);
  AttentionSpec wide = chosen(196, 768, 1);
  EXPECT_LE(launchOf(wide, 1).sharedBytes, small.sharedBytes);
  // Nothing does: the least there is, which the error then names.
  AttentionSpec misfit = chosen(2048, 512, 1);
  EXPECT_EQ(misfit.timesteps, 1);
  EXPECT_EQ(misfit.first, AttentionSpec::First::QueryKey);
  EXPECT_GT(launchOf(misfit, 1).sharedBytes, small.sharedBytes);
}

TEST(CudaAttention, Problems) {
  auto problem = [](llvm::function_ref<void(AttentionSpec &)> change) {
    AttentionSpec spec = attention(49, 64, 2, 4);
    change(spec);
    return problemOf(spec);
  };
  EXPECT_EQ(problem([](AttentionSpec &) {}), "");
  EXPECT_NE(problem([](AttentionSpec &s) { s.tokens = 70000; }), "");
  EXPECT_NE(problem([](AttentionSpec &s) { s.heads = 3; }), "");
  EXPECT_NE(problem([](AttentionSpec &s) { s.timesOut = 3; }), "");
  EXPECT_NE(problem([](AttentionSpec &s) { s.form.wide = true; }), "");
  EXPECT_NE(problem([](AttentionSpec &s) { s.stateful = true; }), "");
  EXPECT_NE(problem([](AttentionSpec &s) { s.warps = 0; }), "");
}
} // namespace
