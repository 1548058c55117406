//===- StasCheck.h - Expectations in tests ----------------------*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef STAS_DIALECTS_STASCHECK_STASCHECK_H
#define STAS_DIALECTS_STASCHECK_STASCHECK_H

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"

#include "dialects/StasCheck/StasCheckDialect.h.inc"
#define GET_OP_CLASSES
#include "dialects/StasCheck/StasCheckOps.h.inc"

#endif // STAS_DIALECTS_STASCHECK_STASCHECK_H
