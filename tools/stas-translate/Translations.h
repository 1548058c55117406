//===- Translations.h - What stas-translate translates ----------*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef STAS_TOOLS_TRANSLATE_TRANSLATIONS_H
#define STAS_TOOLS_TRANSLATE_TRANSLATIONS_H

#include "mlir/IR/BuiltinOps.h"
#include "stas/Target/WeightReader.h"
#include "llvm/Support/CommandLine.h"

namespace stas {
/// Reads the checkpoints that a module names: in the folder of --weights, or else of the module's file.
WeightReader weightsOf(mlir::ModuleOp module);

/// Adds --interpret: runs a module in the reference interpreter. Returns the category of its options.
llvm::cl::OptionCategory &registerInterpretTranslation();

/// Adds --to-ptx, from gpu.module to PTX. Returns the category of its options.
llvm::cl::OptionCategory &registerPtxTranslation();

/// Adds --chip-to-artifact and --artifact-to-chip.
void registerChipTranslations();
} // namespace stas

#endif // STAS_TOOLS_TRANSLATE_TRANSLATIONS_H
