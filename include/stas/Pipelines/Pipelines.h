//===- Pipelines.h - Named phases from a model to a target ------*- C++ -*-===//
#ifndef STAS_PIPELINES_PIPELINES_H
#define STAS_PIPELINES_PIPELINES_H

#include "mlir/Pass/PassManager.h"
#include "stas/Target/CPU/Isa.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include <optional>
#include <string>
#include <vector>

namespace stas {

/// What a model is compiled for.
enum class Target { CPU, CUDA, Chip };

/// How far a model has come. Each phase names the state after it, and ends in a pass that verifies what holds from
/// there on.
enum class Phase {
  Import,    ///< the stas dialect, as in the checkpoint
  Normalize, ///< what does not change over time is computed once
  Adapt,     ///< STAS's own forms: I-SPS as one op
  Spike,     ///< sparse spike operations, batch normalisation folded
  Quantize,  ///< the integer form; with precision f32 as before
  Sparse,    ///< rows of halted tokens left out, products of attention in order
  Plan,      ///< CPU kernels and the launch plan, buffers in place
  LLVM,      ///< the kernels in the LLVM dialect
  Network,   ///< populations of neurons on a chip, in the chip dialect
  Map,       ///< which core they are on, and how their spikes travel
  Kernels,   ///< kernels of a GPU, as a gpu.module; the launch plan beside it is no module
};

/// What the passes of the phases are told.
struct PhaseOptions {
  std::string precision = "f32";    ///< f32, int16 or int8
  int64_t stateBits = 32;           ///< width that integer sums and membranes fit, 8 to 64
  std::string baseDirectory;        ///< of the checkpoints that the module names
  Isa isa;                          ///< what kernels are written for
  std::vector<std::string> kernels; ///< kernels to take where they serve, by name
  std::string rates;                ///< file of measured firing rates; empty: none
  std::string chip = "loihi2";      ///< name or file of the chip
  std::string times;                ///< file of measured times of kernels; empty: none
  std::string cpu;                  ///< the CPU whose times are taken, by its name there
};

/// The phases on the way to a target, in their order.
llvm::ArrayRef<Phase> phasesOf(Target target);
/// The phase of a target that has a name, if one has.
std::optional<Phase> phaseByName(llvm::StringRef name, Target target);
llvm::StringRef nameOf(Phase phase);
/// "import, normalize, adapt, spike, quantize, sparse, plan or llvm", of the CPU.
std::string phaseNames(Target target);

/// Adds the passes that lead from the phase before to `phase`, and the one that verifies it. Import only verifies; LLVM
/// and Kernels are no pass pipelines and add nothing.
void addPhase(mlir::OpPassManager &pipeline, Phase phase, const PhaseOptions &options);
/// Adds the pass that verifies a phase.
void addVerifier(mlir::OpPassManager &pipeline, Phase phase);

/// Registers each phase as the pipeline stas-phase-NAME, for stas-opt.
void registerPhases();

} // namespace stas

#endif // STAS_PIPELINES_PIPELINES_H
