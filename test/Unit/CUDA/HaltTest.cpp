//===- HaltTest.cpp - Halting, compaction, classification -----------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "TestKernels.h"
#include "stas/Quantization/Halting.h"
#include <gtest/gtest.h>
#include <numeric>

using namespace stas;
using namespace stas::cuda;

namespace {
/// What a token's halting keeps, and what one block does to it: written from the rules, a token at a time.
struct Halting {
  std::vector<uint8_t> active, reached;
  std::vector<int32_t> sum, steps, column;
  std::vector<uint32_t> output;

  Halting(int64_t rows, int64_t width)
      : active(rows, 1), reached(rows), sum(rows), steps(rows), column(rows), output(rows * width) {}

  void step(const HaltSpec &spec, const std::vector<uint8_t> &stream, const std::vector<int32_t> &table) {
    bool rectangular = spec.order == HaltingOrder::Rectangular;
    for (size_t row = 0; row < active.size(); ++row) {
      uint32_t weight = 0, remainder = haltingOne - sum[row];
      bool wasActive = active[row] != 0;
      int32_t h = spec.forced ? haltingOne : table[stream[row * spec.width]];
      if (wasActive) {
        ++steps[row];
        sum[row] += rectangular ? 0 : h;
        column[row] += rectangular ? h : 0;
      }
      if (rectangular)
        sum[row] += column[row];
      bool halts = sum[row] > spec.limit;
      if (wasActive && spec.output == ActOutput::Rate)
        weight = spec.lastBlock;
      else if (wasActive)
        weight = halts ? remainder : h;
      for (int64_t c = 0; c < spec.width; ++c)
        output[row * spec.width + c] += weight * stream[row * spec.width + c];
      if (rectangular)
        reached[row] = halts;
      if (halts)
        active[row] = 0;
    }
  }
};

/// The same on the device.
class DeviceHalting {
public:
  DeviceHalting(const Halting &start, const std::vector<int32_t> &table)
      : rows(start.active.size()), table(device.upload(table)), active(device.upload(start.active)),
        sum(device.upload(start.sum)), steps(device.upload(start.steps)), column(device.upload(start.column)),
        reached(device.upload(start.reached)), output(device.upload(start.output)) {}

  void step(const HaltSpec &spec, const std::vector<uint8_t> &stream, std::mt19937 &random) {
    std::vector<uint64_t> arguments{
        device.upload(padCounts(stream, spec.width, random)), table, active, sum, output, steps};
    if (spec.order == HaltingOrder::Rectangular)
      arguments.insert(arguments.end(), {column, reached});
    arguments.push_back(rows);
    std::string ptx = ptxOf([&](KernelBuilder &b, mlir::gpu::GPUModuleOp m) { buildHalt(b, m, "kernel", spec); });
    device.run(ptx, launchOf(spec, rows), parametersOf(spec), arguments);
  }
  void gate(GateSpec::Kind kind) {
    GateSpec spec{kind};
    std::vector<uint64_t> arguments{active, reached};
    if (kind == GateSpec::Kind::NextStep)
      arguments.push_back(sum);
    arguments.push_back(rows);
    std::string ptx = ptxOf([&](KernelBuilder &b, mlir::gpu::GPUModuleOp m) { buildGate(b, m, "kernel", spec); });
    device.run(ptx, launchOf(spec, rows), parametersOf(spec), arguments);
  }
  void expect(const Halting &right) const {
    EXPECT_EQ(device.download<uint8_t>(active, rows), right.active);
    EXPECT_EQ(device.download<int32_t>(sum, rows), right.sum);
    EXPECT_EQ(device.download<int32_t>(steps, rows), right.steps);
    EXPECT_EQ(device.download<int32_t>(column, rows), right.column);
    EXPECT_EQ(device.download<uint8_t>(reached, rows), right.reached);
    EXPECT_EQ(device.download<uint32_t>(output, right.output.size()), right.output);
  }

private:
  Device device;
  int64_t rows;
  uint64_t table, active, sum, steps, column, reached, output;
};

std::vector<int32_t> scores(std::mt19937 &random, int64_t levels) {
  std::vector<int32_t> table = drawn<int32_t>(levels, 1, haltingOne / 2, random);
  llvm::sort(table);
  return table;
}
constexpr int32_t limit = haltingOne - haltingOne / 100;
} // namespace

