//===- ChipAttrs.cpp - Attributes of the chip dialect ---------------------===//
#include "dialects/Chip/ChipAttrs.h"
#include "dialects/Chip/ChipDialect.h"
#include "mlir/IR/DialectImplementation.h"
#include "llvm/ADT/SmallSet.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace stas;
using namespace stas::chip;

#include "dialects/Chip/ChipEnums.cpp.inc"
#define GET_ATTRDEF_CLASSES
#include "dialects/Chip/ChipAttrs.cpp.inc"

void ChipDialect::registerAttributes() {
  addAttributes<
#define GET_ATTRDEF_LIST
#include "dialects/Chip/ChipAttrs.cpp.inc"
      >();
}

// One meaning, two enumerations: that of MLIR, and that of the chip model, which knows no MLIR.
static_assert(getMaxEnumValForProgram() + 1 == kCorePrograms && int(Program::Readout) == int(CoreProgram::Readout) &&
              int(Program::Input) == int(CoreProgram::Input));
static_assert(int(Idle::Skipped) == int(IdlePolicy::Skipped) &&
              int(chip::Multicast::Tree) == int(stas::Multicast::Tree));

/// Extents are looked up before: R1.
static ChipModel modelOf(StringRef name, ArrayRef<int64_t> board, ArrayRef<int64_t> mesh, int64_t coresPerTile,
                         int64_t linkMessages, int64_t neurons, int64_t stateBits, int64_t memory, int64_t inAxons,
                         int64_t outAxons, ArrayRef<Program> programs, Idle idle, int64_t weightBits,
                         int64_t weightShift, int64_t counterBits, int64_t payloadBits, int64_t delaySteps,
                         chip::Multicast multicast, StringRef profile) {
  ChipModel chip;
  chip.name = name.str();
  chip.costProfile = profile.str();
  chip.board = {board[0], board[1]};
  chip.mesh = {mesh[0], mesh[1], coresPerTile, {}};
  if (linkMessages != 0)
    chip.mesh.linkMessagesPerStep = linkMessages;
  chip.core = {neurons, stateBits, memory, inAxons, outAxons, {}, static_cast<IdlePolicy>(idle)};
  for (Program program : programs)
    chip.core.programs.insert(static_cast<CoreProgram>(program));
  chip.synapses = {weightBits, weightShift, {}};
  if (counterBits != 0)
    chip.synapses.counterBits = counterBits;
  chip.messages = {payloadBits, delaySteps, static_cast<stas::Multicast>(multicast)};
  return chip;
}

LogicalResult HardwareAttr::verify(function_ref<InFlightDiagnostic()> emitError, StringRef name,
                                   ArrayRef<int64_t> board, ArrayRef<int64_t> mesh, int64_t coresPerTile,
                                   int64_t linkMessages, int64_t neurons, int64_t stateBits, int64_t memory,
                                   int64_t inAxons, int64_t outAxons, ArrayRef<Program> programs, Idle idle,
                                   int64_t weightBits, int64_t weightShift, int64_t counterBits, int64_t payloadBits,
                                   int64_t delaySteps, chip::Multicast multicast, StringRef profile) {
  if (board.size() != 2 || mesh.size() != 2)
    return emitError() << "hardware.R1: requires two extents of board and of mesh, found [" << board << "] and ["
                       << mesh << "]";
  if (llvm::SmallSet<Program, kCorePrograms>(programs.begin(), programs.end()).size() != programs.size())
    return emitError() << "hardware.R1: requires each program once, found one twice";
  ChipModel chip =
      modelOf(name, board, mesh, coresPerTile, linkMessages, neurons, stateBits, memory, inAxons, outAxons, programs,
              idle, weightBits, weightShift, counterBits, payloadBits, delaySteps, multicast, profile);
  if (Status status = chip.validate("hardware.R2"); !status)
    return emitError() << status.message();
  return success();
}

ChipModel HardwareAttr::getChip() const {
  return modelOf(getName(), getBoard(), getMesh(), getCoresPerTile(), getLinkMessages(), getNeurons(), getStateBits(),
                 getSynapseMemoryKib(), getInAxons(), getOutAxons(), getPrograms(), getIdle(), getWeightBits(),
                 getWeightShift(), getCounterBits(), getPayloadBits(), getDelaySteps(), getMulticast(), getProfile());
}

HardwareAttr chip::hardwareOf(MLIRContext *context, const ChipModel &chip) {
  SmallVector<Program> programs;
  for (CoreProgram program : chip.core.programs)
    programs.push_back(static_cast<Program>(program));
  return HardwareAttr::get(context, chip.name, {chip.board.rows, chip.board.columns},
                           {chip.mesh.rows, chip.mesh.columns}, chip.mesh.coresPerTile,
                           chip.mesh.linkMessagesPerStep.value_or(0), chip.core.neurons, chip.core.stateBits,
                           chip.core.synapseMemoryKib, chip.core.inAxons, chip.core.outAxons, programs,
                           static_cast<Idle>(chip.core.idle), chip.synapses.weightBits, chip.synapses.weightShift,
                           chip.synapses.counterBits.value_or(0), chip.messages.payloadBits, chip.messages.delaySteps,
                           static_cast<chip::Multicast>(chip.messages.multicast), chip.costProfile);
}
