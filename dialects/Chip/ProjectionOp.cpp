//===- ProjectionOp.cpp - Rules of a projection ---------------------------===//
#include "dialects/Chip/ChipOps.h"
#include "dialects/STAS/Windows.h"

using namespace mlir;
using namespace stas;
using namespace stas::chip;

namespace {
/// A projection with what it names.
struct Ends {
  ProjectionOp op;
  PopulationOp source, target;
  SynapsesOp table;
};
} // namespace

/// projection.R2.
static LogicalResult verifyTokens(Ends ends) {
  ProjectionOp op = ends.op;
  auto window = op.getWindowAttr();
  ArrayRef<int64_t> from = ends.source.getMap(), to = ends.target.getMap();
  bool isWindow = op.getTokens() == Tokens::Window;
  if (isWindow != bool(window))
    return op.emitOpError("projection.R2: requires ")
           << (isWindow ? "a window" : "no window") << " of tokens " << stringifyTokens(op.getTokens());
  if (op.getTokens() == Tokens::Same && from != to)
    return op.emitOpError("projection.R2: requires one map of source and target, found [")
           << from << "] and [" << to << "]";
  if (!isWindow)
    return success();
  bool fits = !window.getChannelsFirst();
  for (int axis : {0, 1})
    fits &= windowExtent(from[axis], window.getKernel()[axis], window.getStrides()[axis], window.getPadding()[axis]) ==
            to[axis];
  if (!fits)
    return op.emitOpError("projection.R2: requires a target map as the window makes it of [")
           << from << "], channels last, found [" << to << "]";
  return success();
}

/// projection.R3.
static LogicalResult verifyChannels(Ends ends) {
  ProjectionOp op = ends.op;
  int64_t from = ends.source.getChannels(), to = ends.target.getChannels();
  bool isGroup = op.getChannels() == Channels::Group;
  if (isGroup != op.getGroup().has_value())
    return op.emitOpError("projection.R3: requires ")
           << (isGroup ? "a size" : "no size") << " of channels " << stringifyChannels(op.getChannels());
  if (op.getChannels() == Channels::Same && from != to)
    return op.emitOpError("projection.R3: requires as many channels of source and target, found ")
           << from << " and " << to;
  int64_t group = op.getGroup().value_or(1);
  if (isGroup && (group < 1 || from != to || from % group != 0))
    return op.emitOpError("projection.R3: requires groups of a size >= 1 that divides the channels of source and "
                          "target, which are as many, found ")
           << group << ", " << from << " and " << to;
  return success();
}

/// projection.R4.
static LogicalResult verifyTable(Ends ends) {
  ProjectionOp op = ends.op;
  int64_t rows = 1, columns = ends.target.getChannels(), from = ends.source.getChannels();
  bool allChannels = op.getChannels() == Channels::All, fits = true;
  switch (ends.table.getForm()) {
  case Form::Dense:
    rows = from;
    fits = allChannels && op.getTokens() != Tokens::Window;
    break;
  case Form::Shared:
    fits = allChannels && op.getTokens() == Tokens::Window;
    // No overflow: a kernel has at most 2^16 by 2^16 elements, and there are fewer than 2^31 channels.
    rows = fits ? op.getWindowAttr().getKernel()[0] * op.getWindowAttr().getKernel()[1] : 1;
    fits &= static_cast<int64_t>(ends.table.getRows()) == rows * from;
    rows = ends.table.getRows();
    break;
  case Form::FastWeight:
    // A value spike raises its own column of counters, key and query are a row of their head's.
    fits = op.getChannels() == (op.getPort() == Port::Value ? Channels::Same : Channels::Group);
    rows = op.getPort() == Port::Value ? ends.table.getRows() : op.getGroup().value_or(1);
    break;
  case Form::Constant:
    columns = 1;
    break;
  }
  if (!fits || static_cast<int64_t>(ends.table.getRows()) != rows ||
      static_cast<int64_t>(ends.table.getColumns()) != columns)
    return op.emitOpError("projection.R4: requires a table that fits ")
           << from << " channels to " << ends.target.getChannels() << ", found " << stringifyForm(ends.table.getForm())
           << " of " << ends.table.getRows() << " rows and " << ends.table.getColumns() << " columns for tokens "
           << stringifyTokens(op.getTokens()) << ", channels " << stringifyChannels(op.getChannels());
  return success();
}

