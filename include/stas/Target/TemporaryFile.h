//===- TemporaryFile.h - A file that does not outlive its use ----*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef STAS_TARGET_TEMPORARYFILE_H
#define STAS_TARGET_TEMPORARYFILE_H

#include "llvm/ADT/SmallString.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Signals.h"
#include <string>
#include <utility>

namespace stas {

/// A file under a unique name in the folder for temporary files, removed at the end, or by a signal that ends the
/// program.
class TemporaryFile {
public:
  static llvm::Expected<TemporaryFile> create(llvm::StringRef suffix) {
    llvm::SmallString<128> name;
    if (std::error_code error = llvm::sys::fs::createTemporaryFile("stas", suffix, name))
      return llvm::createStringError(error, "cannot create a temporary file: %s; set TMPDIR to a folder with space",
                                     error.message().c_str());
    llvm::sys::RemoveFileOnSignal(name);
    return TemporaryFile(name.str().str());
  }
  TemporaryFile(TemporaryFile &&other) noexcept : name(std::exchange(other.name, {})) {}
  TemporaryFile &operator=(TemporaryFile &&) = delete;
  ~TemporaryFile() {
    if (name.empty())
      return;
    (void)llvm::sys::fs::remove(name);
    llvm::sys::DontRemoveFileOnSignal(name);
  }

  const std::string &path() const { return name; }

private:
  explicit TemporaryFile(std::string name) : name(std::move(name)) {}
  std::string name;
};

} // namespace stas

#endif // STAS_TARGET_TEMPORARYFILE_H
