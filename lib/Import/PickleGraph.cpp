//===- PickleGraph.cpp - Naming of pickled values, and their text ---------===//
//
// Part of stas, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "PickleText.h"
#include "stas/Import/Pickle.h"
#include "stas/Import/Report.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/ConvertUTF.h"

using namespace stas::import;
using llvm::StringRef;
using Kind = PickleNode::Kind;

std::string PickleGraph::dottedName(PickleRef ref) const {
  if (ref == kNoPickleRef)
    return "";
  const PickleNode *node = &nodes[ref];
  if (node->kind == Kind::Object)
    node = &nodes[node->callable];
  if (node->kind != Kind::Global)
    return "";
  return (node->module + "." + node->text).str();
}

std::string PickleGraph::describe(PickleRef ref) const {
  auto counted = [](StringRef what, size_t n, StringRef unit) {
    return (what + " of " + llvm::Twine(n) + " " + unit).str();
  };
  if (ref == kNoPickleRef)
    return "nothing";
  const PickleNode &node = nodes[ref];
  switch (node.kind) {
  case Kind::None:
    return "None";
  case Kind::Bool:
    return node.integer ? "True" : "False";
  case Kind::Int:
    return "the integer " + std::to_string(node.integer);
  case Kind::BigInt:
    return "an integer of more than 64 bits";
  case Kind::Float:
    return "the number " + number(node.real);
  case Kind::String:
    return "the string \"" + printable(node.text) + "\"";
  case Kind::Bytes:
    return counted("a byte string", node.text.size(), "bytes");
  case Kind::Tuple:
    return counted("a tuple", node.items.size(), "values");
  case Kind::List:
    return counted("a list", node.items.size(), "values");
  case Kind::Dict:
    return counted("a dict", node.items.size() / 2, "entries");
  case Kind::Set:
    return counted("a set", node.items.size(), "values");
  case Kind::Global:
    return "the name " + printable(dottedName(ref));
  case Kind::Object: {
    std::string name = dottedName(ref);
    return name.empty() ? "a call of something that is no function" : "a call of " + printable(name);
  }
  case Kind::PersistentId:
    return "a storage";
  }
  return "";
}

std::optional<StringRef> stas::import::decodeQuoted(StringRef line, llvm::BumpPtrAllocator &storage) {
  if (line.size() < 2 || (line.front() != '\'' && line.front() != '"') || line.back() != line.front())
    return std::nullopt;
  line = line.drop_front().drop_back();
  if (!line.contains('\\'))
    return line;
  std::string out;
  for (size_t i = 0; i < line.size(); ++i) {
    if (line[i] != '\\') {
      out += line[i];
      continue;
    }
    if (++i == line.size())
      return std::nullopt;
    switch (line[i]) {
    case 'n':
      out += '\n';
      break;
    case 't':
      out += '\t';
      break;
    case 'r':
      out += '\r';
      break;
    case '\\':
    case '\'':
    case '"':
      out += line[i];
      break;
    case 'x': {
      unsigned code;
      if (i + 2 >= line.size() || line.substr(i + 1, 2).getAsInteger(16, code))
        return std::nullopt;
      out += static_cast<char>(code);
      i += 2;
      break;
    }
    default:
      return std::nullopt;
    }
  }
  return StringRef(out).copy(storage);
}

std::optional<StringRef> stas::import::decodeRawUnicode(StringRef line, llvm::BumpPtrAllocator &storage) {
  if (!line.contains('\\') && llvm::isASCII(line))
    return line;
  std::string out;
  auto append = [&](unsigned code) {
    char buffer[UNI_MAX_UTF8_BYTES_PER_CODE_POINT];
    char *end = buffer;
    if (!llvm::ConvertCodePointToUTF8(code, end))
      return false;
    out.append(buffer, end);
    return true;
  };
  for (size_t i = 0; i < line.size(); ++i) {
    char next = i + 1 < line.size() ? line[i + 1] : 0;
    if (line[i] != '\\' || (next != 'u' && next != 'U')) {
      if (!append(uint8_t(line[i])))
        return std::nullopt;
      continue;
    }
    unsigned digits = next == 'u' ? 4 : 8, code;
    if (line.size() - i - 2 < digits || line.substr(i + 2, digits).getAsInteger(16, code) || !append(code))
      return std::nullopt;
    i += 1 + digits;
  }
  return StringRef(out).copy(storage);
}
