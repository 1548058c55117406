//===- Commands.h - The commands of the driver ------------------*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef STAS_TOOLS_STAS_COMMANDS_H
#define STAS_TOOLS_STAS_COMMANDS_H

#include "stas/Support/Error.h"

#include <string>
#include <vector>

namespace stas {

// Each takes what follows the command's name.
Status runCommand(int argc, char **argv);
Status dumpCommand(int argc, char **argv);
Status estimateCommand(int argc, char **argv);
Status reportCommand(int argc, char **argv);
Status exportCommand(int argc, char **argv);
Status tuneCommand(int argc, char **argv);

/// A program beside the driver that a command is handed to.
struct Delegate {
  const char *command; ///< "compile"
  const char *program; ///< "stas-compile"
  const char *summary;
  bool passCommand; ///< Whether the program is given the command's name.
};
const std::vector<Delegate> &delegates();

/// Runs the program and waits for its end. Fails with the error that it printed, without its name.
Status runDelegate(const Delegate &delegate, const std::vector<std::string> &arguments);

/// Becomes the program, and returns only if that fails.
Status delegateCommand(const Delegate &delegate, int argc, char **argv);

} // namespace stas

#endif // STAS_TOOLS_STAS_COMMANDS_H
