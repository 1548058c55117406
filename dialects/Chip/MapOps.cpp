//===- MapOps.cpp - Rules of the map --------------------------------------===//
//
// Of each op with what it names. Whether the map is complete, keeps every limit
// and brings every spike to where it goes is for passes to say.
//
//===----------------------------------------------------------------------===//
#include "dialects/Chip/ChipOps.h"
#include "llvm/ADT/DenseSet.h"

using namespace mlir;
using namespace stas;
using namespace stas::chip;

/// The chip of the network that an op stands in, or nothing where the network names none, which is its own error.
static HardwareAttr hardwareAround(Operation *op, SymbolTableCollection &symbols) {
  auto network = op->getParentOfType<NetworkOp>();
  auto device = symbols.lookupNearestSymbolFrom<DeviceOp>(network->getParentOp(), network.getDeviceAttr());
  return device ? device.getHardware() : HardwareAttr();
}

/// Tiles of the whole board along an axis.
static int64_t tilesAlong(HardwareAttr hardware, int axis) {
  return hardware.getBoard()[axis] * hardware.getMesh()[axis];
}

LogicalResult CoreOp::verifySymbolUses(SymbolTableCollection &symbols) {
  auto place = getPlace();
  HardwareAttr hardware = hardwareAround(*this, symbols);
  if (!place || !hardware)
    return success();
  int64_t limits[] = {tilesAlong(hardware, 0), tilesAlong(hardware, 1), hardware.getCoresPerTile()};
  bool isOnBoard = place->size() == 3;
  for (auto [number, limit] : llvm::zip(*place, limits))
    isOnBoard &= number >= 0 && number < limit;
  if (isOnBoard)
    return success();
  return emitOpError("core.R1: requires a place of three numbers below [")
         << ArrayRef<int64_t>(limits) << "], found [" << *place << "]";
}

LogicalResult TileOp::verifySymbolUses(SymbolTableCollection &symbols) {
  auto population = symbols.lookupNearestSymbolFrom<PopulationOp>(*this, getPopulationAttr());
  if (!population)
    return emitOpError("tile.R1: requires a chip.population of the network, found none named ") << getPopulationAttr();
  auto isWithin = [](ArrayRef<int64_t> range, int64_t extent) {
    return range.size() == 2 && range[0] >= 0 && range[0] < range[1] && range[1] <= extent;
  };
  if (isWithin(getRows(), population.getMap()[0]) && isWithin(getColumns(), population.getMap()[1]) &&
      isWithin(getChannels(), population.getChannels()))
    return success();
  return emitOpError("tile.R2: requires ranges within map [")
         << population.getMap() << "] and " << population.getChannels() << " channels, none of them empty, found ["
         << getRows() << "], [" << getColumns() << "] and [" << getChannels() << "]";
}

LogicalResult FlowOp::verify() {
  if (getTargets().empty() ||
      llvm::SmallDenseSet<Attribute>(getTargets().begin(), getTargets().end()).size() != getTargets().size())
    return emitOpError("flow.R3: requires at least one target and none twice, found ") << getTargets();
  if (static_cast<int64_t>(getDelay()) < 0 || !getSpikes().isFinite() || getSpikes().isNegative())
    return emitOpError("flow.R4: requires a delay >= 0 and spikes that are finite and not negative, found ")
           << static_cast<int64_t>(getDelay()) << " and " << getSpikes().convertToDouble();
  return success();
}

LogicalResult FlowOp::verifySymbolUses(SymbolTableCollection &symbols) {
  auto population = symbols.lookupNearestSymbolFrom<PopulationOp>(*this, getPopulationAttr());
  if (!population)
    return emitOpError("flow.R1: requires a chip.population of the network, found none named ") << getPopulationAttr();
  SmallVector<FlatSymbolRefAttr> cores{getSourceAttr()};
  llvm::append_range(cores, getTargets().getAsRange<FlatSymbolRefAttr>());
  for (FlatSymbolRefAttr core : cores)
    if (!symbols.lookupNearestSymbolFrom<CoreOp>(*this, core))
      return emitOpError("flow.R1: requires a chip.core of the network, found none named ") << core;
  ArrayRef<int64_t> neurons = getNeurons();
  bool isSound =
      !neurons.empty() && neurons.size() % 2 == 0 && neurons.front() >= 0 && neurons.back() <= population.getNeurons();
  for (size_t i = 1; i < neurons.size(); ++i)
    isSound &= neurons[i - 1] < neurons[i];
  if (!isSound)
    return emitOpError("flow.R2: requires ranges of neurons from 0 to ")
           << population.getNeurons() << " that are not empty, rise and do not touch, found [" << neurons << "]";
  return success();
}

