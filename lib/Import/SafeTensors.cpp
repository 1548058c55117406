//===- SafeTensors.cpp - .safetensors files -------------------------------===//
//
// Part of stas, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A header length of 64 bits, a JSON header that maps each name to a type, a
// shape and a range of the data, then the data. `__metadata__` holds strings
// only; a config travels there as JSON text under `config`.
//
//===----------------------------------------------------------------------===//

#include "Formats.h"

#include "llvm/ADT/StringSwitch.h"
#include "llvm/Support/Endian.h"

#include <algorithm>

using namespace stas::import;
using llvm::StringRef;
namespace json = llvm::json;

/// As in the reference implementation.
static constexpr uint64_t kMaxHeader = 100'000'000;

llvm::Expected<json::Object> stas::import::parseJSONObject(StringRef text) {
  unsigned depth = 0;
  bool inString = false;
  for (size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (inString) {
      if (c == '\\')
        ++i;
      else if (c == '"')
        inString = false;
    } else if (c == '"') {
      inString = true;
    } else if (c == '{' || c == '[') {
      if (++depth > 32)
        return llvm::createStringError(llvm::inconvertibleErrorCode(), "more than 32 levels of nesting");
    } else if ((c == '}' || c == ']') && depth) {
      --depth;
    }
  }
  llvm::Expected<json::Value> value = json::parse(text);
  if (!value)
    return value.takeError();
  if (json::Object *object = value->getAsObject())
    return std::move(*object);
  return llvm::createStringError(llvm::inconvertibleErrorCode(), "a value that is no JSON object");
}

static std::optional<DType> dtypeOf(StringRef name) {
  return llvm::StringSwitch<std::optional<DType>>(name)
      .Case("F16", DType::F16)
      .Case("BF16", DType::BF16)
      .Case("F32", DType::F32)
      .Case("F64", DType::F64)
      .Case("BOOL", DType::Bool)
      .Case("I8", DType::I8)
      .Case("U8", DType::U8)
      .Case("I16", DType::I16)
      .Case("I32", DType::I32)
      .Case("I64", DType::I64)
      .Default(std::nullopt);
}

/// Fills in `tensor` from its header entry; `begin` and `end` bound the data in
/// the file. Returns what is wrong, or "".
static std::string readEntry(const json::Object *entry, uint64_t begin, uint64_t end, TensorRef &tensor) {
  if (!entry)
    return "an entry that is no JSON object";
  std::optional<StringRef> dtype = entry->getString("dtype");
  if (!dtype)
    return "an entry without a dtype";
  std::optional<DType> type = dtypeOf(*dtype);
  if (!type)
    return "a tensor of the type " + printable(*dtype);
  tensor.dtype = *type;
  const json::Array *shape = entry->getArray("shape");
  const json::Array *range = entry->getArray("data_offsets");
  if (!shape || shape->size() > 8 || !range || range->size() != 2)
    return "an entry without a shape and data_offsets";
  for (const json::Value &extent : *shape) {
    std::optional<int64_t> value = extent.getAsInteger();
    if (!value)
      return "a shape that is no list of integers";
    tensor.shape.push_back(*value);
  }
  std::optional<int64_t> from = (*range)[0].getAsInteger();
  std::optional<int64_t> to = (*range)[1].getAsInteger();
  if (!from || !to || *from < 0 || *to < *from || uint64_t(*to) > end - begin)
    return "data_offsets outside the file's " + std::to_string(end - begin) + " bytes of data";
  setContiguousStrides(tensor);
  tensor.offset = begin + *from;
  if (std::optional<std::string> wrong = checkExtent(tensor, begin + *from, begin + *to))
    return *wrong;
  if (tensor.numElements() * byteSize(*type) != *to - *from)
    return "data_offsets of " + std::to_string(*to - *from) + " bytes for the shape " + shapeText(tensor.shape);
  return "";
}

bool stas::import::readSafeTensors(Checkpoint &checkpoint, const CheckpointOptions &options, Report &report) {
  checkpoint.format = "safetensors";
  StringRef bytes = checkpoint.file->getBuffer();
  auto refuse = [&](const llvm::Twine &required, const llvm::Twine &found) {
    report.problem(checkpoint.path, "", required, found, "copy or download the file again");
    return false;
  };
  uint64_t headerSize = llvm::support::endian::read64le(bytes.data());
  if (headerSize > kMaxHeader || headerSize > bytes.size() - 8)
    return refuse("a safetensors header inside the file",
                  "a header of " + llvm::Twine(headerSize) + " bytes in a file of " + llvm::Twine(bytes.size()));
  auto header = parseJSONObject(bytes.substr(8, headerSize));
  if (!header)
    return refuse("a safetensors header in JSON", toString(header.takeError()));

  uint64_t begin = 8 + headerSize;
  for (const auto &[name, value] : *header) {
    if (name == "__metadata__")
      continue;
    TensorRef tensor;
    tensor.key = name.str();
    tensor.unusable = readEntry(value.getAsObject(), begin, bytes.size(), tensor);
    checkpoint.tensors.push_back(std::move(tensor));
  }
  // The JSON library keeps no order; the data's order is the file's.
  llvm::sort(checkpoint.tensors, [](const TensorRef &a, const TensorRef &b) {
    return std::tie(a.offset, a.key) < std::tie(b.offset, b.key);
  });
  uint64_t last = begin;
  for (TensorRef &tensor : checkpoint.tensors) {
    if (!tensor.unusable.empty())
      continue;
    if (tensor.offset < last)
      tensor.unusable = "data that overlap another tensor's";
    last = tensor.offset + tensor.numElements() * byteSize(tensor.dtype);
  }

  if (const json::Object *metadata = header->getObject("__metadata__"))
    if (std::optional<StringRef> text = metadata->getString("config"); text && !options.ignoreConfig) {
      auto config = parseJSONObject(*text);
      if (!config) {
        report.problem(checkpoint.path, "key __metadata__.config", "a JSON object", toString(config.takeError()),
                       "write the config as JSON text, or give "
                       "--ignore-checkpoint-config");
      } else {
        checkpoint.config = std::move(*config);
      }
    }
  return true;
}
