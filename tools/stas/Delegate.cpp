//===- Delegate.cpp - Hands commands to the programs beside the driver ----===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Commands.h"

#include <cerrno>
#include <climits>
#include <cstring>
#include <unistd.h>

using namespace stas;

const std::vector<Delegate> &stas::delegates() {
  // Apart from the driver because they link MLIR or LibTorch, which take
  // longer to load than a small model takes to run.
  static const std::vector<Delegate> list = {
      {"compile", "stas-compile", "compile a checkpoint to an artifact", true},
      {"check", "stas-compile", "say at once what will not compile", true},
      {"import", "stas-import", "turn a checkpoint into MLIR", false},
  };
  return list;
}

Status stas::delegateCommand(const Delegate &delegate, int argc, char **argv) {
  char self[PATH_MAX];
  ssize_t length = readlink("/proc/self/exe", self, sizeof(self) - 1);
  if (length < 0)
    return makeError("/proc/self/exe: cannot read: ", std::strerror(errno));
  self[length] = '\0';
  std::string program(self, std::strrchr(self, '/') + 1);
  program += delegate.program;
  std::vector<char *> words = {program.data()};
  std::string command = delegate.command;
  if (delegate.passCommand)
    words.push_back(command.data());
  words.insert(words.end(), argv, argv + argc);
  words.push_back(nullptr);
  execv(program.c_str(), words.data());
  return makeError(program, ": cannot start: ", std::strerror(errno),
                   "; it belongs beside stas: build or install the whole "
                   "project");
}
