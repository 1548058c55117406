//===- Plan.cpp - A core map as a simulator runs it -----------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Plan.h"
#include "stas/Target/Artifact/Limits.h"

#include <algorithm>
#include <iterator>
#include <map>

using namespace stas;
using namespace stas::chipsim;
using namespace stas::coremap;

NeuronPlan::NeuronPlan(const Neuron &neuron, std::string_view weights) {
  form.mode = neuron.general() ? NeuronForm::Mode::General : NeuronForm::Mode::Halve;
  form.soft = neuron.soft();
  form.wide = neuron.wide();
  form.guard = static_cast<int>(neuron.guard());
  form.fraction = static_cast<int>(neuron.fraction());
  form.multiplier = neuron.multiplier();
  steps = neuron.steps();
  each = neuron.count() > 1;
  biases = arrayAt<int64_t>(weights, neuron.biases_at());
  thresholds = arrayAt<int64_t>(weights, neuron.thresholds_at());
  if (form.soft)
    resets = arrayAt<int64_t>(weights, neuron.resets_at());
}

static Int128 magnitude(int64_t value) { return value < 0 ? -Int128(value) : Int128(value); }

bool NeuronPlan::fits(int64_t sum, int64_t channel) const {
  constexpr Int128 most = Int128(1) << 62;
  int64_t c = at(channel);
  return ((Int128(sum) << form.guard) + magnitude(biases[c])) << (form.fraction - form.guard) < most &&
         (!form.soft || magnitude(resets[c]) < most);
}

namespace {

class Builder {
public:
  explicit Builder(const artifact::Artifact &artifact) : artifact(artifact), map(*artifact.coreMap()) {}
  Result<ChipPlan> build();

private:
  void addPopulations();
  Status checkSums() const;
  void addFlows();
  void addCore(const Core &core);
  int64_t counterOf(CorePlan &plan, const Projection &by, const TilePlan &tile);
  Status connect(int64_t core);
  void leave(int64_t core);

  const artifact::Artifact &artifact;
  const CoreMap &map;
  ChipPlan plan;
  std::vector<std::vector<const Projection *>> into, from; ///< By target, by source.
  std::vector<std::vector<uint32_t>> flowsFrom, flowsInto; ///< By source core, by target core.
  uint64_t connections = 0;
};

/// The most sources of a neuron by a projection.
Int128 fanIn(const CoreMap &map, const Projection &by) {
  const Population &source = map.populations(by.source());
  Int128 tokens = by.tokens() == Projection::TOKENS_ALL ? tokensOf(source)
                  : by.tokens() == Projection::TOKENS_WINDOW
                      ? Int128(by.window().kernel_height()) * by.window().kernel_width()
                      : 1;
  Int128 channels = by.channels() == Projection::CHANNELS_ALL     ? source.channels()
                    : by.channels() == Projection::CHANNELS_GROUP ? by.group()
                                                                  : 1;
  return tokens * channels;
}

} // namespace

void Builder::addPopulations() {
  into.resize(map.populations_size());
  from.resize(map.populations_size());
  plan.populations.resize(map.populations_size());
  for (const Projection &by : map.projections()) {
    into[by.target()].push_back(&by);
    from[by.source()].push_back(&by);
    PopulationPlan &target = plan.populations[by.target()];
    target.hasHold |= by.hold();
    if (by.port() != Projection::PORT_GAIN)
      continue;
    target.hasGain = true;
    target.sourceTokens = tokensOf(map.populations(by.source()));
  }
  for (int i = 0; i < map.populations_size(); ++i) {
    PopulationPlan &of = plan.populations[i];
    of.is = &map.populations(i);
    if (of.is->has_neuron())
      of.neuron = NeuronPlan(of.is->neuron(), plan.weights);
    if (of.is->has_halting())
      of.scores = arrayAt<int32_t>(plan.weights, of.is->halting().scores_at());
    of.limit = int64_t(1) << (std::min<uint32_t>(of.is->state_bits(), 63) - 1);
    // Of what is never negative all bits count.
    if (of.is->program() == PROGRAM_SUM || of.is->program() == PROGRAM_MAXIMUM || of.is->program() == PROGRAM_INPUT)
      of.limit = int64_t(1) << std::min<uint32_t>(of.is->state_bits(), 62);
    plan.steps = std::max<int64_t>(plan.steps, of.is->step() + (of.is->runs() - 1) * plan.interval + 1);
  }
}

