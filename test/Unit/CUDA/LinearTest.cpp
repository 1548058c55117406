//===- LinearTest.cpp - Linear layers on a GPU, executed ------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "TestKernels.h"
#include <cmath>
#include <gtest/gtest.h>

using namespace stas;
using namespace stas::cuda;
using Input = LinearSpec::Input;

namespace {
/// A layer with drawn values, and what it must give, summed in the plainest way.
class Layer {
public:
  Layer(const LinearSpec &spec, int64_t rows, unsigned seed) : spec(spec), rows(rows), random(seed) { draw(); }
  void check(const std::string &ptx);
  void check() { check(ptxOf(spec)); }

private:
  void draw();
  void compute();
  int64_t sumOf(int64_t time, int64_t row, int64_t channel) const;
  /// Of a channel: parts differ in G.
  NeuronForm formOf(int64_t channel) const;

  LinearSpec spec;
  int64_t rows;
  std::mt19937 random;
  std::vector<uint8_t> input, stream;          // [timesIn, rows, K], [streamTimes, rows, N]
  std::vector<int32_t> weights;                // [N, taps, K]
  std::vector<int64_t> bias, threshold, reset; // [N]
  std::vector<int32_t> guards;                 // [N' / 8], of parts
  std::vector<int32_t> membrane, nextMembrane; // [rows, N']
  std::vector<uint32_t> list;                  // of rows
  std::vector<uint8_t> spikes, sum;            // [timesOut, rows, N]
};

NeuronForm Layer::formOf(int64_t channel) const {
  NeuronForm form = spec.form;
  int part = static_cast<int>(channel / (spec.channels / spec.parts));
  form.guard += part;
  form.fraction += part;
  return form;
}

void Layer::draw() {
  int64_t n = spec.channels, k = spec.taps() * spec.inputs, most = spec.bits == 16 ? 32639 : 127;
  size_t inputs = spec.timesIn * rows * spec.inputs;
  input = spec.input == Input::Spikes ? drawnSpikes(inputs, 0.2, random) : drawn<uint8_t>(inputs, 0, 18, random);
  weights = drawn<int32_t>(n * k, -most, most, random);
  weights[0] = most; // both ends of the range
  weights[n * k - 1] = -most;
  size_t streamed = spec.streamTimes * rows * n;
  stream = spec.stream == Input::Spikes ? drawnSpikes(streamed, 0.3, random) : drawn<uint8_t>(streamed, 0, 10, random);
  // Thresholds of the size of what the sums make of the membranes.
  double meanSquare = spec.input == Input::Spikes ? 0.2 : 110.0;
  double deviation = most * std::sqrt(k * meanSquare / 3.0);
  for (int64_t c = 0; spec.parts > 1 && c < spec.paddedChannels(); c += 8)
    guards.push_back(c < n ? formOf(c).guard : 0);
  auto scale = [&](double low, double high) { return std::uniform_real_distribution<>(low, high)(random); };
  for (int64_t c = 0; c < n; ++c) {
    double unit = std::ldexp(1.0, formOf(c).fraction);
    bias.push_back(std::llround(deviation * std::ldexp(1.0, formOf(c).guard) * scale(-0.3, 0.3)));
    threshold.push_back(std::llround(deviation * unit * scale(0.05, 0.6)));
    reset.push_back(std::llround(deviation * unit * scale(0.1, 0.4)));
  }
  if (spec.stateful)
    membrane = drawn<int32_t>(rows * spec.paddedChannels(), -1000000, 1000000, random);
  if (spec.listed) // every other row or so, in order
    for (int64_t row = 0; row < rows; ++row)
      if (random() % 2)
        list.push_back(row);
}

/// The sum of a row; of a map's position, over the positions beside it that are on the map.
int64_t Layer::sumOf(int64_t time, int64_t row, int64_t channel) const {
  LinearSpec::Map map = spec.map.value_or(LinearSpec::Map{rows, 1, {1, 1}});
  int64_t y = row / map.width % map.height, x = row % map.width, acc = 0;
  for (int64_t tap = 0; tap < spec.taps(); ++tap) {
    int64_t down = tap / map.kernel[1] - map.kernel[0] / 2, right = tap % map.kernel[1] - map.kernel[1] / 2;
    if (y + down < 0 || y + down >= map.height || x + right < 0 || x + right >= map.width)
      continue;
    const int32_t *weight = &weights[(channel * spec.taps() + tap) * spec.inputs];
    const uint8_t *value = &input[(time * rows + row + down * map.width + right) * spec.inputs];
    for (int64_t i = 0; i < spec.inputs; ++i)
      acc += int64_t(weight[i]) * value[i];
  }
  return acc;
}

void Layer::compute() {
  int64_t n = spec.channels;
  spikes.assign(spec.timesOut * rows * n, 0);
  sum.assign(spikes.size(), 0);
  nextMembrane = membrane;
  int64_t fired = 0;
  for (int64_t row = 0; row < rows; ++row) {
    if (spec.listed && !std::binary_search(list.begin(), list.end(), row))
      continue;
    for (int64_t c = 0; c < n; ++c) {
      int64_t v = spec.stateful && !spec.fresh ? membrane[row * spec.paddedChannels() + c] : 0;
      for (int64_t t = 0; t < spec.timesOut; ++t) {
        int64_t acc = sumOf(spec.timesIn == 1 ? 0 : t, row, c);
        NeuronForm form = formOf(c);
        bool spike = form.step(form.current(acc, bias[c]), threshold[c], reset[c], v);
        ASSERT_LT(std::abs(v), int64_t(1) << 31) << "no layer that the compiler would make";
        int64_t at = (t * rows + row) * n + c;
        spikes[at] = spike;
        fired += spike;
        if (spec.residual)
          sum[at] = stream[((spec.streamTimes == 1 ? 0 : t) * rows + row) * n + c] * spec.streamFactor +
                    *spec.residual * spike;
      }
      if (spec.stateful)
        nextMembrane[row * spec.paddedChannels() + c] = v;
    }
  }
  if (!spec.listed || list.size() > 8) {
    EXPECT_GT(fired, static_cast<int64_t>(spikes.size()) / 50) << "a test that sees too few spikes";
    EXPECT_LT(fired, static_cast<int64_t>(spikes.size()) * 9 / 10);
  }
}

void Layer::check(const std::string &ptx) {
  compute();
  Device device;
  int64_t n = spec.channels;
  uint64_t membraneAt = 0, sumAt = 0;
  std::vector<uint64_t> spikesAt; // of each part
  std::vector<uint64_t> arguments;
  arguments.push_back(device.upload(spec.input == Input::Spikes ? packSpikes(input, spec.inputs, random)
                                                                : padCounts(input, spec.inputs, random)));
  arguments.push_back(device.upload(packWeights(weights, spec)));
  arguments.push_back(device.upload(packChannels(bias, n, 0)));
  arguments.push_back(device.upload(packChannels(threshold, n, silentThreshold)));
  if (spec.form.soft)
    arguments.push_back(device.upload(packChannels(reset, n, 0)));
  if (spec.parts > 1)
    arguments.push_back(device.upload(guards));
  if (spec.residual)
    arguments.push_back(
        device.upload(spec.stream == Input::Spikes ? packSpikes(stream, n, random) : padCounts(stream, n, random)));
  if (spec.stateful)
    arguments.push_back(membraneAt = device.upload(membrane));
  if (spec.listed) {
    std::vector<uint32_t> padded(list);
    padded.resize(rows, 0xffffffff); // behind the count: nobody looks
    arguments.push_back(device.upload(padded));
    arguments.push_back(device.upload(std::vector<uint32_t>{static_cast<uint32_t>(list.size())}));
  }
  // Rows that are not listed keep what they hold.
  int64_t width = n / spec.parts;
  std::vector<uint8_t> emptySpikes(spec.timesOut * rows * spikeBytes(width), 0),
      emptySums(spec.timesOut * rows * countBytes(n), 0);
  for (int64_t part = 0; spec.spikes && part < spec.parts; ++part)
    arguments.push_back(spikesAt.emplace_back(device.upload(emptySpikes)));
  if (spec.residual)
    arguments.push_back(sumAt = device.upload(emptySums));
  arguments.push_back(rows);
  device.run(ptx, launchOf(spec, rows), parametersOf(spec), arguments);
  for (size_t part = 0; part < spikesAt.size(); ++part) {
    std::vector<uint8_t> expected;
    for (size_t at = part * width; at < spikes.size(); at += n)
      expected.insert(expected.end(), spikes.begin() + at, spikes.begin() + at + width);
    EXPECT_EQ(unpackSpikes(device.download<uint8_t>(spikesAt[part], emptySpikes.size()), width), expected) << part;
  }
  if (spec.residual) {
    EXPECT_EQ(unpadCounts(device.download<uint8_t>(sumAt, emptySums.size()), n), sum);
  }
  if (spec.stateful) {
    auto got = device.download<int32_t>(membraneAt, membrane.size());
    for (int64_t row = 0; row < rows; ++row)
      for (int64_t c = 0; c < n; ++c)
        ASSERT_EQ(got[row * spec.paddedChannels() + c], nextMembrane[row * spec.paddedChannels() + c])
            << "row " << row << " channel " << c;
  }
}

LinearSpec layer(Input input, int64_t inputs, int64_t channels, int64_t timesteps, int64_t bits) {
  LinearSpec spec;
  spec.input = input;
  spec.inputs = inputs;
  spec.channels = channels;
  spec.timesIn = spec.timesOut = timesteps;
  spec.bits = bits;
  spec.form = halvingNeuron(timesteps, 0);
  return spec;
}

TEST(CudaLinear, Sizes) {
  struct Size {
    int64_t inputs, channels, tokens, images;
  };
  unsigned seed = 1;
  for (Size size : {Size{48, 48, 1, 1}, Size{48, 80, 49, 3}, Size{192, 96, 64, 1}, Size{384, 40, 1, 17},
                    Size{768, 64, 196, 1}, Size{72, 200, 49, 1}})
    for (Input input : {Input::Spikes, Input::Counts})
      for (int64_t bits : {8, 16}) {
        SCOPED_TRACE(testing::Message() << size.inputs << " to " << size.channels << ", " << size.tokens << " tokens, "
                                        << bits << " bits, counts " << (input == Input::Counts));
        LinearSpec spec = layer(input, size.inputs, size.channels, 4, bits);
        spec.form.guard = bits == 8 ? 2 : 0;
        spec.form.fraction = 4 + spec.form.guard;
        Layer(spec, size.tokens * size.images, ++seed).check();
      }
}

TEST(CudaLinear, Timesteps) {
  for (int64_t timesteps : {1, 2, 3, 5, 8}) {
    SCOPED_TRACE(timesteps);
    Layer(layer(timesteps % 2 ? Input::Spikes : Input::Counts, 96, 48, timesteps, 8), 49, timesteps).check();
  }
}

TEST(CudaLinear, CurrentIsSteady) {
  for (int64_t timesteps : {2, 4, 8}) {
    LinearSpec spec = layer(Input::Counts, 96, 80, timesteps, 8);
    spec.timesIn = 1;
    Layer(spec, 49, timesteps).check();
  }
}

TEST(CudaLinear, Neurons) {
  for (double tau : {1.5, 2.0, 3.0})
    for (bool soft : {false, true}) {
      SCOPED_TRACE(testing::Message() << "tau " << tau << " soft " << soft);
      LinearSpec spec = layer(Input::Spikes, 64, 48, 5, 8);
      spec.form = generalNeuron(tau, 2, soft);
      Layer(spec, 49, 7).check();
    }
}

TEST(CudaLinear, ResidualSum) {
  for (int64_t streamTimes : {1, 4})
    for (bool isSteady : {false, true}) {
      LinearSpec spec = layer(Input::Spikes, 192, 48, 4, 16);
      spec.timesIn = isSteady ? 1 : 4;
      spec.residual = isSteady ? 1 : 4;
      spec.spikes = isSteady;
      spec.streamTimes = streamTimes;
      Layer(spec, 64 + 5, streamTimes).check();
      // A stream of spikes, as where a convolution's neurons meet their own input.
      spec.stream = Input::Spikes;
      spec.streamFactor = isSteady ? 1 : 3;
      Layer(spec, 64 + 5, streamTimes).check();
    }
}

TEST(CudaLinear, MembranesStay) {
  for (bool fresh : {false, true}) {
    LinearSpec spec = layer(Input::Counts, 96, 72, 1, 8);
    spec.form = halvingNeuron(4, 1);
    spec.stateful = true;
    spec.fresh = fresh;
    Layer(spec, 3 * 49, 3).check();
  }
}

TEST(CudaLinear, ActiveRows) {
  for (int64_t rows : {1, 17, 3 * 64, 196}) {
    LinearSpec spec = layer(Input::Spikes, 192, 96, 1, 16);
    spec.form = halvingNeuron(4, 0);
    spec.stateful = spec.listed = true;
    spec.residual = 4;
    Layer(spec, rows, 5).check();
  }
}

TEST(CudaLinear, NoActiveRow) {
  LinearSpec spec = layer(Input::Spikes, 64, 32, 1, 8);
  spec.listed = true;
  Layer(spec, 1, 8).check(); // of seed 8: the only row is not listed
}

TEST(CudaLinear, Parts) {
  for (int64_t width : {8, 40, 64})
    for (bool isSteady : {false, true}) {
      SCOPED_TRACE(testing::Message() << width << " steady " << isSteady);
      LinearSpec spec = layer(Input::Counts, 96, 3 * width, isSteady ? 5 : 4, 8);
      spec.timesIn = isSteady ? 1 : 4;
      spec.parts = 3;
      Layer(spec, 49, width).check();
    }
  LinearSpec spec = layer(Input::Spikes, 48, 2 * 48, 1, 16);
  spec.form = generalNeuron(3.0, 0, /*soft=*/true);
  spec.parts = 2;
  spec.stateful = spec.listed = true;
  Layer(spec, 100, 5).check();
}

TEST(CudaLinear, Tiles) {
  LinearTiles several[5];
  several[0] = {128, 64, 64, 2, 16, 32, 4};
  several[1] = {64, 64, 128, 4, 32, 32, 2};
  several[2] = {32, 128, 64, 3, 16, 64, 4};
  several[3] = {16, 32, 128, 2, 16, 32, 3};
  several[4] = {64, 32, 64, 5, 64, 32, 1};
  for (const LinearTiles &tiles : several)
    for (Input input : {Input::Spikes, Input::Counts}) {
      SCOPED_TRACE(testing::Message() << tiles.rows << "x" << tiles.channels << "x" << tiles.inputs);
      LinearSpec spec = layer(input, 256, 160, 5, 16);
      spec.tiles = tiles;
      Layer(spec, 100, 11).check();
    }
}

TEST(CudaLinear, Maps) {
  struct Size {
    int64_t height, width, kernel[2], inputs, channels, timesteps, images;
  };
  unsigned seed = 1;
  for (Size size : {Size{1, 1, {3, 3}, 48, 40, 4, 3}, Size{7, 5, {3, 3}, 6, 12, 4, 3}, Size{8, 8, {3, 3}, 48, 96, 4, 1},
                    Size{4, 9, {3, 3}, 130, 33, 1, 2}, Size{6, 6, {1, 5}, 72, 64, 5, 2}})
    for (Input input : {Input::Spikes, Input::Counts}) {
      SCOPED_TRACE(testing::Message() << size.height << "x" << size.width << ", " << size.inputs << " to "
                                      << size.channels << ", counts " << (input == Input::Counts));
      LinearSpec spec = layer(input, size.inputs, size.channels, size.timesteps, 16);
      spec.map = LinearSpec::Map{size.height, size.width, {size.kernel[0], size.kernel[1]}};
      Layer(spec, size.images * size.height * size.width, ++seed).check();
    }
  LinearSpec spec = layer(Input::Spikes, 256, 64, 4, 16);
  spec.map = LinearSpec::Map{5, 7, {3, 3}};
  spec.tiles = {32, 32, 128, 2, 16, 32, 3};
  Layer(spec, 2 * 35, 3).check();
  // A steady current, with the residual sum of a map.
  spec = layer(Input::Counts, 24, 48, 4, 16);
  spec.map = LinearSpec::Map{6, 6, {3, 3}};
  spec.timesIn = 1;
  spec.residual = 1;
  Layer(spec, 3 * 36, 4).check();
}

TEST(CudaLinear, Problems) {
  auto problem = [](llvm::function_ref<void(LinearSpec &)> change) {
    LinearSpec spec = layer(Input::Spikes, 64, 64, 4, 8);
    change(spec);
    return problemOf(spec);
  };
  EXPECT_EQ(problem([](LinearSpec &) {}), "");
  EXPECT_NE(problem([](LinearSpec &s) { s.inputs = 0; }), "");
  EXPECT_NE(problem([](LinearSpec &s) { s.bits = 24; }), "");
  EXPECT_NE(problem([](LinearSpec &s) { s.form.wide = true; }), "");
  EXPECT_NE(problem([](LinearSpec &s) { s.stateful = true; }), "");
  EXPECT_NE(problem([](LinearSpec &s) { s.spikes = false; }), "");
  EXPECT_NE(problem([](LinearSpec &s) { s.residual = 256; }), "");
  EXPECT_NE(problem([](LinearSpec &s) { s.streamFactor = 0; }), "");
  EXPECT_NE(problem([](LinearSpec &s) { s.parts = 0; }), "");
  EXPECT_NE(problem([](LinearSpec &s) { s.parts = 3; }), "");
  EXPECT_NE(problem([](LinearSpec &s) { s.parts = 2, s.residual = 1; }), "");
  EXPECT_NE(problem([](LinearSpec &s) { s.tiles.rows = 48; }), "");
  EXPECT_NE(problem([](LinearSpec &s) { s.tiles.inputs = 128; }), "");
  EXPECT_NE(problem([](LinearSpec &s) { s.tiles.stages = 1; }), "");
  LinearSpec::Map map{4, 4, {3, 3}};
  EXPECT_EQ(problem([&](LinearSpec &s) { s.map = map; }), "");
  EXPECT_NE(problem([&](LinearSpec &s) { s.map = map, s.map->kernel[1] = 2; }), "");
  EXPECT_NE(problem([&](LinearSpec &s) { s.map = map, s.map->height = 0; }), "");
  EXPECT_NE(problem([&](LinearSpec &s) { s.map = map, s.listed = true, s.timesIn = s.timesOut = 1; }), "");
  // Blocks of 128 inputs have to end with a tap.
  EXPECT_NE(
      problem([&](LinearSpec &s) { s.map = LinearSpec::Map{4, 4, {1, 3}}, s.inputs = 192, s.tiles.inputs = 128; }), "");
}
} // namespace
