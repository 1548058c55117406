//===- stas-opt.cpp - Runs passes over imported models --------------------===//
#include "mlir/Tools/mlir-opt/MlirOptMain.h"
#include "stas/InitAll.h"
#include "test/lib/TestPasses.h"

int main(int argc, char **argv) {
  mlir::DialectRegistry registry;
  stas::registerAllDialects(registry);
  stas::registerAllPasses();
  stas::test::registerAnalysisTestPasses();
  return mlir::asMainReturnCode(mlir::MlirOptMain(argc, argv, "stas pass driver\n", registry));
}
