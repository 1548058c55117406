//===- SanaFeNetwork.cpp - A network as SANA-FE describes it --------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// SANA-FE's neuron: P = trunc64(P * leak) + bias + current, a spike where P >
// threshold, P = 0 after it. Here P = H / 64. With tau = 2 H = V / 2 + I / 2,
// and V is even, so that trunc64 takes nothing away; with tau = 1 H = I. Its
// neurons never rest, and a bias would drive them before their first run: it
// comes over an edge, from a neuron beside them that fires in time.
//
//===----------------------------------------------------------------------===//

#include "Host.h"
#include "SanaFe.h"
#include "stas/Runtime/SanaFe.h"

#include <cmath>
#include <set>
#include <sstream>

using namespace stas;
using namespace stas::chipsim;
using namespace stas::coremap;

namespace {

constexpr int64_t mostEdges = int64_t(1) << 22;
constexpr double unit = 64.0; // of a potential: SANA-FE rounds to 1/64

class Exporter {
public:
  Exporter(const artifact::Artifact &artifact, const ChipPlan &plan)
      : map(*artifact.coreMap()), plan(plan), weights(plan.weights) {
    text.precision(17);
  }
  Status check() const;
  Status encode(const float *image);
  Result<std::string> network();
  int64_t mostInputs() const;

private:
  Status checkPopulation(const PopulationPlan &of) const;
  Status checkProjection(const Projection &by) const;
  void group(int index);
  void biasGroup(int core, int index);
  Status edges(const Projection &by);
  Status edge(const Projection &by, int64_t source, int64_t target, int64_t row, int64_t channel);
  void biasEdges(int core, const Tile &tile);
  void place(int core, const Tile &tile, int64_t &nextInput);
  std::set<int> biasedOn(const Core &core) const;
  template <typename Visit> void forNeurons(const Tile &tile, Visit visit) const;
  const Population &population(int index) const { return map.populations(index); }
  /// What a current of 1 adds to a potential.
  double slope(int index) const;
  const char *synapsesOf(int index) const;
  int64_t weightAt(const Synapses &table, int64_t row, int64_t column) const;
  std::string coreName(const Core &core) const {
    // Tiles are numbered column by column.
    return std::to_string(int64_t(core.column()) * map.device().mesh_rows() + core.row()) + "." +
           std::to_string(core.index());
  }
  template <typename... Parts> Error refuse(const Population &of, const Parts &...parts) const {
    return makeError("population ", of.name(), ": SANA-FE requires ", parts...);
  }

  const CoreMap &map;
  const ChipPlan &plan;
  std::string_view weights;
  std::vector<std::vector<uint32_t>> inputs; ///< By population: [runs][neurons].
  std::ostringstream text;
  int64_t edgeCount = 0;
};

} // namespace

/// With tau = 1 the membrane counts for nothing.
static bool forgets(const NeuronForm &form) { return form.multiplier == int64_t(1) << 30; }

Status Exporter::checkPopulation(const PopulationPlan &of) const {
  const Population &is = *of.is;
  if (is.program() != PROGRAM_LIF && is.program() != PROGRAM_READOUT && is.program() != PROGRAM_INPUT)
    return refuse(is, "program lif, readout or input, found another; it has no neuron like that");
  if (is.payload() > 1)
    return refuse(is, "spikes without a payload, found numbers up to ", is.payload());
  if (is.program() != PROGRAM_LIF)
    return {};
  if (of.neuron.form.soft)
    return refuse(is, "hard reset, found soft: what it subtracts is the threshold, which it has to exceed");
  if (of.neuron.form.mode == NeuronForm::Mode::General && !forgets(of.neuron.form))
    return refuse(is,
                  "tau = 2 over at most 8 timesteps, or tau = 1, found another neuron, whose potential it would round");
  if (is.state_bits() > 31)
    return refuse(is, "states of at most 31 bits, found ", is.state_bits());
  return {};
}

Status Exporter::checkProjection(const Projection &by) const {
  const Population &to = population(static_cast<int>(by.target()));
  if (by.port() != Projection::PORT_ADD)
    return refuse(to, "that spikes add to a sum, found another port");
  if (by.delay() != 0 || by.hold() || by.next())
    return refuse(to, "that spikes count in the next chip step and no other, found a delay, or what is held");
  return {};
}

