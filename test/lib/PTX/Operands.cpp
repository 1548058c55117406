//===- Operands.cpp - Registers, constants and symbols --------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Translator.h"

#include <cstddef>

using namespace stas;
using namespace stas::ptx;

unsigned Translator::widthOf(const Operand &operand) const {
  auto found = registers.find(operand.name);
  return operand.kind == Operand::Register && found != registers.end() ? found->second.bits : 0;
}

Translator::Value Translator::read(const Operand &operand, unsigned bits) {
  unsigned width = widthOf(operand);
  if (width && width != bits) {
    fail("required a register of " + std::to_string(bits) + " bits, found " + operand.name);
    return builder.getIntN(bits, 0);
  }
  return readLow(operand, bits);
}

Translator::Value Translator::readLow(const Operand &operand, unsigned bits) {
  auto *type = builder.getIntNTy(bits);
  switch (operand.kind) {
  case Operand::Register: {
    auto found = registers.find(operand.name);
    if (found == registers.end() || found->second.bits < bits)
      break;
    uses[current].reads.push_back(found->second.index);
    Value value =
        builder.CreateTrunc(builder.CreateLoad(builder.getIntNTy(found->second.bits), found->second.slot), type);
    return operand.isNegated ? builder.CreateNot(value) : value;
  }
  case Operand::Immediate:
    return llvm::ConstantInt::get(type, bits < 64 ? operand.bits & ((uint64_t(1) << bits) - 1) : operand.bits);
  case Operand::Special:
    if (Value value = special(operand.name))
      return builder.CreateZExtOrTrunc(value, type);
    break;
  case Operand::Symbol: {
    std::string space;
    uint64_t address = 0;
    if (bits == 64 || bits == 32)
      if (symbol(operand.name, space, address))
        return builder.getIntN(bits, address + operand.bits);
    break;
  }
  default:
    break;
  }
  fail("required a value of " + std::to_string(bits) + " bits" +
       (operand.name.empty() ? std::string() : ", found " + operand.name));
  return builder.getIntN(bits, 0);
}

Translator::Value Translator::readFloat(const Operand &operand, unsigned bits) {
  return builder.CreateBitCast(read(operand, bits), bits == 64 ? builder.getDoubleTy() : builder.getFloatTy());
}

Translator::Value Translator::special(const std::string &name) {
  static const std::map<std::string, unsigned> known = {{"%tid", kTid},
                                                        {"%ntid", kNtid},
                                                        {"%ctaid", kCtaid},
                                                        {"%nctaid", kNctaid},
                                                        {"%laneid", kLaneId},
                                                        {"%warpid", kWarpId},
                                                        {"%nwarpid", kWarpCount},
                                                        {"%dynamic_smem_size", kDynamicShared},
                                                        {"%total_smem_size", kTotalShared}};
  if (name == "%lanemask_eq" || name == "%lanemask_lt" || name == "%lanemask_le" || name == "%lanemask_gt" ||
      name == "%lanemask_ge") {
    Value bit = builder.CreateShl(builder.getInt32(1), special("%laneid"));
    Value below = builder.CreateSub(bit, builder.getInt32(1));
    std::string which = name.substr(10);
    return which == "eq"   ? bit
           : which == "lt" ? below
           : which == "le" ? builder.CreateOr(below, bit)
           : which == "gt" ? builder.CreateNot(builder.CreateOr(below, bit))
                           : builder.CreateNot(below);
  }
  size_t dot = name.find('.');
  auto found = known.find(name.substr(0, dot));
  bool isTriple = found != known.end() && found->second < kLaneId;
  std::string dimension = dot == std::string::npos ? "" : name.substr(dot + 1);
  bool isDimension = dimension == "x" || dimension == "y" || dimension == "z";
  if (found == known.end() || isTriple != isDimension || (!isTriple && dot != std::string::npos))
    return nullptr;
  unsigned index = found->second + (isTriple ? dimension[0] - 'x' : 0);
  return builder.CreateLoad(builder.getInt32Ty(), headerField(offsetof(Thread, special) + index * sizeof(uint32_t)));
}

bool Translator::symbol(const std::string &name, std::string &space, uint64_t &address) const {
  if (auto shared = sharedOffsets.find(name); shared != sharedOffsets.end()) {
    space = "shared";
    address = shared->second;
    return true;
  }
  if (auto local = kernel.locals.find(name); local != kernel.locals.end()) {
    space = local->second.space;
    address = local->second.offset;
    return true;
  }
  for (const Variable &parameter : kernel.parameters)
    if (parameter.name == name) {
      space = "param";
      address = parameter.offset;
      return true;
    }
  if (auto found = addresses.find(name); found != addresses.end()) {
    space = file.variables.at(name).space;
    address = found->second;
    return true;
  }
  return false;
}

bool Translator::write(const Operand &operand, Value value) {
  if (operand.kind == Operand::Register && operand.name == "_")
    return true;
  unsigned bits = value->getType()->getPrimitiveSizeInBits();
  if (!value->getType()->isIntegerTy())
    value = builder.CreateBitCast(value, builder.getIntNTy(bits));
  auto found = registers.find(operand.name);
  if (operand.kind != Operand::Register || operand.isNegated || found == registers.end() || found->second.bits != bits)
    return fail("required a register of " + std::to_string(bits) + " bits for the result" +
                (operand.name.empty() ? std::string() : ", found " + operand.name));
  uses[current].writes.push_back(found->second.index);
  builder.CreateStore(value, found->second.slot);
  return static_cast<bool>(failure);
}

bool Translator::writeExtended(const Operand &operand, Value value, bool isSigned) {
  unsigned width = widthOf(operand), bits = value->getType()->getIntegerBitWidth();
  if (width > bits)
    value = isSigned ? builder.CreateSExt(value, builder.getIntNTy(width))
                     : builder.CreateZExt(value, builder.getIntNTy(width));
  return write(operand, value);
}
