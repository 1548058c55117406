//===- Parser.cpp - Reads PTX text ----------------------------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Lexer.h"
#include "Syntax.h"

#include <algorithm>
#include <cstring>

using namespace stas;
using namespace stas::ptx;

unsigned stas::ptx::bitsOf(std::string_view type) {
  if (type == "pred")
    return 1;
  if (type.size() < 2 || std::string_view("bsuf").find(type[0]) == std::string_view::npos)
    return 0;
  for (unsigned bits : {8, 16, 32, 64, 128})
    if (type.substr(1) == std::to_string(bits))
      return (bits == 128 && type[0] != 'b') || (bits == 8 && type[0] == 'f') ? 0 : bits;
  return 0;
}
bool stas::ptx::isSignedType(std::string_view type) { return type[0] == 's'; }
bool stas::ptx::isFloatType(std::string_view type) { return type[0] == 'f'; }

bool Instruction::has(std::string_view modifier) const {
  return std::find(parts.begin() + 1, parts.end(), modifier) != parts.end();
}

static uint64_t alignTo(uint64_t value, uint64_t alignment) { return (value + alignment - 1) / alignment * alignment; }

namespace {
class Parser {
public:
  explicit Parser(std::vector<Token> tokens) : tokens(std::move(tokens)) {}
  Result<File> run();

private:
  const Token &peek() const { return tokens[position]; }
  const Token &take() { return tokens[tokens[position].kind == Token::End ? position : position++]; }
  bool is(std::string_view text) const { return peek().kind != Token::String && peek().text == text; }
  bool accept(std::string_view text) { return is(text) && (take(), true); }
  bool expect(std::string_view text) { return accept(text) || fail("required '" + std::string(text) + "'"); }
  /// Keeps the first failure, at the next token. Always false.
  bool fail(const std::string &what) {
    if (failure)
      failure = makeError("line ", peek().line, ": ", what, ", found '", peek().text, "'");
    return false;
  }

  bool directive();
  bool number(uint64_t &value);
  bool name(std::string &text);
  bool variable(Variable &result);
  bool initializer(Variable &result, unsigned elementBytes);
  bool kernel();
  bool parameters(Kernel &kernel);
  bool statement(Kernel &kernel);
  bool registers(Kernel &kernel);
  bool instruction(Kernel &kernel);
  bool operand(Operand &result);
  bool primary(Operand &result);
  bool checkLabels(const Kernel &kernel);
  /// The register that a name means here; empty for none.
  std::string lookup(const std::string &text) const;

  std::vector<Token> tokens;
  size_t position = 0;
  Status failure;
  File file;
  std::vector<std::map<std::string, std::string>> scopes; ///< Names in the text to registers.
  unsigned scopeNumber = 0;
};
} // namespace

Result<File> Parser::run() {
  while (peek().kind != Token::End)
    if (!directive())
      return failure.error();
  if (file.version == 0)
    return makeError("required a .version, found none: no PTX");
  return std::move(file);
}

bool Parser::number(uint64_t &value) {
  if (peek().kind != Token::Number)
    return fail("required a number");
  value = take().bits;
  return true;
}

bool Parser::name(std::string &text) {
  if (peek().kind != Token::Word || peek().text[0] == '.')
    return fail("required a name");
  text = take().text;
  return true;
}

bool Parser::directive() {
  if (accept(".version")) {
    uint64_t major = 0, minor = 0;
    // The lexer reads "7.0" as the number 7 and the word ".0".
    if (!number(major) || peek().text.size() != 2 || peek().text[0] != '.')
      return fail("required a version");
    minor = take().text[1] - '0';
    file.version = static_cast<unsigned>(10 * major + minor);
    return true;
  }
  if (accept(".target")) {
    if (!name(file.target))
      return false;
    while (accept(","))
      take();
    return true;
  }
  if (accept(".address_size")) {
    uint64_t bits = 0;
    return number(bits) && (bits == 64 || fail("required addresses of 64 bits"));
  }
  bool isExtern = false;
  for (;;) {
    if (accept(".extern"))
      isExtern = true;
    else if (!accept(".visible") && !accept(".weak") && !accept(".common"))
      break;
  }
  if (is(".entry"))
    return kernel();
  if (is(".global") || is(".const") || is(".shared")) {
    Variable result;
    if (!variable(result))
      return false;
    if (isExtern && result.space != "shared")
      return fail("required a variable that this file defines");
    file.variables[result.name] = std::move(result);
    return expect(";");
  }
  return fail("required a directive that is known here");
}

