//===- Arithmetic.cpp - Arithmetic of PTX ---------------------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Chapters "Integer Arithmetic Instructions", "Floating Point Instructions" and
// "Logic and Shift Instructions" of the PTX ISA manual.
//
//===----------------------------------------------------------------------===//

#include "Translator.h"

using namespace stas;
using namespace stas::ptx;

bool Translator::addSub(const Instruction &i) {
  unsigned bits = 0;
  if (!arity(i, 3) || !typed(i, Integers | Floats, bits))
    return false;
  bool isAdd = i.base() == "add";
  if (!isFloatType(i.type())) {
    if (!modifiers(i, {}))
      return false;
    Value a = read(i.operands[1], bits), b = read(i.operands[2], bits);
    return write(i.operands[0], isAdd ? builder.CreateAdd(a, b) : builder.CreateSub(a, b));
  }
  if (!modifiers(i, {"rn"}))
    return false;
  Value a = readFloat(i.operands[1], bits), b = readFloat(i.operands[2], bits);
  return write(i.operands[0], isAdd ? builder.CreateFAdd(a, b) : builder.CreateFSub(a, b));
}

/// mul and mad: .lo, .hi, .wide; mul of floating point.
bool Translator::multiply(const Instruction &i) {
  unsigned bits = 0;
  bool isMad = i.base() == "mad";
  if (!arity(i, isMad ? 4 : 3) || !typed(i, isMad ? int(Integers) : Integers | Floats, bits))
    return false;
  if (isFloatType(i.type())) {
    if (!modifiers(i, {"rn"}))
      return false;
    Value a = readFloat(i.operands[1], bits);
    return write(i.operands[0], builder.CreateFMul(a, readFloat(i.operands[2], bits)));
  }
  if (!modifiers(i, {"lo", "hi", "wide"}) || i.parts.size() != 3)
    return fail("required one of .lo, .hi and .wide");
  bool isWide = i.parts[1] == "wide", isHigh = i.parts[1] == "hi";
  if (isWide && bits == 64)
    return fail("required 16 or 32 bits to widen");
  auto *twice = builder.getIntNTy(2 * bits);
  auto widen = [&](Value value) {
    return isSignedType(i.type()) ? builder.CreateSExt(value, twice) : builder.CreateZExt(value, twice);
  };
  Value product = builder.CreateMul(widen(read(i.operands[1], bits)), widen(read(i.operands[2], bits)));
  if (!isWide)
    product = builder.CreateTrunc(isHigh ? builder.CreateLShr(product, bits) : product, builder.getIntNTy(bits));
  if (isMad)
    product = builder.CreateAdd(product, read(i.operands[3], isWide ? 2 * bits : bits));
  return write(i.operands[0], product);
}

/// div and rem. What the manual leaves open, division by zero, gives all ones.
bool Translator::divide(const Instruction &i) {
  unsigned bits = 0;
  bool isDiv = i.base() == "div";
  if (!arity(i, 3) || !typed(i, isDiv ? Integers | Floats : int(Integers), bits))
    return false;
  if (isFloatType(i.type())) {
    if (!modifiers(i, {"rn"}) || i.parts.size() != 3)
      return fail("required .rn: others are not computed exactly by a device");
    Value a = readFloat(i.operands[1], bits);
    return write(i.operands[0], builder.CreateFDiv(a, readFloat(i.operands[2], bits)));
  }
  if (!modifiers(i, {}))
    return false;
  bool isSigned = isSignedType(i.type());
  Value a = read(i.operands[1], bits), b = read(i.operands[2], bits);
  Value zero = builder.getIntN(bits, 0), ones = builder.CreateNot(zero);
  Value isZero = builder.CreateICmpEQ(b, zero), isMinusOne = builder.CreateICmpEQ(b, ones);
  // The host traps on both.
  Value isBad = isSigned ? builder.CreateOr(isZero, isMinusOne) : isZero;
  Value divisor = builder.CreateSelect(isBad, builder.getIntN(bits, 1), b);
  Value result = isSigned ? (isDiv ? builder.CreateSDiv(a, divisor) : builder.CreateSRem(a, divisor))
                          : (isDiv ? builder.CreateUDiv(a, divisor) : builder.CreateURem(a, divisor));
  if (isSigned)
    result = builder.CreateSelect(isMinusOne, isDiv ? builder.CreateNeg(a) : zero, result);
  return write(i.operands[0], builder.CreateSelect(isZero, ones, result));
}

