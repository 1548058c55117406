//===- Halting.cpp - Adaptive computation time of tokens ------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Halting.h"
#include "stas/Quantization/Halting.h"
#include <cmath>

using namespace mlir;
using namespace stas;

namespace {
/// The sum that a score must exceed to halt, in f32 or in units of 2^-24.
template <typename Score> Score limitOf(ActAttr act) {
  if constexpr (std::is_same_v<Score, float>)
    return static_cast<float>(1.0 - act.getEps());
  else
    return haltingLimit(act);
}

float scoreOf(ActAttr act, float x) {
  float alpha = act.getAlpha(), beta = act.getBeta();
  return 1.0f / (1.0f + std::exp(-(alpha * x + beta)));
}

/// The values of a part of the state; none where it is not kept.
template <typename T> std::vector<T> take(const Tensor &part) {
  return part.rank() ? part.values<T>().vec() : std::vector<T>();
}
template <typename T> void put(Tensor &part, std::vector<T> values) {
  if (part.rank())
    part = Tensor(Tensor::Shape(part.shape()), std::move(values));
}

/// The same for f32 scores and outputs, and for scores in units of 2^-24 with i64 outputs.
template <typename Score, typename Output>
void haltTokens(ActAttr act, const HaltingPoint &point, ArrayRef<Score> scores, ArrayRef<Output> x,
                HaltingTensors &state) {
  constexpr bool isReal = std::is_same_v<Score, float>;
  constexpr Score one = isReal ? 1 : haltingOne;
  bool isWeighted = act.getOutput() == ActOutput::Weighted, isLastBlock = point.block + 1 == point.blocks;
  bool isEnd = isLastBlock && point.timestep + 1 == point.timesteps;
  const Score limit = limitOf<Score>(act);
  auto active = take<uint8_t>(state.active);
  auto sum = take<Score>(state.sum), remainder = take<Score>(state.remainder), column = take<Score>(state.column);
  auto output = take<Output>(state.output);
  auto steps = take<int32_t>(state.steps);
  int64_t width = active.empty() ? 0 : x.size() / active.size();
  for (size_t k = 0; k < active.size(); ++k) {
    Score h = !active[k] ? 0 : isEnd ? one : scores[k];
    Score before = sum[k], total = sum[k] += h;
    if (act.getOrder() == HaltingOrder::Rectangular)
      total = column[k] += sum[k];
    if (!active[k])
      continue;
    if (!steps.empty())
      ++steps[k];
    bool reached = total > limit;
    Output share = !isWeighted ? isLastBlock : !reached ? h : isReal ? remainder[k] : one - before;
    if (share != 0)
      for (int64_t d = 0; d < width; ++d)
        output[k * width + d] += share * x[k * width + d];
    if (!reached && !remainder.empty())
      remainder[k] -= h;
    active[k] = !reached;
  }
  put(state.active, std::move(active));
  put(state.sum, std::move(sum));
  put(state.remainder, std::move(remainder));
  put(state.column, std::move(column));
  put(state.output, std::move(output));
  put(state.steps, std::move(steps));
}

template <typename Score> Tensor below(const Tensor &active, const Tensor &column, Score limit) {
  std::vector<uint8_t> mask = active.values<uint8_t>().vec();
  for (auto [isActive, sum] : llvm::zip_equal(mask, column.values<Score>()))
    isActive = isActive && !(sum > limit);
  return Tensor(active.shape(), std::move(mask));
}

} // namespace

LogicalResult stas::halt(Operation *op, ActAttr act, std::optional<ArrayRef<int32_t>> table, const HaltingPoint &point,
                         const Tensor &stream, HaltingTensors &state) {
  int64_t width = stream.extent(-1), tokens = state.active.size();
  if (!table) {
    std::vector<float> x = stream.toFloat(), scores;
    for (int64_t k = 0; k < tokens; ++k)
      scores.push_back(scoreOf(act, x[k * width]));
    haltTokens<float, float>(act, point, scores, x, state);
    return success();
  }
  ArrayRef<uint8_t> counts = stream.values<uint8_t>(), active = state.active.values<uint8_t>();
  std::vector<int64_t> x(counts.begin(), counts.end());
  std::vector<int32_t> scores(tokens);
  for (int64_t k = 0; k < tokens; ++k) {
    if (active[k] && x[k * width] >= static_cast<int64_t>(table->size()))
      return op->emitOpError("requires a halting score for each value of channel 0, found ")
             << table->size() << " scores and a value of " << x[k * width];
    if (active[k])
      scores[k] = (*table)[x[k * width]];
  }
  haltTokens<int32_t, int64_t>(act, point, scores, x, state);
  return success();
}

Tensor stas::admitted(ActAttr act, const Tensor &active, const Tensor &column) {
  return column.holds<float>() ? below<float>(active, column, limitOf<float>(act))
                               : below<int32_t>(active, column, limitOf<int32_t>(act));
}
