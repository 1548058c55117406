//===- NpyReader.cpp - Reads arrays in NumPy's .npy format ----------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "stas/Data/Npy.h"
#include "stas/Support/Checked.h"
#include "stas/Support/Text.h"

#include <cstring>

using namespace stas;

static constexpr char kNpyMagic[] = "\x93NUMPY";
static constexpr size_t kMaxHeader = 64 << 10;
static constexpr size_t kMaxRank = 16;

const char *stas::npyTypeName(NpyType type) {
  switch (type) {
  case NpyType::U8:
    return "uint8";
  case NpyType::I32:
    return "int32";
  case NpyType::I64:
    return "int64";
  case NpyType::F32:
    return "float32";
  }
  return "?";
}

uint64_t stas::npyTypeSize(NpyType type) {
  switch (type) {
  case NpyType::U8:
    return 1;
  case NpyType::I32:
  case NpyType::F32:
    return 4;
  case NpyType::I64:
    return 8;
  }
  return 0;
}

namespace {

/// Reads the header, which is a Python dict of literals:
///   {'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }
class HeaderParser {
public:
  explicit HeaderParser(std::string_view text) : rest(text) {}

  bool parse();

  std::string descr;
  bool fortranOrder = false;
  std::vector<int64_t> shape;

private:
  void skipSpace() {
    while (!rest.empty() && (rest[0] == ' ' || rest[0] == '\n' || rest[0] == '\t'))
      rest.remove_prefix(1);
  }
  bool take(char c) {
    skipSpace();
    if (rest.empty() || rest[0] != c)
      return false;
    rest.remove_prefix(1);
    return true;
  }
  bool takeWord(std::string_view word) {
    skipSpace();
    if (rest.substr(0, word.size()) != word)
      return false;
    rest.remove_prefix(word.size());
    return true;
  }
  bool takeString(std::string &text);
  bool takeNumber(int64_t &number);
  bool takeShape();

  std::string_view rest;
};

} // namespace

bool HeaderParser::takeString(std::string &text) {
  skipSpace();
  if (rest.empty() || (rest[0] != '\'' && rest[0] != '"'))
    return false;
  size_t end = rest.find(rest[0], 1);
  if (end == std::string_view::npos)
    return false;
  text = rest.substr(1, end - 1);
  rest.remove_prefix(end + 1);
  return true;
}

bool HeaderParser::takeNumber(int64_t &number) {
  skipSpace();
  size_t digits = 0;
  number = 0;
  while (digits < rest.size() && rest[digits] >= '0' && rest[digits] <= '9') {
    if (digits == 18) // 10^18 - 1 fits; no array is that long.
      return false;
    number = number * 10 + (rest[digits++] - '0');
  }
  rest.remove_prefix(digits);
  return digits > 0;
}

bool HeaderParser::takeShape() {
  if (!take('('))
    return false;
  while (!take(')')) {
    int64_t dim;
    if (shape.size() == kMaxRank || !takeNumber(dim))
      return false;
    shape.push_back(dim);
    if (!take(',')) // Python's (3) is a number, not a shape.
      return shape.size() > 1 && take(')');
  }
  return true;
}

bool HeaderParser::parse() {
  bool haveDescr = false, haveOrder = false, haveShape = false;
  if (!take('{'))
    return false;
  while (!take('}')) {
    std::string key;
    if (!takeString(key) || !take(':'))
      return false;
    if (key == "descr" && !haveDescr) {
      haveDescr = takeString(descr);
      if (!haveDescr)
        return false;
    } else if (key == "fortran_order" && !haveOrder) {
      fortranOrder = takeWord("True");
      haveOrder = fortranOrder || takeWord("False");
      if (!haveOrder)
        return false;
    } else if (key == "shape" && !haveShape) {
      haveShape = takeShape();
      if (!haveShape)
        return false;
    } else {
      return false;
    }
    if (!take(',') && (rest.empty() || rest[0] != '}'))
      return false;
  }
  skipSpace();
  return haveDescr && haveOrder && haveShape && rest.empty();
}

