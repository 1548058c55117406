//===- SparseOps.cpp - Compacted rows and packed spikes -------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Evaluation.h"
#include "dialects/Spike/SpikeOps.h"
#include "llvm/ADT/bit.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace stas;
using spike::BitAxis;

namespace {
constexpr int64_t wordBits = 64;

/// The positions, in [B, N], of the active tokens.
std::vector<int64_t> positions(ArrayRef<uint8_t> active) {
  std::vector<int64_t> found;
  for (auto [token, isActive] : llvm::enumerate(active))
    if (isActive)
      found.push_back(token);
  return found;
}

LogicalResult compact(spike::CompactOp op, Evaluation &evaluation) {
  const Tensor &input = evaluation.get(op.getInput()), &active = evaluation.get(op.getActive());
  int64_t width = input.extent(-1);
  if (active.size() * width != input.size())
    return op.emitOpError("requires a mask of the input's batch, found batches of different size");
  std::vector<int64_t> tokens = positions(active.values<uint8_t>());
  Tensor::Shape shape{static_cast<int64_t>(tokens.size()), width};
  evaluation.set(op.getOutput(), input.visit([&](auto values) {
    std::vector<typename decltype(values)::value_type> rows;
    for (int64_t token : tokens)
      llvm::append_range(rows, values.slice(token * width, width));
    return Tensor(shape, std::move(rows));
  }));
  return success();
}

LogicalResult expand(spike::ExpandOp op, Evaluation &evaluation) {
  const Tensor &rows = evaluation.get(op.getRows()), &active = evaluation.get(op.getActive());
  std::vector<int64_t> tokens = positions(active.values<uint8_t>());
  if (static_cast<int64_t>(tokens.size()) != rows.extent(0))
    return op.emitOpError("requires a row for each active token, found ")
           << rows.extent(0) << " rows and " << tokens.size() << " active tokens";
  int64_t width = rows.extent(-1);
  Tensor::Shape shape(active.shape());
  shape.push_back(width);
  evaluation.set(op.getOutput(), rows.visit([&](auto values) {
    std::vector<typename decltype(values)::value_type> all(active.size() * width);
    for (auto [row, token] : llvm::enumerate(tokens))
      llvm::copy(values.slice(row * width, width), all.begin() + token * width);
    return Tensor(shape, std::move(all));
  }));
  return success();
}

/// Where the spikes [.., N, D] of each head lie in their words, and the other way round.
struct Packing {
  int64_t tokens, width, heads;
  BitAxis axis;
  int64_t depth() const { return width / heads; }
  int64_t rows() const { return axis == BitAxis::Tokens ? depth() : tokens; }
  int64_t words() const { return llvm::divideCeil(axis == BitAxis::Tokens ? tokens : depth(), wordBits); }
  /// Calls visit(spike, word, bit) for every spike of `images` times [N, D].
  void walk(int64_t images, llvm::function_ref<void(int64_t, int64_t, int64_t)> visit) const {
    for (int64_t image = 0; image < images; ++image)
      for (int64_t token = 0; token < tokens; ++token)
        for (int64_t channel = 0; channel < width; ++channel) {
          int64_t head = channel / depth(), within = channel % depth();
          auto [row, bit] = axis == BitAxis::Tokens ? std::pair(within, token) : std::pair(token, within);
          int64_t word = ((image * heads + head) * rows() + row) * words() + bit / wordBits;
          visit((image * tokens + token) * width + channel, word, bit % wordBits);
        }
  }
};

LogicalResult pack(spike::PackOp op, Evaluation &evaluation) {
  const Tensor &input = evaluation.get(op.getInput());
  Packing packing{input.extent(-2), input.extent(-1), static_cast<int64_t>(op.getHeads()), op.getAxis()};
  Tensor::Shape shape(input.shape().drop_back(2));
  int64_t images = llvm::product_of(shape);
  shape.append({packing.heads, packing.rows(), packing.words()});
  std::vector<int64_t> words(llvm::product_of(shape));
  ArrayRef<uint8_t> spikes = input.values<uint8_t>();
  packing.walk(images, [&](int64_t spike, int64_t word, int64_t bit) {
    words[word] |= static_cast<int64_t>(uint64_t(spikes[spike]) << bit);
  });
  evaluation.set(op.getOutput(), Tensor(shape, std::move(words)));
  return success();
}

LogicalResult unpack(spike::UnpackOp op, Evaluation &evaluation) {
  const Tensor &input = evaluation.get(op.getInput());
  auto tail = cast<RankedTensorType>(op.getOutput().getType()).getShape().take_back(2);
  Packing packing{tail[0], tail[1], static_cast<int64_t>(op.getHeads()), op.getAxis()};
  Tensor::Shape shape(input.shape().drop_back(3));
  int64_t images = llvm::product_of(shape);
  shape.append({packing.tokens, packing.width});
  std::vector<uint8_t> spikes(llvm::product_of(shape));
  ArrayRef<int64_t> words = input.values<int64_t>();
  packing.walk(images, [&](int64_t spike, int64_t word, int64_t bit) {
    spikes[spike] = static_cast<uint64_t>(words[word]) >> bit & 1;
  });
  evaluation.set(op.getOutput(), Tensor(shape, std::move(spikes)));
  return success();
}

/// Whether each token of `images` images, [B, N], is computed: all of them without a mask.
LogicalResult getActive(Operation *op, Value mask, int64_t tokens, Evaluation &evaluation,
                        std::vector<uint8_t> &active) {
  active.assign(tokens, 1);
  if (!mask)
    return success();
  const Tensor &given = evaluation.get(mask);
  if (given.size() != tokens)
    return op->emitOpError("requires a mask of the input's batch, found batches of different size");
  active = given.values<uint8_t>().vec();
  return success();
}

LogicalResult andCount(spike::AndCountOp op, Evaluation &evaluation) {
  const Tensor &lhs = evaluation.get(op.getLhs()), &rhs = evaluation.get(op.getRhs());
  int64_t m = lhs.extent(-2), p = rhs.extent(-2), words = lhs.extent(-1), parts = lhs.size() / (m * words);
  if (rhs.size() != parts * p * words)
    return op.emitOpError("requires operands of one batch, found batches of different size");
  int64_t heads = op.getActive() ? lhs.extent(-3) : 1;
  std::vector<uint8_t> active;
  if (failed(getActive(op, op.getActive(), parts / heads * m, evaluation, active)))
    return failure();
  Tensor::Shape shape(lhs.shape().drop_back());
  shape.push_back(p);
  std::vector<int32_t> counts(parts * m * p);
  ArrayRef<int64_t> a = lhs.values<int64_t>(), b = rhs.values<int64_t>();
  for (int64_t row = 0; row < parts * m; ++row) {
    int64_t part = row / m;
    for (int64_t column = 0; active[part / heads * m + row % m] && column < p; ++column)
      for (int64_t word = 0; word < words; ++word)
        counts[row * p + column] +=
            llvm::popcount(static_cast<uint64_t>(a[row * words + word] & b[(part * p + column) * words + word]));
  }
  evaluation.set(op.getOutput(), Tensor(shape, std::move(counts)));
  return success();
}

LogicalResult sumCounts(spike::SumCountsOp op, Evaluation &evaluation) {
  const Tensor &spikes = evaluation.get(op.getSpikes()), &counts = evaluation.get(op.getCounts());
  int64_t tokens = spikes.extent(-2), width = spikes.extent(-1), heads = counts.extent(-3), depth = width / heads;
  int64_t extent = counts.extent(-1), images = spikes.size() / (tokens * width);
  if (counts.size() != images * heads * extent * extent)
    return op.emitOpError("requires operands of one batch, found batches of different size");
  std::vector<uint8_t> active;
  if (failed(getActive(op, op.getActive(), images * tokens, evaluation, active)))
    return failure();
  bool isKeyValue = op.getAssociation() == spike::Association::KeyValue;
  ArrayRef<uint8_t> s = spikes.values<uint8_t>();
  ArrayRef<int32_t> m = counts.values<int32_t>();
  std::vector<int32_t> sums(spikes.size());
  for (int64_t row = 0; row < images * tokens; ++row)
    for (int64_t channel = 0; active[row] && channel < width; ++channel) {
      int64_t image = row / tokens, head = channel / depth, part = (image * heads + head) * extent;
      int32_t &sum = sums[row * width + channel];
      for (int64_t i = 0; i < extent; ++i)
        // Queries pick rows of k^T v; values pick columns of q k^T.
        sum += isKeyValue ? s[row * width + head * depth + i] * m[(part + i) * extent + channel % depth]
                          : s[(image * tokens + i) * width + channel] * m[(part + row % tokens) * extent + i];
    }
  evaluation.set(op.getOutput(), Tensor(spikes.shape(), std::move(sums)));
  return success();
}

} // namespace

void stas::addSparseOps(OpTable &table) {
  table.add<spike::CompactOp, compact>();
  table.add<spike::ExpandOp, expand>();
  table.add<spike::PackOp, pack>();
  table.add<spike::UnpackOp, unpack>();
  table.add<spike::AndCountOp, andCount>();
  table.add<spike::SumCountsOp, sumCounts>();
}
