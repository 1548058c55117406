//===- ProfileTest.cpp - Cost profiles, right and wrong -------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "stas/Energy/Profile.h"
#include "../TestUtils.h"

using namespace stas;
using namespace stas::energy;
using namespace stas::test;

namespace {

const std::string kMac = "price { operation: MAC picojoules: 1.5 evidence: ASSUMED source: 's' }\n";

Result<Profile> parse(const std::string &text) { return parseProfile("p.txtpb", text); }

} // namespace

TEST(Profiles, ShippedOnesAreSound) {
  EXPECT_EQ(profileNames(), (std::vector<std::string>{"cmos45", "cmos45-int32", "loihi1-nahuku-fit", "loihi1-table2",
                                                      "loihi2-unpriced"}));
  for (const std::string &name : profileNames()) {
    auto profile = loadProfile(name);
    ASSERT_TRUE(succeeds(profile));
    EXPECT_EQ(profile->name, name);
    EXPECT_FALSE(profile->description.empty());
  }
  auto cmos = loadProfile("cmos45");
  EXPECT_EQ(cmos->picojoules(Operation::Mac), 4.6);
  EXPECT_EQ(cmos->picojoules(Operation::Ac), 0.9);
  EXPECT_EQ(cmos->price(Operation::Mac)->evidence, "derived");
  EXPECT_NE(cmos->price(Operation::Ac)->source.find("Horowitz, ISSCC 2014"), std::string::npos);
  EXPECT_FALSE(cmos->price(Operation::NeuronUpdate));
  auto integers = loadProfile("cmos45-int32");
  EXPECT_EQ(integers->picojoules(Operation::Mac), 3.2);
  EXPECT_EQ(integers->picojoules(Operation::Ac), 0.1);
}

TEST(Profiles, ShippedOnesOfChips) {
  for (const char *name : {"loihi1-nahuku-fit", "loihi1-table2", "loihi2-unpriced"}) {
    auto profile = loadProfile(name);
    ASSERT_TRUE(succeeds(profile));
    EXPECT_TRUE(profile->pricesEvents()) << name;
    EXPECT_FALSE(profile->pricesOperations()) << name;
  }
  auto table = loadProfile("loihi1-table2");
  EXPECT_EQ(table->cost(Event::SynapseDense).picojoules->low, 23.6);
  EXPECT_EQ(table->cost(Event::SynapseDense).picojoules->evidence, "simulated");
  EXPECT_EQ(table->cost(Event::HopNorthSouth).picojoules->high, 4.0);
  EXPECT_EQ(table->cost(Event::Barrier).nanoseconds->low, 113);
  EXPECT_EQ(table->cost(Event::Barrier).nanoseconds->high, 465);
  EXPECT_FALSE(table->cost(Event::Barrier).picojoules);
  EXPECT_FALSE(table->cost(Event::Spike).picojoules);
  EXPECT_EQ(table->cost(Event::ChipPowered).milliwatts->low, 104);
  for (const Cost &cost : table->costs)
    for (const auto *figure : {&cost.picojoules, &cost.nanoseconds, &cost.milliwatts}) {
      // Pre-silicon: nobody measured them.
      EXPECT_FALSE(*figure && (*figure)->evidence == "measured");
    }
  auto fit = loadProfile("loihi1-nahuku-fit");
  EXPECT_EQ(fit->cost(Event::SynapseShared).picojoules->low, 24.0);
  EXPECT_EQ(fit->cost(Event::NeuronActive).picojoules->low, 72.8);
  EXPECT_EQ(fit->cost(Event::MessageOut).picojoules->evidence, "fitted");
  auto second = loadProfile("loihi2-unpriced");
  for (const Cost &cost : second->costs)
    EXPECT_FALSE(cost.picojoules || cost.milliwatts);
  EXPECT_TRUE(loadProfile("cmos45")->pricesEvents());
}

TEST(Profiles, FromAFile) {
  TempFolder folder;
  writeAll(folder / "mine.txtpb", "# mine\nname: 'mine-2'\n" + kMac + "price { operation: NEURON_UPDATE }");
  auto profile = loadProfile(folder / "mine.txtpb");
  ASSERT_TRUE(succeeds(profile));
  EXPECT_EQ(profile->name, "mine-2");
  EXPECT_EQ(profile->picojoules(Operation::Mac), 1.5);
  EXPECT_EQ(profile->price(Operation::Mac)->evidence, "assumed");
  EXPECT_FALSE(profile->price(Operation::NeuronUpdate));
  EXPECT_FALSE(profile->price(Operation::Ac));
  EXPECT_TRUE(failsWith(loadProfile(folder / "none.txtpb"), "none.txtpb: cannot open"));
  writeAll(folder / "big.txtpb", std::string((1 << 20) + 1, '#'));
  EXPECT_TRUE(failsWith(loadProfile(folder / "big.txtpb"), "big.txtpb: required at most 1.0 MiB"));
}

