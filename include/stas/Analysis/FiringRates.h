//===- FiringRates.h - How many spikes a value holds ------------*- C++ -*-===//
//
// A forward data-flow analysis over intervals. The rate of a value is the mean
// of its elements over images, timesteps and neurons: of spikes the share that
// is 1, of counts the mean count. What reaches a weighted layer is its number of
// synaptic operations for each weight.
//
// Rates start at neurons: measured ones where `stas run --rates` saw the layer,
// else between 0 and 1.
//
//===----------------------------------------------------------------------===//
#ifndef STAS_ANALYSIS_FIRINGRATES_H
#define STAS_ANALYSIS_FIRINGRATES_H

#include "mlir/Analysis/DataFlow/SparseAnalysis.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/Error.h"
#include <limits>

namespace stas {

/// What was measured of layers, by the checkpoint's names: rates of neurons, and inputs of weighted layers.
class RateTable {
public:
  /// Reads {"layers": {NAME: {"rate": NUMBER, ..}, ..}, ..}, as `stas run --rates` and `stas run --json --stats` write
  /// it, and "inputs": {NAME: {"rows": [..], "nonzero": [..], ..}, ..}, a number for each timestep, which the first
  /// alone has. What else is there is ignored; a layer without a rate is none. Fails where the file cannot be read, is
  /// no such object or of another version, or holds a rate that is no number from 0 to 1, a count that is no whole
  /// number or as many rows as of another number of timesteps; the message names the file. Without a path nothing was
  /// measured.
  static llvm::Expected<RateTable> read(llvm::StringRef path);

  void set(llvm::StringRef layer, double rate) { rates[layer] = rate; }
  bool empty() const { return rates.empty() && inputs.empty(); }
  std::optional<double> of(llvm::StringRef layer) const { return find(rates, layer); }
  /// Inputs of a weighted layer that are not zero, for each row that was computed.
  std::optional<double> inputsOf(llvm::StringRef layer) const { return find(inputs, layer); }

private:
  using Table = llvm::StringMap<double>;
  static std::optional<double> find(const Table &table, llvm::StringRef layer);

  Table rates, inputs;
};

/// The least and largest mean that a value may have.
struct RateInterval {
  double low = 0, high = -1; // nothing is known yet: an interval that holds nothing

  static RateInterval unknown() {
    return {-std::numeric_limits<double>::infinity(), std::numeric_limits<double>::infinity()};
  }
  bool isUnreached() const { return low > high; }
  /// Of real values nothing is known.
  bool isUnknown() const { return high == std::numeric_limits<double>::infinity(); }
  bool operator==(const RateInterval &other) const {
    return (isUnreached() && other.isUnreached()) || (low == other.low && high == other.high);
  }
  /// The least interval that holds both.
  static RateInterval join(const RateInterval &lhs, const RateInterval &rhs);
  void print(llvm::raw_ostream &os) const;
};

class RateLattice : public mlir::dataflow::Lattice<RateInterval> {
public:
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(RateLattice)
  using Lattice::Lattice;
};

class FiringRateAnalysis : public mlir::dataflow::SparseForwardDataFlowAnalysis<RateLattice> {
public:
  FiringRateAnalysis(mlir::DataFlowSolver &solver, const RateTable &table)
      : SparseForwardDataFlowAnalysis(solver), table(table) {}

  mlir::LogicalResult visitOperation(mlir::Operation *op, llvm::ArrayRef<const RateLattice *> operands,
                                     llvm::ArrayRef<RateLattice *> results) override;
  void visitNonControlFlowArguments(mlir::Operation *op, const mlir::RegionSuccessor &successor,
                                    llvm::ArrayRef<RateLattice *> arguments, unsigned firstIndex) override;
  void setToEntryState(RateLattice *lattice) override;

private:
  const RateTable &table;
};

/// The analysis of everything in `root`, run to its end.
class FiringRates {
public:
  FiringRates(mlir::Operation *root, const RateTable &table);
  RateInterval of(mlir::Value value) const;

private:
  mlir::DataFlowSolver solver;
};

} // namespace stas

#endif // STAS_ANALYSIS_FIRINGRATES_H
