//===- TimeInvariance.h - Which values do not change over T -----*- C++ -*-===//
//
// A forward data-flow analysis. An image that is presented at every timestep
// stays the same through each layer that works on a timestep alone, up to the
// first neurons: all of it needs to be computed once (I-SPS).
//
//===----------------------------------------------------------------------===//
#ifndef STAS_ANALYSIS_TIMEINVARIANCE_H
#define STAS_ANALYSIS_TIMEINVARIANCE_H

#include "mlir/Analysis/DataFlow/SparseAnalysis.h"

namespace stas {

/// What is known of a value over the timesteps of its model. Each kind says less than the one before.
class TimeBehaviour {
public:
  enum Kind {
    Unreached, ///< nothing yet
    Steady,    ///< no T axis, and the same at every timestep
    Repeated,  ///< a T axis along which all timesteps are equal
    Varying,   ///< may differ from timestep to timestep
  };
  TimeBehaviour(Kind kind = Unreached) : kind(kind) {}
  bool is(Kind other) const { return kind == other; }

  /// Of a value that needs both.
  static TimeBehaviour join(const TimeBehaviour &lhs, const TimeBehaviour &rhs) { return std::max(lhs.kind, rhs.kind); }
  bool operator==(const TimeBehaviour &other) const { return kind == other.kind; }
  llvm::StringRef name() const;
  void print(llvm::raw_ostream &os) const { os << name(); }

private:
  Kind kind;
};

class TimeLattice : public mlir::dataflow::Lattice<TimeBehaviour> {
public:
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(TimeLattice)
  using Lattice::Lattice;
};

/// Ops say what they do to time by TimeOpInterface; of an op without it nothing is known. An argument of a function is
/// steady where its leading axis is dynamic, which makes it the batch, and may vary where it is static. The stream that
/// enters the first block of stas.act is the same at every timestep, all else that comes into a block varies.
class TimeInvarianceAnalysis : public mlir::dataflow::SparseForwardDataFlowAnalysis<TimeLattice> {
public:
  using SparseForwardDataFlowAnalysis::SparseForwardDataFlowAnalysis;

  mlir::LogicalResult visitOperation(mlir::Operation *op, llvm::ArrayRef<const TimeLattice *> operands,
                                     llvm::ArrayRef<TimeLattice *> results) override;
  void visitNonControlFlowArguments(mlir::Operation *op, const mlir::RegionSuccessor &successor,
                                    llvm::ArrayRef<TimeLattice *> arguments, unsigned firstIndex) override;
  void setToEntryState(TimeLattice *lattice) override;
};

/// The analysis of everything in `root`, run to its end.
class TimeInvariance {
public:
  explicit TimeInvariance(mlir::Operation *root);
  TimeBehaviour of(mlir::Value value) const;

private:
  mlir::DataFlowSolver solver;
};

} // namespace stas

#endif // STAS_ANALYSIS_TIMEINVARIANCE_H
