//===- STASDialect.cpp - Registration of the stas dialect -----------------===//
#include "dialects/STAS/STASDialect.h"
#include "dialects/STAS/STASAttrs.h"
#include "dialects/STAS/STASOps.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"

using namespace stas;

#include "dialects/STAS/STASDialect.cpp.inc"

void STASDialect::initialize() {
  registerAttributes();
  addOperations<
#define GET_OP_LIST
#include "dialects/STAS/STASOps.cpp.inc"
      >();
}

llvm::StringRef stas::layerName(mlir::Operation *op) {
  llvm::StringRef name;
  op->getLoc()->walk([&](mlir::Location location) {
    auto named = llvm::dyn_cast<mlir::NameLoc>(location);
    if (!named)
      return mlir::WalkResult::advance();
    name = named.getName();
    return mlir::WalkResult::interrupt();
  });
  return name;
}
