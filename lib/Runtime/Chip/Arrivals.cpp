//===- Arrivals.cpp - Spikes that arrive at a core ------------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "State.h"

#include <algorithm>

using namespace stas;
using namespace stas::chipsim;
using namespace stas::coremap;
using energy::Event;

/// Adds p times a row of weights to sums.
template <typename Weight> static void addRow(int64_t *sums, const Weight *weights, int64_t n, int64_t payload) {
  if (payload == 1)
    for (int64_t i = 0; i < n; ++i)
      sums[i] += weights[i];
  else
    for (int64_t i = 0; i < n; ++i)
      sums[i] += payload * weights[i];
}

static void addWeights(const ConnectionPlan &by, int64_t row, int64_t column, int64_t n, int64_t payload,
                       int64_t *sums) {
  int64_t at = row * by.table->columns() + column;
  switch (weightBytes(*by.table)) {
  case 1:
    return addRow(sums, static_cast<const int8_t *>(by.weights) + at, n, payload);
  case 2:
    return addRow(sums, static_cast<const int16_t *>(by.weights) + at, n, payload);
  default:
    return addRow(sums, static_cast<const int32_t *>(by.weights) + at, n, payload);
  }
}

static Event synapseOf(const Synapses &table) {
  return table.form() == Synapses::FORM_CONSTANT ? Event::SynapseSparse
         : table.form() == Synapses::FORM_SHARED ? Event::SynapseShared
                                                 : Event::SynapseDense;
}

/// The token of the tile, known by its row and column in the population's map.
static int64_t tokenIn(const TilePlan &tile, int64_t row, int64_t column) {
  row -= tile.row;
  column -= tile.column;
  return row >= 0 && row < tile.rows && column >= 0 && column < tile.columns ? row * tile.columns + column : -1;
}

void CoreStep::arrive() {
  for (const InflowPlan &inflow : core.inflows) {
    const FlowPlan &flow = plan.flows[inflow.flow];
    arriving = step - 1 - flow.delay;
    if (arriving < 0)
      continue;
    const Slot &slot = state.slots[flow.firstSlot + arriving % (flow.delay + 2)];
    if (slot.step != arriving)
      continue;
    count(Event::MessageIn, slot.spikes.size());
    for (uint32_t i = inflow.firstConnection; i < inflow.endConnection; ++i)
      for (const Spike &spike : slot.spikes)
        deliver(core.connections[i], spike);
  }
  for (size_t i = 0; i < core.counters.size(); ++i)
    raiseCounters(core.counters[i], own.counters[i]);
}

void CoreStep::deliver(const ConnectionPlan &connection, const Spike &spike) {
  const Projection &by = *connection.by;
  const TilePlan &tile = core.tiles[connection.tile];
  const Population &from = *plan.populations[by.source()].is;
  int64_t channels = from.channels(), source = spike.neuron / channels, channel = spike.neuron % channels;
  if (by.port() == Projection::PORT_KEY || by.port() == Projection::PORT_VALUE) {
    // All tokens raise the same counters.
    CounterState &counter = own.counters[connection.counter];
    const CounterPlan &table = core.counters[connection.counter];
    int64_t column = channel - table.column;
    if (by.port() == Projection::PORT_KEY)
      counter.keys.push_back({source, channel});
    else if (column >= 0 && column < table.columns && table.present[column])
      counter.values.push_back({source, channel});
    return;
  }
  if (by.tokens() == Projection::TOKENS_ALL) {
    for (int64_t token = 0; token < tile.tokens(); ++token)
      reach(connection, spike, source, token, channel);
    return;
  }
  int64_t y = source / from.width(), x = source % from.width();
  if (by.tokens() == Projection::TOKENS_SAME) {
    if (int64_t token = tokenIn(tile, y, x); token >= 0)
      reach(connection, spike, source, token, channel);
    return;
  }
  const Window &window = by.window();
  for (int64_t ky = 0; ky < window.kernel_height(); ++ky) {
    int64_t top = y + window.padding_y() - ky;
    if (top < 0)
      break;
    if (top % window.stride_y() != 0)
      continue;
    for (int64_t kx = 0; kx < window.kernel_width(); ++kx) {
      int64_t left = x + window.padding_x() - kx;
      if (left < 0)
        break;
      if (left % window.stride_x() != 0)
        continue;
      if (int64_t token = tokenIn(tile, top / window.stride_y(), left / window.stride_x()); token >= 0)
        reach(connection, spike, source, token, (ky * window.kernel_width() + kx) * channels + channel);
    }
  }
}

