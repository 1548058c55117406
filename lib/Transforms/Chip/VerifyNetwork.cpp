//===- VerifyNetwork.cpp - Whether a device can run a network -------------===//
#include "dialects/Chip/ChipOps.h"
#include "stas/Transforms/Chip/Passes.h"
#include "llvm/Support/MathExtras.h"

namespace stas {
#define GEN_PASS_DEF_VERIFYCHIPNETWORK
#include "stas/Transforms/Chip/Passes.h.inc"
} // namespace stas

using namespace mlir;
using namespace stas;
using namespace stas::chip;

namespace {
/// A neuron has two states, of which a membrane takes one and its sum the other. What has no membrane may take both for
/// its sum.
bool hasMembrane(Program program) {
  return program == Program::Lif || program == Program::Staircase || program == Program::FastWeight;
}

LogicalResult checkProgram(PopulationOp population, HardwareAttr hardware) {
  Program program = population.getProgram();
  if (llvm::is_contained(hardware.getPrograms(), program))
    return success();
  InFlightDiagnostic error = population.emitOpError("required program ")
                             << stringifyProgram(program) << " of device '" << hardware.getName() << "', found ";
  llvm::interleaveComma(hardware.getPrograms(), error, [&](Program has) { error << stringifyProgram(has); });
  if (program == Program::FastWeight)
    error
        << "; attention needs counters that spikes raise: take a device with fastweight, or a model without attention";
  return error;
}

LogicalResult checkState(PopulationOp population, HardwareAttr hardware) {
  int64_t limit = hardware.getStateBits() * (hasMembrane(population.getProgram()) ? 1 : 2);
  if (static_cast<int64_t>(population.getStateBits()) > limit)
    return population.emitOpError("required at most ")
           << limit << " state bits on device '" << hardware.getName() << "', found " << population.getStateBits()
           << "; compile with --state-bits=" << hardware.getStateBits();
  return success();
}

LogicalResult checkPayload(PopulationOp population, HardwareAttr hardware) {
  // A spike of 1 carries nothing but itself.
  int64_t payload = population.getPayload(), bits = payload == 1 ? 0 : llvm::Log2_64(payload) + 1;
  if (bits <= hardware.getPayloadBits())
    return success();
  InFlightDiagnostic error = population.emitOpError("required spikes of at most ")
                             << hardware.getPayloadBits() << " payload bits on device '" << hardware.getName()
                             << "', found " << bits << " for payloads up to " << payload;
  if (population.getProgram() == Program::Input || population.getProgram() == Program::Staircase)
    return error << "; I-SPS sends counts of spikes as payloads: take a device with " << bits
                 << " payload bits, or a model without I-SPS";
  return error << "; take a device with as many";
}

LogicalResult checkTable(SynapsesOp table, HardwareAttr hardware) {
  bool counts = table.getForm() == Form::FastWeight;
  int64_t limit = counts ? hardware.getCounterBits() : hardware.getWeightBits(), bits = table.getBits();
  if (bits > limit)
    return table.emitOpError("required at most ") << limit << (counts ? " counter" : " weight") << " bits on device '"
                                                  << hardware.getName() << "', found " << bits;
  if (table.getForm() == Form::Constant && static_cast<int64_t>(table.getFactor()) >= int64_t(1) << (bits - 1))
    return table.emitOpError("required a factor below ")
           << (int64_t(1) << (bits - 1)) << ", which " << bits << " signed bits hold, found " << table.getFactor();
  if (!counts && table.getLimbs() == 2 && hardware.getWeightShift() < bits)
    return table.emitOpError("required a weight shift of ")
           << bits << " for two limbs, found " << hardware.getWeightShift() << " on device '" << hardware.getName()
           << "'; take a device whose weight shift is " << bits << " or more";
  return success();
}

LogicalResult checkProjection(ProjectionOp projection, HardwareAttr hardware, SymbolTable &symbols) {
  if (static_cast<int64_t>(projection.getDelay()) > hardware.getDelaySteps())
    return projection.emitOpError("required a delay of at most ")
           << hardware.getDelaySteps() << " chip steps on device '" << hardware.getName() << "', found "
           << projection.getDelay() << "; relay the spikes by a population of program sum";
  if (projection.getPort() != Port::Key && projection.getPort() != Port::Value)
    return success();
  int64_t tokens = symbols.lookup<PopulationOp>(projection.getSource()).getTokens();
  int64_t bits = symbols.lookup<SynapsesOp>(projection.getSynapses()).getBits();
  if (tokens >= int64_t(1) << bits)
    return projection.emitOpError("required counters of ")
           << llvm::Log2_64(tokens) + 1 << " bits for the spikes of " << tokens << " tokens, found " << bits;
  return success();
}

LogicalResult checkNetwork(NetworkOp network) {
  HardwareAttr hardware = network.getHardware();
  SymbolTable symbols(network);
  // What the device cannot be at all comes first.
  for (PopulationOp population : network.getBody().getOps<PopulationOp>())
    if (failed(checkPayload(population, hardware)) || failed(checkProgram(population, hardware)))
      return failure();
  for (PopulationOp population : network.getBody().getOps<PopulationOp>())
    if (failed(checkState(population, hardware)))
      return failure();
  for (SynapsesOp table : network.getBody().getOps<SynapsesOp>())
    if (failed(checkTable(table, hardware)))
      return failure();
  for (ProjectionOp projection : network.getBody().getOps<ProjectionOp>())
    if (failed(checkProjection(projection, hardware, symbols)))
      return failure();
  return success();
}

struct VerifyChipNetwork : stas::impl::VerifyChipNetworkBase<VerifyChipNetwork> {
  void runOnOperation() override {
    for (NetworkOp network : getOperation().getOps<NetworkOp>()) {
      if (failed(checkNetwork(network)))
        return signalPassFailure();
      ++numNetworks;
    }
    markAllAnalysesPreserved();
  }
};
} // namespace
