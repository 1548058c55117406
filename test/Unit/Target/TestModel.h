//===- TestModel.h - Small models, compiled and interpreted -----*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Writes a model of the spike dialect as text, with drawn weights; runs it by
// the interpreter and by an artifact, and hands back what both saw.
//
//===----------------------------------------------------------------------===//
#ifndef STAS_TEST_UNIT_TARGET_TESTMODEL_H
#define STAS_TEST_UNIT_TARGET_TESTMODEL_H

#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringRef.h"
#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <vector>

/// A folder that is removed at the end.
class TestFolder {
public:
  TestFolder();
  ~TestFolder();
  std::string path() const { return folder.str().str(); }
  std::string file(const std::string &name) const { return path() + "/" + name; }
  void write(const std::string &name, const void *data, size_t size) const;

private:
  llvm::SmallString<128> folder;
};

/// The functions' text and the weights that it refers to, drawn as multiples of 1/8, so that sums are exact in f32
/// whatever their order.
class ModelWriter {
public:
  explicit ModelWriter(unsigned seed) : random(seed) {}
  /// `#stas.weight` of this shape, values in [low, high] in steps of 1/8, or of any size between where not `exact`.
  std::string weight(const std::vector<int64_t> &shape, double low, double high, bool exact = true);
  /// `#spike.norm` of batch normalisation for `channels`, whose variance makes the root exact.
  std::string norm(int64_t channels);
  const std::vector<float> &weights() const { return values; }
  std::mt19937 &generator() { return random; }

private:
  std::mt19937 random;
  std::vector<float> values;
};

/// What a model did with a batch.
struct Outcome {
  std::vector<float> logits;                          ///< [B, classes]
  std::vector<int32_t> steps;                         ///< [B, N] of a halting model
  std::map<std::string, std::vector<uint8_t>> spikes; ///< layer: [B, T, H, W, C] or [B, T, N, D]
  std::map<std::string, int64_t> runs;                ///< layer: how often its kernel ran; of artifacts
};

struct TestModel {
  std::string text;
  std::vector<float> weights;
  std::vector<int64_t> image; ///< [C, H, W]
  int64_t timesteps;
};

/// By the interpreter, as it stands or with its halting as a time loop. Both functions fail the running test where
/// something goes wrong.
Outcome interpretModel(const TestModel &model, const std::vector<float> &images, bool lowerHalting = false);
/// By an artifact for `cpu` with these kernels where they serve, with one thread and with several, in memory that holds
/// a pattern at first. Runs without an observer must give the same bits.
std::vector<Outcome> compileAndRun(const TestModel &model, const std::vector<float> &images, llvm::StringRef cpu,
                                   const std::vector<std::string> &kernels = {});

#endif // STAS_TEST_UNIT_TARGET_TESTMODEL_H
