//===- InitAll.cpp - The one place where everything is registered ---------===//
#include "stas/InitAll.h"
#include "dialects/STAS/STASDialect.h"
#include "dialects/Spike/SpikeDialect.h"
#include "dialects/StasCheck/StasCheck.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Transforms/Passes.h"
#include "stas/Conversion/Passes.h"

void stas::registerAllDialects(mlir::DialectRegistry &registry) {
  registry.insert<STASDialect, spike::SpikeDialect, check::StasCheckDialect, mlir::arith::ArithDialect,
                  mlir::func::FuncDialect>();
}

void stas::registerAllPasses() {
  mlir::registerTransformsPasses();
  registerStasConversionPasses();
}
