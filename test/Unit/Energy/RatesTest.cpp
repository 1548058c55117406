//===- RatesTest.cpp - Rates files, right and wrong -----------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "../TestUtils.h"
#include "TestNetwork.h"

#include <nlohmann/json.hpp>

using namespace stas;
using namespace stas::energy;
using namespace stas::test;
using Json = nlohmann::json;

namespace {

class RatesFile : public testing::Test {
protected:
  RatesFile() : network(testNetwork()), good(Json::parse(toJson(network, testRates()))) {}

  Result<Rates> read(const std::string &text) {
    writeAll(folder / "r.json", text);
    return readRates(folder / "r.json", network);
  }
  /// What is said of the file after a change.
  template <typename Change> void refused(Change change, const std::string &message) {
    Json json = good;
    change(json);
    EXPECT_TRUE(failsWith(read(json.dump()), message));
  }

  TempFolder folder;
  Network network;
  Json good;
};

} // namespace

TEST_F(RatesFile, KeepsEveryCount) {
  Rates rates = testRates();
  auto found = read(good.dump());
  ASSERT_TRUE(succeeds(found));
  EXPECT_EQ(found->images, rates.images);
  EXPECT_EQ(found->source, network.source);
  found->neurons = rates.neurons; // for people alone
  EXPECT_EQ(toJson(network, *found), toJson(network, rates));
  EXPECT_EQ(good["inputs"]["linear"]["mean"], 0.4);
  EXPECT_EQ(good["inputs"]["mean"]["mean"], 20 / 64.0);
  EXPECT_EQ(good["inputs"]["conv"], (Json{{"rows", {16}}}));
  EXPECT_EQ(good["layers"]["lif"]["rate"], 4 / (6.0 * 2 * 4));
  EXPECT_EQ(good["layers"]["lif"]["steps_run"], 5);
}

TEST_F(RatesFile, IsNoJson) {
  EXPECT_TRUE(failsWith(readRates(folder / "none.json", network), "none.json: cannot open"));
  EXPECT_TRUE(failsWith(read(""), "r.json: line 1: required JSON, found"));
  EXPECT_TRUE(failsWith(read("{\n\"images\": NaN}"), "r.json: line 2: required JSON, found '\"images\": N'"));
  EXPECT_TRUE(failsWith(read("{\n\n\"a\": 1e999}"), "r.json: line 3: required JSON, found '1e999'"));
  EXPECT_TRUE(failsWith(read("{\"a\": 1, \"a\": 2}"), "r.json: key 'a' is there twice"));
  EXPECT_TRUE(failsWith(read(std::string(100000, '[')), "r.json: nested more than 16 levels deep"));
  std::string cut = good.dump();
  EXPECT_TRUE(failsWith(read(cut.substr(0, cut.size() / 2)), "r.json: line 1: required JSON"));
  EXPECT_TRUE(failsWith(read("{\"\x80\": 1}"), "r.json: line 1: required JSON"));
}

TEST_F(RatesFile, IsAnother) {
  EXPECT_TRUE(failsWith(read("[]"), "r.json: required the rates that stas run --rates writes"));
  EXPECT_TRUE(failsWith(read("{\"images\": 7, \"layers\": {}}"), "(\"format\": \"stas-rates\"), found another file"));
  refused([](Json &j) { j["format"] = 1; }, "found another file");
  refused([](Json &j) { j["version"] = 2; }, "version: required a whole number from 1 to 1, found 2");
  refused([](Json &j) { j["version"] = "1"; }, "version: required a whole number from 1 to 1, found \"1\"");
  refused([](Json &j) { j.erase("version"); }, "version: required a number, found none");
  refused([](Json &j) { j["images"] = 0; }, "images: required a whole number from 1 to ");
  refused([](Json &j) { j["images"] = -4; }, "found -4");
  refused([](Json &j) { j["images"] = 4.5; }, "found 4.5");
  refused([](Json &j) { j.erase("inputs"); },
          "inputs: required an object of layers, found none; it was measured on 'test.pth': measure this model, of "
          "'test.pth', with stas run --rates");
  refused([](Json &j) { j.erase("source"); }, "source: required the name of the model that was measured, found none");
  refused([](Json &j) { j["source"] = 3; }, "source: required the name of the model that was measured, found 3");
  refused([](Json &j) { j["attention"] = 3; }, "attention: required an object of layers, found 3");
  refused([](Json &j) { j["inputs"].erase("linear"); }, "inputs.linear: required the counts of this layer, found none");
  refused([](Json &j) { j["halting"].erase("block.halting"); }, "halting.block.halting: required the counts");
  refused([](Json &j) { j["inputs"]["linear"] = Json::array(); }, "inputs.linear: required the counts of this layer, "
                                                                  "found a list of 0");
  refused([](Json &j) { j["inputs"]["fc3"] = j["inputs"]["linear"]; }, "inputs: the model has no layer 'fc3'");
  refused([](Json &j) { j["halting"]["linear"] = Json::object(); }, "halting: the model has no layer 'linear'");
}

