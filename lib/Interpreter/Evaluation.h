//===- Evaluation.h - What the meanings of ops share ------------*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef STAS_LIB_INTERPRETER_EVALUATION_H
#define STAS_LIB_INTERPRETER_EVALUATION_H

#include "stas/Interpreter/Interpreter.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/StringMap.h"

namespace stas {

/// Where the run of a stas.act stands. Membranes live from one timestep to the next, one per neuron of a stas.lif.
struct ActState {
  Tensor active; // i1 [B, N], the tokens that entered the current block
  llvm::DenseMap<mlir::Operation *, std::vector<float>> membranes;
};

/// One run of one function: the values so far, and what the ops need beside their operands.
class Evaluation {
public:
  Evaluation(WeightReader &weights, InterpreterObserver &observer);

  const Tensor &get(mlir::Value value) const { return values.find(value)->second; }
  void set(mlir::Value value, Tensor tensor) { values[value] = std::move(tensor); }

  /// Runs the ops of `block` on `arguments`, up to and without its terminator, and returns what the terminator yields.
  mlir::FailureOr<llvm::SmallVector<Tensor>> run(mlir::Block &block, llvm::ArrayRef<Tensor> arguments);

  /// The values of a weight of `op`, kept for the next time that it runs. A failure is reported at `op`. `arrange` may
  /// reorder them for speed; it sees them once.
  mlir::FailureOr<llvm::ArrayRef<float>> weight(
      mlir::Operation *op, WeightAttr attribute,
      llvm::function_ref<std::vector<float>(std::vector<float>)> arrange = [](auto values) { return values; });

  InterpreterObserver &observer;
  ActState *act = nullptr; // of the stas.act around the current op
  int64_t timestep = 0;    // of the stas.act or stas.time_loop around it

private:
  void dropUnused(mlir::Operation &op);

  WeightReader &weights;
  llvm::DenseMap<mlir::Value, Tensor> values;
  llvm::DenseMap<std::pair<mlir::Operation *, mlir::Attribute>, std::vector<float>> arranged;
};

/// The meaning of each op, by the op's name. A dialect's file fills in its own.
class OpTable {
public:
  using Meaning = mlir::LogicalResult (*)(mlir::Operation *, Evaluation &);

  /// Declares Function, LogicalResult(OpTy, Evaluation &), to be the meaning of OpTy.
  template <typename OpTy, mlir::LogicalResult (*Function)(OpTy, Evaluation &)> void add() {
    meanings[OpTy::getOperationName()] = [](mlir::Operation *op, Evaluation &evaluation) {
      return Function(mlir::cast<OpTy>(op), evaluation);
    };
  }
  Meaning lookup(mlir::Operation *op) const { return meanings.lookup(op->getName().getStringRef()); }

private:
  llvm::StringMap<Meaning> meanings;
};

// Meanings that the levels share. A failure is reported at `op`.

/// [timesteps, ..] copies of a value.
Tensor repeated(const Tensor &value, int64_t timesteps);
/// Elementwise sum: f32 where an operand is, else counts, at most 255.
mlir::FailureOr<Tensor> added(mlir::Operation *op, const Tensor &lhs, const Tensor &rhs);
/// Sum or mean over the leading axis, in order.
mlir::FailureOr<Tensor> integrated(mlir::Operation *op, const Tensor &value, ReduceKind kind);
/// [.., N, D] to [.., D], in f32.
Tensor meanOverTokens(const Tensor &value);

void addTensorOps(OpTable &table);
void addLayers(OpTable &table);
void addNeurons(OpTable &table);
void addAttention(OpTable &table);
void addAct(OpTable &table);
void addLoops(OpTable &table);
void addChecks(OpTable &table);
void addSpikeOps(OpTable &table);
void addSpikeNeurons(OpTable &table);

} // namespace stas

#endif // STAS_LIB_INTERPRETER_EVALUATION_H