/// So that no sum can leave 64 bits before it is compared with its state bits.
Status Builder::checkSums() const {
  constexpr Int128 most = Int128(1) << 62;
  for (size_t i = 0; i < plan.populations.size(); ++i) {
    const PopulationPlan &of = plan.populations[i];
    Int128 sum = 0;
    for (const Projection *by : into[i]) {
      const Population &source = map.populations(by->source());
      const Synapses &table = map.tables(by->table());
      // Whatever arrives between two runs, in each of two shares: held and not.
      Int128 largest = table.form() == Synapses::FORM_CONSTANT     ? Int128(table.factor())
                       : table.form() == Synapses::FORM_FASTWEIGHT ? Int128(1) << 26
                                                                   : Int128(1) << (table.bits() * table.limbs() - 1);
      sum += fanIn(map, *by) * source.payload() * source.runs() * (of.hasGain ? 1 << 25 : 1) * largest;
      if (sum >= most)
        break;
    }
    sum *= of.is->program() == PROGRAM_READOUT ? of.is->runs() : 1;
    bool fits = sum < most;
    for (int64_t c = 0; fits && of.is->has_neuron() && c < of.is->channels(); ++c)
      fits = of.neuron.fits(static_cast<int64_t>(sum), c);
    if (!fits)
      return makeError("population ", of.is->name(), ": sums of its inputs and biases could leave 64 bits");
  }
  return {};
}

void Builder::addFlows() {
  flowsFrom.resize(map.cores_size());
  flowsInto.resize(map.cores_size());
  for (int i = 0; i < map.flows_size(); ++i) {
    const Flow &flow = map.flows(i);
    FlowPlan &of = plan.flows.emplace_back();
    of.delay = flow.delay();
    of.firstSlot = plan.slots;
    plan.slots += of.delay + 2;
    for (const Projection *by : from[flow.population()])
      if (by->delay() == flow.delay())
        (by->port() == Projection::PORT_GATE ? of.carriesGates : of.carriesNumbers) = true;
    flowsFrom[flow.source()].push_back(i);
    for (uint32_t target : flow.targets())
      flowsInto[target].push_back(i);
  }
}

void Builder::addCore(const Core &core) {
  CorePlan &of = plan.cores.emplace_back();
  for (const Tile &tile : core.tiles()) {
    TilePlan &added = of.tiles.emplace_back();
    added.population = tile.population();
    added.row = tile.row_begin();
    added.rows = tile.row_end() - tile.row_begin();
    added.column = tile.column_begin();
    added.columns = tile.column_end() - tile.column_begin();
    added.channel = tile.channel_begin();
    added.channels = tile.channel_end() - tile.channel_begin();
    of.neurons += added.neurons();
  }
}

/// The table of counters of a projection on a core, with the columns of a tile in it.
int64_t Builder::counterOf(CorePlan &of, const Projection &by, const TilePlan &tile) {
  auto known = std::find_if(of.counters.begin(), of.counters.end(), [&](const CounterPlan &counter) {
    return counter.table == by.table() && counter.population == tile.population;
  });
  if (known == of.counters.end()) {
    CounterPlan added;
    added.table = by.table();
    added.population = tile.population;
    added.group = map.tables(by.table()).rows();
    added.column = tile.channel;
    added.columns = 0;
    known = of.counters.insert(known, std::move(added));
  }
  int64_t begin = std::min(known->column, tile.channel);
  int64_t end = std::max(known->column + known->columns, tile.channel + tile.channels);
  std::vector<bool> present(end - begin);
  for (int64_t c = 0; c < known->columns; ++c)
    present[known->column - begin + c] = known->present[c];
  std::fill_n(present.begin() + (tile.channel - begin), tile.channels, true);
  known->column = begin;
  known->columns = end - begin;
  known->present = std::move(present);
  return known - of.counters.begin();
}

