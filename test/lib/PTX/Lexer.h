//===- Lexer.h - PTX text as words ------------------------------*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef STAS_TEST_LIB_PTX_LEXER_H
#define STAS_TEST_LIB_PTX_LEXER_H

#include "stas/Support/Error.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace stas {
namespace ptx {

struct Token {
  enum Kind {
    Word,   ///< an identifier, an opcode or a directive with its dots: "%r1", "ld.global.b32", ".reg"
    Number, ///< bits
    String,
    Mark, ///< one character of {}[]()<>,;:=+-|!@
    End,
  };
  Kind kind;
  std::string_view text;
  uint64_t bits;
  unsigned line;
};

/// Splits a file into tokens, of which the last is End. Comments are dropped.
Result<std::vector<Token>> tokenize(std::string_view text);

} // namespace ptx
} // namespace stas

#endif // STAS_TEST_LIB_PTX_LEXER_H
