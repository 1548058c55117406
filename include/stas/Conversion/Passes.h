//===- Passes.h - Lowerings between dialects ------------------------------===//
#ifndef STAS_CONVERSION_PASSES_H
#define STAS_CONVERSION_PASSES_H

#include "dialects/Chip/ChipDialect.h"
#include "dialects/Spike/SpikeDialect.h"
#include "mlir/Dialect/AMX/AMXDialect.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/Pass.h"

namespace stas {
#define GEN_PASS_DECL
#define GEN_PASS_REGISTRATION
#include "stas/Conversion/Passes.h.inc"
} // namespace stas

#endif // STAS_CONVERSION_PASSES_H
