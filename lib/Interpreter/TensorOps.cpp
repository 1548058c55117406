//===- TensorOps.cpp - Ops that move, add and reduce values ---------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Evaluation.h"
#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;
using namespace stas;

namespace {

/// Integer sums are held as counts, 0..255. A larger one is an error of the model, never wrapped.
FailureOr<Tensor> countsFrom(Operation *op, ArrayRef<int64_t> shape, ArrayRef<int32_t> sums) {
  for (int32_t sum : sums)
    if (sum > 255)
      return op->emitOpError("requires sums of at most 255, the largest count, found ") << sum;
  return Tensor(shape, std::vector<uint8_t>(sums.begin(), sums.end()));
}

LogicalResult encode(EncodeOp op, Evaluation &evaluation) {
  evaluation.set(op.getOutput(), repeated(evaluation.get(op.getInput()), op.getTimesteps()));
  return success();
}

LogicalResult add(AddOp op, Evaluation &evaluation) {
  FailureOr<Tensor> sum = added(op, evaluation.get(op.getLhs()), evaluation.get(op.getRhs()));
  if (succeeded(sum))
    evaluation.set(op.getOutput(), std::move(*sum));
  return sum;
}

/// sum[i] over t of x[t, i], in ascending order of t.
template <typename Sum, typename T> std::vector<Sum> sumOverTime(ArrayRef<T> x, int64_t timesteps) {
  size_t count = timesteps ? x.size() / timesteps : 0;
  std::vector<Sum> sum(count);
  for (int64_t t = 0; t < timesteps; ++t)
    for (size_t i = 0; i < count; ++i)
      sum[i] += x[t * count + i];
  return sum;
}

LogicalResult integrate(IntegrateOp op, Evaluation &evaluation) {
  FailureOr<Tensor> output = integrated(op, evaluation.get(op.getInput()), op.getKind());
  if (succeeded(output))
    evaluation.set(op.getOutput(), std::move(*output));
  return output;
}

LogicalResult flatten(FlattenOp op, Evaluation &evaluation) {
  const Tensor &input = evaluation.get(op.getInput());
  int64_t channels = input.extent(-3), tokens = input.extent(-2) * input.extent(-1);
  Tensor::Shape shape(input.shape().drop_back(3));
  int64_t maps = llvm::product_of(shape);
  shape.append({tokens, channels});
  Tensor output = input.visit([&](auto values) {
    std::vector<typename decltype(values)::value_type> rows(values.size());
    for (int64_t map = 0; map < maps; ++map)
      for (int64_t c = 0; c < channels; ++c)
        for (int64_t n = 0; n < tokens; ++n)
          rows[(map * tokens + n) * channels + c] = values[(map * channels + c) * tokens + n];
    return Tensor(shape, std::move(rows));
  });
  evaluation.set(op.getOutput(), std::move(output));
  return success();
}

LogicalResult mask(MaskOp op, Evaluation &evaluation) {
  const Tensor &input = evaluation.get(op.getInput());
  const Tensor &active = evaluation.get(op.getActive());
  if (input.shape().drop_back() != active.shape())
    return op.emitOpError("requires a mask of the input's batch, found batches of different size");
  int64_t width = input.extent(-1);
  ArrayRef<uint8_t> rows = active.values<uint8_t>();
  Tensor output = input.visit([&](auto values) {
    std::vector<typename decltype(values)::value_type> kept(values.begin(), values.end());
    for (size_t row = 0; row < rows.size(); ++row)
      if (!rows[row])
        std::fill_n(kept.begin() + row * width, width, 0);
    return Tensor(input.shape(), std::move(kept));
  });
  evaluation.set(op.getOutput(), std::move(output));
  return success();
}

LogicalResult divide(arith::DivFOp op, Evaluation &evaluation) {
  const Tensor *operands[] = {&evaluation.get(op.getLhs()), &evaluation.get(op.getRhs())};
  if (!getElementTypeOrSelf(op.getType()).isF32() || !isa<RankedTensorType>(op.getType()))
    return op.emitOpError("requires tensors of f32 to be interpreted, found ") << op.getType();
  if (operands[0]->shape() != operands[1]->shape())
    return op.emitOpError("requires operands of one shape, found batches of different size");
  std::vector<float> quotient = operands[0]->values<float>().vec();
  for (auto [value, divisor] : llvm::zip_equal(quotient, operands[1]->values<float>()))
    value /= divisor;
  evaluation.set(op.getResult(), Tensor(operands[0]->shape(), std::move(quotient)));
  return success();
}

LogicalResult meanTokens(MeanTokensOp op, Evaluation &evaluation) {
  evaluation.set(op.getOutput(), meanOverTokens(evaluation.get(op.getInput())));
  return success();
}

} // namespace

