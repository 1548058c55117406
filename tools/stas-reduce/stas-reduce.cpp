//===- stas-reduce.cpp - Makes a module that shows a problem smaller ------===//
#include "ReductionPatterns.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/Tools/mlir-reduce/MlirReduceMain.h"
#include "stas/InitAll.h"

int main(int argc, char **argv) {
  mlir::DialectRegistry registry;
  stas::registerAllDialects(registry);
  stas::registerAllPasses();
  stas::registerReductionPatterns(registry);
  mlir::MLIRContext context(registry);
  return failed(mlir::mlirReduceMain(argc, argv, context)) ? 1 : 0;
}
