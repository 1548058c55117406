//===- Executor.h - Runs a plan on images -----------------------*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef STAS_LIB_RUNTIME_CPU_EXECUTOR_H
#define STAS_LIB_RUNTIME_CPU_EXECUTOR_H

#include "Arena.h"
#include "stas/Runtime/Model.h"
#include "stas/Runtime/ThreadPool.h"

#include <array>
#include <atomic>
#include <mutex>

namespace stas {

/// One batch on its way through a program.
class Executor {
public:
  Executor(const Program &program, ThreadPool &pool, std::vector<Arena> &arenas, std::vector<WorkMemory> &scratch,
           const Batch &batch, const RunOptions &options);

  Status run();

private:
  /// Who computes an image: one thread alone, or all of them in step.
  struct Team {
    int rank; ///< Of this thread in the team.
    int size;
  };

  /// Images of the batch on their way through the plan together.
  struct Group {
    int64_t first;
    int count; ///< 1 for a team, and where there are observers.
    Arena &arena;
    int thread;
    Team team;
    std::array<bool, kMostImagesTogether> isDone = {}; ///< With the loop.
  };

  void runGroup(Group group);
  void load(const Group &group);
  void store(const Group &group);
  void addTimes(std::vector<LaunchTime> &times) const;
  void launch(uint32_t index, int64_t t, const Group &group);
  void call(const LaunchPlan &plan, int64_t t, const Group &group);
  bool isIdle(Range mask, Group &group);
  void observeWork(const LaunchPlan &plan, int64_t t, const Group &group);
  void silence(const LaunchPlan &plan, const Group &group);
  void observe(const LaunchPlan &plan, int64_t t, const Group &group);
  void meet(Team team) {
    if (team.size > 1)
      pool.barrier();
  }
  void fail(int64_t image, const Error &error);

  const Program &program;
  ThreadPool &pool;
  std::vector<Arena> &arenas;
  std::vector<WorkMemory> &scratch;
  const Batch &batch;
  const RunOptions &options;
  std::vector<std::vector<std::vector<int64_t>>> nanoseconds; ///< [thread][launch][timestep].

  std::atomic<int64_t> nextImage{0};
  std::atomic<bool> failed{false};
  std::mutex failureMutex;
  int64_t failedImage = 0;
  Status failure;
};

} // namespace stas

#endif // STAS_LIB_RUNTIME_CPU_EXECUTOR_H
