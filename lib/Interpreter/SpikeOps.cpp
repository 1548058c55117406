//===- SpikeOps.cpp - Tensor ops of the sparse level ----------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Maps are channels last, sums run over (row, column, channel) of a window. A
// value without a T axis is the same at every timestep.
//
//===----------------------------------------------------------------------===//
#include "dialects/Spike/SpikeOps.h"
#include "Evaluation.h"
#include "Windows.h"

using namespace mlir;
using namespace stas;

namespace {

/// Weight [N, K] as [K, N], or [N, C, KH, KW] as [KH, KW, C, N].
template <typename Weight> std::vector<Weight> rowsOf(ArrayRef<Weight> weight, ArrayRef<int64_t> shape) {
  int64_t outputs = shape[0], channels = shape[1], taps = llvm::product_of(shape.drop_front(2));
  std::vector<Weight> rows(weight.size());
  for (int64_t n = 0; n < outputs; ++n)
    for (int64_t c = 0; c < channels; ++c)
      for (int64_t tap = 0; tap < taps; ++tap)
        rows[(tap * channels + c) * outputs + n] = weight[(n * channels + c) * taps + tap];
  return rows;
}

/// Position of element (y, x, c) of a map of channels C, height H and width W.
struct MapLayout {
  int64_t channels, height, width;
  bool channelsFirst;
  int64_t size() const { return channels * height * width; }
  int64_t at(int64_t y, int64_t x, int64_t c) const {
    return channelsFirst ? (c * height + y) * width + x : (y * width + x) * channels + c;
  }
};

/// One map's sums, [H', W', N].
template <typename T, typename Weight, typename Sum>
void accumulateWindows(const T *map, const MapLayout &layout, const Window &rows, const Window &columns,
                       ArrayRef<Weight> weight, int64_t outputs, std::vector<Sum> &output) {
  std::vector<Sum> sums;
  for (int64_t i = 0; i < rows.count(); ++i)
    for (int64_t j = 0; j < columns.count(); ++j) {
      sums.assign(outputs, 0);
      for (int64_t y = rows.first(i); y < rows.last(i); ++y)
        for (int64_t x = columns.first(j); x < columns.last(j); ++x)
          for (int64_t c = 0; c < layout.channels; ++c)
            if (Sum value = map[layout.at(y, x, c)]) {
              int64_t k = (rows.tap(i, y) * columns.kernel + columns.tap(j, x)) * layout.channels + c;
              accumulate(value, &weight[k * outputs], sums);
            }
      llvm::append_range(output, sums);
    }
}

/// The sums of an op whose weights are arranged by rowsOf.
template <typename Sum, typename Weight>
Tensor weightedSums(spike::AccumulateOp op, const Tensor &input, ArrayRef<Weight> weight) {
  ArrayRef<int64_t> filter = op.getWeight().getType().getShape();
  int64_t outputs = filter[0];
  // Without a window, each row is a map of one element under a window of one.
  MapLayout layout{filter[1], 1, 1, false};
  Window rows{1, 1, 1, 0}, columns{1, 1, 1, 0};
  Tensor::Shape shape(input.shape().drop_back());
  if (auto window = op.getWindow()) {
    auto extents = input.shape().take_back(3);
    bool isFirst = window->getChannelsFirst();
    layout = {filter[1], extents[isFirst ? 1 : 0], extents[isFirst ? 2 : 1], isFirst};
    rows = {layout.height, filter[2], window->getStrides()[0], window->getPadding()[0]};
    columns = {layout.width, filter[3], window->getStrides()[1], window->getPadding()[1]};
    shape.assign(input.shape().drop_back(3).begin(), input.shape().drop_back(3).end());
    shape.append({rows.count(), columns.count()});
  }
  shape.push_back(outputs);
  std::vector<Sum> output;
  output.reserve(llvm::product_of(shape));
  input.visit([&](auto values) {
    for (int64_t start = 0; start < input.size(); start += layout.size())
      accumulateWindows(values.data() + start, layout, rows, columns, weight, outputs, output);
  });
  return Tensor(shape, std::move(output));
}

LogicalResult accumulateOp(spike::AccumulateOp op, Evaluation &evaluation) {
  ArrayRef<int64_t> filter = op.getWeight().getType().getShape();
  const Tensor &input = evaluation.get(op.getInput());
  if (spike::QuantAttr quant = op.getQuantAttr()) {
    auto weight =
        evaluation.integerWeights(op, quant, [&](ArrayRef<int32_t> values) { return rowsOf(values, filter); });
    if (failed(weight))
      return failure();
    // quantizeLayer proved that sums fit.
    bool isWide = quant.getStateBits() > 32;
    evaluation.set(op.getOutput(),
                   isWide ? weightedSums<int64_t>(op, input, *weight) : weightedSums<int32_t>(op, input, *weight));
    return success();
  }
  auto weight = evaluation.weight(op, op.getWeight(),
                                  [&](const std::vector<float> &values) { return rowsOf(ArrayRef(values), filter); });
  if (failed(weight))
    return failure();
  evaluation.set(op.getOutput(), weightedSums<float>(op, input, *weight));
  return success();
}

/// The number of (query, key, value) spikes that meet, per token, head and channel: q (k^T v), the association that the
/// model level does not use.
LogicalResult coincide(spike::CoincideOp op, Evaluation &evaluation) {
  const Tensor &query = evaluation.get(op.getQuery());
  ArrayRef<uint8_t> q = query.values<uint8_t>(), k = evaluation.get(op.getKey()).values<uint8_t>();
  ArrayRef<uint8_t> v = evaluation.get(op.getValue()).values<uint8_t>();
  if (k.size() != q.size() || v.size() != q.size())
    return op.emitOpError("requires q, k, v of one shape, found batches of different size");
  int64_t tokens = query.extent(-2), channels = query.extent(-1), heads = op.getHeads(), width = channels / heads;
  std::vector<int32_t> counts(query.size()), pairs;
  for (int64_t start = 0; start < query.size(); start += tokens * channels)
    for (int64_t head = 0; head < heads; ++head) {
      int64_t at = start + head * width;
      pairs.assign(width * width, 0);
      for (int64_t j = 0; j < tokens; ++j)
        for (int64_t a = 0; a < width; ++a)
          for (int64_t b = 0; k[at + j * channels + a] && b < width; ++b)
            pairs[a * width + b] += v[at + j * channels + b];
      for (int64_t i = 0; i < tokens; ++i)
        for (int64_t a = 0; a < width; ++a)
          for (int64_t b = 0; q[at + i * channels + a] && b < width; ++b)
            counts[at + i * channels + b] += pairs[a * width + b];
    }
  evaluation.set(op.getOutput(), Tensor(query.shape(), std::move(counts)));
  return success();
}

LogicalResult maxPool(spike::MaxPoolOp op, Evaluation &evaluation) {
  spike::WindowAttr window = op.getWindow();
  evaluation.set(op.getOutput(),
                 pooled(evaluation.get(op.getInput()), {window.getKernel(), window.getStrides(), window.getPadding()},
                        /*channelsLast=*/true));
  return success();
}

LogicalResult integrate(spike::IntegrateOp op, Evaluation &evaluation) {
  FailureOr<Tensor> output = integrated(op, evaluation.get(op.getInput()), op.getKind());
  if (succeeded(output))
    evaluation.set(op.getOutput(), std::move(*output));
  return output;
}

/// Repeats a value without T axis, so that it has the result's rank.
Tensor overTime(const Tensor &value, RankedTensorType type) {
  return value.rank() == type.getRank() ? value : repeated(value, type.getDimSize(0));
}

LogicalResult add(spike::AddOp op, Evaluation &evaluation) {
  auto type = cast<RankedTensorType>(op.getOutput().getType());
  FailureOr<Tensor> output = added(op, overTime(evaluation.get(op.getLhs()), type),
                                   overTime(evaluation.get(op.getRhs()), type), op.getFactor());
  if (succeeded(output))
    evaluation.set(op.getOutput(), std::move(*output));
  return output;
}

LogicalResult flatten(spike::FlattenOp op, Evaluation &evaluation) {
  const Tensor &input = evaluation.get(op.getInput());
  Tensor::Shape shape(input.shape().drop_back(3));
  shape.append({input.extent(-3) * input.extent(-2), input.extent(-1)});
  evaluation.set(op.getOutput(), input.reshaped(shape));
  return success();
}

LogicalResult meanTokens(spike::MeanTokensOp op, Evaluation &evaluation) {
  evaluation.set(op.getOutput(), meanOverTokens(evaluation.get(op.getInput())));
  return success();
}

} // namespace

void stas::addSpikeOps(OpTable &table) {
  table.add<spike::AccumulateOp, accumulateOp>();
  table.add<spike::CoincideOp, coincide>();
  table.add<spike::MaxPoolOp, maxPool>();
  table.add<spike::IntegrateOp, integrate>();
  table.add<spike::AddOp, add>();
  table.add<spike::FlattenOp, flatten>();
  table.add<spike::MeanTokensOp, meanTokens>();
}
