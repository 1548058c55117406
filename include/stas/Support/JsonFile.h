//===- JsonFile.h - JSON from a file that may be hostile --------*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef STAS_SUPPORT_JSONFILE_H
#define STAS_SUPPORT_JSONFILE_H

#include "stas/Support/Error.h"

#include <nlohmann/json.hpp>

namespace stas {

using Json = nlohmann::json;

/// Reads a file of at most 64 MiB. Fails for text that is no JSON, for objects
/// with a key twice and for nesting of more than 16 levels; the error names
/// file and line.
Result<Json> readJson(const std::string &path);

/// A value as a message shows it: cut to a line's length.
std::string jsonText(const Json &value);

} // namespace stas

#endif // STAS_SUPPORT_JSONFILE_H
