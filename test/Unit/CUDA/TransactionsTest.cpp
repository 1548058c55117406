//===- TransactionsTest.cpp - Bank conflicts and sectors of kernels -------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "TestKernels.h"
#include "lib/Conversion/SpikeToGPU/CostModel.h"
#include "lib/Conversion/SpikeToGPU/ElementwiseKernels.h"
#include <gtest/gtest.h>

using namespace stas;
using namespace stas::cuda;
using Input = LinearSpec::Input;

namespace {
/// What the first blocks of a kernel do with memories of so many bytes, all zero.
class Counted {
public:
  template <typename Spec>
  Counted(const std::string &ptx, const Spec &spec, int64_t rows, LaunchShape launch,
          llvm::ArrayRef<int64_t> memoryBytes) {
    Device device;
    device.transactions = &report;
    std::vector<uint64_t> arguments;
    for (int64_t bytes : memoryBytes)
      arguments.push_back(device.upload(std::vector<uint8_t>(bytes)));
    arguments.push_back(rows);
    device.run(ptx, launch, parametersOf(spec), arguments);
  }
  ptx::Transactions of(int parameter) const { return report.sum("kernel_param_" + std::to_string(parameter)); }
  ptx::Transactions shared(std::string_view opcode = "") const { return report.sum("shared", opcode); }

private:
  ptx::TransactionReport report;
};

void expectNoWaste(const ptx::Transactions &found) {
  EXPECT_GT(found.requests, 0u);
  EXPECT_EQ(found.made, found.least);
}

/// A block of a layer of 4 timesteps, in the tiles that the cost model chooses for 64 images.
Counted linear(LinearSpec &spec) {
  spec.timesIn = spec.timesOut = 4;
  spec.form = halvingNeuron(4, 0);
  spec.tiles = chooseTiles(spec, 64 * 64);
  int64_t rows = spec.tiles.rows, n = spec.paddedChannels() * 4;
  int64_t lineBytes = spec.input == Input::Spikes ? spikeBytes(spec.inputs) : countBytes(spec.inputs);
  LaunchShape launch = launchOf(spec, rows);
  launch.grid[0] = 1;
  return Counted(ptxOf(spec), spec, rows, launch,
                 {4 * rows * lineBytes, spec.paddedChannels() * spec.paddedInputs() * spec.limbs(), n, n,
                  4 * rows * spikeBytes(spec.channels)});
}
} // namespace

TEST(CudaTransactions, LinearKernelsHaveNoConflicts) {
  struct Size {
    int64_t inputs, channels;
  };
  for (Size size : {Size{384, 384}, Size{384, 1536}, Size{1536, 384}, Size{512, 512}, Size{768, 768}, Size{192, 192}})
    for (Input input : {Input::Spikes, Input::Counts}) {
      SCOPED_TRACE(testing::Message() << size.inputs << " to " << size.channels << ", counts "
                                      << (input == Input::Counts));
      LinearSpec spec;
      spec.input = input;
      spec.inputs = size.inputs;
      spec.channels = size.channels;
      Counted counted = linear(spec);
      expectNoWaste(counted.shared());
      expectNoWaste(counted.of(1)); // the weights
      // Wavefronts bring 128 bytes; of spikes in tiles of 64 inputs half as many.
      ptx::Transactions loads = counted.shared("ld"), inputs = counted.shared("ld.shared.b32");
      EXPECT_GT(inputs.requests, 0u);
      EXPECT_EQ(inputs.bytes, (input == Input::Spikes ? spec.tiles.inputs : 128) * inputs.made);
      EXPECT_EQ(loads.bytes - inputs.bytes, 128 * (loads.made - inputs.made)); // of the weights
      if (input == Input::Counts)
        expectNoWaste(counted.of(0));
    }
}

TEST(CudaTransactions, AttentionHasNoConflicts) {
  struct Size {
    int64_t tokens, width, heads;
  };
  for (Size size : {Size{64, 384, 12}, Size{196, 768, 12}, Size{49, 96, 4}, Size{300, 64, 1}})
    for (auto first : {AttentionSpec::First::KeyValue, AttentionSpec::First::QueryKey}) {
      SCOPED_TRACE(testing::Message() << size.tokens << " tokens, " << size.width << " channels, query and key first "
                                      << (first == AttentionSpec::First::QueryKey));
      AttentionSpec spec;
      spec.tokens = size.tokens;
      spec.width = size.width;
      spec.heads = size.heads;
      spec.timesIn = spec.timesOut = 2;
      spec.form = halvingNeuron(2, 0);
      spec.threshold = 3;
      spec.first = first;
      int64_t bytes = 2 * size.tokens * spikeBytes(size.width);
      LaunchShape launch = launchOf(spec, 1);
      launch.grid[0] = 1;
      expectNoWaste(Counted(ptxOf(spec), spec, size.tokens, launch, {bytes, bytes, bytes, bytes}).shared());
    }
}

TEST(CudaTransactions, ElementwiseKernelsWasteNoSector) {
  auto check = [](const auto &spec, auto build, int64_t rows, llvm::ArrayRef<int64_t> memoryBytes) {
    auto ptx = ptxOf([&](KernelBuilder &b, mlir::gpu::GPUModuleOp module) { build(b, module, "kernel", spec); });
    Counted counted(ptx, spec, rows, launchOf(spec, rows), memoryBytes);
    for (size_t i = 0; i < memoryBytes.size(); ++i)
      expectNoWaste(counted.of(static_cast<int>(i)));
  };
  check(QuantizeSpec{8192, 17421}, buildQuantize, 3072, {3072 * 4, 3072 * 4});
  AddSpec add;
  add.times = 4;
  add.channels = 384;
  check(add, buildAdd, 16, {4 * 16 * 384, 4 * 16 * 384, 4 * 16 * 384});
  IntegrateSpec integrate;
  integrate.times = 4;
  integrate.channels = 384;
  check(integrate, buildIntegrate, 16, {4 * 16 * 384, 16 * 384});
}

TEST(CudaTransactions, ClassifierHasNoConflicts) {
  ClassifySpec spec;
  spec.times = 4;
  spec.tokens = 16;
  spec.width = 384;
  spec.classes = 10;
  auto ptx = ptxOf([&](KernelBuilder &b, mlir::gpu::GPUModuleOp module) { buildClassify(b, module, "kernel", spec); });
  Counted counted(ptx, spec, 16, launchOf(spec, 1), {4 * 16 * 384, 10 * 384 * 4, 10 * 8, 8, 10 * 4});
  expectNoWaste(counted.shared());
  expectNoWaste(counted.of(0));
  expectNoWaste(counted.of(1));
}
