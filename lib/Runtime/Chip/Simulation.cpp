//===- Simulation.cpp - One batch on a simulated chip ---------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Simulation.h"

#include <algorithm>

using namespace stas;
using namespace stas::chipsim;

Simulation::Simulation(const Board &board, ThreadPool &pool, const Batch &batch, const RunOptions &options)
    : board(board), plan(board.plan), pool(pool), batch(batch), options(options) {
  for (int i = 0; i < pool.size(); ++i)
    states.emplace_back(plan, pool.size(), !options.observers.empty());
}

Status Simulation::run() {
  int threads = pool.size();
  int64_t alone = batch.size - batch.size % threads;
  pool.run([&](int rank) {
    for (int64_t image; (image = nextImage.fetch_add(1)) < alone;)
      if (!runImage(image, states[rank], {0, 1}))
        break;
    if (alone == batch.size)
      return;
    pool.barrier();
    for (int64_t image = alone; image < batch.size; ++image)
      if (!runImage(image, states[0], {rank, threads}))
        break;
  });
  if (!failed && options.activity)
    report();
  return failure;
}

bool Simulation::runImage(int64_t image, ImageState &state, Team team) {
  auto meet = [&] {
    if (team.size > 1)
      pool.barrier();
  };
  auto alone = [&](auto work) {
    if (team.rank == 0)
      if (Status status = work(); !status)
        fail(image, status.error());
    meet();
    bool goesOn = !failed; // the same for all of a team
    meet();
    return goesOn;
  };
  if (!alone([&] { return start(image, state); }))
    return false;
  for (int64_t step = 0; step < plan.steps; ++step) {
    runCores(image, step, state, team);
    meet();
    if (!alone([&] { return finishStep(image, step, state); }))
      return false;
  }
  return alone([&] { return finish(image, state); });
}

Status Simulation::start(int64_t image, ImageState &state) {
  state.clear(plan);
  const float *pixels = batch.images + image * board.info.input.elements();
  for (size_t i = 0; i < board.encoders.size(); ++i) {
    const Encoder &encoder = board.encoders[i];
    std::vector<uint8_t> spikes;
    if (!options.observers.empty())
      spikes.resize(encoder.op().neuron().steps() * encoder.neurons());
    if (Status status =
            encoder.encode(pixels, state.inputs[encoder.op().population()], spikes.empty() ? nullptr : &spikes);
        !status)
      return makeError("image ", batch.firstImage + image, ": ", status.message());
    SpikeView view{i, batch.firstImage + image, 0, static_cast<int64_t>(encoder.op().neuron().steps()), spikes.data()};
    for (Observer *observer : options.observers)
      if (Status status = observer->onSpikes(view); !status)
        return status;
  }
  return {};
}

void Simulation::runCores(int64_t image, int64_t step, ImageState &state, Team team) {
  StepMaximum &maximum = state.maxima[team.rank];
  maximum = {};
  for (size_t core = team.rank; core < plan.cores.size(); core += team.size) {
    if (Status status = CoreStep(plan, state, static_cast<int64_t>(core), step).run(); !status)
      return fail(image, makeError("image ", batch.firstImage + image, ", core ",
                                   plan.map->cores(static_cast<int>(core)).name(), ": ", status.message()));
    const EventCounts &now = state.cores[core].now;
    uint64_t time = 0;
    for (size_t event = 0; event < now.size(); ++event) {
      maximum.events[event] = std::max(maximum.events[event], now[event]);
      time += options.activity ? now[event] * options.activity->picoseconds[event] : 0;
    }
    maximum.time = std::max(maximum.time, time);
  }
}

Status Simulation::finishStep(int64_t image, int64_t step, ImageState &state) {
  StepMaximum most;
  for (StepMaximum &of : state.maxima) {
    most.time = std::max(most.time, of.time);
    for (size_t event = 0; event < most.events.size(); ++event)
      most.events[event] = std::max(most.events[event], of.events[event]);
    of = {};
  }
  state.time += most.time;
  if (options.activity)
    state.time += options.activity->picoseconds[static_cast<size_t>(energy::Event::Barrier)];
  for (size_t event = 0; event < most.events.size(); ++event)
    state.critical[event] += most.events[event];
  return options.observers.empty() ? Status() : observe(image, step, state);
}

Status Simulation::observe(int64_t image, int64_t step, ImageState &state) {
  for (size_t i = 0; i < plan.populations.size(); ++i) {
    const PopulationPlan &of = plan.populations[i];
    int64_t run = of.runAt(step, plan.interval);
    if (run < 0 || board.layerOfPopulation[i] < 0)
      continue;
    bool isSteady = of.is->program() == coremap::PROGRAM_STAIRCASE;
    SpikeView view{static_cast<size_t>(board.layerOfPopulation[i]), batch.firstImage + image, isSteady ? 0 : run,
                   isSteady ? of.neuron.steps : 1, state.seen[i].data()};
    for (Observer *observer : options.observers)
      if (Status status = observer->onSpikes(view); !status)
        return status;
  }
  return {};
}

Status Simulation::finish(int64_t image, ImageState &state) {
  std::vector<int64_t> sums(board.classifier.inputs());
  const auto &readouts = plan.map->classify().readouts();
  int32_t *halting = batch.halting ? batch.halting + image * board.info.tokens : nullptr;
  if (halting)
    std::fill_n(halting, board.info.tokens, 0);
  for (size_t core = 0; core < plan.cores.size(); ++core)
    for (size_t i = 0; i < plan.cores[core].tiles.size(); ++i) {
      const TilePlan &tile = plan.cores[core].tiles[i];
      const TileState &at = state.cores[core].tiles[i];
      const coremap::Population &of = *plan.populations[tile.population].is;
      if (std::find(readouts.begin(), readouts.end(), static_cast<uint32_t>(tile.population)) != readouts.end())
        for (int64_t c = 0; c < tile.channels; ++c)
          sums[tile.channel + c] += at.membranes[c];
      for (int64_t token = 0; halting && of.has_halting() && token < tile.tokens(); ++token)
        halting[(tile.row + token / tile.columns) * of.width() + tile.column + token % tile.columns] +=
            at.haltRuns[token];
    }
  if (Status status = board.classifier.classify(sums, batch.logits + image * board.info.classes); !status)
    return makeError("image ", batch.firstImage + image, ": ", status.message());
  return {};
}

void Simulation::report() {
  uint64_t host = board.classifier.operations();
  for (const Encoder &encoder : board.encoders)
    host += encoder.operations();
  addActivity(plan, states, batch.size, host, *options.activity);
}

void Simulation::fail(int64_t image, const Error &error) {
  std::lock_guard<std::mutex> lock(failureMutex);
  // Of several, the error of the first image, whichever thread was faster.
  if (failure || image < failedImage) {
    failure = error;
    failedImage = image;
  }
  failed = true;
}
