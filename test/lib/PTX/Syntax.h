//===- Syntax.h - PTX text as data ------------------------------*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What a PTX file says, without what it means: names are resolved and constants
// are evaluated, mnemonics are split and nothing more. Follows the chapter
// "Syntax" of NVIDIA's PTX ISA manual as far as LLVM's NVPTX prints it.
//
//===----------------------------------------------------------------------===//

#ifndef STAS_TEST_LIB_PTX_SYNTAX_H
#define STAS_TEST_LIB_PTX_SYNTAX_H

#include "stas/Support/Error.h"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace stas {
namespace ptx {

/// Bits of a type's name without the dot, as "u32" or "pred"; 0: no such type.
unsigned bitsOf(std::string_view type);
/// Whether values of the type are "signed" (s8 ... s64) or "floating" (f16, f32, f64).
bool isSignedType(std::string_view type);
bool isFloatType(std::string_view type);

struct Operand {
  enum Kind {
    Register,  ///< name, perhaps negated; "_" takes a result that nobody wants
    Special,   ///< name, with its dimension: "%tid.x"
    Immediate, ///< bits
    Symbol,    ///< name of a label, variable or parameter, plus bits as an offset
    Address,   ///< [elements[0] + bits]
    Vector,    ///< {elements}
    Pair,      ///< elements[0] | elements[1]
  };
  Kind kind = Immediate;
  std::string name;
  bool isNegated = false;
  uint64_t bits = 0;
  std::vector<Operand> elements;
};

struct Instruction {
  unsigned line = 0;
  std::string opcode;             ///< "ld.global.b32"
  std::vector<std::string> parts; ///< {"ld", "global", "b32"}
  std::string guard;              ///< The predicate, empty for none.
  bool guardIsNegated = false;
  std::vector<Operand> operands;

  const std::string &base() const { return parts.front(); }
  const std::string &type() const { return parts.back(); }
  bool has(std::string_view modifier) const;
};

/// A variable of a state space, or a parameter.
struct Variable {
  std::string space; ///< "global", "const", "shared", "local", "param"
  std::string name;
  uint64_t size = 0; ///< Bytes; 0 for an array whose size the launch gives.
  uint64_t alignment = 1;
  uint64_t offset = 0; ///< In the block of parameters, or in local memory.
  std::vector<uint8_t> initial;
};

struct Kernel {
  std::string name;
  unsigned line = 0;
  std::vector<Variable> parameters;
  uint64_t parameterBytes = 0;
  std::map<std::string, std::string> registers; ///< Name to type.
  std::map<std::string, size_t> labels;         ///< To the instruction after it.
  std::map<std::string, Variable> locals;       ///< Of the spaces local and shared.
  uint64_t localBytes = 0;
  std::vector<Instruction> instructions;
  unsigned maxThreads[3] = {0, 0, 0}; ///< .maxntid or .reqntid; 0: not given
  bool requiresThreads = false;       ///< .reqntid
};

struct File {
  unsigned version = 0; ///< 10 * major + minor
  std::string target;   ///< "sm_80"
  std::map<std::string, Variable> variables;
  std::vector<Kernel> kernels;
};

/// Reads a PTX file. An error names the line and what stands there.
Result<File> parse(std::string_view text);

} // namespace ptx
} // namespace stas

#endif // STAS_TEST_LIB_PTX_SYNTAX_H
