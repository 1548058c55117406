//===- ParseChip.cpp - A chip from its file -------------------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "stas/Support/Text.h"
#include "stas/Support/TextProto.h"
#include "stas/Target/Chip/ChipModel.h"
#include "stas/Target/Chip/ChipModel.pb.h"

#include <algorithm>

using namespace stas;

/// The files of lib/Target/Chip/Chips; the build makes the list.
static const std::vector<ShippedText> kShipped = {
#include "stas/Target/Chip/ShippedChips.inc"
};

/// Fields that a chip may do without.
static constexpr const char *kOptional[] = {"description", "cost_profile", "link_messages_per_step", "counter_bits"};

/// Every other field is there, in messages within messages too.
static Status checkComplete(const std::string &where, const std::string &path,
                            const google::protobuf::Message &message) {
  const google::protobuf::Descriptor &type = *message.GetDescriptor();
  const google::protobuf::Reflection &fields = *message.GetReflection();
  for (int index = 0; index < type.field_count(); ++index) {
    const google::protobuf::FieldDescriptor *field = type.field(index);
    if (field->is_repeated())
      continue;
    const std::string name = path + field->name();
    const bool present = fields.HasField(message, field);
    if (!present && std::find(std::begin(kOptional), std::end(kOptional), field->name()) == std::end(kOptional))
      return makeError(where, ": ", name, ": required, found none");
    if (!present)
      continue;
    if (field->cpp_type() == google::protobuf::FieldDescriptor::CPPTYPE_MESSAGE)
      if (Status status = checkComplete(where, name + ".", fields.GetMessage(message, field)); !status)
        return status;
    if (field->cpp_type() == google::protobuf::FieldDescriptor::CPPTYPE_ENUM)
      if (int value = fields.GetEnumValue(message, field); value == 0 || valueKey(*field->enum_type(), value).empty())
        return makeError(where, ": ", name, ": required ", valueNames(*field->enum_type()), ", found ",
                         value == 0 ? field->enum_type()->value(0)->name() : std::to_string(value));
  }
  return {};
}

static Status readPrograms(const std::string &where, const target::proto::Core &core, ChipModel &chip) {
  const google::protobuf::EnumDescriptor &type = *target::proto::Program_descriptor();
  for (int program : core.program()) {
    if (program == target::proto::PROGRAM_UNSPECIFIED || valueKey(type, program).empty())
      return makeError(where, ": core.program: required ", valueNames(type), ", found ",
                       program == 0 ? type.value(0)->name() : std::to_string(program));
    if (!chip.core.programs.insert(static_cast<CoreProgram>(program - 1)).second)
      return makeError(where, ": core.program: ", type.FindValueByNumber(program)->name(), " is there twice");
  }
  return {};
}

static Result<ChipModel> parse(const NamedText &text) {
  target::proto::Chip file;
  if (Status status = parseText(text, file, "a chip with board, mesh, core, synapses and messages"); !status)
    return status.error();
  if (Status status = checkComplete(text.where, "", file); !status)
    return status.error();
  ChipModel chip;
  chip.name = file.name();
  chip.description = file.description();
  chip.costProfile = file.cost_profile();
  chip.board = {file.board().rows(), file.board().columns()};
  chip.mesh.rows = file.mesh().rows();
  chip.mesh.columns = file.mesh().columns();
  chip.mesh.coresPerTile = file.mesh().cores_per_tile();
  if (file.mesh().has_link_messages_per_step())
    chip.mesh.linkMessagesPerStep = file.mesh().link_messages_per_step();
  chip.core.neurons = file.core().neurons();
  chip.core.stateBits = file.core().state_bits();
  chip.core.synapseMemoryKib = file.core().synapse_memory_kib();
  chip.core.inAxons = file.core().in_axons();
  chip.core.outAxons = file.core().out_axons();
  chip.core.idle = file.core().idle() == target::proto::SKIPPED ? IdlePolicy::Skipped : IdlePolicy::Updated;
  chip.synapses.weightBits = file.synapses().weight_bits();
  chip.synapses.weightShift = file.synapses().weight_shift();
  if (file.synapses().has_counter_bits())
    chip.synapses.counterBits = file.synapses().counter_bits();
  chip.messages.payloadBits = file.messages().payload_bits();
  chip.messages.delaySteps = file.messages().delay_steps();
  chip.messages.multicast = file.messages().multicast() == target::proto::TREE ? Multicast::Tree : Multicast::PerCore;
  if (Status status = readPrograms(text.where, file.core(), chip); !status)
    return status.error();
  if (Status status = chip.validate(text.where); !status)
    return status.error();
  return chip;
}

Result<ChipModel> stas::parseChip(const std::string &where, const std::string &text) { return parse({where, text}); }

Result<ChipModel> stas::loadChip(const std::string &nameOrFile) {
  Result<NamedText> text = findText(kShipped, nameOrFile, "--chip", "chip");
  return text ? parse(*text) : Result<ChipModel>(text.error());
}

std::vector<std::string> stas::chipNames() { return shippedNames(kShipped); }
