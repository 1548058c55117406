//===- MisfitTest.cpp - What does not fit, and what is said of it ---------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "../TestUtils.h"
#include "Networks.h"
#include "stas/Mapping/Mapping.h"

#include <limits>

using namespace stas;
using namespace stas::mapping;

namespace {

Misfit misfitOf(const Problem &problem) {
  EXPECT_TRUE(test::succeeds(problem.validate()));
  Fit<Mapping> fit = mapProblem(problem, *createFirstFitPlacer());
  if (auto *misfit = std::get_if<Misfit>(&fit))
    return *misfit;
  ADD_FAILURE() << "fits";
  return {};
}

/// Five linear layers, the fourth the widest.
Problem wide(const Chip &chip) { return test::linearNet(chip, 2, {4, 6, 8, 40, 5}); }

void expect(const Misfit &misfit, const char *layer, Resource resource, int64_t used, int64_t limit,
            const char *remedy) {
  EXPECT_EQ(misfit.layer, layer);
  EXPECT_EQ(misfit.resource, resource);
  EXPECT_EQ(misfit.used, used);
  EXPECT_EQ(misfit.limit, limit);
  EXPECT_NE(misfit.remedy.find(remedy), std::string::npos) << misfit.remedy;
  EXPECT_LE(misfit.users.size(), 4u);
  for (size_t i = 1; i < misfit.users.size(); ++i)
    EXPECT_GE(misfit.users[i - 1].used, misfit.users[i].used);
}

} // namespace

TEST(Misfit, State) {
  Problem problem = wide(test::manyCoreChip());
  problem.layers[2].stateBits = 32;
  expect(misfitOf(problem), "linear2", Resource::StateBits, 32, 24, "a chip with state bits: 32");
}

TEST(Misfit, Weights) {
  Problem problem = wide(test::manyCoreChip());
  problem.tables[1].bits = 16;
  expect(misfitOf(problem), "linear2", Resource::WeightBits, 16, 8, "more limbs");
}

TEST(Misfit, Payload) {
  Problem problem = wide(test::manyCoreChip());
  problem.chip.payloadBits = 1;
  problem.layers[1].payloadBits = 3;
  expect(misfitOf(problem), "linear1", Resource::PayloadBits, 3, 1, "duplicated");
}

TEST(Misfit, Delay) {
  Problem problem = wide(test::manyCoreChip());
  problem.edges[3].delay = 63;
  expect(misfitOf(problem), "linear4", Resource::Delay, 63, 62, "relay neurons");
}

TEST(Misfit, SynapseMemory) {
  Chip chip = test::manyCoreChip();
  chip.synapseBits = 300;
  Misfit misfit = misfitOf(wide(chip));
  expect(misfit, "linear4", Resource::SynapseMemory, 320, 300, "fewer bits");
  ASSERT_EQ(misfit.users.size(), 4u);
  EXPECT_EQ(misfit.users[0].used, 320);
  EXPECT_EQ(misfit.users[1].layer, "linear3");
  EXPECT_EQ(misfit.users[1].used, 64);
  EXPECT_EQ(misfit.message(), "layer linear4: synapse memory of a core: required 320 bits, the chip has 300 bits; "
                              "largest users: linear4 320, linear3 64, linear2 48, linear1 32; would fit: weights of "
                              "fewer bits, fewer inputs to a channel, or a chip with 320 bits for synapses");
}

TEST(Misfit, OfSeveralTheOneThatNeedsMost) {
  Chip chip = test::manyCoreChip();
  chip.inAxons = 20; // Too few for linear2 and linear3.
  expect(misfitOf(test::linearNet(chip, 1, {8, 100, 40, 4})), "linear2", Resource::InAxons, 100, 20,
         "a chip with 100 in-axons");
}

