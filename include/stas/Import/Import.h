//===- Import.h - From a checkpoint to the stas dialect -------------------===//
//
// Part of stas, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Import in two steps: everything that can be wrong with a model is found
// before the first op is built, and building cannot fail.
//
//===----------------------------------------------------------------------===//

#ifndef STAS_IMPORT_IMPORT_H
#define STAS_IMPORT_IMPORT_H

#include "stas/Import/Checkpoint.h"
#include "stas/Import/Config.h"
#include "stas/Import/Layout.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"

namespace stas::import {

struct ImportRequest {
  std::string model;
  CheckpointOptions checkpoint;
  /// Path of a JSON file, or empty.
  std::string configFile;
  /// What the command line says, in a config's keys.
  llvm::json::Object flags;
};

/// A model whose every part has been checked.
struct ModelSource {
  Checkpoint checkpoint;
  Layout layout;
  ModelConfig config;
  WeightTable weights; // points into checkpoint
  int64_t tokens() const;
  /// The largest value that the integer residual stream can take; nothing where
  /// the stream is real.
  std::optional<int64_t> largestCount() const;
  /// Family, sizes and settings, for people and scripts.
  llvm::json::Object summary() const;
};

/// Reads and checks all of it. Every problem is in `report` when this returns
/// nothing.
std::optional<ModelSource> readModel(const ImportRequest &request, Report &report);

/// Builds `func.func @main(%image: tensor<?xCxHxWxf32>)`, or of frames
/// `tensor<Tx?xCxHxWxf32>`, which returns the
/// logits [B, classes] and, for a model that halts, the steps [B, N] that each
/// token was active. Loads the dialects it needs into `context`. The result
/// verifies.
mlir::OwningOpRef<mlir::ModuleOp> buildModule(mlir::MLIRContext &context, const ModelSource &source);

} // namespace stas::import

#endif // STAS_IMPORT_IMPORT_H
