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
  if (options.profile)
    nanoseconds.assign(pool.size(), std::vector<int64_t>(program.launches.size(), 0));
}

Status Executor::run() {
  int threads = pool.size();
  // Every thread computes whole images while there are enough of them: that
  // needs no waiting. Which thread takes which image is left to chance, since
  // images that halt early take less time.
  int64_t alone = batch.size - batch.size % threads;
  pool.run([&](int rank) {
    for (;;) {
      int64_t image = nextImage.fetch_add(1);
      if (image >= alone || failed)
        break;
      runImage(image, arenas[rank], rank, {0, 1});
    }
    if (alone == batch.size)
      return;
    pool.barrier();
    for (int64_t image = alone; image < batch.size && !failed; ++image)
      runImage(image, arenas[0], rank, {rank, threads});
  });
  if (options.profile) {
    options.profile->resize(program.launches.size());
    for (size_t i = 0; i < program.launches.size(); ++i) {
      (*options.profile)[i].layer = program.launchLayers[i];
      for (const auto &thread : nanoseconds)
        (*options.profile)[i].seconds += 1e-9 * thread[i];
    }
  }
  return failure;
}

void Executor::runImage(int64_t image, Arena &arena, int thread, Team team) {
  if (team.rank == 0)
    load(image, arena);
  meet(team);
  int64_t t = 0;
  for (uint32_t next = 0; next < program.instructions.size();) {
    const Instruction &instruction = program.instructions[next++];
    switch (instruction.kind) {
    case Instruction::Launch:
      launch(instruction.index, image, t, arena, thread, team);
      // Set before the last barrier, so that all of a team leave together.
      if (team.size > 1 && failed)
        return;
      break;
    case Instruction::BeginLoop:
      t = 0;
      break;
    case Instruction::RepeatLoop: {
      const LoopPlan &loop = program.loops[instruction.index];
      if (++t < loop.timesteps)
        next = loop.body;
      else
        t = 0;
      break;
    }
    case Instruction::StopWhenIdle: {
      Range range = program.idleBuffers[instruction.index];
      const char *bytes = arena.at(range.offset);
      bool idle = std::all_of(bytes, bytes + range.size, [](char byte) { return byte == 0; });
      // All of a team must have looked before the next launch writes.
      meet(team);
      if (idle) {
        next = program.loops[instruction.loop].end;
        t = 0;
      }
      break;
    }
    }
  }
  if (team.rank == 0)
    store(image, arena);
  meet(team);
}

void Executor::load(int64_t image, Arena &arena) {
  if (options.poison)
    arena.fill(0xa5);
  for (Range range : program.zeroed)
    std::memset(arena.at(range.offset), 0, range.size);
  const char *images = reinterpret_cast<const char *>(batch.images);
  std::memcpy(arena.at(program.input.offset), images + image * program.input.size, program.input.size);
}

void Executor::store(int64_t image, const Arena &arena) {
  char *logits = reinterpret_cast<char *>(batch.logits);
  std::memcpy(logits + image * program.logits.size, arena.at(program.logits.offset), program.logits.size);
  if (!batch.halting)
    return;
  char *halting = reinterpret_cast<char *>(batch.halting);
  std::memcpy(halting + image * program.halting.size, arena.at(program.halting.offset), program.halting.size);
}

void Executor::launch(uint32_t index, int64_t image, int64_t t, Arena &arena, int thread, Team team) {
  const LaunchPlan &plan = program.launches[index];
  if (options.observers.empty() ? !plan.unobserved : !plan.observed)
    return;
  if (plan.work >= 0 && !options.observers.empty()) {
    // All of a team must have looked for failures of the launch before.
    meet(team);
    if (team.rank == 0)
      observeWork(plan, image, t, arena);
    meet(team);
  }
  bool timed = options.profile && team.rank == 0;
  int64_t start = timed ? now() : 0;

  int64_t share = (plan.extent + team.size - 1) / team.size;
  int64_t begin = std::min(plan.extent, team.rank * share);
  int64_t end = std::min(plan.extent, begin + share);
  if (begin < end)
    plan.kernel(arena.arguments(plan), begin, end, t, scratch[thread].get());
  meet(team);

  if (timed)
    nanoseconds[thread][index] += now() - start;
  if (plan.spikes < 0 || options.observers.empty())
    return;
  if (team.rank == 0)
    observe(plan, image, t, arena);
  meet(team);
}

void Executor::observeWork(const LaunchPlan &plan, int64_t image, int64_t t, Arena &arena) {
  const WorkPlan &work = program.works[plan.work];
  WorkView view = {};
  view.layer = plan.work;
  view.image = batch.firstImage + image;
  view.t = t;
  view.steps = work.steps;
  for (size_t i = 0; i < work.inputs.size(); ++i)
    view.inputs[i] = arena.at(work.inputs[i]);
  view.isFloat = work.isFloat;
  if (work.active)
    view.active = reinterpret_cast<const uint8_t *>(arena.at(*work.active));
  for (Observer *observer : options.observers)
    if (Status status = observer->onWork(view); !status)
      return fail(image, status.error());
}

void Executor::observe(const LaunchPlan &plan, int64_t image, int64_t t, Arena &arena) {
  const SpikePlan &spikes = program.spikes[plan.spikes];
  SpikeView view;
  view.layer = plan.spikes;
  view.image = batch.firstImage + image;
  view.t = t;
  view.steps = spikes.steps;
  view.data = reinterpret_cast<uint8_t *>(arena.at(spikes.offset));
  for (Observer *observer : options.observers)
    if (Status status = observer->onSpikes(view); !status)
      return fail(image, status.error());
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