Status Exporter::check() const {
  for (const PopulationPlan &of : plan.populations)
    if (Status status = checkPopulation(of); !status)
      return status;
  for (const Projection &by : map.projections())
    if (Status status = checkProjection(by); !status)
      return status;
  for (const Core &core : map.cores())
    if (core.row() >= map.device().mesh_rows() || core.column() >= map.device().mesh_columns())
      return makeError("core ", core.name(),
                       ": SANA-FE requires a network of one chip, the first of the board, found "
                       "a core at row ",
                       core.row(), ", column ", core.column());
  return {};
}

Status Exporter::encode(const float *image) {
  inputs.resize(map.populations_size());
  for (const Encode &encode : map.encodes()) {
    Result<Encoder> encoder = Encoder::build(map, encode, weights);
    if (!encoder)
      return encoder.error();
    const Population &to = population(static_cast<int>(encode.population()));
    std::vector<uint32_t> &values = inputs[encode.population()];
    values.resize(to.runs() * neuronsOf(to));
    if (Status status = encoder->encode(image, values, nullptr); !status)
      return status;
  }
  return {};
}

double Exporter::slope(int index) const {
  const PopulationPlan &of = plan.populations[index];
  if (of.is->program() == PROGRAM_READOUT)
    return 1.0 / unit;
  double full = std::ldexp(1.0, of.neuron.form.fraction) / unit;
  return of.neuron.form.mode == NeuronForm::Mode::Halve ? full / 2 : full;
}

int64_t Exporter::weightAt(const Synapses &table, int64_t row, int64_t column) const {
  if (table.form() == Synapses::FORM_CONSTANT)
    return table.factor();
  int64_t at = row * table.columns() + column;
  switch (weightBytes(table)) {
  case 1:
    return arrayAt<int8_t>(weights, table.weights_at())[at];
  case 2:
    return arrayAt<int16_t>(weights, table.weights_at())[at];
  default:
    return arrayAt<int32_t>(weights, table.weights_at())[at];
  }
}

/// Calls visit(number, channel) for the neurons of a box.
template <typename Visit> void Exporter::forNeurons(const Tile &tile, Visit visit) const {
  const Population &of = population(static_cast<int>(tile.population()));
  for (int64_t y = tile.row_begin(); y < tile.row_end(); ++y)
    for (int64_t x = tile.column_begin(); x < tile.column_end(); ++x)
      for (int64_t c = tile.channel_begin(); c < tile.channel_end(); ++c)
        visit((y * of.width() + x) * of.channels() + c, c);
}

/// SANA-FE's unit for the synapses of a population: it has one for all of them.
const char *Exporter::synapsesOf(int index) const {
  for (const Projection &by : map.projections()) {
    if (static_cast<int>(by.target()) != index)
      continue;
    Synapses::Form form = map.tables(static_cast<int>(by.table())).form();
    return form == Synapses::FORM_CONSTANT ? "sparse" : form == Synapses::FORM_SHARED ? "shared" : "dense";
  }
  return "dense";
}

/// The neurons of a population. Inputs have the steps in which they fire.
void Exporter::group(int index) {
  const PopulationPlan &of = plan.populations[index];
  const Population &is = *of.is;
  int64_t neurons = neuronsOf(is);
  text << "    # p" << index << " is " << is.name() << ", " << is.channels() << " channels, steps";
  for (int64_t run = 0; run < is.runs(); ++run)
    text << " " << is.step() + run * plan.interval;
  text << "\n    - name: p" << index << "\n";
  if (is.program() == PROGRAM_INPUT) {
    text << "      attributes: [log_spikes: true]\n      neurons:\n";
    for (int64_t n = 0; n < neurons; ++n) {
      text << "        - " << n << ": [spikes: [";
      for (int64_t step = 0; step < plan.steps; ++step) {
        int64_t run = of.runAt(step, plan.interval);
        text << (step ? ", " : "") << (run >= 0 && inputs[index][run * neurons + n] ? 1 : 0);
      }
      text << "]]\n";
    }
    return;
  }
  bool isReadout = is.program() == PROGRAM_READOUT;
  double leak = isReadout ? 1.0 : of.neuron.form.mode == NeuronForm::Mode::Halve ? 0.5 : 0.0;
  text << "      attributes: [" << (isReadout ? "log_potential" : "log_spikes") << ": true, leak_decay: " << leak
       << ", reset: 0.0, reset_mode: hard, reverse_reset_mode: none, synapse_hw_name: " << synapsesOf(index)
       << "]\n      neurons:\n";
  if (isReadout) {
    text << "        - 0.." << neurons - 1 << ": [threshold: 1.0e+300]\n";
    return;
  }
  // H >= threshold, in whole numbers, is H > threshold - 1/2.
  for (int64_t n = 0; n < neurons; ++n)
    text << "        - " << n
         << ": [threshold: " << (of.neuron.thresholds[of.neuron.at(n % is.channels())] - 0.5) / unit << "]\n";
}

