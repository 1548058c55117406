//===- Constants.cpp - Constants from the checkpoint ----------------------===//
#include "dialects/Spike/SpikeOps.h"
#include "stas/Target/CPU/Emit.h"
#include <cmath>

using namespace mlir;
using namespace stas;
using namespace stas::spike;

namespace {
/// [N, K] or [C', C, KH, KW] as [K, N'], k over (kh, kw, c).
llvm::Expected<std::vector<float>> packRows(PackAttr pack, WeightReader &weights) {
  auto values = weights.read(pack.getWeight());
  if (!values)
    return values.takeError();
  auto shape = pack.getWeight().getType().getShape();
  int64_t channels = shape[0], inputs = shape[1], window = shape.size() == 4 ? shape[2] * shape[3] : 1;
  int64_t padded = pack.getPaddedChannels();
  std::vector<float> rows(window * inputs * padded, 0.0f);
  for (int64_t n = 0; n < channels; ++n)
    for (int64_t c = 0; c < inputs; ++c)
      for (int64_t w = 0; w < window; ++w)
        rows[(w * inputs + c) * padded + n] = (*values)[(n * inputs + c) * window + w];
  return rows;
}

/// The scale and shift of #spike.norm, in double.
llvm::Expected<std::vector<double>> normalize(NormAttr norm, ConstantKind kind, int64_t channels,
                                              WeightReader &weights) {
  llvm::Error failure = llvm::Error::success();
  auto read = [&](WeightAttr weight, double missing) {
    std::vector<double> values(channels, missing);
    if (!weight || failure)
      return values;
    auto found = weights.readDoubles(weight);
    if (!found)
      failure = found.takeError();
    else
      values = std::move(*found);
    return values;
  };
  bool normalized = static_cast<bool>(norm.getGamma());
  auto gamma = read(norm.getGamma(), 1.0), var = read(norm.getVar(), 1.0), mean = read(norm.getMean(), 0.0),
       beta = read(norm.getBeta(), 0.0), bias = read(norm.getBias(), 0.0);
  if (failure)
    return failure;
  std::vector<double> result(channels);
  for (int64_t c = 0; c < channels; ++c) {
    double ratio = normalized ? gamma[c] / std::sqrt(var[c] + norm.getEps()) : 1.0;
    result[c] = kind == ConstantKind::Scale ? norm.getUnit() * ratio : beta[c] + (bias[c] - mean[c]) * ratio;
  }
  return result;
}
} // namespace

llvm::Expected<std::vector<float>> stas::materialize(PackAttr pack, WeightReader &weights) {
  if (pack.getKind() == ConstantKind::Rows)
    return packRows(pack, weights);
  std::vector<float> padded(pack.getPaddedChannels(), 0.0f);
  if (!pack.getNorm()) { // nothing is folded
    std::fill_n(padded.begin(), pack.getChannels(), pack.getKind() == ConstantKind::Scale ? 1.0f : 0.0f);
    return padded;
  }
  auto values = normalize(pack.getNorm(), pack.getKind(), pack.getChannels(), weights);
  if (!values)
    return values.takeError();
  for (auto [index, value] : llvm::enumerate(*values))
    padded[index] = static_cast<float>(value);
  return padded;
}
