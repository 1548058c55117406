//===- TorchObjects.h - What pickled nodes mean to PyTorch ----------------===//
//
// Part of stas, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The complete list of Python names that have a meaning here:
//   torch._utils._rebuild_tensor, _rebuild_tensor_v2, _rebuild_parameter,
//   _rebuild_parameter_with_state, torch._tensor._rebuild_from_type_v2,
//   torch.nn.parameter.Parameter, torch.Size, torch.*Storage,
//   torch.storage.*Storage, collections.OrderedDict, argparse.Namespace.
// Any other call is opaque: an error where its value is needed, ignored where
// it is not.
//
//===----------------------------------------------------------------------===//

#ifndef STAS_IMPORT_TORCHOBJECTS_H
#define STAS_IMPORT_TORCHOBJECTS_H

#include "stas/Import/Checkpoint.h"
#include "stas/Import/Pickle.h"

#include "llvm/ADT/STLFunctionalExtras.h"

#include <utility>

namespace stas::import {

/// A storage as a pickle names it, before the file has been asked for it.
struct StorageId {
  llvm::StringRef key;
  /// Absent for an untyped storage, whose tensors bring their own type.
  std::optional<DType> dtype;
  /// Elements, or bytes if untyped.
  int64_t size = 0;
  /// Elements from the root storage's start (legacy files' storage views).
  int64_t viewOffset = 0;
};

/// Where a storage's bytes lie in the file: [begin, end).
struct StorageExtent {
  uint64_t begin = 0, end = 0;
};

/// Resolves a storage, or says what is wrong with it.
using StorageResolver = llvm::function_ref<llvm::Expected<StorageExtent>(const StorageId &)>;

class TorchObjects {
public:
  explicit TorchObjects(const PickleGraph &graph) : graph(graph) {}

  /// True for a dict, an OrderedDict and a Namespace.
  bool isDict(PickleRef ref) const;
  /// Entries whose key is a string, in order; a repeated key keeps its first
  /// place and its last value, as in Python. Empty if `ref` is no dict.
  std::vector<std::pair<llvm::StringRef, PickleRef>> entries(PickleRef ref) const;
  /// The value at `key`, or kNoPickleRef.
  PickleRef lookup(PickleRef ref, llvm::StringRef key) const;

  /// True if the node says that it is a tensor, sound or not.
  bool isTensor(PickleRef ref) const;
  /// The tensor that `ref` stands for. Errors say what was found instead.
  llvm::Expected<TensorRef> tensor(PickleRef ref, StorageResolver resolve) const;

  /// The storage that a persistent id names.
  llvm::Expected<StorageId> storage(PickleRef ref) const;

  /// Numbers, strings, lists and dicts as JSON. Nothing for a value that
  /// contains anything else, is nested deeper than 16, or is too large.
  std::optional<llvm::json::Value> toJSON(PickleRef ref) const;

  /// Calls in the file that no training script needs and that would run
  /// commands or code: their dotted names, each once, in file order.
  std::vector<std::string> suspiciousCalls() const;

private:
  std::optional<llvm::json::Value> toJSON(PickleRef ref, unsigned depth, unsigned &budget) const;
  /// The `i`-th argument of a call, or kNoPickleRef.
  PickleRef arg(const PickleNode &call, size_t i) const;
  bool isNone(PickleRef ref) const;
  bool intList(PickleRef ref, llvm::SmallVectorImpl<int64_t> &out) const;
  bool intValue(PickleRef ref, int64_t &out) const;

  const PickleGraph &graph;
};

} // namespace stas::import

#endif // STAS_IMPORT_TORCHOBJECTS_H
