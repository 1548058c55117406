//===- VerifyMap.cpp - Whether a map is complete and keeps limits ---------===//
//
// Counts everything anew from the network and its tiles, and shares no code
// with what makes maps.
//
//===----------------------------------------------------------------------===//
#include "dialects/Chip/ChipOps.h"
#include "stas/Transforms/Chip/Passes.h"
#include "llvm/Support/MathExtras.h"
#include <limits>

namespace stas {
#define GEN_PASS_DEF_VERIFYCHIPMAP
#include "stas/Transforms/Chip/Passes.h.inc"
} // namespace stas

using namespace mlir;
using namespace stas;
using namespace stas::chip;

namespace {
/// [begin, end) of numbers.
using Range = std::pair<int64_t, int64_t>;

/// Disjoint ranges, rising.
class Numbers {
public:
  /// False where some are there already; then nothing is added.
  bool add(Range range) {
    auto next = ranges.lower_bound(range.first);
    if (next != ranges.end() && next->first < range.second)
      return false;
    if (next != ranges.begin() && std::prev(next)->second > range.first)
      return false;
    ranges.emplace(range);
    return true;
  }
  void unite(Range range) {
    auto first = ranges.upper_bound(range.first);
    if (first != ranges.begin() && std::prev(first)->second >= range.first)
      --first;
    while (first != ranges.end() && first->first <= range.second) {
      range = {std::min(range.first, first->first), std::max(range.second, first->second)};
      first = ranges.erase(first);
    }
    ranges.emplace(range);
  }
  bool contains(Range range) const {
    // Neighbours may touch where they were added one by one.
    auto at = ranges.upper_bound(range.first);
    int64_t reached = range.first;
    if (at != ranges.begin())
      --at;
    for (; at != ranges.end() && at->first <= reached && reached < range.second; ++at)
      reached = std::max(reached, at->second);
    return reached >= range.second;
  }
  int64_t size() const {
    int64_t sum = 0;
    for (auto [begin, end] : ranges)
      sum += end - begin;
    return sum;
  }
  const std::map<int64_t, int64_t> &all() const { return ranges; }

private:
  std::map<int64_t, int64_t> ranges;
};

/// What a core uses of something, for errors that name the largest users.
using Users = std::map<StringRef, int64_t>;

/// A flow's spikes at a core: whose, and how long after they were fired.
using Arrival = std::pair<StringRef, int64_t>;

/// Numbers that a flow takes: axons of a core, or neurons whose spikes it brings there.
struct Part {
  Range range;
  FlowOp flow;
};

/// The flow of a part that has numbers of another, or null. Sorts them.
FlowOp findOverlap(std::vector<Part> &parts) {
  llvm::sort(parts, [](const Part &a, const Part &b) { return a.range < b.range; });
  for (size_t i = 1; i < parts.size(); ++i)
    if (parts[i].range.first < parts[i - 1].range.second)
      return parts[i].flow;
  return {};
}

class Map {
public:
  explicit Map(NetworkOp network) : network(network), hardware(network.getHardware()), symbols(network) {
    for (auto projection : network.getBody().getOps<ProjectionOp>())
      incoming[projection.getTarget()].push_back(projection);
  }
  LogicalResult check(uint64_t &cores, uint64_t &flows);

private:
  PopulationOp population(StringRef name) { return symbols.lookup<PopulationOp>(name); }
  LogicalResult checkNeurons(CoreOp core);
  LogicalResult checkTiles();
  LogicalResult checkMemory(CoreOp core);
  LogicalResult checkLimit(CoreOp core, StringRef what, int64_t limit, const Users &users);
  LogicalResult checkFlow(FlowOp flow);
  LogicalResult checkAxons(CoreOp core);
  LogicalResult checkAxons(CoreOp core, std::vector<Part> parts, int64_t limit, StringRef what);
  LogicalResult checkArrivals(CoreOp core);
  LogicalResult checkPlaces();
  /// The neurons of a tile, as ranges of the population's numbers.
  void forRanges(PopulationOp of, Range rows, Range columns, Range channels, function_ref<void(Range)> visit);
  /// The neurons of its source that a tile's neurons have synapses from.
  void forSources(ProjectionOp projection, TileOp tile, function_ref<void(Range)> visit);

