//===- NpyWriter.cpp - Writes arrays in NumPy's .npy format ---------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "stas/Data/Npy.h"
#include "stas/Support/Checked.h"

using namespace stas;

static const char *descrOf(NpyType type) {
  switch (type) {
  case NpyType::U8:
    return "|u1";
  case NpyType::I32:
    return "<i4";
  case NpyType::I64:
    return "<i8";
  case NpyType::F32:
    return "<f4";
  }
  return "?";
}

/// The header as NumPy writes it: padded so that the data start at a multiple
/// of 64.
static std::string headerOf(NpyType type, const std::vector<int64_t> &shape) {
  std::string dict = std::string("{'descr': '") + descrOf(type) + "', 'fortran_order': False, 'shape': (";
  for (size_t i = 0; i < shape.size(); ++i)
    dict += (i ? ", " : "") + std::to_string(shape[i]);
  dict += shape.size() == 1 ? ",), }" : "), }";
  constexpr size_t prefix = 10;
  size_t total = alignTo(prefix + dict.size() + 1, 64);
  dict.append(total - prefix - dict.size() - 1, ' ');
  dict += '\n';
  std::string header("\x93NUMPY\x01\x00", 8);
  header += static_cast<char>(dict.size() & 0xff);
  header += static_cast<char>(dict.size() >> 8);
  return header + dict;
}

Result<NpyWriter> NpyWriter::create(const std::string &path, NpyType type, std::vector<int64_t> shape) {
  Result<OutputFile> file = OutputFile::create(path);
  if (!file)
    return file.error();
  std::string header = headerOf(type, shape);
  uint64_t elements = checkedProduct(shape).value_or(0);
  NpyWriter writer(std::move(*file), type, std::move(shape));
  writer.dataOffset = header.size();
  if (Status status = writer.file.write(header); !status)
    return status.error();
  if (Status status = writer.file.resize(header.size() + elements * npyTypeSize(type)); !status)
    return status.error();
  return writer;
}

Status NpyWriter::write(uint64_t first, const void *data, uint64_t count) {
  return file.writeAt(dataOffset + first * npyTypeSize(type), data, count * npyTypeSize(type));
}

Status stas::writeNpy(const std::string &path, NpyType type, const std::vector<int64_t> &shape, const void *data) {
  Result<NpyWriter> writer = NpyWriter::create(path, type, shape);
  if (!writer)
    return writer.error();
  if (Status status = writer->write(0, data, checkedProduct(shape).value_or(0)); !status)
    return status;
  return writer->commit();
}
