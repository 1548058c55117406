//===- RandomTest.cpp - Random problems: verified, bounded, the same twice -===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Networks.h"
#include "stas/Mapping/Verify.h"

#include <gtest/gtest.h>

using namespace stas;
using namespace stas::mapping;

namespace {

/// Every number of a mapping.
std::string bytesOf(const Mapping &mapping) {
  std::string bytes;
  auto put = [&](auto value) { bytes.append(reinterpret_cast<const char *>(&value), sizeof(value)); };
  for (const Tile &tile : mapping.tiling.tiles) {
    put(tile.layer);
    put(tile.core);
    for (Range range : {tile.box.y, tile.box.x, tile.box.channels}) {
      put(range.begin);
      put(range.end);
    }
  }
  for (const Flow &flow : mapping.flows) {
    put(flow.source);
    put(flow.delay);
    put(flow.spikes);
    for (int32_t neuron : flow.neurons)
      put(neuron);
    for (int32_t target : flow.targets)
      put(target);
  }
  for (int64_t core : mapping.placement)
    put(core);
  for (const Route &route : mapping.routing.routes)
    for (const Segment &segment : route.segments)
      put(segment);
  for (double load : mapping.routing.loads)
    put(load);
  put(mapping.cost.spikeHops);
  return bytes;
}

} // namespace

TEST(Random, EveryMappingHolds) {
  int mapped = 0;
  std::unique_ptr<Placer> placer = createFirstFitPlacer();
  for (uint64_t seed = 0; seed < 120; ++seed) {
    SCOPED_TRACE(seed);
    Problem problem = test::randomProblem(seed);
    Fit<Mapping> fit = mapProblem(problem, *placer);
    const Mapping *mapping = std::get_if<Mapping>(&fit);
    if (!mapping) {
      // What is said not to fit is over a limit, by a layer that exists.
      const Misfit &misfit = *std::get_if<Misfit>(&fit);
      EXPECT_GT(misfit.used, misfit.limit) << misfit.message();
      EXPECT_FALSE(misfit.users.empty());
      continue;
    }
    ++mapped;
    for (const Violation &violation : verify(problem, *mapping))
      ADD_FAILURE() << faultText(violation.fault) << ": " << violation.text;
    EXPECT_GE(static_cast<int64_t>(mapping->tiling.cores.size()), coreBound(problem).cores);
    EXPECT_GE(mapping->cost.spikeHops, mapping->spikeHopsBound);
  }
  EXPECT_GE(mapped, 90);
}

TEST(Random, Printed) {
  Problem problem = test::linearNet(test::manyCoreChip(), 1, {4, 6});
  Fit<Mapping> fit = mapProblem(problem, *createFirstFitPlacer());
  ASSERT_TRUE(std::holds_alternative<Mapping>(fit));
  std::ostringstream out;
  printMapping(out, problem, *std::get_if<Mapping>(&fit));
  EXPECT_NE(out.str().find("cores   1 on 1 many-core; bound 1 (neurons of a core)"), std::string::npos) << out.str();
  EXPECT_NE(out.str().find("synapse memory 0.0%, in-axons 0.1%"), std::string::npos) << out.str();
  EXPECT_NE(out.str().find("hops    0 spikes x hops; bound 0"), std::string::npos) << out.str();
  EXPECT_NE(out.str().find("linear1"), std::string::npos) << out.str();
}

TEST(Random, TwiceTheSameBytes) {
  for (uint64_t seed = 0; seed < 10; ++seed) {
    Problem problem = test::randomProblem(seed);
    Fit<Mapping> first = mapProblem(problem, *createFirstFitPlacer());
    Fit<Mapping> second = mapProblem(problem, *createFirstFitPlacer());
    ASSERT_EQ(first.index(), second.index());
    if (const Mapping *mapping = std::get_if<Mapping>(&first)) {
      EXPECT_EQ(bytesOf(*mapping), bytesOf(*std::get_if<Mapping>(&second)));
    }
  }
}
