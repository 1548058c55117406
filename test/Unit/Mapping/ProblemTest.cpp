//===- ProblemTest.cpp - Numbers that contradict each other ---------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "../TestUtils.h"
#include "Networks.h"

using namespace stas;
using namespace stas::mapping;
using test::failsWith;

namespace {

Problem valid() { return test::convNet(test::manyCoreChip(), 8, 4); }

/// A problem that one change makes invalid.
template <typename Change> Status after(Change &&change) {
  Problem problem = valid();
  change(problem);
  return problem.validate();
}

} // namespace

TEST(Problem, NetworksAreValid) {
  EXPECT_TRUE(test::succeeds(valid().validate()));
  EXPECT_TRUE(test::succeeds(test::spikformer(test::manyCoreChip(), {}).validate()));
  for (uint64_t seed = 0; seed < 50; ++seed)
    EXPECT_TRUE(test::succeeds(test::randomProblem(seed).validate())) << seed;
}

TEST(Problem, Chip) {
  EXPECT_TRUE(failsWith(after([](Problem &p) { p.chip.neurons = 0; }), "chip many-core: requires neurons in [1,"));
  EXPECT_TRUE(failsWith(after([](Problem &p) { p.chip.delay = -1; }), "requires a longest delay in [0,"));
  EXPECT_TRUE(failsWith(after([](Problem &p) { p.chip.boardWidth = 1 << 20; }), "cores on the board"));
  // A chip file may give a core 2^20 KiB.
  EXPECT_TRUE(test::succeeds(after([](Problem &p) { p.chip.synapseBits = int64_t(1) << 33; })));
  EXPECT_TRUE(failsWith(after([](Problem &p) { p.chip.synapseBits = (int64_t(1) << 33) + 1; }),
                        "requires synapse bits in [1, 8589934592], found 8589934593"));
}

TEST(Problem, Layers) {
  EXPECT_TRUE(failsWith(after([](Problem &p) { p.layers.clear(); }), "at least one layer"));
  EXPECT_TRUE(failsWith(after([](Problem &p) { p.layers[1].channels = 0; }), "layer conv0: requires channels in [1,"));
  EXPECT_TRUE(failsWith(after([](Problem &p) { p.layers[1].height = p.layers[1].width = 1 << 20; }), "neurons, found"));
  EXPECT_TRUE(failsWith(after([](Problem &p) { p.layers[1].spikes.resize(7); }), "in one number or in 256, found 7"));
  EXPECT_TRUE(failsWith(after([](Problem &p) { p.layers[1].spikes = {-1}; }), "finite spikes of at least 0, found -1"));
}

TEST(Problem, Edges) {
  EXPECT_TRUE(failsWith(after([](Problem &p) { p.edges[0].source = -1; }), "requires layers in [0, 9), found -1 -> 1"));
  EXPECT_TRUE(failsWith(after([](Problem &p) { p.edges[0].table = 99; }), "edge image -> conv0: requires a table"));
  EXPECT_TRUE(failsWith(after([](Problem &p) { p.edges[0].delay = -1; }), "requires a delay in [0,"));
  EXPECT_TRUE(failsWith(after([](Problem &p) { p.edges[0].window.stride[1] = 0; }), "a kernel and stride"));
  EXPECT_TRUE(failsWith(after([](Problem &p) { p.edges[0].window.padding[0] = 0; }), "a target height of 6, found 8"));
  EXPECT_TRUE(failsWith(after([](Problem &p) { p.edges[2].tokens = TokenMap::Same; }), "the source has, 64, found 16"));
  EXPECT_TRUE(failsWith(after([](Problem &p) { p.edges[0].channels = ChannelMap::Same; }), "channels as the source"));
  EXPECT_TRUE(failsWith(after([](Problem &p) {
                          p.edges[2].channels = ChannelMap::Group;
                          p.edges[2].group = 3;
                        }),
                        "equal channels in groups of 3, found 4 and 4"));
  EXPECT_TRUE(test::succeeds(after([](Problem &p) { p.edges.push_back(p.edges[0]); })));
  EXPECT_TRUE(failsWith(after([](Problem &p) { p.tables[0].bits = 0; }), "table table0: requires bits in [1,"));
}

TEST(Problem, TableSizes) {
  Table table = {"t", SynapseForm::Conv, 27, 2, 8};
  EXPECT_EQ(table.columnBits(), 27 * 2 * 8);
  EXPECT_EQ(table.sharedBits(), 0);
  table.form = SynapseForm::Shared;
  EXPECT_EQ(table.columnBits(), 0);
  EXPECT_EQ(table.sharedBits(), 27 * 2 * 8);
  EXPECT_STREQ(synapseFormText(SynapseForm::Dense), "dense");
  EXPECT_STREQ(synapseFormText(SynapseForm::Conv), "conv");
  EXPECT_STREQ(synapseFormText(SynapseForm::FastWeight), "fast weights");
  EXPECT_STREQ(synapseFormText(SynapseForm::Shared), "shared");
}