/// .space [.align N] .type name [sizes] [= values]; of a parameter that is a pointer, what is behind ".ptr" says
/// where it points.
bool Parser::variable(Variable &result) {
  result.space = take().text.substr(1);
  uint64_t alignment = 0, count = 1;
  unsigned bytes = 0, vector = 1;
  bool isPointee = false;
  while (peek().kind == Token::Word && peek().text[0] == '.') {
    std::string_view word = peek().text.substr(1);
    if (word == "align") {
      take();
      uint64_t value = 0;
      if (!number(value))
        return false;
      alignment = isPointee ? alignment : value;
      continue;
    }
    if (unsigned bits = bitsOf(word))
      bytes = (bits + 7) / 8;
    else if (word == "v2" || word == "v4")
      vector = word[1] - '0';
    else if (word == "ptr")
      isPointee = true;
    else if (word != "global" && word != "const" && word != "shared" && word != "local")
      return fail("required a type");
    take();
  }
  if (bytes == 0)
    return fail("required a type");
  bytes *= vector;
  if (!name(result.name))
    return false;
  while (accept("[")) {
    uint64_t size = 0;
    if (!is("]") && !number(size))
      return false;
    count *= size;
    if (!expect("]"))
      return false;
  }
  result.alignment = alignment ? alignment : bytes;
  result.size = count * bytes;
  return !accept("=") || initializer(result, bytes);
}

bool Parser::initializer(Variable &result, unsigned elementBytes) {
  auto value = [&] {
    uint64_t bits = 0;
    bool minus = accept("-");
    if (!number(bits))
      return false;
    bits = minus ? 0 - bits : bits;
    const auto *bytes = reinterpret_cast<const uint8_t *>(&bits);
    result.initial.insert(result.initial.end(), bytes, bytes + elementBytes);
    return true;
  };
  if (elementBytes > 8)
    return fail("required elements of at most 8 bytes");
  if (!accept("{"))
    return value();
  do {
    if (!value())
      return false;
  } while (accept(","));
  if (result.initial.size() > result.size)
    return fail("required at most as many values as elements");
  return expect("}");
}

bool Parser::parameters(Kernel &kernel) {
  if (!accept("("))
    return true;
  while (!accept(")")) {
    if (!is(".param"))
      return fail("required a parameter");
    Variable result;
    if (!variable(result))
      return false;
    result.offset = alignTo(kernel.parameterBytes, result.alignment);
    kernel.parameterBytes = result.offset + result.size;
    kernel.parameters.push_back(std::move(result));
    if (!is(")") && !expect(","))
      return false;
  }
  return true;
}

bool Parser::kernel() {
  Kernel result;
  result.line = peek().line;
  take();
  if (!name(result.name) || !parameters(result))
    return false;
  while (!is("{")) {
    std::string_view word = peek().text;
    if (word != ".maxntid" && word != ".reqntid" && word != ".minnctapersm" && word != ".maxnreg")
      return fail("required a directive of a kernel that is known here");
    take();
    uint64_t values[3] = {1, 1, 1};
    for (uint64_t &value : values) {
      if (!number(value))
        return false;
      if (!accept(","))
        break;
    }
    if (word == ".maxntid" || word == ".reqntid")
      std::copy(values, values + 3, result.maxThreads);
    result.requiresThreads |= word == ".reqntid";
  }
  do {
    if (!statement(result))
      return false;
  } while (!scopes.empty());
  if (!checkLabels(result))
    return false;
  file.kernels.push_back(std::move(result));
  return true;
}

bool Parser::statement(Kernel &kernel) {
  if (accept("{")) {
    scopes.emplace_back();
    return true;
  }
  if (accept("}")) {
    scopes.pop_back();
    return true;
  }
  if (accept(";"))
    return true;
  if (is(".reg"))
    return registers(kernel);
  if (is(".shared") || is(".local")) {
    Variable result;
    if (!variable(result))
      return false;
    if (result.space == "local") {
      result.offset = alignTo(kernel.localBytes, result.alignment);
      kernel.localBytes = result.offset + result.size;
    }
    kernel.locals[result.name] = std::move(result);
    return expect(";");
  }
  if (accept(".pragma") || accept(".loc")) {
    unsigned line = peek().line;
    while (peek().line == line && peek().kind != Token::End && !is(";"))
      take();
    return true;
  }
  if (peek().kind == Token::Word && peek().text[0] != '.' && tokens[position + 1].text == ":") {
    kernel.labels[std::string(take().text)] = kernel.instructions.size();
    take();
    return true;
  }
  return instruction(kernel);
}

