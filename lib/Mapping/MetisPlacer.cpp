//===- MetisPlacer.cpp - METIS order along a Hilbert curve ----------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// The usual recipe: partition the graph, lay the parts along a space-filling curve. METIS numbers the parts of
// recursive bisection from left to right, so that parts with near numbers were separated late and have much in common.

#include "stas/Mapping/MetisPlacer.h"
#include "CoreGraph.h"
#include "HilbertCurve.h"
#include "stas/Mapping/Evaluate.h"

#include <algorithm>
#include <cmath>
#include <metis.h>
#include <numeric>
#include <tuple>

using namespace stas;
using namespace stas::mapping;

namespace {

class MetisPlacer : public Placer {
public:
  explicit MetisPlacer(int seed) : seed(seed) {}
  std::string name() const override { return "metis+hilbert"; }
  Placement place(const PlacementTask &task) const override;

private:
  /// Logical cores by part, a part for each router.
  std::vector<int64_t> order(const PlacementTask &task) const;

  int seed;
};

} // namespace

std::vector<int64_t> MetisPlacer::order(const PlacementTask &task) const {
  CoreGraph graph(task);
  double total = 0;
  for (int64_t core = 0; core < graph.size(); ++core)
    for (const auto *at = graph.begin(core); at != graph.end(core); ++at)
      total += at->messages;
  // METIS adds weights up in 32 bits.
  double scale = total > 0 ? (1 << 29) / total : 0;
  std::vector<idx_t> starts = {0}, neighbours, weights;
  for (int64_t core = 0; core < graph.size(); ++core) {
    for (const auto *at = graph.begin(core); at != graph.end(core); ++at) {
      neighbours.push_back(at->core);
      weights.push_back(std::max<idx_t>(1, static_cast<idx_t>(std::lround(at->messages * scale))));
    }
    starts.push_back(static_cast<idx_t>(neighbours.size()));
  }
  auto vertices = static_cast<idx_t>(graph.size());
  idx_t constraints = 1, cut = 0;
  auto parts = static_cast<idx_t>((graph.size() + task.chip.coresPerRouter - 1) / task.chip.coresPerRouter);
  std::vector<idx_t> partOf(graph.size(), 0);
  idx_t options[METIS_NOPTIONS];
  METIS_SetDefaultOptions(options);
  options[METIS_OPTION_SEED] = seed;
  if (parts > 1 && !neighbours.empty())
    METIS_PartGraphRecursive(&vertices, &constraints, starts.data(), neighbours.data(), nullptr, nullptr,
                             weights.data(), &parts, nullptr, nullptr, options, &cut, partOf.data());
  std::vector<int64_t> order(graph.size());
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(),
            [&](int64_t a, int64_t b) { return std::tie(partOf[a], a) < std::tie(partOf[b], b); });
  return order;
}

Placement MetisPlacer::place(const PlacementTask &task) const {
  std::vector<int64_t> logical = order(task), cores = usedCores(task.chip, task.logicalCores);
  Placement best;
  double bestHops = 0;
  for (CurveKind kind : kCurves) {
    std::vector<int64_t> curve = alongHilbertCurve(task.chip, cores, kind);
    Placement placement(task.logicalCores);
    for (int64_t i = 0; i < task.logicalCores; ++i)
      placement[logical[i]] = curve[i];
    double hops = evaluate(task, placement).spikeHops;
    if (best.empty() || hops < bestHops) {
      best = std::move(placement);
      bestHops = hops;
    }
  }
  return best;
}

std::unique_ptr<Placer> mapping::createMetisPlacer(int seed) { return std::make_unique<MetisPlacer>(seed); }
