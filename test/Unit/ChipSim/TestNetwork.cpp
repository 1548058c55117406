//===- TestNetwork.cpp - Networks on a chip, written by hand --------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TestNetwork.h"
#include "../TestUtils.h"
#include "stas/Target/Artifact/ArtifactWriter.h"

#include <map>
#include <set>

using namespace stas;
using namespace stas::coremap;
using namespace stas::test;

static const char *kChip = "tiny";

TestNetwork::TestNetwork(uint32_t timesteps, uint32_t interval) {
  ChipModel chip;
  chip.name = kChip;
  chip.board = {1, 2};
  chip.mesh = {2, 3, 2, std::nullopt};
  chip.core.neurons = 4096;
  chip.core.stateBits = 24;
  chip.core.synapseMemoryKib = 64;
  chip.core.inAxons = chip.core.outAxons = 1 << 20;
  for (size_t program = 0; program < kCorePrograms; ++program)
    chip.core.programs.insert(static_cast<CoreProgram>(program));
  chip.synapses = {8, 8, 8};
  chip.messages = {32, 62, Multicast::PerCore};
  *map.mutable_device() = deviceOf(chip);
  map.mutable_device()->set_symbol(kChip);
  map.set_version(coremap::kVersion);
  map.set_name("network");
  map.set_timesteps(timesteps);
  map.set_interval(interval);
  manifest.set_target("chip");
  manifest.set_timesteps(timesteps);
  manifest.mutable_input()->set_frames(timesteps);
}

template <typename T> uint64_t TestNetwork::store(const std::vector<T> &values) {
  weights.resize((weights.size() + 63) / 64 * 64);
  uint64_t at = weights.size();
  weights.append(reinterpret_cast<const char *>(values.data()), values.size() * sizeof(T));
  return at;
}

uint32_t TestNetwork::add(Program program, uint32_t height, uint32_t width, uint32_t channels, uint32_t payload,
                          uint32_t step, uint32_t runs) {
  Population &of = *map.add_populations();
  of.set_name("p" + std::to_string(map.populations_size()));
  of.set_program(program);
  of.set_height(height);
  of.set_width(width);
  of.set_channels(channels);
  of.set_payload(payload);
  of.set_state_bits(program == PROGRAM_READOUT ? 48 : 24);
  of.set_step(step);
  of.set_runs(runs);
  return map.populations_size() - 1;
}

uint32_t TestNetwork::input(uint32_t height, uint32_t width, uint32_t channels, uint32_t step, bool counts) {
  uint32_t timesteps = map.timesteps();
  uint32_t index = add(PROGRAM_INPUT, height, width, channels, counts ? timesteps : 1, step, counts ? 1 : timesteps);
  Encode &encode = *map.add_encodes();
  encode.set_population(index);
  encode.set_layer("input" + std::to_string(index));
  encode.set_image_channels(channels);
  encode.set_image_height(height);
  encode.set_image_width(width);
  for (auto set : {&Window::set_kernel_height, &Window::set_kernel_width, &Window::set_stride_y, &Window::set_stride_x})
    (encode.mutable_window()->*set)(1);
  encode.set_frames(true);
  encode.set_counts(counts);
  encode.set_pixel_limit(1);
  std::vector<int32_t> identity(channels * channels);
  for (uint32_t c = 0; c < channels; ++c)
    identity[c * channels + c] = 1;
  encode.set_weights_at(store(identity));
  // tau 1: fires where the pixel is 1.
  Neuron &neuron = *encode.mutable_neuron();
  neuron.set_general(true);
  neuron.set_wide(true);
  neuron.set_multiplier(1 << 30);
  neuron.set_steps(timesteps);
  neuron.set_count(1);
  neuron.set_biases_at(store<int64_t>({0}));
  neuron.set_thresholds_at(store<int64_t>({1}));
  manifest.mutable_input()->set_channels(channels);
  manifest.mutable_input()->set_height(height);
  manifest.mutable_input()->set_width(width);
  return index;
}

