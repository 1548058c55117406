//===- Act.cpp - Token halting over blocks and timesteps ------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Evaluation.h"
#include "dialects/Spike/SpikeOps.h"
#include "stas/Quantization/Halting.h"
#include <cmath>

using namespace mlir;
using namespace stas;

namespace {

/// Halting scores in f32.
struct RealScores {
  using Number = float;
  float alpha, beta, limit, one = 1.0f;
  explicit RealScores(ActOp op)
      : alpha(op.getHalting().getAlpha()), beta(op.getHalting().getBeta()), limit(1.0 - op.getHalting().getEps()) {}
  float operator()(float x) const { return 1.0f / (1.0f + std::exp(-(alpha * x + beta))); }
};

/// Halting scores in units of 2^-24, from a table that holds one for each x.
struct IntegerScores {
  using Number = int64_t;
  ArrayRef<int32_t> table;
  int64_t limit, one = haltingOne;
  explicit IntegerScores(ActOp op) : table(*op.getTable()), limit(haltingLimit(op.getHalting())) {}
  int64_t operator()(int64_t x) const { return table[x]; }
};

/// The halting state of every token of a batch: one loop body of A-SSA.
template <typename Scores> class Halting {
public:
  using Number = typename Scores::Number;
  Halting(ActOp op, ArrayRef<int64_t> shape)
      : act(op.getHalting()), scores(op), timesteps(op.getTimesteps()), blocks(op.getBlocks().size()),
        width(shape.back()), tokens(shape.drop_back()), count(Tensor::product(tokens)), active(count, 1), total(count),
        remainder(count, scores.one), past(blocks, std::vector<Number>(count)), output(count * width), steps(count) {}

  void startTimestep() {
    if (!rectangular())
      return;
    // A token may come back: who is active is a matter of this timestep and, per block, of the last one.
    active.assign(count, 1);
    total.assign(count, 0);
  }

  /// The tokens that enter `block`.
  Tensor enter(int64_t block) {
    if (rectangular())
      for (int64_t k = 0; k < count; ++k)
        active[k] = active[k] && !(past[block][k] > scores.limit);
    return Tensor(tokens, active);
  }
  bool anyActive() const { return llvm::is_contained(active, 1); }

  /// After `block` at timestep `t` (from 0) with output x. Active tokens score, weigh in, and may halt.
  void leave(int64_t t, int64_t block, const std::vector<Number> &x) {
    bool isLast = t + 1 == timesteps && block + 1 == blocks;
    bool isRate = act.getOutput() == ActOutput::Rate;
    for (int64_t k = 0; k < count; ++k) {
      const Number *row = &x[k * width];
      Number h = !active[k] ? 0 : isLast ? scores.one : scores(row[0]);
      total[k] += h;
      Number sum = total[k];
      if (rectangular())
        sum = past[block][k] += total[k];
      if (!active[k])
        continue;
      ++steps[k];
      bool reached = sum > scores.limit;
      Number share = !isRate ? (reached ? remainder[k] : h) : block + 1 == blocks ? 1 : 0;
      if (share != 0)
        for (int64_t d = 0; d < width; ++d)
          output[k * width + d] += share * row[d];
      if (!reached)
        remainder[k] -= h;
      active[k] = !reached;
    }
  }

  Tensor takeOutput(ArrayRef<int64_t> shape) {
    if (std::is_same_v<Number, float> && act.getOutput() == ActOutput::Rate)
      for (Number &value : output)
        value /= static_cast<Number>(timesteps);
    return Tensor(shape, std::move(output));
  }
  Tensor takeSteps() { return Tensor(tokens, std::move(steps)); }

private:
  bool rectangular() const { return act.getOrder() == HaltingOrder::Rectangular; }

  ActAttr act;
  Scores scores;
  int64_t timesteps, blocks, width;
  ArrayRef<int64_t> tokens; // [B, N]
  int64_t count;
  std::vector<uint8_t> active;
  std::vector<Number> total;             // lexicographic: H; rectangular: sum of h[t, l'] over l' <= l
  std::vector<Number> remainder;         // R
  std::vector<std::vector<Number>> past; // rectangular: H[t - 1, l] per block
  std::vector<Number> output;            // y, or the sum of the last block's outputs
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

/// The stream as numbers of the kind that scores are; no value is without a score.
template <typename Number> FailureOr<std::vector<Number>> streamOf(ActOp op, const Tensor &stream) {
  if constexpr (std::is_same_v<Number, float>) {
    return stream.toFloat();
  } else {
    ArrayRef<uint8_t> values = stream.values<uint8_t>();
    for (size_t i = 0; i < values.size(); i += stream.extent(-1))
      if (values[i] >= op.getTable()->size())
        return op.emitOpError("requires a halting score for each value of channel 0, found ")
               << op.getTable()->size() << " scores and a value of " << int(values[i]);
    return std::vector<Number>(values.begin(), values.end());
  }
}

template <typename Scores> LogicalResult runAct(ActOp op, Evaluation &evaluation) {
  Tensor input = evaluation.get(op.getInput());
  if (failed(announceNeurons(op, input, evaluation.observer)))
    return failure();
  int64_t timesteps = op.getTimesteps();
  Halting<Scores> halting(op, input.shape());
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
      auto x = streamOf<typename Scores::Number>(op, stream);
      if (failed(x))
        return failure();
      halting.leave(t, block, *x);
    }
  }
  evaluation.act = nullptr;
  evaluation.set(op.getOutput(), halting.takeOutput(input.shape()));
  Tensor steps = halting.takeSteps();
  evaluation.observer.halted(op, steps);
  evaluation.set(op.getSteps(), std::move(steps));
  return success();
}

LogicalResult act(ActOp op, Evaluation &evaluation) {
  return op.getTable() ? runAct<IntegerScores>(op, evaluation) : runAct<RealScores>(op, evaluation);
}

} // namespace

void stas::addAct(OpTable &table) { table.add<ActOp, act>(); }
