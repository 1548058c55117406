//===- HostileTest.cpp - Core maps that are wrong in one place ----------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "../Artifact/Resign.h"
#include "../TestUtils.h"
#include "TestNetwork.h"
#include "stas/Target/Artifact/ArtifactWriter.h"

#include <cmath>
#include <cstring>
#include <limits>

using namespace stas;
using namespace stas::coremap;
using namespace stas::test;

namespace {

/// A bit of everything: convolution, attention, halting.
TestNetwork makeAll() {
  TestNetwork network(2, 4);
  uint32_t x = network.input(2, 2, 2, 0), one = network.constant();
  uint32_t k = network.addLif(PROGRAM_LIF, 2, 2, 2, 1, 1, 2, 2, 3);
  uint32_t kernel = network.dense(18, 2, std::vector<int8_t>(36, 1), Synapses::FORM_SHARED);
  Window &window =
      *network.connect(x, k, kernel, 0, Projection::PORT_ADD, Projection::TOKENS_WINDOW, Projection::CHANNELS_ALL)
           .mutable_window();
  window.set_kernel_height(3);
  window.set_kernel_width(3);
  window.set_stride_y(1);
  window.set_stride_x(1);
  window.set_padding_y(1);
  window.set_padding_x(1);
  uint32_t y = network.addLif(PROGRAM_FASTWEIGHT, 2, 2, 2, 1, 3, 2, 1, 2);
  uint32_t table = network.counters(1, 2);
  network.connect(k, y, table, 0, Projection::PORT_KEY, Projection::TOKENS_ALL, Projection::CHANNELS_GROUP, 1);
  network.connect(k, y, table, 0, Projection::PORT_VALUE, Projection::TOKENS_ALL, Projection::CHANNELS_SAME);
  network.connect(k, y, table, 1, Projection::PORT_QUERY, Projection::TOKENS_SAME, Projection::CHANNELS_GROUP, 1);
  uint32_t halting = network.addHalting(4, 4, 2, 90, {40, 70}, true);
  network.map.mutable_populations(static_cast<int>(halting))->set_height(2);
  network.map.mutable_populations(static_cast<int>(halting))->set_width(2);
  network.connect(y, halting, one, 0, Projection::PORT_SCORE, Projection::TOKENS_SAME, Projection::CHANNELS_FIRST);
  network.connect(halting, halting, one, 3).set_next(true);
  uint32_t readout = network.readOut(y, 5, 2, 1);
  network.connect(halting, readout, one, 0, Projection::PORT_GAIN, Projection::TOKENS_ALL, Projection::CHANNELS_ALL);
  return network;
}

std::string bytesOf(const TempFolder &folder, TestNetwork network) {
  network.write(folder / "good.stas");
  return readAll(folder / "good.stas");
}

/// Loads and runs what may be anything: no result is wrong, but it has to come to an end.
void runIt(const std::string &path) {
  auto model = Model::load(path, {1, ""});
  if (!model)
    return;
  const ModelInfo &info = (*model)->info();
  std::vector<float> image(info.input.elements(), 1), logits(info.classes);
  std::vector<int32_t> halting(info.tokens);
  ChipActivity activity;
  RunOptions options;
  options.activity = &activity;
  Batch batch;
  batch.size = 1;
  batch.images = image.data();
  batch.logits = logits.data();
  batch.halting = info.halts ? halting.data() : nullptr;
  (void)bool((*model)->run(batch, options));
}

class CoreMapTest : public testing::Test {
protected:
  /// What validate() says of the network after a change.
  template <typename Change> Status after(Change change) {
    TempFolder folder;
    TestNetwork network = makeAll();
    network.write(folder / "good.stas");
    change(network.map);
    return coremap::validate(network.map, network.manifest, network.weights.size());
  }
};

} // namespace

#define EXPECT_REFUSED(change, message) EXPECT_TRUE(failsWith(after([](CoreMap &m) { change; }), message))

