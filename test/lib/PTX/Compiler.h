//===- Compiler.h - From PTX to code of this machine ------------*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef STAS_TEST_LIB_PTX_COMPILER_H
#define STAS_TEST_LIB_PTX_COMPILER_H

#include "Execution.h"

#include <memory>

namespace stas {
namespace ptx {

/// Where the variables of a file are: addresses by name, of the spaces global and const.
using Addresses = std::map<std::string, uint64_t>;

/// Holds the code that it compiled.
class Compiler {
public:
  static Result<std::unique_ptr<Compiler>> create();
  virtual ~Compiler();

  /// The kernels of a file, which must live as long as their code. Once.
  virtual Result<std::vector<Code>> compile(const File &file, const Addresses &addresses) = 0;

protected:
  Compiler() = default;
};

} // namespace ptx
} // namespace stas

#endif // STAS_TEST_LIB_PTX_COMPILER_H
