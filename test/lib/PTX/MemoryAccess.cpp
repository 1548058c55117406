//===- MemoryAccess.cpp - Loads, stores and atomics of PTX ----------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Every access to global, shared or local memory is checked at run time.
//
//===----------------------------------------------------------------------===//

#include "Translator.h"

#include <algorithm>
#include <cstddef>

using namespace stas;
using namespace stas::ptx;

llvm::FunctionCallee Translator::callee(const char *name, llvm::Type *result, llvm::ArrayRef<llvm::Type *> arguments,
                                        bool touchesMemory) {
  auto found = module.getOrInsertFunction(name, llvm::FunctionType::get(result, arguments, false));
  auto *declaration = llvm::cast<llvm::Function>(found.getCallee());
  declaration->addFnAttr(llvm::Attribute::NoUnwind);
  // Neither keeps the pointer to the thread nor gives it back.
  declaration->addParamAttr(0, llvm::Attribute::getWithCaptureInfo(module.getContext(), llvm::CaptureInfo::none()));
  if (!touchesMemory)
    declaration->setOnlyAccessesInaccessibleMemory();
  return found;
}

void Translator::check(Value value) {
  auto *wrong = llvm::BasicBlock::Create(module.getContext(), "wrong", function);
  auto *right = llvm::BasicBlock::Create(module.getContext(), "right", function);
  Value isRight = value->getType()->isPointerTy() ? builder.CreateIsNotNull(value) : value;
  builder.CreateCondBr(isRight, right, wrong);
  builder.SetInsertPoint(wrong);
  builder.CreateStore(builder.getInt32(kFailed), headerField(offsetof(Thread, state)));
  builder.CreateRetVoid();
  builder.SetInsertPoint(right);
}

/// The value of [a + b]; the space of a symbol.
Translator::Value Translator::addressOf(const Operand &operand, std::string &space) {
  if (operand.kind != Operand::Address) {
    fail("required an address");
    return builder.getInt64(0);
  }
  const Operand &base = operand.elements[0];
  Value offset = builder.getInt64(operand.bits);
  uint64_t address = 0;
  if (base.kind == Operand::Symbol) {
    if (!symbol(base.name, space, address))
      fail("the name '" + base.name + "' is not known here");
    return builder.CreateAdd(builder.getInt64(address), offset);
  }
  if (base.kind == Operand::Immediate)
    return offset;
  unsigned bits = widthOf(base) == 32 ? 32 : 64;
  return builder.CreateAdd(builder.CreateZExt(read(base, bits), builder.getInt64Ty()), offset);
}

/// Where the bytes are in this process. Space: as in the opcode, empty for generic.
Translator::Value Translator::resolve(const Operand &operand, std::string space, unsigned bytes, Access access) {
  std::string symbolSpace;
  Value address = addressOf(operand, symbolSpace);
  // A symbol in a generic address is an address in its own space.
  if (space.empty() && !symbolSpace.empty())
    space = symbolSpace;
  if (!symbolSpace.empty() && symbolSpace != space) {
    fail("required an address in the space ." + space + ", found a symbol of ." + symbolSpace);
    return llvm::ConstantPointerNull::get(builder.getPtrTy());
  }
  llvm::Type *pointer = builder.getPtrTy(), *i64 = builder.getInt64Ty(), *i32 = builder.getInt32Ty();
  llvm::SmallVector<llvm::Type *> types = {pointer, i64, i32, i32};
  llvm::SmallVector<Value> values = {thread, address, builder.getInt32(bytes), builder.getInt32(current)};
  const char *name = space == "shared"  ? "stasPtxShared"
                     : space == "local" ? "stasPtxLocal"
                     : space == "param" ? "stasPtxParameter"
                     : space.empty()    ? "stasPtxGeneric"
                                        : "stasPtxGlobal";
  if (space != "local" && space != "param") {
    types.push_back(i32);
    values.push_back(builder.getInt32(static_cast<uint32_t>(access)));
  }
  Value result = builder.CreateCall(callee(name, pointer, types, false), values);
  check(result);
  return result;
}