TEST_F(RatesFile, HasListsThatDoNotFit) {
  refused([](Json &j) { j["inputs"]["linear"].erase("sum"); },
          "inputs.linear.sum: required a list of 2 counts, one a timestep, found none");
  refused([](Json &j) { j["inputs"]["linear"]["sum"] = {1, 2, 3}; },
          "inputs.linear.sum: required a list of 2 counts, one "
          "a timestep, found a list of 3");
  refused([](Json &j) { j["inputs"]["linear"]["sum"] = 12; }, "inputs.linear.sum: required a list of 2 counts, one a "
                                                              "timestep, found 12");
  refused([](Json &j) { j["inputs"]["linear"]["rate"] = {1, 2}; }, "inputs.linear: key 'rate' is unknown");
  refused([](Json &j) { j["inputs"]["conv"]["sum"] = {1}; }, "inputs.conv: key 'sum' is unknown");
  refused([](Json &j) { j["inputs"]["linear"]["sum"][1] = -4; },
          "inputs.linear.sum[1]: required a whole number from 0 to 9007199254740992, found -4");
  refused([](Json &j) { j["inputs"]["linear"]["sum"][0] = 0.5; },
          "inputs.linear.sum[0]: required a whole number from 0");
  refused([](Json &j) { j["inputs"]["linear"]["sum"][0] = nullptr; }, "found null");
  refused([](Json &j) { j["inputs"]["linear"]["sum"][0] = "12"; }, "found \"12\"");
  refused([](Json &j) { j["inputs"]["linear"]["sum"][0] = ~0ull; }, "found 18446744073709551615");
}

TEST_F(RatesFile, HasCountsThatCannotBe) {
  auto input = [&](const char *layer, const char *key, uint64_t value, const std::string &message) {
    refused([&](Json &j) { j["inputs"][layer][key][0] = value; },
            std::string("inputs.") + layer + " at timestep 0." + message);
  };
  input("linear", "rows", 9, "rows: required 0 to 8, found 9");
  input("conv", "rows", 17, "rows: required 0 to 16, found 17");
  input("linear", "nonzero", 33, "nonzero: required 0 to 32, found 33");
  input("linear", "graded", 11, "graded: required 0 to 10, found 11");
  input("linear", "sum", 9, "sum: required 10 to 20, found 9");
  input("linear", "sum", 21, "sum: required 10 to 20, found 21");
  input("linear", "taps", 11, "taps: required 12 to 12, found 11");
  input("mean", "nonzero", 65, "nonzero: required 0 to 64, found 65");
  input("mean", "taps", 21, "taps: required 0 to 20, found 21");
  network.layers[Linear].max = 1;
  input("linear", "graded", 2, "graded: required 0 to 0, found 2");
  auto pair = [&](const char *key, uint64_t value, const char *message) {
    refused([&](Json &j) { j["attention"]["attention"][key][1] = value; },
            std::string("attention.attention at timestep 1.") + message);
  };
  network.layers[Linear].max = 2;
  pair("rows", 9, "rows: required 0 to 8, found 9");
  pair("queries", 25, "queries: required 0 to 24, found 25");
  pair("keys", 25, "keys: required 0 to 24");
  pair("values", 25, "values: required 0 to 24");
  pair("query_key", 5, "query_key: required 0 to 4, found 5");
  pair("score_value", 5, "score_value: required 0 to 4, found 5");
  pair("key_value", 7, "key_value: required 0 to 6, found 7");
  pair("query_table", 7, "query_table: required 0 to 6, found 7");
  refused([](Json &j) { j["halting"]["block.halting"]["rows"][0] = 9; },
          "halting.block.halting at timestep 0.rows: required 0 to 8, found 9");
}

TEST_F(RatesFile, DamagedAnywhereIsAnErrorOrOtherCounts) {
  const std::string text = good.dump();
  Random random(5);
  for (int i = 0; i < 3000; ++i) {
    std::string damaged = text;
    for (uint64_t changes = 1 + random.below(4); changes > 0; --changes)
      damaged[random.below(damaged.size())] = static_cast<char>(random.below(256));
    if (auto rates = read(damaged)) {
      EXPECT_EQ(rates->layers.size(), network.layers.size());
      EXPECT_EQ(rates->layers[Linear].inputs.size(), 2u);
    }
  }
}