TEST_F(CoreMapTest, TheNetworkIsValidAndRuns) {
  EXPECT_TRUE(succeeds(after([](CoreMap &) {})));
  auto found = makeAll().run({std::vector<float>(16, 1)});
  EXPECT_EQ(found.error, "");
  EXPECT_EQ(found.halting, (std::vector<int32_t>{2, 2, 2, 2}));
}

TEST_F(CoreMapTest, Network) {
  EXPECT_REFUSED(m.set_version(1), "core map: version: required 2, found 1");
  EXPECT_REFUSED(m.set_timesteps(0), "timesteps: required 1 to 256, found 0");
  EXPECT_REFUSED(m.set_timesteps(3), "timesteps: required the manifest's 2, found 3");
  EXPECT_REFUSED(m.set_interval(0), "interval: required 1");
  EXPECT_REFUSED(m.set_name(""), "network name length: required 1");
  EXPECT_REFUSED(m.mutable_device()->set_neurons(0), "device: core.neurons: required 1");
  EXPECT_REFUSED(m.mutable_device()->add_programs(static_cast<Program>(9)), "device.programs");
  EXPECT_REFUSED(m.mutable_device()->set_symbol(""), "device name length");
}

TEST_F(CoreMapTest, Populations) {
  EXPECT_REFUSED(m.mutable_populations(1)->set_channels(0), "population 1 neurons: required 1");
  EXPECT_REFUSED(m.mutable_populations(1)->set_height(1u << 31), "population 1 neurons: required 1");
  EXPECT_REFUSED(m.mutable_populations(1)->set_program(PROGRAM_UNSPECIFIED), "population 1 program: required 1");
  EXPECT_REFUSED(m.mutable_populations(1)->set_program(PROGRAM_SUM), "population 1: required a neuron of programs lif");
  EXPECT_REFUSED(m.mutable_populations(1)->set_payload(2), "population 1: payload: required 1 of binary spikes");
  EXPECT_REFUSED(m.mutable_populations(1)->set_runs(3), "population 1 runs: required 1 to 2, found 3");
  EXPECT_REFUSED(m.mutable_populations(1)->set_step(~0u), "population 1 step");
  EXPECT_REFUSED(m.mutable_populations(1)->set_state_bits(65), "population 1 state_bits");
  EXPECT_REFUSED(m.mutable_populations(1)->set_rate(NAN), "population 1: rate: required 0 to its 2 runs");
  EXPECT_REFUSED(m.mutable_populations(1)->set_name(m.populations(0).name()), "name 'p1' is there twice");
  EXPECT_REFUSED(m.mutable_populations(1)->set_layout(LAYOUT_MAP), "population 1: layer: required letters");
  EXPECT_REFUSED(m.mutable_populations(0)->set_layout(LAYOUT_MAP), "population 0: layout: required none");
  EXPECT_REFUSED(m.mutable_populations(1)->mutable_neuron()->set_guard(9), "population 1 neuron guard");
  EXPECT_REFUSED(m.mutable_populations(1)->mutable_neuron()->set_fraction(17), "population 1 neuron fraction");
  EXPECT_REFUSED(m.mutable_populations(1)->mutable_neuron()->set_multiplier(~0u), "population 1 neuron multiplier");
  EXPECT_REFUSED(m.mutable_populations(1)->mutable_neuron()->set_steps(0), "population 1 neuron steps");
  EXPECT_REFUSED(m.mutable_populations(1)->mutable_neuron()->set_count(3),
                 "count: required 1 or the number of channels");
  EXPECT_REFUSED(m.mutable_populations(1)->mutable_neuron()->set_biases_at(1), "biases_at: required 1 numbers of 8");
  EXPECT_REFUSED(m.mutable_populations(1)->mutable_neuron()->set_thresholds_at(1ull << 60), "thresholds_at: required");
  EXPECT_REFUSED(m.mutable_populations(1)->mutable_neuron()->set_resets_at(64),
                 "resets_at: required 0 with hard reset");
  EXPECT_REFUSED(
      {
        m.mutable_populations(1)->set_state_bits(40);
        m.mutable_populations(1)->mutable_neuron()->set_general(true);
      },
      "state_bits: required at most 32 of a neuron that is not wide");
  EXPECT_REFUSED(m.mutable_populations(3)->mutable_halting()->set_scores(0), "halting.scores: required 1 to 256");
  EXPECT_REFUSED(m.mutable_populations(3)->mutable_halting()->set_scores_at(1 << 30), "halting.scores_at");
  EXPECT_REFUSED(m.mutable_populations(3)->mutable_halting()->set_limit(~0u), "halting.limit");
  EXPECT_REFUSED(m.mutable_populations(3)->mutable_halting()->set_order(Halting::ORDER_UNSPECIFIED), "halting.order");
}