  NetworkOp network;
  HardwareAttr hardware;
  SymbolTable symbols;
  std::map<StringRef, SmallVector<ProjectionOp>> incoming; ///< Into a population.
  // By names, and never in their order.
  DenseMap<std::pair<Attribute, Attribute>, Numbers> on; ///< Of core and population.
  DenseMap<Attribute, SmallVector<FlowOp>> leaving;      ///< Flows by source.
  /// Flows by target, and which of their targets that is: there are millions.
  DenseMap<Attribute, std::vector<std::pair<FlowOp, uint32_t>>> coming;
};

Range rangeOf(ArrayRef<int64_t> numbers) { return {numbers[0], numbers[1]}; }
} // namespace

void Map::forRanges(PopulationOp of, Range rows, Range columns, Range channels, function_ref<void(Range)> visit) {
  int64_t width = of.getMap()[1], depth = of.getChannels();
  bool allChannels = channels == Range(0, depth), allColumns = allChannels && columns == Range(0, width);
  if (allColumns)
    return visit({rows.first * width * depth, rows.second * width * depth});
  for (int64_t y = rows.first; y < rows.second; ++y) {
    if (allChannels) {
      visit({(y * width + columns.first) * depth, (y * width + columns.second) * depth});
      continue;
    }
    for (int64_t x = columns.first; x < columns.second; ++x)
      visit({(y * width + x) * depth + channels.first, (y * width + x) * depth + channels.second});
  }
}

/// Each neuron is on one core.
LogicalResult Map::checkTiles() {
  std::map<StringRef, Numbers> mapped;
  for (CoreOp core : network.getBody().getOps<CoreOp>())
    for (TileOp tile : core.getBody().getOps<TileOp>()) {
      PopulationOp of = population(tile.getPopulation());
      bool isFree = true;
      forRanges(of, rangeOf(tile.getRows()), rangeOf(tile.getColumns()), rangeOf(tile.getChannels()), [&](Range range) {
        isFree &= mapped[of.getSymName()].add(range);
        on[{core.getSymNameAttr(), of.getSymNameAttr()}].unite(range);
      });
      if (!isFree)
        return tile.emitOpError("required neurons of @")
               << of.getSymName() << " that are on no other core or tile, found some twice";
    }
  for (PopulationOp of : network.getBody().getOps<PopulationOp>())
    if (int64_t found = mapped[of.getSymName()].size(); found != of.getNeurons())
      return of.emitOpError("required all of ") << of.getNeurons() << " neurons on cores, found " << found;
  return success();
}

LogicalResult Map::checkLimit(CoreOp core, StringRef what, int64_t limit, const Users &users) {
  int64_t used = 0;
  SmallVector<std::pair<int64_t, StringRef>> largest;
  for (auto [name, part] : users) {
    if (llvm::AddOverflow(used, part, used))
      used = std::numeric_limits<int64_t>::max();
    largest.push_back({-part, name});
  }
  if (used <= limit)
    return success();
  llvm::sort(largest);
  InFlightDiagnostic error = core.emitOpError("required at most ")
                             << limit << " " << what << " of core @" << core.getSymName() << ", found " << used
                             << " (largest: ";
  llvm::interleaveComma(ArrayRef(largest).take_front(4), error,
                        [&](auto user) { error << "@" << user.second << " " << -user.first; });
  return error << ")";
}

/// Before anything that takes memory for each neuron. A tile is within its population, whose neurons are below 2^31.
LogicalResult Map::checkNeurons(CoreOp core) {
  Users neurons;
  for (TileOp tile : core.getBody().getOps<TileOp>()) {
    int64_t count = 1;
    for (ArrayRef<int64_t> range : {tile.getRows(), tile.getColumns(), tile.getChannels()})
      count *= range[1] - range[0];
    neurons[tile.getPopulation()] += count;
  }
  return checkLimit(core, "neurons", hardware.getNeurons(), neurons);
}

