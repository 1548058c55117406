//===- Pipelines.h - Named phases from a model to a plan --------*- C++ -*-===//
#ifndef STAS_PIPELINES_PIPELINES_H
#define STAS_PIPELINES_PIPELINES_H

#include "mlir/Pass/PassManager.h"
#include "llvm/ADT/StringRef.h"
#include <optional>

namespace stas {

/// How far a model has come. Each phase names the state after it.
enum class Phase {
  Import, ///< the stas dialect, as in the checkpoint
  Spike,  ///< sparse spike operations, batch normalisation folded
  Plan,   ///< CPU kernels and the launch plan, buffers in place
  LLVM,   ///< the kernels in the LLVM dialect
};

/// The phase of a name (import, spike, plan, llvm), if it is one.
std::optional<Phase> phaseByName(llvm::StringRef name);
llvm::StringRef nameOf(Phase phase);

/// Adds the passes that turn the halting encoder of a module, where there is one, into a time loop. Part of phase Spike.
void addHalting(mlir::OpPassManager &pipeline);

/// Adds the passes that lead from the phase before to `phase`; nothing for Import and LLVM, which are no pass
/// pipelines.
void addPhase(mlir::OpPassManager &pipeline, Phase phase, int64_t lanes);

} // namespace stas

#endif // STAS_PIPELINES_PIPELINES_H
