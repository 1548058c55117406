//===- Sites.cpp - Branches, barriers and warp operations of PTX ----------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Translator.h"
#include "WarpOperations.h"

#include <cstddef>

using namespace stas;
using namespace stas::ptx;

void Translator::stop(const Instruction &i, llvm::ArrayRef<Value> inputs, Operation operation, int maskAt) {
  unsigned word = 0;
  for (Value input : inputs) {
    // A predicate takes a word as well.
    unsigned bits = std::max(32u, input->getType()->getIntegerBitWidth());
    builder.CreateAlignedStore(builder.CreateZExt(input, builder.getIntNTy(bits)), exchange(word), llvm::Align(4));
    word += bits / 32;
  }
  code.sites.push_back({&i, std::move(operation), maskAt});
  siteAt.push_back(current);
  auto number = static_cast<uint32_t>(code.sites.size());
  builder.CreateStore(builder.getInt32(number), headerField(offsetof(Thread, state)));
  builder.CreateRetVoid();
  auto *resume = llvm::BasicBlock::Create(module.getContext(), "resume", function);
  entry->addCase(builder.getInt32(number), resume);
  builder.SetInsertPoint(resume);
}

bool Translator::branch(const Instruction &i) {
  if (!modifiers(i, {"uni"}))
    return false;
  llvm::BasicBlock *target = labelBlocks[kernel.labels.at(i.operands[0].name)];
  auto *next = llvm::BasicBlock::Create(module.getContext(), "next", function);
  if (i.guard.empty()) {
    builder.CreateBr(target);
  } else {
    Operand guard;
    guard.kind = Operand::Register;
    guard.name = i.guard;
    guard.isNegated = i.guardIsNegated;
    builder.CreateCondBr(read(guard, 1), target, next);
  }
  builder.SetInsertPoint(next);
  return true;
}

bool Translator::leave(const Instruction &i) {
  bool isTrap = i.base() == "trap";
  if (!arity(i, 0) || !modifiers(i, {"uni"}))
    return false;
  if (isTrap)
    builder.CreateCall(callee("stasPtxTrap", builder.getVoidTy(), {builder.getPtrTy(), builder.getInt32Ty()}, true),
                       {thread, builder.getInt32(current)});
  builder.CreateStore(builder.getInt32(isTrap ? kFailed : kExited), headerField(offsetof(Thread, state)));
  builder.CreateRetVoid();
  builder.SetInsertPoint(llvm::BasicBlock::Create(module.getContext(), "next", function));
  return true;
}

/// bar.sync number{, threads} and its longer names.
bool Translator::barrier(const Instruction &i) {
  if (i.opcode == "bar.warp.sync")
    return warpBarrier(i);
  if (!i.has("sync"))
    return fail("this barrier is not known here");
  if (!modifiers(i, {"cta", "sync", "aligned"}) || !arity(i, 1, 2))
    return false;
  Value number = read(i.operands[0], 32),
        count = i.operands.size() == 2 ? read(i.operands[1], 32) : builder.getInt32(0);
  stop(i, {number, count}, nullptr);
  return true;
}

bool Translator::warpBarrier(const Instruction &i) {
  if (!arity(i, 1))
    return false;
  stop(i, {read(i.operands[0], 32)}, synchronizeWarp, 0);
  return true;
}

/// A result of a predicate or a value, and a second one where there is a pair.
static Operand firstOf(const Operand &operand) { return operand.kind == Operand::Pair ? operand.elements[0] : operand; }

/// shfl.sync.mode.b32 d|p, a, b, c, mask
bool Translator::shuffle(const Instruction &i) {
  static const std::map<std::string, ShuffleMode> modes = {{"up", ShuffleMode::Up},
                                                           {"down", ShuffleMode::Down},
                                                           {"bfly", ShuffleMode::Butterfly},
                                                           {"idx", ShuffleMode::Index}};
  if (!arity(i, 5) || i.parts.size() != 4 || i.parts[1] != "sync" || i.type() != "b32")
    return fail("required shfl.sync of .b32");
  auto mode = modes.find(i.parts[2]);
  if (mode == modes.end())
    return fail("the modifier '." + i.parts[2] + "' is not known here");
  llvm::SmallVector<Value> inputs;
  for (unsigned n = 1; n < 5; ++n)
    inputs.push_back(read(i.operands[n], 32));
  stop(
      i, inputs,
      [mode = mode->second](const Lanes &lanes, const Site &site) { return ptx::shuffle(lanes, site, mode); }, 3);
  Value value = builder.CreateLoad(builder.getInt32Ty(), exchange(0));
  Value inRange = builder.CreateICmpNE(builder.CreateLoad(builder.getInt32Ty(), exchange(1)), builder.getInt32(0));
  return write(firstOf(i.operands[0]), value) &&
         (i.operands[0].kind != Operand::Pair || write(i.operands[0].elements[1], inRange));
}

