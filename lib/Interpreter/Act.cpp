//===- Act.cpp - Token halting over blocks and timesteps ------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Evaluation.h"
#include "dialects/Spike/SpikeOps.h"
#include <cmath>

using namespace mlir;
using namespace stas;

namespace {

/// The halting state of every token of a batch: one loop body of A-SSA, told in f32.
class Halting {
public:
  Halting(ActAttr act, int64_t timesteps, int64_t blocks, ArrayRef<int64_t> shape)
      : act(act), timesteps(timesteps), blocks(blocks), width(shape.back()), tokens(shape.drop_back()),
        count(Tensor::product(tokens)), alpha(act.getAlpha()), beta(act.getBeta()), limit(1.0 - act.getEps()),
        active(count, 1), total(count), remainder(count, 1.0f), past(blocks, std::vector<float>(count)),
        output(count * width), steps(count) {}

  void startTimestep() {
    if (!rectangular())
      return;
    // A token may come back: who is active is a matter of this timestep and, per block, of the last one.
    active.assign(count, 1);
    total.assign(count, 0.0f);
  }

  /// The tokens that enter `block`.
  Tensor enter(int64_t block) {
    if (rectangular())
      for (int64_t k = 0; k < count; ++k)
        active[k] = active[k] && !(past[block][k] > limit);
    return Tensor(tokens, active);
  }
  bool anyActive() const { return llvm::is_contained(active, 1); }

  /// After `block` at timestep `t` (from 0) with output x. Active tokens score, weigh in, and may halt.
  void leave(int64_t t, int64_t block, const std::vector<float> &x) {
    bool isLast = t + 1 == timesteps && block + 1 == blocks;
    bool isRate = act.getOutput() == ActOutput::Rate;
    for (int64_t k = 0; k < count; ++k) {
      const float *row = &x[k * width];
      float h = !active[k] ? 0.0f : isLast ? 1.0f : 1.0f / (1.0f + std::exp(-(alpha * row[0] + beta)));
      total[k] += h;
      float sum = total[k];
      if (rectangular())
        sum = past[block][k] += total[k];
      if (!active[k])
        continue;
      ++steps[k];
      bool reached = sum > limit;
      float share = !isRate ? (reached ? remainder[k] : h) : block + 1 == blocks ? 1.0f : 0.0f;
      if (share != 0.0f)
        for (int64_t d = 0; d < width; ++d)
          output[k * width + d] += share * row[d];
      if (!reached)
        remainder[k] -= h;
      active[k] = !reached;
    }
  }

  Tensor takeOutput(ArrayRef<int64_t> shape) {
    if (act.getOutput() == ActOutput::Rate)
      for (float &value : output)
        value /= static_cast<float>(timesteps);
    return Tensor(shape, std::move(output));
  }
  Tensor takeSteps() { return Tensor(tokens, std::move(steps)); }

private:
  bool rectangular() const { return act.getOrder() == HaltingOrder::Rectangular; }

  ActAttr act;
  int64_t timesteps, blocks, width;
  ArrayRef<int64_t> tokens; // [B, N]
  int64_t count;
  float alpha, beta, limit;
  std::vector<uint8_t> active;
  std::vector<float> total;             // lexicographic: H; rectangular: sum of h[t, l'] over l' <= l
  std::vector<float> remainder;         // R
  std::vector<std::vector<float>> past; // rectangular: H[t - 1, l] per block
  std::vector<float> output;            // y, or the sum of the last block's outputs
  std::vector<int32_t> steps;
};

LogicalResult announceNeurons(ActOp op, const Tensor &input, InterpreterObserver &observer) {
  Tensor::Shape shape{static_cast<int64_t>(op.getTimesteps())};
  WalkResult result = op.walk([&](Operation *lif) {
    if (!isa<LIFOp, spike::FireOp>(lif))
      return WalkResult::advance();
    // The batch is the input's, the rest is static.
    Tensor::Shape perStep(cast<RankedTensorType>(lif->getResult(0).getType()).getShape());
    perStep[0] = input.extent(0);
    Tensor::Shape all = shape;
    all.append(perStep);
    return WalkResult(observer.enter(lif, all));
  });
  return failure(result.wasInterrupted());
}

LogicalResult act(ActOp op, Evaluation &evaluation) {
  Tensor input = evaluation.get(op.getInput());
  if (failed(announceNeurons(op, input, evaluation.observer)))
    return failure();
  int64_t timesteps = op.getTimesteps(), blocks = op.getBlocks().size();
  Halting halting(op.getHalting(), timesteps, blocks, input.shape());
  ActState state;
  evaluation.act = &state;
  for (int64_t t = 0; t < timesteps; ++t) {
    Tensor stream = input;
    halting.startTimestep();
    for (auto [block, region] : llvm::enumerate(op.getBlocks())) {
      state.timestep = t;
      state.active = halting.enter(block);
      // No token left: the block would change nothing that is used. Its halting scores are 0.
      if (halting.anyActive()) {
        auto yielded = evaluation.run(region.front(), {stream, state.active});
        if (failed(yielded))
          return failure();
        stream = std::move(yielded->front());
      }
      halting.leave(t, block, stream.toFloat());
    }
  }
  evaluation.act = nullptr;
  evaluation.set(op.getOutput(), halting.takeOutput(input.shape()));
  Tensor steps = halting.takeSteps();
  evaluation.observer.halted(op, steps);
  evaluation.set(op.getSteps(), std::move(steps));
  return success();
}

} // namespace

void stas::addAct(OpTable &table) { table.add<ActOp, act>(); }
