//===- VerifyTest.cpp - The verifier finds every planted fault ------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "stas/Mapping/Verify.h"
#include "../TestUtils.h"
#include "Networks.h"

using namespace stas;
using namespace stas::mapping;

namespace {

/// A mapping on several cores of two chips, and what it is of.
struct Case {
  Problem problem;
  Mapping mapping;

  explicit Case(bool multicast) {
    Chip chip = test::smallChip();
    chip.boardWidth = 5;
    chip.boardHeight = 4;
    chip.payloadBits = 4;
    chip.inAxons = 96;
    chip.synapseBits = 4096;
    chip.delay = 8;
    chip.multicast = multicast;
    test::SpikformerShape shape;
    shape.image = 4;
    shape.channels = 8;
    shape.blocks = 1;
    shape.heads = 2;
    shape.ratio = 2;
    problem = test::spikformer(chip, shape);
    Fit<Mapping> fit = mapProblem(problem, *createFirstFitPlacer());
    if (auto *misfit = std::get_if<Misfit>(&fit))
      ADD_FAILURE() << misfit->message();
    else
      mapping = *std::get_if<Mapping>(&fit);
  }

  /// The first route with a corner.
  Route &bent() {
    for (Route &route : mapping.routing.routes)
      if (route.segments.size() == 2)
        return route;
    ADD_FAILURE() << "no route with a corner";
    return mapping.routing.routes.front();
  }
  /// A logical core with tiles of two layers or more that are given to it alone.
  Flow &flow() { return mapping.flows.front(); }
};

/// What is found after a change.
template <typename Change> std::vector<Violation> after(Change &&change, bool multicast = false) {
  Case planted(multicast);
  change(planted);
  return verify(planted.problem, planted.mapping);
}

::testing::AssertionResult finds(const std::vector<Violation> &violations, Fault fault, const std::string &part) {
  std::string texts;
  for (const Violation &violation : violations) {
    if (violation.fault == fault && violation.text.find(part) != std::string::npos)
      return ::testing::AssertionSuccess();
    texts += std::string("\n  ") + faultText(violation.fault) + ": " + violation.text;
  }
  return ::testing::AssertionFailure() << "no " << faultText(fault) << " with '" << part << "' in:" << texts;
}

} // namespace

TEST(Verify, AMappingHolds) {
  for (bool multicast : {false, true}) {
    std::vector<Violation> violations = after([](Case &c) { EXPECT_GT(c.mapping.chips, 1); }, multicast);
    for (const Violation &violation : violations)
      ADD_FAILURE() << faultText(violation.fault) << ": " << violation.text;
  }
}

TEST(Verify, Tiles) {
  EXPECT_TRUE(finds(after([](Case &c) { c.mapping.tiling.tiles[0].layer = 99; }), Fault::Tile, "found layer 99"));
  EXPECT_TRUE(finds(after([](Case &c) { c.mapping.tiling.tiles[0].core = -1; }), Fault::Tile, "core -1"));
  EXPECT_TRUE(finds(after([](Case &c) { c.mapping.tiling.tiles[0].box.y.end = 99; }), Fault::Tile, "inside"));
  EXPECT_TRUE(finds(after([](Case &c) { c.mapping.tiling.tiles.pop_back(); }), Fault::Tile, "on none"));
  EXPECT_TRUE(finds(after([](Case &c) { c.mapping.tiling.tiles.push_back(c.mapping.tiling.tiles[0]); }), Fault::Tile,
                    "each neuron on one core"));
}

TEST(Verify, LimitsOfACore) {
  EXPECT_TRUE(finds(after([](Case &c) { c.problem.chip.neurons = 8; }), Fault::Limit, "16 neurons, found 8"));
  EXPECT_TRUE(finds(after([](Case &c) { c.problem.chip.synapseBits = 64; }), Fault::Limit, "bits of synapse memory"));
  EXPECT_TRUE(finds(after([](Case &c) { c.problem.chip.inAxons = 9; }), Fault::Limit, "in-axons, found 9"));
  EXPECT_TRUE(finds(after([](Case &c) { c.problem.chip.outAxons = 1; }), Fault::Limit, "out-axons, found 1"));
}

