//===- Arguments.cpp - A command's options --------------------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "stas/Support/Arguments.h"
#include "stas/Support/Text.h"

#include <algorithm>
#include <charconv>
#include <iostream>

using namespace stas;

void CommandHelp::print(std::ostream &out) const {
  out << "stas " << name << ": " << summary << "\n\nusage: stas " << name << ' ' << usage << "\n\n";
  Table table;
  for (const Option &option : options) {
    std::string left = option.name;
    if (option.value)
      left += std::string(" ") + option.value;
    table.row({left, option.help});
  }
  table.row({"--help", "this text"});
  table.print(out, 2);
  out << footer;
}

static const Option *find(const CommandHelp &help, const std::string &name) {
  for (const Option &option : help.options)
    if (name == option.name)
      return &option;
  return nullptr;
}

static Error unknownOption(const CommandHelp &help, const std::string &name) {
  std::vector<std::string> known = {"--help"};
  for (const Option &option : help.options)
    known.push_back(option.name);
  std::string near = nearest(name, known);
  return makeError(printable(name), ": unknown option", near.empty() ? "" : "; did you mean " + near + "?",
                   near.empty() ? "; see stas " + std::string(help.name) + " --help" : "");
}

Result<std::optional<Arguments>> Arguments::parse(const CommandHelp &help, int argc, char **argv) {
  Arguments result;
  bool onlyPositional = false, havePositional = false;
  for (int i = 0; i < argc; ++i) {
    std::string word = argv[i];
    if (!onlyPositional && word == "--") {
      onlyPositional = true;
      continue;
    }
    if (onlyPositional || word.size() < 2 || word[0] != '-') {
      if (havePositional)
        return makeError(printable(word), ": required one ", help.positional, ", found a second");
      result.positional = word;
      havePositional = true;
      continue;
    }
    std::string name = word, value;
    size_t equals = word.find('=');
    if (equals != std::string::npos) {
      name = word.substr(0, equals);
      value = word.substr(equals + 1);
    }
    if (name == "--help" || name == "-h") {
      help.print(std::cout);
      return std::optional<Arguments>();
    }
    const Option *option = find(help, name);
    if (!option)
      return unknownOption(help, name);
    if (!option->value && equals != std::string::npos)
      return makeError(name, ": takes no value, found '", printable(value), "'");
    if (option->value && equals == std::string::npos) {
      if (i + 1 == argc)
        return makeError(name, ": required a value (", option->value, "), found none");
      value = argv[++i];
    }
    if (option->value && value.empty())
      return makeError(name, ": required a value (", option->value, "), found an empty one");
    if (!option->isList && result.has(name))
      return makeError(name, ": given twice");
    result.values.emplace(name, value);
  }
  if (!havePositional)
    return makeError("required ", help.positional, ", found none; see stas ", help.name, " --help");
  return std::optional(std::move(result));
}

std::string Arguments::get(const std::string &name) const {
  auto found = values.find(name);
  return found == values.end() ? "" : found->second;
}

std::vector<std::string> Arguments::all(const std::string &name) const {
  std::vector<std::string> result;
  for (auto [at, end] = values.equal_range(name); at != end; ++at)
    result.push_back(at->second);
  return result;
}

Arguments Arguments::only(const std::vector<std::string> &names) const {
  Arguments result;
  result.positional = positional;
  for (const auto &[name, value] : values)
    if (std::find(names.begin(), names.end(), name) != names.end())
      result.values.emplace(name, value);
  return result;
}

Result<int64_t> Arguments::number(const std::string &name, int64_t fallback, int64_t low, int64_t high) const {
  if (!has(name))
    return fallback;
  std::string text = get(name);
  int64_t value = 0;
  auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failure != std::errc() || end != text.data() + text.size() || value < low || value > high)
    return makeError(name, ": required a whole number from ", low, " to ", high, ", found '", printable(text), "'");
  return value;
}
