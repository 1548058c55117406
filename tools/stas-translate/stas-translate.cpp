//===- stas-translate.cpp - Models to and from other forms ----------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Interpret.h"
#include "mlir/Tools/mlir-translate/MlirTranslateMain.h"

int main(int argc, char **argv) {
  stas::registerInterpretTranslation();
  return mlir::failed(mlir::mlirTranslateMain(argc, argv, "stas translation driver\n"));
}
