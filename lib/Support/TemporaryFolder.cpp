//===- TemporaryFolder.cpp - Files that do not outlive their use ----------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "stas/Support/TemporaryFolder.h"

#include <algorithm>
#include <cassert>
#include <cerrno>
#include <climits>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <unistd.h>

using namespace stas;

// What a signal's handler may read: no strings, whose memory may be changing.
static constexpr size_t kMostFiles = 8;
static char filePaths[kMostFiles][PATH_MAX], folderPath[PATH_MAX];

static void removeAll() {
  for (const char *path : filePaths)
    if (*path)
      unlink(path);
  rmdir(folderPath);
}

static constexpr int kSignals[] = {SIGHUP, SIGINT, SIGTERM};

/// As if there were no handler, but for the folder.
static void removeAndEnd(int signal) {
  removeAll();
  std::signal(signal, SIG_DFL);
  std::raise(signal);
}

Result<TemporaryFolder> TemporaryFolder::create(const std::vector<std::string> &names) {
  assert(names.size() <= kMostFiles);
  const char *where = std::getenv("TMPDIR");
  std::string folder = std::string(where && *where ? where : "/tmp") + "/stas-XXXXXX";
  size_t longest = 0;
  for (const std::string &name : names)
    longest = std::max(longest, name.size());
  if (folder.size() + 1 + longest >= PATH_MAX)
    errno = ENAMETOOLONG;
  else if (mkdtemp(folder.data()))
    errno = 0;
  if (errno != 0)
    return makeError(folder, ": cannot create a temporary folder: ", std::strerror(errno),
                     "; set TMPDIR to a folder with space");
  TemporaryFolder result(folder);
  folderPath[folder.copy(folderPath, PATH_MAX - 1)] = '\0';
  for (size_t i = 0; i < kMostFiles; ++i) {
    std::string path = i < names.size() ? result.file(names[i]) : "";
    filePaths[i][path.copy(filePaths[i], PATH_MAX - 1)] = '\0';
  }
  for (int signal : kSignals)
    if (std::signal(signal, removeAndEnd) == SIG_IGN)
      std::signal(signal, SIG_IGN); // as nohup wants it
  return result;
}

TemporaryFolder::TemporaryFolder(TemporaryFolder &&other) noexcept : path(std::exchange(other.path, {})) {}

TemporaryFolder::~TemporaryFolder() {
  if (path.empty())
    return;
  for (int signal : kSignals)
    if (std::signal(signal, SIG_DFL) == SIG_IGN)
      std::signal(signal, SIG_IGN);
  removeAll();
}
