//===- EmitTest.cpp - Targets, PTX and what the assembler makes of it -----===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "TestKernels.h"
#include "lib/Conversion/SpikeToGPU/CostModel.h"
#include "lib/Conversion/SpikeToGPU/ElementwiseKernels.h"
#include "stas/Quantization/Halting.h"
#include <gmock/gmock.h>

using namespace stas;
using namespace stas::cuda;
using testing::HasSubstr;
using testing::Not;

namespace {
LinearSpec linear(LinearSpec::Input input, int64_t bits) {
  LinearSpec spec;
  spec.input = input;
  spec.inputs = 384;
  spec.channels = 1536;
  spec.timesIn = spec.timesOut = 4;
  spec.bits = bits;
  spec.form = halvingNeuron(4, 2);
  return spec;
}

AttentionSpec attention() {
  AttentionSpec spec;
  spec.tokens = 196;
  spec.width = 512;
  spec.heads = 8;
  spec.timesIn = spec.timesOut = 4;
  spec.form = halvingNeuron(4, 0);
  spec.threshold = 64;
  return spec;
}

TEST(CudaTarget, OnlyWhatLlvmAndKernelsAgreeOn) {
  for (const char *name : {"sm_80", "sm_86", "sm_89", "sm_90", "sm_90a"}) {
    auto target = GpuTarget::create(name);
    ASSERT_TRUE(static_cast<bool>(target)) << llvm::toString(target.takeError());
    EXPECT_EQ(target->name(), name);
    EXPECT_GE(target->ptxVersion(), 71);
  }
  for (const char *name : {"sm_75", "sm_80a", "compute_80", "", "native"}) {
    auto target = GpuTarget::create(name);
    ASSERT_FALSE(static_cast<bool>(target));
    EXPECT_THAT(llvm::toString(target.takeError()), HasSubstr("required sm_80, sm_86, sm_89, sm_90 or sm_90a"));
  }
}

TEST(CudaEmit, LinearUsesTensorCoresAndAsynchronousCopies) {
  std::string ptx = ptxOf(linear(LinearSpec::Input::Spikes, 16));
  EXPECT_THAT(ptx, HasSubstr(".version 7.1\n.target sm_80"));
  EXPECT_THAT(ptx, HasSubstr(".visible .entry kernel("));
  EXPECT_THAT(ptx, HasSubstr("mma.sync.aligned.m16n8k32.row.col.s32.u8.s8.s32"));
  EXPECT_THAT(ptx, Not(HasSubstr("satfinite"))); // 256 * high wraps
  EXPECT_THAT(ptx, HasSubstr("cp.async.ca.shared.global"));
  EXPECT_THAT(ptx, HasSubstr("cp.async.cg.shared.global"));
  EXPECT_THAT(ptx, HasSubstr("cp.async.wait_group"));
  EXPECT_THAT(ptx, HasSubstr("st.global.b8"));
  EXPECT_THAT(ptxOf(linear(LinearSpec::Input::Spikes, 16), "sm_90a"), HasSubstr(".version 8.0\n.target sm_90a"));
}

TEST(CudaEmit, AttentionOnTensorCores) {
  AttentionSpec spec = attention();
  std::string ptx = ptxOf(spec);
  EXPECT_THAT(ptx, HasSubstr("mma.sync.aligned.m16n8k256.row.col.s32.b1.b1.s32.and.popc"));
  EXPECT_THAT(ptx, HasSubstr("mma.sync.aligned.m16n8k32.row.col.s32.u8.u8.s32"));
  EXPECT_THAT(ptx, HasSubstr("shfl.sync.bfly"));
  spec.first = AttentionSpec::First::QueryKey;
  ptx = ptxOf(spec);
  EXPECT_THAT(ptx, Not(HasSubstr("and.popc")));
  EXPECT_THAT(ptx, HasSubstr("mma.sync.aligned.m16n8k32.row.col.s32.u8.u8.s32"));
}

std::string describe(const LinearTiles &t) {
  return testing::PrintToString(
      std::vector<int64_t>{t.rows, t.channels, t.inputs, t.stages, t.warpRows, t.warpChannels, t.timesteps});
}

/// What the assembler says of the PTX of one kernel, which takes more than so many registers.
void checkResources(const std::string &ptx, const char *chip, int64_t registers = 16) {
  SCOPED_TRACE(chip);
  auto target = GpuTarget::create(chip);
  ASSERT_TRUE(static_cast<bool>(target));
  auto cubin = assemble(ptx, *target, *findPtxas());
  ASSERT_TRUE(static_cast<bool>(cubin)) << llvm::toString(cubin.takeError());
  EXPECT_EQ(cubin->code.substr(1, 3), "ELF");
  ASSERT_EQ(cubin->kernels.size(), 1u);
  EXPECT_EQ(cubin->kernels[0].name, "kernel");
  SCOPED_TRACE(testing::Message() << cubin->kernels[0].registers << " registers");
  EXPECT_GT(cubin->kernels[0].registers, registers);
  EXPECT_EQ(cubin->kernels[0].stack, 0);
  EXPECT_EQ(cubin->kernels[0].spillStores, 0);
  EXPECT_EQ(cubin->kernels[0].spillLoads, 0);
}

TEST(CudaAssemble, NoSpills) {
  if (!findPtxas())
    GTEST_SKIP()
        << "ptxas is neither in PATH nor in CUDA_HOME/bin nor in /usr/local/cuda/bin: machine code is not checked";
  for (const char *chip : {"sm_80", "sm_90a"}) {
    for (auto input : {LinearSpec::Input::Spikes, LinearSpec::Input::Counts})
      for (int64_t rows : {64, 64 * 256}) {
        LinearSpec spec = linear(input, rows == 64 ? 8 : 16);
        spec.tiles = chooseTiles(spec, rows);
        SCOPED_TRACE(describe(spec.tiles));
        checkResources(ptxOf(spec, chip), chip);
      }
    LinearSpec map = linear(LinearSpec::Input::Spikes, 16);
    map.inputs = 192;
    map.channels = 384;
    map.map = LinearSpec::Map{16, 16, {3, 3}};
    map.tiles = chooseTiles(map, 256 * 256);
    SCOPED_TRACE(describe(map.tiles));
    checkResources(ptxOf(map, chip), chip);
    LinearSpec act = linear(LinearSpec::Input::Spikes, 16);
    act.timesIn = act.timesOut = 1;
    act.stateful = act.listed = true;
    act.residual = 4;
    act.tiles = chooseTiles(act, 64 * 256);
    checkResources(ptxOf(act, chip), chip);
    // More timesteps than are computed at once; a current that is steady.
    LinearSpec longer = linear(LinearSpec::Input::Counts, 8);
    longer.timesIn = longer.timesOut = 8;
    longer.tiles = chooseTiles(longer, 64 * 256);
    checkResources(ptxOf(longer, chip), chip);
    map.timesIn = 1;
    map.residual = 1;
    map.stream = LinearSpec::Input::Spikes;
    map.tiles = chooseTiles(map, 256 * 256);
    checkResources(ptxOf(map, chip), chip);
  }
}

TEST(CudaAssemble, NoSpillsOfAttention) {
  if (!findPtxas())
    GTEST_SKIP()
        << "ptxas is neither in PATH nor in CUDA_HOME/bin nor in /usr/local/cuda/bin: machine code is not checked";
  for (const char *chip : {"sm_80", "sm_90a"})
    for (auto first : {AttentionSpec::First::KeyValue, AttentionSpec::First::QueryKey}) {
      AttentionSpec spec = attention();
      spec.first = first;
      checkResources(ptxOf(spec, chip), chip);
      spec.width = 96; // heads that share words
      spec.heads = 4;
      spec.timesteps = 2;
      checkResources(ptxOf(spec, chip), chip);
      spec.timesIn = spec.timesOut = 1;
      spec.stateful = spec.masked = true;
      checkResources(ptxOf(spec, chip), chip);
    }
}

/// The PTX of a kernel of whichever family.
template <typename Spec>
std::string ptxOf(void (*build)(KernelBuilder &, mlir::gpu::GPUModuleOp, llvm::StringRef, const Spec &),
                  const Spec &spec, const char *chip) {
  return ::ptxOf([&](KernelBuilder &b, mlir::gpu::GPUModuleOp module) { build(b, module, "kernel", spec); }, chip);
}

ImageSpec image(int64_t size, bool pooled) {
  ImageSpec spec;
  spec.height = spec.width = size;
  spec.inputs = 3;
  spec.channels = 48;
  spec.timesteps = 4;
  spec.window = {{3, 3}, {1, 1}, {1, 1}, {size, size}};
  if (pooled)
    spec.pool = Window{{3, 3}, {2, 2}, {1, 1}, {size / 2, size / 2}};
  return spec;
}

TEST(CudaAssemble, NoSpillsOutsideOfProducts) {
  if (!findPtxas())
    GTEST_SKIP()
        << "ptxas is neither in PATH nor in CUDA_HOME/bin nor in /usr/local/cuda/bin: machine code is not checked";
  constexpr int64_t few = 4; // registers
  constexpr int32_t limit = haltingOne - haltingOne / 100;
  for (const char *chip : {"sm_80", "sm_90a"}) {
    for (bool pooled : {false, true})
      checkResources(ptxOf(buildImage, image(pooled ? 224 : 32, pooled), chip), chip, few);
    QuantizeSpec quantize{1 << 22, 8919141};
    checkResources(ptxOf(buildQuantize, quantize, chip), chip, few);
    checkResources(ptxOf(buildPool, PoolSpec{32, 32, 192, {{3, 3}, {2, 2}, {1, 1}, {16, 16}}}, chip), chip, few);
    checkResources(ptxOf(buildAdd, AddSpec{{true, true}, {false, false}, 1, 4, 384}, chip), chip, few);
    checkResources(ptxOf(buildIntegrate, IntegrateSpec{false, 4, 384}, chip), chip, few);
    for (HaltingOrder order : {HaltingOrder::Lexicographic, HaltingOrder::Rectangular, HaltingOrder::Timestep})
      for (ActOutput output : {ActOutput::Weighted, ActOutput::Rate}) {
        HaltSpec spec{384, order, output, limit};
        checkResources(ptxOf(buildHalt, spec, chip), chip, few);
        spec.lastBlock = spec.forced = true;
        checkResources(ptxOf(buildHalt, spec, chip), chip, few);
      }
    for (GateSpec::Kind kind : {GateSpec::Kind::Gate, GateSpec::Kind::NextStep})
      checkResources(ptxOf(buildGate, GateSpec{kind}, chip), chip, few);
    checkResources(ptxOf(buildCompact, CompactSpec(), chip), chip, few);
    for (auto input : {ClassifySpec::Input::Spikes, ClassifySpec::Input::Counts, ClassifySpec::Input::Sums})
      checkResources(ptxOf(buildClassify, ClassifySpec{input, 4, 64, 384, 1000}, chip), chip, few);
  }
}

TEST(CudaAssemble, RefusalIsAnError) {
  if (!findPtxas())
    GTEST_SKIP()
        << "ptxas is neither in PATH nor in CUDA_HOME/bin nor in /usr/local/cuda/bin: its refusal is not checked";
  auto target = GpuTarget::create("sm_80");
  ASSERT_TRUE(static_cast<bool>(target));
  auto cubin = assemble("no PTX", *target, *findPtxas());
  ASSERT_FALSE(static_cast<bool>(cubin));
  EXPECT_THAT(llvm::toString(cubin.takeError()), HasSubstr("refused the PTX for sm_80"));
}

TEST(CudaCostModel, TilesFitTheLayer) {
  for (int64_t inputs : {48, 192, 384, 768})
    for (int64_t rows : {1, 64, 196 * 8, 64 * 256})
      for (int64_t timesteps : {1, 4, 7}) {
        LinearSpec spec = linear(LinearSpec::Input::Counts, 16);
        spec.inputs = inputs;
        spec.timesIn = spec.timesOut = timesteps;
        spec.tiles = chooseTiles(spec, rows);
        EXPECT_EQ(problemOf(spec), "");
      }
  // A layer of few channels has no use for wide tiles, however many blocks of them would fit.
  LinearSpec narrow = linear(LinearSpec::Input::Spikes, 16);
  narrow.channels = 32;
  EXPECT_EQ(chooseTiles(narrow, 64 * 256).channels, 32);
  // Of the tiles that a layer can have the model's are never slower than those that a spec starts with.
  for (int64_t rows : {64, 64 * 256}) {
    LinearSpec spec = linear(LinearSpec::Input::Counts, 16);
    double before = clocksOf(spec, rows);
    spec.tiles = chooseTiles(spec, rows);
    EXPECT_LE(clocksOf(spec, rows), before);
  }
}
} // namespace