TEST(Verify, LimitsOfParts) {
  EXPECT_TRUE(finds(after([](Case &c) { c.problem.chip.stateBits = 8; }), Fault::Limit, "16 state bits, found 8"));
  EXPECT_TRUE(finds(after([](Case &c) { c.problem.chip.weightBits = 4; }), Fault::Limit, "8 weight bits, found 4"));
  EXPECT_TRUE(finds(after([](Case &c) { c.problem.chip.payloadBits = 1; }), Fault::Limit, "payload bits, found 1"));
  EXPECT_TRUE(finds(after([](Case &c) { c.problem.chip.delay = 3; }), Fault::Limit, "a delay of 4, found 3"));
}

TEST(Verify, Usage) {
  for (auto field : {&Usage::neurons, &Usage::synapseBits, &Usage::inAxons, &Usage::outAxons})
    EXPECT_TRUE(finds(after([&](Case &c) { --(c.mapping.tiling.cores[1].*field); }), Fault::Usage, "core 1 with"));
}

TEST(Verify, Placement) {
  EXPECT_TRUE(finds(after([](Case &c) { c.mapping.placement[1] = c.mapping.placement[0]; }), Fault::Placement,
                    "a place of its own"));
  EXPECT_TRUE(finds(after([](Case &c) { c.mapping.placement[1] = 80; }), Fault::Placement, "below 80, found 80"));
  EXPECT_TRUE(finds(after([](Case &c) { c.mapping.placement.pop_back(); }), Fault::Placement, "placement: requires"));
}

TEST(Verify, Flows) {
  EXPECT_TRUE(finds(after([](Case &c) { c.flow().source = -1; }), Fault::Flow, "a layer and a source core"));
  EXPECT_TRUE(finds(after([](Case &c) { c.flow().neurons.back() += 1 << 20; }), Fault::Flow, "rising neurons"));
  EXPECT_TRUE(finds(after([](Case &c) { c.flow().source = 5; }), Fault::Flow, "rising neurons of core 5"));
  EXPECT_TRUE(finds(after([](Case &c) { c.flow().spikes *= 2; }), Fault::Flow, "spikes, found"));
  EXPECT_TRUE(finds(after([](Case &c) { c.flow().targets.push_back(999); }), Fault::Flow, "targets below"));
  EXPECT_TRUE(finds(after([](Case &c) { c.flow().targets.pop_back(); }), Fault::Flow, "the targets that its routes"));
  EXPECT_TRUE(finds(after([](Case &c) { c.flow().targets.pop_back(); }, true), Fault::Arrival, "to arrive"));
}

TEST(Verify, Arrivals) {
  auto drop = [](Case &c) { c.mapping.routing.routes.erase(c.mapping.routing.routes.begin() + 3); };
  for (bool multicast : {false, true}) {
    EXPECT_TRUE(finds(after(drop, multicast), Fault::Arrival, "no route that brings them"));
    EXPECT_TRUE(finds(after(drop, multicast), Fault::Load, "requires a load of"));
    EXPECT_TRUE(
        finds(after([](Case &c) { c.mapping.routing.routes.push_back(c.mapping.routing.routes[3]); }, multicast),
              Fault::Arrival, "found them twice"));
  }
  // A right way to a core that does not need the spikes: a fault of nothing but that.
  EXPECT_TRUE(finds(after([](Case &c) {
                      for (int32_t core = 0;; ++core)
                        if (!std::binary_search(c.flow().targets.begin(), c.flow().targets.end(), core)) {
                          Flow extra = c.flow();
                          extra.targets = {core};
                          c.mapping.routing.routes.push_back(
                              route({c.problem.chip, {extra}, 0}, c.mapping.placement).routes[0]);
                          return;
                        }
                    }),
                    Fault::Arrival, "nowhere, found a route that brings them"));
  // The neurons of a flow are those whose spikes arrive.
  EXPECT_TRUE(finds(after([](Case &c) {
                      Flow &flow = c.flow();
                      flow.spikes -= c.problem.layers[flow.layer].spikesOf(flow.neurons.back());
                      flow.neurons.pop_back();
                    }),
                    Fault::Arrival, "to arrive"));
}

