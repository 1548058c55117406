//===- Checks.cpp - Expectations of value tests ---------------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Evaluation.h"
#include "dialects/StasCheck/StasCheck.h"
#include "llvm/Support/Format.h"
#include <cmath>

using namespace mlir;
using namespace stas;

namespace {

/// [i, j, ..] of the element at a row-major position.
std::string indexText(int64_t position, ArrayRef<int64_t> shape) {
  SmallVector<int64_t> index(shape.size());
  for (size_t axis = shape.size(); axis-- > 0; position /= shape[axis])
    index[axis] = position % shape[axis];
  std::string text;
  llvm::raw_string_ostream stream(text);
  stream << "[";
  llvm::interleaveComma(index, stream);
  return text + "]";
}

template <typename T> std::string numberText(T value) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  if constexpr (std::is_floating_point_v<T>)
    stream << llvm::format("%.9g", value);
  else
    stream << static_cast<int64_t>(value);
  return text;
}

/// Reports the first element for which `agree` does not hold, and how many there are.
template <typename OpTy, typename Agree> LogicalResult compare(OpTy op, Evaluation &evaluation, Agree agree) {
  const Tensor &found = evaluation.get(op.getFound()), &expected = evaluation.get(op.getExpected());
  if (found.shape() != expected.shape())
    return op.emitOpError("found a tensor of another batch than expected");
  return found.visit([&](auto values) -> LogicalResult {
    auto wanted = expected.values<typename decltype(values)::value_type>();
    size_t differing = 0, first = 0;
    for (size_t i = values.size(); i-- > 0;)
      if (!agree(values[i], wanted[i])) {
        ++differing;
        first = i;
      }
    if (!differing)
      return success();
    return op.emitOpError("expected ") << numberText(wanted[first]) << " at " << indexText(first, found.shape())
                                       << ", found " << numberText(values[first]) << "; " << differing << " of "
                                       << values.size() << " elements differ";
  });
}

LogicalResult expectEq(check::ExpectEqOp op, Evaluation &evaluation) {
  evaluation.observer.expecting();
  return compare(op, evaluation, [](auto found, auto expected) { return found == expected; });
}

LogicalResult expectClose(check::ExpectCloseOp op, Evaluation &evaluation) {
  evaluation.observer.expecting();
  double tolerance = op.getTolerance().convertToDouble();
  return compare(op, evaluation,
                 [=](double found, double expected) { return std::fabs(found - expected) <= tolerance; });
}

LogicalResult probe(check::ProbeOp op, Evaluation &evaluation) {
  return evaluation.observer.probed(op, op.getName(), evaluation.get(op.getValue()));
}

} // namespace

void stas::addChecks(OpTable &table) {
  table.add<check::ExpectEqOp, expectEq>();
  table.add<check::ExpectCloseOp, expectClose>();
  table.add<check::ProbeOp, probe>();
}
