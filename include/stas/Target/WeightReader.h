//===- WeightReader.h - Values behind #stas.weight --------------*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// IR refers to the tensors of a checkpoint and never holds their values. Whoever
// needs the values (the interpreter, the code emitters, the quantiser) asks a
// WeightReader, which maps each file into memory once.
//
//===----------------------------------------------------------------------===//
#ifndef STAS_TARGET_WEIGHTREADER_H
#define STAS_TARGET_WEIGHTREADER_H

#include "dialects/STAS/STASAttrs.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/MemoryBuffer.h"
#include <memory>
#include <string>
#include <vector>

namespace stas {

/// Reads tensors of memory-mapped files. One object serves one thread; the views it hands out live as long as it does.
class WeightReader {
public:
  /// A file is looked for under the path as given, then under `baseDirectory` (usually the folder of the module).
  /// Where `model` has a digest, a file of its checkpoint's name must have that content.
  explicit WeightReader(llvm::StringRef baseDirectory = "", ModelAttr model = {})
      : baseDirectory(baseDirectory), model(model) {}

  /// The values, contiguous in row-major order of the attribute's shape, converted to f32 (f64 rounds to nearest).
  /// Fails where the file cannot be opened or ends before the tensor does.
  llvm::Expected<std::vector<float>> read(WeightAttr weight);

  /// The values in double: those of f64 tensors unrounded, the others converted exactly.
  llvm::Expected<std::vector<double>> readDoubles(WeightAttr weight);

  /// The bytes from the tensor's offset to the end of its last element, checked to lie in the file.
  llvm::Expected<llvm::StringRef> bytes(WeightAttr weight);

private:
  llvm::Expected<llvm::StringRef> map(WeightAttr weight);
  template <typename T> llvm::Expected<std::vector<T>> convert(WeightAttr weight);

  std::string baseDirectory;
  ModelAttr model;
  llvm::StringMap<std::unique_ptr<llvm::MemoryBuffer>> files;
};

} // namespace stas

#endif // STAS_TARGET_WEIGHTREADER_H