/// What arrives at a core, and which memory it takes there.
Status Builder::connect(int64_t core) {
  CorePlan &of = plan.cores[core];
  std::map<std::pair<int64_t, int64_t>, std::vector<ConnectionPlan>> arrivals; // by population and delay
  std::map<int64_t, std::vector<bool>> columns;                                // by table
  for (size_t tile = 0; tile < of.tiles.size(); ++tile) {
    const TilePlan &at = of.tiles[tile];
    for (const Projection *by : into[at.population]) {
      ConnectionPlan connection;
      connection.by = by;
      connection.table = &map.tables(by->table());
      connection.tile = static_cast<int64_t>(tile);
      bool isConstant = connection.table->form() == Synapses::FORM_CONSTANT;
      if (connection.table->form() == Synapses::FORM_FASTWEIGHT)
        connection.counter = counterOf(of, *by, at);
      else if (!isConstant)
        connection.weights = arrayAt<uint8_t>(plan.weights, connection.table->weights_at());
      arrivals[{by->source(), by->delay()}].push_back(connection);
      std::vector<bool> &used = columns[by->table()];
      used.resize(connection.table->columns());
      std::fill_n(used.begin() + (isConstant ? 0 : at.channel), isConstant ? 1 : at.channels, true);
    }
  }
  for (const auto &[table, used] : columns) {
    const Synapses &is = map.tables(table);
    of.synapseBits += std::count(used.begin(), used.end(), true) * int64_t(is.rows()) * is.bits() * is.limbs();
  }
  // One list for all flows of a population and delay. Gains come first: they multiply what arrives in the same step.
  std::map<std::pair<int64_t, int64_t>, std::pair<uint32_t, uint32_t>> ranges;
  auto isGain = [](const ConnectionPlan &by) { return by.by->port() == Projection::PORT_GAIN; };
  for (const auto &[key, list] : arrivals) {
    auto first = static_cast<uint32_t>(of.connections.size());
    std::copy_if(list.begin(), list.end(), std::back_inserter(of.connections), isGain);
    std::remove_copy_if(list.begin(), list.end(), std::back_inserter(of.connections), isGain);
    ranges[key] = {first, static_cast<uint32_t>(of.connections.size())};
  }
  connections += of.connections.size();
  if (connections > artifact::kMaxFlowTargets)
    return makeError("core map: more than ", artifact::kMaxFlowTargets, " pairs of a tile and a projection");
  for (bool gains : {true, false})
    for (uint32_t index : flowsInto[core]) {
      const Flow &flow = map.flows(static_cast<int>(index));
      auto found = ranges.find({flow.population(), flow.delay()});
      if (found != ranges.end() && isGain(of.connections[found->second.first]) == gains)
        of.inflows.push_back({index, found->second.first, found->second.second});
    }
  return {};
}

/// The flows of each neuron on a core, in their order.
void Builder::leave(int64_t index) {
  CorePlan &of = plan.cores[index];
  for (TilePlan &tile : of.tiles) {
    const Population &population = map.populations(tile.population);
    // Twice over: to count, and to fill.
    tile.firstFlow.assign(tile.neurons() + 1, 0);
    auto forEach = [&](auto visit) {
      for (uint32_t flow : flowsFrom[index]) {
        const Flow &is = map.flows(static_cast<int>(flow));
        for (int i = 0; is.population() == tile.population && i < is.neurons_size(); i += 2)
          for (int64_t neuron = is.neurons(i); neuron < is.neurons(i + 1); ++neuron) {
            int64_t token = neuron / population.channels(), channel = neuron % population.channels() - tile.channel;
            int64_t row = token / population.width() - tile.row, column = token % population.width() - tile.column;
            if (row >= 0 && row < tile.rows && column >= 0 && column < tile.columns && channel >= 0 &&
                channel < tile.channels)
              visit((row * tile.columns + column) * tile.channels + channel, flow);
          }
      }
    };
    forEach([&](int64_t neuron, uint32_t) { ++tile.firstFlow[neuron + 1]; });
    for (int64_t neuron = 0; neuron < tile.neurons(); ++neuron)
      tile.firstFlow[neuron + 1] += tile.firstFlow[neuron];
    tile.flows.resize(tile.firstFlow.back());
    std::vector<uint32_t> next(tile.firstFlow.begin(), tile.firstFlow.end() - 1);
    forEach([&](int64_t neuron, uint32_t flow) { tile.flows[next[neuron]++] = flow; });
  }
}

Result<ChipPlan> Builder::build() {
  plan.map = &map;
  plan.weights = artifact.bytes(artifact::kWeightsSection);
  plan.interval = map.interval();
  addPopulations();
  if (Status status = checkSums(); !status)
    return makeError(artifact.path(), ": ", status.message());
  addFlows();
  plan.cores.reserve(map.cores_size());
  for (const Core &core : map.cores())
    addCore(core);
  for (int core = 0; core < map.cores_size(); ++core) {
    if (Status status = connect(core); !status)
      return makeError(artifact.path(), ": ", status.message());
    leave(core);
  }
  return std::move(plan);
}

Result<ChipPlan> ChipPlan::build(const artifact::Artifact &artifact) { return Builder(artifact).build(); }
