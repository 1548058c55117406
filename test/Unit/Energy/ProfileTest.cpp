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
  EXPECT_EQ(profileNames(), (std::vector<std::string>{"cmos45", "cmos45-int32"}));
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
      {head + "price { operation: AC evidence: ASSUMED }", "evidence or source without picojoules"},
      {head + "price { operation: AC source: 's' }", "evidence or source without picojoules"}};
  for (const auto &[text, message] : cases)
    EXPECT_TRUE(failsWith(parse(text), message)) << text;
}

TEST(Profiles, Keys) {
  EXPECT_STREQ(operationKey(Operation::AndAccumulate), "and_accumulate");
  EXPECT_STREQ(operationText(Operation::HaltingSum), "halting-weighted sums");
}
