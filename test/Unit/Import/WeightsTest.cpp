//===- WeightsTest.cpp - Scans of values, and reports ---------------------===//
//
// Part of stas, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "PickleWriter.h"
#include "stas/Import/Layout.h"

#include "llvm/ADT/STLExtras.h"
#include "gtest/gtest.h"

#include <algorithm>
#include <cmath>
#include <limits>

using namespace stas::import;
using namespace stas::test;

namespace {
template <typename T> ValueScan scan(DType dtype, const std::vector<T> &values, TensorRef tensor = {}) {
  std::string bytes = "x"; // unaligned on purpose
  for (T value : values)
    bytes += bytesOf(value);
  tensor.dtype = dtype;
  tensor.offset = 1;
  if (tensor.shape.empty()) {
    tensor.shape = {static_cast<int64_t>(values.size())};
    tensor.strides = {1};
  }
  return scanValues(tensor, bytes);
}
} // namespace

TEST(Weights, NotFinite) {
  float inf = std::numeric_limits<float>::infinity();
  EXPECT_EQ(scan<float>(DType::F32, {1, -inf, NAN, inf, std::numeric_limits<float>::max()}).notFinite, 3);
  EXPECT_EQ(scan<double>(DType::F64, {1, NAN, 1e308}).notFinite, 1);
  // 65504 (the largest), infinity, a NaN; in bfloat16 3.4e38, infinity, a NaN.
  EXPECT_EQ(scan<uint16_t>(DType::F16, {0x7bff, 0x7c00, 0xfe00}).notFinite, 2);
  EXPECT_EQ(scan<uint16_t>(DType::BF16, {0x7f7f, 0xff80, 0x7fc0}).notFinite, 2);
}

TEST(Weights, Negative) {
  EXPECT_EQ(scan<float>(DType::F32, {1, -0.0f, -1e-30f, 0}).negative, 1);
  EXPECT_EQ(scan<uint16_t>(DType::F16, {0x8000, 0x8001, 0x3c00}).negative, 1);
}

TEST(Weights, StridedViews) {
  // Columns 0 and 1 of a 3x4 matrix: the NaN in column 2 is not part of it.
  TensorRef view;
  view.shape = {2, 3};
  view.strides = {1, 4};
  std::vector<float> matrix(12, 1.0f);
  matrix[2] = NAN;
  EXPECT_EQ(scan(DType::F32, matrix, view).notFinite, 0);
  matrix[9] = NAN;
  EXPECT_EQ(scan(DType::F32, matrix, view).notFinite, 1);
  // A dimension of stride 0 repeats its elements; each is looked at once.
  view.shape = {1 << 20, 3};
  view.strides = {0, 4};
  matrix[8] = NAN;
  EXPECT_EQ(scan(DType::F32, matrix, view).notFinite, 1);
}

TEST(Weights, Empty) {
  TensorRef empty;
  empty.shape = {0, 3};
  empty.strides = {3, 1};
  EXPECT_EQ(scan<float>(DType::F32, {}, empty).notFinite, 0);
}

TEST(Weights, TooManyBlocks) {
  Checkpoint checkpoint;
  checkpoint.path = "m.pth";
  checkpoint.tensors.resize(130);
  for (auto [i, tensor] : llvm::enumerate(checkpoint.tensors))
    tensor.key = "block." + std::to_string(i) + ".attn.q_linear.weight";
  checkpoint.tensors.back().key = "patch_embed.proj_conv.weight";
  Report report;
  EXPECT_FALSE(readLayout(checkpoint, report));
  EXPECT_EQ(report.getProblems().front().str(),
            "m.pth: required up to 128 blocks, found 129; check that the file holds one model");
}

TEST(Report, Text) {
  Report report;
  report.note("a note");
  report.problem("f", "layer x", "R", "F", "A");
  report.problem("f", "", "R", "");
  std::string text;
  llvm::raw_string_ostream os(text);
  report.print(os, "tool");
  EXPECT_EQ(text, "tool: note: a note\ntool: error: f: layer x: required R, found F; A\ntool: error: f: required R\n");
  EXPECT_EQ(report.toJSON().getArray("problems")->size(), 2u);
}

TEST(Report, Flood) {
  Report report;
  for (int i = 0; i < 1002; ++i)
    report.problem("f", "", "R", "F");
  std::string text;
  llvm::raw_string_ostream os(text);
  report.print(os, "t");
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 1001);
  EXPECT_TRUE(llvm::StringRef(text).ends_with("t: error: and 2 more\n"));
}

TEST(Report, Printable) {
  EXPECT_EQ(printable("a\x1b[0m\n"), "a\\x1b[0m\\x0a");
  EXPECT_EQ(printable("\xff"), "\\xff");
  EXPECT_EQ(printable("\xc3\xa9"), "\xc3\xa9");
  EXPECT_EQ(printable("abcdef", 3), "abc...");
}
