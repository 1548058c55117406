//===- TestKernels.cpp - Single kernels, emitted and executed -------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "TestKernels.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "mlir/IR/Verifier.h"
#include <cmath>
#include <gtest/gtest.h>

using namespace mlir;
using namespace stas;
using namespace stas::cuda;

std::string ptxOf(llvm::function_ref<void(KernelBuilder &, gpu::GPUModuleOp)> build, llvm::StringRef chip) {
  auto target = GpuTarget::create(chip);
  if (!target) {
    ADD_FAILURE() << llvm::toString(target.takeError());
    return "";
  }
  MLIRContext context;
  context.loadDialect<arith::ArithDialect, gpu::GPUDialect, LLVM::LLVMDialect, NVVM::NVVMDialect, scf::SCFDialect>();
  KernelBuilder b(UnknownLoc::get(&context), &context);
  OwningOpRef<ModuleOp> module = ModuleOp::create(b.getLoc());
  b.setInsertionPointToEnd(module->getBody());
  auto kernels = gpu::GPUModuleOp::create(b, "kernels");
  build(b, kernels);
  if (failed(verify(*module))) {
    ADD_FAILURE() << "the kernels' module is not valid";
    return "";
  }
  auto ptx = emitPtx(kernels, *target);
  if (!ptx) {
    ADD_FAILURE() << llvm::toString(ptx.takeError());
    return "";
  }
  return *ptx;
}

std::string ptxOf(const LinearSpec &spec, llvm::StringRef chip) {
  EXPECT_EQ(problemOf(spec), "");
  return ptxOf([&](KernelBuilder &b, gpu::GPUModuleOp module) { buildLinear(b, module, "kernel", spec); }, chip);
}
std::string ptxOf(const AttentionSpec &spec, llvm::StringRef chip) {
  EXPECT_EQ(problemOf(spec), "");
  return ptxOf([&](KernelBuilder &b, gpu::GPUModuleOp module) { buildAttention(b, module, "kernel", spec); }, chip);
}

uint64_t Device::allocate(int64_t bytes) {
  uint64_t address = memory.allocate(bytes);
  if (address == 0)
    ADD_FAILURE() << "no memory for " << bytes << " bytes";
  return address;
}

void Device::run(const std::string &ptx, const cuda::LaunchShape &launch, llvm::ArrayRef<cuda::Parameter> parameters,
                 const std::vector<uint64_t> &arguments) {
  ASSERT_EQ(parameters.size(), arguments.size());
  auto program = ptx::Program::load(ptx, memory);
  if (!program) {
    ADD_FAILURE() << program.error().message();
    return;
  }
  ptx::Launch run;
  for (int axis = 0; axis < 3; ++axis)
    run.grid[axis] = launch.grid[axis];
  run.block[0] = launch.threads;
  run.dynamicShared = launch.sharedBytes;
  for (auto [parameter, argument] : llvm::zip(parameters, arguments)) {
    size_t bytes = parameter.kind == cuda::Parameter::Kind::Number ? 4 : 8;
    run.parameters.resize(llvm::alignTo(run.parameters.size(), bytes) + bytes);
    std::memcpy(run.parameters.data() + run.parameters.size() - bytes, &argument, bytes);
  }
  ptx::RunOptions options;
  options.threads = 1;
  options.transactions = transactions;
  if (auto status = (*program)->run("kernel", run, options); !status)
    ADD_FAILURE() << status.message();
}

//===----------------------------------------------------------------------===//
// Layouts
//===----------------------------------------------------------------------===//

std::vector<uint8_t> packSpikes(const std::vector<uint8_t> &values, int64_t channels, std::mt19937 &random) {
  int64_t lines = values.size() / channels, bytes = spikeBytes(channels);
  std::vector<uint8_t> packed = drawn<uint8_t>(lines * bytes, 0, 255, random);
  for (int64_t line = 0; line < lines; ++line)
    for (int64_t c = 0; c < channels; ++c) {
      uint8_t &byte = packed[line * bytes + c / 8];
      byte = (byte & ~(1 << c % 8)) | values[line * channels + c] << c % 8;
    }
  return packed;
}

std::vector<uint8_t> unpackSpikes(const std::vector<uint8_t> &packed, int64_t channels) {
  int64_t bytes = spikeBytes(channels), lines = packed.size() / bytes;
  std::vector<uint8_t> values(lines * channels);
  for (int64_t line = 0; line < lines; ++line)
    for (int64_t c = 0; c < channels; ++c)
      values[line * channels + c] = packed[line * bytes + c / 8] >> c % 8 & 1;
  return values;
}

std::vector<uint8_t> padCounts(const std::vector<uint8_t> &values, int64_t channels, std::mt19937 &random) {
  int64_t lines = values.size() / channels, bytes = countBytes(channels);
  std::vector<uint8_t> padded = drawn<uint8_t>(lines * bytes, 0, 255, random);
  for (int64_t line = 0; line < lines; ++line)
    std::copy_n(values.begin() + line * channels, channels, padded.begin() + line * bytes);
  return padded;
}

std::vector<uint8_t> unpadCounts(const std::vector<uint8_t> &padded, int64_t channels) {
  int64_t bytes = countBytes(channels), lines = padded.size() / bytes;
  std::vector<uint8_t> values(lines * channels);
  for (int64_t line = 0; line < lines; ++line)
    std::copy_n(padded.begin() + line * bytes, channels, values.begin() + line * channels);
  return values;
}

std::vector<uint8_t> drawnSpikes(size_t count, double rate, std::mt19937 &random) {
  std::bernoulli_distribution distribution(rate);
  std::vector<uint8_t> values(count);
  for (uint8_t &value : values)
    value = distribution(random);
  return values;
}

//===----------------------------------------------------------------------===//
// Neurons
//===----------------------------------------------------------------------===//

NeuronForm halvingNeuron(int64_t steps, int guard) {
  NeuronForm form;
  form.guard = guard;
  form.fraction = static_cast<int>(steps) + guard;
  return form;
}

NeuronForm generalNeuron(double tau, int guard, bool soft) {
  NeuronForm form;
  form.mode = NeuronForm::Mode::General;
  form.soft = soft;
  form.guard = guard;
  form.fraction = 8 + guard;
  form.multiplier = std::llround(std::ldexp(1.0, 30) / tau);
  return form;
}
