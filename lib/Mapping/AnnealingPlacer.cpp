//===- AnnealingPlacer.cpp - Simulated annealing on the exact cost --------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// Cores begin in the order of layers along a Hilbert curve. A move takes a core to a spot near the middle of its
// partners or anywhere within a window, and what was there to the core's old spot. The window shrinks so that a bit
// less than half of the moves are taken, as in V. Betz and J. Rose, "VPR: a new packing, placement and routing tool for
// FPGA research", FPL 1997; after S. Kirkpatrick, C. D. Gelatt and M. P. Vecchi, "Optimization by simulated annealing",
// Science 220 (1983).

#include "HilbertCurve.h"
#include "PlacementCosts.h"
#include "stas/Mapping/Evaluate.h"

#include <algorithm>
#include <cmath>

using namespace stas;
using namespace stas::mapping;

namespace {

/// Partners, and targets of trees, that are looked at in all: a few seconds' worth.
constexpr double kPairWork = 6e8, kTreeWork = 3e8;
/// Moves of a core, at most and at least.
constexpr double kMostMoves = 20000, kLeastMoves = 100;
constexpr int kTemperatures = 100;
/// The last temperature is this part of the first.
constexpr double kCooling = 1e-3;
constexpr double kWantedShare = 0.44;

/// The same numbers everywhere: SplitMix64 (G. L. Steele, D. Lea and C. H. Flood, OOPSLA 2014).
class Random {
public:
  explicit Random(uint64_t seed) : state(seed) {}
  uint64_t next() {
    uint64_t z = state += 0x9e3779b97f4a7c15;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }
  int64_t below(int64_t limit) { return static_cast<int64_t>((next() >> 32) * static_cast<uint64_t>(limit) >> 32); }
  double unit() { return static_cast<double>(next() >> 11) * 0x1p-53; }

private:
  uint64_t state;
};

/// The cores that may be used, found by router, and who is on them.
class Board {
public:
  Board(const PlacementTask &task, const Placement &placement);

  /// A core at a router; -1 where that router is of no chip in use.
  int64_t coreAt(int64_t x, int64_t y, int64_t index) const {
    int64_t core = first[(y * width) + x];
    return core < 0 ? -1 : core + index;
  }
  Spot spotOf(Router router) const {
    return {static_cast<int32_t>(mesh.placeX(router.x)), static_cast<int32_t>(mesh.placeY(router.y))};
  }

  Mesh mesh;
  int64_t width = 0, height = 0; ///< Routers around the chips in use.
  Placement placement;
  std::vector<int32_t> logicalAt; ///< By core of the board; -1: none.
  std::vector<Router> routers;    ///< By logical core.
  std::vector<Spot> spots;        ///< The same, in hops.

private:
  std::vector<int64_t> first; ///< The first core of each router; -1: not in use.
};

template <typename Cost> class Annealer {
public:
  Annealer(const PlacementTask &task, const CoreGraph &graph, Board &board, Random &random, Cost cost)
      : task(task), graph(graph), board(board), random(random), cost(std::move(cost)),
        window(static_cast<double>(std::max(board.width, board.height))) {}

  void run(double work);

private:
  /// A move that changes something, or nothing where none was found at once.
  bool propose(Move &move, int64_t &target);
  /// Where the partners of a core are in the mean, weighted by messages.
  Router middleOf(int32_t core) const;
  void apply(const Move &move, int64_t target);
  double firstTemperature();

  const PlacementTask &task;
  const CoreGraph &graph;
  Board &board;
  Random &random;
  Cost cost;
  double window;
};

} // namespace

Board::Board(const PlacementTask &task, const Placement &placement)
    : mesh(task.chip), placement(placement), logicalAt(task.chip.cores(), -1) {
  std::vector<int64_t> cores = usedCores(task.chip, task.logicalCores);
  for (int64_t core : cores) {
    Router router = mesh.routerOf(core);
    width = std::max<int64_t>(width, router.x + 1);
    height = std::max<int64_t>(height, router.y + 1);
  }
  first.assign(width * height, -1);
  for (auto core = cores.rbegin(); core != cores.rend(); ++core) {
    Router router = mesh.routerOf(*core);
    first[(router.y * width) + router.x] = *core;
  }
  for (size_t logical = 0; logical < placement.size(); ++logical) {
    logicalAt[placement[logical]] = static_cast<int32_t>(logical);
    routers.push_back(mesh.routerOf(placement[logical]));
    spots.push_back(spotOf(routers.back()));
  }
}

template <typename Cost> Router Annealer<Cost>::middleOf(int32_t core) const {
  double x = 0, y = 0, sum = 0;
  for (const CoreGraph::Neighbour *at = graph.begin(core); at != graph.end(core); ++at) {
    Router router = board.routers[at->core];
    x += at->messages * router.x;
    y += at->messages * router.y;
    sum += at->messages;
  }
  if (sum == 0)
    return board.routers[core];
  return {static_cast<int32_t>(std::lround(x / sum)), static_cast<int32_t>(std::lround(y / sum))};
}

