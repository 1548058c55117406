//===- Networks.cpp - Networks and chips to map ---------------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Networks.h"
#include "../TestUtils.h"

#include <algorithm>
#include <cmath>

using namespace stas;
using namespace stas::mapping;

Chip test::manyCoreChip() {
  Chip chip;
  chip.name = "many-core";
  chip.boardWidth = chip.boardHeight = 8;
  chip.meshWidth = 8;
  chip.meshHeight = 4;
  chip.coresPerRouter = 4;
  chip.neurons = 8192;
  chip.synapseBits = 128 * 1024 * 8;
  chip.inAxons = chip.outAxons = 4096;
  chip.stateBits = 24;
  chip.weightBits = 8;
  chip.payloadBits = 32;
  chip.delay = 62;
  return chip;
}

Chip test::smallChip() {
  Chip chip;
  chip.name = "small";
  chip.meshWidth = chip.meshHeight = 2;
  chip.neurons = 16;
  chip.synapseBits = 16 * 8 * 8;
  chip.inAxons = chip.outAxons = 64;
  chip.stateBits = 16;
  chip.weightBits = 8;
  chip.payloadBits = 1;
  chip.delay = 3;
  return chip;
}

namespace {

/// Builds a problem layer by layer.
class Builder {
public:
  Builder(const Chip &chip, uint64_t seed, int64_t timesteps = 4) : random(seed), timesteps(timesteps) {
    problem.chip = chip;
  }

  int layer(const std::string &name, int64_t height, int64_t width, int64_t channels, double rate = 0.15) {
    Layer layer;
    layer.name = name;
    layer.height = height;
    layer.width = width;
    layer.channels = channels;
    layer.stateBits = std::min<int64_t>(16, problem.chip.stateBits);
    // Channels of trained networks differ much in how often they fire.
    std::vector<double> rates;
    for (int64_t channel = 0; channel < channels; ++channel)
      rates.push_back(std::min(1.0, -std::log(1 - unit()) * rate) * timesteps);
    layer.spikes.clear();
    for (int64_t token = 0; token < layer.tokens(); ++token)
      layer.spikes.insert(layer.spikes.end(), rates.begin(), rates.end());
    problem.layers.push_back(layer);
    return static_cast<int>(problem.layers.size()) - 1;
  }

  int table(SynapseForm form, int64_t rows, int64_t bits = 8) {
    problem.tables.push_back({"table" + std::to_string(problem.tables.size()), form, rows, 1, bits});
    return static_cast<int>(problem.tables.size()) - 1;
  }

  Edge &edge(int source, int target, int table) {
    Edge edge;
    edge.source = source;
    edge.target = target;
    edge.table = table;
    problem.edges.push_back(edge);
    return problem.edges.back();
  }

  int conv(const std::string &name, int source, int64_t channels, int64_t kernel = 3, double rate = 0.15) {
    const Layer from = problem.layers[source];
    int target = layer(name, from.height, from.width, channels, rate);
    Edge &in = edge(source, target, table(SynapseForm::Conv, from.channels * kernel * kernel));
    in.tokens = TokenMap::Window;
    in.window = {{kernel, kernel}, {1, 1}, {kernel / 2, kernel / 2}};
    return target;
  }

  int pool(const std::string &name, int source) {
    const Layer from = problem.layers[source];
    int target = layer(name, from.height / 2, from.width / 2, from.channels, 0.25);
    Edge &in = edge(source, target, table(SynapseForm::Shared, 4));
    in.tokens = TokenMap::Window;
    in.channels = ChannelMap::Same;
    in.window = {{2, 2}, {2, 2}, {0, 0}};
    return target;
  }

  /// Over tokens as a sequence, or one by one.
  int linear(const std::string &name, int source, int64_t channels, double rate = 0.15) {
    const Layer from = problem.layers[source];
    int target = layer(name, 1, from.tokens(), channels, rate);
    edge(source, target, table(SynapseForm::Dense, from.channels));
    return target;
  }

  int sum(const std::string &name, int a, int b, int64_t delay) {
    const Layer from = problem.layers[a];
    int target = layer(name, 1, from.tokens(), from.channels, 0.2);
    problem.layers[target].payloadBits = std::min<int64_t>(4, problem.chip.payloadBits);
    int one = table(SynapseForm::Shared, 1);
    edge(a, target, one).channels = ChannelMap::Same;
    problem.edges.back().delay = delay;
    edge(b, target, one).channels = ChannelMap::Same;
    return target;
  }

  int attention(const std::string &name, int q, int k, int v, int64_t heads) {
    const Layer from = problem.layers[q];
    int target = layer(name, 1, from.tokens(), from.channels, 0.1);
    int64_t group = from.channels / heads;
    int64_t bits = 1;
    while ((int64_t(1) << bits) < from.tokens() + 1)
      ++bits;
    int counters = table(SynapseForm::FastWeight, group, bits);
    for (int source : {q, k, v}) {
      Edge &in = edge(source, target, counters);
      in.tokens = source == q ? TokenMap::Same : TokenMap::All;
      in.channels = source == v ? ChannelMap::Same : ChannelMap::Group;
      in.group = source == v ? 1 : group;
      // The query reads the counters a step after they were written.
      in.delay = source == q ? 1 : 0;
    }
    return target;
  }

  int mean(const std::string &name, int source) {
    int target = layer(name, 1, 1, problem.layers[source].channels);
    Edge &in = edge(source, target, table(SynapseForm::Shared, 1));
    in.tokens = TokenMap::All;
    in.channels = ChannelMap::Same;
    return target;
  }

