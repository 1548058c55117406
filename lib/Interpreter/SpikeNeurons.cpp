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
  int64_t channels = toFirst ? axes[2] : axes[0], pixels = llvm::product_of(axes) / channels;
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

/// The spikes of neurons that `sums` drive, [timesteps][neurons], in integers with a recipe and in f32 without.
template <typename OpTy>
FailureOr<std::vector<uint8_t>> spikesOf(OpTy op, const Tensor &sums, int64_t timesteps, bool isSteady,
                                         Evaluation &evaluation) {
  if (spike::QuantAttr quant = op.getQuantAttr()) {
    auto layer = evaluation.layer(op, quant);
    if (failed(layer))
      return failure();
    return integrateAndFire(op, **layer, sums, timesteps, isSteady, evaluation);
  }
  auto drive = currents(op, op.getNorm(), sums, evaluation);
  if (failed(drive))
    return failure();
  return integrateAndFire(op, op.getNeuron(), *drive, timesteps, isSteady, evaluation);
}

/// The spikes of neurons that run one timestep; sets their next membranes.
FailureOr<std::vector<uint8_t>> stepOf(spike::FireOp op, const Tensor &sums, Evaluation &evaluation) {
  const Tensor &membrane = evaluation.get(op.getMembrane());
  if (membrane.shape() != sums.shape())
    return op.emitOpError("requires membranes of the sums' batch, found batches of different size");
  Tensor active = op.getActive() ? evaluation.get(op.getActive()) : Tensor();
  if (spike::QuantAttr quant = op.getQuantAttr()) {
    auto layer = evaluation.layer(op, quant);
    if (failed(layer))
      return failure();
    return membrane.visit([&](auto values) {
      std::vector<int64_t> v(values.begin(), values.end());
      std::vector<uint8_t> spikes = stepNeurons(**layer, sums, v, active);
      using T = typename decltype(values)::value_type;
      evaluation.set(op.getNext(), Tensor(sums.shape(), std::vector<T>(v.begin(), v.end())));
      return spikes;
    });
  }
  auto drive = currents(op, op.getNorm(), sums, evaluation);
  if (failed(drive))
    return failure();
  std::vector<float> v = membrane.values<float>().vec();
  std::vector<uint8_t> spikes = stepNeurons(op.getNeuron(), *drive, v, active);
  evaluation.set(op.getNext(), Tensor(sums.shape(), std::move(v)));
  return spikes;
}

/// What goes on after observers have seen the spikes of `op`, maps as PyTorch has them.
FailureOr<Tensor> shown(Operation *op, const Tensor &spikes, Evaluation &evaluation) {
  bool isMap = spikes.rank() == 5;
  auto seen = observed(op, isMap ? movedChannels(spikes, /*toFirst=*/true) : spikes, evaluation);
  if (succeeded(seen) && isMap)
    return movedChannels(*seen, /*toFirst=*/false);
  return seen;
}

LogicalResult fire(spike::FireOp op, Evaluation &evaluation) {
  const Tensor &sums = evaluation.get(op.getSums());
  auto type = cast<RankedTensorType>(op.getOutput().getType());
  Tensor::Shape shape(sums.shape());
  bool isSteady = type.getRank() > sums.rank();
  if (isSteady)
    shape.insert(shape.begin(), type.getDimSize(0));
  auto fired = op.getMembrane() ? stepOf(op, sums, evaluation)
                                : spikesOf(op, sums, evaluation.act ? 1 : shape[0], isSteady, evaluation);
  if (failed(fired))
    return failure();
  if (op.getActive())
    silence(*fired, evaluation.get(op.getActive()).values<uint8_t>());
  auto seen = shown(op, Tensor(shape, std::move(*fired)), evaluation);
  if (succeeded(seen))
    evaluation.set(op.getOutput(), std::move(*seen));
  return seen;
}

LogicalResult staircase(spike::StaircaseOp op, Evaluation &evaluation) {
  const Tensor &sums = evaluation.get(op.getSums());
  int64_t timesteps = op.getTimesteps();
  auto fired = spikesOf(op, sums, timesteps, /*isSteady=*/true, evaluation);
  if (failed(fired))
    return failure();
  Tensor::Shape shape(sums.shape());
  shape.insert(shape.begin(), timesteps);
  auto spikes = shown(op, Tensor(shape, std::move(*fired)), evaluation);
  if (failed(spikes))
    return failure();
  if (auto pool = op.getPool())
    spikes = pooled(*spikes, {pool->getKernel(), pool->getStrides(), pool->getPadding()}, /*channelsLast=*/true);
  auto output = integrated(op, *spikes, op.getKind());
  if (succeeded(output))
    evaluation.set(op.getOutput(), std::move(*output));
  return output;
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
  table.add<spike::StaircaseOp, staircase>();
  table.add<spike::AffineOp, affine>();
}
