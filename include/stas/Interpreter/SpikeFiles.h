//===- SpikeFiles.h - Spikes written to and read from folders ---*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Compares implementations layer by layer. A folder holds one file per LIF layer,
// LAYER.npy, uint8, in PyTorch's layout: [T, B, C, H, W] for maps and [T, B, N, D]
// for tokens; in a halting encoder T is the model's, and the rows of tokens that
// were not active are 0. `stas run` and the PyTorch reference write the same.
//
//===----------------------------------------------------------------------===//
#ifndef STAS_INTERPRETER_SPIKEFILES_H
#define STAS_INTERPRETER_SPIKEFILES_H

#include "stas/Data/Npy.h"
#include "stas/Interpreter/Interpreter.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/StringMap.h"
#include <optional>
#include <string>

namespace stas {

/// Which folders to use; an empty name stands for none.
struct SpikeFolders {
  /// Where the spikes of every LIF are written.
  std::string dump;
  /// Whence the spikes come that each LIF's own are replaced by, after they are written: every layer then computes from
  /// the input that it had in the reference (teacher forcing), and each of its differences is its own.
  std::string teacher;
  /// Where stas_check.probe writes.
  std::string probes;
};

/// Writes and replaces spikes while a model is interpreted. A LIF without a name in its location, two LIFs of one name,
/// a missing or misshaped file are errors at the op.
class SpikeFiles : public InterpreterObserver {
public:
  explicit SpikeFiles(SpikeFolders folders) : folders(std::move(folders)) {}

  mlir::LogicalResult enter(mlir::Operation *lif, llvm::ArrayRef<int64_t> shape) override;
  mlir::FailureOr<Tensor> fired(mlir::Operation *lif, int64_t timestep, Tensor spikes) override;
  void halted(mlir::Operation *op, const Tensor &steps) override { haltingSteps = steps; }
  void expecting() override { ++expectations; }
  mlir::LogicalResult probed(mlir::Operation *probe, llvm::StringRef name, const Tensor &value) override;

  /// Gives the files their names. Without it, nothing is left behind.
  mlir::LogicalResult commit(mlir::Operation *module);

  /// Of the halting encoder: timesteps and blocks that each token was active at, i32 [B, N].
  const std::optional<Tensor> &steps() const { return haltingSteps; }
  /// How many stas_check expectations were tested.
  int64_t expectationsTested() const { return expectations; }

private:
  struct Layer {
    std::optional<NpyWriter> writer;
    std::optional<NpyArray> teacher;
    llvm::SmallVector<int64_t> shape; // [T, B, ..]
  };
  mlir::FailureOr<Layer *> open(mlir::Operation *lif, llvm::ArrayRef<int64_t> shape);

  SpikeFolders folders;
  llvm::StringMap<Layer> layers;
  llvm::DenseMap<mlir::Operation *, Layer *> entered; // those that run one timestep at a time
  std::vector<std::string> order;                     // of the layers' names, so that errors come in one order
  std::optional<Tensor> haltingSteps;
  int64_t expectations = 0;
};

/// Writes any tensor of the interpreter as .npy: i1 and i8 as uint8, the others as what they are.
Status writeNpy(const std::string &path, const Tensor &tensor);
/// Reads uint8, int32, int64 or float32.
Tensor tensorOf(const NpyArray &array);

} // namespace stas

#endif // STAS_INTERPRETER_SPIKEFILES_H
