//===- EstimateTest.cpp - Operations and energy, counted by hand ----------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "stas/Energy/Estimate.h"
#include "../TestUtils.h"
#include "TestNetwork.h"

#include <nlohmann/json.hpp>

using namespace stas;
using namespace stas::energy;
using namespace stas::test;
using Json = nlohmann::json;

namespace {

constexpr Convention kConventions[] = {Convention::Counted, Convention::Strict};

class Estimates : public testing::Test {
protected:
  Estimates() : network(testNetwork()), rates(testRates()), profile(*loadProfile("cmos45")) {}
  Estimate measured() { return estimate(network, profile, &rates); }
  Estimate bounds() { return estimate(network, profile, nullptr); }
  Json json(const Estimate &estimate) {
    std::ostringstream out;
    printJson(out, estimate, "m.stas", "r.json");
    return Json::parse(out.str());
  }

  Network network;
  Rates rates;
  Profile profile;
};

void expectExactly(Interval found, double expected) {
  EXPECT_DOUBLE_EQ(found.low, expected);
  EXPECT_DOUBLE_EQ(found.high, expected);
}

void expectBetween(Interval found, double low, double high) {
  EXPECT_DOUBLE_EQ(found.low, low);
  EXPECT_DOUBLE_EQ(found.high, high);
}

} // namespace

TEST_F(Estimates, RealInputsMultiply) {
  Estimate result = measured();
  const LayerEstimate &conv = result.layers[Conv];
  for (Convention convention : kConventions) {
    expectExactly(conv.charge(convention).of(Operation::Mac), 4 * 9 * 4);
    expectExactly(conv.charge(convention).of(Operation::Ac), 0);
    expectExactly(conv.charge(convention).picojoules, 4.6 * 144);
  }
  // Of the 9 taps of each of the 4 positions, 4 meet the map.
  expectExactly(conv.padding, 4 * 5 * 4);
  // 16 neurons that run twice on the current of one timestep.
  expectExactly(conv.counted.of(Operation::NeuronUpdate), 32);
  expectExactly(result.layers[Head].counted.of(Operation::Mac), 15);
  expectExactly(result.layers[Head].counted.of(Operation::NeuronUpdate), 0);
}

TEST_F(Estimates, CountsAddAndGradedInputsMultiply) {
  Estimate result = measured();
  const LayerEstimate &linear = result.layers[Linear];
  // 16 of n over 4 images, fan-out 3.
  expectExactly(linear.counted.of(Operation::Ac), 12);
  expectExactly(linear.counted.of(Operation::Mac), 0);
  // 10 rows over 4 images, 4 * 3 each: two inputs were neither 0 nor 1.
  expectExactly(linear.strict.of(Operation::Mac), 30);
  expectExactly(linear.strict.of(Operation::Ac), 0);
  expectExactly(linear.denseMacs, 30);
  expectExactly(linear.active, 10 / 16.0);
  expectExactly(linear.input, 16 / 40.0);
  // The rule: fr * MACs.
  EXPECT_DOUBLE_EQ(linear.input.low * linear.denseMacs.low, linear.counted.sops.low);
  expectExactly(linear.counted.of(Operation::NeuronUpdate), 7.5);
}

TEST_F(Estimates, SpikesAddUnderBothConventions) {
  rates.layers[Linear].inputs = {{8, 10, 10, 0, 10}, {2, 4, 4, 0, 4}};
  Estimate result = measured();
  const LayerEstimate &linear = result.layers[Linear];
  for (Convention convention : kConventions) {
    expectExactly(linear.charge(convention).of(Operation::Ac), 14 / 4.0 * 3);
    expectExactly(linear.charge(convention).of(Operation::Mac), 0);
  }
}

TEST_F(Estimates, MeansCountTheSpikesTheyAreMadeOf) {
  Estimate result = measured();
  const LayerEstimate &mean = result.layers[Mean];
  // 20 halves over 4 images; 16 MACs for 16 inputs: a fan-out of 1 each.
  expectExactly(mean.counted.of(Operation::Ac), 5);
  expectExactly(mean.input, 20 / 64.0);
  // Stride 2 leaves three of four positions out: 5 of n are reached, each by 4 channels.
  expectExactly(mean.padding, 0);
  // Halves multiply where spikes do not; a mean of 0 or 1 everywhere is spikes again.
  expectExactly(mean.strict.of(Operation::Mac), 16);
  rates.layers[Mean].inputs = {{4, 20, 10, 0, 5}};
  expectExactly(measured().layers[Mean].strict.of(Operation::Ac), 2.5);
}

TEST_F(Estimates, AttentionCountsPairsThatMeet) {
  Estimate result = measured();
  const LayerEstimate &attention = result.layers[Attention];
  for (Convention convention : kConventions)
    expectExactly(attention.charge(convention).of(Operation::AndAccumulate), (6 + 8 + 1 + 1) / 4.0);
  expectExactly(attention.counted.picojoules, 0.9 * 4);
  expectExactly(attention.otherWay, (9 + 7 + 1 + 1) / 4.0);
  // 12 rows over 4 images, 2 products of N * D = 12 each.
  expectExactly(attention.denseMacs, 72);
  expectExactly(attention.input, 4 / 72.0);
}

