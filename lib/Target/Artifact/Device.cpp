//===- Device.cpp - A chip in a core map ----------------------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "stas/Target/Artifact/CoreMap.h"

using namespace stas;
using namespace stas::coremap;

ChipModel coremap::chipOf(const Device &device) {
  ChipModel chip;
  chip.name = device.name();
  chip.board = {device.board_rows(), device.board_columns()};
  chip.mesh = {device.mesh_rows(), device.mesh_columns(), device.cores_per_tile(), std::nullopt};
  if (device.has_link_messages_per_step())
    chip.mesh.linkMessagesPerStep = device.link_messages_per_step();
  chip.core.neurons = device.neurons();
  chip.core.stateBits = device.state_bits();
  chip.core.synapseMemoryKib = device.synapse_memory_kib();
  chip.core.inAxons = device.in_axons();
  chip.core.outAxons = device.out_axons();
  for (int program : device.programs())
    chip.core.programs.insert(static_cast<CoreProgram>(program - 1));
  chip.core.idle = device.idle_skipped() ? IdlePolicy::Skipped : IdlePolicy::Updated;
  chip.synapses = {device.weight_bits(), device.weight_shift(), std::nullopt};
  if (device.has_counter_bits())
    chip.synapses.counterBits = device.counter_bits();
  chip.messages = {device.payload_bits(), device.delay_steps(), device.tree() ? Multicast::Tree : Multicast::PerCore};
  chip.costProfile = device.cost_profile();
  return chip;
}

Device coremap::deviceOf(const ChipModel &chip) {
  Device device;
  device.set_name(chip.name);
  device.set_board_rows(chip.board.rows);
  device.set_board_columns(chip.board.columns);
  device.set_mesh_rows(chip.mesh.rows);
  device.set_mesh_columns(chip.mesh.columns);
  device.set_cores_per_tile(chip.mesh.coresPerTile);
  if (chip.mesh.linkMessagesPerStep)
    device.set_link_messages_per_step(*chip.mesh.linkMessagesPerStep);
  device.set_neurons(chip.core.neurons);
  device.set_state_bits(chip.core.stateBits);
  device.set_synapse_memory_kib(chip.core.synapseMemoryKib);
  device.set_in_axons(chip.core.inAxons);
  device.set_out_axons(chip.core.outAxons);
  for (CoreProgram program : chip.core.programs)
    device.add_programs(static_cast<Program>(static_cast<int>(program) + 1));
  device.set_idle_skipped(chip.core.idle == IdlePolicy::Skipped);
  device.set_weight_bits(chip.synapses.weightBits);
  device.set_weight_shift(chip.synapses.weightShift);
  if (chip.synapses.counterBits)
    device.set_counter_bits(*chip.synapses.counterBits);
  device.set_payload_bits(chip.messages.payloadBits);
  device.set_delay_steps(chip.messages.delaySteps);
  device.set_tree(chip.messages.multicast == Multicast::Tree);
  device.set_cost_profile(chip.costProfile);
  return device;
}