/// A spike at the neurons of a token. `row` of the table is its synapses; of a table of one row, its channel.
void CoreStep::reach(const ConnectionPlan &connection, const Spike &spike, int64_t source, int64_t token, int64_t row) {
  const Projection &by = *connection.by;
  if (by.port() == Projection::PORT_GATE) {
    if (spike.gates)
      gate(connection, token);
    return;
  }
  if (spike.payload == 0 && spike.gain == 0)
    return; // a gate and no more
  const PopulationPlan &to = plan.populations[by.target()];
  const TilePlan &tile = core.tiles[connection.tile];
  TileState &at = own.tiles[connection.tile];
  int64_t channel = spike.neuron % plan.populations[by.source()].is->channels();
  int64_t begin = 0, end = tile.channels;
  if (by.channels() == Projection::CHANNELS_SAME) {
    begin = channel - tile.channel;
    end = begin + 1;
  } else if (by.channels() == Projection::CHANNELS_GROUP) {
    begin = channel / by.group() * by.group() - tile.channel;
    end = begin + by.group();
  } else if (by.channels() == Projection::CHANNELS_FIRST && channel != 0) {
    return;
  }
  begin = std::max<int64_t>(begin, 0);
  end = std::min(end, tile.channels);
  if (begin >= end)
    return;
  count(synapseOf(*connection.table),
        (end - begin) * (connection.table->form() == Synapses::FORM_FASTWEIGHT ? 1 : connection.table->limbs()));
  int64_t place = token * tile.channels + begin, n = end - begin;
  switch (by.port()) {
  case Projection::PORT_GAIN:
    at.gains[source] += spike.gain;
    return;
  case Projection::PORT_SCORE:
    at.scores[token] += spike.payload;
    break;
  case Projection::PORT_QUERY: {
    const CounterPlan &table = core.counters[connection.counter];
    const CounterState &counter = own.counters[connection.counter];
    if (counter.stamps[(step - 1) & 1] != step - 1)
      break; // no key met a value
    const uint32_t *counts = counter.counts[(step - 1) & 1].data() + channel % by.group() * table.columns +
                             (tile.channel + begin - table.column);
    for (int64_t i = 0; i < n; ++i)
      at.sums[place + i] += counts[i];
    break;
  }
  default: {
    int64_t *sums = (by.hold() ? at.held : at.sums).data() + place;
    int64_t payload = to.hasGain ? spike.payload * at.gains[source] : spike.payload;
    if (connection.weights) {
      addWeights(connection, row, tile.channel + begin, n, payload, sums);
      break;
    }
    payload *= connection.table->factor();
    bool isMaximum = to.is->program() == PROGRAM_MAXIMUM;
    for (int64_t i = 0; i < n; ++i)
      sums[i] = isMaximum ? std::max(sums[i], payload) : sums[i] + payload;
  }
  }
  uint8_t input = by.hold() ? TileState::Now | TileState::Held : TileState::Now;
  if (n == tile.channels)
    at.inputOfToken[token] |= input;
  else
    for (int64_t i = 0; i < n; ++i)
      at.inputOfNeuron[place + i] |= input;
}

/// A token's neurons run no more from the source's timestep on, or not in it.
void CoreStep::gate(const ConnectionPlan &connection, int64_t token) {
  const Projection &by = *connection.by;
  const Population &from = *plan.populations[by.source()].is;
  TileState &at = own.tiles[connection.tile];
  int64_t runs = plan.populations[by.target()].is->runs();
  int64_t first = (arriving - from.step()) / plan.interval + by.next();
  int64_t end = from.halting().order() == Halting::ORDER_TIMESTEP ? first + 1 : runs;
  for (int64_t run = first; run < std::min(end, runs); ++run)
    at.gated[token * runs + run] = 1;
  count(Event::Gate);
}

/// A counter for each key and each value of one token and head.
void CoreStep::raiseCounters(const CounterPlan &table, CounterState &counter) {
  if (counter.keys.empty() || counter.values.empty()) {
    counter.keys.clear();
    counter.values.clear();
    return;
  }
  std::vector<uint32_t> &counts = counter.counts[step & 1];
  std::fill(counts.begin(), counts.end(), 0);
  counter.stamps[step & 1] = step;
  std::sort(counter.keys.begin(), counter.keys.end());
  std::sort(counter.values.begin(), counter.values.end());
  auto first = counter.values.begin();
  for (const CounterState::Event &key : counter.keys) {
    int64_t head = key.channel / table.group;
    // Keys rise, so that the values of earlier tokens and heads are not needed again.
    while (first != counter.values.end() &&
           (first->token < key.token || (first->token == key.token && first->channel / table.group < head)))
      ++first;
    uint32_t *row = counts.data() + key.channel % table.group * table.columns;
    for (auto value = first;
         value != counter.values.end() && value->token == key.token && value->channel / table.group == head; ++value) {
      ++row[value->channel - table.column];
      count(Event::LearningUpdate);
    }
  }
  counter.keys.clear();
  counter.values.clear();
}
