//===- VerifyRoutes.cpp - Whether routes bring flows to their targets -----===//
//
// Follows every route link by link. Shares no code with what makes routes.
//
//===----------------------------------------------------------------------===//
#include "dialects/Chip/ChipOps.h"
#include "stas/Transforms/Chip/Passes.h"
#include <set>

namespace stas {
#define GEN_PASS_DEF_VERIFYCHIPROUTES
#include "stas/Transforms/Chip/Passes.h.inc"
} // namespace stas

using namespace mlir;
using namespace stas;
using namespace stas::chip;

namespace {
/// Row and column on the board.
using Spot = std::pair<int64_t, int64_t>;

InFlightDiagnostic &operator<<(InFlightDiagnostic &error, Spot spot) {
  return error << "[" << spot.first << ", " << spot.second << "]";
}

class Routes {
public:
  explicit Routes(NetworkOp network) : network(network) {}
  LogicalResult check(uint64_t &followed);

private:
  Spot spotOf(FlatSymbolRefAttr core) const { return spots.lookup(core.getAttr()); }
  LogicalResult follow(FlowOp flow, FlatSymbolRefAttr target, ArrayRef<int64_t> runs);
  LogicalResult followTree(FlowOp flow, ArrayRef<int64_t> runs);
  LogicalResult checkLinks();

  NetworkOp network;
  DenseMap<StringAttr, Spot> spots; ///< Of cores, by name.
};
} // namespace

/// To one target: the verifier of the op has seen that the runs meet.
LogicalResult Routes::follow(FlowOp flow, FlatSymbolRefAttr target, ArrayRef<int64_t> runs) {
  Spot start = spotOf(flow.getSourceAttr()), end = start;
  if (!runs.empty() && Spot(runs[0], runs[1]) != start) {
    InFlightDiagnostic error = flow.emitOpError("required a way to core ") << target << " from tile ";
    error << start;
    error << " of core @" << flow.getSource() << ", found its start at ";
    return error << Spot(runs[0], runs[1]);
  }
  if (!runs.empty())
    end = {runs[runs.size() - 2], runs.back()};
  if (end == spotOf(target))
    return success();
  InFlightDiagnostic error = flow.emitOpError("required a way to tile ");
  error << spotOf(target);
  error << " of core " << target << ", found its end at ";
  return error << end;
}

/// Runs in the order in which messages are copied: each starts where one has been.
LogicalResult Routes::followTree(FlowOp flow, ArrayRef<int64_t> runs) {
  Spot start = spotOf(flow.getSourceAttr());
  // Of each tile that a message comes to, whether it may still turn from its row into a column, and whether it is an
  // end.
  std::map<Spot, bool> onRow{{start, true}};
  std::set<Spot> ends{start};
  for (size_t i = 0; i < runs.size(); i += 4) {
    Spot from(runs[i], runs[i + 1]), to(runs[i + 2], runs[i + 3]);
    bool alongRow = from.first == to.first;
    auto begin = onRow.find(from);
    if (begin == onRow.end() || (alongRow && !begin->second)) {
      InFlightDiagnostic error = flow.emitOpError("required runs that start where the message has come to, along a row "
                                                  "before a column, found one from ");
      error << from;
      error << " to ";
      return error << to;
    }
    ends.erase(from);
    Spot step(from.first == to.first  ? 0
              : from.first < to.first ? 1
                                      : -1,
              from.second == to.second  ? 0
              : from.second < to.second ? 1
                                        : -1);
    for (Spot at = from; at != to;) {
      at = {at.first + step.first, at.second + step.second};
      if (!onRow.try_emplace(at, alongRow).second) {
        InFlightDiagnostic error = flow.emitOpError("required one way to each tile, found two to ");
        return error << at;
      }
    }
    ends.insert(to);
  }
  std::set<Spot> targets;
  for (auto target : flow.getTargets().getAsRange<FlatSymbolRefAttr>())
    targets.insert(spotOf(target));
  for (Spot target : targets)
    if (!onRow.count(target)) {
      InFlightDiagnostic error = flow.emitOpError("required a way to tile ");
      error << target;
      return error << ", found none";
    }
  for (Spot end : ends)
    if (!targets.count(end) && end != start) {
      InFlightDiagnostic error = flow.emitOpError("required ways that end at targets, found one that ends at ");
      return error << end;
    }
  return success();
}

/// A link from a tile to its neighbour.
using Link = std::pair<Spot, Spot>;

