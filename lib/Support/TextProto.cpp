//===- TextProto.cpp - Data files in the text format of protobuf ----------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "stas/Support/TextProto.h"
#include "stas/Support/MappedFile.h"
#include "stas/Support/Text.h"

#include <algorithm>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/io/tokenizer.h>
#include <google/protobuf/message.h>
#include <google/protobuf/text_format.h>

using namespace stas;

static constexpr uint64_t kMaxBytes = 1 << 20;

namespace {

/// Keeps the first thing that is wrong with a text.
class FirstError : public google::protobuf::io::ErrorCollector {
public:
  void AddError(int line, google::protobuf::io::ColumnNumber, const std::string &message) override {
    if (!text.empty())
      return;
    text = "line " + std::to_string(line + 1) + ": " + printable(message, 200);
    if (text.back() == '.')
      text.pop_back();
  }
  void AddWarning(int, google::protobuf::io::ColumnNumber, const std::string &) override {}
  std::string text;
};

} // namespace

std::vector<std::string> stas::shippedNames(const std::vector<ShippedText> &shipped) {
  std::vector<std::string> names;
  for (const ShippedText &text : shipped)
    names.emplace_back(text.name);
  std::sort(names.begin(), names.end());
  return names;
}

Result<NamedText> stas::findText(const std::vector<ShippedText> &shipped, const std::string &nameOrFile,
                                 const char *option, const char *kind) {
  for (const ShippedText &text : shipped)
    if (nameOrFile == text.name)
      return NamedText{nameOrFile, text.text};
  if (nameOrFile.find_first_of("./") == std::string::npos) {
    std::vector<std::string> names = shippedNames(shipped);
    std::string known, near = nearest(nameOrFile, names);
    for (const std::string &name : names)
      known += (known.empty() ? "" : ", ") + name;
    return makeError(option, "=", printable(nameOrFile), ": no ", kind, " of that name; ",
                     near.empty() ? "there are: " + known : "did you mean " + near + "?",
                     " (a file's name has a '.' or '/' in it)");
  }
  Result<MappedFile> file = MappedFile::open(nameOrFile);
  if (!file)
    return file.error();
  if (file->size() > kMaxBytes)
    return makeError(nameOrFile, ": required at most ", humanBytes(kMaxBytes), ", found ", humanBytes(file->size()));
  return NamedText{nameOrFile, std::string(file->bytes())};
}

Status stas::parseText(const NamedText &text, google::protobuf::Message &message, const std::string &required) {
  google::protobuf::TextFormat::Parser parser;
  FirstError problem;
  parser.RecordErrorsTo(&problem);
  if (!parser.ParseFromString(text.text, &message))
    return makeError(text.where, ": ", problem.text, "; required ", required);
  return {};
}

std::string stas::valueNames(const google::protobuf::EnumDescriptor &type) {
  std::string list;
  for (int index = 1; index < type.value_count(); ++index)
    list += (list.empty() ? "" : ", ") + type.value(index)->name();
  return list;
}

std::string stas::valueKey(const google::protobuf::EnumDescriptor &type, int value) {
  const google::protobuf::EnumValueDescriptor *found = type.FindValueByNumber(value);
  std::string key = found ? found->name() : "";
  for (char &c : key)
    c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return key;
}