TEST(HaltTest, TwoTimestepsOfTwoBlocks) {
  struct Case {
    int64_t rows, width;
    HaltingOrder order;
    ActOutput output;
  };
  std::mt19937 random(3);
  for (Case c : {Case{1, 48, HaltingOrder::Lexicographic, ActOutput::Weighted},
                 Case{147, 48, HaltingOrder::Lexicographic, ActOutput::Weighted},
                 Case{64, 384, HaltingOrder::Lexicographic, ActOutput::Rate},
                 Case{49, 33, HaltingOrder::Rectangular, ActOutput::Rate},
                 Case{17, 64, HaltingOrder::Timestep, ActOutput::Rate}}) {
    SCOPED_TRACE(testing::Message() << c.rows << " x " << c.width);
    std::vector<int32_t> table = scores(random, 11);
    Halting right(c.rows, c.width);
    DeviceHalting device(right, table);
    for (int step = 0; step < 4; ++step) {
      bool last = step % 2 == 1;
      HaltSpec spec{c.width, c.order, c.output, limit, last, step == 3};
      std::vector<uint8_t> stream = drawn<uint8_t>(c.rows * c.width, 0, 10, random);
      right.step(spec, stream, table);
      device.step(spec, stream, random);
      device.expect(right);
      if (c.order != HaltingOrder::Rectangular)
        continue;
      device.gate(last ? GateSpec::Kind::NextStep : GateSpec::Kind::Gate);
      for (int64_t row = 0; row < c.rows; ++row) {
        right.active[row] = right.reached[row] ? 0 : last ? 1 : right.active[row];
        right.sum[row] = last ? 0 : right.sum[row];
      }
      device.expect(right);
    }
    // Some halted early, some only when they had to.
    EXPECT_TRUE(c.rows == 1 || *llvm::min_element(right.steps) < *llvm::max_element(right.steps));
  }
}

TEST(HaltTest, StreamsOfMoreThan31Bits) {
  // One active row, 2.4 GiB behind the first, whose memory alone is there.
  constexpr int64_t last = 600;
  HaltSpec spec{int64_t(1) << 22, HaltingOrder::Lexicographic, ActOutput::Rate, limit};
  std::vector<uint8_t> active(last + 1);
  active[last] = 1;
  Device device;
  uint64_t stream = device.upload(std::vector<uint8_t>(16, 3)) - last * countBytes(spec.width);
  uint64_t sum = device.upload(std::vector<int32_t>(last + 1));
  std::vector<uint64_t> arguments;
  for (const Parameter &parameter : parametersOf(spec))
    arguments.push_back(parameter.name == "stream"   ? stream
                        : parameter.name == "table"  ? device.upload(std::vector<int32_t>{0, 0, 0, 41})
                        : parameter.name == "active" ? device.upload(active)
                        : parameter.name == "sum"    ? sum
                        : parameter.name == "rows"   ? active.size()
                                                     : device.upload(std::vector<int32_t>(last + 1)));
  std::string ptx = ptxOf([&](KernelBuilder &b, mlir::gpu::GPUModuleOp m) { buildHalt(b, m, "kernel", spec); });
  device.run(ptx, launchOf(spec, last + 1), parametersOf(spec), arguments);
  EXPECT_EQ(device.download<int32_t>(sum, last + 1)[last], 41);
}

