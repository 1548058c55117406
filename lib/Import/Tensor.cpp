//===- Tensor.cpp - References to tensors in a file -----------------------===//
//
// Part of stas, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "stas/Import/Checkpoint.h"

#include "llvm/ADT/STLExtras.h"

using namespace stas::import;

/// A dimension of stride 0 makes a tensor of any size from one element; no
/// model has one this large.
static constexpr int64_t kMaxElements = int64_t(1) << 31;

unsigned stas::import::byteSize(DType dtype) {
  switch (dtype) {
  case DType::Bool:
  case DType::I8:
  case DType::U8:
    return 1;
  case DType::F16:
  case DType::BF16:
  case DType::I16:
    return 2;
  case DType::F32:
  case DType::I32:
    return 4;
  case DType::F64:
  case DType::I64:
    return 8;
  }
  return 0;
}

bool stas::import::isFloat(DType dtype) { return dtype <= DType::F64; }

llvm::StringRef stas::import::dtypeName(DType dtype) {
  static constexpr llvm::StringLiteral names[] = {"float16", "bfloat16", "float32", "float64", "bool",
                                                  "int8",    "uint8",    "int16",   "int32",   "int64"};
  return names[static_cast<unsigned>(dtype)];
}

std::string stas::import::shapeText(llvm::ArrayRef<int64_t> shape) {
  std::string text = "[";
  for (auto [i, extent] : llvm::enumerate(shape))
    text += (i ? ", " : "") + (extent == kUnknownExtent ? "?" : std::to_string(extent));
  return text + "]";
}

int64_t TensorRef::numElements() const { return llvm::product_of(shape); }

void stas::import::setContiguousStrides(TensorRef &tensor) {
  tensor.strides.assign(tensor.shape.size(), 1);
  for (size_t i = tensor.shape.size(); i-- > 1;)
    if (__builtin_mul_overflow(tensor.strides[i], tensor.shape[i], &tensor.strides[i - 1]))
      tensor.strides[i - 1] = INT64_MAX; // refused by checkExtent
}

bool TensorRef::isContiguous() const {
  int64_t expected = 1;
  for (size_t i = shape.size(); i-- > 0;) {
    if (shape[i] != 1 && strides[i] != expected)
      return false;
    expected *= shape[i];
  }
  return true;
}

std::optional<std::string> stas::import::checkExtent(const TensorRef &tensor, uint64_t begin, uint64_t end) {
  if (tensor.shape.size() > 8)
    return std::to_string(tensor.shape.size()) + " dimensions";
  if (tensor.shape.size() != tensor.strides.size())
    return std::to_string(tensor.strides.size()) + " strides for the shape " + shapeText(tensor.shape);
  // Elements, and the index of the last one from the first.
  int64_t count = 1, last = 0;
  for (auto [extent, stride] : llvm::zip(tensor.shape, tensor.strides)) {
    int64_t span;
    if (extent < 0 || stride < 0)
      return "the shape " + shapeText(tensor.shape) + " with the strides " + shapeText(tensor.strides);
    if (__builtin_mul_overflow(count, extent, &count) || count > kMaxElements ||
        (extent > 0 &&
         (__builtin_mul_overflow(stride, extent - 1, &span) || __builtin_add_overflow(last, span, &last))))
      return "the shape " + shapeText(tensor.shape) + " of more than 2^31 " + "elements";
  }
  if (count == 0)
    return std::nullopt;
  int64_t bytes;
  uint64_t stop;
  if (__builtin_add_overflow(last, 1, &bytes) || __builtin_mul_overflow(bytes, byteSize(tensor.dtype), &bytes) ||
      __builtin_add_overflow(tensor.offset, bytes, &stop) || tensor.offset < begin || stop > end)
    return "a view of shape " + shapeText(tensor.shape) + ", strides " + shapeText(tensor.strides) +
           " that leaves its storage of " + std::to_string(end - begin) + " bytes";
  return std::nullopt;
}
