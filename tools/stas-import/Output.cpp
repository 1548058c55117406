//===- Output.cpp - All of a file, or none of it --------------------------===//
//
// Part of stas, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Output.h"

#include "llvm/Support/FileSystem.h"

using namespace llvm;

/// Flushes and takes the stream's error, which must not reach its destructor.
static Error finish(raw_fd_ostream &os) {
  os.flush();
  std::error_code code = os.error();
  os.clear_error();
  return errorCodeToError(code);
}

Error stas::import::writeOutput(StringRef path, function_ref<void(raw_ostream &)> write) {
  if (path == "-") {
    write(outs());
    return finish(outs());
  }
  sys::fs::file_status status;
  // Renaming would replace a device by a file.
  if (!sys::fs::status(path, status) && sys::fs::exists(status) && !sys::fs::is_regular_file(status)) {
    std::error_code code;
    raw_fd_ostream os(path, code, sys::fs::CD_OpenExisting, sys::fs::FA_Write, sys::fs::OF_None);
    if (code)
      return errorCodeToError(code);
    write(os);
    return finish(os);
  }
  Expected<sys::fs::TempFile> temp = sys::fs::TempFile::create(path + ".%%%%%%.tmp", 0666 & ~sys::fs::getUmask());
  if (!temp)
    return temp.takeError();
  raw_fd_ostream os(temp->FD, /*shouldClose=*/false);
  write(os);
  if (Error error = finish(os))
    return joinErrors(std::move(error), temp->discard());
  return temp->keep(path);
}
