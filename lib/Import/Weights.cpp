//===- Weights.cpp - Checking a state dict against its layout -------------===//
//
// Part of stas, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "stas/Import/Layout.h"

#include "llvm/ADT/StringSet.h"
#include "llvm/Support/Endian.h"

using namespace stas::import;
using llvm::StringRef;

namespace {
/// Where the bits of a little-endian IEEE-like number are.
template <typename BitsT, BitsT Exponent> struct RealFormat {
  using Bits = BitsT;
  static constexpr Bits exponent = Exponent;
  static constexpr Bits sign = Bits(1) << (8 * sizeof(Bits) - 1);
};
} // namespace

/// Scans `count` elements `step` elements apart. Branch-free, because it reads
/// every weight of the model.
template <typename Format> static void scanRow(const char *data, int64_t count, int64_t step, ValueScan &scan) {
  using Bits = typename Format::Bits;
  int64_t notFinite = 0, negative = 0;
  for (int64_t i = 0; i < count; ++i) {
    Bits bits = llvm::support::endian::read<Bits, llvm::endianness::little>(data + i * step * sizeof(Bits));
    notFinite += (bits & Format::exponent) == Format::exponent;
    negative += bits > Format::sign; // -0 is no negative number
  }
  scan.notFinite += notFinite;
  scan.negative += negative;
}

template <typename Format> static void scanTensor(const TensorRef &tensor, const char *data, ValueScan &scan) {
  using Bits = typename Format::Bits;
  if (tensor.isContiguous())
    return scanRow<Format>(data, tensor.numElements(), 1, scan);
  // An odometer over all axes but the last. Repeated elements (stride 0) are
  // scanned once.
  llvm::SmallVector<int64_t, 4> extents(tensor.shape);
  for (auto [extent, stride] : llvm::zip(extents, tensor.strides))
    if (stride == 0)
      extent = std::min<int64_t>(extent, 1);
  size_t last = extents.size() - 1;
  llvm::SmallVector<int64_t, 4> index(extents.size(), 0);
  for (;;) {
    int64_t at = 0;
    for (size_t i = 0; i < last; ++i)
      at += index[i] * tensor.strides[i];
    scanRow<Format>(data + at * sizeof(Bits), extents[last], tensor.strides[last], scan);
    size_t axis = last;
    while (axis-- > 0) {
      if (++index[axis] < extents[axis])
        break;
      index[axis] = 0;
    }
    if (axis == size_t(-1))
      return;
  }
}

ValueScan stas::import::scanValues(const TensorRef &tensor, StringRef file) {
  ValueScan scan;
  if (tensor.numElements() == 0)
    return scan;
  const char *data = file.data() + tensor.offset;
  switch (tensor.dtype) {
  case DType::F16:
    scanTensor<RealFormat<uint16_t, 0x7c00>>(tensor, data, scan);
    break;
  case DType::BF16:
    scanTensor<RealFormat<uint16_t, 0x7f80>>(tensor, data, scan);
    break;
  case DType::F32:
    scanTensor<RealFormat<uint32_t, 0x7f800000>>(tensor, data, scan);
    break;
  case DType::F64:
    scanTensor<RealFormat<uint64_t, 0x7ff0000000000000>>(tensor, data, scan);
    break;
  default:
    break;
  }
  return scan;
}

/// Held by the published models and never used: LayerNorms that forward() does
/// not call, and BatchNorm's training step counter.
static bool isInert(StringRef key, const Layout &layout, const llvm::StringSet<> &wanted) {
  if (key.consume_back(".num_batches_tracked"))
    return wanted.contains((key + ".running_mean").str());
  uint64_t index;
  return key.consume_front("block.") && !key.consumeInteger(10, index) && index < static_cast<uint64_t>(layout.depth) &&
         (key == ".norm1.weight" || key == ".norm1.bias" || key == ".norm2.weight" || key == ".norm2.bias");
}

static bool matches(llvm::ArrayRef<int64_t> shape, llvm::ArrayRef<int64_t> expected) {
  return shape.size() == expected.size() && llvm::all_of(llvm::zip(shape, expected), [](const auto &pair) {
           auto [found, wanted] = pair;
           return wanted == kUnknownExtent ? isExtent(found) : found == wanted;
         });
}

WeightTable stas::import::checkWeights(const Checkpoint &checkpoint, const Layout &layout, Report &report) {
  WeightTable found, table;
  for (const TensorRef &tensor : checkpoint.tensors)
    found.add(tensor);
  auto problem = [&](StringRef key, const llvm::Twine &required, const llvm::Twine &what, StringRef action) {
    report.problem(checkpoint.path, "layer " + printable(key), required, what, action);
  };
  llvm::StringSet<> wanted;
  StringRef bytes = checkpoint.file->getBuffer();
  for (const ExpectedTensor &expected : expectedTensors(layout)) {
    wanted.insert(expected.key);
    std::string shape = shapeText(expected.shape);
    const TensorRef *tensor = found.find(expected.key);
    if (!tensor) {
      problem(expected.key, "a tensor " + shape, "none", "save the whole model's state_dict()");
    } else if (!tensor->unusable.empty()) {
      problem(expected.key, "a tensor " + shape, tensor->unusable, "save the model's state_dict() again");
    } else if (!matches(tensor->shape, expected.shape)) {
      problem(expected.key, "shape " + shape, shapeText(tensor->shape), "check that all layers are of one model");
    } else if (!isFloat(tensor->dtype)) {
      problem(expected.key, "float16, bfloat16, float32 or float64", dtypeName(tensor->dtype),
              "save the model before quantising it");
    } else {
      ValueScan scan = scanValues(*tensor, bytes);
      if (scan.notFinite)
        problem(expected.key, "finite values",
                llvm::Twine(scan.notFinite) + " of " + llvm::Twine(tensor->numElements()) + " infinite or NaN",
                "take a checkpoint from before the training diverged");
      else if (expected.variance && scan.negative)
        problem(expected.key, "variances >= 0", llvm::Twine(scan.negative) + " negative ones",
                "take a checkpoint from before the training diverged");
      table.add(*tensor);
    }
  }
  for (const TensorRef &tensor : checkpoint.tensors)
    if (!wanted.contains(tensor.key) && !isInert(tensor.key, layout, wanted))
      problem(tensor.key, "no such layer in this family",
              tensor.unusable.empty() ? "a tensor " + shapeText(tensor.shape) : tensor.unusable,
              "remove it, or check that the file holds one of the families "
              "stas reads");
  return table;
}