bool Translator::minMax(const Instruction &i) {
  unsigned bits = 0;
  if (!arity(i, 3) || !typed(i, Integers | Floats, bits) || !modifiers(i, {}))
    return false;
  bool isMin = i.base() == "min";
  if (isFloatType(i.type())) {
    // Of a number and a NaN, the number; -0 is less than +0.
    auto which = isMin ? llvm::Intrinsic::minimumnum : llvm::Intrinsic::maximumnum;
    Value a = readFloat(i.operands[1], bits);
    return write(i.operands[0], builder.CreateBinaryIntrinsic(which, a, readFloat(i.operands[2], bits)));
  }
  bool isSigned = isSignedType(i.type());
  auto which = isMin ? (isSigned ? llvm::Intrinsic::smin : llvm::Intrinsic::umin)
                     : (isSigned ? llvm::Intrinsic::smax : llvm::Intrinsic::umax);
  Value a = read(i.operands[1], bits);
  return write(i.operands[0], builder.CreateBinaryIntrinsic(which, a, read(i.operands[2], bits)));
}

bool Translator::unary(const Instruction &i) {
  unsigned bits = 0;
  const std::string &base = i.base();
  bool isArithmetic = base == "abs" || base == "neg";
  if (!arity(i, 2) || !typed(i, isArithmetic ? Integers | Floats : Integers | Predicates, bits) || !modifiers(i, {}))
    return false;
  if (isFloatType(i.type())) {
    Value a = readFloat(i.operands[1], bits);
    return write(i.operands[0],
                 base == "neg" ? builder.CreateFNeg(a) : builder.CreateUnaryIntrinsic(llvm::Intrinsic::fabs, a));
  }
  Value a = read(i.operands[1], bits);
  if (base == "not")
    return write(i.operands[0], builder.CreateNot(a));
  if (base == "neg")
    return write(i.operands[0], builder.CreateNeg(a));
  if (base == "abs")
    return write(i.operands[0], builder.CreateBinaryIntrinsic(llvm::Intrinsic::abs, a, builder.getFalse()));
  Value isZero = builder.CreateICmpEQ(a, builder.getIntN(bits, 0));
  return write(i.operands[0], builder.CreateZExt(isZero, builder.getIntNTy(bits)));
}

bool Translator::logic(const Instruction &i) {
  unsigned bits = 0;
  if (!arity(i, 3) || !typed(i, Integers | Predicates, bits) || !modifiers(i, {}))
    return false;
  Value a = read(i.operands[1], bits), b = read(i.operands[2], bits);
  Value result = i.base() == "and"  ? builder.CreateAnd(a, b)
                 : i.base() == "or" ? builder.CreateOr(a, b)
                                    : builder.CreateXor(a, b);
  return write(i.operands[0], result);
}

/// Amounts beyond the width shift everything out.
bool Translator::shift(const Instruction &i) {
  unsigned bits = 0;
  if (!arity(i, 3) || !typed(i, Integers, bits) || !modifiers(i, {}))
    return false;
  Value a = read(i.operands[1], bits), amount = read(i.operands[2], 32);
  bool isSigned = i.base() == "shr" && isSignedType(i.type());
  Value inside = builder.CreateICmpULT(amount, builder.getInt32(bits));
  Value safe = builder.CreateSelect(inside, amount, builder.getInt32(isSigned ? bits - 1 : 0));
  safe = builder.CreateZExtOrTrunc(safe, builder.getIntNTy(bits));
  if (isSigned)
    return write(i.operands[0], builder.CreateAShr(a, safe));
  Value result = i.base() == "shl" ? builder.CreateShl(a, safe) : builder.CreateLShr(a, safe);
  return write(i.operands[0], builder.CreateSelect(inside, result, builder.getIntN(bits, 0)));
}

bool Translator::fma(const Instruction &i) {
  unsigned bits = 0;
  if (!arity(i, 4) || !typed(i, Floats, bits) || !modifiers(i, {"rn"}))
    return false;
  Value a = readFloat(i.operands[1], bits), b = readFloat(i.operands[2], bits), c = readFloat(i.operands[3], bits);
  return write(i.operands[0], builder.CreateIntrinsic(llvm::Intrinsic::fma, {a->getType()}, {a, b, c}));
}

/// sqrt.rn and rcp.rn: correctly rounded, as IEEE 754 says.
bool Translator::rounded(const Instruction &i) {
  unsigned bits = 0;
  if (!arity(i, 2) || !typed(i, Floats, bits) || !modifiers(i, {"rn"}) || i.parts.size() != 3)
    return fail("required .rn: others are not computed exactly by a device");
  Value a = readFloat(i.operands[1], bits);
  return write(i.operands[0], i.base() == "sqrt" ? builder.CreateUnaryIntrinsic(llvm::Intrinsic::sqrt, a)
                                                 : builder.CreateFDiv(llvm::ConstantFP::get(a->getType(), 1.0), a));
}