/// vote.sync.mode.pred d, a, mask and vote.sync.ballot.b32
bool Translator::vote(const Instruction &i) {
  static const std::map<std::string, VoteMode> modes = {
      {"all", VoteMode::All}, {"any", VoteMode::Any}, {"uni", VoteMode::Uniform}, {"ballot", VoteMode::Ballot}};
  if (!arity(i, 3) || i.parts.size() != 4 || i.parts[1] != "sync" || !modes.count(i.parts[2]) ||
      i.type() != (i.parts[2] == "ballot" ? "b32" : "pred"))
    return fail("the form of the vote is not known here");
  VoteMode mode = modes.at(i.parts[2]);
  stop(
      i, {read(i.operands[1], 1), read(i.operands[2], 32)},
      [mode](const Lanes &lanes, const Site &site) { return ptx::vote(lanes, site, mode); }, 1);
  Value result = builder.CreateLoad(builder.getInt32Ty(), exchange(0));
  return write(i.operands[0], mode == VoteMode::Ballot ? result : builder.CreateICmpNE(result, builder.getInt32(0)));
}

/// match.any.sync.type d, a, mask and match.all.sync.type d|p, a, mask
bool Translator::match(const Instruction &i) {
  if (!arity(i, 3) || i.parts.size() != 4 || (i.parts[1] != "any" && i.parts[1] != "all") || i.parts[2] != "sync" ||
      (i.type() != "b32" && i.type() != "b64"))
    return fail("the form of the match is not known here");
  bool all = i.parts[1] == "all";
  unsigned words = bitsOf(i.type()) / 32;
  stop(
      i, {read(i.operands[1], 32 * words), read(i.operands[2], 32)},
      [words, all](const Lanes &lanes, const Site &site) { return ptx::match(lanes, site, words, all); },
      static_cast<int>(words));
  Value value = builder.CreateLoad(builder.getInt32Ty(), exchange(0));
  Value isAll = builder.CreateICmpNE(builder.CreateLoad(builder.getInt32Ty(), exchange(1)), builder.getInt32(0));
  return write(firstOf(i.operands[0]), value) &&
         (i.operands[0].kind != Operand::Pair || (all ? write(i.operands[0].elements[1], isAll) : fail("a predicate")));
}

/// redux.sync.operation.type d, a, mask
bool Translator::reduce(const Instruction &i) {
  static const std::map<std::string, Reduction> known = {
      {"add.s32", Reduction::Add},       {"add.u32", Reduction::Add},         {"min.s32", Reduction::MinSigned},
      {"max.s32", Reduction::MaxSigned}, {"min.u32", Reduction::MinUnsigned}, {"max.u32", Reduction::MaxUnsigned},
      {"and.b32", Reduction::And},       {"or.b32", Reduction::Or},           {"xor.b32", Reduction::Xor}};
  if (!arity(i, 3) || i.parts.size() != 4 || i.parts[1] != "sync" || !known.count(i.parts[2] + "." + i.parts[3]))
    return fail("the form of the reduction is not known here");
  Reduction reduction = known.at(i.parts[2] + "." + i.parts[3]);
  stop(
      i, {read(i.operands[1], 32), read(i.operands[2], 32)},
      [reduction](const Lanes &lanes, const Site &site) { return ptx::reduce(lanes, site, reduction); }, 1);
  return write(i.operands[0], builder.CreateLoad(builder.getInt32Ty(), exchange(0)));
}

