//===- ConstantsTest.cpp - Constants made from the checkpoint -------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "TestModel.h"
#include "dialects/STAS/STASDialect.h"
#include "dialects/Spike/SpikeDialect.h"
#include "mlir/IR/MLIRContext.h"
#include "stas/Target/CPU/Emit.h"
#include <cmath>
#include <gtest/gtest.h>

using namespace stas;
using namespace stas::spike;
using llvm::ArrayRef;

namespace {

class ConstantsTest : public testing::Test {
protected:
  void SetUp() override { context.loadDialect<STASDialect, SpikeDialect>(); }

  /// A weight of these values.
  WeightAttr weight(const std::string &name, std::vector<int64_t> shape, const std::vector<float> &values) {
    folder.write(name, values.data(), values.size() * sizeof(float));
    auto type = mlir::RankedTensorType::get(shape, mlir::Float32Type::get(&context));
    return WeightAttr::get(&context, name, name, 0, {}, type);
  }
  std::vector<float> materialize(ConstantKind kind, int64_t channels, int64_t lanes, WeightAttr rows, NormAttr norm) {
    WeightReader reader(folder.path());
    auto values = stas::materialize(PackAttr::get(&context, kind, channels, lanes, rows, norm), reader);
    EXPECT_TRUE(bool(values)) << llvm::toString(values.takeError());
    return values ? std::move(*values) : std::vector<float>();
  }
  NormAttr norm(double unit, WeightAttr bias, WeightAttr gamma, WeightAttr beta, WeightAttr mean, WeightAttr var,
                double eps) {
    return NormAttr::get(&context, unit, bias, gamma, beta, mean, var, eps);
  }

  mlir::MLIRContext context;
  TestFolder folder;
};

TEST_F(ConstantsTest, RowsAreTransposedAndPadded) {
  auto w = weight("w", {3, 2}, {1, 2, 3, 4, 5, 6});
  EXPECT_EQ(materialize(ConstantKind::Rows, 3, 4, w, {}), (std::vector<float>{1, 3, 5, 0, 2, 4, 6, 0}));
}

TEST_F(ConstantsTest, WindowsRunOverRowColumnChannel) {
  // [C' = 2, C = 3, KH = 2, KW = 2], each value its index.
  std::vector<float> values(24);
  for (int i = 0; i < 24; ++i)
    values[i] = i;
  auto rows = materialize(ConstantKind::Rows, 2, 8, weight("w", {2, 3, 2, 2}, values), {});
  ASSERT_EQ(rows.size(), 12u * 8);
  for (int y = 0; y < 2; ++y)
    for (int x = 0; x < 2; ++x)
      for (int c = 0; c < 3; ++c)
        for (int n = 0; n < 8; ++n)
          EXPECT_EQ(rows[((y * 2 + x) * 3 + c) * 8 + n], n < 2 ? ((n * 3 + c) * 2 + y) * 2 + x : 0) << y << x << c << n;
}

TEST_F(ConstantsTest, NothingFoldedIsOneAndZero) {
  EXPECT_EQ(materialize(ConstantKind::Scale, 3, 4, {}, {}), (std::vector<float>{1, 1, 1, 0}));
  EXPECT_EQ(materialize(ConstantKind::Shift, 3, 4, {}, {}), (std::vector<float>{0, 0, 0, 0}));
  auto half = norm(0.5, {}, {}, {}, {}, {}, 0.0);
  EXPECT_EQ(materialize(ConstantKind::Scale, 3, 4, {}, half), (std::vector<float>{0.5, 0.5, 0.5, 0}));
}

TEST_F(ConstantsTest, BiasAlone) {
  auto attr = norm(1.0, weight("b", {2}, {3, -4}), {}, {}, {}, {}, 0.0);
  EXPECT_EQ(materialize(ConstantKind::Scale, 2, 2, {}, attr), (std::vector<float>{1, 1}));
  EXPECT_EQ(materialize(ConstantKind::Shift, 2, 2, {}, attr), (std::vector<float>{3, -4}));
}

TEST_F(ConstantsTest, BatchNormIsFoldedInDouble) {
  float bias = 0.1f, gamma = 1.7f, beta = -0.3f, mean = 1000.1f, var = 1e-4f;
  double eps = 1e-5;
  auto attr = norm(0.125, weight("b", {1}, {bias}), weight("g", {1}, {gamma}), weight("be", {1}, {beta}),
                   weight("m", {1}, {mean}), weight("v", {1}, {var}), eps);
  double ratio = double(gamma) / std::sqrt(double(var) + eps);
  EXPECT_EQ(materialize(ConstantKind::Scale, 1, 1, {}, attr)[0], static_cast<float>(0.125 * ratio));
  float shift = materialize(ConstantKind::Shift, 1, 1, {}, attr)[0];
  EXPECT_EQ(shift, static_cast<float>(double(beta) + (double(bias) - double(mean)) * ratio));
  // In f32 the difference would be rounded before it is scaled.
  EXPECT_NE(shift, beta + (bias - mean) * (gamma / std::sqrt(var + static_cast<float>(eps))));
}

TEST_F(ConstantsTest, MissingFileIsAnError) {
  auto type = mlir::RankedTensorType::get({2}, mlir::Float32Type::get(&context));
  auto none = WeightAttr::get(&context, "layer.bias", "none.bin", 0, {}, type);
  WeightReader reader(folder.path());
  for (ConstantKind kind : {ConstantKind::Scale, ConstantKind::Shift}) {
    auto pack = PackAttr::get(&context, kind, 2, 8, {}, norm(1.0, none, {}, {}, {}, {}, 0.0));
    auto values = stas::materialize(pack, reader);
    ASSERT_FALSE(bool(values));
    EXPECT_NE(llvm::toString(values.takeError()).find("'layer.bias'"), std::string::npos);
  }
}

} // namespace