uint32_t TestNetwork::addLif(Program program, uint32_t height, uint32_t width, uint32_t channels, uint32_t payload,
                             uint32_t step, uint32_t runs, uint32_t steps, int64_t threshold, int64_t bias) {
  uint32_t index = add(program, height, width, channels, payload, step, runs);
  Neuron &neuron = *map.mutable_populations(index)->mutable_neuron();
  neuron.set_fraction(steps);
  neuron.set_steps(steps);
  neuron.set_count(1);
  neuron.set_biases_at(store<int64_t>({bias}));
  neuron.set_thresholds_at(store<int64_t>({threshold}));
  return index;
}

uint32_t TestNetwork::addHalting(uint32_t tokens, uint32_t step, uint32_t runs, uint32_t limit,
                                 std::vector<int32_t> scores, bool last, Halting::Order order) {
  uint32_t index = add(PROGRAM_HALTING, 1, tokens, 1, 1 << 25, step, runs);
  map.mutable_populations(index)->set_state_bits(30);
  Halting &halting = *map.mutable_populations(index)->mutable_halting();
  halting.set_limit(limit);
  halting.set_scores(scores.size());
  halting.set_scores_at(store(scores));
  halting.set_last(last);
  halting.set_order(order);
  manifest.set_tokens(tokens);
  manifest.set_blocks(manifest.blocks() + 1);
  return index;
}

uint32_t TestNetwork::dense(uint32_t rows, uint32_t columns, const std::vector<int8_t> &values, Synapses::Form form) {
  Synapses &table = *map.add_tables();
  table.set_name("t" + std::to_string(map.tables_size()));
  table.set_form(form);
  table.set_rows(rows);
  table.set_columns(columns);
  table.set_bits(8);
  table.set_limbs(1);
  table.set_factor(1);
  if (!values.empty())
    table.set_weights_at(store(values));
  return map.tables_size() - 1;
}

uint32_t TestNetwork::counters(uint32_t rows, uint32_t columns) {
  return dense(rows, columns, {}, Synapses::FORM_FASTWEIGHT);
}

uint32_t TestNetwork::constant(uint32_t factor) {
  uint32_t index = dense(1, 1, {}, Synapses::FORM_CONSTANT);
  map.mutable_tables(index)->set_factor(factor);
  return index;
}

Projection &TestNetwork::connect(uint32_t source, uint32_t target, uint32_t table, uint32_t delay,
                                 Projection::Port port, Projection::Tokens tokens, Projection::Channels channels,
                                 uint32_t group) {
  Projection &by = *map.add_projections();
  by.set_source(source);
  by.set_target(target);
  by.set_table(table);
  by.set_delay(delay);
  by.set_port(port);
  by.set_tokens(tokens);
  by.set_channels(channels);
  by.set_group(group);
  return by;
}

Projection &TestNetwork::connect(uint32_t source, uint32_t target, uint32_t table, uint32_t delay) {
  bool isDense = map.tables(table).form() == Synapses::FORM_DENSE;
  return connect(source, target, table, delay, Projection::PORT_ADD, Projection::TOKENS_SAME,
                 isDense ? Projection::CHANNELS_ALL : Projection::CHANNELS_SAME);
}

uint32_t TestNetwork::readOut(uint32_t source, uint32_t step, uint32_t runs, uint32_t delay) {
  classes = map.populations(source).channels();
  uint32_t index = add(PROGRAM_READOUT, 1, 1, classes, 1, step, runs);
  connect(source, index, constant(), delay, Projection::PORT_ADD, Projection::TOKENS_ALL, Projection::CHANNELS_SAME);
  Classify &classify = *map.mutable_classify();
  classify.add_readouts(index);
  classify.set_classes(classes);
  classify.set_unit(1);
  std::vector<int32_t> identity(classes * classes);
  for (uint32_t c = 0; c < classes; ++c)
    identity[c * classes + c] = 1;
  classify.set_weights_at(store(identity));
  classify.set_biases_at(store(std::vector<int64_t>(classes)));
  manifest.set_classes(classes);
  return index;
}

