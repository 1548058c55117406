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

/// Straight runs of links on the board; to one target along a row and then along a column.
static bool areSound(ArrayRef<int64_t> runs, bool toOne, int64_t rows, int64_t columns) {
  bool isSound = runs.size() % 4 == 0 && (!toOne || runs.size() <= 8);
  for (auto [i, number] : llvm::enumerate(runs))
    isSound &= number >= 0 && number < (i % 2 == 0 ? rows : columns);
  for (size_t i = 0; isSound && i < runs.size(); i += 4)
    isSound &= (runs[i] == runs[i + 2]) != (runs[i + 1] == runs[i + 3]);
  if (isSound && toOne && runs.size() == 8)
    isSound &= runs[0] == runs[2] && runs[5] == runs[7] && runs[2] == runs[4] && runs[3] == runs[5];
  return isSound;
}

/// The axons and routes of a flow: of one message to each target, or to all.
static LogicalResult verifyMessages(FlowOp flow, HardwareAttr hardware) {
  bool hasTrees = hardware.getMulticast() == chip::Multicast::Tree;
  size_t targets = flow.getTargets().size(), messages = hasTrees ? 1 : targets;
  auto isNegative = [](int64_t first) { return first < 0; };
  if (flow.getOutAxons().size() != messages || flow.getInAxons().size() != targets ||
      llvm::any_of(flow.getOutAxons(), isNegative) || llvm::any_of(flow.getInAxons(), isNegative))
    return flow.emitOpError("flow.R5: requires ")
           << messages << " out-axons >= 0 (one where the device has trees) and " << targets
           << " in-axons >= 0, found out [" << flow.getOutAxons() << "] and in [" << flow.getInAxons() << "]";
  if (!flow.getRoutes())
    return success();
  if (flow.getRoutes()->size() != messages)
    return flow.emitOpError("flow.R6: requires ")
           << messages << " routes (one where the device has trees), found " << flow.getRoutes()->size();
  int64_t rows = tilesAlong(hardware, 0), columns = tilesAlong(hardware, 1);
  for (size_t message = 0; message < messages; ++message)
    if (ArrayRef<int64_t> runs = flow.getRuns(message); !areSound(runs, !hasTrees, rows, columns))
      return flow.emitOpError(
                 "flow.R6: requires straight runs of four numbers on the board, along a row and then along "
                 "a column, found [")
             << runs << "]";
  return success();
}

/// [[row, column, row, column, ..], ..]
static ParseResult parseRoutes(OpAsmParser &parser, ArrayAttr &routes) {
  SmallVector<Attribute> parsed;
  if (parser.parseCommaSeparatedList(OpAsmParser::Delimiter::Square, [&]() -> ParseResult {
        Attribute runs = DenseI64ArrayAttr::parse(parser, Type());
        parsed.push_back(runs);
        return success(static_cast<bool>(runs));
      }))
    return failure();
  routes = parser.getBuilder().getArrayAttr(parsed);
  return success();
}

static void printRoutes(OpAsmPrinter &printer, FlowOp, ArrayAttr routes) {
  printer << "[";
  llvm::interleaveComma(routes.getAsRange<DenseI64ArrayAttr>(), printer.getStream(),
                        [&](DenseI64ArrayAttr runs) { runs.print(printer); });
  printer << "]";
}

int64_t FlowOp::countNeurons() {
  int64_t count = 0;
  ArrayRef<int64_t> ranges = getNeurons();
  for (size_t i = 0; i < ranges.size(); i += 2)
    count += ranges[i + 1] - ranges[i];
  return count;
}

ArrayRef<int64_t> FlowOp::getRuns(size_t message) { return cast<DenseI64ArrayAttr>((*getRoutes())[message]); }

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
  // There are thousands of flows and of targets of each.
  SymbolTable &names = symbols.getSymbolTable(getOperation()->getParentOp());
  auto population = names.lookup<PopulationOp>(getPopulationAttr().getAttr());
  if (!population)
    return emitOpError("flow.R1: requires a chip.population of the network, found none named ") << getPopulationAttr();
  auto checkCore = [&](FlatSymbolRefAttr core) -> LogicalResult {
    if (names.lookup<CoreOp>(core.getAttr()))
      return success();
    return emitOpError("flow.R1: requires a chip.core of the network, found none named ") << core;
  };
  if (failed(checkCore(getSourceAttr())))
    return failure();
  for (auto target : getTargets().getAsRange<FlatSymbolRefAttr>())
    if (failed(checkCore(target)))
      return failure();
  ArrayRef<int64_t> neurons = getNeurons();
  bool isSound =
      !neurons.empty() && neurons.size() % 2 == 0 && neurons.front() >= 0 && neurons.back() <= population.getNeurons();
  for (size_t i = 1; i < neurons.size(); ++i)
    isSound &= neurons[i - 1] < neurons[i];
  if (!isSound)
    return emitOpError("flow.R2: requires ranges of neurons from 0 to ")
           << population.getNeurons() << " that are not empty, rise and do not touch, found [" << neurons << "]";
  HardwareAttr hardware = hardwareAround(*this, symbols);
  return hardware ? verifyMessages(*this, hardware) : success();
}

#define GET_OP_CLASSES
#include "dialects/Chip/ChipOps.cpp.inc"