TEST(Misfit, InAxons) {
  Chip chip = test::manyCoreChip();
  chip.inAxons = 39;
  expect(misfitOf(wide(chip)), "linear4", Resource::InAxons, 40, 39, "a chip with 40 in-axons");
  // 14 x 14 tokens of 64 channels of keys, a query and 196 values: what binds the ImageNet layouts on 4,096 in-axons.
  Misfit misfit = misfitOf(test::spikformer(test::manyCoreChip(), {14, 128, 1, 2, 4, 10, 0, 4}));
  EXPECT_EQ(misfit.resource, Resource::InAxons);
  EXPECT_EQ(misfit.used, 12544 + 64 + 196);
  EXPECT_NE(misfit.message().find("fewer tokens, smaller heads, or a chip with 12804 in-axons"), std::string::npos)
      << misfit.message();
}

TEST(Misfit, OutAxons) {
  Chip chip = test::manyCoreChip();
  chip.synapseBits = 64; // Each channel of linear3 on a core of its own.
  Problem problem = test::linearNet(chip, 1, {8, 40});
  problem.chip.outAxons = 39;
  expect(misfitOf(problem), "input", Resource::OutAxons, 40, 39, "multicasts");
  problem.chip.multicast = true;
  problem.chip.outAxons = 1;
  problem.edges.push_back(problem.edges[0]);
  problem.edges.back().delay = 1;
  expect(misfitOf(problem), "input", Resource::OutAxons, 2, 1, "fewer delays");
}

TEST(Misfit, OutAxonsInACycle) {
  Chip chip = test::manyCoreChip();
  chip.outAxons = 99;
  // Each half needs more cores than the other has, for ever.
  Problem problem = test::linearNet(chip, 1, {100, 100});
  problem.edges.push_back({1, 0, 0, TokenMap::Same, ChannelMap::All, {}, 1, 1});
  Misfit misfit = misfitOf(problem);
  EXPECT_EQ(misfit.resource, Resource::OutAxons);
  EXPECT_GT(misfit.used, 99);
}

TEST(Misfit, Neurons) {
  // 128 neurons, 16 to a core.
  expect(misfitOf(test::linearNet(test::smallChip(), 8, {4, 8, 4})), "linear1", Resource::Cores, 8, 4,
         "a board of at least 2 chips, found 1 x 1; or fewer tokens or channels");
  // More than there is memory for: nothing is kept of single neurons.
  Chip chip = test::smallChip();
  chip.neurons = 8;
  chip.meshWidth = 1;
  Problem problem = test::linearNet(chip, 1, {1});
  problem.layers[0].channels = std::numeric_limits<int32_t>::max();
  problem.layers[0].spikes = {0};
  expect(misfitOf(problem), "input", Resource::Cores, 1 << 28, 2, "a board of at least 134217728 chips");
  problem.layers.insert(problem.layers.end(), 3, problem.layers[0]);
  expect(misfitOf(problem), "input", Resource::Cores, (int64_t(1) << 30), 2, "a board of at least 536870912 chips");
}

TEST(Misfit, Cores) {
  Chip chip = test::smallChip();
  chip.boardWidth = 2; // Room for the neurons, not for their axons.
  chip.inAxons = 8;
  Problem problem = test::linearNet(chip, 8, {4, 8, 4});
  Misfit misfit = misfitOf(problem);
  expect(misfit, "linear2", Resource::Cores, misfit.used, 8, "a board of ");
  EXPECT_GT(misfit.used, 8);
  problem.chip.boardWidth = (misfit.used + 3) / 4;
  EXPECT_TRUE(std::holds_alternative<Mapping>(mapProblem(problem, *createFirstFitPlacer())));
}

TEST(Misfit, Words) {
  EXPECT_STREQ(resourceText(Resource::Neurons), "neurons of a core");
  EXPECT_STREQ(resourceText(Resource::Cores), "cores of the board");
  EXPECT_STREQ(resourceUnit(Resource::Delay), " steps");
  EXPECT_STREQ(resourceUnit(Resource::StateBits), " bits");
  EXPECT_STREQ(resourceUnit(Resource::InAxons), "");
}
