//===- ValidateChip.cpp - Whether a chip is one that we can map to --------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "stas/Support/Text.h"
#include "stas/Target/Chip/ChipModel.h"

using namespace stas;

const char *stas::coreProgramName(CoreProgram program) {
  constexpr const char *names[kCorePrograms] = {"lif",        "staircase", "sum",     "maximum",
                                                "fastweight", "halting",   "readout", "input"};
  return names[static_cast<size_t>(program)];
}

/// So that every product of two fields, and every count of cores, neurons or
/// bits of a board, fits in 63 bits with room to spare.
static constexpr int64_t kMaxCores = 1 << 20;

namespace {

struct Number {
  const char *field;
  int64_t value, low, high;
};

Status checkNumbers(const std::string &where, const ChipModel &chip) {
  const Number numbers[] = {{"board.rows", chip.board.rows, 1, 1024},
                            {"board.columns", chip.board.columns, 1, 1024},
                            {"mesh.rows", chip.mesh.rows, 1, 1024},
                            {"mesh.columns", chip.mesh.columns, 1, 1024},
                            {"mesh.cores_per_tile", chip.mesh.coresPerTile, 1, 1024},
                            {"mesh.link_messages_per_step", chip.mesh.linkMessagesPerStep.value_or(1), 1, 1 << 30},
                            {"core.neurons", chip.core.neurons, 1, 1 << 20},
                            {"core.state_bits", chip.core.stateBits, 8, 32},
                            {"core.synapse_memory_kib", chip.core.synapseMemoryKib, 1, 1 << 20},
                            {"core.in_axons", chip.core.inAxons, 1, 1 << 20},
                            {"core.out_axons", chip.core.outAxons, 1, 1 << 20},
                            {"synapses.weight_bits", chip.synapses.weightBits, 8, 16},
                            {"synapses.weight_shift", chip.synapses.weightShift, 0, 31},
                            {"synapses.counter_bits", chip.synapses.counterBits.value_or(1), 1, 31},
                            {"messages.payload_bits", chip.messages.payloadBits, 0, 32},
                            {"messages.delay_steps", chip.messages.delaySteps, 0, 1 << 16}};
  for (const Number &number : numbers)
    if (number.value < number.low || number.value > number.high)
      return makeError(where, ": ", number.field, ": required ", number.low, " to ", number.high, ", found ",
                       number.value);
  return {};
}

/// What a program needs besides being there.
Status checkPrograms(const std::string &where, const ChipModel &chip) {
  if (chip.core.programs.empty())
    return makeError(where, ": core.program: required at least one, found none");
  for (CoreProgram program : {CoreProgram::Staircase, CoreProgram::Sum, CoreProgram::Maximum})
    if (chip.has(program) && chip.messages.payloadBits == 0)
      return makeError(where, ": messages.payload_bits: required 1 or more, since core.program has ",
                       coreProgramName(program), ", whose neurons send numbers, found 0");
  if (chip.has(CoreProgram::FastWeight) && !chip.synapses.counterBits)
    return makeError(where, ": synapses.counter_bits: required, since core.program has fastweight, found none");
  if (!chip.has(CoreProgram::FastWeight) && chip.synapses.counterBits)
    return makeError(where, ": synapses.counter_bits: required none, since core.program has no fastweight, found ",
                     *chip.synapses.counterBits);
  return {};
}

} // namespace

Status ChipModel::validate(const std::string &where) const {
  if (!isWord(name))
    return makeError(where, ": name: required a word of letters, digits, '-' and '_', found '", printable(name), "'");
  if (Status status = checkNumbers(where, *this); !status)
    return status;
  // No overflow: each factor is at most 1024.
  if (chips() * coresPerChip() > kMaxCores)
    return makeError(where, ": board and mesh: required at most ", kMaxCores, " cores in all, found ",
                     chips() * coresPerChip());
  return checkPrograms(where, *this);
}