  double unit() { return static_cast<double>(random.next() >> 11) / 9007199254740992.0; }

  test::Random random;
  int64_t timesteps;
  Problem problem;
};

} // namespace

Problem test::spikformer(const Chip &chip, const SpikformerShape &shape, uint64_t seed) {
  Builder builder(chip, seed, shape.timesteps);
  int64_t channels = shape.channels;
  int x = builder.layer("image", shape.image, shape.image, 3, 0.5);
  for (int64_t stage = 0; stage < 4; ++stage) {
    x = builder.conv("stem.conv" + std::to_string(stage), x, channels >> (3 - stage));
    if (stage >= 4 - shape.pooled)
      x = builder.pool("stem.pool" + std::to_string(stage), x);
  }
  x = builder.sum("stem.sum", x, builder.conv("stem.rpe", x, channels), 1);
  for (int64_t block = 0; block < shape.blocks; ++block) {
    const std::string prefix = "block." + std::to_string(block) + ".";
    int q = builder.linear(prefix + "q", x, channels, 0.1);
    int k = builder.linear(prefix + "k", x, channels, 0.08);
    int v = builder.linear(prefix + "v", x, channels, 0.12);
    int attention = builder.attention(prefix + "attn", q, k, v, shape.heads);
    x = builder.sum(prefix + "sum1", x, builder.linear(prefix + "proj", attention, channels), 4);
    int hidden = builder.linear(prefix + "fc1", x, channels * shape.ratio, 0.05);
    x = builder.sum(prefix + "sum2", x, builder.linear(prefix + "fc2", hidden, channels), 2);
  }
  builder.linear("head", builder.mean("mean", x), shape.classes);
  return builder.problem;
}

Problem test::convNet(const Chip &chip, int64_t image, int64_t channels, uint64_t seed) {
  Builder builder(chip, seed);
  int x = builder.layer("image", image, image, 3, 0.5);
  x = builder.conv("conv0", x, channels);
  x = builder.pool("pool0", builder.conv("conv1", x, channels));
  x = builder.pool("pool1", builder.conv("conv2", x, channels * 2));
  x = builder.mean("mean", x);
  builder.linear("head", builder.linear("hidden", x, channels * 4), 10);
  return builder.problem;
}

Problem test::linearNet(const Chip &chip, int64_t tokens, std::vector<int64_t> widths, uint64_t seed) {
  Builder builder(chip, seed);
  int x = builder.layer("input", 1, tokens, widths[0], 0.3);
  for (size_t i = 1; i < widths.size(); ++i)
    x = builder.linear("linear" + std::to_string(i), x, widths[i]);
  return builder.problem;
}

Problem test::randomProblem(uint64_t seed) {
  Random random(seed);
  auto between = [&](int64_t low, int64_t high) { return low + static_cast<int64_t>(random.below(high - low + 1)); };
  Chip chip;
  chip.name = "random";
  chip.boardWidth = between(1, 3);
  chip.boardHeight = between(2, 3);
  chip.meshWidth = between(3, 6);
  chip.meshHeight = between(3, 5);
  chip.coresPerRouter = between(1, 3);
  chip.stateBits = 24;
  chip.weightBits = 8;
  chip.payloadBits = 8;
  chip.delay = 8;
  chip.multicast = between(0, 1) == 1;
  chip.crossingHops = between(1, 4);
  Builder builder(chip, seed + 1000);
  std::vector<int> made = {builder.layer("input", between(2, 4) * 2, between(2, 4) * 2, between(1, 4))};
  for (int64_t count = between(3, 7); count > 0; --count) {
    int last = made.back();
    const Layer from = builder.problem.layers[last];
    const std::string name = "layer" + std::to_string(made.size());
    switch (between(0, 5)) {
    case 0:
      made.push_back(builder.conv(name, last, between(1, 9), between(0, 1) * 2 + 1));
      break;
    case 1:
      if (from.height % 2 == 0 && from.width % 2 == 0) {
        made.push_back(builder.pool(name, last));
        break;
      }
      [[fallthrough]];
    case 2:
      made.push_back(builder.linear(name, last, between(1, 12)));
      break;
    case 3: {
      int other = builder.linear(name + "a", last, from.channels);
      made.push_back(builder.sum(name, last, other, between(0, 2)));
      break;
    }
    case 4: {
      int64_t heads = between(1, 2);
      int q = builder.linear(name + "q", last, heads * 3);
      int k = builder.linear(name + "k", last, heads * 3);
      int v = builder.linear(name + "v", last, heads * 3);
      made.push_back(builder.attention(name, q, k, v, heads));
      break;
    }
    default:
      if (from.tokens() > 1 && between(0, 2) == 0)
        made.push_back(builder.mean(name, last));
      else // A convolution whose stride is over its kernel.
        made.push_back(builder.linear(name, last, between(2, 6)));
      break;
    }
  }
  // Sometimes a layer feeds one before it.
  if (between(0, 3) == 0) {
    int target = made[made.size() / 2];
    Edge &back = builder.edge(made.back(), target, builder.table(SynapseForm::Shared, 1));
    back.tokens = TokenMap::All;
    back.delay = 8;
  }
  Problem &problem = builder.problem;
  problem.chip.neurons = between(24, 80);
  problem.chip.synapseBits = between(1500, 4000) * 8;
  problem.chip.inAxons = between(500, 900);
  problem.chip.outAxons = between(400, 900);
  return problem;
}
