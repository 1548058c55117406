//===- Layers.cpp - Weighted layers, batch normalisation, pooling ---------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Sums run over the inputs in ascending order of (channel, row, column) or k, in
// f32, without fused multiply-add; the bias comes last. Inputs of zero are
// skipped, which changes no sum. Weights are held transposed, outputs innermost,
// so that one input adds to a row of outputs.
//
//===----------------------------------------------------------------------===//
#include "Evaluation.h"
#include "Windows.h"
#include <cmath>

using namespace mlir;
using namespace stas;

namespace {

/// [outputs][inputs] to [inputs][outputs].
std::vector<float> transposed(ArrayRef<float> weight, int64_t outputs) {
  int64_t inputs = outputs ? weight.size() / outputs : 0;
  std::vector<float> result(weight.size());
  for (int64_t n = 0; n < outputs; ++n)
    for (int64_t k = 0; k < inputs; ++k)
      result[k * outputs + n] = weight[n * inputs + k];
  return result;
}

/// A layer's weight, transposed, and its bias (none: zeros).
struct Parameters {
  ArrayRef<float> weight, bias;
};

FailureOr<Parameters> parametersOf(Operation *op, WeightAttr weight, std::optional<WeightAttr> bias,
                                   Evaluation &evaluation) {
  int64_t outputs = weight.getType().getDimSize(0);
  auto w = evaluation.weight(op, weight, [&](std::vector<float> values) { return transposed(values, outputs); });
  if (failed(w))
    return failure();
  Parameters parameters{*w, {}};
  if (bias) {
    auto b = evaluation.weight(op, *bias);
    if (failed(b))
      return failure();
    parameters.bias = *b;
  }
  return parameters;
}

/// y[.., n] = sum over k of weight[n, k] * x[.., k] + bias[n].
Tensor linear(const Tensor &input, const Parameters &parameters, int64_t outputs) {
  int64_t inputs = input.extent(-1), rows = llvm::product_of(input.shape().drop_back());
  Tensor::Shape shape(input.shape());
  shape.back() = outputs;
  std::vector<float> output, sums;
  output.reserve(rows * outputs);
  input.visit([&](auto x) {
    for (int64_t row = 0; row < rows; ++row) {
      sums.assign(outputs, 0.0f);
      for (int64_t k = 0; k < inputs; ++k)
        if (float value = x[row * inputs + k])
          accumulate(value, &parameters.weight[k * outputs], sums);
      if (!parameters.bias.empty())
        accumulate(1.0f, parameters.bias.data(), sums);
      llvm::append_range(output, sums);
    }
  });
  return Tensor(shape, std::move(output));
}

template <typename OpTy> LogicalResult linearLayer(OpTy op, Evaluation &evaluation) {
  WeightAttr weight = op.getWeight();
  auto parameters = parametersOf(op, weight, op.getBias(), evaluation);
  if (failed(parameters))
    return failure();
  evaluation.set(op.getOutput(), linear(evaluation.get(op.getInput()), *parameters, weight.getType().getDimSize(0)));
  return success();
}

template <typename T>
void convolve(const T *map, int64_t channels, const Window &rows, const Window &columns, const Parameters &parameters,
              int64_t outputs, float *output) {
  int64_t height = rows.count(), width = columns.count();
  std::vector<float> sums;
  for (int64_t i = 0; i < height; ++i)
    for (int64_t j = 0; j < width; ++j) {
      sums.assign(outputs, 0.0f);
      for (int64_t c = 0; c < channels; ++c)
        for (int64_t y = rows.first(i); y < rows.last(i); ++y)
          for (int64_t x = columns.first(j); x < columns.last(j); ++x)
            if (float value = map[(c * rows.extent + y) * columns.extent + x]) {
              int64_t k = (c * rows.kernel + rows.tap(i, y)) * columns.kernel + columns.tap(j, x);
              accumulate(value, &parameters.weight[k * outputs], sums);
            }
      if (!parameters.bias.empty())
        accumulate(1.0f, parameters.bias.data(), sums);
      for (int64_t n = 0; n < outputs; ++n)
        output[(n * height + i) * width + j] = sums[n];
    }
}

LogicalResult conv2d(Conv2dOp op, Evaluation &evaluation) {
  auto output = convolved(op, evaluation.get(op.getInput()), op.getWeight(), op.getBiasAttr(),
                          {{}, op.getStrides(), op.getPadding()}, evaluation);
  if (succeeded(output))
    evaluation.set(op.getOutput(), std::move(*output));
  return output;
}

LogicalResult maxPool2d(MaxPool2dOp op, Evaluation &evaluation) {
  evaluation.set(op.getOutput(),
                 pooled(evaluation.get(op.getInput()), {op.getKernel(), op.getStrides(), op.getPadding()}));
  return success();
}

LogicalResult batchNorm(BatchNormOp op, Evaluation &evaluation) {
  BatchNormVectors vectors{op.getWeight(), op.getBias(), op.getMean(), op.getVar(), op.getEps().convertToDouble()};
  auto output = normalised(op, evaluation.get(op.getInput()), op.getAxis(), vectors, evaluation);
  if (succeeded(output))
    evaluation.set(op.getOutput(), std::move(*output));
  return output;
}

} // namespace