/// Every link that the messages of a spike of a flow take.
static void forLinks(FlowOp flow, function_ref<void(Link)> visit) {
  auto towards = [](int64_t at, int64_t to) { return at + (at < to) - (at > to); };
  for (size_t message = 0; message < flow.getRoutes()->size(); ++message)
    for (ArrayRef<int64_t> runs = flow.getRuns(message); !runs.empty(); runs = runs.drop_front(4)) {
      Spot to(runs[2], runs[3]);
      for (Spot at(runs[0], runs[1]); at != to;) {
        Spot next(towards(at.first, to.first), towards(at.second, to.second));
        visit({at, next});
        at = next;
      }
    }
}

/// Whether links carry what is expected in each chip step, where a population's spikes are spread evenly over its runs.
LogicalResult Routes::checkLinks() {
  int64_t capacity = network.getHardware().getLinkMessages();
  if (capacity == 0)
    return success();
  SymbolTable symbols(network);
  // Of each first step and number of runs: populations that have both send in the same steps.
  using Times = std::pair<int64_t, int64_t>;
  auto timesOf = [&](FlowOp flow) {
    auto of = symbols.lookup<PopulationOp>(flow.getPopulation());
    return Times(of.getStep(), of.getRuns());
  };
  auto messagesOf = [](FlowOp flow, Times times) { return flow.getSpikes().convertToDouble() / times.second; };
  std::map<Times, std::map<Link, double>> loads;
  std::set<int64_t> steps;
  int64_t interval = network.getInterval();
  for (FlowOp flow : network.getBody().getOps<FlowOp>()) {
    Times times = timesOf(flow);
    forLinks(flow, [&](Link link) { loads[times][link] += messagesOf(flow, times); });
  }
  auto isSending = [&](Times times, int64_t step) {
    int64_t since = step - times.first;
    return since >= 0 && since % interval == 0 && since / interval < times.second;
  };
  for (auto &[times, of] : loads)
    for (int64_t run = 0; run < times.second; ++run)
      steps.insert(times.first + run * interval);
  double most = 0;
  std::pair<int64_t, Link> busiest;
  for (int64_t step : steps) {
    std::map<Link, double> sums;
    for (auto &[times, of] : loads)
      if (isSending(times, step))
        for (auto [link, messages] : of)
          sums[link] += messages;
    for (auto [link, messages] : sums)
      if (messages > most) {
        most = messages;
        busiest = {step, link};
      }
  }
  if (most <= capacity)
    return success();
  std::map<StringRef, double> users;
  for (FlowOp flow : network.getBody().getOps<FlowOp>())
    if (Times times = timesOf(flow); isSending(times, busiest.first))
      forLinks(flow, [&](Link link) {
        if (link == busiest.second)
          users[flow.getPopulation()] += messagesOf(flow, times);
      });
  SmallVector<std::pair<double, StringRef>> largest;
  for (auto [name, messages] : users)
    largest.push_back({-messages, name});
  llvm::sort(largest);
  InFlightDiagnostic error = network.emitOpError("required at most ")
                             << capacity << " messages in a chip step over the link from tile ";
  error << busiest.second.first;
  error << " to ";
  error << busiest.second.second;
  error << ", found " << most << " expected in step " << busiest.first << " (largest: ";
  llvm::interleaveComma(ArrayRef(largest).take_front(4), error,
                        [&](auto user) { error << "@" << user.second << " " << -user.first; });
  return error << ")";
}

LogicalResult Routes::check(uint64_t &followed) {
  auto cores = network.getBody().getOps<CoreOp>();
  if (llvm::none_of(cores, [](CoreOp core) { return core.getPlace().has_value(); }))
    return success();
  for (CoreOp core : cores) {
    if (!core.getPlace())
      return core.emitOpError("required a place, as other cores of the network have, found none");
    spots[core.getSymNameAttr()] = {(*core.getPlace())[0], (*core.getPlace())[1]};
  }
  bool hasTrees = network.getHardware().getMulticast() == chip::Multicast::Tree;
  for (FlowOp flow : network.getBody().getOps<FlowOp>()) {
    if (!flow.getRoutes())
      return flow.emitOpError("required routes of its messages, as cores of the network have places, found none");
    if (hasTrees && failed(followTree(flow, flow.getRuns(0))))
      return failure();
    if (!hasTrees)
      for (auto [message, target] : llvm::enumerate(flow.getTargets().getAsRange<FlatSymbolRefAttr>()))
        if (failed(follow(flow, target, flow.getRuns(message))))
          return failure();
    followed += flow.getRoutes()->size();
  }
  return checkLinks();
}

namespace {
struct VerifyChipRoutes : stas::impl::VerifyChipRoutesBase<VerifyChipRoutes> {
  void runOnOperation() override {
    uint64_t followed = 0;
    for (NetworkOp network : getOperation().getOps<NetworkOp>())
      if (failed(Routes(network).check(followed)))
        return signalPassFailure();
    numRoutes += followed;
    markAllAnalysesPreserved();
  }
};
} // namespace