Tensor stas::repeated(const Tensor &value, int64_t timesteps) {
  Tensor::Shape shape{timesteps};
  llvm::append_range(shape, value.shape());
  return value.visit([&](auto values) {
    std::vector<typename decltype(values)::value_type> copies;
    copies.reserve(timesteps * values.size());
    for (int64_t t = 0; t < timesteps; ++t)
      llvm::append_range(copies, values);
    return Tensor(shape, std::move(copies));
  });
}

FailureOr<Tensor> stas::added(Operation *op, const Tensor &lhs, const Tensor &rhs, int64_t factor) {
  if (lhs.shape() != rhs.shape())
    return op->emitOpError("requires operands of one shape, found batches of different size");
  if (lhs.holds<float>() || rhs.holds<float>()) {
    std::vector<float> sum = lhs.toFloat(), other = rhs.toFloat();
    for (size_t i = 0; i < sum.size(); ++i)
      sum[i] += other[i];
    return Tensor(lhs.shape(), std::move(sum));
  }
  ArrayRef<uint8_t> a = lhs.values<uint8_t>(), b = rhs.values<uint8_t>();
  std::vector<int32_t> sum(a.begin(), a.end());
  for (size_t i = 0; i < sum.size(); ++i)
    sum[i] += static_cast<int32_t>(factor) * b[i];
  return countsFrom(op, lhs.shape(), sum);
}

FailureOr<Tensor> stas::integrated(Operation *op, const Tensor &value, ReduceKind kind) {
  ArrayRef<int64_t> shape = value.shape().drop_front();
  int64_t timesteps = value.extent(0);
  if (kind == ReduceKind::Sum && value.holds<uint8_t>())
    return countsFrom(op, shape, sumOverTime<int32_t>(value.values<uint8_t>(), timesteps));
  if (value.holds<int64_t>())
    return Tensor(shape, sumOverTime<int64_t>(value.values<int64_t>(), timesteps));
  std::vector<float> sum = value.visit([&](auto values) { return sumOverTime<float>(values, timesteps); });
  if (kind == ReduceKind::Mean)
    for (float &element : sum)
      element /= static_cast<float>(timesteps);
  return Tensor(shape, std::move(sum));
}

Tensor stas::meanOverTokens(const Tensor &value) {
  int64_t tokens = value.extent(-2), width = value.extent(-1);
  Tensor::Shape shape(value.shape().drop_back(2));
  int64_t images = llvm::product_of(shape);
  shape.push_back(width);
  std::vector<float> mean(images * width);
  value.visit([&](auto values) {
    for (int64_t image = 0; image < images; ++image)
      for (int64_t n = 0; n < tokens; ++n)
        for (int64_t d = 0; d < width; ++d)
          mean[image * width + d] += values[(image * tokens + n) * width + d];
  });
  for (float &element : mean)
    element /= static_cast<float>(tokens);
  return Tensor(shape, std::move(mean));
}

void stas::addTensorOps(OpTable &table) {
  table.add<EncodeOp, encode>();
  table.add<AddOp, add>();
  table.add<IntegrateOp, integrate>();
  table.add<FlattenOp, flatten>();
  table.add<MaskOp, mask>();
  table.add<MeanTokensOp, meanTokens>();
  table.add<arith::DivFOp, divide>();
}
