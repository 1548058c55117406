//===- StateLiveness.h - Which membranes must live --------------*- C++ -*-===//
//
// A neuron's membrane is state only between two timesteps of the same neuron. A
// neuron that runs once, that runs on a steady current, or whose spikes nobody
// reads, has none; one that runs all its timesteps at once keeps it in registers;
// only one that is evaluated again and again needs memory for it.
//
//===----------------------------------------------------------------------===//
#ifndef STAS_ANALYSIS_STATELIVENESS_H
#define STAS_ANALYSIS_STATELIVENESS_H

#include "mlir/Analysis/DataFlow/LivenessAnalysis.h"
#include "mlir/IR/BuiltinOps.h"

namespace stas {

/// How long the membranes of a layer of neurons live.
enum class StateSpan {
  Dead,     ///< the spikes reach no result, nor do membranes that are values
  None,     ///< no second timestep looks at them
  Within,   ///< while the op runs its timesteps
  Timesteps ///< from one evaluation of the op to the next: memory
};
llvm::StringRef nameOf(StateSpan span);

/// Whether an op is a layer of neurons.
bool isNeurons(mlir::Operation *op);

/// MLIR's liveness of values, backwards from the results of public functions, and what each layer's op does to time.
class StateLiveness {
public:
  explicit StateLiveness(mlir::ModuleOp module) : liveness(module) {}
  /// Of a layer of neurons.
  StateSpan of(mlir::Operation *neurons);
  /// Membranes of an image that need memory from one timestep to the next.
  int64_t membranesInMemory(mlir::Operation *neurons);

private:
  bool isLive(mlir::Value value);

  mlir::dataflow::RunLivenessAnalysis liveness;
};

} // namespace stas

#endif // STAS_ANALYSIS_STATELIVENESS_H
