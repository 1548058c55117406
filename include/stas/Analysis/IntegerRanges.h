//===- IntegerRanges.h - Values that spikes and counts reach ----*- C++ -*-===//
//
// Every op whose result is spikes, counts or steps says what it makes of the
// ranges of its operands, by MLIR's InferIntRangeInterface; its integer range
// analysis does the rest. i8 counts are unsigned, and a spike is 1: ranges are
// read as unsigned.
//
//===----------------------------------------------------------------------===//
#ifndef STAS_ANALYSIS_INTEGERRANGES_H
#define STAS_ANALYSIS_INTEGERRANGES_H

#include "mlir/Analysis/DataFlowFramework.h"
#include "mlir/IR/DialectRegistry.h"
#include "mlir/IR/Value.h"
#include <optional>

namespace stas {

/// Attaches the interface to the ops of stas and spike.
void registerIntegerRangeModels(mlir::DialectRegistry &registry);

/// The least and largest value that any element may take.
struct IntegerRange {
  uint64_t low, high;
};

/// The analysis of everything in `root`, run to its end.
class IntegerRanges {
public:
  explicit IntegerRanges(mlir::Operation *root);
  /// None for values that are not integers, and where no image comes by.
  std::optional<IntegerRange> of(mlir::Value value) const;

private:
  mlir::DataFlowSolver solver;
};

} // namespace stas

#endif // STAS_ANALYSIS_INTEGERRANGES_H
