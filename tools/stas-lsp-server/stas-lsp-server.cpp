//===- stas-lsp-server.cpp - Modules of stas in an editor -----------------===//
#include "mlir/IR/Dialect.h"
#include "mlir/Tools/mlir-lsp-server/MlirLspServerMain.h"
#include "stas/InitAll.h"

int main(int argc, char **argv) {
  mlir::DialectRegistry registry;
  stas::registerAllDialects(registry);
  stas::registerAllPasses();
  return failed(mlir::MlirLspServerMain(argc, argv, registry)) ? 1 : 0;
}
