//===- Interpret.h - stas-translate --interpret -----------------*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef STAS_TOOLS_TRANSLATE_INTERPRET_H
#define STAS_TOOLS_TRANSLATE_INTERPRET_H

#include "llvm/Support/CommandLine.h"

namespace stas {
/// Adds --interpret: runs a module in the reference interpreter. Returns the category of its options.
llvm::cl::OptionCategory &registerInterpretTranslation();
} // namespace stas

#endif // STAS_TOOLS_TRANSLATE_INTERPRET_H
