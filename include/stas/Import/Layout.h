//===- Layout.h - The model that a state dict describes -------------------===//
//
// Part of stas, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Naming, depth and all widths are read from keys and shapes. Each width is
// voted on by every tensor that has it, so that one misshaped tensor is
// reported as such and not as a hundred others that disagree with it.
//
//===----------------------------------------------------------------------===//

#ifndef STAS_IMPORT_LAYOUT_H
#define STAS_IMPORT_LAYOUT_H

#include "stas/Import/Checkpoint.h"
#include "stas/Import/Config.h"

#include "llvm/ADT/StringMap.h"

#include <array>

namespace stas::import {

constexpr unsigned kStemStages = 4;

/// Whether a model can have a width of `extent`.
bool isExtent(int64_t extent);

struct Layout {
  Naming naming = Naming::Cifar;
  int64_t depth = 0;
  /// D, the width of the residual stream.
  int64_t width = 0;
  int64_t inChannels = 0;
  std::array<int64_t, kStemStages> stageChannels{};
  /// Hidden width of each block's MLP.
  std::vector<int64_t> hidden;
  int64_t classes = 0;

  /// "linear" or "conv": how a block's dense layers are named.
  llvm::StringRef denseSuffix() const;
  /// Whether a max-pool follows the stage's LIF.
  bool poolsAfter(unsigned stage) const { return naming == Naming::ImageNet || stage >= 2; }
};

/// The tensors of a model by key, all of them checked.
class WeightTable {
public:
  /// The tensor at `key`, which checkWeights has found sound.
  const TensorRef &operator[](llvm::StringRef key) const { return *tensors.find(key)->second; }
  const TensorRef *find(llvm::StringRef key) const {
    auto it = tensors.find(key);
    return it == tensors.end() ? nullptr : it->second;
  }
  void add(const TensorRef &tensor) { tensors[tensor.key] = &tensor; }

private:
  llvm::StringMap<const TensorRef *> tensors;
};

/// Reads the layout from keys and shapes; nothing after reporting if the state
/// dict is not one of a known family, or its blocks are not numbered in a row.
std::optional<Layout> readLayout(const Checkpoint &checkpoint, Report &report);

/// A tensor that a layout calls for.
struct ExpectedTensor {
  std::string key;
  /// kUnknownExtent stands for any extent.
  llvm::SmallVector<int64_t, 4> shape;
  /// A variance: negative values are refused.
  bool variance = false;
};
std::vector<ExpectedTensor> expectedTensors(const Layout &layout);

/// Compares the state dict with what the layout calls for: every tensor that is
/// missing, unusable, misshaped, not of real numbers, not finite, or not called
/// for is one problem. LayerNorms (norm1, norm2) and num_batches_tracked, which
/// the models hold and never use, are passed over.
WeightTable checkWeights(const Checkpoint &checkpoint, const Layout &layout, Report &report);

/// What a scan of all of a tensor's values found.
struct ValueScan {
  int64_t notFinite = 0;
  int64_t negative = 0;
};
/// Reads each element of `tensor` (of real numbers) once.
ValueScan scanValues(const TensorRef &tensor, llvm::StringRef file);

} // namespace stas::import

#endif // STAS_IMPORT_LAYOUT_H
