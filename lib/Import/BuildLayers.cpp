//===- BuildLayers.cpp - Single layers as ops -----------------------------===//
//
// Part of stas, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ModelBuilder.h"

using namespace mlir;
using namespace stas;
using namespace stas::import;

/// PyTorch's default, which every published model keeps.
static constexpr double kNormEps = 1e-5;

Location ModelBuilder::at(const llvm::Twine &module) const { return NameLoc::get(builder.getStringAttr(module)); }

static Type elementType(OpBuilder &builder, DType dtype) {
  switch (dtype) {
  case DType::F16:
    return builder.getF16Type();
  case DType::BF16:
    return builder.getBF16Type();
  case DType::F64:
    return builder.getF64Type();
  default: // checkWeights lets only real numbers through
    return builder.getF32Type();
  }
}

WeightAttr ModelBuilder::weight(const llvm::Twine &key, unsigned unit) const {
  std::string name = key.str();
  const TensorRef &tensor = source.weights[name];
  auto type =
      RankedTensorType::get(llvm::ArrayRef<int64_t>(tensor.shape).drop_back(unit), elementType(builder, tensor.dtype));
  llvm::ArrayRef<int64_t> strides;
  if (!tensor.isContiguous())
    strides = llvm::ArrayRef<int64_t>(tensor.strides).drop_back(unit);
  return WeightAttr::get(builder.getContext(), name, source.checkpoint.path, tensor.offset, strides, type);
}

LIFAttr ModelBuilder::neuron(double threshold) const {
  const LIFConfig &lif = config.lif;
  return LIFAttr::get(builder.getContext(), lif.tau, threshold, lif.reset,
                      lif.softReset ? ResetKind::Soft : ResetKind::Hard, lif.decayInput,
                      lif.strict ? CompareKind::GT : CompareKind::GE);
}

Value ModelBuilder::encode(StringRef module, Value x, int64_t timesteps) {
  return EncodeOp::create(builder, at(module), x, timesteps);
}

Value ModelBuilder::integrate(StringRef module, Value x, Reduction reduction) {
  return IntegrateOp::create(builder, at(module), reduction == Reduction::Sum ? ReduceKind::Sum : ReduceKind::Mean, x);
}

Value ModelBuilder::norm(const llvm::Twine &module, Value x, int64_t axis) {
  std::string name = module.str();
  return BatchNormOp::create(builder, at(name), x, axis, weight(name + ".weight"), weight(name + ".bias"),
                             weight(name + ".running_mean"), weight(name + ".running_var"), llvm::APFloat(kNormEps));
}

Value ModelBuilder::fire(const llvm::Twine &module, Value x, double threshold) {
  return LIFOp::create(builder, at(module), x, neuron(threshold));
}

Value ModelBuilder::mask(const llvm::Twine &module, Value x, Value active) {
  return active ? MaskOp::create(builder, at(module), x, active).getResult() : x;
}

/// The dense layer `prefix`_linear or `prefix`_conv and the norm behind it.
Value ModelBuilder::dense(const std::string &prefix, unsigned unit, Value x) {
  std::string name = prefix + "_" + layout.denseSuffix().str();
  bool conv = layout.naming == Naming::ImageNet;
  std::string bias = name + ".bias";
  Value y = LinearOp::create(builder, at(name), x, weight(name + ".weight", conv ? unit : 0),
                             source.weights.find(bias) ? weight(bias) : WeightAttr());
  int64_t channels = cast<RankedTensorType>(y.getType()).getRank() - 1;
  return norm(prefix + "_bn", y, channels);
}