/// A neuron on a core that fires a chip step before each run of a population.
void Exporter::biasGroup(int core, int index) {
  const PopulationPlan &of = plan.populations[index];
  text << "    - name: b" << core << "_" << index << "\n      attributes: []\n      neurons:\n        - 0: [spikes: [";
  for (int64_t step = 0; step < plan.steps; ++step)
    text << (step ? ", " : "") << (of.runAt(step + 1, plan.interval) >= 0 ? 1 : 0);
  text << "]]\n";
}

/// A synapse; one of two limbs is two, as a chip stores and adds it.
Status Exporter::edge(const Projection &by, int64_t source, int64_t target, int64_t row, int64_t channel) {
  const Synapses &table = map.tables(static_cast<int>(by.table()));
  bool isConstant = table.form() == Synapses::FORM_CONSTANT;
  int64_t weight = weightAt(table, isConstant ? 0 : row, isConstant ? 0 : channel), low = weight & 0xff;
  for (int64_t limb : table.limbs() == 2 ? std::vector<int64_t>{weight - low, low} : std::vector<int64_t>{weight}) {
    if (++edgeCount > mostEdges)
      return makeError("SANA-FE's file would have more than ", mostEdges,
                       " edges, one for each synapse; export a smaller network");
    text << "    - p" << by.source() << "." << source << " -> p" << by.target() << "." << target
         << ": [weight: " << static_cast<double>(limb) * slope(static_cast<int>(by.target())) << "]\n";
  }
  return {};
}

/// The edges of a projection, target by target.
Status Exporter::edges(const Projection &by) {
  const Population &from = population(static_cast<int>(by.source())), &to = population(static_cast<int>(by.target()));
  int64_t sources = tokensOf(from), channels = from.channels();
  // From all channels of a token that a channel of the target sees.
  auto fromToken = [&](int64_t token, int64_t target, int64_t channel, int64_t firstRow) -> Status {
    int64_t begin = 0, end = channels;
    if (by.channels() == Projection::CHANNELS_SAME)
      begin = channel, end = channel + 1;
    else if (by.channels() == Projection::CHANNELS_FIRST)
      end = 1;
    else if (by.channels() == Projection::CHANNELS_GROUP)
      begin = channel / by.group() * by.group(), end = begin + by.group();
    for (int64_t c = begin; c < end; ++c)
      if (Status status = edge(by, token * channels + c, target, firstRow + c, channel); !status)
        return status;
    return {};
  };
  for (int64_t target = 0; target < neuronsOf(to); ++target) {
    int64_t token = target / to.channels(), channel = target % to.channels();
    if (by.tokens() == Projection::TOKENS_SAME) {
      if (Status status = fromToken(token, target, channel, 0); !status)
        return status;
      continue;
    }
    if (by.tokens() == Projection::TOKENS_ALL) {
      for (int64_t source = 0; source < sources; ++source)
        if (Status status = fromToken(source, target, channel, 0); !status)
          return status;
      continue;
    }
    const Window &window = by.window();
    for (int64_t ky = 0; ky < window.kernel_height(); ++ky)
      for (int64_t kx = 0; kx < window.kernel_width(); ++kx) {
        int64_t y = token / to.width() * window.stride_y() + ky - window.padding_y();
        int64_t x = token % to.width() * window.stride_x() + kx - window.padding_x();
        if (y < 0 || x < 0 || y >= from.height() || x >= from.width())
          continue;
        int64_t row = (ky * window.kernel_width() + kx) * channels;
        if (Status status = fromToken(y * from.width() + x, target, channel, row); !status)
          return status;
      }
  }
  return {};
}

