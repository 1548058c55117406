//===- NetworkOps.cpp - Rules of populations and synapses -----------------===//
#include "dialects/Chip/ChipOps.h"
#include <cmath>

using namespace mlir;
using namespace stas;
using namespace stas::chip;

static constexpr int64_t maxExtent = std::numeric_limits<int32_t>::max();
/// Of chip steps: far more than a network's depth, and no sum of a few overflows.
static constexpr int64_t maxStep = 1 << 20;

HardwareAttr NetworkOp::getHardware() {
  return mlir::SymbolTable::lookupNearestSymbolFrom<DeviceOp>((*this)->getParentOp(), getDeviceAttr()).getHardware();
}

LogicalResult NetworkOp::verifySymbolUses(SymbolTableCollection &symbols) {
  if (symbols.lookupNearestSymbolFrom<DeviceOp>((*this)->getParentOp(), getDeviceAttr()))
    return success();
  return emitOpError("network.R1: requires a chip.device, found none named ") << getDeviceAttr();
}

LogicalResult NetworkOp::verify() {
  int64_t timesteps = getTimesteps(), interval = getInterval();
  if (timesteps < 1 || timesteps > 256 || interval < 1 || interval > maxStep)
    return emitOpError("network.R2: requires 1 <= timesteps <= 256 and 1 <= interval <= 2^20, found ")
           << timesteps << " and " << interval;
  return success();
}

/// population.R2.
static LogicalResult verifyRecipe(PopulationOp op) {
  Program program = op.getProgram();
  bool fires = program == Program::Lif || program == Program::Staircase || program == Program::FastWeight;
  spike::QuantAttr quant = op.getQuantAttr();
  if (fires != bool(quant))
    return op.emitOpError("population.R2: requires ")
           << (fires ? "quant" : "no quant") << " of program " << stringifyProgram(program);
  if (quant && !quant.getNeuron())
    return op.emitOpError("population.R2: requires quant with a neuron, found ") << quant;
  int64_t channels = op.getChannels();
  if (quant && quant.getChannels() != 0 && quant.getChannels() != channels)
    return op.emitOpError("population.R2: requires quant of ")
           << channels << " channels, found one of " << quant.getChannels();
  bool halts = program == Program::Halting;
  auto scores = op.getScores();
  if (halts != bool(op.getHaltingAttr()) || halts != scores.has_value() || (op.getLast() && !halts))
    return op.emitOpError("population.R2: requires ")
           << (halts ? "halting and scores" : "neither halting, scores nor last") << " of program "
           << stringifyProgram(program);
  auto isScore = [](int32_t score) { return score >= 0 && score <= 1 << 24; };
  if (halts && (channels != 1 || scores->empty() || scores->size() > 256 || !llvm::all_of(*scores, isScore)))
    return op.emitOpError("population.R2: requires one channel and 1 to 256 scores from 0 to 2^24 of program halting, "
                          "found ")
           << channels << " and " << scores->size();
  return success();
}

LogicalResult PopulationOp::verify() {
  ArrayRef<int64_t> map = getMap();
  int64_t channels = getChannels(), payload = getPayload(), bits = getStateBits(), step = getStep(), runs = getRuns();
  bool isSound = map.size() == 2 && channels >= 1 && channels <= maxExtent;
  int64_t room = maxExtent / std::max<int64_t>(channels, 1);
  for (int64_t extent : map) {
    isSound &= extent >= 1 && extent <= room;
    room /= std::max<int64_t>(extent, 1);
  }
  if (!isSound)
    return emitOpError("population.R1: requires a map of two extents and channels, each >= 1, and fewer than 2^31 "
                       "neurons, found [")
           << map << "] and " << channels;
  if (failed(verifyRecipe(*this)))
    return failure();
  bool isBinary = getProgram() == Program::Lif || getProgram() == Program::FastWeight;
  if (payload < 1 || payload > std::numeric_limits<uint32_t>::max() || (isBinary && payload != 1))
    return emitOpError("population.R3: requires ")
           << (isBinary ? "payload 1 of binary spikes" : "1 <= payload < 2^32") << ", found " << payload;
  if (bits < 1 || bits > 64)
    return emitOpError("population.R4: requires 1 <= state_bits <= 64, found ") << bits;
  int64_t timesteps = cast<NetworkOp>((*this)->getParentOp()).getTimesteps();
  if (step < 0 || step > maxStep || runs < 1 || runs > timesteps)
    return emitOpError("population.R5: requires 0 <= step <= 2^20 and 1 <= runs <= ")
           << timesteps << ", the timesteps, found " << step << " and " << runs;
  // A rate that is not a number is not at most anything.
  if (auto rate = getRate(); rate && (rate->isNegative() || !(rate->convertToDouble() <= static_cast<double>(runs))))
    return emitOpError("population.R6: requires 0 <= rate <= ")
           << runs << ", its runs, found " << rate->convertToDouble();
  return success();
}

LogicalResult SynapsesOp::verify() {
  int64_t rows = getRows(), columns = getColumns(), bits = getBits(), limbs = getLimbs(), factor = getFactor();
  if (rows < 1 || rows > maxExtent || columns < 1 || columns > maxExtent || bits < 1 || bits > 32 || limbs < 1 ||
      limbs > 2)
    return emitOpError("synapses.R1: requires rows and columns from 1 to 2^31 - 1, bits from 1 to 32 and 1 or 2 limbs, "
                       "found ")
           << rows << ", " << columns << ", " << bits << " and " << limbs;
  Form form = getForm();
  bool isWeighted = form == Form::Dense || form == Form::Shared;
  spike::QuantAttr quant = getQuantAttr();
  bool fits = isWeighted == bool(quant) && (!quant || quant.getWeight());
  if (fits && quant) {
    ArrayRef<int64_t> shape = quant.getWeight().getType().getShape();
    fits = shape.size() == (form == Form::Dense ? 2 : 4) && shape[0] == columns;
    int64_t rest = rows; // divided down, as a product may overflow
    for (int64_t extent : shape.drop_front()) {
      fits &= rest % extent == 0;
      rest /= extent;
    }
    fits &= rest == 1;
  }
  if (!fits)
    return emitOpError("synapses.R2: requires ")
           << (isWeighted ? "quant with a weight of as many rows and columns" : "no quant") << " of form "
           << stringifyForm(form) << ", found " << rows << " rows, " << columns << " columns"
           << (quant ? " and a quant that is not so" : " and no quant");
  if (quant && bits * limbs != quant.getBits())
    return emitOpError("synapses.R3: requires limbs of ")
           << quant.getBits() << " bits in all, as quant has, found " << limbs << " of " << bits;
  bool isConstant = form == Form::Constant;
  if (isConstant ? rows != 1 || columns != 1 || factor < 1 || factor > 255 : factor != 1)
    return emitOpError("synapses.R4: requires ")
           << (isConstant ? "one row, one column and a factor from 1 to 255" : "factor 1") << " of form "
           << stringifyForm(form) << ", found " << rows << ", " << columns << " and " << factor;
  return success();
}
