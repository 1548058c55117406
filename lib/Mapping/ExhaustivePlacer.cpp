//===- ExhaustivePlacer.cpp - The optimum of tiny problems ----------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "stas/Mapping/Evaluate.h"

#include <algorithm>

using namespace stas;
using namespace stas::mapping;

namespace {

class ExhaustivePlacer : public Placer {
public:
  std::string name() const override { return "exhaustive"; }
  Placement place(const PlacementTask &task) const override {
    // Every choice of cores in every order: all permutations, of which those that differ in unused cores are the same.
    std::vector<int64_t> cores = usedCores(task.chip, task.logicalCores);
    Placement best;
    double bestHops = 0;
    do {
      Placement placement(cores.begin(), cores.begin() + task.logicalCores);
      double hops = evaluate(task, placement).spikeHops;
      if (best.empty() || hops < bestHops) {
        best = std::move(placement);
        bestHops = hops;
      }
      std::reverse(cores.begin() + task.logicalCores, cores.end());
    } while (std::next_permutation(cores.begin(), cores.end()));
    return best;
  }
};

} // namespace

std::unique_ptr<Placer> mapping::createExhaustivePlacer() { return std::make_unique<ExhaustivePlacer>(); }
