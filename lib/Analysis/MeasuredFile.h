//===- MeasuredFile.h - Files of what was measured --------------*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef STAS_LIB_ANALYSIS_MEASUREDFILE_H
#define STAS_LIB_ANALYSIS_MEASUREDFILE_H

#include "stas/Support/JsonFile.h"
#include "stas/Support/Text.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/ADT/Twine.h"
#include "llvm/Support/Error.h"

namespace stas {

inline llvm::Error failAt(const llvm::Twine &where, const llvm::Twine &message) {
  return llvm::createStringError(where + ": " + message);
}

/// A file of JSON whose top is an object that has an object under a key; `writer` is the command that writes such
/// files.
inline llvm::Expected<Json> readMeasured(llvm::StringRef path, llvm::StringRef key, llvm::StringRef writer) {
  Result<Json> json = readJson(path.str());
  if (!json)
    return llvm::createStringError(json.error().message());
  auto found = json->is_object() ? json->find(key.str()) : json->end();
  if (!json->is_object() || found == json->end() || !found->is_object())
    return failAt(path, "required an object with `" + key + "`, as " + writer + " writes it, found none");
  return std::move(*json);
}

} // namespace stas

#endif // STAS_LIB_ANALYSIS_MEASUREDFILE_H