/// Splits the parts of ld and st; what only concerns caches is accepted.
bool Translator::memoryModifiers(const Instruction &i, std::string &space, unsigned &lanes) {
  lanes = 1;
  for (size_t n = 1; n + 1 < i.parts.size(); ++n) {
    const std::string &part = i.parts[n];
    static const char *const spaces[] = {"global", "shared", "local", "param", "const"};
    static const char *const harmless[] = {"volatile",
                                           "relaxed",
                                           "weak",
                                           "cta",
                                           "cluster",
                                           "gpu",
                                           "sys",
                                           "ca",
                                           "cg",
                                           "cs",
                                           "cv",
                                           "lu",
                                           "wb",
                                           "wt",
                                           "nc",
                                           "L1::evict_first",
                                           "L1::evict_last",
                                           "L1::evict_normal",
                                           "L1::evict_unchanged",
                                           "L1::no_allocate",
                                           "L2::64B",
                                           "L2::128B",
                                           "L2::256B"};
    if (std::find(std::begin(spaces), std::end(spaces), part) != std::end(spaces))
      space = part;
    else if (part == "shared::cta" || part == "param::entry")
      space = part.substr(0, part.find(':'));
    else if (part == "v2" || part == "v4" || part == "v8")
      lanes = part[1] - '0';
    else if (std::find(std::begin(harmless), std::end(harmless), part) == std::end(harmless))
      return fail("the modifier '." + part + "' is not known here");
  }
  unsigned bits = bitsOf(i.type());
  return (bits >= 8 && bits <= 64) || fail("the type '." + i.type() + "' is not known here");
}

/// The values of an operand of ld or st: those of a vector, or one.
static llvm::ArrayRef<Operand> lanesOf(const Operand &operand) {
  return operand.kind == Operand::Vector ? llvm::ArrayRef<Operand>(operand.elements) : llvm::ArrayRef<Operand>(operand);
}

bool Translator::load(const Instruction &i) {
  std::string space;
  unsigned lanes = 0, bits = bitsOf(i.type());
  if (!arity(i, 2) || !memoryModifiers(i, space, lanes))
    return false;
  llvm::ArrayRef<Operand> targets = lanesOf(i.operands[0]);
  if (targets.size() != lanes)
    return fail("required a vector of " + std::to_string(lanes));
  Value memory = resolve(i.operands[1], space, lanes * bits / 8, Access::Read);
  llvm::SmallVector<Value> values;
  for (unsigned n = 0; n < lanes; ++n)
    values.push_back(builder.CreateAlignedLoad(builder.getIntNTy(bits),
                                               builder.CreateConstGEP1_32(builder.getInt8Ty(), memory, n * bits / 8),
                                               llvm::Align(1)));
  for (unsigned n = 0; n < lanes; ++n)
    if (!writeExtended(targets[n], values[n], isSignedType(i.type())))
      return false;
  return true;
}

bool Translator::store(const Instruction &i) {
  std::string space;
  unsigned lanes = 0, bits = bitsOf(i.type());
  if (!arity(i, 2) || !memoryModifiers(i, space, lanes))
    return false;
  if (space == "param" || space == "const")
    return fail("the space is not written");
  llvm::ArrayRef<Operand> sources = lanesOf(i.operands[1]);
  if (sources.size() != lanes)
    return fail("required a vector of " + std::to_string(lanes));
  Value memory = resolve(i.operands[0], space, lanes * bits / 8, Access::Write);
  for (unsigned n = 0; n < lanes; ++n)
    builder.CreateAlignedStore(readLow(sources[n], bits),
                               builder.CreateConstGEP1_32(builder.getInt8Ty(), memory, n * bits / 8), llvm::Align(1));
  return true;
}

/// atom d, [a], b and red [a], b; atom.cas d, [a], compare, value.
bool Translator::atomic(const Instruction &i) {
  using Op = llvm::AtomicRMWInst;
  static const std::map<std::string, Op::BinOp> integers = {
      {"add", Op::Add}, {"and", Op::And}, {"or", Op::Or}, {"xor", Op::Xor}, {"exch", Op::Xchg}};
  bool returns = i.base() == "atom";
  unsigned bits = bitsOf(i.type());
  std::string space, operation;
  for (size_t n = 1; n + 1 < i.parts.size(); ++n) {
    const std::string &part = i.parts[n];
    if (part == "global" || part == "shared")
      space = part;
    else if (part == "shared::cta")
      space = "shared";
    else if (integers.count(part) || part == "min" || part == "max" || part == "cas" || part == "inc" || part == "dec")
      operation = part;
    else if (part != "relaxed" && part != "acquire" && part != "release" && part != "acq_rel" && part != "cta" &&
             part != "gpu" && part != "sys")
      return fail("the modifier '." + part + "' is not known here");
  }
  bool isCas = operation == "cas", isFloat = isFloatType(i.type()), isSigned = isSignedType(i.type());
  if (operation.empty() || (bits != 32 && bits != 64) || (isFloat && operation != "add"))
    return fail("the operation is not known here");
  if (!arity(i, (returns ? 3 : 2) + (isCas ? 1 : 0)))
    return false;
  const Operand *operands = i.operands.data() + (returns ? 1 : 0);
  Value memory = resolve(operands[0], space, bits / 8, Access::Atomic);
  Value value = isFloat ? readFloat(operands[1], bits) : read(operands[1], bits);
  auto order = llvm::AtomicOrdering::SequentiallyConsistent;
  Value before;
  if (isCas) {
    auto *pair =
        builder.CreateAtomicCmpXchg(memory, value, read(operands[2], bits), llvm::Align(bits / 8), order, order);
    before = builder.CreateExtractValue(pair, 0);
  } else {
    auto found = integers.find(operation);
    auto which = found != integers.end() ? (isFloat ? Op::FAdd : found->second)
                 : operation == "min"    ? (isSigned ? Op::Min : Op::UMin)
                 : operation == "max"    ? (isSigned ? Op::Max : Op::UMax)
                 : operation == "inc"    ? Op::UIncWrap
                                         : Op::UDecWrap;
    before = builder.CreateAtomicRMW(which, memory, value, llvm::Align(bits / 8), order);
  }
  return !returns || write(i.operands[0], before);
}

