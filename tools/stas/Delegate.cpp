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
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
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

/// Programs lie beside this one.
static Result<std::string> programOf(const Delegate &delegate) {
  char self[PATH_MAX];
  ssize_t length = readlink("/proc/self/exe", self, sizeof(self) - 1);
  if (length < 0)
    return makeError("/proc/self/exe: cannot read: ", std::strerror(errno));
  self[length] = '\0';
  return std::string(self, std::strrchr(self, '/') + 1) + delegate.program;
}

static Error cannotStart(const std::string &program, int error) {
  return makeError(program, ": cannot start: ", std::strerror(error),
                   "; it belongs beside stas: build or install the whole project");
}

/// The words of a command line, as a program is given them.
static std::vector<char *> wordsOf(std::vector<std::string> &words) {
  std::vector<char *> pointers;
  for (std::string &word : words)
    pointers.push_back(word.data());
  pointers.push_back(nullptr);
  return pointers;
}

static std::vector<std::string> commandLine(const std::string &program, const Delegate &delegate) {
  std::vector<std::string> words = {program};
  if (delegate.passCommand)
    words.push_back(delegate.command);
  return words;
}

Status stas::delegateCommand(const Delegate &delegate, int argc, char **argv) {
  Result<std::string> program = programOf(delegate);
  if (!program)
    return program.error();
  std::vector<std::string> words = commandLine(*program, delegate);
  words.insert(words.end(), argv, argv + argc);
  execv(program->c_str(), wordsOf(words).data());
  return cannotStart(*program, errno);
}

Status stas::runDelegate(const Delegate &delegate, const std::vector<std::string> &arguments) {
  Result<std::string> program = programOf(delegate);
  if (!program)
    return program.error();
  std::vector<std::string> words = commandLine(*program, delegate);
  words.insert(words.end(), arguments.begin(), arguments.end());
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0)
    return makeError(*program, ": cannot start: ", std::strerror(errno));
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[1], STDERR_FILENO);
  pid_t child;
  int error = posix_spawn(&child, program->c_str(), &actions, nullptr, wordsOf(words).data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  close(ends[1]);
  std::string said;
  char part[4096];
  for (ssize_t length; error == 0 && (length = read(ends[0], part, sizeof(part))) != 0;) {
    if (length > 0)
      said.append(part, length);
    else if (errno != EINTR)
      break;
  }
  close(ends[0]);
  if (error != 0)
    return cannotStart(*program, error);
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
    return {};
  // Behind notes, perhaps.
  const std::string mark = ": error: ";
  if (size_t error = said.find(mark); error != std::string::npos)
    said.erase(0, error + mark.size());
  said.erase(said.find_last_not_of('\n') + 1);
  return makeError(said.empty() ? *program + ": ended without a result" : said);
}
