//===- CommandLine.h - Runs the driver as a user does -----------*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef STAS_TEST_UNIT_DRIVER_COMMANDLINE_H
#define STAS_TEST_UNIT_DRIVER_COMMANDLINE_H

#include "../TestUtils.h"
#include "../Toy/ToyModel.h"

#include <nlohmann/json_fwd.hpp>

#include <string>

namespace stas {
namespace test {

/// What a command printed, and how it ended.
struct Outcome {
  int status;
  std::string out, err;
};

/// Runs `stas ARGUMENTS` through a shell, in a folder.
Outcome stasIn(const TempFolder &folder, const std::string &arguments, const std::string &program = STAS_PROGRAM);

/// Whether a command failed with exit status 1, printed nothing on standard
/// output, and one line on standard error that ends an `error:` with the text.
testing::AssertionResult refuses(const Outcome &outcome, const std::string &text);
testing::AssertionResult works(const Outcome &outcome);

/// A folder with an artifact of a toy model of 3x32x32 pixels and 10 classes,
/// and images for it.
class DriverTest : public testing::Test {
protected:
  static constexpr int64_t kImages = 7;

  void SetUp() override;
  Outcome stas(const std::string &arguments) { return stasIn(folder, arguments); }
  /// What `stas ARGUMENTS --json` prints; null where it fails, which fails the
  /// test.
  nlohmann::json json(const std::string &arguments);
  /// The labels that the toy gives the images.
  std::vector<int64_t> predictions() const;

  TempFolder folder;
  ToyModel toy;
  std::vector<float> images; ///< As in images.npy, [7, 3, 32, 32].
};

} // namespace test
} // namespace stas

#endif // STAS_TEST_UNIT_DRIVER_COMMANDLINE_H
