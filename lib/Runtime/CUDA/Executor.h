//===- Executor.h - Runs a plan on a GPU ------------------------*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef STAS_LIB_RUNTIME_CUDA_EXECUTOR_H
#define STAS_LIB_RUNTIME_CUDA_EXECUTOR_H

#include "Memory.h"
#include "Module.h"
#include "Plan.h"

#include <list>
#include <memory>
#include <optional>

namespace stas {
namespace cuda {

struct ExecutorOptions {
  /// Images that are computed together: a run of more is cut.
  uint64_t mostImages = 256;
  /// Each buffer in memory of its own, filled with 0xa5, so that the driver of
  /// the tests finds who leaves its bounds or reads what nobody wrote.
  bool separateBuffers = false;
};

/// Images in host memory and where results go, an image after the other.
struct PlanRun {
  uint64_t images = 0;
  const void *input = nullptr;
  std::vector<void *> outputs; ///< As many as the plan has; null: not wanted.
};

/// A plan, its kernels and its weights on a device. For one thread at a time.
///
/// What a batch of a size does, copies included, is one graph, made when the
/// size is first seen. Two batches are on their way at once, so that the copies
/// of one run beside the kernels of the other.
class Executor {
public:
  /// Takes a plan that check() accepts and whose kernels the module has, or
  /// fails as they do. The device is current. weights: the bytes that the plan
  /// speaks of; they are copied.
  static Result<std::unique_ptr<Executor>> create(std::shared_ptr<const Device> device, Plan plan, Module module,
                                                  std::string_view weights, const ExecutorOptions &options = {});
  ~Executor();

  /// Runs a batch of any size. After a failure that the device reports, all
  /// later runs fail as well.
  Status run(const PlanRun &run);

  /// Bytes of the device's memory that are in use now.
  uint64_t deviceBytes() const { return pool.usedBytes(); }

private:
  /// Buffers, a stream and a graph for batches of one size.
  struct Slot {
    explicit Slot(Stream stream) : stream(std::move(stream)) {}
    Stream stream;
    std::vector<DeviceMemory> memory;
    std::vector<DeviceAddress> addresses; ///< Of the buffers.
    PinnedMemory input;
    std::vector<PinnedMemory> outputs;
    std::optional<Graph> graph;
    std::optional<uint64_t> firstImage; ///< Of the batch on its way.
  };
  /// The slots for batches of one size; the second is made when it is needed.
  struct Size {
    uint64_t images;
    std::unique_ptr<Slot> slots[2];
  };
  /// Sizes that are kept: the others' memory is given back.
  static constexpr size_t kMostSizes = 4;

  Executor(std::shared_ptr<const Device> device, Plan plan, Module module, const ExecutorOptions &options)
      : device(device), plan(std::move(plan)), module(std::move(module)), options(options), pool(std::move(device)) {}
  Status uploadWeights(std::string_view bytes);
  Status findKernels();
  Size &sizeFor(uint64_t images);
  Result<std::unique_ptr<Slot>> makeSlot(uint64_t images);
  Status place(Slot &slot, uint64_t images);
  Status record(Slot &slot, uint64_t images);
  Status launch(Slot &slot, size_t step, uint64_t images);
  Arguments argumentsOf(const PlanStep &step, const std::vector<DeviceAddress> &addresses, uint64_t images) const;
  Status runBatches(Size &size, const PlanRun &run, uint64_t first, uint64_t batches);
  Status start(Slot &slot, const PlanRun &run, uint64_t first, uint64_t images);
  Status finish(Slot &slot, const PlanRun &run, uint64_t images);

  // In this order: what is made of another comes after it.
  std::shared_ptr<const Device> device;
  CurrentDevice ending; ///< Once this is destroyed: until all below is.
  Plan plan;
  Module module;
  ExecutorOptions options;
  MemoryPool pool;
  DeviceMemory weights;
  std::vector<FunctionObject *> kernels; ///< Of each step; null for a fill.
  std::list<Size> sizes;                 ///< The last that was used first.
};

} // namespace cuda
} // namespace stas

#endif // STAS_LIB_RUNTIME_CUDA_EXECUTOR_H
