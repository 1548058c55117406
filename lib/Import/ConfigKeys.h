//===- ConfigKeys.h - The keys of a configuration -------------------------===//
//
// Part of stas, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef STAS_LIB_IMPORT_CONFIGKEYS_H
#define STAS_LIB_IMPORT_CONFIGKEYS_H

#include "stas/Import/Config.h"

#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSet.h"

namespace stas::import {

struct ConfigKey {
  enum class Type { Integer, Real, Reals, Boolean, Word };
  llvm::StringLiteral name;
  Type type;
  /// What a value must be, as said to the user.
  llvm::StringLiteral required;
  /// Integer, Real and each element of Reals: least < value (or <= where
  /// `closed`) <= most.
  double least, most;
  bool closed;
  /// Word: the words, separated by '/'.
  llvm::StringLiteral words;

  bool accepts(const llvm::json::Value &value) const;
};

/// In the order of the documentation.
llvm::ArrayRef<ConfigKey> configKeys();
const ConfigKey *findConfigKey(llvm::StringRef name);
/// The known key with the smallest edit distance, if that is small.
llvm::StringRef nearestConfigKey(llvm::StringRef name);

/// A value in words: "the number 3.5", "the string \"x\"".
std::string describeJSON(const llvm::json::Value &value);

/// The sources merged into dotted keys, each with the source that decided.
class MergedConfig {
public:
  MergedConfig(llvm::ArrayRef<ConfigSource> sources, Report &report);

  bool has(llvm::StringRef key) const { return values.contains(key); }
  /// True if a source gave the key a value that was refused and reported.
  bool refused(llvm::StringRef key) const { return refusedKeys.contains(key); }
  /// True if a source gives the section ("act", "isps"), even an empty one.
  bool hasSection(llvm::StringRef name) const { return sections.contains(name); }
  /// The file to name in a problem with `key`; `fallback` for a default.
  llvm::StringRef sourceOf(llvm::StringRef key, llvm::StringRef fallback) const;

  std::optional<int64_t> integer(llvm::StringRef key) const;
  std::optional<double> real(llvm::StringRef key) const;
  std::optional<llvm::SmallVector<double, 4>> reals(llvm::StringRef key) const;
  std::optional<bool> boolean(llvm::StringRef key) const;
  std::optional<llvm::StringRef> word(llvm::StringRef key) const;

private:
  void addSource(const ConfigSource &source);
  void addValue(const ConfigSource &source, llvm::StringRef key, const llvm::json::Value &value);
  const llvm::json::Value *find(llvm::StringRef key) const;

  struct Entry {
    const ConfigSource *source;
    const llvm::json::Value *value;
  };
  llvm::StringMap<Entry> values;
  llvm::StringMap<const ConfigSource *> sections;
  /// Keys and sections that an earlier source removed.
  llvm::StringMap<const ConfigSource *> removed;
  llvm::StringSet<> refusedKeys;
  Report &report;
};

} // namespace stas::import

#endif // STAS_LIB_IMPORT_CONFIGKEYS_H
