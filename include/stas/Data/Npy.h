//===- Npy.h - Arrays in NumPy's .npy format --------------------*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef STAS_DATA_NPY_H
#define STAS_DATA_NPY_H

#include "stas/Support/Error.h"
#include "stas/Support/MappedFile.h"
#include "stas/Support/OutputFile.h"

#include <cstdint>
#include <string>
#include <vector>

namespace stas {

enum class NpyType { U8, I32, I64, F32 };

/// "uint8", "int32", "int64", "float32".
const char *npyTypeName(NpyType type);
/// Bytes of one element.
uint64_t npyTypeSize(NpyType type);

/// An array mapped from a file: little endian, C order. Booleans count as
/// uint8. The header is checked against the size of the file, so data() holds
/// as many elements as shape() says.
class NpyArray {
public:
  /// Fails for another format, an element type that is not in NpyType, Fortran
  /// order, big endian, or a header that does not fit the file.
  static Result<NpyArray> open(const std::string &path);
  /// The same, from a file already mapped.
  static Result<NpyArray> parse(MappedFile file);

  const std::string &path() const { return file.path(); }
  NpyType type() const { return elementType; }
  const std::vector<int64_t> &shape() const { return dims; }
  uint64_t count() const { return elements; }

  /// The first byte. Not always aligned for the type.
  const uint8_t *data() const { return file.data() + dataOffset; }

  /// Element i as an integer; for integer types only.
  int64_t integer(uint64_t i) const;
  /// Copies count floats from element i on; for F32 only.
  void copyFloats(uint64_t i, uint64_t count, float *to) const;

private:
  explicit NpyArray(MappedFile file) : file(std::move(file)) {}
  MappedFile file;
  NpyType elementType = NpyType::F32;
  std::vector<int64_t> dims;
  uint64_t elements = 0;
  uint64_t dataOffset = 0;
};

/// An array being written, in any order; elements never written are zero. The
/// file appears under its name at commit(), as OutputFile says.
class NpyWriter {
public:
  static Result<NpyWriter> create(const std::string &path, NpyType type, std::vector<int64_t> shape);

  /// Writes elements from element index first on. Several threads may write
  /// different elements at once.
  Status write(uint64_t first, const void *data, uint64_t count);
  Status flush() { return file.flush(); }
  Status commit() { return file.commit(); }
  const std::vector<int64_t> &shape() const { return dims; }

private:
  NpyWriter(OutputFile file, NpyType type, std::vector<int64_t> shape)
      : file(std::move(file)), type(type), dims(std::move(shape)) {}
  OutputFile file;
  NpyType type;
  std::vector<int64_t> dims;
  uint64_t dataOffset = 0;
};

/// Writes a whole array at once.
Status writeNpy(const std::string &path, NpyType type, const std::vector<int64_t> &shape, const void *data);

} // namespace stas

#endif // STAS_DATA_NPY_H
