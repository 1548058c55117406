//===- PlacerTest.cpp - Placements: legal, near the optimum, the same twice -===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "stas/Mapping/Placer.h"
#include "../TestUtils.h"
#include "Networks.h"
#include "stas/Mapping/Evaluate.h"
#include "stas/Mapping/MetisPlacer.h"
#include "stas/Mapping/Verify.h"

#include <set>

using namespace stas;
using namespace stas::mapping;

namespace {

std::vector<std::unique_ptr<Placer>> placers() {
  std::vector<std::unique_ptr<Placer>> all;
  all.push_back(createFirstFitPlacer());
  all.push_back(createMetisPlacer(1));
  all.push_back(createAnnealingPlacer(1, 0.01));
  return all;
}

/// Random flows between a few cores, on a board of one or two chips.
struct Tiny {
  Chip chip = test::smallChip();
  std::vector<Flow> flows;
  int64_t cores = 0;

  explicit Tiny(uint64_t seed) {
    test::Random random(seed);
    chip.coresPerRouter = 1 + static_cast<int64_t>(seed % 2);
    chip.meshWidth = seed % 3 == 0 ? 4 : 2;
    chip.meshHeight = 4 / chip.meshWidth;
    chip.boardWidth = chip.coresPerRouter == 1 ? 2 : 1;
    chip.crossingHops = 1 + static_cast<int64_t>(seed % 4);
    chip.multicast = seed % 5 < 2;
    cores = 4 + static_cast<int64_t>(random.below(chip.cores() - 3));
    for (int64_t source = 0; source < cores; ++source)
      for (int i = 0; i < 2; ++i) {
        std::set<int32_t> targets;
        for (uint64_t count = 1 + random.below(3); count > 0; --count)
          targets.insert(static_cast<int32_t>(random.below(cores)));
        flows.push_back({0,
                         static_cast<int>(source),
                         0,
                         {},
                         {targets.begin(), targets.end()},
                         static_cast<double>(1 + random.below(50))});
      }
  }
  PlacementTask task() const { return {chip, flows, cores}; }
};

} // namespace

TEST(Placer, EveryCoreHasAPlaceOfItsOwn) {
  for (uint64_t seed = 0; seed < 12; ++seed) {
    Problem problem = test::randomProblem(seed);
    for (const std::unique_ptr<Placer> &placer : placers()) {
      SCOPED_TRACE(placer->name() + " " + std::to_string(seed));
      Fit<Mapping> fit = mapProblem(problem, *placer);
      const Mapping *mapping = std::get_if<Mapping>(&fit);
      if (!mapping)
        continue;
      for (const Violation &violation : verify(problem, *mapping))
        ADD_FAILURE() << faultText(violation.fault) << ": " << violation.text;
      EXPECT_GE(mapping->cost.spikeHops, mapping->spikeHopsBound);
      EXPECT_EQ(mapping->placement,
                placer->place({problem.chip, mapping->flows, static_cast<int64_t>(mapping->tiling.cores.size())}));
    }
  }
}

TEST(Placer, AnnealingIsNearTheOptimum) {
  std::unique_ptr<Placer> annealing = createAnnealingPlacer(), exhaustive = createExhaustivePlacer();
  for (uint64_t seed = 0; seed < 20; ++seed) {
    SCOPED_TRACE(seed);
    Tiny tiny(seed);
    double optimum = evaluate(tiny.task(), exhaustive->place(tiny.task())).spikeHops;
    EXPECT_GE(optimum, spikeHopsBound(tiny.task()));
    EXPECT_LE(evaluate(tiny.task(), annealing->place(tiny.task())).spikeHops, 1.05 * optimum);
  }
}

TEST(Placer, ExhaustiveIsNoWorseThanAny) {
  for (uint64_t seed = 20; seed < 26; ++seed) {
    Tiny tiny(seed);
    double optimum = evaluate(tiny.task(), createExhaustivePlacer()->place(tiny.task())).spikeHops;
    for (const std::unique_ptr<Placer> &placer : placers())
      EXPECT_LE(optimum, evaluate(tiny.task(), placer->place(tiny.task())).spikeHops) << placer->name();
  }
}

TEST(Placer, AnnealingBeatsTheBaseline) {
  for (bool multicast : {false, true}) {
    Chip chip = test::manyCoreChip();
    chip.multicast = multicast;
    Problem problem = test::convNet(chip, 32, 64);
    Fit<Tiling> tiling = tile(problem);
    ASSERT_TRUE(std::holds_alternative<Tiling>(tiling));
    std::vector<Flow> flows = buildFlows(problem, *std::get_if<Tiling>(&tiling));
    PlacementTask task = {problem.chip, flows, static_cast<int64_t>(std::get_if<Tiling>(&tiling)->cores.size())};
    double ours = evaluate(task, createAnnealingPlacer(1, 0.05)->place(task)).spikeHops;
    EXPECT_LT(ours, evaluate(task, createFirstFitPlacer()->place(task)).spikeHops);
    EXPECT_LT(ours, evaluate(task, createMetisPlacer(1)->place(task)).spikeHops);
    EXPECT_NE(createAnnealingPlacer(1, 0.01)->place(task), createAnnealingPlacer(2, 0.01)->place(task));
  }
}

TEST(Placer, OneCoreAndNoSpikes) {
  Chip chip = test::smallChip();
  std::vector<Flow> none, toItself = {{0, 0, 0, {}, {0}, 3}};
  for (bool multicast : {false, true}) {
    chip.multicast = multicast;
    for (const std::unique_ptr<Placer> &placer : placers()) {
      EXPECT_EQ(placer->place({chip, none, 1}).size(), 1u) << placer->name();
      EXPECT_EQ(placer->place({chip, none, 4}).size(), 4u) << placer->name();
      EXPECT_EQ(evaluate({chip, toItself, 1}, placer->place({chip, toItself, 1})).spikeHops, 0) << placer->name();
    }
  }
}
