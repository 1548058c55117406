//===- Program.h - PTX that runs on the CPU ---------------------*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
//   Memory memory;
//   Result<std::unique_ptr<Program>> program = Program::load(text, memory);
//   Launch launch;
//   launch.grid[0] = 4; launch.block[0] = 128;
//   launch.parameters = ...;
//   Status status = (*program)->run("kernel", launch);
//
//===----------------------------------------------------------------------===//

#ifndef STAS_TEST_LIB_PTX_PROGRAM_H
#define STAS_TEST_LIB_PTX_PROGRAM_H

#include "Execution.h"

#include <memory>
#include <string_view>

namespace stas {
namespace ptx {

/// A file of PTX, compiled for this machine.
class Program {
public:
  /// Fails where the text is no PTX or says what is not known here, and names
  /// the line. Variables of the file are allocated in `memory`, which must live
  /// longer.
  static Result<std::unique_ptr<Program>> load(std::string_view text, Memory &memory);
  virtual ~Program();

  virtual const File &file() const = 0;
  /// Null where the file has no kernel of that name.
  virtual const Code *find(std::string_view kernel) const = 0;

  /// Runs a kernel to its end. Fails for a launch that a device refuses and for
  /// what a kernel must not do, in the block of the smallest number that did:
  /// the text has the kernel, the line, the instruction, the block, the thread.
  /// What was written until then stays.
  virtual Status run(std::string_view kernel, const Launch &launch, const RunOptions &options = {}) const = 0;

protected:
  Program() = default;
};

/// What a device of sm_80 and later refuses to launch, shared memory aside.
Status checkLaunch(const Code &code, const Launch &launch);

} // namespace ptx
} // namespace stas

#endif // STAS_TEST_LIB_PTX_PROGRAM_H