Result<NpyArray> NpyArray::open(const std::string &path) {
  Result<MappedFile> file = MappedFile::open(path);
  if (!file)
    return file.error();
  return parse(std::move(*file));
}

Result<NpyArray> NpyArray::parse(MappedFile mapped) {
  NpyArray array(std::move(mapped));
  const std::string &path = array.path();
  std::string_view bytes = array.file.bytes();
  if (bytes.size() < 10 || bytes.substr(0, 6) != kNpyMagic)
    return makeError(path,
                     ": not a .npy file: required the bytes \\x93NUMPY "
                     "at its start, found '",
                     printable(bytes.substr(0, 6)), "'");
  const uint8_t *data = array.file.data();
  unsigned version = data[6];
  if (version < 1 || version > 3)
    return makeError(path, ": .npy format version: required 1 to 3, found ", version);
  size_t start = version == 1 ? 10 : 12;
  size_t length = data[8] | data[9] << 8;
  if (version > 1) {
    if (bytes.size() < start)
      return makeError(path, ": truncated in the .npy header");
    length |= static_cast<size_t>(data[10]) << 16;
    length |= static_cast<size_t>(data[11]) << 24;
  }
  if (length > kMaxHeader)
    return makeError(path, ": .npy header: required at most ", kMaxHeader, " bytes, found ", length);
  if (!inRange(start, length, bytes.size()))
    return makeError(path, ": truncated in the .npy header");
  HeaderParser header(bytes.substr(start, length));
  if (!header.parse())
    return makeError(path, ": malformed .npy header: '", printable(bytes.substr(start, length)), "'");
  if (header.fortranOrder)
    return makeError(path, ": .npy array is in Fortran order; save "
                           "numpy.ascontiguousarray(array) instead");
  if (header.descr == "<f4")
    array.elementType = NpyType::F32;
  else if (header.descr == "|u1" || header.descr == "|b1")
    array.elementType = NpyType::U8;
  else if (header.descr == "<i4")
    array.elementType = NpyType::I32;
  else if (header.descr == "<i8")
    array.elementType = NpyType::I64;
  else
    return makeError(path,
                     ": .npy element type: required float32 (<f4), uint8 "
                     "(|u1), bool (|b1), int32 (<i4) or int64 (<i8), "
                     "found '",
                     printable(header.descr), "'; convert it with .astype()");
  array.dims = std::move(header.shape);
  array.dataOffset = start + length;
  auto elements = checkedProduct(array.dims);
  auto size = elements ? checkedMultiply(*elements, npyTypeSize(array.elementType)) : std::nullopt;
  uint64_t found = bytes.size() - array.dataOffset;
  if (!size || *size != found)
    return makeError(path, ": .npy data: ", shapeText(array.dims), " of ", npyTypeName(array.elementType), " required ",
                     size ? std::to_string(*size) : "more than 2^64", " bytes, found ", found);
  array.elements = *elements;
  return array;
}

int64_t NpyArray::integer(uint64_t i) const {
  const uint8_t *at = data() + i * npyTypeSize(elementType);
  switch (elementType) {
  case NpyType::U8:
    return *at;
  case NpyType::I32: {
    int32_t value;
    std::memcpy(&value, at, sizeof(value));
    return value;
  }
  case NpyType::I64: {
    int64_t value;
    std::memcpy(&value, at, sizeof(value));
    return value;
  }
  case NpyType::F32:
    break;
  }
  assert(false && "not an array of integers");
  return 0;
}

void NpyArray::copyFloats(uint64_t i, uint64_t count, float *to) const {
  assert(elementType == NpyType::F32 && "not an array of floats");
  std::memcpy(to, data() + i * sizeof(float), count * sizeof(float));
}