/// elect.sync d|p, mask
bool Translator::elect(const Instruction &i) {
  if (!arity(i, 2) || i.opcode != "elect.sync" || i.operands[0].kind != Operand::Pair)
    return fail("required elect.sync d|p, mask");
  stop(i, {read(i.operands[1], 32)}, ptx::elect, 0);
  Value leader = builder.CreateLoad(builder.getInt32Ty(), exchange(0));
  Value isLeader = builder.CreateICmpNE(builder.CreateLoad(builder.getInt32Ty(), exchange(1)), builder.getInt32(0));
  return write(i.operands[0].elements[0], leader) && write(i.operands[0].elements[1], isLeader);
}

/// ldmatrix.sync.aligned.m8n8.xN{.trans}.shared.b16 {d}, [a]
bool Translator::loadMatrix(const Instruction &i) {
  if (!arity(i, 2) || !modifiers(i, {"sync", "aligned", "m8n8", "x1", "x2", "x4", "trans", "shared", "shared::cta"}) ||
      !i.has("m8n8") || i.type() != "b16" || i.parts.size() < 7 || i.operands[0].kind != Operand::Vector)
    return fail("the form of the load is not known here");
  unsigned count = i.parts[4][1] - '0';
  bool transposed = i.has("trans");
  if (i.operands[0].elements.size() != count)
    return fail("required a vector of " + std::to_string(count));
  std::string space;
  Value address = addressOf(i.operands[1], space);
  stop(i, {address}, [count, transposed](const Lanes &lanes, const Site &site) {
    return loadMatrices(lanes, site, count, transposed);
  });
  for (unsigned n = 0; n < count; ++n)
    if (!write(i.operands[0].elements[n], builder.CreateLoad(builder.getInt32Ty(), exchange(n))))
      return false;
  return true;
}

/// mma.sync.aligned.shape.row.col{.satfinite}.s32.a.b.s32{.operation.popc} d, a, b, c
bool Translator::multiplyMatrices(const Instruction &i) {
  const auto &parts = i.parts;
  if (!arity(i, 4) || parts.size() < 10 || parts[1] != "sync" || parts[2] != "aligned" || parts[4] != "row" ||
      parts[5] != "col")
    return fail("the form of the product is not known here");
  bool saturates = parts[6] == "satfinite";
  size_t types = saturates ? 7 : 6;
  if (parts.size() < types + 4 || parts[types] != "s32" || parts[types + 3] != "s32")
    return fail("the types are not known here");
  const std::string &a = parts[types + 1], &b = parts[types + 2], &shape = parts[3];
  Operation operation;
  unsigned words = 0;
  if ((a == "s8" || a == "u8") && (b == "s8" || b == "u8") && parts.size() == types + 4 &&
      (shape == "m16n8k16" || shape == "m16n8k32")) {
    ByteProduct product = {shape == "m16n8k32" ? 32u : 16u, a == "s8", b == "s8", saturates};
    words = product.k / 4;
    operation = [product](const Lanes &lanes, const Site &site) { return multiplyBytes(lanes, site, product); };
  } else if (a == "b1" && b == "b1" && !saturates && parts.size() == types + 6 && i.type() == "popc" &&
             (shape == "m16n8k128" || shape == "m16n8k256") &&
             (parts[types + 4] == "and" || parts[types + 4] == "xor")) {
    unsigned k = shape == "m16n8k256" ? 256 : 128;
    bool isXor = parts[types + 4] == "xor";
    words = k / 32;
    operation = [k, isXor](const Lanes &lanes, const Site &site) { return multiplyBits(lanes, site, k, isXor); };
  } else {
    return fail("the product is not known here");
  }
  const size_t sizes[] = {4, words / 2, words / 4, 4};
  llvm::SmallVector<Value> inputs;
  for (unsigned n = 0; n < 4; ++n) {
    bool isOne = sizes[n] == 1 && i.operands[n].kind == Operand::Register;
    llvm::ArrayRef<Operand> elements =
        isOne ? llvm::ArrayRef<Operand>(i.operands[n]) : llvm::ArrayRef<Operand>(i.operands[n].elements);
    if (elements.size() != sizes[n])
      return fail("required " + std::to_string(sizes[n]) + " registers for operand " + std::to_string(n));
    for (const Operand &element : elements)
      if (n > 0)
        inputs.push_back(read(element, 32));
  }
  stop(i, inputs, std::move(operation));
  for (unsigned n = 0; n < 4; ++n)
    if (!write(i.operands[0].elements[n], builder.CreateLoad(builder.getInt32Ty(), exchange(n))))
      return false;
  return true;
}