FailureOr<Tensor> stas::convolved(Operation *op, const Tensor &input, WeightAttr weight, WeightAttr bias,
                                  WindowShape window, Evaluation &evaluation) {
  std::optional<WeightAttr> given;
  if (bias)
    given = bias;
  auto parameters = parametersOf(op, weight, given, evaluation);
  if (failed(parameters))
    return failure();
  ArrayRef<int64_t> filter = weight.getType().getShape();
  int64_t outputs = filter[0], channels = filter[1];
  Window rows{input.extent(-2), filter[2], window.strides[0], window.padding[0]};
  Window columns{input.extent(-1), filter[3], window.strides[1], window.padding[1]};
  Tensor::Shape shape(input.shape().drop_back(3));
  int64_t maps = llvm::product_of(shape);
  shape.append({outputs, rows.count(), columns.count()});
  std::vector<float> output(llvm::product_of(shape));
  int64_t mapSize = channels * rows.extent * columns.extent, outputSize = outputs * rows.count() * columns.count();
  input.visit([&](auto values) {
    for (int64_t map = 0; map < maps; ++map)
      convolve(values.data() + map * mapSize, channels, rows, columns, *parameters, outputs,
               output.data() + map * outputSize);
  });
  return Tensor(shape, std::move(output));
}

/// y = x * scale + shift with scale = weight / sqrt(var + eps) and shift = bias - mean * scale. Both are computed in
/// double and rounded once: nearer to the formula than f32 statistics, and what the quantiser starts from.
FailureOr<Tensor> stas::normalised(Operation *op, const Tensor &input, int64_t axis, const BatchNormVectors &vectors,
                                   Evaluation &evaluation) {
  auto weight = evaluation.weight(op, vectors.weight), bias = evaluation.weight(op, vectors.bias);
  auto mean = evaluation.weight(op, vectors.mean), var = evaluation.weight(op, vectors.var);
  if (failed(weight) || failed(bias) || failed(mean) || failed(var))
    return failure();
  ArrayRef<int64_t> shape = input.shape();
  int64_t channels = shape[axis], inner = llvm::product_of(shape.drop_front(axis + 1));
  std::vector<float> output(input.values<float>());
  for (int64_t c = 0; c < channels; ++c) {
    double scale = (*weight)[c] / std::sqrt(static_cast<double>((*var)[c]) + vectors.eps);
    float a = static_cast<float>(scale), b = static_cast<float>((*bias)[c] - (*mean)[c] * scale);
    for (size_t row = c * inner; row < output.size(); row += channels * inner)
      for (int64_t i = 0; i < inner; ++i)
        output[row + i] = output[row + i] * a + b;
  }
  return Tensor(shape, std::move(output));
}

Tensor stas::pooled(const Tensor &input, WindowShape window, bool channelsLast) {
  // A map whose channels come last is read C elements at a time.
  int64_t channels = channelsLast ? input.extent(-1) : 1;
  ArrayRef<int64_t> extents = input.shape().drop_back(channelsLast ? 1 : 0);
  Window rows{*(extents.end() - 2), window.kernel[0], window.strides[0], window.padding[0]};
  Window columns{extents.back(), window.kernel[1], window.strides[1], window.padding[1]};
  Tensor::Shape shape(extents.drop_back(2));
  int64_t maps = llvm::product_of(shape);
  shape.append({rows.count(), columns.count()});
  if (channelsLast)
    shape.push_back(channels);
  return input.visit([&](auto values) {
    std::vector<typename decltype(values)::value_type> maxima;
    maxima.reserve(llvm::product_of(shape));
    for (int64_t map = 0; map < maps; ++map)
      for (int64_t i = 0; i < rows.count(); ++i)
        for (int64_t j = 0; j < columns.count(); ++j)
          for (int64_t c = 0; c < channels; ++c) {
            auto at = [&](int64_t y, int64_t x) {
              return values[((map * rows.extent + y) * columns.extent + x) * channels + c];
            };
            auto maximum = at(rows.first(i), columns.first(j));
            for (int64_t y = rows.first(i); y < rows.last(i); ++y)
              for (int64_t x = columns.first(j); x < columns.last(j); ++x)
                maximum = std::max(maximum, at(y, x));
            maxima.push_back(maximum);
          }
    return Tensor(shape, std::move(maxima));
  });
}

void stas::addLayers(OpTable &table) {
  table.add<LinearOp, linearLayer<LinearOp>>();
  table.add<HeadOp, linearLayer<HeadOp>>();
  table.add<Conv2dOp, conv2d>();
  table.add<MaxPool2dOp, maxPool2d>();
  table.add<BatchNormOp, batchNorm>();
}