void Exporter::biasEdges(int core, const Tile &tile) {
  int index = static_cast<int>(tile.population());
  const NeuronPlan &neuron = plan.populations[index].neuron;
  forNeurons(tile, [&](int64_t number, int64_t channel) {
    // In units of the bias a current of 1 is 2^guard.
    double bias = std::ldexp(static_cast<double>(neuron.biases[neuron.at(channel)]), -neuron.form.guard) * slope(index);
    if (bias != 0.0)
      text << "    - b" << core << "_" << index << ".0 -> p" << index << "." << number << ": [weight: " << bias
           << "]\n";
  });
}

/// The neurons of a tile are on its core.
void Exporter::place(int core, const Tile &tile, int64_t &nextInput) {
  std::string name = coreName(map.cores(core));
  bool isInput = population(static_cast<int>(tile.population())).program() == PROGRAM_INPUT;
  forNeurons(tile, [&](int64_t number, int64_t) {
    text << "  - p" << tile.population() << "." << number << ": [core: " << name << ", soma: ";
    if (isInput)
      text << "\"input[" << nextInput++ << "]\"]\n";
    else
      text << "lif]\n";
  });
}

/// The populations of a core's tiles whose neurons have biases, each once.
std::set<int> Exporter::biasedOn(const Core &core) const {
  std::set<int> found;
  for (const Tile &tile : core.tiles()) {
    const PopulationPlan &of = plan.populations[tile.population()];
    if (of.is->program() == PROGRAM_LIF)
      for (int64_t c = tile.channel_begin(); c < tile.channel_end(); ++c)
        if (of.neuron.biases[of.neuron.at(c)] != 0)
          found.insert(static_cast<int>(tile.population()));
  }
  return found;
}

int64_t Exporter::mostInputs() const {
  int64_t most = 0;
  for (const Core &core : map.cores()) {
    int64_t count = static_cast<int64_t>(biasedOn(core).size());
    for (const Tile &tile : core.tiles())
      if (population(static_cast<int>(tile.population())).program() == PROGRAM_INPUT)
        forNeurons(tile, [&](int64_t, int64_t) { ++count; });
    most = std::max(most, count);
  }
  return most;
}

Result<std::string> Exporter::network() {
  text << "# " << map.name() << ": " << plan.steps << " steps\nnetwork:\n  name: network\n  groups:\n";
  for (int i = 0; i < map.populations_size(); ++i)
    group(i);
  for (int core = 0; core < map.cores_size(); ++core)
    for (int index : biasedOn(map.cores(core)))
      biasGroup(core, index);
  text << "  edges:\n";
  for (const Projection &by : map.projections())
    if (Status status = edges(by); !status)
      return status.error();
  for (int core = 0; core < map.cores_size(); ++core)
    for (const Tile &tile : map.cores(core).tiles())
      if (population(static_cast<int>(tile.population())).program() == PROGRAM_LIF)
        biasEdges(core, tile);
  text << "mappings:\n";
  for (int core = 0; core < map.cores_size(); ++core) {
    int64_t nextInput = 0;
    for (const Tile &tile : map.cores(core).tiles())
      place(core, tile, nextInput);
    for (int index : biasedOn(map.cores(core)))
      text << "  - b" << core << "_" << index << ".0: [core: " << coreName(map.cores(core)) << ", soma: \"input["
           << nextInput++ << "]\"]\n";
  }
  return text.str();
}

Result<SanaFeFiles> stas::exportSanaFe(const artifact::Artifact &artifact, const energy::Profile &profile,
                                       const float *image) {
  if (!artifact.coreMap())
    return makeError(artifact.path(), ": required an artifact for a chip, found one for another target; compile the "
                                      "model with --target=chip");
  Result<ChipPlan> plan = ChipPlan::build(artifact);
  if (!plan)
    return plan.error();
  auto inFile = [&](const std::string &message) { return makeError(artifact.path(), ": ", message); };
  Exporter exporter(artifact, *plan);
  if (Status status = exporter.check(); !status)
    return inFile(status.message());
  if (Status status = exporter.encode(image); !status)
    return inFile(status.message());
  SanaFeFiles files;
  Result<std::string> architecture = sanaFeArchitecture(artifact.coreMap()->device(), profile, exporter.mostInputs());
  if (!architecture)
    return architecture.error();
  Result<std::string> network = exporter.network();
  if (!network)
    return inFile(network.error().message());
  files.architecture = std::move(*architecture);
  files.network = std::move(*network);
  return files;
}