/// .reg .type name, name<count>, ...;
bool Parser::registers(Kernel &kernel) {
  take();
  if (peek().kind != Token::Word || bitsOf(peek().text.substr(1)) < 1 || bitsOf(peek().text.substr(1)) == 8)
    return fail("required a type of a register");
  std::string type(take().text.substr(1));
  // Those of an inner block get names of their own, since a block may come twice.
  std::string suffix = scopes.size() > 1 ? "#" + std::to_string(scopeNumber++) : "";
  auto declare = [&](const std::string &text) {
    scopes.back()[text] = text + suffix;
    kernel.registers[text + suffix] = type;
  };
  do {
    std::string text;
    if (!name(text))
      return false;
    if (!accept("<")) {
      declare(text);
      continue;
    }
    uint64_t count = 0;
    if (!number(count) || !expect(">"))
      return false;
    if (count > 1000000)
      return fail("required at most a million registers");
    for (uint64_t i = 0; i < count; ++i)
      declare(text + std::to_string(i));
  } while (accept(","));
  return expect(";");
}

std::string Parser::lookup(const std::string &text) const {
  for (auto scope = scopes.rbegin(); scope != scopes.rend(); ++scope)
    if (auto found = scope->find(text); found != scope->end())
      return found->second;
  return "";
}

bool Parser::instruction(Kernel &kernel) {
  Instruction result;
  result.line = peek().line;
  if (accept("@")) {
    result.guardIsNegated = accept("!");
    std::string text;
    if (!name(text))
      return false;
    result.guard = lookup(text);
    if (result.guard.empty() || kernel.registers[result.guard] != "pred")
      return fail("required a predicate before the instruction");
  }
  if (peek().kind != Token::Word || peek().text[0] == '.' || peek().text[0] == '%')
    return fail("required an instruction");
  result.opcode = take().text;
  for (size_t start = 0; start <= result.opcode.size();) {
    size_t end = std::min(result.opcode.find('.', start), result.opcode.size());
    result.parts.push_back(result.opcode.substr(start, end - start));
    start = end + 1;
  }
  while (!accept(";")) {
    Operand next;
    if (!operand(next))
      return false;
    result.operands.push_back(std::move(next));
    if (!is(";") && !expect(","))
      return false;
  }
  kernel.instructions.push_back(std::move(result));
  return true;
}

bool Parser::operand(Operand &result) {
  if (!primary(result))
    return false;
  if (!accept("|"))
    return true;
  Operand second;
  if (!primary(second))
    return false;
  Operand pair;
  pair.kind = Operand::Pair;
  pair.elements = {std::move(result), std::move(second)};
  result = std::move(pair);
  return true;
}

bool Parser::primary(Operand &result) {
  if (accept("{")) {
    result.kind = Operand::Vector;
    do {
      if (!primary(result.elements.emplace_back()))
        return false;
    } while (accept(","));
    return expect("}");
  }
  if (accept("[")) {
    result.kind = Operand::Address;
    Operand base;
    if (!primary(base))
      return false;
    std::swap(result.bits, base.bits);
    result.elements.push_back(std::move(base));
    return expect("]");
  }
  if (peek().kind == Token::Number || is("-")) {
    bool minus = accept("-");
    if (!number(result.bits))
      return false;
    result.bits = minus ? 0 - result.bits : result.bits;
    return true;
  }
  result.isNegated = accept("!");
  std::string text;
  if (!name(text))
    return false;
  result.name = lookup(text);
  result.kind = Operand::Register;
  if (result.name.empty()) {
    result.name = text;
    if (text[0] == '%')
      result.kind = Operand::Special;
    else if (text != "_")
      result.kind = Operand::Symbol;
  }
  if (accept("+")) {
    bool minus = accept("-");
    if (!number(result.bits))
      return false;
    result.bits = minus ? 0 - result.bits : result.bits;
  }
  return true;
}

bool Parser::checkLabels(const Kernel &kernel) {
  for (const Instruction &instruction : kernel.instructions)
    if (instruction.base() == "bra" &&
        (instruction.operands.size() != 1 || kernel.labels.count(instruction.operands[0].name) == 0)) {
      failure = makeError("line ", instruction.line, ": required a label of this kernel after ", instruction.opcode);
      return false;
    }
  return true;
}

Result<File> stas::ptx::parse(std::string_view text) {
  Result<std::vector<Token>> tokens = tokenize(text);
  if (!tokens)
    return tokens.error();
  return Parser(std::move(*tokens)).run();
}
