//===- ChipModelTest.cpp - Chips, right and wrong -------------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "stas/Target/Chip/ChipModel.h"
#include "../TestUtils.h"
#include "stas/Energy/Profile.h"

#include <random>

using namespace stas;
using namespace stas::test;

namespace {

const std::string kChip = "name: 'tiny'\n"
                          "board { rows: 1 columns: 2 }\n"
                          "mesh { rows: 2 columns: 3 cores_per_tile: 4 }\n"
                          "core { neurons: 16 state_bits: 24 synapse_memory_kib: 1 in_axons: 32 out_axons: 64\n"
                          "       program: LIF program: SUM program: FASTWEIGHT idle: SKIPPED }\n"
                          "synapses { weight_bits: 8 weight_shift: 8 counter_bits: 8 }\n"
                          "messages { payload_bits: 16 delay_steps: 3 multicast: TREE }\n";

/// The chip with the first `from` replaced: a test that no longer finds it must not pass.
std::string with(const std::string &from, const std::string &to) {
  std::string text = kChip;
  size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

Result<ChipModel> parse(const std::string &text) { return parseChip("c.txtpb", text); }

} // namespace

TEST(Chips, ShippedOnesAreSound) {
  EXPECT_EQ(chipNames(), (std::vector<std::string>{"loihi1", "loihi2"}));
  for (const std::string &name : chipNames()) {
    auto chip = loadChip(name);
    ASSERT_TRUE(succeeds(chip));
    EXPECT_EQ(chip->name, name);
    EXPECT_FALSE(chip->description.empty());
    EXPECT_EQ(chip->coresPerChip(), 128);
    EXPECT_EQ(chip->core.stateBits, 24);
    EXPECT_EQ(chip->synapseMemoryBits(), 1048576);
    auto profile = energy::loadProfile(chip->costProfile);
    ASSERT_TRUE(succeeds(profile));
    EXPECT_TRUE(profile->pricesEvents());
  }
  auto first = loadChip("loihi1"), second = loadChip("loihi2");
  EXPECT_EQ(first->core.neurons, 1024);
  EXPECT_EQ(first->messages.payloadBits, 0);
  EXPECT_EQ(first->core.programs, (std::set<CoreProgram>{CoreProgram::Lif, CoreProgram::Readout, CoreProgram::Input}));
  EXPECT_EQ(second->core.neurons, 8192);
  EXPECT_EQ(second->core.programs.size(), kCorePrograms);
}

TEST(Chips, FromAFile) {
  TempFolder folder;
  writeAll(folder / "tiny.txtpb", "# mine\n" + kChip + "description: 'one line' cost_profile: 'mine.txtpb'");
  auto chip = loadChip(folder / "tiny.txtpb");
  ASSERT_TRUE(succeeds(chip));
  EXPECT_EQ(chip->name, "tiny");
  EXPECT_EQ(chip->description, "one line");
  EXPECT_EQ(chip->costProfile, "mine.txtpb");
  EXPECT_EQ(chip->chips(), 2);
  EXPECT_EQ(chip->coresPerChip(), 24);
  EXPECT_EQ(chip->mesh.rows, 2);
  EXPECT_EQ(chip->mesh.columns, 3);
  EXPECT_FALSE(chip->mesh.linkMessagesPerStep);
  EXPECT_EQ(chip->core.neurons, 16);
  EXPECT_EQ(chip->core.inAxons, 32);
  EXPECT_EQ(chip->core.outAxons, 64);
  EXPECT_EQ(chip->core.idle, IdlePolicy::Skipped);
  EXPECT_TRUE(chip->has(CoreProgram::FastWeight));
  EXPECT_FALSE(chip->has(CoreProgram::Halting));
  EXPECT_EQ(chip->synapses.weightShift, 8);
  EXPECT_EQ(chip->synapses.counterBits, 8);
  EXPECT_EQ(chip->messages.payloadBits, 16);
  EXPECT_EQ(chip->messages.delaySteps, 3);
  EXPECT_EQ(chip->messages.multicast, Multicast::Tree);
  auto limited = parse(with("cores_per_tile: 4", "cores_per_tile: 4 link_messages_per_step: 9"));
  ASSERT_TRUE(succeeds(limited));
  EXPECT_EQ(limited->mesh.linkMessagesPerStep, 9);
  EXPECT_TRUE(failsWith(loadChip(folder / "none.txtpb"), "none.txtpb: cannot open"));
  writeAll(folder / "big.txtpb", std::string((1 << 20) + 1, '#'));
  EXPECT_TRUE(failsWith(loadChip(folder / "big.txtpb"), "big.txtpb: required at most 1.0 MiB"));
}

TEST(Chips, TheGuidesExampleIsOne) {
  std::ifstream guide(STAS_GUIDE);
  std::string text, line;
  while (std::getline(guide, line))
    if (line.rfind("    ", 0) == 0 && line.find("mine.txtpb:") == std::string::npos)
      text += line + "\n";
  auto chip = parse(text);
  ASSERT_TRUE(succeeds(chip)) << text;
  EXPECT_EQ(chip->name, "mine");
  EXPECT_EQ(chip->core.idle, IdlePolicy::Skipped);
  EXPECT_TRUE(failsWith(parseChip("mine.txtpb", text.replace(text.find("state_bits: 24"), 14, "state_bits: 64")),
                        "mine.txtpb: core.state_bits: required 8 to 32, found 64"));
}

TEST(Chips, UnknownNames) {
  EXPECT_TRUE(failsWith(loadChip("loihi3"), "--chip=loihi3: no chip of that name; did you mean loihi"));
  EXPECT_TRUE(failsWith(loadChip("abacus"), "there are: loihi1, loihi2 (a file's name has a '.' or '/' in it)"));
  EXPECT_TRUE(failsWith(loadChip(""), "no chip of that name"));
}

TEST(Chips, WhatIsNoChip) {
  const std::pair<std::string, const char *> cases[] = {
      {kChip + "colour: 'blue'", "c.txtpb: line 8: Message type \"stas.target.proto.Chip\" has no field named"},
      {"\x7f\x45\x4c\x46", "c.txtpb: line 1: "},
      {with("LIF", "LAF"), "Unknown enumeration value of \"LAF\" for field \"program\"; required a chip with board"},
      {kChip + "name: 'again'", "specified multiple times"},
      {with("neurons: 16", "neurons: 4294967296"), "Integer out of range"},
      {with("neurons: 16", "neurons: -1"), "Expected integer"},
      {"", "c.txtpb: name: required, found none"},
      {with("name: 'tiny'", "name: 'ti ny'"), "c.txtpb: name: required a word of letters, digits"},
      {with("name: 'tiny'", "name: '\\377'"), "c.txtpb: "},
      {with("board { rows: 1 columns: 2 }", ""), "c.txtpb: board: required, found none"},
      {with("columns: 3", ""), "c.txtpb: mesh.columns: required, found none"},
      {with("idle: SKIPPED", ""), "c.txtpb: core.idle: required, found none"},
      {with("delay_steps: 3", ""), "c.txtpb: messages.delay_steps: required, found none"},
      {with("SKIPPED", "IDLE_UNSPECIFIED"), "core.idle: required UPDATED, SKIPPED, found IDLE_UNSPECIFIED"},
      {with("SKIPPED", "77"), "c.txtpb: core.idle: required UPDATED, SKIPPED, found 77"},
      {with("TREE", "0"), "messages.multicast: required PER_CORE, TREE, found MULTICAST_UNSPECIFIED"},
      {with("program: LIF", "program: 99"), "core.program: required LIF, STAIRCASE, SUM, MAXIMUM, FASTWEIGHT, "
                                            "HALTING, READOUT, INPUT, found 99"},
      {with("program: LIF", "program: -1"), "core.program: required LIF"},
      {with("program: LIF", "program: PROGRAM_UNSPECIFIED"), "found PROGRAM_UNSPECIFIED"},
      {with("program: LIF", "program: SUM"), "c.txtpb: core.program: SUM is there twice"}};
  for (const auto &[text, message] : cases)
    EXPECT_TRUE(failsWith(parse(text), message)) << text;
}

TEST(Chips, NumbersOutOfRange) {
  const std::pair<std::string, const char *> cases[] = {
      {with("rows: 1", "rows: 0"), "c.txtpb: board.rows: required 1 to 1024, found 0"},
      {with("columns: 2", "columns: 1025"), "board.columns: required 1 to 1024, found 1025"},
      {with("mesh { rows: 2", "mesh { rows: 0"), "mesh.rows: required 1 to 1024, found 0"},
      {with("columns: 3", "columns: 4294967295"), "mesh.columns: required 1 to 1024, found 4294967295"},
      {with("cores_per_tile: 4", "cores_per_tile: 0"), "mesh.cores_per_tile: required 1 to 1024, found 0"},
      {with("cores_per_tile: 4", "cores_per_tile: 4 link_messages_per_step: 0"),
       "mesh.link_messages_per_step: required 1 to 1073741824, found 0"},
      {with("neurons: 16", "neurons: 0"), "core.neurons: required 1 to 1048576, found 0"},
      {with("state_bits: 24", "state_bits: 33"), "core.state_bits: required 8 to 32, found 33"},
      {with("synapse_memory_kib: 1", "synapse_memory_kib: 0"), "core.synapse_memory_kib: required 1 to 1048576"},
      {with("in_axons: 32", "in_axons: 0"), "core.in_axons: required 1 to 1048576, found 0"},
      {with("out_axons: 64", "out_axons: 1048577"), "core.out_axons: required 1 to 1048576, found 1048577"},
      {with("weight_bits: 8", "weight_bits: 4"), "synapses.weight_bits: required 8 to 16, found 4"},
      {with("weight_shift: 8", "weight_shift: 32"), "synapses.weight_shift: required 0 to 31, found 32"},
      {with("counter_bits: 8", "counter_bits: 32"), "synapses.counter_bits: required 1 to 31, found 32"},
      {with("payload_bits: 16", "payload_bits: 64"), "messages.payload_bits: required 0 to 32, found 64"},
      {with("delay_steps: 3", "delay_steps: 65537"), "messages.delay_steps: required 0 to 65536, found 65537"}};
  for (const auto &[text, message] : cases)
    EXPECT_TRUE(failsWith(parse(text), message)) << text;
}

TEST(Chips, FieldsThatDisagree) {
  EXPECT_TRUE(failsWith(parse(with("rows: 1 columns: 2", "rows: 1024 columns: 1024")),
                        "c.txtpb: board and mesh: required at most 1048576 cores in all, found 25165824"));
  EXPECT_TRUE(failsWith(parse(with("program: LIF program: SUM program: FASTWEIGHT", "")),
                        "core.program: required at least one, found none"));
  EXPECT_TRUE(failsWith(parse(with("payload_bits: 16", "payload_bits: 0")),
                        "messages.payload_bits: required 1 or more, since core.program has sum, whose neurons send "
                        "numbers, found 0"));
  EXPECT_TRUE(failsWith(parse(with("counter_bits: 8", "")),
                        "synapses.counter_bits: required, since core.program has fastweight, found none"));
  EXPECT_TRUE(failsWith(parse(with("program: FASTWEIGHT", "")),
                        "synapses.counter_bits: required none, since core.program has no fastweight, found 8"));
}

/// Whatever is in the file, there is a chip that is sound, or an error that names the file.
TEST(Chips, DamagedTexts) {
  std::mt19937 random(7);
  for (int round = 0; round < 4000; ++round) {
    std::string text = kChip;
    for (int edit = std::uniform_int_distribution<>(1, 4)(random); edit > 0; --edit) {
      size_t at = std::uniform_int_distribution<size_t>(0, text.size() - 1)(random);
      switch (std::uniform_int_distribution<>(0, 2)(random)) {
      case 0:
        text[at] = static_cast<char>(std::uniform_int_distribution<>(0, 255)(random));
        break;
      case 1:
        text.erase(at, std::uniform_int_distribution<size_t>(1, 20)(random));
        break;
      default:
        text.insert(at, text.substr(text.size() / 2, std::uniform_int_distribution<size_t>(1, 40)(random)));
      }
      if (text.empty())
        break;
    }
    auto chip = parse(text);
    if (chip)
      EXPECT_TRUE(succeeds(chip->validate("c.txtpb"))) << text;
    else
      EXPECT_EQ(chip.message().rfind("c.txtpb: ", 0), 0u) << chip.message();
  }
}

TEST(Chips, Names) {
  EXPECT_STREQ(coreProgramName(CoreProgram::FastWeight), "fastweight");
  EXPECT_STREQ(coreProgramName(CoreProgram::Input), "input");
}
