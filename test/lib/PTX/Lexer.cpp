//===- Lexer.cpp - PTX text as words --------------------------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Lexer.h"

#include <algorithm>
#include <cctype>
#include <cstdlib>

using namespace stas;
using namespace stas::ptx;

static bool startsWord(char c) {
  return std::isalpha(static_cast<unsigned char>(c)) || c == '_' || c == '$' || c == '%' || c == '.';
}
static bool continuesWord(char c) { return startsWord(c) || std::isdigit(static_cast<unsigned char>(c)); }

namespace {
class Lexer {
public:
  explicit Lexer(std::string_view text) : rest(text) {}

  Result<std::vector<Token>> run() {
    std::vector<Token> tokens;
    for (;;) {
      if (!skipBlanks())
        return makeError("line ", line, ": a comment does not end");
      if (rest.empty())
        break;
      size_t length = 1;
      Token token = {Token::Mark, {}, 0, line};
      if (startsWord(rest[0])) {
        token.kind = Token::Word;
        // An opcode may have "::" within, as in "L2::128B".
        while (length < rest.size() && (continuesWord(rest[length]) || rest.substr(length, 2) == "::"))
          length += rest[length] == ':' ? 2 : 1;
      } else if (std::isdigit(static_cast<unsigned char>(rest[0]))) {
        token.kind = Token::Number;
        while (length < rest.size() && std::isalnum(static_cast<unsigned char>(rest[length])))
          ++length;
        if (!number(std::string(rest.substr(0, length)), token.bits))
          return makeError("line ", line, ": required a number, found '", rest.substr(0, length), "'");
      } else if (rest[0] == '"') {
        token.kind = Token::String;
        length = rest.find('"', 1);
        if (length == std::string_view::npos)
          return makeError("line ", line, ": a string does not end");
        ++length;
      } else if (std::string_view("{}[]()<>,;:=+-|!@").find(rest[0]) == std::string_view::npos) {
        return makeError("line ", line, ": the character '", rest[0], "' is no part of PTX");
      }
      token.text = rest.substr(0, length);
      tokens.push_back(token);
      rest.remove_prefix(length);
    }
    tokens.push_back({Token::End, "the end of the file", 0, line});
    return tokens;
  }

private:
  bool skipBlanks() {
    while (!rest.empty()) {
      if (std::isspace(static_cast<unsigned char>(rest[0])) || rest[0] == '\0') {
        line += rest[0] == '\n';
        rest.remove_prefix(1);
      } else if (rest.substr(0, 2) == "//") {
        rest.remove_prefix(std::min(rest.find('\n'), rest.size()));
      } else if (rest.substr(0, 2) == "/*") {
        size_t end = rest.find("*/");
        if (end == std::string_view::npos)
          return false;
        for (char c : rest.substr(0, end))
          line += c == '\n';
        rest.remove_prefix(end + 2);
      } else {
        break;
      }
    }
    return true;
  }

  /// Decimal, 0x, 0b and octal integers, with U or without; 0f and 0d are the
  /// bits of floating-point numbers.
  static bool number(std::string text, uint64_t &bits) {
    if (text.back() == 'U')
      text.pop_back();
    int base = 10;
    size_t skip = 0;
    if (text.size() > 1 && text[0] == '0') {
      char mark = static_cast<char>(std::tolower(static_cast<unsigned char>(text[1])));
      base = mark == 'x' || mark == 'f' || mark == 'd' ? 16 : mark == 'b' ? 2 : 8;
      skip = base == 8 ? 1 : 2;
      if ((mark == 'f' && text.size() != 10) || (mark == 'd' && text.size() != 18))
        return false;
    }
    char *end = nullptr;
    bits = std::strtoull(text.c_str() + skip, &end, base);
    return *end == '\0' && end != text.c_str() + skip;
  }

  std::string_view rest;
  unsigned line = 1;
};
} // namespace

Result<std::vector<Token>> stas::ptx::tokenize(std::string_view text) { return Lexer(text).run(); }
