//===- TemporaryFolder.cpp - Files that do not outlive their use ----------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "stas/Support/TemporaryFolder.h"

#include <cerrno>
#include <climits>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <unistd.h>

using namespace stas;

// What a signal's handler may read: no strings, whose memory may be changing.
static char filePath[PATH_MAX], folderPath[PATH_MAX];

static void removeBoth() {
  unlink(filePath);
  rmdir(folderPath);
}

static constexpr int kSignals[] = {SIGHUP, SIGINT, SIGTERM};

/// As if there were no handler, but for the folder.
static void removeAndEnd(int signal) {
  removeBoth();
  std::signal(signal, SIG_DFL);
  std::raise(signal);
}

Result<TemporaryFolder> TemporaryFolder::create(const std::string &file) {
  const char *where = std::getenv("TMPDIR");
  std::string folder = std::string(where && *where ? where : "/tmp") + "/stas-XXXXXX";
  std::string advice = "; set TMPDIR to a folder with space";
  if (folder.size() + 1 + file.size() >= PATH_MAX || !mkdtemp(folder.data()))
    return makeError(folder, ": cannot create a temporary folder: ", std::strerror(errno), advice);
  std::string path = folder + "/" + file;
  folderPath[folder.copy(folderPath, PATH_MAX - 1)] = '\0';
  filePath[path.copy(filePath, PATH_MAX - 1)] = '\0';
  for (int signal : kSignals)
    if (std::signal(signal, removeAndEnd) == SIG_IGN)
      std::signal(signal, SIG_IGN); // as nohup wants it
  return TemporaryFolder(path);
}

TemporaryFolder::TemporaryFolder(TemporaryFolder &&other) noexcept : path(std::exchange(other.path, {})) {}

TemporaryFolder::~TemporaryFolder() {
  if (path.empty())
    return;
  for (int signal : kSignals)
    if (std::signal(signal, SIG_DFL) == SIG_IGN)
      std::signal(signal, SIG_IGN);
  removeBoth();
}
