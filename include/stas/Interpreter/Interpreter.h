//===- Interpreter.h - Readable meaning of every op -------------*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Runs a function of a module on tensors, op by op, in f32. Each op is one short
// function that follows docs/Spec.md; where a target and the interpreter differ,
// the interpreter is right. Speed is no aim, beyond a few seconds an image for
// the published models.
//
//===----------------------------------------------------------------------===//
#ifndef STAS_INTERPRETER_INTERPRETER_H
#define STAS_INTERPRETER_INTERPRETER_H

#include "dialects/STAS/STASOps.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "stas/Interpreter/Tensor.h"
#include "stas/Target/WeightReader.h"
#include "llvm/ADT/STLFunctionalExtras.h"

namespace stas {

/// Sees, and may change, what a model does while it is interpreted.
class InterpreterObserver {
public:
  virtual ~InterpreterObserver() = default;

  /// Before a stas.act or stas.time_loop runs: `lif` (stas.lif, stas.lif_step or spike.fire) is one of its layers of
  /// neurons, whose spikes will come one timestep at a time; `shape` is [T, B, N, D] of all of them together.
  virtual mlir::LogicalResult enter(mlir::Operation *lif, llvm::ArrayRef<int64_t> shape) { return mlir::success(); }

  /// After the neurons of `lif` fired. Those that run all timesteps at once: `timestep` is 0 and `spikes` is all of
  /// theirs, [T, B, C, H, W] or [T, B, N, D]. Those that run one timestep at a time (`runOneTimestep`): that timestep,
  /// [B, N, D], with the rows of tokens that are not active set to 0. The run goes on with the tensor returned, of the
  /// same shape and type.
  virtual mlir::FailureOr<Tensor> fired(mlir::Operation *lif, int64_t timestep, Tensor spikes) { return spikes; }

  /// After a stas.act, or a timestep's last stas.halt: the number of (timestep, block) pairs at which each token has
  /// been active, i32 [B, N]. The last call counts.
  virtual void halted(mlir::Operation *op, const Tensor &steps) {}

  /// Before a stas_check expectation is tested.
  virtual void expecting() {}

  /// At a stas_check.probe.
  virtual mlir::LogicalResult probed(mlir::Operation *probe, llvm::StringRef name, const Tensor &value) {
    return mlir::success();
  }
};

/// Whether the neurons of `lif` run one timestep each time that they are evaluated: those inside a stas.act, and those
/// whose membrane is a value.
bool runOneTimestep(mlir::Operation *lif);

/// Runs `function` on `arguments` and returns its results. An argument must fit its type: same rank, same static
/// extents, same element representation. Every failure is reported at the op that caused it, with the layer's name: a
/// weight that cannot be read, a count above 255, an op that has no meaning here, a broken stas_check expectation.
mlir::FailureOr<llvm::SmallVector<Tensor>> interpret(mlir::func::FuncOp function, llvm::ArrayRef<Tensor> arguments,
                                                     WeightReader &weights, InterpreterObserver *observer = nullptr);

} // namespace stas

#endif // STAS_INTERPRETER_INTERPRETER_H
