//===- Bits.cpp - Moves, bits, comparisons and conversions of PTX ---------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Translator.h"

using namespace stas;
using namespace stas::ptx;

/// shf.l and shf.r: 32 bits of the 64 of b:a.
bool Translator::funnelShift(const Instruction &i) {
  if (!arity(i, 4) || !modifiers(i, {"l", "r", "wrap", "clamp"}) || i.parts.size() != 4 || i.type() != "b32")
    return fail("required shf.l or shf.r of .b32");
  Value low = read(i.operands[1], 32), high = read(i.operands[2], 32), amount = read(i.operands[3], 32);
  amount = i.parts[2] == "wrap" ? builder.CreateAnd(amount, 31)
                                : builder.CreateBinaryIntrinsic(llvm::Intrinsic::umin, amount, builder.getInt32(32));
  auto *wide = builder.getInt64Ty();
  Value both = builder.CreateOr(builder.CreateShl(builder.CreateZExt(high, wide), 32), builder.CreateZExt(low, wide));
  amount = builder.CreateZExt(amount, wide);
  Value result =
      i.parts[1] == "l" ? builder.CreateLShr(builder.CreateShl(both, amount), 32) : builder.CreateLShr(both, amount);
  return write(i.operands[0], builder.CreateTrunc(result, builder.getInt32Ty()));
}

/// Each nibble of the selector names a byte of b:a, or its sign eight times.
bool Translator::permute(const Instruction &i) {
  if (!arity(i, 4) || i.opcode != "prmt.b32")
    return fail("required prmt.b32");
  auto *wide = builder.getInt64Ty(), *byte = builder.getInt8Ty();
  Value low = builder.CreateZExt(read(i.operands[1], 32), wide),
        high = builder.CreateZExt(read(i.operands[2], 32), wide);
  Value both = builder.CreateOr(builder.CreateShl(high, 32), low), selector = read(i.operands[3], 32);
  Value result = builder.getInt32(0);
  for (unsigned n = 0; n < 4; ++n) {
    Value nibble = builder.CreateAnd(builder.CreateLShr(selector, 4 * n), 15);
    Value at = builder.CreateZExt(builder.CreateShl(builder.CreateAnd(nibble, 7), 3), wide);
    Value chosen = builder.CreateTrunc(builder.CreateLShr(both, at), byte);
    Value sign = builder.CreateAShr(chosen, 7);
    Value wantsSign = builder.CreateICmpUGE(nibble, builder.getInt32(8));
    chosen = builder.CreateZExt(builder.CreateSelect(wantsSign, sign, chosen), builder.getInt32Ty());
    result = builder.CreateOr(result, builder.CreateShl(chosen, 8 * n));
  }
  return write(i.operands[0], result);
}

/// The low 8 bits of an amount, at most `limit`, in the width of the value.
static llvm::Value *amountOf(llvm::IRBuilder<> &builder, llvm::Value *amount, unsigned limit, unsigned bits) {
  amount = builder.CreateAnd(amount, 255);
  amount = builder.CreateBinaryIntrinsic(llvm::Intrinsic::umin, amount, builder.getInt32(limit));
  return builder.CreateZExtOrTrunc(amount, builder.getIntNTy(bits));
}

/// bfe d, a, position, length: bits beyond the field are its sign, or zero.
bool Translator::extractField(const Instruction &i) {
  unsigned bits = 0;
  if (!arity(i, 4) || !typed(i, Integers, bits) || !modifiers(i, {}) || bits < 32)
    return fail("required a type of 32 or 64 bits");
  bool isSigned = isSignedType(i.type());
  Value a = read(i.operands[1], bits), zero = builder.getIntN(bits, 0);
  Value position = amountOf(builder, read(i.operands[2], 32), bits, bits);
  Value length = amountOf(builder, read(i.operands[3], 32), bits, bits);
  Value isBeyond = builder.CreateICmpEQ(position, builder.getIntN(bits, bits));
  Value isEmpty = builder.CreateICmpEQ(length, zero);
  Value shifted = builder.CreateSelect(isBeyond, builder.getIntN(bits, isSigned ? bits - 1 : 0), position);
  shifted =
      isSigned ? builder.CreateAShr(a, shifted) : builder.CreateSelect(isBeyond, zero, builder.CreateLShr(a, shifted));
  Value unused = builder.CreateSelect(isEmpty, zero, builder.CreateSub(builder.getIntN(bits, bits), length));
  Value top = builder.CreateShl(shifted, unused);
  Value field = isSigned ? builder.CreateAShr(top, unused) : builder.CreateLShr(top, unused);
  return write(i.operands[0], builder.CreateSelect(isEmpty, zero, field));
}

