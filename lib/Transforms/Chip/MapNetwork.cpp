//===- MapNetwork.cpp - Cores, places and routes for a network ------------===//
//
// Between IR and lib/Mapping, which knows no IR.
//
//===----------------------------------------------------------------------===//
#include "dialects/Chip/ChipOps.h"
#include "stas/Mapping/Mapping.h"
#include "stas/Transforms/Chip/MappingProblem.h"
#include "stas/Transforms/Chip/Passes.h"

namespace stas {
#define GEN_PASS_DEF_CHIPMAP
#include "stas/Transforms/Chip/Passes.h.inc"
} // namespace stas

using namespace mlir;
using namespace stas;
using namespace stas::chip;

namespace {
class MapNetwork {
public:
  explicit MapNetwork(NetworkOp network) : network(network), symbols(network), builder(network.getContext()) {}
  LogicalResult run(const mapping::Placer &placer, uint64_t &cores, uint64_t &flows);

private:
  void write(const mapping::Problem &problem, const mapping::Mapping &mapping);
  void writeCores(const mapping::Problem &problem, const mapping::Mapping &mapping);
  void writeFlow(const mapping::Problem &problem, const mapping::Flow &flow, size_t index,
                 ArrayRef<mapping::Route> routes);
  ArrayAttr routesOf(ArrayRef<mapping::Route> routes);
  template <typename OpTy> FlatSymbolRefAttr ref(OpTy op) { return FlatSymbolRefAttr::get(op.getSymNameAttr()); }

  NetworkOp network;
  SymbolTable symbols;
  OpBuilder builder;
  SmallVector<CoreOp> cores;
  SmallVector<FlatSymbolRefAttr> coreRefs;
  /// The next free axon of each core.
  SmallVector<int64_t> nextIn, nextOut;
};
} // namespace

void MapNetwork::writeCores(const mapping::Problem &problem, const mapping::Mapping &mapping) {
  const mapping::Chip &chip = problem.chip;
  for (size_t index = 0; index < mapping.placement.size(); ++index) {
    int64_t at = mapping.placement[index], onChip = at % chip.coresOfChip(), board = at / chip.coresOfChip();
    int64_t router = onChip / chip.coresPerRouter;
    int64_t place[] = {board / chip.boardWidth * chip.meshHeight + router / chip.meshWidth,
                       board % chip.boardWidth * chip.meshWidth + router % chip.meshWidth,
                       onChip % chip.coresPerRouter};
    auto core =
        CoreOp::create(builder, network.getLoc(), "core_" + std::to_string(index), builder.getDenseI64ArrayAttr(place));
    core.getBody().emplaceBlock();
    symbols.insert(core, builder.getInsertionPoint());
    cores.push_back(core);
    coreRefs.push_back(ref(core));
  }
  nextIn.assign(cores.size(), 0);
  nextOut.assign(cores.size(), 0);
  auto range = [&](mapping::Range range) { return builder.getDenseI64ArrayAttr({range.begin, range.end}); };
  for (const mapping::Tile &tile : mapping.tiling.tiles) {
    OpBuilder inside = OpBuilder::atBlockEnd(&cores[tile.core].getBody().front());
    auto population = symbols.lookup<PopulationOp>(problem.layers[tile.layer].name);
    TileOp::create(inside, population.getLoc(), ref(population), range(tile.box.y), range(tile.box.x),
                   range(tile.box.channels));
  }
}