/// cvta.space: to a generic address; cvta.to.space: back.
bool Translator::convertAddress(const Instruction &i) {
  if (!arity(i, 2) || !modifiers(i, {"to", "global", "shared", "local", "const", "param", "shared::cta"}) ||
      (i.type() != "u64" && i.type() != "b64"))
    return fail("required addresses of 64 bits");
  Value address = read(i.operands[1], 64);
  bool isShared = i.has("shared") || i.has("shared::cta");
  uint64_t window = isShared ? kSharedWindow : i.has("local") ? kLocalWindow : 0;
  if (i.has("param"))
    return fail("addresses of parameters are not known here");
  Value base = builder.getInt64(window);
  return write(i.operands[0], i.has("to") ? builder.CreateSub(address, base) : builder.CreateAdd(address, base));
}

/// cp.async and what ends it.
bool Translator::copyAsync(const Instruction &i) {
  llvm::Type *pointer = builder.getPtrTy(), *i64 = builder.getInt64Ty(), *i32 = builder.getInt32Ty();
  Value at = builder.getInt32(current);
  if (i.opcode == "cp.async.commit_group") {
    builder.CreateCall(callee("stasPtxCommit", builder.getVoidTy(), {pointer}, false), {thread});
    return arity(i, 0);
  }
  if (i.opcode == "cp.async.wait_group" || i.opcode == "cp.async.wait_all") {
    bool all = i.opcode == "cp.async.wait_all";
    if (!arity(i, all ? 0 : 1) || (!all && (i.operands[0].kind != Operand::Immediate || i.operands[0].bits > 1000)))
      return fail("required a number of groups");
    Value pending = builder.getInt32(all ? ~0u : static_cast<uint32_t>(i.operands[0].bits));
    check(builder.CreateCall(callee("stasPtxWait", builder.getInt1Ty(), {pointer, i32, i32}, true),
                             {thread, pending, at}));
    return true;
  }
  if (!modifiers(i, {"async", "ca", "cg", "shared", "shared::cta", "global", "L2::64B", "L2::128B", "L2::256B"}) ||
      !i.has("async") || !i.has("global") || i.has("ca") == i.has("cg"))
    return fail("the form of the copy is not known here");
  if (!arity(i, 3, 4) || i.operands[2].kind != Operand::Immediate)
    return fail("required a number of bytes");
  uint64_t bytes = i.operands[2].bits;
  if (bytes != 16 && (i.has("cg") || (bytes != 4 && bytes != 8)))
    return fail("required 16 bytes, or with .ca 4, 8 or 16");
  std::string targetSpace, sourceSpace;
  Value target = addressOf(i.operands[0], targetSpace), source = addressOf(i.operands[1], sourceSpace);
  Value count = i.operands.size() == 4 ? read(i.operands[3], 32) : builder.getInt32(bytes);
  check(builder.CreateCall(callee("stasPtxCopyAsync", builder.getInt1Ty(), {pointer, i64, i64, i32, i32, i32}, true),
                           {thread, target, source, builder.getInt32(bytes), count, at}));
  return true;
}

bool Translator::fence(const Instruction &i) {
  if (!arity(i, 0) || !modifiers(i, {"sc", "acq_rel", "cta", "gpu", "gl", "sys"}))
    return false;
  builder.CreateFence(llvm::AtomicOrdering::SequentiallyConsistent);
  return true;
}
