//===- Executor.cpp - Runs a plan on images -------------------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Executor.h"

#include <algorithm>
#include <chrono>
#include <cstring>

using namespace stas;

static int64_t now() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

Executor::Executor(const Program &program, ThreadPool &pool, std::vector<Arena> &arenas,
                   std::vector<WorkMemory> &scratch, const Batch &batch, const RunOptions &options)
    : program(program), pool(pool), arenas(arenas), scratch(scratch), batch(batch), options(options) {
  if (!options.profile)
    return;
  nanoseconds.resize(pool.size());
  for (auto &thread : nanoseconds)
    for (const LaunchPlan &launch : program.launches)
      thread.emplace_back(std::max<int64_t>(launch.timesteps, 1), 0);
}

Status Executor::run() {
  int threads = pool.size();
  // Every thread computes whole images while there are enough of them: that
  // needs no waiting. Which thread takes which images is left to chance, since
  // images that halt early take less time.
  int64_t alone = batch.size - batch.size % threads;
  // As many at a time as fit, but equally many for every thread.
  int64_t most = options.observers.empty() ? program.imagesTogether : 1, each = alone / threads;
  int64_t rounds = (each + most - 1) / most;
  int64_t together = rounds > 0 ? (each + rounds - 1) / rounds : 1;
  pool.run([&](int rank) {
    for (;;) {
      int64_t first = nextImage.fetch_add(together);
      if (first >= alone || failed)
        break;
      int count = static_cast<int>(std::min(together, alone - first));
      runGroup({first, count, arenas[rank], rank, {0, 1}});
    }
    if (alone == batch.size)
      return;
    pool.barrier();
    for (int64_t image = alone; image < batch.size && !failed; ++image)
      runGroup({image, 1, arenas[0], rank, {rank, threads}});
  });
  if (options.profile)
    addTimes(*options.profile);
  return failure;
}

void Executor::addTimes(std::vector<LaunchTime> &times) const {
  times.resize(program.launches.size());
  for (size_t i = 0; i < times.size(); ++i) {
    times[i].layer = program.launchLayers[i];
    times[i].kernel = program.launchKernels[i];
    times[i].timesteps.resize(program.launches[i].timesteps);
    for (const auto &thread : nanoseconds)
      for (size_t t = 0; t < thread[i].size(); ++t) {
        double seconds = 1e-9 * thread[i][t];
        times[i].seconds += seconds;
        if (!times[i].timesteps.empty())
          times[i].timesteps[t] += seconds;
      }
  }
}

void Executor::runGroup(Group group) {
  Team team = group.team;
  if (team.rank == 0)
    load(group);
  meet(team);
  int64_t t = 0;
  for (uint32_t next = 0; next < program.instructions.size();) {
    const Instruction &instruction = program.instructions[next++];
    switch (instruction.kind) {
    case Instruction::Launch:
      launch(instruction.index, t, group);
      // Set before the last barrier, so that all of a team leave together.
      if (team.size > 1 && failed)
        return;
      break;
    case Instruction::BeginLoop:
      t = 0;
      break;
    case Instruction::RepeatLoop: {
      const LoopPlan &loop = program.loops[instruction.index];
      if (++t < loop.timesteps) {
        next = loop.body;
      } else {
        t = 0;
        group.isDone = {};
      }
      break;
    }
    case Instruction::StopWhenIdle: {
      bool idle = isIdle(program.idleBuffers[instruction.index], group);
      // All of a team must have looked before the next launch writes.
      meet(team);
      if (idle) {
        next = program.loops[instruction.loop].end;
        t = 0;
        group.isDone = {};
      }
      break;
    }
    }
  }
  if (team.rank == 0)
    store(group);
  meet(team);
}

/// Whether all images are done with the loop: those whose mask is zero are,
/// and wait for the others.
bool Executor::isIdle(Range mask, Group &group) {
  bool idle = true;
  for (int image = 0; image < group.count; ++image) {
    const char *bytes = group.arena.at(image, mask.offset);
    group.isDone[image] |= std::all_of(bytes, bytes + mask.size, [](char byte) { return byte == 0; });
    idle &= group.isDone[image];
  }
  return idle;
}

void Executor::load(const Group &group) {
  if (options.poison)
    group.arena.fill(0xa5);
  const char *images = reinterpret_cast<const char *>(batch.images);
  for (int image = 0; image < group.count; ++image) {
    for (Range range : program.zeroed)
      std::memset(group.arena.at(image, range.offset), 0, range.size);
    std::memcpy(group.arena.at(image, program.input.offset), images + (group.first + image) * program.input.size,
                program.input.size);
  }
}

