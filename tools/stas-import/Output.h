//===- Output.h - All of a file, or none of it ----------------------------===//
//
// Part of stas, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef STAS_TOOLS_STASIMPORT_OUTPUT_H
#define STAS_TOOLS_STASIMPORT_OUTPUT_H

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/raw_ostream.h"

namespace stas::import {

/// Writes `path` through a temporary file beside it that is renamed at the end,
/// so that an error leaves what was there before. "-" is standard output. What
/// is no regular file (a device, a pipe) is written to directly.
llvm::Error writeOutput(llvm::StringRef path, llvm::function_ref<void(llvm::raw_ostream &)> write);

} // namespace stas::import

#endif // STAS_TOOLS_STASIMPORT_OUTPUT_H
