//===- State.cpp - One image on a simulated chip --------------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "State.h"

#include <algorithm>

using namespace stas;
using namespace stas::chipsim;

static TileState makeTile(const PopulationPlan &of, const TilePlan &tile) {
  TileState state;
  coremap::Program program = of.is->program();
  bool isHalting = program == coremap::PROGRAM_HALTING, isReadout = program == coremap::PROGRAM_READOUT;
  state.sums.resize(tile.neurons());
  state.held.resize(of.hasHold ? tile.neurons() : 0);
  bool hasMembrane = program == coremap::PROGRAM_LIF || program == coremap::PROGRAM_FASTWEIGHT;
  state.membranes.resize(hasMembrane || isReadout || isHalting ? tile.neurons() : 0);
  state.scores.resize(isHalting ? tile.neurons() : 0);
  state.gains.resize(of.sourceTokens);
  state.inputOfToken.resize(tile.tokens());
  state.inputOfNeuron.resize(tile.neurons());
  state.gated.resize(tile.tokens() * of.is->runs());
  state.done.resize(isHalting ? tile.tokens() : 0);
  state.haltRuns.resize(isHalting ? tile.tokens() : 0);
  return state;
}

ImageState::ImageState(const ChipPlan &plan, int threads, bool isObserved)
    : cores(plan.cores.size()), slots(plan.slots), flowSpikes(plan.flows.size()), inputs(plan.populations.size()),
      seen(plan.populations.size()), maxima(threads) {
  for (size_t i = 0; i < cores.size(); ++i) {
    for (const TilePlan &tile : plan.cores[i].tiles)
      cores[i].tiles.push_back(makeTile(plan.populations[tile.population], tile));
    for (const CounterPlan &counter : plan.cores[i].counters) {
      CounterState &added = cores[i].counters.emplace_back();
      for (std::vector<uint32_t> &counts : added.counts)
        counts.resize(counter.group * counter.columns);
    }
  }
  for (size_t i = 0; i < seen.size(); ++i) {
    const coremap::Population &of = *plan.populations[i].is;
    if (of.program() == coremap::PROGRAM_INPUT)
      inputs[i].resize(of.runs() * neuronsOf(of));
    if (isObserved && of.layout() != coremap::LAYOUT_NONE)
      seen[i].resize((of.program() == coremap::PROGRAM_STAIRCASE ? of.neuron().steps() : 1) * neuronsOf(of));
  }
}

void ImageState::clear(const ChipPlan &plan) {
  for (Slot &slot : slots)
    slot.step = -1;
  for (CoreState &core : cores) {
    for (TileState &tile : core.tiles) {
      for (std::vector<int64_t> *values : {&tile.sums, &tile.held, &tile.membranes, &tile.scores, &tile.gains})
        std::fill(values->begin(), values->end(), 0);
      for (std::vector<uint8_t> *values : {&tile.inputOfToken, &tile.inputOfNeuron, &tile.gated, &tile.done})
        std::fill(values->begin(), values->end(), 0);
      std::fill(tile.haltRuns.begin(), tile.haltRuns.end(), 0);
    }
    for (CounterState &counter : core.counters)
      counter.stamps[0] = counter.stamps[1] = -1;
  }
}
