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
#include "llvm/Support/Path.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/Signals.h"
#include <string>
#include <utility>

namespace stas {

/// A file under a unique name in the folder for temporary files, removed at the end, or by a signal that ends the
/// program.
class TemporaryFile {
public:
  static llvm::Expected<TemporaryFile> create(llvm::StringRef suffix) {
    llvm::SmallString<128> folder, name;
    llvm::sys::path::system_temp_directory(/*ErasedOnReboot=*/true, folder);
    for (;;) {
      llvm::sys::fs::createUniquePath(folder + "/stas-%%%%%%%%%%%%." + suffix, name, /*MakeAbsolute=*/false);
      // First of all: a signal may come while another thread stands between this line and the next.
      llvm::sys::RemoveFileOnSignal(name);
      int descriptor = -1;
      std::error_code error =
          llvm::sys::fs::openFileForReadWrite(name, descriptor, llvm::sys::fs::CD_CreateNew, llvm::sys::fs::OF_None,
                                              llvm::sys::fs::owner_read | llvm::sys::fs::owner_write);
      if (!error) {
        (void)llvm::sys::Process::SafelyCloseFileDescriptor(descriptor);
        return TemporaryFile(name.str().str());
      }
      llvm::sys::DontRemoveFileOnSignal(name);
      if (error != std::errc::file_exists)
        return llvm::createStringError(error, "cannot create a temporary file: %s; set TMPDIR to a folder with space",
                                       error.message().c_str());
    }
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
