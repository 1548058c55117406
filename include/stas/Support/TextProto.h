//===- TextProto.h - Data files in the text format of protobuf --*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Cost profiles and chips are files that people write. Those that are shipped
// are part of the program and have a name; anyone's own is a path. Nothing in
// such a file is believed.
//
//===----------------------------------------------------------------------===//

#ifndef STAS_SUPPORT_TEXTPROTO_H
#define STAS_SUPPORT_TEXTPROTO_H

#include "stas/Support/Error.h"

#include <string>
#include <vector>

namespace google::protobuf {
class EnumDescriptor;
class Message;
} // namespace google::protobuf

namespace stas {

/// A file that is part of the program.
struct ShippedText {
  const char *name;
  const char *text;
};

/// A text and what errors call it: its name or its path.
struct NamedText {
  std::string where, text;
};

/// The names of shipped texts, sorted.
std::vector<std::string> shippedNames(const std::vector<ShippedText> &shipped);

/// A shipped text by its name, or a file of at most 1 MiB. A word without '/'
/// and '.' is a name; where none has it, the error starts with `option` and
/// says which `kind` ("profile") there is.
Result<NamedText> findText(const std::vector<ShippedText> &shipped, const std::string &nameOrFile, const char *option,
                           const char *kind);

/// Fails with the line of the first thing that is wrong, and `required`: what
/// the text should have been.
Status parseText(const NamedText &text, google::protobuf::Message &message, const std::string &required);

/// The names of an enumeration's values, but for the first: it says that none was given.
std::string valueNames(const google::protobuf::EnumDescriptor &type);

/// "NEURON_UPDATE" as "neuron_update"; empty where the value is none of the
/// type's, which the text format lets through as a number.
std::string valueKey(const google::protobuf::EnumDescriptor &type, int value);

} // namespace stas

#endif // STAS_SUPPORT_TEXTPROTO_H