/// After its neurons: no more columns are used than these, at most 2^20, so that no table takes 2^58 bits.
LogicalResult Map::checkMemory(CoreOp core) {
  // A table's columns, whichever projections use them.
  std::map<StringRef, Numbers> columns;
  for (TileOp tile : core.getBody().getOps<TileOp>())
    for (ProjectionOp projection : incoming[tile.getPopulation()]) {
      bool isConstant = symbols.lookup<SynapsesOp>(projection.getSynapses()).getForm() == Form::Constant;
      columns[projection.getSynapses()].unite(isConstant ? Range(0, 1) : rangeOf(tile.getChannels()));
    }
  Users memory;
  for (auto &[name, used] : columns) {
    auto table = symbols.lookup<SynapsesOp>(name);
    memory[name] = used.size() * table.getRows() * table.getBits() * table.getLimbs();
  }
  return checkLimit(core, "bits of synapse memory", hardware.getChip().synapseMemoryBits(), memory);
}

LogicalResult Map::checkFlow(FlowOp flow) {
  Numbers &here = on[{flow.getSourceAttr().getAttr(), flow.getPopulationAttr().getAttr()}];
  ArrayRef<int64_t> neurons = flow.getNeurons();
  for (size_t i = 0; i < neurons.size(); i += 2)
    if (!here.contains({neurons[i], neurons[i + 1]}))
      return flow.emitOpError("required neurons of @")
             << flow.getPopulation() << " that are on core @" << flow.getSource() << ", found " << neurons[i] << " to "
             << neurons[i + 1];
  leaving[flow.getSourceAttr().getAttr()].push_back(flow);
  for (auto [index, target] : llvm::enumerate(flow.getTargets().getAsRange<FlatSymbolRefAttr>()))
    coming[target.getAttr()].emplace_back(flow, index);
  return success();
}

LogicalResult Map::checkAxons(CoreOp core, std::vector<Part> parts, int64_t limit, StringRef what) {
  for (auto [range, flow] : parts)
    if (range.second > limit)
      return flow.emitOpError("required ") << what << " below " << limit << " of core @" << core.getSymName()
                                           << ", found " << range.first << " to " << range.second;
  if (FlowOp flow = findOverlap(parts))
    return flow.emitOpError("required ") << what << " of core @" << core.getSymName()
                                         << " that no other message has, found some twice";
  return success();
}

LogicalResult Map::checkAxons(CoreOp core) {
  std::vector<Part> in, out;
  // First axons are up to 2^63 - 1, neurons below 2^31.
  auto add = [](std::vector<Part> &parts, FlowOp flow, int64_t first) {
    int64_t end;
    if (llvm::AddOverflow(first, flow.countNeurons(), end))
      end = std::numeric_limits<int64_t>::max();
    parts.push_back({{first, end}, flow});
  };
  for (auto [flow, index] : coming[core.getSymNameAttr()])
    add(in, flow, flow.getInAxons()[index]);
  for (FlowOp flow : leaving[core.getSymNameAttr()])
    for (int64_t first : flow.getOutAxons())
      add(out, flow, first);
  return success(succeeded(checkAxons(core, std::move(in), hardware.getInAxons(), "in-axons")) &&
                 succeeded(checkAxons(core, std::move(out), hardware.getOutAxons(), "out-axons")));
}

/// Rows or columns of a source's map that those of a target have under them.
static Numbers sourceExtents(ProjectionOp projection, Range target, int axis, int64_t extent) {
  Numbers sources;
  if (projection.getTokens() == Tokens::Same)
    sources.unite(target);
  if (projection.getTokens() == Tokens::All)
    sources.unite({0, extent});
  if (projection.getTokens() == Tokens::Window)
    for (int64_t at = target.first; at < target.second; ++at) {
      int64_t begin = at * projection.getWindow()->getStrides()[axis] - projection.getWindow()->getPadding()[axis];
      int64_t end = std::min(begin + projection.getWindow()->getKernel()[axis], extent);
      if (std::max<int64_t>(begin, 0) < end)
        sources.unite({std::max<int64_t>(begin, 0), end});
    }
  return sources;
}