/// What an axon's or a route's `first` and name have in common.
template <typename OpTy> static FlowOp flowOf(OpTy op, SymbolTableCollection &symbols) {
  return symbols.lookupNearestSymbolFrom<FlowOp>(op, op.getFlowAttr());
}
static bool hasTarget(FlowOp flow, Attribute core) { return llvm::is_contained(flow.getTargets(), core); }
static FlatSymbolRefAttr coreAround(Operation *op) {
  return FlatSymbolRefAttr::get(cast<CoreOp>(op->getParentOp()).getSymNameAttr());
}

/// Whether a message goes to one target, and names it, or to all, and names none.
static bool namesTarget(FlowOp flow, std::optional<StringRef> target, Attribute name, HardwareAttr hardware) {
  bool toAll = hardware && hardware.getMulticast() == chip::Multicast::Tree;
  return toAll ? !target : target && hasTarget(flow, name);
}

LogicalResult AxonInOp::verifySymbolUses(SymbolTableCollection &symbols) {
  FlowOp flow = flowOf(*this, symbols);
  if (!flow || !hasTarget(flow, coreAround(*this)))
    return emitOpError("axon_in.R1: requires a chip.flow with target ")
           << coreAround(*this) << ", found " << (flow ? "another: " : "none named ") << getFlowAttr();
  if (static_cast<int64_t>(getFirst()) < 0)
    return emitOpError("axon_in.R2: requires first >= 0, found ") << static_cast<int64_t>(getFirst());
  return success();
}

LogicalResult AxonOutOp::verifySymbolUses(SymbolTableCollection &symbols) {
  FlowOp flow = flowOf(*this, symbols);
  HardwareAttr hardware = hardwareAround(*this, symbols);
  if (!hardware)
    return success();
  if (!flow || flow.getSourceAttr() != coreAround(*this) || !namesTarget(flow, getTarget(), getTargetAttr(), hardware))
    return emitOpError("axon_out.R1: requires a chip.flow from ")
           << coreAround(*this) << " and a target of it (none where the device has trees), found " << getFlowAttr()
           << " to " << getTarget().value_or("all");
  if (static_cast<int64_t>(getFirst()) < 0)
    return emitOpError("axon_out.R2: requires first >= 0, found ") << static_cast<int64_t>(getFirst());
  return success();
}

LogicalResult RouteOp::verifySymbolUses(SymbolTableCollection &symbols) {
  FlowOp flow = flowOf(*this, symbols);
  HardwareAttr hardware = hardwareAround(*this, symbols);
  if (!hardware)
    return success();
  if (!flow || !namesTarget(flow, getTarget(), getTargetAttr(), hardware))
    return emitOpError("route.R1: requires a chip.flow and a target of it (none where the device has trees), found ")
           << getFlowAttr() << " to " << getTarget().value_or("all");
  ArrayRef<int64_t> runs = getRuns();
  bool toOne = getTarget().has_value(), isSound = runs.size() % 4 == 0 && (!toOne || runs.size() <= 8);
  for (auto [i, number] : llvm::enumerate(runs))
    isSound &= number >= 0 && number < tilesAlong(hardware, i % 2);
  for (size_t i = 0; isSound && i < runs.size(); i += 4)
    isSound &= (runs[i] == runs[i + 2]) != (runs[i + 1] == runs[i + 3]);
  if (isSound && toOne && runs.size() == 8)
    isSound &= runs[0] == runs[2] && runs[5] == runs[7] && runs[2] == runs[4] && runs[3] == runs[5];
  if (!isSound)
    return emitOpError("route.R2: requires straight runs of four numbers on the board, along a row and then along a "
                       "column, found [")
           << runs << "]";
  return success();
}

#define GET_OP_CLASSES
#include "dialects/Chip/ChipOps.cpp.inc"
