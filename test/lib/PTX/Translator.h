//===- Translator.h - From PTX to LLVM IR -----------------------*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Translates a kernel to the function that Execution.h describes. An instruction,
// modifier or type that it does not know is an error: nothing is left out.
//
//===----------------------------------------------------------------------===//

#ifndef STAS_TEST_LIB_PTX_TRANSLATOR_H
#define STAS_TEST_LIB_PTX_TRANSLATOR_H

#include "Compiler.h"
#include "llvm/ADT/BitVector.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/Module.h"

#include <initializer_list>

namespace stas {
namespace ptx {

class Translator {
public:
  Translator(const File &file, const Kernel &kernel, const Addresses &addresses, llvm::Module &module);

  /// Adds the function to the module, named like the kernel. Code::function is
  /// left to who compiles it.
  Result<Code> run();

private:
  using Value = llvm::Value *;
  using Handler = bool (Translator::*)(const Instruction &);
  static const std::map<std::string, Handler> &handlers();

  // Structure.
  void layOutShared();
  void makeBlocks();
  bool translate(const Instruction &instruction);
  void finish();
  std::vector<llvm::BitVector> liveAfter() const;
  bool fail(const std::string &what);

  // Operands. `bits` is the width the instruction asks for.
  Value read(const Operand &operand, unsigned bits);
  /// Of a register that may be wider: the low bits.
  Value readLow(const Operand &operand, unsigned bits);
  Value readFloat(const Operand &operand, unsigned bits);
  Value special(const std::string &name);
  bool write(const Operand &operand, Value value);
  bool writeExtended(const Operand &operand, Value value, bool isSigned);
  /// The address of a symbol in its space, or generic.
  bool symbol(const std::string &name, std::string &space, uint64_t &address) const;
  unsigned widthOf(const Operand &operand) const;
  Value headerField(size_t offset);
  Value exchange(unsigned index);

  // Checks of what an instruction says.
  bool arity(const Instruction &instruction, size_t least, size_t most = 0);
  /// All parts after the base are types or among those.
  bool modifiers(const Instruction &instruction, std::initializer_list<std::string_view> known);
  /// The type in the last part: integer, or of floating point where allowed.
  enum Kinds { Integers = 1, Floats = 2, Predicates = 4 };
  bool typed(const Instruction &instruction, int kinds, unsigned &bits);

  // Arithmetic.cpp
  bool addSub(const Instruction &i);
  bool multiply(const Instruction &i);
  bool divide(const Instruction &i);
  bool minMax(const Instruction &i);
  bool unary(const Instruction &i);
  bool logic(const Instruction &i);
  bool shift(const Instruction &i);
  bool fma(const Instruction &i);
  bool rounded(const Instruction &i);
  // Bits.cpp
  bool funnelShift(const Instruction &i);
  bool permute(const Instruction &i);
  bool extractField(const Instruction &i);
  bool insertField(const Instruction &i);
  bool lookup(const Instruction &i);
  bool countBits(const Instruction &i);
  bool findBit(const Instruction &i);
  bool dotProduct(const Instruction &i);
  bool move(const Instruction &i);
  bool select(const Instruction &i);
  bool compare(const Instruction &i);
  bool convert(const Instruction &i);
  Value comparison(const Instruction &i, const std::string &name, const std::string &type);
  // MemoryAccess.cpp
  bool load(const Instruction &i);
  bool store(const Instruction &i);
  bool atomic(const Instruction &i);
  bool convertAddress(const Instruction &i);
  bool copyAsync(const Instruction &i);
  bool fence(const Instruction &i);
  Value addressOf(const Operand &operand, std::string &space);
  Value resolve(const Operand &operand, std::string space, unsigned bytes, Access access);
  bool memoryModifiers(const Instruction &i, std::string &space, unsigned &lanes);
  /// Goes on where the value is not null (or true); else the thread has failed.
  void check(Value value);
  llvm::FunctionCallee callee(const char *name, llvm::Type *result, llvm::ArrayRef<llvm::Type *> arguments,
                              bool touchesMemory);
  // Sites.cpp
  bool branch(const Instruction &i);
  bool leave(const Instruction &i);
  bool barrier(const Instruction &i);
  bool warpBarrier(const Instruction &i);
  bool shuffle(const Instruction &i);
  bool vote(const Instruction &i);
  bool match(const Instruction &i);
  bool reduce(const Instruction &i);
  bool elect(const Instruction &i);
  bool loadMatrix(const Instruction &i);
  bool multiplyMatrices(const Instruction &i);
  /// Leaves the inputs in `exchange`, and stops until the operation is done.
  void stop(const Instruction &i, llvm::ArrayRef<Value> inputs, Operation operation, int maskAt = -1);

  const File &file;
  const Kernel &kernel;
  const Addresses &addresses;
  llvm::Module &module;
  llvm::IRBuilder<> builder;
  llvm::Function *function = nullptr;
  llvm::SwitchInst *entry = nullptr;
  Value thread = nullptr;
  Code code;
  Status failure;

  std::map<std::string, uint64_t> sharedOffsets;
  std::vector<llvm::BasicBlock *> labelBlocks; ///< By instruction; null where no label is.

  struct Register {
    llvm::AllocaInst *slot;
    unsigned bits;
    unsigned index;
  };
  std::map<std::string, Register> registers;
  struct Uses {
    llvm::SmallVector<unsigned, 4> reads, writes;
  };
  std::vector<Uses> uses;     ///< By instruction.
  std::vector<size_t> siteAt; ///< The instruction of each site.
  size_t current = 0;         ///< The instruction that is translated.
};

} // namespace ptx
} // namespace stas

#endif // STAS_TEST_LIB_PTX_TRANSLATOR_H