void Executor::store(const Group &group) {
  char *logits = reinterpret_cast<char *>(batch.logits), *halting = reinterpret_cast<char *>(batch.halting);
  for (int image = 0; image < group.count; ++image) {
    int64_t index = group.first + image;
    std::memcpy(logits + index * program.logits.size, group.arena.at(image, program.logits.offset),
                program.logits.size);
    if (halting)
      std::memcpy(halting + index * program.halting.size, group.arena.at(image, program.halting.offset),
                  program.halting.size);
  }
}

void Executor::launch(uint32_t index, int64_t t, const Group &group) {
  const LaunchPlan &plan = program.launches[index];
  Team team = group.team;
  if (options.observers.empty() ? !plan.unobserved : !plan.observed)
    return;
  if (plan.work >= 0 && !options.observers.empty()) {
    // All of a team must have looked for failures of the launch before.
    meet(team);
    if (team.rank == 0)
      observeWork(plan, t, group);
    meet(team);
  }
  bool timed = options.profile && team.rank == 0;
  int64_t start = timed ? now() : 0;
  call(plan, t, group);
  meet(team);
  if (timed)
    nanoseconds[group.thread][index][t] += now() - start;
  if (plan.spikes < 0 || options.observers.empty())
    return;
  if (team.rank == 0)
    observe(plan, t, group);
  meet(team);
}

void Executor::call(const LaunchPlan &plan, int64_t t, const Group &group) {
  void *memory = scratch[group.thread].get();
  int64_t stride = static_cast<int64_t>(program.arenaStride());
  if (group.count > 1 && plan.severalImages)
    return plan.kernel(group.arena.arguments(0, plan), 0, group.count * plan.extent, t, stride, memory);
  int64_t share = (plan.extent + group.team.size - 1) / group.team.size;
  int64_t begin = std::min(plan.extent, group.team.rank * share);
  int64_t end = std::min(plan.extent, begin + share);
  for (int image = 0; image < group.count && begin < end; ++image)
    if (!group.isDone[image])
      plan.kernel(group.arena.arguments(image, plan), begin, end, t, stride, memory);
}

void Executor::observeWork(const LaunchPlan &plan, int64_t t, const Group &group) {
  const WorkPlan &work = program.works[plan.work];
  WorkView view = {};
  view.layer = plan.work;
  view.image = batch.firstImage + group.first;
  view.t = t;
  view.steps = work.steps;
  for (size_t i = 0; i < work.inputs.size(); ++i)
    view.inputs[i] = group.arena.at(0, work.inputs[i]);
  view.isFloat = work.isFloat;
  if (work.active)
    view.active = reinterpret_cast<const uint8_t *>(group.arena.at(0, *work.active));
  for (Observer *observer : options.observers)
    if (Status status = observer->onWork(view); !status)
      return fail(group.first, status.error());
}

/// Rows of tokens that are not active may hold anything, since no kernel reads them; observers see that they do not
/// fire.
void Executor::silence(const LaunchPlan &plan, const Group &group) {
  const SpikePlan &spikes = program.spikes[plan.spikes];
  const std::optional<uint64_t> active = plan.work >= 0 ? program.works[plan.work].active : std::nullopt;
  if (!active)
    return;
  const char *mask = group.arena.at(0, *active);
  char *rows = group.arena.at(0, spikes.offset);
  for (int64_t row = 0; row < spikes.rows; ++row)
    if (!mask[row])
      std::memset(rows + row * spikes.width, 0, spikes.width);
}

void Executor::observe(const LaunchPlan &plan, int64_t t, const Group &group) {
  const SpikePlan &spikes = program.spikes[plan.spikes];
  silence(plan, group);
  SpikeView view;
  view.layer = plan.spikes;
  view.image = batch.firstImage + group.first;
  view.t = t;
  view.steps = spikes.steps;
  view.data = reinterpret_cast<uint8_t *>(group.arena.at(0, spikes.offset));
  for (Observer *observer : options.observers)
    if (Status status = observer->onSpikes(view); !status)
      return fail(group.first, status.error());
}

void Executor::fail(int64_t image, const Error &error) {
  std::lock_guard<std::mutex> lock(failureMutex);
  // Of several, the error of the first image, whichever thread was faster.
  if (failure || image < failedImage) {
    failure = error;
    failedImage = image;
  }
  failed = true;
}
