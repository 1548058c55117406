//===- Staircases.cpp - Neurons of steady currents, and I-SPS -------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Neurons.h"

using namespace mlir;
using namespace stas;

namespace {

/// [timesteps, ..] spikes of the neurons of `op`, one for each element of the current.
FailureOr<Tensor> fired(Operation *op, LIFAttr neuron, const Tensor &current, int64_t timesteps,
                        Evaluation &evaluation) {
  Tensor::Shape shape{timesteps};
  llvm::append_range(shape, current.shape());
  std::vector<uint8_t> spikes =
      integrateAndFire(op, neuron, current.values<float>(), timesteps, /*isSteady=*/true, evaluation);
  return observed(op, Tensor(shape, std::move(spikes)), evaluation);
}

LogicalResult staircase(StaircaseOp op, Evaluation &evaluation) {
  auto spikes = fired(op, op.getNeuron(), evaluation.get(op.getCurrent()), op.getTimesteps(), evaluation);
  if (succeeded(spikes))
    evaluation.set(op.getOutput(), std::move(*spikes));
  return spikes;
}

/// The single ops, one after the other.
LogicalResult isps(ISPSOp op, Evaluation &evaluation) {
  auto current = convolved(op, evaluation.get(op.getInput()), op.getWeight(), op.getBiasAttr(),
                           {{}, op.getStrides(), op.getPadding()}, evaluation);
  if (succeeded(current) && op.getGamma())
    current = normalised(op, *current, /*axis=*/1,
                         {*op.getGamma(), *op.getBeta(), *op.getMean(), *op.getVar(), op.getEps()->convertToDouble()},
                         evaluation);
  if (failed(current))
    return failure();
  auto spikes = fired(op, op.getNeuron(), *current, op.getTimesteps(), evaluation);
  if (failed(spikes))
    return failure();
  if (op.getPoolKernel())
    spikes = pooled(*spikes, {*op.getPoolKernel(), *op.getPoolStrides(), *op.getPoolPadding()});
  auto output = integrated(op, *spikes, op.getKind());
  if (succeeded(output))
    evaluation.set(op.getOutput(), std::move(*output));
  return output;
}

} // namespace

void stas::addStaircases(OpTable &table) {
  table.add<StaircaseOp, staircase>();
  table.add<ISPSOp, isps>();
}
