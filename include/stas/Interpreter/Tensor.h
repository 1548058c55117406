//===- Tensor.h - Tensors of the reference interpreter ----------*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef STAS_INTERPRETER_TENSOR_H
#define STAS_INTERPRETER_TENSOR_H

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"
#include <cassert>
#include <cstdint>
#include <memory>
#include <variant>
#include <vector>

namespace stas {

/// An immutable dense tensor in row-major order. Copies share the values. The element types of the model level are held
/// as: i1 (0 or 1) and i8 (unsigned) in uint8_t, i32 in int32_t, i64 in int64_t, f32 in float.
class Tensor {
public:
  using Shape = llvm::SmallVector<int64_t, 5>;
  using Storage = std::variant<std::vector<uint8_t>, std::vector<int32_t>, std::vector<int64_t>, std::vector<float>>;

  Tensor() = default;
  /// `values` has as many elements as `shape` says.
  template <typename T>
  Tensor(llvm::ArrayRef<int64_t> shape, std::vector<T> values)
      : dims(shape), storage(std::make_shared<const Storage>(std::move(values))) {
    assert(size() == static_cast<int64_t>(this->values<T>().size()) && "shape and values differ");
  }
  /// All elements zero, held as `type`'s elements are; every extent comes from `shape`.
  static Tensor zeros(llvm::ArrayRef<int64_t> shape, mlir::Type elementType);
  /// The values of a constant of static shape; of an element type that a tensor holds.
  static Tensor constant(mlir::DenseElementsAttr attribute);
  /// Whether a tensor holds elements of this type.
  static bool supports(mlir::Type elementType);

  llvm::ArrayRef<int64_t> shape() const { return dims; }
  int64_t rank() const { return dims.size(); }
  /// Number of elements.
  int64_t size() const { return llvm::product_of(dims); }
  /// The extent of an axis; a negative axis counts from the last one, -1.
  int64_t extent(int64_t axis) const { return dims[axis < 0 ? axis + rank() : axis]; }

  template <typename T> bool holds() const { return storage && std::holds_alternative<std::vector<T>>(*storage); }
  template <typename T> llvm::ArrayRef<T> values() const {
    assert(holds<T>() && "tensor holds another element type");
    return *std::get_if<std::vector<T>>(storage.get());
  }
  /// Calls visitor(ArrayRef<T>) with the values in the type that they are held in.
  template <typename Visitor> decltype(auto) visit(Visitor &&visitor) const {
    return std::visit([&](const auto &held) { return visitor(llvm::ArrayRef(held)); }, *storage);
  }
  /// The values as f32.
  std::vector<float> toFloat() const;

  /// The same values under another shape of as many elements.
  Tensor reshaped(llvm::ArrayRef<int64_t> shape) const;
  /// Element `index` of the leading axis, without that axis.
  Tensor slice(int64_t index) const;

private:
  Shape dims;
  std::shared_ptr<const Storage> storage;
};

/// Whether the tensor has the type's rank, static extents and element representation.
bool fits(const Tensor &tensor, mlir::RankedTensorType type);

} // namespace stas

#endif // STAS_INTERPRETER_TENSOR_H
