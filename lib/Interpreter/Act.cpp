//===- Act.cpp - Token halting over blocks and timesteps ------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Halting.h"
#include "Neurons.h"

using namespace mlir;
using namespace stas;

namespace {

LogicalResult act(ActOp op, Evaluation &evaluation) {
  Tensor input = evaluation.get(op.getInput());
  if (failed(announceNeurons(op, op.getTimesteps(), input.extent(0), evaluation.observer)))
    return failure();
  int64_t timesteps = op.getTimesteps(), blocks = op.getBlocks().size();
  ActAttr halting = op.getHalting();
  bool isRectangular = halting.getOrder() == HaltingOrder::Rectangular;
  ArrayRef<int64_t> tokens = input.shape().drop_back();
  bool isInteger = op.getTable().has_value();
  Type score = isInteger ? Type(IntegerType::get(op.getContext(), 32)) : Float32Type::get(op.getContext());
  Tensor everyone = forEachToken<uint8_t>(tokens, 1), nothing = Tensor::zeros(tokens, score);
  HaltingTensors tensors;
  tensors.active = everyone;
  tensors.sum = nothing;
  if (!isInteger)
    tensors.remainder = forEachToken(tokens, 1.0f);
  tensors.output = Tensor::zeros(input.shape(), cast<ShapedType>(op.getOutput().getType()).getElementType());
  tensors.steps = forEachToken<int32_t>(tokens, 0);
  std::vector<Tensor> columns(isRectangular ? blocks : 0, nothing);
  ActState state;
  evaluation.act = &state;
  for (int64_t t = 0; t < timesteps; ++t) {
    Tensor stream = input;
    evaluation.timestep = t;
    if (halting.getOrder() != HaltingOrder::Lexicographic) {
      // A token may come back: who is active is a matter of this timestep and, per block, of the last one.
      tensors.active = everyone;
      tensors.sum = nothing;
    }
    for (auto [block, region] : llvm::enumerate(op.getBlocks())) {
      if (isRectangular) {
        tensors.column = columns[block];
        tensors.active = admitted(halting, tensors.active, tensors.column);
      }
      state.active = tensors.active;
      // No token left: the block would change nothing that is used. Its halting scores are 0.
      if (llvm::is_contained(state.active.values<uint8_t>(), 1)) {
        auto yielded = evaluation.run(region.front(), {stream, state.active});
        if (failed(yielded))
          return failure();
        stream = std::move(yielded->front());
      }
      HaltingPoint point{t, timesteps, static_cast<int64_t>(block), blocks};
      if (failed(halt(op, halting, op.getTable(), point, stream, tensors)))
        return failure();
      if (isRectangular)
        columns[block] = tensors.column;
    }
  }
  evaluation.act = nullptr;
  evaluation.timestep = 0;
  // In integers the unit of a rate is 1/T as large.
  if (halting.getOutput() == ActOutput::Rate && !isInteger) {
    std::vector<float> rate = tensors.output.values<float>().vec();
    for (float &value : rate)
      value /= static_cast<float>(timesteps);
    tensors.output = Tensor(input.shape(), std::move(rate));
  }
  evaluation.set(op.getOutput(), tensors.output);
  evaluation.observer.halted(op, tensors.steps);
  evaluation.set(op.getSteps(), tensors.steps);
  return success();
}

} // namespace

void stas::addAct(OpTable &table) { table.add<ActOp, act>(); }
