//===- Attention.cpp - Spiking self-attention -----------------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Evaluation.h"

using namespace mlir;
using namespace stas;

namespace {

/// One head of one image: (q k^T) v, where q, k, v and y are [tokens][stride] and the head has `width` channels.
/// Integers throughout, so that k^T v first gives the same.
void attend(const uint8_t *q, const uint8_t *k, const uint8_t *v, int32_t *y, int64_t tokens, int64_t width,
            int64_t stride) {
  for (int64_t i = 0; i < tokens; ++i)
    for (int64_t j = 0; j < tokens; ++j) {
      int32_t score = 0;
      for (int64_t d = 0; d < width; ++d)
        score += q[i * stride + d] & k[j * stride + d];
      if (score)
        for (int64_t d = 0; d < width; ++d)
          y[i * stride + d] += score * v[j * stride + d];
    }
}

/// Counts are exact in f32 up to 2^24: N * d is far below. The scale is applied once, to the count.
LogicalResult attention(AttentionOp op, Evaluation &evaluation) {
  const Tensor &query = evaluation.get(op.getQuery());
  const Tensor &key = evaluation.get(op.getKey()), &value = evaluation.get(op.getValue());
  if (query.shape() != key.shape() || query.shape() != value.shape())
    return op.emitOpError("requires q, k, v of one shape, found batches of different size");
  int64_t tokens = query.extent(-2), channels = query.extent(-1), heads = op.getHeads(), width = channels / heads;
  int64_t image = tokens * channels;
  std::vector<int32_t> counts(query.size());
  for (int64_t start = 0; start < query.size(); start += image)
    for (int64_t head = 0; head < heads; ++head) {
      int64_t at = start + head * width;
      attend(&query.values<uint8_t>()[at], &key.values<uint8_t>()[at], &value.values<uint8_t>()[at], &counts[at],
             tokens, width, channels);
    }
  float scale = static_cast<float>(op.getScale().convertToDouble());
  std::vector<float> output(counts.size());
  for (size_t i = 0; i < counts.size(); ++i)
    output[i] = static_cast<float>(counts[i]) * scale;
  evaluation.set(op.getOutput(), Tensor(query.shape(), std::move(output)));
  return success();
}

} // namespace

void stas::addAttention(OpTable &table) { table.add<AttentionOp, attention>(); }