TEST(CompactTest, ListsActiveRowsInOrder) {
  std::mt19937 random(5);
  std::string ptx = ptxOf([&](KernelBuilder &b, mlir::gpu::GPUModuleOp m) { buildCompact(b, m, "kernel", {}); });
  for (int64_t rows : {1, 31, 64, 1024, 1025, 3072, 5003})
    for (double rate : {0.0, 0.03, 0.5, 1.0}) {
      SCOPED_TRACE(testing::Message() << rows << " rows, " << rate);
      std::vector<uint8_t> active = drawnSpikes(rows, rate, random);
      std::vector<uint32_t> right;
      for (int64_t row = 0; row < rows; ++row)
        if (active[row])
          right.push_back(row);
      Device device;
      uint64_t list = device.allocate(rows * 4), count = device.allocate(4);
      device.run(ptx, launchOf(CompactSpec(), rows), parametersOf(CompactSpec()),
                 {device.upload(active), list, count, static_cast<uint64_t>(rows)});
      EXPECT_EQ(device.download<uint32_t>(count, 1)[0], right.size());
      EXPECT_EQ(device.download<uint32_t>(list, right.size()), right);
    }
}

TEST(ClassifyTest, SumsTokensAndTimesteps) {
  using Input = ClassifySpec::Input;
  struct Case {
    Input input;
    int64_t times, tokens, width, classes, images;
  };
  std::mt19937 random(7);
  for (Case c : {Case{Input::Counts, 4, 64, 384, 10, 3}, Case{Input::Counts, 1, 1, 48, 3, 1},
                 Case{Input::Spikes, 2, 49, 100, 11, 2}, Case{Input::Sums, 1, 64, 64, 10, 17},
                 Case{Input::Sums, 1, 9, 33, 100, 2}}) {
    SCOPED_TRACE(testing::Message() << c.tokens << " x " << c.width);
    ClassifySpec spec{c.input, c.times, c.tokens, c.width, c.classes};
    int64_t rows = c.images * c.tokens, elements = c.times * rows * c.width;
    std::vector<int64_t> x(elements);
    Device device;
    uint64_t input = 0;
    if (c.input == Input::Spikes || c.input == Input::Counts) {
      bool isSpikes = c.input == Input::Spikes;
      std::vector<uint8_t> bytes =
          isSpikes ? drawnSpikes(elements, 0.2, random) : drawn<uint8_t>(elements, 0, 17, random);
      llvm::copy(bytes, x.begin());
      input = device.upload(isSpikes ? packSpikes(bytes, c.width, random) : padCounts(bytes, c.width, random));
    } else {
      std::vector<uint32_t> words = drawn<uint32_t>(elements, 0, std::numeric_limits<uint32_t>::max(), random);
      llvm::copy(words, x.begin());
      input = device.upload(words);
    }
    std::vector<int32_t> weights = drawn<int32_t>(c.classes * c.width, -32639, 32639, random);
    std::vector<int64_t> bias = drawn<int64_t>(c.classes, -(int64_t(1) << 40), int64_t(1) << 40, random);
    double unit = 1.0 / 3 / (1 << 20);
    std::vector<float> right;
    for (int64_t image = 0; image < c.images; ++image)
      for (int64_t label = 0; label < c.classes; ++label) {
        int64_t sum = bias[label];
        for (int64_t time = 0; time < c.times; ++time)
          for (int64_t token = 0; token < c.tokens; ++token)
            for (int64_t channel = 0; channel < c.width; ++channel)
              sum += weights[label * c.width + channel] *
                     x[((time * rows) + image * c.tokens + token) * c.width + channel];
        right.push_back(static_cast<float>(static_cast<double>(sum) * unit));
      }
    uint64_t logits = device.allocate(right.size() * 4);
    std::string ptx = ptxOf([&](KernelBuilder &b, mlir::gpu::GPUModuleOp m) { buildClassify(b, m, "kernel", spec); });
    device.run(ptx, launchOf(spec, c.images), parametersOf(spec),
               {input, device.upload(weights), device.upload(bias), device.upload(std::vector<double>{unit}), logits,
                static_cast<uint64_t>(rows)});
    EXPECT_EQ(device.download<float>(logits, right.size()), right);
  }
}
