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
  Tensor everyone = forEachToken<uint8_t>(tokens, 1), nothing = forEachToken(tokens, 0.0f);
  HaltingTensors tensors{everyone, nothing, forEachToken(tokens, 1.0f),
                         {},       Tensor(input.shape(), std::vector<float>(input.size())),
                         forEachToken<int32_t>(tokens, 0)};
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
      if (failed(halt(op, halting, /*table=*/std::nullopt, point, stream, tensors)))
        return failure();
      if (isRectangular)
        columns[block] = tensors.column;
    }
  }
  evaluation.act = nullptr;
  evaluation.timestep = 0;
  std::vector<float> output = tensors.output.values<float>().vec();
  if (halting.getOutput() == ActOutput::Rate)
    for (float &value : output)
      value /= static_cast<float>(timesteps);
  evaluation.set(op.getOutput(), Tensor(input.shape(), std::move(output)));
  evaluation.observer.halted(op, tensors.steps);
  evaluation.set(op.getSteps(), tensors.steps);
  return success();
}

} // namespace

void stas::addAct(OpTable &table) { table.add<ActOp, act>(); }