TEST_F(CoreMapTest, TablesAndProjections) {
  EXPECT_REFUSED(m.mutable_tables(1)->set_rows(0), "table 1 rows: required 1");
  EXPECT_REFUSED(m.mutable_tables(1)->set_bits(33), "table 1 bits");
  EXPECT_REFUSED(m.mutable_tables(1)->set_limbs(3), "table 1 limbs");
  EXPECT_REFUSED(m.mutable_tables(1)->set_factor(2), "table 1 factor");
  EXPECT_REFUSED(m.mutable_tables(0)->set_rows(2), "table 0: required one row");
  EXPECT_REFUSED(m.mutable_tables(1)->set_weights_at(1 << 20), "table 1 weights_at: required 36 numbers");
  EXPECT_REFUSED(m.mutable_tables(1)->set_columns(1u << 30), "table 1 weights_at: required");
  EXPECT_REFUSED(m.mutable_projections(0)->set_source(99), "projection 0: required populations below 5");
  EXPECT_REFUSED(m.mutable_projections(0)->set_table(99), "a table below 4, found 0, 1 and 99");
  EXPECT_REFUSED(m.mutable_projections(0)->clear_window(), "projection 0: required a window");
  EXPECT_REFUSED(m.mutable_projections(0)->mutable_window()->set_stride_x(0), "projection 0 window stride_x");
  EXPECT_REFUSED(m.mutable_projections(0)->mutable_window()->set_padding_x(3), "required a target map of 2 x 6");
  EXPECT_REFUSED(m.mutable_projections(0)->set_group(1), "group: required a size");
  EXPECT_REFUSED(m.mutable_projections(1)->set_group(0), "group: required a size");
  EXPECT_REFUSED(m.mutable_projections(1)->set_group(2), "table: required one that fits");
  EXPECT_REFUSED(m.mutable_projections(1)->set_port(Projection::PORT_ADD), "port: required one that");
  EXPECT_REFUSED(m.mutable_projections(1)->set_hold(true), "hold: required at port add alone");
  EXPECT_REFUSED(m.mutable_projections(1)->set_tokens(Projection::TOKENS_SAME), "port: required one that");
  EXPECT_REFUSED(m.mutable_projections(1)->set_delay(99), "projection 1 delay: required 0 to 62");
  EXPECT_REFUSED(m.mutable_projections(4)->set_channels(Projection::CHANNELS_SAME), "as many channels");
  EXPECT_REFUSED(m.mutable_projections(6)->set_hold(true), "of what a readout adds by gain");
}

