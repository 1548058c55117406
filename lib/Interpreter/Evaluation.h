//===- Evaluation.h - What the meanings of ops share ------------*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef STAS_LIB_INTERPRETER_EVALUATION_H
#define STAS_LIB_INTERPRETER_EVALUATION_H

#include "stas/Interpreter/Interpreter.h"
#include "stas/Quantization/QuantizedLayer.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/StringMap.h"

namespace stas {

/// Where the run of a stas.act stands. Membranes live from one timestep to the next, one per neuron of a stas.lif.
struct ActState {
  Tensor active; // i1 [B, N], the tokens that entered the current block
  llvm::DenseMap<mlir::Operation *, std::vector<float>> membranes;
  llvm::DenseMap<mlir::Operation *, std::vector<int64_t>> integerMembranes; // of quantised neurons
};

/// One run of one function: the values so far, and what the ops need beside their operands.
class Evaluation {
public:
  Evaluation(WeightReader &weights, InterpreterObserver &observer);

  /// A value that has been set; the reference holds until the value is set again or dropped, whatever else is set.
  const Tensor &get(mlir::Value value) const { return *values.find(value)->second; }
  void set(mlir::Value value, Tensor tensor) { values[value] = std::make_unique<Tensor>(std::move(tensor)); }

  /// Runs the ops of `block` on `arguments`, up to and without its terminator, and returns what the terminator yields.
  mlir::FailureOr<llvm::SmallVector<Tensor>> run(mlir::Block &block, llvm::ArrayRef<Tensor> arguments);

  /// The values of a weight of `op`, kept for the next time that it runs. A failure is reported at `op`. `arrange` may
  /// reorder them for speed; it sees them once.
  mlir::FailureOr<llvm::ArrayRef<float>> weight(
      mlir::Operation *op, WeightAttr attribute,
      llvm::function_ref<std::vector<float>(std::vector<float>)> arrange = [](auto values) { return values; });

  /// The integer tables of a recipe, of a layer of neurons or of a classifier; kept as `weight` keeps values.
  mlir::FailureOr<const QuantizedLayer *> layer(mlir::Operation *op, spike::QuantAttr quant);
  mlir::FailureOr<const QuantizedHead *> head(mlir::Operation *op, spike::QuantAttr quant);
  /// The integer weights that the sums of `quant` take, arranged as for `weight`.
  mlir::FailureOr<llvm::ArrayRef<int32_t>>
  integerWeights(mlir::Operation *op, spike::QuantAttr quant,
                 llvm::function_ref<std::vector<int32_t>(llvm::ArrayRef<int32_t>)> arrange);

  InterpreterObserver &observer;
  ActState *act = nullptr; // of the stas.act around the current op
  int64_t timestep = 0;    // of the stas.act or stas.time_loop around it

private:
  void dropUnused(mlir::Operation &op);

  WeightReader &weights;
  llvm::DenseMap<mlir::Value, std::unique_ptr<Tensor>> values; // a map of tensors would move them as it grows
  llvm::DenseMap<std::pair<mlir::Operation *, mlir::Attribute>, std::vector<float>> arranged;
  llvm::DenseMap<mlir::Attribute, std::unique_ptr<QuantizedLayer>> layers;
  llvm::DenseMap<mlir::Attribute, std::unique_ptr<QuantizedHead>> heads;
  llvm::DenseMap<mlir::Attribute, std::vector<int32_t>> arrangedIntegers;
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
/// Elementwise lhs + factor * rhs: f32 where an operand is, else counts, at most 255.
mlir::FailureOr<Tensor> added(mlir::Operation *op, const Tensor &lhs, const Tensor &rhs, int64_t factor = 1);
/// Sum or mean over the leading axis, in order.
mlir::FailureOr<Tensor> integrated(mlir::Operation *op, const Tensor &value, ReduceKind kind);
/// [.., N, D] to [.., D], in f32.
Tensor meanOverTokens(const Tensor &value);
/// Extents, strides and paddings of windows along height and width.
struct WindowShape {
  llvm::ArrayRef<int64_t> kernel, strides, padding;
};
/// Convolution of maps [.., C, H, W]; `bias` may be null. The window's kernel is the weight's.
mlir::FailureOr<Tensor> convolved(mlir::Operation *op, const Tensor &input, WeightAttr weight, WeightAttr bias,
                                  WindowShape window, Evaluation &evaluation);
/// Vectors of batch normalisation, of one length.
struct BatchNormVectors {
  WeightAttr weight, bias, mean, var;
  double eps;
};
/// Batch normalisation of a real value along an axis.
mlir::FailureOr<Tensor> normalised(mlir::Operation *op, const Tensor &input, int64_t axis,
                                   const BatchNormVectors &vectors, Evaluation &evaluation);
/// The maximum over windows of maps [.., H, W] (`channelsLast`: [.., H, W, C]).
Tensor pooled(const Tensor &input, WindowShape window, bool channelsLast = false);

void addTensorOps(OpTable &table);
void addLayers(OpTable &table);
void addNeurons(OpTable &table);
void addStaircases(OpTable &table);
void addAttention(OpTable &table);
void addAct(OpTable &table);
void addLoops(OpTable &table);
void addChecks(OpTable &table);
void addSpikeOps(OpTable &table);
void addSpikeNeurons(OpTable &table);
void addQuantOps(OpTable &table);
void addSparseOps(OpTable &table);

} // namespace stas

#endif // STAS_LIB_INTERPRETER_EVALUATION_H
