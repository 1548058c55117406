//===- Tensor.cpp - Tensors of the reference interpreter ------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "stas/Interpreter/Tensor.h"

using namespace mlir;
using namespace stas;

bool Tensor::supports(Type type) {
  return type.isF32() || type.isInteger(1) || type.isInteger(8) || type.isInteger(32) || type.isInteger(64);
}

Tensor Tensor::zeros(ArrayRef<int64_t> shape, Type elementType) {
  int64_t count = llvm::product_of(shape);
  if (elementType.isF32())
    return Tensor(shape, std::vector<float>(count));
  if (elementType.isInteger(32))
    return Tensor(shape, std::vector<int32_t>(count));
  if (elementType.isInteger(64))
    return Tensor(shape, std::vector<int64_t>(count));
  return Tensor(shape, std::vector<uint8_t>(count));
}

Tensor Tensor::constant(DenseElementsAttr attribute) {
  ArrayRef<int64_t> shape = attribute.getType().getShape();
  auto gather = [&](auto zero, auto range) {
    std::vector<decltype(zero)> values;
    for (const auto &element : range)
      if constexpr (std::is_same_v<decltype(zero), float>)
        values.push_back(element.convertToFloat());
      else
        values.push_back(element.getSExtValue());
    return Tensor(shape, std::move(values));
  };
  Type type = attribute.getElementType();
  if (type.isF32())
    return gather(0.0f, attribute.getValues<APFloat>());
  if (type.isInteger(32))
    return gather(int32_t(0), attribute.getValues<APInt>());
  if (type.isInteger(64))
    return gather(int64_t(0), attribute.getValues<APInt>());
  // Spikes and counts are unsigned.
  std::vector<uint8_t> values;
  for (const APInt &element : attribute.getValues<APInt>())
    values.push_back(element.getZExtValue());
  return Tensor(shape, std::move(values));
}

std::vector<float> Tensor::toFloat() const {
  return visit([](auto held) { return std::vector<float>(held.begin(), held.end()); });
}

Tensor Tensor::reshaped(ArrayRef<int64_t> shape) const {
  assert(llvm::product_of(shape) == size() && "a reshape keeps the number of elements");
  Tensor result = *this;
  result.dims = Shape(shape);
  return result;
}

Tensor Tensor::slice(int64_t index) const {
  ArrayRef<int64_t> rest = shape().drop_front();
  int64_t count = llvm::product_of(rest);
  return visit([&](auto held) {
    auto part = held.slice(index * count, count);
    return Tensor(rest, std::vector(part.begin(), part.end()));
  });
}

bool stas::fits(const Tensor &tensor, RankedTensorType type) {
  if (!type || tensor.rank() != type.getRank() || !Tensor::supports(type.getElementType()))
    return false;
  for (auto [found, required] : llvm::zip_equal(tensor.shape(), type.getShape()))
    if (!ShapedType::isDynamic(required) && found != required)
      return false;
  Type element = type.getElementType();
  if (element.isF32())
    return tensor.holds<float>();
  if (element.isInteger(32))
    return tensor.holds<int32_t>();
  return element.isInteger(64) ? tensor.holds<int64_t>() : tensor.holds<uint8_t>();
}