/// bfi d, a, b, position, length: b with a field replaced by the low bits of a.
bool Translator::insertField(const Instruction &i) {
  unsigned bits = 0;
  if (!arity(i, 5) || !typed(i, Integers, bits) || !modifiers(i, {}) || bits < 32)
    return fail("required a type of 32 or 64 bits");
  Value a = read(i.operands[1], bits), b = read(i.operands[2], bits), zero = builder.getIntN(bits, 0);
  Value full = builder.getIntN(bits, bits);
  Value position = amountOf(builder, read(i.operands[3], 32), bits, bits);
  Value length = amountOf(builder, read(i.operands[4], 32), bits, bits);
  Value isEmpty = builder.CreateOr(builder.CreateICmpEQ(position, full), builder.CreateICmpEQ(length, zero));
  position = builder.CreateSelect(isEmpty, zero, position);
  Value unused = builder.CreateSelect(isEmpty, zero, builder.CreateSub(full, length));
  Value mask = builder.CreateShl(builder.CreateLShr(builder.CreateNot(zero), unused), position);
  Value merged = builder.CreateOr(builder.CreateAnd(b, builder.CreateNot(mask)),
                                  builder.CreateAnd(builder.CreateShl(a, position), mask));
  return write(i.operands[0], builder.CreateSelect(isEmpty, b, merged));
}

/// lop3: any function of three bits, as a table of eight.
bool Translator::lookup(const Instruction &i) {
  if (!arity(i, 5) || i.opcode != "lop3.b32" || i.operands[4].kind != Operand::Immediate || i.operands[4].bits > 255)
    return fail("required lop3.b32 with a table of 8 bits");
  const Value inputs[] = {read(i.operands[1], 32), read(i.operands[2], 32), read(i.operands[3], 32)};
  Value result = builder.getInt32(0);
  for (unsigned row = 0; row < 8; ++row) {
    if (!(i.operands[4].bits >> row & 1))
      continue;
    Value term = builder.getInt32(~0u);
    for (unsigned n = 0; n < 3; ++n)
      term = builder.CreateAnd(term, row >> (2 - n) & 1 ? inputs[n] : builder.CreateNot(inputs[n]));
    result = builder.CreateOr(result, term);
  }
  return write(i.operands[0], result);
}

/// popc and clz give 32 bits for any width.
bool Translator::countBits(const Instruction &i) {
  unsigned bits = 0;
  if (!arity(i, 2) || !typed(i, Integers, bits) || !modifiers(i, {}) || bits < 32)
    return fail("required a type of 32 or 64 bits");
  Value a = read(i.operands[1], bits);
  if (i.base() == "brev")
    return write(i.operands[0], builder.CreateUnaryIntrinsic(llvm::Intrinsic::bitreverse, a));
  Value count = i.base() == "popc" ? builder.CreateUnaryIntrinsic(llvm::Intrinsic::ctpop, a)
                                   : builder.CreateBinaryIntrinsic(llvm::Intrinsic::ctlz, a, builder.getFalse());
  return write(i.operands[0], builder.CreateTrunc(count, builder.getInt32Ty()));
}

/// The highest bit that is set (signed: that differs from the sign), or all ones.
bool Translator::findBit(const Instruction &i) {
  unsigned bits = 0;
  if (!arity(i, 2) || !typed(i, Integers, bits) || !modifiers(i, {"shiftamt"}) || bits < 32)
    return fail("required a type of 32 or 64 bits");
  Value a = read(i.operands[1], bits), zero = builder.getIntN(bits, 0);
  if (isSignedType(i.type()))
    a = builder.CreateSelect(builder.CreateICmpSLT(a, zero), builder.CreateNot(a), a);
  Value leading = builder.CreateBinaryIntrinsic(llvm::Intrinsic::ctlz, a, builder.getFalse());
  Value result = i.has("shiftamt") ? leading : builder.CreateSub(builder.getIntN(bits, bits - 1), leading);
  result = builder.CreateSelect(builder.CreateICmpEQ(a, zero), builder.CreateNot(zero), result);
  return write(i.operands[0], builder.CreateTrunc(result, builder.getInt32Ty()));
}