TEST_F(CoreMapTest, Host) {
  EXPECT_REFUSED(m.clear_encodes(), "population 0: required an encode of program input");
  EXPECT_REFUSED(m.mutable_encodes(0)->set_population(1), "encode 0: population: required one of program input");
  EXPECT_REFUSED(m.mutable_encodes(0)->set_image_width(3), "required the manifest's image, 2 of 2 x 2 x 2");
  EXPECT_REFUSED(m.mutable_encodes(0)->set_frames(false), "required the manifest's image");
  EXPECT_REFUSED(m.mutable_encodes(0)->set_counts(true), "required a population of map 2 x 2, 1 runs and payload 2");
  EXPECT_REFUSED(m.mutable_encodes(0)->set_pixel_bits(31), "pixel_bits");
  EXPECT_REFUSED(m.mutable_encodes(0)->set_pixel_limit(0), "pixel_limit");
  EXPECT_REFUSED(m.mutable_encodes(0)->set_weights_at(1 << 20), "encode 0 weights_at: required 4 numbers");
  EXPECT_REFUSED(m.mutable_encodes(0)->mutable_neuron()->set_wide(false), "required a wide one on the host");
  EXPECT_REFUSED(m.mutable_encodes(0)->set_layer("../x"), "encode 0: layer: required letters");
  EXPECT_REFUSED(m.clear_classify(), "classify: required with at least one readout");
  EXPECT_REFUSED(m.mutable_classify()->set_classes(7), "classify.classes: required the manifest's 2");
  EXPECT_REFUSED(m.mutable_classify()->add_readouts(4), "classify.readouts: required populations below 5, none twice");
  EXPECT_REFUSED(m.mutable_classify()->set_readouts(0, 1), "classify.readouts: required readouts of one token");
  EXPECT_REFUSED(m.mutable_classify()->set_unit(INFINITY), "classify.unit: required a finite number");
  EXPECT_REFUSED(m.mutable_classify()->set_biases_at(8), "classify.biases_at");
}

TEST_F(CoreMapTest, Cores) {
  EXPECT_REFUSED(m.clear_cores(), "cores count: required 1");
  EXPECT_REFUSED(m.mutable_cores(0)->set_row(2), "core 0 row: required 0 to 1, found 2");
  EXPECT_REFUSED(m.mutable_cores(1)->set_index(0), "core 1: required a place of its own");
  EXPECT_REFUSED(m.mutable_cores(0)->mutable_tiles(0)->set_population(9), "core 0: population: required below 5");
  EXPECT_REFUSED(m.mutable_cores(0)->mutable_tiles(0)->set_row_end(3), "core 0: required ranges, not empty");
  EXPECT_REFUSED(m.mutable_cores(0)->mutable_tiles(0)->set_row_end(1), "population 0: required each neuron on a core");
  EXPECT_REFUSED(*m.mutable_cores(1)->add_tiles() = m.cores(0).tiles(0),
                 "core 1: required neurons that no other tile has");
  EXPECT_REFUSED(m.mutable_device()->set_neurons(7), "core 0 neurons: required 0 to 7, found 8");
}

/// Sends the first message of a flow along one run.
static void go(Flow &flow, std::initializer_list<uint32_t> run) {
  flow.set_routes(0, 1);
  flow.clear_runs();
  flow.mutable_runs()->Add(run.begin(), run.end());
}