template <typename Cost> bool Annealer<Cost>::propose(Move &move, int64_t &target) {
  auto core = static_cast<int32_t>(random.below(task.logicalCores));
  auto reach = static_cast<int64_t>(window);
  Router centre = board.routers[core];
  // A quarter of the moves go straight for the middle of the partners; its neighbourhood is as good.
  if (random.below(4) == 0) {
    centre = middleOf(core);
    reach = std::min<int64_t>(reach, 2);
  }
  auto near = [&](int64_t at, int64_t extent) {
    int64_t low = std::max<int64_t>(at - reach, 0), high = std::min(at + reach, extent - 1);
    return low + random.below(high - low + 1);
  };
  int64_t x = near(centre.x, board.width), y = near(centre.y, board.height);
  target = board.coreAt(x, y, random.below(task.chip.coresPerRouter));
  if (target < 0)
    return false;
  move = {core, board.logicalAt[target], board.spots[core],
          board.spotOf({static_cast<int32_t>(x), static_cast<int32_t>(y)})};
  // Cores of one router are all the same.
  return move.from.x != move.to.x || move.from.y != move.to.y;
}

template <typename Cost> void Annealer<Cost>::apply(const Move &move, int64_t target) {
  cost.accept(move, board.spots);
  int64_t source = board.placement[move.core];
  Router from = board.routers[move.core], to = board.mesh.routerOf(target);
  board.logicalAt[target] = move.core;
  board.logicalAt[source] = move.other;
  board.placement[move.core] = target;
  board.routers[move.core] = to;
  board.spots[move.core] = move.to;
  if (move.other >= 0) {
    board.placement[move.other] = source;
    board.routers[move.other] = from;
    board.spots[move.other] = move.from;
  }
}

/// A temperature at which the start, which is no bad one, is given up in part only.
template <typename Cost> double Annealer<Cost>::firstTemperature() {
  double sum = 0;
  int64_t count = 0;
  for (int i = 0; i < 2000; ++i) {
    Move move;
    int64_t target;
    if (!propose(move, target))
      continue;
    sum += std::abs(cost.change(move, board.spots));
    ++count;
  }
  return count > 0 ? 0.2 * sum / static_cast<double>(count) : 0;
}

template <typename Cost> void Annealer<Cost>::run(double work) {
  cost.reset(board.spots);
  double moves = std::min(work / (2 * cost.work()), kMostMoves * static_cast<double>(task.logicalCores));
  moves = std::max(moves, kLeastMoves * static_cast<double>(task.logicalCores));
  auto steps = static_cast<int64_t>(moves / (kTemperatures + 1)) + 1;
  double temperature = firstTemperature();
  double most = window, cooling = std::pow(kCooling, 1.0 / kTemperatures);
  for (int i = 0; i <= kTemperatures; ++i, temperature *= cooling) {
    // The last time only what is better is taken.
    bool isLast = i == kTemperatures;
    int64_t taken = 0, tried = 0;
    for (int64_t step = 0; step < steps; ++step) {
      Move move;
      int64_t target;
      if (!propose(move, target))
        continue;
      ++tried;
      double change = cost.change(move, board.spots);
      if (change <= 0 || (!isLast && random.unit() < std::exp(-change / temperature))) {
        apply(move, target);
        ++taken;
      }
    }
    double share = tried > 0 ? static_cast<double>(taken) / static_cast<double>(tried) : 0;
    window = std::clamp(window * (1 - kWantedShare + share), 1.0, most);
  }
}

namespace {

class AnnealingPlacer : public Placer {
public:
  AnnealingPlacer(uint64_t seed, double effort) : seed(seed), effort(effort) {}
  std::string name() const override { return "annealing"; }
  Placement place(const PlacementTask &task) const override;

private:
  uint64_t seed;
  double effort;
};

} // namespace

Placement AnnealingPlacer::place(const PlacementTask &task) const {
  std::vector<int64_t> cores = usedCores(task.chip, task.logicalCores);
  Placement best;
  double bestHops = 0;
  auto consider = [&](const Placement &placement) {
    double hops = evaluate(task, placement).spikeHops;
    if (best.empty() || hops < bestHops) {
      best = placement;
      bestHops = hops;
    }
  };
  for (CurveKind kind : kCurves) {
    std::vector<int64_t> curve = alongHilbertCurve(task.chip, cores, kind);
    curve.resize(task.logicalCores);
    consider(curve);
  }
  CoreGraph graph(task);
  Random random(seed);
  Board board(task, best);
  // Pairs are quicker to count, and near partners make short trees: the trees then have to be put right only.
  Annealer<PairCost>(task, graph, board, random, PairCost(task, graph)).run(effort * kPairWork);
  consider(board.placement);
  if (task.chip.multicast) {
    Annealer<TreeCost>(task, graph, board, random, TreeCost(task)).run(effort * kTreeWork);
    consider(board.placement);
  }
  return best;
}

std::unique_ptr<Placer> mapping::createAnnealingPlacer(uint64_t seed, double effort) {
  return std::make_unique<AnnealingPlacer>(seed, effort);
}
