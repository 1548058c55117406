//===- PlacerBenchmark.cpp - Placers compared on several networks ---------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// Spikes x hops of every placer, by the common evaluator, on the same tiles: first-fit, the best of ten METIS seeds
// along the best of four Hilbert curves, and ours, beside the lower bound; and the cores that a tiling takes beside its
// bounds.
//   ninja -C build placer-benchmark && build/bin/placer-benchmark [multicast] [FILE.mlir...]
// A file is a network of the phase `network` of stas compile; without one, networks are drawn. placer_networks.py makes
// files of checkpoints, with measured rates. With `multicast` chips multicast, whatever their files say.
// Bounds: geometric mean of ours / best METIS <= 0.8, of cores / lower bound <= 1.25. Exit 1 where
// one is missed, or a mapping does not hold.

#include "../Unit/Mapping/Networks.h"
#include "ConvertedNetworks.h"
#include "stas/Mapping/MetisPlacer.h"
#include "stas/Mapping/Verify.h"
#include "stas/Support/Text.h"

#include <cmath>
#include <ctime>
#include <filesystem>
#include <iostream>

using namespace stas;
using namespace stas::mapping;

namespace {

constexpr int kSeeds = 10;
constexpr double kMostHops = 0.8, kMostCores = 1.25;

using Network = std::pair<std::string, Problem>;

std::vector<Network> drawnNetworks() {
  Chip chip = test::manyCoreChip();
  std::vector<Network> all;
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

Result<std::vector<Network>> readNetworks(const std::vector<std::string> &files) {
  std::vector<Network> all;
  for (const std::string &file : files) {
    Result<Problem> problem = test::readNetwork(file);
    if (!problem)
      return problem.error();
    all.emplace_back(std::filesystem::path(file).stem(), std::move(*problem));
  }
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

class Comparison {
public:
  Comparison()
      : table({"network", "cores", "chips", "bound", "cores/bound", "first-fit", "METIS", "ours", "bound", "ours/METIS",
               "tiling s", "ours s"}) {}
  Status add(const std::string &name, const Problem &problem);
  /// Whether all bounds hold.
  bool print(std::ostream &out);

private:
  stas::Table table;
  int count = 0;
  double logHops = 0, logCores = 0;
};

} // namespace

Status Comparison::add(const std::string &name, const Problem &problem) {
  lap();
  Fit<Mapping> fit = mapProblem(problem, *createFirstFitPlacer());
  double tilingSeconds = lap();
  if (Misfit *misfit = std::get_if<Misfit>(&fit))
    return makeError(name, ": ", misfit->message());
  Mapping &mapping = *std::get_if<Mapping>(&fit);
  auto cores = static_cast<int64_t>(mapping.tiling.cores.size());
  PlacementTask task = {problem.chip, mapping.flows, cores};
  double firstFit = mapping.cost.spikeHops, metis = 0;
  for (int seed = 1; seed <= kSeeds; ++seed) {
    double hops = evaluate(task, createMetisPlacer(seed)->place(task)).spikeHops;
    metis = seed == 1 ? hops : std::min(metis, hops);
  }
  lap();
  mapping.placement = createAnnealingPlacer()->place(task);
  double ourSeconds = lap();
  mapping.routing = route(task, mapping.placement);
  mapping.cost = evaluate(task, mapping.placement);
  double ours = mapping.cost.spikeHops;
  if (std::vector<Violation> violations = verify(problem, mapping); !violations.empty())
    return makeError(name, ": ", faultText(violations.front().fault), ": ", violations.front().text);
  if (metis == 0)
    return makeError(name, ": required messages that leave their tile, found none: every placement is the best");
  const CoreBound bound = coreBound(problem);
  double coreRatio = static_cast<double>(cores) / static_cast<double>(bound.cores);
  logHops += std::log(ours / metis);
  logCores += std::log(coreRatio);
  ++count;
  table.row({name, std::to_string(cores), std::to_string(mapping.chips), std::to_string(bound.cores),
             fixed(coreRatio, 3), fixed(firstFit, 0), fixed(metis, 0), fixed(ours, 0), fixed(mapping.spikeHopsBound, 0),
             fixed(ours / metis, 3), fixed(tilingSeconds, 2), fixed(ourSeconds, 2)});
  return {};
}

bool Comparison::print(std::ostream &out) {
  table.print(out);
  double hops = std::exp(logHops / count), cores = std::exp(logCores / count);
  out << "geometric mean of ours / METIS: " << fixed(hops, 3) << ", of cores / bound: " << fixed(cores, 3) << '\n';
  return hops <= kMostHops && cores <= kMostCores;
}

int main(int argc, char **argv) {
  std::vector<std::string> files(argv + 1, argv + argc);
  bool multicasts = !files.empty() && files.front() == "multicast";
  if (multicasts)
    files.erase(files.begin());
  Result<std::vector<Network>> networks = files.empty() ? drawnNetworks() : readNetworks(files);
  if (!networks) {
    std::cerr << networks.message() << '\n';
    return 1;
  }
  Comparison comparison;
  for (auto &[name, problem] : *networks) {
    problem.chip.multicast |= multicasts;
    if (Status status = comparison.add(name, problem); !status) {
      std::cerr << status.message() << '\n';
      return 1;
    }
  }
  return comparison.print(std::cout) ? 0 : 1;
}
