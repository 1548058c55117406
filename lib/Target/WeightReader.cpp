//===- WeightReader.cpp - Values behind #stas.weight ----------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "stas/Target/WeightReader.h"
#include "llvm/ADT/bit.h"
#include "llvm/Support/CheckedArithmetic.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MathExtras.h"
#include "llvm/Support/Path.h"
#include <cmath>
#include <optional>

using namespace llvm;
using namespace stas;
using mlir::RankedTensorType, mlir::Type;

namespace {

template <typename... Args> Error failed(WeightAttr weight, const char *format, Args... args) {
  return createStringError(("%s: '%s': " + Twine(format)).str().c_str(), weight.getFile().str().c_str(),
                           weight.getKey().str().c_str(), args...);
}

/// Strides in elements; those of the contiguous row-major layout where the attribute gives none.
SmallVector<int64_t> stridesOf(WeightAttr weight) {
  if (!weight.getStrides().empty())
    return SmallVector<int64_t>(weight.getStrides());
  ArrayRef<int64_t> shape = weight.getType().getShape();
  SmallVector<int64_t> strides(shape.size(), 1);
  for (size_t axis = shape.size(); axis-- > 1;)
    strides[axis - 1] = strides[axis] * shape[axis];
  return strides;
}

/// Elements from the first to the last one in the file, both included; nothing where that overflows, or where strides
/// of 0 repeat elements so often that the tensor would not fit into memory.
std::optional<int64_t> spanOf(ArrayRef<int64_t> shape, ArrayRef<int64_t> strides) {
  constexpr int64_t maxRepeated = int64_t(1) << 28;
  if (is_contained(shape, 0))
    return 0;
  int64_t span = 1, count = 1;
  for (auto [extent, stride] : zip_equal(shape, strides)) {
    int64_t reach;
    if (MulOverflow(extent - 1, stride, reach) || AddOverflow(span, reach, span) || MulOverflow(count, extent, count))
      return std::nullopt;
  }
  if (count > span && count > maxRepeated)
    return std::nullopt;
  return span;
}

/// IEEE half precision, from its bits. Exact.
float halfToFloat(uint16_t bits) {
  int exponent = bits >> 10 & 31, fraction = bits & 1023;
  float magnitude;
  if (exponent == 31)
    magnitude = fraction ? NAN : INFINITY;
  else if (exponent == 0)
    magnitude = std::ldexp(static_cast<float>(fraction), -24);
  else
    magnitude = std::ldexp(static_cast<float>(1024 + fraction), exponent - 25);
  return bits >> 15 ? -magnitude : magnitude;
}

/// Element `index` after `data`, of one of the four types that weight.R2 admits.
template <typename T> T element(const char *data, int64_t index, Type type) {
  using support::endian::read16le, support::endian::read32le, support::endian::read64le;
  if (type.isF32())
    return llvm::bit_cast<float>(read32le(data + 4 * index));
  if (type.isF64())
    return static_cast<T>(llvm::bit_cast<double>(read64le(data + 8 * index)));
  uint16_t bits = read16le(data + 2 * index);
  return type.isBF16() ? llvm::bit_cast<float>(static_cast<uint32_t>(bits) << 16) : halfToFloat(bits);
}

/// Calls visit(offset in elements) for each element in row-major order.
template <typename Visit> void forEachElement(ArrayRef<int64_t> shape, ArrayRef<int64_t> strides, Visit visit) {
  if (is_contained(shape, 0))
    return;
  SmallVector<int64_t> index(shape.size(), 0);
  int64_t offset = 0;
  for (;;) {
    visit(offset);
    size_t axis = shape.size();
    while (axis-- > 0) {
      offset += strides[axis];
      if (++index[axis] < shape[axis])
        break;
      offset -= strides[axis] * shape[axis];
      index[axis] = 0;
    }
    if (axis == static_cast<size_t>(-1))
      return;
  }
}

} // namespace

Expected<StringRef> WeightReader::map(WeightAttr weight) {
  std::unique_ptr<MemoryBuffer> &file = files[weight.getFile()];
  if (file)
    return file->getBuffer();
  SmallString<128> path(weight.getFile());
  if (!sys::fs::exists(path) && sys::path::is_relative(path)) {
    path = baseDirectory;
    sys::path::append(path, weight.getFile());
  }
  // A device or a pipe has no end to check offsets against.
  if (sys::fs::exists(path) && !sys::fs::is_regular_file(path))
    return createStringError("%s: required a regular file that holds '%s', found something else", path.c_str(),
                             weight.getKey().str().c_str());
  auto buffer = MemoryBuffer::getFile(path, /*IsText=*/false, /*RequiresNullTerminator=*/false);
  if (!buffer)
    return failed(weight,
                  "required the checkpoint's file, found none to read (%s); looked in '%s' too. Put the file where "
                  "it was imported from or import the model again",
                  buffer.getError().message().c_str(), baseDirectory.empty() ? "." : baseDirectory.c_str());
  StringRef contents = (*buffer)->getBuffer();
  if (model && !model.getDigest().empty() && sys::path::filename(weight.getFile()) == model.getSource())
    if (std::string digest = ModelAttr::digestOf(contents); digest != model.getDigest())
      return failed(weight,
                    "required the checkpoint that was imported (digest %s), found a file that has changed since "
                    "(digest %s): import the model again",
                    model.getDigest().str().c_str(), digest.c_str());
  file = std::move(*buffer);
  return contents;
}

Expected<StringRef> WeightReader::bytes(WeightAttr weight) {
  Expected<StringRef> file = map(weight);
  if (!file)
    return file.takeError();
  RankedTensorType type = weight.getType();
  uint64_t offset = weight.getOffset(), width = type.getElementType().getIntOrFloatBitWidth() / 8;
  std::optional<int64_t> span = spanOf(type.getShape(), stridesOf(weight));
  std::optional<uint64_t> end;
  if (span)
    end = checkedMulAddUnsigned<uint64_t>(*span, width, offset);
  if (!end || *end > file->size())
    return failed(weight,
                  "required %s bytes, found %zu; the file is not the one that was imported, or it is truncated: "
                  "import the model again",
                  end ? std::to_string(*end).c_str() : "more than 2^63", file->size());
  return file->slice(offset, *end);
}

template <typename T> Expected<std::vector<T>> WeightReader::convert(WeightAttr weight) {
  Expected<StringRef> data = bytes(weight);
  if (!data)
    return data.takeError();
  RankedTensorType type = weight.getType();
  std::vector<T> values;
  values.reserve(type.getNumElements());
  forEachElement(type.getShape(), stridesOf(weight),
                 [&](int64_t offset) { values.push_back(element<T>(data->data(), offset, type.getElementType())); });
  return values;
}

Expected<std::vector<float>> WeightReader::read(WeightAttr weight) { return convert<float>(weight); }
Expected<std::vector<double>> WeightReader::readDoubles(WeightAttr weight) { return convert<double>(weight); }
