//===- ModelBuilder.h - The layers of all families, as ops ----------------===//
//
// Part of stas, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One function per layer or group of layers. Each takes the checkpoint's module
// name, from which keys and locations follow, and works on values with and
// without a leading time axis.
//
//===----------------------------------------------------------------------===//

#ifndef STAS_LIB_IMPORT_MODELBUILDER_H
#define STAS_LIB_IMPORT_MODELBUILDER_H

#include "dialects/STAS/STASOps.h"
#include "stas/Import/Import.h"

namespace stas::import {

class ModelBuilder {
public:
  ModelBuilder(mlir::OpBuilder &builder, const ModelSource &source)
      : builder(builder), source(source), layout(source.layout), config(source.config) {}

  /// Results of @main for the image [B, C, H, W], or for frames [T, B, C, H, W].
  llvm::SmallVector<mlir::Value> build(mlir::Value image);

  // Stem (BuildStem.cpp). Maps [.., C, H, W].
  mlir::Value stemCurrent(unsigned stage, mlir::Value x);      // conv, BN
  mlir::Value stemSpikes(unsigned stage, mlir::Value current); // LIF, pool
  /// Stages `first`.. and the position embedding; counts 0..2.
  mlir::Value stemFrom(unsigned first, mlir::Value x);

  // Blocks (BuildBlock.cpp). Tokens [.., N, D]. `active` [B, N] is null where
  // no token halts.
  mlir::Value block(int64_t index, mlir::Value x, mlir::Value active);

private:
  // Families (BuildFamilies.cpp).
  mlir::Value spikformerTokens(mlir::Value image);
  mlir::Value unifiedTokens(mlir::Value image);
  llvm::SmallVector<mlir::Value> halting(mlir::Value tokens);
  mlir::Value blocksOverTime(mlir::Value tokens);
  mlir::Value head(mlir::Value features);

  // Layers (BuildLayers.cpp).
  mlir::Location at(const llvm::Twine &module) const;
  /// The tensor at `key`, its last `unit` axes (of extent 1) dropped.
  WeightAttr weight(const llvm::Twine &key, unsigned unit = 0) const;
  LIFAttr neuron(double threshold) const;
  mlir::Value encode(llvm::StringRef module, mlir::Value x, int64_t timesteps);
  mlir::Value integrate(llvm::StringRef module, mlir::Value x, Reduction reduction);
  mlir::Value norm(const llvm::Twine &module, mlir::Value x, int64_t axis);
  mlir::Value fire(const llvm::Twine &module, mlir::Value x, double threshold);
  mlir::Value dense(const std::string &prefix, unsigned unit, mlir::Value x);
  mlir::Value mask(const llvm::Twine &module, mlir::Value x, mlir::Value active);
  mlir::Value attention(const std::string &attn, mlir::Value x, mlir::Value active);
  mlir::Value mlp(const std::string &mlp, mlir::Value x, mlir::Value active);

  mlir::OpBuilder &builder;
  const ModelSource &source;
  const Layout &layout;
  const ModelConfig &config;
};

} // namespace stas::import

#endif // STAS_LIB_IMPORT_MODELBUILDER_H
