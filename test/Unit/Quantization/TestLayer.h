//===- TestLayer.h - Recipes with values given in the test ------*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef STAS_TEST_UNIT_QUANTIZATION_TESTLAYER_H
#define STAS_TEST_UNIT_QUANTIZATION_TESTLAYER_H

#include "../TestUtils.h"
#include "dialects/STAS/STASDialect.h"
#include "dialects/Spike/SpikeDialect.h"
#include "mlir/IR/MLIRContext.h"
#include "stas/Quantization/QuantizedLayer.h"
#include <gtest/gtest.h>

namespace stas {
namespace test {

/// What a test says of a neuron; the defaults are Spikformer's.
struct NeuronSpec {
  double tau = 2.0, threshold = 1.0, resetTo = 0.0;
  ResetKind reset = ResetKind::Hard;
  bool decayInput = true;
  CompareKind compare = CompareKind::GE;
};

/// Recipes whose weights are written to files, in double.
class QuantTest : public testing::Test {
protected:
  QuantTest() : reader(folder.path()) { context.loadDialect<STASDialect, spike::SpikeDialect>(); }

  /// Values of a tensor, in a file of their own.
  WeightAttr vector(llvm::ArrayRef<int64_t> shape, const std::vector<double> &values) {
    return place(write(values), 0, shape);
  }
  LIFAttr lif(NeuronSpec spec = {}) {
    return LIFAttr::get(&context, spec.tau, spec.threshold, spec.resetTo, spec.reset, spec.decayInput, spec.compare);
  }
  spike::NormAttr norm(double unit = 1.0, WeightAttr bias = {}) {
    return spike::NormAttr::get(&context, unit, bias, {}, {}, {}, {}, 0.0);
  }
  /// Batch normalisation with mean 0 and variance 1 (eps makes no difference): scale gamma, shift beta.
  spike::NormAttr batchNorm(const std::vector<double> &gamma, const std::vector<double> &beta) {
    int64_t channels = gamma.size();
    std::vector<double> all(gamma);
    all.insert(all.end(), beta.begin(), beta.end());
    all.resize(3 * channels, 0.0);
    all.resize(4 * channels, 1.0);
    std::string file = write(all);
    auto part = [&](int64_t index) { return place(file, index * channels, channels); };
    return spike::NormAttr::get(&context, 1.0, {}, part(0), part(1), part(2), part(3), 1e-300);
  }
  spike::QuantAttr quant(WeightAttr weight, spike::NormAttr norm, LIFAttr neuron, int64_t steps, int64_t bits = 16,
                         int64_t guard = 0, int64_t stateBits = 32, int64_t inputMax = 1, double inputUnit = 1.0) {
    return spike::QuantAttr::get(&context, weight, norm, neuron, inputUnit, inputMax, steps, bits, guard, stateBits);
  }
  /// The same recipe with another guard.
  spike::QuantAttr withGuard(spike::QuantAttr q, int64_t guard) {
    return quant(q.getWeight(), q.getNorm(), q.getNeuron(), q.getSteps(), q.getBits(), guard, q.getStateBits(),
                 q.getInputMax(), q.getInputUnit());
  }

  QuantizedLayer layer(spike::QuantAttr quant) {
    auto layer = quantizeLayer(quant, reader);
    EXPECT_TRUE(bool(layer)) << llvm::toString(layer.takeError());
    return layer ? std::move(*layer) : QuantizedLayer();
  }
  int64_t guard(spike::QuantAttr quant) {
    auto guard = chooseGuard(quant, reader);
    EXPECT_TRUE(bool(guard)) << llvm::toString(guard.takeError());
    return guard ? *guard : -1;
  }
  template <typename T> std::string errorOf(llvm::Expected<T> result) {
    return result ? "no error" : llvm::toString(result.takeError());
  }

  std::string write(const std::vector<double> &values) {
    std::string name = "w" + std::to_string(files++);
    std::ofstream(folder / name, std::ios::binary)
        .write(reinterpret_cast<const char *>(values.data()), values.size() * sizeof(double));
    return name;
  }
  /// The tensor after the first `skipped` values of a file.
  WeightAttr place(const std::string &name, int64_t skipped, llvm::ArrayRef<int64_t> shape) {
    auto type = mlir::RankedTensorType::get(shape, mlir::Float64Type::get(&context));
    return WeightAttr::get(&context, name, name, skipped * sizeof(double), {}, type);
  }

  TempFolder folder;
  mlir::MLIRContext context;
  WeightReader reader;
  int files = 0;
};

} // namespace test
} // namespace stas

#endif // STAS_TEST_UNIT_QUANTIZATION_TESTLAYER_H
