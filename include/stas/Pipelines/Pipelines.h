//===- Pipelines.h - Named phases from a model to a plan --------*- C++ -*-===//
#ifndef STAS_PIPELINES_PIPELINES_H
#define STAS_PIPELINES_PIPELINES_H

#include "mlir/Pass/PassManager.h"
#include "llvm/ADT/StringRef.h"
#include <optional>

namespace stas {

/// How far a model has come. Each phase names the state after it, and ends in a pass that verifies what holds from there
/// on.
enum class Phase {
  Import,    ///< the stas dialect, as in the checkpoint
  Normalize, ///< what does not change over time is computed once
  Adapt,     ///< STAS's own forms: I-SPS as one op
  Spike,     ///< sparse spike operations, batch normalisation folded
  Plan,      ///< CPU kernels and the launch plan, buffers in place
  LLVM,      ///< the kernels in the LLVM dialect
};

/// The phase of a name (import, normalize, adapt, spike, plan, llvm), if it is one.
std::optional<Phase> phaseByName(llvm::StringRef name);
llvm::StringRef nameOf(Phase phase);
/// "import, normalize, adapt, spike, plan or llvm".
std::string phaseNames();

/// Adds the passes that lead from the phase before to `phase`, and the one that verifies it. Import only verifies; LLVM is
/// no pass pipeline and adds nothing.
void addPhase(mlir::OpPassManager &pipeline, Phase phase, int64_t lanes);
/// Adds the pass that verifies a phase.
void addVerifier(mlir::OpPassManager &pipeline, Phase phase);

/// Registers each phase as the pipeline stas-phase-NAME, for stas-opt.
void registerPhases();

} // namespace stas

#endif // STAS_PIPELINES_PIPELINES_H
