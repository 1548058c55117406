//===- TemporaryFolder.h - Files that do not outlive their use --*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef STAS_SUPPORT_TEMPORARYFOLDER_H
#define STAS_SUPPORT_TEMPORARYFOLDER_H

#include "stas/Support/Error.h"

#include <string>

namespace stas {

/// A folder of its own in TMPDIR, or /tmp, for one file at a time. Both are removed at the end, or by a signal that
/// ends the program (SIGHUP, SIGINT, SIGTERM). There is one at a time.
class TemporaryFolder {
public:
  /// `file`: the name of the file.
  static Result<TemporaryFolder> create(const std::string &file);
  TemporaryFolder(TemporaryFolder &&other) noexcept;
  TemporaryFolder &operator=(TemporaryFolder &&) = delete;
  ~TemporaryFolder();

  /// The path of the file, which may or may not be there.
  const std::string &file() const { return path; }

private:
  explicit TemporaryFolder(std::string path) : path(std::move(path)) {}
  std::string path; ///< Empty of what was moved from.
};

} // namespace stas

#endif // STAS_SUPPORT_TEMPORARYFOLDER_H
