//===- Loops.cpp - Time loops and their state -----------------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Halting.h"
#include "Neurons.h"
#include "dialects/Spike/SpikeOps.h"

using namespace mlir;
using namespace stas;

namespace {

LogicalResult splat(SplatOp op, Evaluation &evaluation) {
  Tensor::Shape shape(cast<ShapedType>(op.getType()).getShape());
  shape[0] = evaluation.get(op.getLike()).extent(0);
  Tensor zeros = Tensor::zeros(shape, getElementTypeOrSelf(op.getType()));
  evaluation.set(op.getOutput(), zeros.visit([&](auto values) {
    using T = typename decltype(values)::value_type;
    T value;
    if constexpr (std::is_same_v<T, float>)
      value = cast<FloatAttr>(op.getValue()).getValue().convertToFloat();
    else if constexpr (std::is_same_v<T, uint8_t>)
      value = cast<IntegerAttr>(op.getValue()).getValue().getZExtValue(); // spikes and counts are unsigned
    else
      value = cast<IntegerAttr>(op.getValue()).getValue().getSExtValue();
    return Tensor(shape, std::vector<T>(values.size(), value));
  }));
  return success();
}

/// `next`, with the images that have ended as they were before.
Tensor keepEnded(const Tensor &before, const Tensor &next, ArrayRef<uint8_t> ended) {
  return next.visit([&](auto values) {
    using T = typename decltype(values)::value_type;
    std::vector<T> kept = values.vec();
    size_t image = ended.empty() ? 0 : kept.size() / ended.size();
    for (size_t b = 0; b < ended.size(); ++b)
      if (ended[b])
        std::copy_n(before.values<T>().begin() + b * image, image, kept.begin() + b * image);
    return Tensor(next.shape(), std::move(kept));
  });
}

/// Marks the images whose mask, [B, ..], is zero.
void endIdle(const Tensor &mask, std::vector<uint8_t> &ended) {
  ArrayRef<uint8_t> tokens = mask.values<uint8_t>();
  size_t image = ended.empty() ? 0 : tokens.size() / ended.size();
  for (size_t b = 0; b < ended.size(); ++b)
    ended[b] = ended[b] || !llvm::is_contained(tokens.slice(b * image, image), 1);
}

LogicalResult timeLoop(TimeLoopOp op, Evaluation &evaluation) {
  SmallVector<Tensor> state = llvm::map_to_vector(op.getInits(), [&](Value init) { return evaluation.get(init); });
  int64_t timesteps = op.getTimesteps(), batch = state.front().extent(0);
  if (!llvm::all_of(state, [&](const Tensor &value) { return value.extent(0) == batch; }))
    return op.emitOpError("requires a state of one batch, found batches of different size");
  if (failed(announceNeurons(op, timesteps, batch, evaluation.observer)))
    return failure();
  std::vector<uint8_t> ended(batch, 0);
  for (int64_t t = 0; t < timesteps && (t == 0 || llvm::is_contained(ended, 0)); ++t) {
    evaluation.timestep = t;
    SmallVector<Tensor> arguments{Tensor({}, std::vector<int64_t>{t})};
    llvm::append_range(arguments, state);
    auto next = evaluation.run(op.getBody().front(), arguments);
    if (failed(next))
      return failure();
    for (auto [value, then] : llvm::zip_equal(state, *next))
      value = llvm::is_contained(ended, 1) ? keepEnded(value, then, ended) : then;
    if (op.getIdle())
      endIdle(state[*op.getIdle()], ended);
  }
  evaluation.timestep = 0;
  for (auto [result, value] : llvm::zip_equal(op.getResults(), state))
    evaluation.set(result, std::move(value));
  return success();
}

LogicalResult haltOp(HaltOp op, Evaluation &evaluation) {
  const Tensor &stream = evaluation.get(op.getStream());
  HaltingState from = op.getState(), to = op.getNext();
  constexpr std::pair<Value HaltingState::*, Tensor HaltingTensors::*> parts[] = {
      {&HaltingState::active, &HaltingTensors::active},       {&HaltingState::sum, &HaltingTensors::sum},
      {&HaltingState::remainder, &HaltingTensors::remainder}, {&HaltingState::column, &HaltingTensors::column},
      {&HaltingState::output, &HaltingTensors::output},       {&HaltingState::steps, &HaltingTensors::steps}};
  HaltingTensors state;
  for (auto [value, tensor] : parts) {
    if (!(from.*value))
      continue;
    state.*tensor = evaluation.get(from.*value);
    if ((state.*tensor).extent(0) != stream.extent(0))
      return op.emitOpError("requires a state of the stream's batch, found batches of different size");
  }
  HaltingPoint point{evaluation.get(op.getTimestep()).values<int64_t>()[0], static_cast<int64_t>(op.getTimesteps()),
                     static_cast<int64_t>(op.getBlockIndex()), static_cast<int64_t>(op.getNumBlocks())};
  if (failed(halt(op, op.getHalting(), op.getTable(), point, stream, state)))
    return failure();
  for (auto [value, tensor] : parts)
    if (to.*value)
      evaluation.set(to.*value, state.*tensor);
  if (op.isLastBlock() && to.steps)
    evaluation.observer.halted(op, state.steps);
  return success();
}

LogicalResult gate(GateOp op, Evaluation &evaluation) {
  const Tensor &active = evaluation.get(op.getActive()), &column = evaluation.get(op.getColumn());
  if (active.shape() != column.shape())
    return op.emitOpError("requires scores of the mask's batch, found batches of different size");
  evaluation.set(op.getOutput(), admitted(op.getHalting(), active, column));
  return success();
}

} // namespace

bool stas::runOneTimestep(Operation *lif) {
  if (auto fire = dyn_cast<spike::FireOp>(lif); fire && fire.getMembrane())
    return true;
  return isa<LIFStepOp>(lif) || (isa<LIFOp, spike::FireOp>(lif) && lif->getParentOfType<ActOp>());
}

void stas::addLoops(OpTable &table) {
  table.add<SplatOp, splat>();
  table.add<TimeLoopOp, timeLoop>();
  table.add<HaltOp, haltOp>();
  table.add<GateOp, gate>();
}
