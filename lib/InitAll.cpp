//===- InitAll.cpp - The one place where everything is registered ---------===//
#include "stas/InitAll.h"
#include "dialects/STAS/STASDialect.h"
#include "dialects/Spike/SpikeDialect.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Transforms/Passes.h"

void stas::registerAllDialects(mlir::DialectRegistry &registry) {
  registry.insert<STASDialect, spike::SpikeDialect, mlir::func::FuncDialect>();
}

void stas::registerAllPasses() { mlir::registerTransformsPasses(); }