void Map::forSources(ProjectionOp projection, TileOp tile, function_ref<void(Range)> visit) {
  PopulationOp source = population(projection.getSource());
  Range channels = rangeOf(tile.getChannels());
  int64_t group = projection.getGroup().value_or(1);
  switch (projection.getChannels()) {
  case Channels::Same:
    break;
  case Channels::Group:
    channels = {channels.first / group * group, (channels.second - 1) / group * group + group};
    break;
  case Channels::All:
    channels = {0, source.getChannels()};
    break;
  case Channels::First:
    channels = {0, 1};
    break;
  }
  Numbers rows = sourceExtents(projection, rangeOf(tile.getRows()), 0, source.getMap()[0]);
  Numbers columns = sourceExtents(projection, rangeOf(tile.getColumns()), 1, source.getMap()[1]);
  for (auto row : rows.all())
    for (auto column : columns.all())
      forRanges(source, row, column, channels, visit);
}

/// What comes is what projections need.
LogicalResult Map::checkArrivals(CoreOp core) {
  std::map<Arrival, Numbers> needed;
  for (TileOp tile : core.getBody().getOps<TileOp>())
    for (ProjectionOp projection : incoming[tile.getPopulation()])
      forSources(projection, tile,
                 [&](Range range) { needed[{projection.getSource(), projection.getDelay()}].unite(range); });
  std::map<Arrival, std::vector<Part>> parts;
  for (auto [flow, index] : coming[core.getSymNameAttr()])
    for (size_t i = 0; i < flow.getNeurons().size(); i += 2)
      parts[{flow.getPopulation(), flow.getDelay()}].push_back(
          {{flow.getNeurons()[i], flow.getNeurons()[i + 1]}, flow});
  std::map<Arrival, Numbers> arrived;
  for (auto &[key, of] : parts) {
    if (FlowOp flow = findOverlap(of))
      return flow.emitOpError("required spikes that come once to core @")
             << core.getSymName() << ", found some of @" << key.first << " that another flow of delay " << key.second
             << " brings";
    for (const Part &part : of)
      arrived[key].unite(part.range);
  }
  for (auto &[key, numbers] : needed)
    for (auto [begin, end] : numbers.all())
      if (!arrived[key].contains({begin, end}))
        return core.emitOpError("required the spikes of neurons ")
               << begin << " to " << end << " of @" << key.first << " after delay " << key.second
               << ", found some that no flow brings";
  for (auto &[key, numbers] : arrived)
    if (numbers.size() != needed[key].size())
      return core.emitOpError("required the spikes of ")
             << needed[key].size() << " neurons of @" << key.first << " after delay " << key.second
             << ", found those of " << numbers.size();
  return success();
}

LogicalResult Map::checkPlaces() {
  std::map<std::vector<int64_t>, CoreOp> taken;
  for (CoreOp core : network.getBody().getOps<CoreOp>()) {
    if (!core.getPlace())
      continue;
    auto [other, isFree] = taken.try_emplace(core.getPlace()->vec(), core);
    if (!isFree)
      return core.emitOpError("required a place of its own, found that of core @") << other->second.getSymName();
  }
  return success();
}

LogicalResult Map::check(uint64_t &cores, uint64_t &flows) {
  auto all = network.getBody().getOps<CoreOp>();
  if (all.empty())
    return success();
  for (CoreOp core : all)
    if (failed(checkNeurons(core)))
      return failure();
  if (failed(checkTiles()) || failed(checkPlaces()))
    return failure();
  for (FlowOp flow : network.getBody().getOps<FlowOp>()) {
    if (failed(checkFlow(flow)))
      return failure();
    ++flows;
  }
  for (CoreOp core : all) {
    if (failed(checkMemory(core)) || failed(checkAxons(core)) || failed(checkArrivals(core)))
      return failure();
    ++cores;
  }
  return success();
}

namespace {
struct VerifyChipMap : stas::impl::VerifyChipMapBase<VerifyChipMap> {
  void runOnOperation() override {
    uint64_t cores = 0, flows = 0;
    for (NetworkOp network : getOperation().getOps<NetworkOp>())
      if (failed(Map(network).check(cores, flows)))
        return signalPassFailure();
    numCores += cores;
    numFlows += flows;
    markAllAnalysesPreserved();
  }
};
} // namespace
