//===- Optimize.h - LLVM's default optimisations ----------------*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef STAS_TARGET_OPTIMIZE_H
#define STAS_TARGET_OPTIMIZE_H

namespace llvm {
class Module;
class TargetMachine;
} // namespace llvm

namespace stas {

/// Optimises a module of kernels for a machine: LLVM's default pipeline of O3.
void optimize(llvm::Module &module, llvm::TargetMachine &machine);

} // namespace stas

#endif // STAS_TARGET_OPTIMIZE_H
