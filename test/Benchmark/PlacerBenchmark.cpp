//===- PlacerBenchmark.cpp - Placers compared on several networks ---------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// Spikes x hops of every placer, by the common evaluator, on the same tiles: first-fit, the best of ten METIS seeds
// along the best of four Hilbert curves, and ours, beside the lower bound; and the cores that a tiling takes beside its
// bounds.
//   ninja -C build placer-benchmark && build/bin/placer-benchmark [multicast]
// Bound: geometric mean of ours / best METIS <= 0.8. Exit 1 where it is missed, or a mapping does not hold.

#include "../Unit/Mapping/Networks.h"
#include "stas/Mapping/MetisPlacer.h"
#include "stas/Mapping/Verify.h"
#include "stas/Support/Text.h"

#include <cmath>
#include <ctime>
#include <iostream>

using namespace stas;
using namespace stas::mapping;

namespace {

constexpr int kSeeds = 10;

std::vector<std::pair<std::string, Problem>> networks(const Chip &chip) {
  std::vector<std::pair<std::string, Problem>> all;
  all.emplace_back("spikformer 4-384", test::spikformer(chip, {}));
  test::SpikformerShape small;
  small.channels = 192;
  small.blocks = 2;
  small.heads = 6;
  all.emplace_back("spikformer 2-192", test::spikformer(chip, small));
  small.image = 16;
  small.channels = 96;
  small.blocks = 6;
  small.heads = 4;
  small.pooled = 1;
  all.emplace_back("spikformer 6-96", test::spikformer(chip, small));
  all.emplace_back("convolutions", test::convNet(chip, 32, 64));
  all.emplace_back("tokens, linear", test::linearNet(chip, 64, {256, 512, 512, 512, 512, 256}));
  all.emplace_back("MLP", test::linearNet(chip, 1, {2048, 4096, 4096, 1000}));
  return all;
}

/// Processor seconds since the last call.
double lap() {
  static std::clock_t last = std::clock();
  std::clock_t now = std::clock();
  double seconds = static_cast<double>(now - last) / CLOCKS_PER_SEC;
  last = now;
  return seconds;
}

} // namespace

int main(int argc, char **argv) {
  Chip chip = test::manyCoreChip();
  chip.multicast = argc > 1 && std::string(argv[1]) == "multicast";
  stas::Table table({"network", "cores", "bound", "by layer", "first-fit", "METIS", "ours", "bound", "ours/METIS",
                     "tiling s", "ours s"});
  double logSum = 0;
  int count = 0;
  bool holds = true;
  for (const auto &[name, problem] : networks(chip)) {
    lap();
    Fit<Mapping> fit = mapProblem(problem, *createFirstFitPlacer());
    double tilingSeconds = lap();
    Mapping *mapping = std::get_if<Mapping>(&fit);
    if (!mapping) {
      std::cerr << name << ": " << std::get_if<Misfit>(&fit)->message() << '\n';
      return 1;
    }
    auto cores = static_cast<int64_t>(mapping->tiling.cores.size());
    PlacementTask task = {problem.chip, mapping->flows, cores};
    double firstFit = mapping->cost.spikeHops, metis = 0;
    for (int seed = 1; seed <= kSeeds; ++seed) {
      double hops = evaluate(task, createMetisPlacer(seed)->place(task)).spikeHops;
      metis = seed == 1 ? hops : std::min(metis, hops);
    }
    lap();
    mapping->placement = createAnnealingPlacer()->place(task);
    double ourSeconds = lap();
    mapping->routing = route(task, mapping->placement);
    mapping->cost = evaluate(task, mapping->placement);
    double ours = mapping->cost.spikeHops;
    for (const Violation &violation : verify(problem, *mapping)) {
      holds = false;
      std::cerr << name << ": " << faultText(violation.fault) << ": " << violation.text << '\n';
    }
    logSum += std::log(ours / metis);
    ++count;
    const CoreBound bound = coreBound(problem, mapping->tiling);
    table.row({name, std::to_string(cores), std::to_string(bound.shared), std::to_string(bound.unshared),
               fixed(firstFit, 0), fixed(metis, 0), fixed(ours, 0), fixed(mapping->spikeHopsBound, 0),
               fixed(ours / metis, 3), fixed(tilingSeconds, 2), fixed(ourSeconds, 2)});
  }
  table.print(std::cout);
  double mean = std::exp(logSum / count);
  std::cout << "geometric mean of ours / METIS: " << fixed(mean, 3) << '\n';
  return holds && mean <= 0.8 ? 0 : 1;
}