TEST(Profiles, UnknownNames) {
  EXPECT_TRUE(failsWith(loadProfile("cmos54"), "--profile=cmos54: no profile of that name; did you mean cmos45?"));
  EXPECT_TRUE(failsWith(loadProfile("abacus"), "there are: cmos45"));
  EXPECT_TRUE(failsWith(loadProfile(""), "no profile of that name"));
}

TEST(Profiles, WhatIsNoProfile) {
  const std::string head = "name: 'x'\n";
  const std::pair<std::string, const char *> cases[] = {
      {head + kMac + "price { operation: BARTER picojoules: 1 }",
       "p.txtpb: line 3: Unknown enumeration value of \"BARTER\" for field \"operation\"; required a cost profile "
       "with prices of MAC, AC, AND_ACCUMULATE, NEURON_UPDATE, HALTING_SCORE, HALTING_SUM"},
      {head + "prize { }", "p.txtpb: line 2: Message type \"stas.energy.proto.Profile\" has no field named \"prize\";"},
      {head + "price { operation: MAC picojoules: 'much' }", "p.txtpb: line 2: Expected double, got: 'much'"},
      {"\x7f\x45\x4c\x46", "p.txtpb: line 1: "},
      {kMac, "p.txtpb: name: required a word of letters, digits, '-' and '_', found ''"},
      {"name: 'a b'" + kMac, "name: required a word of letters, digits, '-' and '_', found 'a b'"},
      {head, "p.txtpb: required a price of at least one operation (MAC, AC, "},
      {head, "or a cost of at least one event (SYNAPSE_DENSE, "},
      {head + "cost { event: SPIKE }", "required a price of at least one operation"},
      {head + "price { operation: 99 picojoules: 1 evidence: ASSUMED source: 's' }",
       "p.txtpb: price: required an operation (MAC, AC, AND_ACCUMULATE, NEURON_UPDATE, HALTING_SCORE, HALTING_SUM), "
       "found 99"},
      {head + "price { operation: -1 picojoules: 1 evidence: ASSUMED source: 's' }", "found -1"},
      {head + "price { operation: MAC picojoules: 1 evidence: 77 source: 's' }", "found another"},
      {head + "price { operation: MAC }", "required a price of at least one operation"},
      {head + "price { picojoules: 1 }", "p.txtpb: price: required an operation (MAC, "},
      {head + kMac + kMac, "p.txtpb: price of MAC: is there twice"},
      {head + kMac + "price { operation: AC } price { operation: AC }", "p.txtpb: price of AC: is there twice"},
      {head + "price { operation: AC picojoules: -0.9 evidence: ASSUMED source: 's' }",
       "p.txtpb: price of AC: picojoules: required a finite number of 0 or more, found -0.9"},
      {head + "price { operation: AC picojoules: nan evidence: ASSUMED source: 's' }", "found nan"},
      {head + "price { operation: AC picojoules: inf evidence: ASSUMED source: 's' }", "found inf"},
      {head + "price { operation: AC picojoules: 1 source: 's' }",
       "p.txtpb: price of AC: required evidence (MEASURED, SIMULATED, FITTED, PUBLISHED, DERIVED, ASSUMED) and "
       "source with picojoules, found no evidence"},
      {head + "price { operation: AC picojoules: 1 evidence: ASSUMED }", "found no source"},
      {head + "price { operation: AC evidence: ASSUMED }",
       "p.txtpb: price of AC: evidence or source without picojoules: required a figure, or neither"},
      {head + "price { operation: AC source: 's' }", "evidence or source without picojoules"}};
  for (const auto &[text, message] : cases)
    EXPECT_TRUE(failsWith(parse(text), message)) << text;
}

