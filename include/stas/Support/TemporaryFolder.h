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
#include <vector>

namespace stas {

/// A folder of its own in TMPDIR, or /tmp, and files in it. They are removed at the end, or by a signal that ends the
/// program (SIGHUP, SIGINT, SIGTERM). There is one folder at a time.
class TemporaryFolder {
public:
  /// `names`: the files', at most 8.
  static Result<TemporaryFolder> create(const std::vector<std::string> &names);
  TemporaryFolder(TemporaryFolder &&other) noexcept;
  TemporaryFolder &operator=(TemporaryFolder &&) = delete;
  ~TemporaryFolder();

  /// The path of a file, which may or may not be there.
  std::string file(const std::string &name) const { return path + "/" + name; }

private:
  explicit TemporaryFolder(std::string path) : path(std::move(path)) {}
  std::string path; ///< Empty of what was moved from.
};

} // namespace stas

#endif // STAS_SUPPORT_TEMPORARYFOLDER_H