TEST(Verify, Routes) {
  EXPECT_TRUE(finds(after([](Case &c) { c.bent().flow = -1; }), Fault::Route, "requires a flow in"));
  EXPECT_TRUE(finds(after([](Case &c) { c.bent().target = 999; }), Fault::Route, "requires targets in"));
  EXPECT_TRUE(finds(after([](Case &c) { c.bent().segments.pop_back(); }), Fault::Route, "requires an end at core"));
  EXPECT_TRUE(finds(after([](Case &c) { c.bent().segments.pop_back(); }), Fault::Route, "at the end of each segment"));
  EXPECT_TRUE(
      finds(after([](Case &c) { c.bent().segments.erase(c.bent().segments.begin()); }), Fault::Route, "without gaps"));
  EXPECT_TRUE(finds(after([](Case &c) { c.bent().segments[0].toX = 99; }), Fault::Route, "on the board of 10 x 8"));
  EXPECT_TRUE(finds(after([](Case &c) { c.bent().segments[0].toY += 1; }), Fault::Route, "straight segments"));
  // Along y first.
  EXPECT_TRUE(finds(after([](Case &c) {
                      Segment &x = c.bent().segments[0], &y = c.bent().segments[1];
                      Segment first = {x.fromX, x.fromY, x.fromX, y.toY}, second = {x.fromX, y.toY, y.toX, y.toY};
                      x = first;
                      y = second;
                    }),
                    Fault::Route, "ways along x first"));
  // There and back.
  EXPECT_TRUE(finds(after([](Case &c) {
                      Route &route = c.bent();
                      Segment last = route.segments.back();
                      route.segments.push_back({last.toX, last.toY, last.fromX, last.fromY});
                    }),
                    Fault::Route, "meets no router twice"));
}

TEST(Verify, RoutesOfATree) {
  auto branched = [](Case &c) -> Route & {
    for (Route &route : c.mapping.routing.routes)
      if (route.segments.size() >= 3)
        return route;
    ADD_FAILURE() << "no tree with a branch";
    return c.mapping.routing.routes.front();
  };
  EXPECT_TRUE(finds(after([&](Case &c) { branched(c).segments.erase(branched(c).segments.begin()); }, true),
                    Fault::Route, "without gaps"));
  EXPECT_TRUE(finds(after([&](Case &c) { branched(c).segments.pop_back(); }, true), Fault::Route, "an end at core"));
  EXPECT_TRUE(finds(after([&](Case &c) { branched(c).segments.push_back(branched(c).segments.back()); }, true),
                    Fault::Route, "meets no router twice"));
}

TEST(Verify, LoadsAndCosts) {
  EXPECT_TRUE(finds(after([](Case &c) { c.mapping.routing.loads[5] += 1; }), Fault::Load, "link 1 of router (1, 0)"));
  EXPECT_TRUE(finds(after([](Case &c) { c.mapping.routing.loads.pop_back(); }), Fault::Load, "requires 320"));
  EXPECT_TRUE(finds(after([](Case &c) { c.mapping.cost.messages *= 1.01; }), Fault::Cost, "messages"));
  EXPECT_TRUE(finds(after([](Case &c) { c.mapping.cost.spikeHops *= 1.01; }), Fault::Cost, "spikes x hops"));
  EXPECT_TRUE(finds(after([](Case &c) { c.mapping.cost.crossings *= 1.01; }), Fault::Cost, "chip crossings"));
  EXPECT_TRUE(finds(after([](Case &c) { ++c.mapping.chips; }), Fault::Cost, "chips: requires"));
}

TEST(Verify, NotTooManyOfAKind) {
  Case planted(false);
  for (double &load : planted.mapping.routing.loads)
    load += 1;
  EXPECT_EQ(verify(planted.problem, planted.mapping, 5).size(), 5u);
}