TEST_F(Estimates, TotalsAndWhatHasNoPrice) {
  Estimate result = measured();
  expectExactly(result.counted.of(Operation::HaltingScore), 2.5);
  expectExactly(result.counted.of(Operation::HaltingSum), 7.5);
  expectExactly(result.counted.sops, 144 + 5 + 12 + 4 + 15);
  expectExactly(result.counted.picojoules, 4.6 * (144 + 15) + 0.9 * (5 + 12 + 4));
  expectExactly(result.strict.picojoules, 4.6 * (144 + 16 + 30 + 15) + 0.9 * 4);
  EXPECT_EQ(result.unpriced(),
            (std::vector<Operation>{Operation::NeuronUpdate, Operation::HaltingScore, Operation::HaltingSum}));
  profile.prices[static_cast<size_t>(Operation::NeuronUpdate)] = Price{2, "assumed", "for the test"};
  EXPECT_EQ(measured().unpriced().size(), 2u);
  double updates = 32 + 4 + 7.5 + 12 / 4.0 * 6;
  expectExactly(measured().counted.picojoules, 4.6 * 159 + 0.9 * 21 + 2 * updates);
}

TEST_F(Estimates, BoundsHoldWhateverTheRates) {
  Estimate result = bounds();
  EXPECT_FALSE(result.isMeasured());
  // What is certain is one figure.
  expectExactly(result.layers[Conv].counted.of(Operation::Mac), 144);
  expectExactly(result.layers[Head].strict.of(Operation::Mac), 15);
  const LayerEstimate &linear = result.layers[Linear];
  // All tokens run block 0 at the first timestep; at the second none may.
  expectBetween(linear.active, 0.5, 1);
  expectBetween(linear.input, 0, 2);
  expectBetween(linear.counted.of(Operation::Ac), 0, 2 * 48);
  // Either all multiply or spikes add, not both.
  expectBetween(linear.strict.sops, 0, 48);
  expectBetween(linear.strict.picojoules, 0, 4.6 * 48);
  expectBetween(result.layers[Mean].counted.of(Operation::Ac), 0, 32);
  expectBetween(result.layers[Attention].counted.sops, 0, 2 * 2 * 24);
  expectBetween(result.counted.of(Operation::HaltingScore), 2, 4);
  network.layers[Linear].block = 1;
  expectBetween(bounds().layers[Linear].active, 0, 1);
  network.layers[Linear].max = 1;
  expectBetween(bounds().layers[Linear].strict.of(Operation::Mac), 0, 0);
  expectBetween(bounds().layers[Linear].strict.picojoules, 0, 0.9 * 48);
}

TEST_F(Estimates, Text) {
  std::ostringstream out;
  printText(out, measured(), "m.stas", "r.json");
  for (const char *part :
       {"model    m.stas: test.pth (stas, T = 2)\n", "rates    measured on 4 images (r.json)\n",
        "profile  cmos45: 45 nm CMOS, fp32, the rule of the papers\n",
        "  conv       real    100.0%         144           144  MAC  0.7          144  MAC  0.7\n",
        "  linear     0.4000   62.5%          30            12  AC   0.0           30  MAC  0.1\n",
        "  attention  0.0556   75.0%          72             4  AND  0.0            4  AND  0.0\n",
        "  neuron updates              62      62  no price\n",
        "  accumulates                 17       0  0.9 pJ    published: Horowitz",
        "The energy is a lower bound: cmos45 has no price for neuron updates, halting scores, halting-weighted sums.\n",
        "Attention is charged as (q k^T) v; q (k^T v) would take 5 AND-accumulates.\n",
        "Taps on padding are charged, as papers do: 44.4% of the SOPs counted.\n"})
    EXPECT_NE(out.str().find(part), std::string::npos) << part << "\nin\n" << out.str();
  std::ostringstream unknown;
  printText(unknown, bounds(), "m.stas", "");
  for (const char *part : {"rates    not measured: bounds,", "0 - 2  ", "50 - 100%", "  0 - 96  AC", "  MAC or AC  "})
    EXPECT_NE(unknown.str().find(part), std::string::npos) << part << "\nin\n" << unknown.str();
  EXPECT_EQ(unknown.str().find("padding"), std::string::npos);
}

TEST_F(Estimates, Json) {
  auto result = json(measured());
  EXPECT_EQ(result["measured"], true);
  EXPECT_EQ(result["images"], 4);
  EXPECT_EQ(result["layers"][Linear]["counted"]["ac"], 12);
  EXPECT_EQ(result["layers"][Conv]["input"], "real");
  EXPECT_EQ(result["layers"][Attention]["and_accumulate_q_kv"], 4.5);
  EXPECT_EQ(result["layers"][Halting]["kind"], "halting");
  EXPECT_EQ(result["total"]["counted"]["sops"], 180);
  EXPECT_EQ(result["total"]["padding_sops"], 80);
  EXPECT_EQ(result["profile"]["prices"]["mac"]["evidence"], "derived");
  EXPECT_EQ(result["unpriced"], (std::vector<std::string>{"neuron_update", "halting_score", "halting_sum"}));
  EXPECT_EQ(result["lower_bound"], true);
  result = json(bounds());
  EXPECT_EQ(result["measured"], false);
  EXPECT_FALSE(result.contains("images"));
  EXPECT_EQ(result["layers"][Linear]["counted"]["ac"], (std::vector<double>{0, 96}));
}

TEST_F(Estimates, NothingThatRanIsNothing) {
  for (LayerRates &layer : rates.layers) {
    for (InputCounts &step : layer.inputs)
      step = {};
    for (CoincidenceCounts &step : layer.coincidences)
      step = {};
  }
  Estimate result = measured();
  expectExactly(result.counted.sops, 0);
  expectExactly(result.layers[Linear].input, 0);
  std::ostringstream out;
  printText(out, result, "m", "r");
  EXPECT_EQ(out.str().find("nan"), std::string::npos);
}
