//===- Translator.cpp - From PTX to LLVM IR -------------------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Translator.h"

#include <algorithm>
#include <cstddef>

using namespace stas;
using namespace stas::ptx;

Translator::Translator(const File &file, const Kernel &kernel, const Addresses &addresses, llvm::Module &module)
    : file(file), kernel(kernel), addresses(addresses), module(module), builder(module.getContext()) {}

const std::map<std::string, Translator::Handler> &Translator::handlers() {
  using T = Translator;
  static const std::map<std::string, Handler> all = {
      {"add", &T::addSub},
      {"sub", &T::addSub},
      {"mul", &T::multiply},
      {"mad", &T::multiply},
      {"div", &T::divide},
      {"rem", &T::divide},
      {"min", &T::minMax},
      {"max", &T::minMax},
      {"abs", &T::unary},
      {"neg", &T::unary},
      {"not", &T::unary},
      {"cnot", &T::unary},
      {"sqrt", &T::rounded},
      {"rcp", &T::rounded},
      {"fma", &T::fma},
      {"and", &T::logic},
      {"or", &T::logic},
      {"xor", &T::logic},
      {"shl", &T::shift},
      {"shr", &T::shift},
      {"shf", &T::funnelShift},
      {"prmt", &T::permute},
      {"bfe", &T::extractField},
      {"bfi", &T::insertField},
      {"lop3", &T::lookup},
      {"popc", &T::countBits},
      {"clz", &T::countBits},
      {"brev", &T::countBits},
      {"bfind", &T::findBit},
      {"dp4a", &T::dotProduct},
      {"mov", &T::move},
      {"selp", &T::select},
      {"setp", &T::compare},
      {"cvt", &T::convert},
      {"ld", &T::load},
      {"st", &T::store},
      {"atom", &T::atomic},
      {"red", &T::atomic},
      {"cvta", &T::convertAddress},
      {"cp", &T::copyAsync},
      {"membar", &T::fence},
      {"fence", &T::fence},
      {"bra", &T::branch},
      {"ret", &T::leave},
      {"exit", &T::leave},
      {"trap", &T::leave},
      {"bar", &T::barrier},
      {"barrier", &T::barrier},
      {"shfl", &T::shuffle},
      {"vote", &T::vote},
      {"match", &T::match},
      {"redux", &T::reduce},
      {"elect", &T::elect},
      {"ldmatrix", &T::loadMatrix},
      {"mma", &T::multiplyMatrices},
  };
  return all;
}

bool Translator::fail(const std::string &what) {
  const Instruction &at = kernel.instructions[current];
  if (failure)
    failure = makeError("line ", at.line, ", ", at.opcode, ": ", what);
  return false;
}

static uint64_t alignUp(uint64_t value, uint64_t alignment) { return (value + alignment - 1) / alignment * alignment; }

/// Static variables in the order of their names, then what the launch gives.
void Translator::layOutShared() {
  auto uses = [&](const std::string &name) {
    auto names = [&](const Operand &operand) {
      return operand.name == name || (!operand.elements.empty() && operand.elements[0].name == name);
    };
    return std::any_of(kernel.instructions.begin(), kernel.instructions.end(),
                       [&](const Instruction &i) { return std::any_of(i.operands.begin(), i.operands.end(), names); });
  };
  std::vector<const Variable *> dynamic;
  for (const auto *scope : {&kernel.locals, &file.variables})
    for (const auto &[name, variable] : *scope) {
      if (variable.space != "shared" || !uses(name))
        continue;
      if (variable.size == 0) {
        dynamic.push_back(&variable);
        continue;
      }
      code.staticShared = alignUp(code.staticShared, variable.alignment);
      sharedOffsets[name] = code.staticShared;
      code.staticShared += variable.size;
    }
  for (const Variable *variable : dynamic)
    sharedOffsets[variable->name] = alignUp(code.staticShared, 16);
}

void Translator::makeBlocks() {
  llvm::LLVMContext &context = module.getContext();
  function = llvm::Function::Create(llvm::FunctionType::get(builder.getVoidTy(), {builder.getPtrTy()}, false),
                                    llvm::Function::ExternalLinkage, kernel.name, module);
  thread = function->getArg(0);
  // Nothing but the compiled code looks at a thread's registers while it runs.
  function->getArg(0)->addAttr(llvm::Attribute::NoAlias);
  function->addFnAttr(llvm::Attribute::NoUnwind);
  builder.SetInsertPoint(llvm::BasicBlock::Create(context, "entry", function));
  unsigned index = 0;
  for (const auto &[name, type] : kernel.registers) {
    unsigned bits = bitsOf(type);
    auto *integer = builder.getIntNTy(bits);
    auto *slot = builder.CreateAlloca(integer, nullptr, name);
    // What no instruction wrote is always the same.
    builder.CreateStore(llvm::ConstantInt::get(integer, llvm::APInt::getSplat(bits, llvm::APInt(8, kPattern))), slot);
    registers[name] = {slot, bits, index++};
  }
  labelBlocks.assign(kernel.instructions.size() + 1, nullptr);
  for (const auto &[name, at] : kernel.labels)
    if (!labelBlocks[at])
      labelBlocks[at] = llvm::BasicBlock::Create(context, name, function);
  auto *start = llvm::BasicBlock::Create(context, "start", function);
  auto *wrong = llvm::BasicBlock::Create(context, "wrong", function);
  entry = builder.CreateSwitch(builder.CreateLoad(builder.getInt32Ty(), headerField(offsetof(Thread, state))), wrong);
  entry->addCase(builder.getInt32(kAtStart), start);
  builder.SetInsertPoint(wrong);
  builder.CreateUnreachable();
  builder.SetInsertPoint(start);
}

