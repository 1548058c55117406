//===- SpikeNeurons.cpp - Neurons and scales of the sparse level ----------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Neurons.h"
#include "dialects/Spike/SpikeOps.h"
#include <cmath>

using namespace mlir;
using namespace stas;
using spike::NormAttr;

namespace {

/// The factors of `norm`, one for each channel, computed in double and rounded once.
struct Affine {
  std::vector<float> a, b;
};

FailureOr<Affine> affineOf(Operation *op, NormAttr norm, int64_t channels, Evaluation &evaluation) {
  // A vector that is not given: its neutral element.
  auto vector = [&](WeightAttr attribute, float neutral) -> FailureOr<std::vector<float>> {
    if (!attribute)
      return std::vector<float>(channels, neutral);
    auto values = evaluation.weight(op, attribute);
    if (failed(values))
      return failure();
    if (static_cast<int64_t>(values->size()) != channels)
      return op->emitOpError("requires ")
             << channels << " values of '" << attribute.getKey() << "', found " << values->size();
    return std::vector<float>(values->begin(), values->end());
  };
  auto bias = vector(norm.getBias(), 0.0f), gamma = vector(norm.getGamma(), 1.0f), beta = vector(norm.getBeta(), 0.0f);
  auto mean = vector(norm.getMean(), 0.0f), var = vector(norm.getVar(), 1.0f);
  if (failed(bias) || failed(gamma) || failed(beta) || failed(mean) || failed(var))
    return failure();
  Affine affine;
  for (int64_t c = 0; c < channels; ++c) {
    double r = norm.getGamma() ? (*gamma)[c] / std::sqrt((*var)[c] + norm.getEps().value) : 1.0;
    double shift = (*beta)[c] + (static_cast<double>((*bias)[c]) - (*mean)[c]) * r;
    affine.a.push_back(static_cast<float>(norm.getUnit().value * r));
    affine.b.push_back(static_cast<float>(shift));
  }
  return affine;
}

/// a_c * sum + b_c, channels last, in f32.
FailureOr<std::vector<float>> currents(Operation *op, NormAttr norm, const Tensor &sums, Evaluation &evaluation) {
  int64_t channels = sums.extent(-1);
  FailureOr<Affine> affine = affineOf(op, norm, channels, evaluation);
  if (failed(affine))
    return failure();
  std::vector<float> result = sums.toFloat();
  for (size_t i = 0; i < result.size(); ++i)
    result[i] = result[i] * affine->a[i % channels] + affine->b[i % channels];
  return result;
}

/// A map's channels moved: [.., H, W, C] to [.., C, H, W], or back.
Tensor movedChannels(const Tensor &map, bool toFirst) {
  Tensor::Shape shape(map.shape());
  auto axes = MutableArrayRef<int64_t>(shape).take_back(3);
  int64_t channels = toFirst ? axes[2] : axes[0], pixels = Tensor::product(axes) / channels;
  toFirst ? std::rotate(axes.begin(), axes.end() - 1, axes.end())
          : std::rotate(axes.begin(), axes.begin() + 1, axes.end());
  int64_t rows = toFirst ? pixels : channels, columns = toFirst ? channels : pixels;
  ArrayRef<uint8_t> from = map.values<uint8_t>();
  std::vector<uint8_t> to(from.size());
  for (size_t start = 0; start < from.size(); start += rows * columns)
    for (int64_t i = 0; i < rows; ++i)
      for (int64_t j = 0; j < columns; ++j)
        to[start + j * rows + i] = from[start + i * columns + j];
  return Tensor(shape, std::move(to));
}

LogicalResult fire(spike::FireOp op, Evaluation &evaluation) {
  const Tensor &sums = evaluation.get(op.getSums());
  auto drive = currents(op, op.getNorm(), sums, evaluation);
  if (failed(drive))
    return failure();
  auto type = cast<RankedTensorType>(op.getOutput().getType());
  Tensor::Shape shape(sums.shape());
  if (type.getRank() > sums.rank())
    shape.insert(shape.begin(), type.getDimSize(0));
  Tensor active = op.getActive() ? evaluation.get(op.getActive()) : Tensor();
  std::vector<uint8_t> fired;
  if (op.getMembrane()) {
    std::vector<float> membranes = evaluation.get(op.getMembrane()).values<float>().vec();
    if (static_cast<int64_t>(membranes.size()) != sums.size())
      return op.emitOpError("requires membranes of the sums' batch, found batches of different size");
    fired = stepNeurons(op.getNeuron(), *drive, membranes, active);
    evaluation.set(op.getNext(), Tensor(sums.shape(), std::move(membranes)));
  } else {
    fired = integrateAndFire(op, op.getNeuron(), *drive, evaluation.act ? 1 : shape[0], evaluation);
    if (active.rank())
      silence(fired, active.values<uint8_t>());
  }
  Tensor spikes(shape, std::move(fired));
  // Observers see maps as PyTorch has them.
  bool isMap = shape.size() == 5;
  auto seen = observed(op, isMap ? movedChannels(spikes, /*toFirst=*/true) : spikes, evaluation);
  if (failed(seen))
    return failure();
  evaluation.set(op.getOutput(), isMap ? movedChannels(*seen, /*toFirst=*/false) : std::move(*seen));
  return success();
}

LogicalResult affine(spike::AffineOp op, Evaluation &evaluation) {
  const Tensor &sums = evaluation.get(op.getSums());
  auto result = currents(op, op.getNorm(), sums, evaluation);
  if (failed(result))
    return failure();
  evaluation.set(op.getResult(), Tensor(sums.shape(), std::move(*result)));
  return success();
}

} // namespace

void stas::addSpikeNeurons(OpTable &table) {
  table.add<spike::FireOp, fire>();
  table.add<spike::AffineOp, affine>();
}