void TestNetwork::place() {
  std::vector<std::set<uint32_t>> coresOf(map.populations_size());
  const Device device = map.device();
  for (int i = 0; i < map.populations_size(); ++i) {
    const Population &of = map.populations(i);
    uint32_t parts = std::min(coresOfEach, of.channels());
    for (uint32_t part = 0; part < parts; ++part) {
      uint32_t index = map.cores_size(), tile = index / device.cores_per_tile(), columns = device.mesh_columns() * 2;
      coresOf[i].insert(index);
      Core &core = *map.add_cores();
      core.set_name("core" + std::to_string(index));
      core.set_row(tile / columns);
      core.set_column(tile % columns);
      core.set_index(index % device.cores_per_tile());
      Tile &box = *core.add_tiles();
      box.set_population(i);
      box.set_row_end(of.height());
      box.set_column_end(of.width());
      box.set_channel_begin(of.channels() * part / parts);
      box.set_channel_end(of.channels() * (part + 1) / parts);
    }
  }
  for (int i = 0; i < map.populations_size(); ++i) {
    const Population &of = map.populations(i);
    std::map<uint32_t, std::set<uint32_t>> targets; // by delay
    for (const Projection &by : map.projections())
      if (by.source() == static_cast<uint32_t>(i))
        targets[by.delay()].insert(coresOf[by.target()].begin(), coresOf[by.target()].end());
    for (uint32_t source : coresOf[i])
      for (const auto &[delay, cores] : targets) {
        uint32_t index = map.flows_size();
        Flow &flow = *map.add_flows();
        flow.set_name("flow" + std::to_string(index));
        flow.set_population(i);
        flow.set_source(source);
        flow.set_delay(delay);
        const Tile &tile = map.cores(source).tiles(0);
        for (uint32_t token = 0; token < of.height() * of.width(); ++token) {
          uint32_t begin = token * of.channels() + tile.channel_begin(),
                   end = token * of.channels() + tile.channel_end();
          if (flow.neurons_size() > 0 && flow.neurons(flow.neurons_size() - 1) == begin) {
            flow.set_neurons(flow.neurons_size() - 1, end);
          } else {
            flow.add_neurons(begin);
            flow.add_neurons(end);
          }
        }
        for (uint32_t core : cores) {
          flow.add_targets(core);
          flow.add_out_axons(0);
          flow.add_in_axons(0);
          const Core &from = map.cores(source), &to = map.cores(core);
          if (from.column() != to.column())
            for (uint32_t number : {from.row(), from.column(), from.row(), to.column()})
              flow.add_runs(number);
          if (from.row() != to.row())
            for (uint32_t number : {from.row(), to.column(), to.row(), to.column()})
              flow.add_runs(number);
          flow.add_routes((from.column() != to.column()) + (from.row() != to.row()));
        }
      }
  }
}

void TestNetwork::write(const std::string &path) {
  place();
  auto writer = artifact::ArtifactWriter::create(path);
  ASSERT_TRUE(succeeds(writer));
  ASSERT_TRUE(succeeds(writer->beginSection(artifact::kWeightsSection)));
  ASSERT_TRUE(succeeds(writer->append(weights.data(), weights.size())));
  ASSERT_TRUE(succeeds(writer->finish(manifest, &map)));
}

TestNetwork::Outcome TestNetwork::run(const std::vector<std::vector<float>> &images, int threads, Observer *observer) {
  Outcome outcome;
  TempFolder folder;
  write(folder / "network.stas");
  auto model = Model::load(folder / "network.stas", {threads, ""});
  if (!model) {
    outcome.error = model.message();
    return outcome;
  }
  std::vector<float> pixels;
  for (const std::vector<float> &image : images)
    pixels.insert(pixels.end(), image.begin(), image.end());
  outcome.logits.resize(images.size() * manifest.classes());
  outcome.halting.resize((*model)->info().halts ? images.size() * manifest.tokens() : 0);
  RunOptions options;
  options.activity = &outcome.activity;
  if (observer)
    options.observers.push_back(observer);
  Batch batch;
  batch.size = static_cast<int64_t>(images.size());
  batch.images = pixels.data();
  batch.logits = outcome.logits.data();
  batch.halting = outcome.halting.empty() ? nullptr : outcome.halting.data();
  if (Status status = (*model)->run(batch, options); !status)
    outcome.error = status.message();
  return outcome;
}
