//===- Checkpoint.h - Tensors and settings found in a file ----------------===//
//
// Part of stas, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What every file format is reduced to. Tensors are references into the mapped
// file; no weight is copied, whatever its type and layout.
//
//===----------------------------------------------------------------------===//

#ifndef STAS_IMPORT_CHECKPOINT_H
#define STAS_IMPORT_CHECKPOINT_H

#include "stas/Import/Report.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/MemoryBuffer.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace stas::import {

enum class DType : uint8_t { F16, BF16, F32, F64, Bool, I8, U8, I16, I32, I64 };

unsigned byteSize(DType dtype);
bool isFloat(DType dtype);
/// "float32", as PyTorch prints it.
llvm::StringRef dtypeName(DType dtype);

/// A strided view of bytes of the checkpoint file. Every element lies inside
/// the file: that is checked when the reference is made.
struct TensorRef {
  std::string key;
  DType dtype = DType::F32;
  llvm::SmallVector<int64_t, 4> shape;
  /// In elements, one per dimension; 0 (an expanded dimension) is allowed.
  llvm::SmallVector<int64_t, 4> strides;
  /// Of element [0, ..., 0], in bytes from the start of the file.
  uint64_t offset = 0;
  /// Not empty where the file holds something else under this key, or a tensor
  /// that is unsound: what was found. An error only if the tensor is needed.
  std::string unusable;

  int64_t numElements() const;
  /// Row-major without gaps. Dimensions of extent 1 may have any stride.
  bool isContiguous() const;
};

/// An extent that no tensor tells. Every tensor that could is then a problem of
/// its own, so that a checked model has none.
constexpr int64_t kUnknownExtent = INT64_MIN;

/// "[48, 3, 3, 3]", "[?, 3, 3, 3]".
std::string shapeText(llvm::ArrayRef<int64_t> shape);

/// Fills row-major strides for `shape`.
void setContiguousStrides(TensorRef &tensor);

/// Checks shape, strides and offset of `tensor` against the bytes
/// [begin, end) of the file that its storage takes. Returns what is wrong, or
/// nothing. No arithmetic on the file's numbers overflows.
std::optional<std::string> checkExtent(const TensorRef &tensor, uint64_t begin, uint64_t end);

struct Checkpoint {
  /// As the user spelled it.
  std::string path;
  std::shared_ptr<llvm::MemoryBuffer> file;
  /// "torch zip", "torch legacy", "safetensors".
  std::string format;
  /// In file order, after removal of wrappers' key prefixes; keys are unique.
  std::vector<TensorRef> tensors;
  /// The checkpoint's `config` dict, if there is one.
  std::optional<llvm::json::Object> config;
  /// Plain values of a training script's `args`, if there are any.
  llvm::json::Object args;
};

struct CheckpointOptions {
  /// Take the moving average of the weights where the file has one.
  bool ema = false;
  /// Do not read the checkpoint's `config`.
  bool ignoreConfig = false;
};

/// Maps and reads `path`: a torch.save file (zip or legacy) or safetensors,
/// told apart by content. Problems and notes go to `report`; returns nothing if
/// there is no state dict to speak of.
std::optional<Checkpoint> readCheckpoint(llvm::StringRef path, const CheckpointOptions &options, Report &report);

} // namespace stas::import

#endif // STAS_IMPORT_CHECKPOINT_H