/// projection.R5.
static LogicalResult verifyPort(Ends ends) {
  ProjectionOp op = ends.op;
  Port port = op.getPort();
  Program from = ends.source.getProgram(), to = ends.target.getProgram();
  Form form = ends.table.getForm();
  bool isAttention = port == Port::Query || port == Port::Key || port == Port::Value;
  bool isSound = isAttention == (form == Form::FastWeight) && (!isAttention || to == Program::FastWeight);
  if (port == Port::Score)
    isSound &= to == Program::Halting;
  if (port == Port::Gate || port == Port::Gain)
    isSound &= from == Program::Halting;
  if (port == Port::Gain)
    isSound &= to == Program::Readout;
  if (port != Port::Add && !isAttention)
    isSound &= form == Form::Constant;
  if (!isSound)
    return op.emitOpError("projection.R5: requires a port that source, target and table have, found ")
           << stringifyPort(port) << " from " << stringifyProgram(from) << " to " << stringifyProgram(to) << " over a "
           << stringifyForm(form) << " table";
  return success();
}

/// projection.R6 and R7.
static LogicalResult verifyTime(Ends ends) {
  ProjectionOp op = ends.op;
  if (op.getHold() != (ends.source.getRuns() == 1 && ends.target.getRuns() > 1))
    return op.emitOpError("projection.R6: requires hold where the source runs once and the target more often, found ")
           << ends.source.getRuns() << " and " << ends.target.getRuns() << " runs "
           << (op.getHold() ? "with" : "without") << " hold";
  auto network = cast<NetworkOp>(op->getParentOp());
  int64_t delay = op.getDelay();
  bool isWrite = op.getPort() == Port::Key || op.getPort() == Port::Value;
  int64_t interval = network.getInterval(), due = ends.target.getStep() + (op.getNext() ? interval : 0);
  int64_t sent = ends.source.getStep();
  if (ends.target.getRuns() == 1)
    sent += (ends.source.getRuns() - 1) * interval;
  int64_t room = due - sent - 1 - isWrite;
  if (delay < 0 || (op.getPort() == Port::Gate ? delay > room : delay != room))
    return op.emitOpError("projection.R7: requires a delay of ")
           << room << (op.getPort() == Port::Gate ? " or less" : "") << " and not below 0, from chip step " << sent
           << " to " << due << ", found " << delay;
  return success();
}

LogicalResult ProjectionOp::verifySymbolUses(SymbolTableCollection &symbols) {
  Ends ends{*this, symbols.lookupNearestSymbolFrom<PopulationOp>(*this, getSourceAttr()),
            symbols.lookupNearestSymbolFrom<PopulationOp>(*this, getTargetAttr()),
            symbols.lookupNearestSymbolFrom<SynapsesOp>(*this, getSynapsesAttr())};
  auto missing = [&](FlatSymbolRefAttr name, StringRef kind) {
    return emitOpError("projection.R1: requires a ") << kind << " of the network, found none named " << name;
  };
  if (!ends.source)
    return missing(getSourceAttr(), "chip.population");
  if (!ends.target)
    return missing(getTargetAttr(), "chip.population");
  if (!ends.table)
    return missing(getSynapsesAttr(), "chip.synapses");
  for (auto verify : {verifyTokens, verifyChannels, verifyTable, verifyPort, verifyTime})
    if (failed(verify(ends)))
      return failure();
  return success();
}
