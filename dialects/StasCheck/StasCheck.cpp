//===- StasCheck.cpp - Expectations in tests ------------------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "dialects/StasCheck/StasCheck.h"
#include <cmath>

using namespace mlir;
using namespace stas::check;

#include "dialects/StasCheck/StasCheckDialect.cpp.inc"
#define GET_OP_CLASSES
#include "dialects/StasCheck/StasCheckOps.cpp.inc"

void StasCheckDialect::initialize() {
  addOperations<
#define GET_OP_LIST
#include "dialects/StasCheck/StasCheckOps.cpp.inc"
      >();
}

// expect_eq.R1 and expect_close.R1 are the trait SameTypeOperands and the operands' type constraint.

LogicalResult ExpectCloseOp::verify() {
  double tolerance = getTolerance().convertToDouble();
  if (std::isfinite(tolerance) && tolerance >= 0.0)
    return success();
  return emitOpError("expect_close.R2: requires a finite tolerance >= 0, found ") << tolerance;
}

LogicalResult ProbeOp::verify() {
  if (!getName().empty() && !getName().contains('/'))
    return success();
  return emitOpError("probe.R1: requires a name without '/', found '") << getName() << "'";
}