TEST_F(CoreMapTest, Flows) {
  EXPECT_REFUSED(m.mutable_flows(0)->set_population(9), "flow 0: required a population below 5");
  EXPECT_REFUSED(m.mutable_flows(0)->set_source(1), "flow 0: neurons: required ranges that rise, of neurons on core 1");
  EXPECT_REFUSED(m.mutable_flows(0)->set_neurons(1, 9), "flow 0: neurons: required ranges");
  EXPECT_REFUSED(m.mutable_flows(0)->add_neurons(9), "flow 0: neurons: required ranges");
  EXPECT_REFUSED(m.mutable_flows(0)->set_targets(0, 9), "flow 0: targets: required cores below 5");
  EXPECT_REFUSED(m.mutable_flows(0)->add_targets(m.flows(0).targets(0)), "flow 0: targets: required each core once");
  EXPECT_REFUSED(m.mutable_flows(0)->set_delay(63), "flow 0 delay");
  EXPECT_REFUSED(m.mutable_flows(0)->set_spikes(-1), "flow 0: spikes: required a finite number");
  EXPECT_REFUSED(m.mutable_flows(0)->clear_out_axons(),
                 "flow 0: required 1 out_axons and routes and 1 in_axons, found 0");
  EXPECT_REFUSED(m.mutable_flows(0)->add_in_axons(0), "1 in_axons, found 1, 1 and 2");
  EXPECT_REFUSED(m.mutable_flows(0)->add_routes(0), "1 in_axons, found 1, 2 and 1");
  EXPECT_REFUSED(m.mutable_flows(0)->set_out_axons(0, ~0u), "flow 0 out-axons: required 1 to");
  EXPECT_REFUSED(m.mutable_flows(0)->set_in_axons(0, ~0u), "flow 0 in-axons: required 1 to");
  EXPECT_REFUSED(m.mutable_flows(0)->set_routes(0, 7), "flow 0: runs: required 7 straight ones");
  EXPECT_REFUSED(m.mutable_flows(0)->add_runs(1), "straight ones within");
  // Runs that stay where they are, turn, or leave the board.
  EXPECT_REFUSED(go(*m.mutable_flows(0), {0, 0, 0, 0}), "flow 0: runs: required 1 straight ones");
  EXPECT_REFUSED(go(*m.mutable_flows(0), {0, 0, 1, 1}), "flow 0: runs: required 1 straight ones");
  EXPECT_REFUSED(go(*m.mutable_flows(0), {0, 0, 0, 99}), "flow 0: runs: required 1 straight ones");
}

TEST_F(CoreMapTest, SumsThatCouldLeave64BitsAreNotRun) {
  TestNetwork network = makeAll();
  int64_t large = std::numeric_limits<int64_t>::min();
  std::memcpy(network.weights.data() + network.map.populations(1).neuron().biases_at(), &large, sizeof(large));
  std::string error = network.run({std::vector<float>(16, 1)}).error;
  EXPECT_NE(error.find("population p2: sums of its inputs and biases could leave 64 bits"), std::string::npos) << error;
}

TEST_F(CoreMapTest, SectionsThatAreMissingOrNone) {
  TempFolder folder;
  std::string bytes = bytesOf(folder, makeAll());
  std::string renamed = bytes;
  renamed.replace(renamed.find("coremap"), 7, "coremaq");
  resign(renamed);
  writeAll(folder / "a.stas", renamed);
  EXPECT_TRUE(failsWith(artifact::Artifact::open(folder / "a.stas"), "there is no section 'coremap'"));
}

TEST_F(CoreMapTest, IsWrittenWithItsTargetAlone) {
  TempFolder folder;
  auto writer = artifact::ArtifactWriter::create(folder / "a.stas");
  ASSERT_TRUE(succeeds(writer));
  EXPECT_TRUE(failsWith(writer->finish(makeAll().manifest), "core map: required with target chip, and with no other"));
}

// Every byte of the core map in turn becomes another one, behind right checksums.
TEST_F(CoreMapTest, MutationsAreRefusedOrRun) {
  TempFolder folder;
  const std::string good = bytesOf(folder, makeAll());
  auto artifact = artifact::Artifact::open(folder / "good.stas");
  ASSERT_TRUE(succeeds(artifact));
  const artifact::SectionInfo section = *artifact->find(artifact::kCoreMapSection);
  int accepted = 0, refused = 0;
  for (uint64_t at = 0; at < section.size; ++at)
    for (uint8_t flip : {0x01, 0x02, 0x10, 0x80}) {
      std::string bytes = good;
      bytes[section.offset + at] = static_cast<char>(bytes[section.offset + at] ^ flip);
      resign(bytes);
      writeAll(folder / "a.stas", bytes);
      bool isArtifact = bool(artifact::Artifact::open(folder / "a.stas"));
      (isArtifact ? accepted : refused)++;
      if (isArtifact)
        runIt(folder / "a.stas");
    }
  EXPECT_GT(accepted, 100);
  EXPECT_GT(refused, 1000);
}