void MapNetwork::writeFlow(const mapping::Problem &problem, const mapping::Flow &flow, size_t index,
                           ArrayRef<mapping::Route> routes) {
  auto population = symbols.lookup<PopulationOp>(problem.layers[flow.layer].name);
  SmallVector<int64_t> neurons;
  for (int32_t neuron : flow.neurons) {
    if (!neurons.empty() && neurons.back() == neuron)
      neurons.back() = neuron + 1;
    else
      neurons.append({neuron, neuron + 1});
  }
  SmallVector<Attribute> targets;
  SmallVector<int64_t> outAxons, inAxons;
  auto take = [&](int64_t &next) {
    next += flow.neurons.size();
    return next - static_cast<int64_t>(flow.neurons.size());
  };
  if (problem.chip.multicast)
    outAxons.push_back(take(nextOut[flow.source]));
  for (int32_t target : flow.targets) {
    targets.push_back(coreRefs[target]);
    if (!problem.chip.multicast)
      outAxons.push_back(take(nextOut[flow.source]));
    inAxons.push_back(take(nextIn[target]));
  }
  auto op = FlowOp::create(builder, population.getLoc(), builder.getStringAttr("flow_" + std::to_string(index)),
                           ref(population), coreRefs[flow.source], builder.getDenseI64ArrayAttr(neurons),
                           builder.getArrayAttr(targets), builder.getI64IntegerAttr(flow.delay),
                           builder.getF64FloatAttr(flow.spikes), builder.getDenseI64ArrayAttr(outAxons),
                           builder.getDenseI64ArrayAttr(inAxons), routesOf(routes));
  symbols.insert(op, builder.getInsertionPoint());
}

/// Of the messages of a flow.
ArrayAttr MapNetwork::routesOf(ArrayRef<mapping::Route> routes) {
  SmallVector<Attribute> all;
  SmallVector<int64_t> runs;
  for (const mapping::Route &route : routes) {
    runs.clear();
    for (const mapping::Segment &segment : route.segments)
      runs.append({segment.fromY, segment.fromX, segment.toY, segment.toX});
    all.push_back(builder.getDenseI64ArrayAttr(runs));
  }
  return builder.getArrayAttr(all);
}

void MapNetwork::write(const mapping::Problem &problem, const mapping::Mapping &mapping) {
  builder.setInsertionPointToEnd(&network.getBody().front());
  writeCores(problem, mapping);
  ArrayRef<mapping::Route> routes = mapping.routing.routes; // By flow.
  for (auto [index, flow] : llvm::enumerate(mapping.flows)) {
    size_t count = problem.chip.multicast ? 1 : flow.targets.size();
    writeFlow(problem, flow, index, routes.take_front(count));
    routes = routes.drop_front(count);
  }
}

LogicalResult MapNetwork::run(const mapping::Placer &placer, uint64_t &numCores, uint64_t &numFlows) {
  if (!network.getBody().getOps<CoreOp>().empty())
    return network.emitOpError("required no cores yet, found a network that is mapped");
  FailureOr<mapping::Problem> problem = mappingProblemOf(network);
  if (failed(problem))
    return failure();
  mapping::Fit<mapping::Mapping> mapping = mapProblem(*problem, placer);
  if (auto *misfit = std::get_if<mapping::Misfit>(&mapping))
    return network.emitOpError("does not fit the device: ") << misfit->message();
  const auto &found = std::get<mapping::Mapping>(mapping);
  write(*problem, found);
  numCores += found.tiling.cores.size();
  numFlows += found.flows.size();
  return success();
}

namespace {
struct ChipMap : stas::impl::ChipMapBase<ChipMap> {
  using ChipMapBase::ChipMapBase;

  void runOnOperation() override {
    std::unique_ptr<mapping::Placer> with;
    if (placer == "annealing")
      with = mapping::createAnnealingPlacer(seed);
    else if (placer == "first-fit")
      with = mapping::createFirstFitPlacer();
    else {
      getOperation().emitError("chip-map: requires placer annealing or first-fit, found ") << placer.getValue();
      return signalPassFailure();
    }
    uint64_t cores = 0, flows = 0;
    for (NetworkOp network : getOperation().getOps<NetworkOp>())
      if (failed(MapNetwork(network).run(*with, cores, flows)))
        return signalPassFailure();
    numCores += cores;
    numFlows += flows;
  }
};
} // namespace