/// dp4a: c plus the products of four bytes.
bool Translator::dotProduct(const Instruction &i) {
  if (!arity(i, 4) || i.parts.size() != 3)
    return fail("required two types");
  Value words[] = {read(i.operands[1], 32), read(i.operands[2], 32)}, sum = read(i.operands[3], 32);
  for (unsigned n = 0; n < 4; ++n) {
    Value product = builder.getInt32(1);
    for (unsigned side = 0; side < 2; ++side) {
      const std::string &type = i.parts[1 + side];
      if (type != "s32" && type != "u32")
        return fail("required .s32 or .u32");
      Value byte = builder.CreateTrunc(builder.CreateLShr(words[side], 8 * n), builder.getInt8Ty());
      product = builder.CreateMul(product, type == "s32" ? builder.CreateSExt(byte, builder.getInt32Ty())
                                                         : builder.CreateZExt(byte, builder.getInt32Ty()));
    }
    sum = builder.CreateAdd(sum, product);
  }
  return write(i.operands[0], sum);
}

/// A register, a constant, an address, or parts packed into a register and back.
bool Translator::move(const Instruction &i) {
  unsigned bits = bitsOf(i.type());
  if (!arity(i, 2) || i.parts.size() != 2 || bits == 0 || bits == 8)
    return fail("the type '." + i.type() + "' is not known here");
  const Operand &target = i.operands[0], &source = i.operands[1];
  if (target.kind == Operand::Vector) {
    unsigned each = bits / target.elements.size();
    Value whole = read(source, bits);
    for (size_t n = 0; n < target.elements.size(); ++n)
      if (!write(target.elements[n], builder.CreateTrunc(builder.CreateLShr(whole, each * n), builder.getIntNTy(each))))
        return false;
    return true;
  }
  if (source.kind != Operand::Vector)
    return write(target, read(source, bits));
  unsigned each = bits / source.elements.size();
  Value whole = builder.getIntN(bits, 0);
  for (size_t n = 0; n < source.elements.size(); ++n)
    whole = builder.CreateOr(
        whole,
        builder.CreateShl(builder.CreateZExt(read(source.elements[n], each), builder.getIntNTy(bits)), each * n));
  return write(target, whole);
}

bool Translator::select(const Instruction &i) {
  unsigned bits = 0;
  if (!arity(i, 4) || !typed(i, Integers | Floats, bits) || !modifiers(i, {}))
    return false;
  Value a = read(i.operands[1], bits), b = read(i.operands[2], bits), p = read(i.operands[3], 1);
  return write(i.operands[0], builder.CreateSelect(p, a, b));
}

Translator::Value Translator::comparison(const Instruction &i, const std::string &name, const std::string &type) {
  using P = llvm::CmpInst::Predicate;
  static const std::map<std::string, P> floats = {
      {"eq", P::FCMP_OEQ},  {"ne", P::FCMP_ONE},  {"lt", P::FCMP_OLT},  {"le", P::FCMP_OLE},  {"gt", P::FCMP_OGT},
      {"ge", P::FCMP_OGE},  {"equ", P::FCMP_UEQ}, {"neu", P::FCMP_UNE}, {"ltu", P::FCMP_ULT}, {"leu", P::FCMP_ULE},
      {"gtu", P::FCMP_UGT}, {"geu", P::FCMP_UGE}, {"num", P::FCMP_ORD}, {"nan", P::FCMP_UNO}};
  static const std::map<std::string, P> unsignedOnes = {
      {"eq", P::ICMP_EQ},  {"ne", P::ICMP_NE},  {"lt", P::ICMP_ULT}, {"le", P::ICMP_ULE}, {"gt", P::ICMP_UGT},
      {"ge", P::ICMP_UGE}, {"lo", P::ICMP_ULT}, {"ls", P::ICMP_ULE}, {"hi", P::ICMP_UGT}, {"hs", P::ICMP_UGE}};
  static const std::map<std::string, P> signedOnes = {{"eq", P::ICMP_EQ},  {"ne", P::ICMP_NE},  {"lt", P::ICMP_SLT},
                                                      {"le", P::ICMP_SLE}, {"gt", P::ICMP_SGT}, {"ge", P::ICMP_SGE}};
  unsigned bits = bitsOf(type);
  const auto &table = isFloatType(type) ? floats : isSignedType(type) ? signedOnes : unsignedOnes;
  auto found = table.find(name);
  if (found == table.end() || (type[0] == 'b' && name != "eq" && name != "ne")) {
    fail("the comparison '." + name + "' of '." + type + "' is not known here");
    return builder.getFalse();
  }
  if (isFloatType(type))
    return builder.CreateFCmp(found->second, readFloat(i.operands[1], bits), readFloat(i.operands[2], bits));
  return builder.CreateICmp(found->second, read(i.operands[1], bits), read(i.operands[2], bits));
}

