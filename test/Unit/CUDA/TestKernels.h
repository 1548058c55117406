//===- TestKernels.h - Single kernels, emitted and executed -----*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Emits the PTX of a kernel and runs that very text, thread by thread, on the
// CPU (test/lib/PTX): memory that nobody wrote holds a pattern, accesses outside
// of an allocation, races and reads of shared memory that nobody wrote fail the
// test.
//
//===----------------------------------------------------------------------===//
#ifndef STAS_TEST_UNIT_CUDA_TESTKERNELS_H
#define STAS_TEST_UNIT_CUDA_TESTKERNELS_H

#include "lib/Conversion/SpikeToGPU/Kernels.h"
#include "stas/Target/CUDA/Emit.h"
#include "test/lib/PTX/Program.h"
#include "test/lib/PTX/Transactions.h"
#include <random>

/// PTX of the kernels that `build` adds to a module. Fails the running test where it cannot be made.
std::string ptxOf(llvm::function_ref<void(stas::cuda::KernelBuilder &, mlir::gpu::GPUModuleOp)> build,
                  llvm::StringRef chip = "sm_80");

/// The PTX of one kernel, as the entry "kernel".
std::string ptxOf(const stas::cuda::LinearSpec &spec, llvm::StringRef chip = "sm_80");
std::string ptxOf(const stas::cuda::AttentionSpec &spec, llvm::StringRef chip = "sm_80");

/// The memory of a device and one kernel at a time.
class Device {
public:
  /// Memory that holds these values.
  template <typename T> uint64_t upload(const std::vector<T> &values) {
    uint64_t address = allocate(values.size() * sizeof(T));
    std::copy(values.begin(), values.end(), reinterpret_cast<T *>(address));
    return address;
  }
  /// Memory that holds nothing yet.
  uint64_t allocate(int64_t bytes);
  template <typename T> std::vector<T> download(uint64_t address, int64_t count) const {
    const T *first = reinterpret_cast<const T *>(address);
    return std::vector<T>(first, first + count);
  }
  /// Runs the entry "kernel" of a text with the arguments of its parameters. Fails the running test where it does what
  /// a kernel must not do.
  void run(const std::string &ptx, const stas::cuda::LaunchShape &launch,
           llvm::ArrayRef<stas::cuda::Parameter> parameters, const std::vector<uint64_t> &arguments);
  /// What the accesses to memory of all runs cost, where it is asked for before: parameter n is "kernel_param_n".
  stas::ptx::TransactionReport *transactions = nullptr;

private:
  stas::ptx::Memory memory;
};

/// Spikes and counts of [times, rows, channels] in the layouts of kernels; what lies behind the last channel is noise.
std::vector<uint8_t> packSpikes(const std::vector<uint8_t> &values, int64_t channels, std::mt19937 &random);
std::vector<uint8_t> unpackSpikes(const std::vector<uint8_t> &packed, int64_t channels);
std::vector<uint8_t> padCounts(const std::vector<uint8_t> &values, int64_t channels, std::mt19937 &random);
std::vector<uint8_t> unpadCounts(const std::vector<uint8_t> &padded, int64_t channels);

/// The neuron of tau = 2 and hard reset that runs `steps` timesteps; that of another tau; with soft reset.
stas::NeuronForm halvingNeuron(int64_t steps, int guard);
stas::NeuronForm generalNeuron(double tau, int guard, bool soft);

/// Values between the bounds, both included.
template <typename T> std::vector<T> drawn(size_t count, int64_t low, int64_t high, std::mt19937 &random) {
  std::uniform_int_distribution<int64_t> distribution(low, high);
  std::vector<T> values(count);
  for (T &value : values)
    value = static_cast<T>(distribution(random));
  return values;
}
/// Ones and zeros.
std::vector<uint8_t> drawnSpikes(size_t count, double rate, std::mt19937 &random);

#endif // STAS_TEST_UNIT_CUDA_TESTKERNELS_H
