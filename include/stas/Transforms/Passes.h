//===- Passes.h - Passes within the dialects of stas ----------------------===//
#ifndef STAS_TRANSFORMS_PASSES_H
#define STAS_TRANSFORMS_PASSES_H

#include "dialects/STAS/STASDialect.h"
#include "dialects/Spike/SpikeDialect.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/Pass.h"

namespace stas {
#define GEN_PASS_DECL
#define GEN_PASS_REGISTRATION
#include "stas/Transforms/Passes.h.inc"
} // namespace stas

#endif // STAS_TRANSFORMS_PASSES_H