Result<Code> Translator::run() {
  code.kernel = &kernel;
  layOutShared();
  makeBlocks();
  uses.resize(kernel.instructions.size());
  for (current = 0; current < kernel.instructions.size(); ++current) {
    if (llvm::BasicBlock *block = labelBlocks[current]) {
      builder.CreateBr(block);
      builder.SetInsertPoint(block);
    }
    if (!translate(kernel.instructions[current]) || !failure)
      return makeError("kernel '", kernel.name, "', ", failure.message());
  }
  if (llvm::BasicBlock *block = labelBlocks.back()) {
    builder.CreateBr(block);
    builder.SetInsertPoint(block);
  }
  // Falling off the end is a return.
  builder.CreateStore(builder.getInt32(kExited), headerField(offsetof(Thread, state)));
  builder.CreateRetVoid();
  finish();
  return std::move(code);
}

bool Translator::translate(const Instruction &instruction) {
  auto handler = handlers().find(instruction.base());
  if (handler == handlers().end())
    return fail("an instruction that is not known here");
  if (instruction.guard.empty() || instruction.base() == "bra")
    return (this->*handler->second)(instruction);
  Operand guard;
  guard.kind = Operand::Register;
  guard.name = instruction.guard;
  auto *then = llvm::BasicBlock::Create(module.getContext(), "then", function);
  auto *after = llvm::BasicBlock::Create(module.getContext(), "after", function);
  Value condition = read(guard, 1);
  builder.CreateCondBr(condition, instruction.guardIsNegated ? after : then, instruction.guardIsNegated ? then : after);
  builder.SetInsertPoint(then);
  if (!(this->*handler->second)(instruction))
    return false;
  builder.CreateBr(after);
  builder.SetInsertPoint(after);
  return true;
}

/// The registers that are read after each instruction before they are written.
std::vector<llvm::BitVector> Translator::liveAfter() const {
  size_t count = kernel.instructions.size();
  std::vector<llvm::BitVector> before(count + 1, llvm::BitVector(registers.size()));
  std::vector<llvm::BitVector> after(count, llvm::BitVector(registers.size()));
  for (bool changed = true; changed;) {
    changed = false;
    for (size_t at = count; at-- > 0;) {
      const Instruction &instruction = kernel.instructions[at];
      const std::string &base = instruction.base();
      llvm::BitVector live(registers.size());
      bool always = instruction.guard.empty();
      if (!always || (base != "bra" && base != "ret" && base != "exit"))
        live |= before[at + 1];
      if (base == "bra")
        live |= before[kernel.labels.at(instruction.operands[0].name)];
      after[at] = live;
      for (unsigned written : uses[at].writes)
        if (always)
          live.reset(written);
      for (unsigned read : uses[at].reads)
        live.set(read);
      changed |= live != before[at];
      std::swap(before[at], live);
    }
  }
  return after;
}

/// Moves the registers that are alive across a site into the thread's memory.
void Translator::finish() {
  llvm::BitVector kept(registers.size());
  std::vector<llvm::BitVector> live = liveAfter();
  for (size_t at : siteAt)
    kept |= live[at];
  code.frameBytes = sizeof(Thread);
  for (const auto &[name, reg] : registers) {
    if (!kept.test(reg.index))
      continue;
    builder.SetInsertPoint(reg.slot);
    unsigned bytes = (reg.bits + 7) / 8;
    code.frameBytes = alignUp(code.frameBytes, bytes);
    Value place = headerField(code.frameBytes);
    code.frameBytes += bytes;
    // The store of the initial value goes with the slot: a block starts with memory full of the pattern.
    for (llvm::User *user : llvm::make_early_inc_range(reg.slot->users()))
      if (auto *store = llvm::dyn_cast<llvm::StoreInst>(user);
          store && store->getParent() == &function->getEntryBlock())
        store->eraseFromParent();
    reg.slot->replaceAllUsesWith(place);
    reg.slot->eraseFromParent();
  }
  code.localOffset = alignUp(code.frameBytes, 16);
  code.frameBytes = alignUp(code.localOffset + kernel.localBytes, 16);
}

Translator::Value Translator::headerField(size_t offset) {
  return builder.CreateConstInBoundsGEP1_64(builder.getInt8Ty(), thread, offset);
}

Translator::Value Translator::exchange(unsigned index) {
  return headerField(offsetof(Thread, exchange) + index * sizeof(uint32_t));
}

bool Translator::arity(const Instruction &instruction, size_t least, size_t most) {
  size_t found = instruction.operands.size();
  return (found >= least && found <= std::max(least, most)) ||
         fail("an unexpected number of operands: " + std::to_string(found));
}

bool Translator::modifiers(const Instruction &instruction, std::initializer_list<std::string_view> known) {
  for (size_t i = 1; i < instruction.parts.size(); ++i)
    if (bitsOf(instruction.parts[i]) == 0 && std::find(known.begin(), known.end(), instruction.parts[i]) == known.end())
      return fail("the modifier '." + instruction.parts[i] + "' is not known here");
  return true;
}

bool Translator::typed(const Instruction &instruction, int kinds, unsigned &bits) {
  const std::string &type = instruction.type();
  bits = bitsOf(type);
  bool isKnown = type == "pred"      ? (kinds & Predicates) != 0
                 : bits == 0         ? false
                 : isFloatType(type) ? (kinds & Floats) && bits >= 32
                                     : (kinds & Integers) && bits >= 16 && bits <= 64;
  return isKnown || fail("the type '." + type + "' is not known here");
}