/// setp.cmp.type p|q, a, b and setp.cmp.bool.type p|q, a, b, c: p is
/// (a cmp b) bool c, q is !(a cmp b) bool c.
bool Translator::compare(const Instruction &i) {
  unsigned bits = 0;
  bool combines = i.parts.size() == 4;
  if (!arity(i, combines ? 4 : 3) || (i.parts.size() != 3 && !combines) || !typed(i, Integers | Floats, bits))
    return fail("the form of the comparison is not known here");
  Value yes = comparison(i, i.parts[1], i.type()), no = builder.CreateNot(yes);
  if (combines) {
    Value c = read(i.operands[3], 1);
    auto combine = [&](Value value) -> Value {
      if (i.parts[2] == "and")
        return builder.CreateAnd(value, c);
      if (i.parts[2] == "or")
        return builder.CreateOr(value, c);
      if (i.parts[2] != "xor")
        fail("the modifier '." + i.parts[2] + "' is not known here");
      return builder.CreateXor(value, c);
    };
    yes = combine(yes);
    no = combine(no);
  }
  const Operand &target = i.operands[0];
  if (target.kind != Operand::Pair)
    return write(target, yes);
  return write(target.elements[0], yes) && write(target.elements[1], no);
}

/// cvt[.rounding][.sat].to.from
bool Translator::convert(const Instruction &i) {
  if (!arity(i, 2) || i.parts.size() < 3 || !modifiers(i, {"rn", "rz", "rni", "rzi", "rmi", "rpi", "sat"}))
    return fail("the form of the conversion is not known here");
  const std::string &to = i.parts[i.parts.size() - 2], &from = i.type();
  unsigned toBits = bitsOf(to), fromBits = bitsOf(from);
  bool toFloat = isFloatType(to), fromFloat = isFloatType(from), sat = i.has("sat");
  if (toBits < 8 || fromBits < 8 || toBits > 64 || fromBits > 64 || (toFloat && toBits < 32) ||
      (fromFloat && fromBits < 32))
    return fail("the types are not known here");
  std::string rounding = i.parts.size() > 3 && i.parts[1] != "sat" ? i.parts[1] : "";
  if (i.parts.size() != 3u + (rounding.empty() ? 0 : 1) + (sat ? 1 : 0))
    return fail("the form of the conversion is not known here");
  auto *floatType = toBits == 64 ? builder.getDoubleTy() : builder.getFloatTy();
  auto *intType = builder.getIntNTy(toBits);
  bool toSigned = isSignedType(to), fromSigned = isSignedType(from);
  if (fromFloat) {
    Value a = readFloat(i.operands[1], fromBits);
    if (rounding.size() == 3) {
      auto which = rounding == "rni"   ? llvm::Intrinsic::roundeven
                   : rounding == "rmi" ? llvm::Intrinsic::floor
                   : rounding == "rpi" ? llvm::Intrinsic::ceil
                                       : llvm::Intrinsic::trunc;
      a = builder.CreateUnaryIntrinsic(which, a);
    }
    if (!toFloat) {
      if (rounding.size() != 3)
        return fail("required a rounding to integers");
      // Values out of range are clamped, a NaN is 0.
      auto which = toSigned ? llvm::Intrinsic::fptosi_sat : llvm::Intrinsic::fptoui_sat;
      return writeExtended(i.operands[0], builder.CreateIntrinsic(which, {intType, a->getType()}, {a}), toSigned);
    }
    if (sat || rounding == "rz" || (toBits < fromBits && rounding != "rn"))
      return fail("the rounding is not known here");
    return write(i.operands[0], builder.CreateFPCast(a, floatType));
  }
  Value a = readLow(i.operands[1], fromBits);
  if (toFloat) {
    if (sat || rounding != "rn")
      return fail("required the rounding .rn");
    return write(i.operands[0], fromSigned ? builder.CreateSIToFP(a, floatType) : builder.CreateUIToFP(a, floatType));
  }
  if (!rounding.empty())
    return fail("a rounding of integers");
  if (sat) {
    auto *wide = builder.getIntNTy(128);
    Value value = fromSigned ? builder.CreateSExt(a, wide) : builder.CreateZExt(a, wide);
    auto low = toSigned ? llvm::APInt::getSignedMinValue(toBits).sext(128) : llvm::APInt(128, 0);
    auto high =
        toSigned ? llvm::APInt::getSignedMaxValue(toBits).zext(128) : llvm::APInt::getMaxValue(toBits).zext(128);
    value = builder.CreateBinaryIntrinsic(llvm::Intrinsic::smax, value, llvm::ConstantInt::get(wide, low));
    a = builder.CreateBinaryIntrinsic(llvm::Intrinsic::smin, value, llvm::ConstantInt::get(wide, high));
  }
  a = fromSigned && !sat ? builder.CreateSExtOrTrunc(a, intType) : builder.CreateZExtOrTrunc(a, intType);
  return writeExtended(i.operands[0], a, toSigned);
}
