//===- Arguments.h - A command's options ------------------------*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef STAS_SUPPORT_ARGUMENTS_H
#define STAS_SUPPORT_ARGUMENTS_H

#include "stas/Support/Error.h"

#include <cstdint>
#include <map>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

namespace stas {

/// An option of a command, as --help shows it.
struct Option {
  const char *name;  ///< "--input", or "-o".
  const char *value; ///< What its value is called, or null for a flag.
  const char *help;
  bool isList = false; ///< May be given more than once.
};

/// What `stas COMMAND --help` prints, and what parsing accepts.
struct CommandHelp {
  const char *name;       ///< "run"
  const char *summary;    ///< One line.
  const char *usage;      ///< What comes after "stas run ".
  const char *positional; ///< What the one positional argument is called.
  std::vector<Option> options;
  const char *footer; ///< Notes and examples.

  void print(std::ostream &out) const;
};

/// A command line, checked against its CommandHelp. An option is --name VALUE
/// or --name=VALUE, and may be given once.
class Arguments {
public:
  /// Nothing where --help was asked for, which is then on the standard output.
  static Result<std::optional<Arguments>> parse(const CommandHelp &help, int argc, char **argv);

  bool has(const std::string &name) const { return values.count(name) != 0; }
  /// The option's value, or "" where it is not given.
  std::string get(const std::string &name) const;
  /// The values of an option that is a list, in the order given.
  std::vector<std::string> all(const std::string &name) const;
  /// The option as a number, which must lie in [low, high].
  Result<int64_t> number(const std::string &name, int64_t fallback, int64_t low, int64_t high) const;
  const std::string &file() const { return positional; }
  /// The same command line with no options but these.
  Arguments only(const std::vector<std::string> &names) const;

private:
  std::multimap<std::string, std::string> values;
  std::string positional;
};

} // namespace stas

#endif // STAS_SUPPORT_ARGUMENTS_H