TEST(Profiles, CostsThatAreNone) {
  const std::string head = "name: 'x'\n" + kMac, tail = " evidence: ASSUMED source: 's' }";
  const std::pair<std::string, const char *> cases[] = {
      {"cost { picojoules: 1" + tail, "p.txtpb: cost: required an event (SYNAPSE_DENSE, SYNAPSE_SHARED, "},
      {"cost { event: 18 picojoules: 1" + tail, "CHIP_POWERED), found 18"},
      {"cost { event: -7 picojoules: 1" + tail, "CHIP_POWERED), found -7"},
      {"cost { event: BARTER }",
       "Unknown enumeration value of \"BARTER\" for field \"event\"; required a cost profile"},
      {"cost { event: SPIKE picojoules: -1" + tail,
       "p.txtpb: cost of SPIKE: picojoules: required a finite number of 0 or more, found -1"},
      {"cost { event: SPIKE nanoseconds: nan" + tail, "cost of SPIKE: nanoseconds: required a finite number"},
      {"cost { event: BARRIER nanoseconds: 1 nanoseconds_high: inf" + tail, "found inf"},
      {"cost { event: BARRIER nanoseconds: 3 nanoseconds_high: 2" + tail,
       "p.txtpb: cost of BARRIER: nanoseconds_high: required 3 or more, as nanoseconds is, found 2"},
      {"cost { event: BARRIER nanoseconds_high: 2" + tail, "nanoseconds_high: required nanoseconds beside it"},
      {"cost { event: CHIP_POWERED milliwatts: -1" + tail, "milliwatts: required a finite number of 0 or more"},
      {"cost { event: CHIP_POWERED picojoules: 1" + tail, "cost of CHIP_POWERED: required milliwatts alone"},
      {"cost { event: SPIKE milliwatts: 1" + tail, "cost of SPIKE: milliwatts: only CHIP_POWERED has a power"},
      {"cost { event: SPIKE picojoules: 1 source: 's' }",
       "p.txtpb: cost of SPIKE: required evidence (MEASURED, SIMULATED, FITTED, PUBLISHED, DERIVED, ASSUMED) and "
       "source "
       "with picojoules, nanoseconds or milliwatts, found no evidence"},
      {"cost { event: SPIKE picojoules: 1 evidence: 99 source: 's' }", "found another"},
      {"cost { event: SPIKE picojoules: 1 evidence: ASSUMED }", "found no source"},
      {"cost { event: SPIKE evidence: ASSUMED }", "evidence or source without picojoules, nanoseconds or milliwatts"},
      {"cost { event: SPIKE picojoules: 1" + tail + "cost { event: SPIKE picojoules: 2 nanoseconds: 1" + tail,
       "p.txtpb: cost of SPIKE: picojoules: is there twice"}};
  for (const auto &[text, message] : cases)
    EXPECT_TRUE(failsWith(parse(head + text), message)) << text;
}

TEST(Profiles, EnergyAndTimeOfAnEventMayHaveOwnEvidence) {
  auto profile = parse("name: 'x' cost { event: SPIKE picojoules: 1 evidence: MEASURED source: 'a' } "
                       "cost { event: SPIKE nanoseconds: 2 nanoseconds_high: 3 evidence: FITTED source: 'b' } "
                       "cost { event: CHIP_POWERED milliwatts: 5 evidence: DERIVED source: 'c' }");
  ASSERT_TRUE(succeeds(profile));
  const Cost &spike = profile->cost(Event::Spike);
  EXPECT_EQ(spike.picojoules->low, 1);
  EXPECT_EQ(spike.picojoules->high, 1);
  EXPECT_EQ(spike.picojoules->evidence, "measured");
  EXPECT_EQ(spike.nanoseconds->low, 2);
  EXPECT_EQ(spike.nanoseconds->high, 3);
  EXPECT_EQ(spike.nanoseconds->source, "b");
  EXPECT_FALSE(spike.milliwatts);
  EXPECT_EQ(profile->cost(Event::ChipPowered).milliwatts->low, 5);
  EXPECT_FALSE(profile->cost(Event::Gate).picojoules);
}

TEST(Profiles, Keys) {
  EXPECT_STREQ(eventKey(Event::SynapseDense), "synapse_dense");
  EXPECT_STREQ(eventKey(Event::ChipPowered), "chip_powered");
  EXPECT_STREQ(eventText(Event::HopChip), "hops between chips");
  EXPECT_STREQ(operationKey(Operation::AndAccumulate), "and_accumulate");
  EXPECT_STREQ(operationText(Operation::HaltingSum), "halting-weighted sums");
}
