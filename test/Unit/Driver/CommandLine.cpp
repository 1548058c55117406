//===- CommandLine.cpp - Runs the driver as a user does -------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CommandLine.h"
#include "stas/Data/Npy.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <sys/wait.h>

using namespace stas;
using namespace stas::test;

Outcome test::stasIn(const TempFolder &folder, const std::string &arguments, const std::string &program) {
  TempFolder streams;
  std::string command = "cd '" + folder.path() + "' && '" + program + "' " + arguments + " >'" + (streams / "out") +
                        "' 2>'" + (streams / "err") + "'";
  int status = std::system(command.c_str());
  Outcome outcome;
  outcome.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  outcome.out = readAll(streams / "out");
  outcome.err = readAll(streams / "err");
  return outcome;
}

testing::AssertionResult test::refuses(const Outcome &outcome, const std::string &text) {
  bool oneLine = std::count(outcome.err.begin(), outcome.err.end(), '\n') == 1;
  size_t error = outcome.err.find("error: ");
  if (outcome.status == 1 && outcome.out.empty() && oneLine && error != std::string::npos &&
      outcome.err.find(text, error) != std::string::npos)
    return testing::AssertionSuccess();
  return testing::AssertionFailure() << "exit " << outcome.status << "\nout: " << outcome.out
                                     << "\nerr: " << outcome.err << "\nexpected: " << text;
}

testing::AssertionResult test::works(const Outcome &outcome) {
  if (outcome.status == 0 && outcome.err.empty())
    return testing::AssertionSuccess();
  return testing::AssertionFailure() << "exit " << outcome.status << ", " << outcome.err;
}

void DriverTest::SetUp() {
  toy.classes = 10;
  toy.resize(3, 32, 32);
  toy.write(folder / "toy.stas");
  images = toy.images(kImages);
  ASSERT_TRUE(succeeds(writeNpy(folder / "images.npy", NpyType::F32, {kImages, 3, 32, 32}, images.data())));
}

nlohmann::json DriverTest::json(const std::string &arguments) {
  Outcome outcome = stas(arguments + " --json");
  EXPECT_TRUE(works(outcome));
  return outcome.status == 0 ? nlohmann::json::parse(outcome.out) : nlohmann::json();
}

std::vector<int64_t> DriverTest::predictions() const {
  std::vector<int64_t> result;
  for (int64_t i = 0; i < kImages; ++i) {
    auto logits = toy.compute(images.data() + i * toy.pixels()).logits;
    result.push_back(std::max_element(logits.begin(), logits.end()) - logits.begin());
  }
  return result;
}
