//===- Simulation.h - One batch on a simulated chip -------------*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef STAS_LIB_RUNTIME_CHIP_SIMULATION_H
#define STAS_LIB_RUNTIME_CHIP_SIMULATION_H

#include "Host.h"
#include "State.h"
#include "stas/Runtime/Model.h"
#include "stas/Runtime/ThreadPool.h"

#include <atomic>
#include <mutex>

namespace stas {
namespace chipsim {

/// What is simulated, but for the images.
struct Board {
  const ChipPlan &plan;
  const std::vector<Encoder> &encoders;
  const Classifier &classifier;
  const ModelInfo &info;
  const std::vector<int64_t> &layerOfPopulation; ///< Into info.spikeLayers; -1: none.
};

/// Every thread takes whole images while there are enough of them; the rest are
/// shared out core by core.
class Simulation {
public:
  Simulation(const Board &board, ThreadPool &pool, const Batch &batch, const RunOptions &options);

  Status run();

private:
  struct Team {
    int rank, size;
  };
  /// Whether to go on with other images.
  bool runImage(int64_t image, ImageState &state, Team team);
  Status start(int64_t image, ImageState &state);
  Status finishStep(int64_t image, int64_t step, ImageState &state);
  Status observe(int64_t image, int64_t step, ImageState &state);
  Status finish(int64_t image, ImageState &state);
  void runCores(int64_t image, int64_t step, ImageState &state, Team team);
  void fail(int64_t image, const Error &error);
  void report();

  const Board &board;
  const ChipPlan &plan;
  ThreadPool &pool;
  const Batch &batch;
  const RunOptions &options;
  std::vector<ImageState> states; ///< By thread.

  std::atomic<int64_t> nextImage{0};
  std::atomic<bool> failed{false};
  std::mutex failureMutex;
  int64_t failedImage = 0;
  Status failure;
};

/// Adds what a batch of images did to `activity`.
void addActivity(const ChipPlan &plan, const std::vector<ImageState> &states, int64_t images, uint64_t hostOperations,
                 ChipActivity &activity);

} // namespace chipsim
} // namespace stas

#endif // STAS_LIB_RUNTIME_CHIP_SIMULATION_H
