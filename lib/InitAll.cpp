//===- InitAll.cpp - The one place where everything is registered ---------===//
#include "stas/InitAll.h"
#include "dialects/Chip/ChipDialect.h"
#include "dialects/STAS/STASDialect.h"
#include "dialects/Spike/SpikeDialect.h"
#include "dialects/StasCheck/StasCheck.h"
#include "mlir/Dialect/AMX/AMXDialect.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlow.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/Transforms/Passes.h"
#include "stas/Analysis/IntegerRanges.h"
#include "stas/Conversion/Passes.h"
#include "stas/Pipelines/Pipelines.h"
#include "stas/Transforms/Chip/Passes.h"
#include "stas/Transforms/Passes.h"

void stas::registerAllDialects(mlir::DialectRegistry &registry) {
  registry.insert<STASDialect, spike::SpikeDialect, chip::ChipDialect, check::StasCheckDialect, mlir::amx::AMXDialect,
                  mlir::arith::ArithDialect, mlir::cf::ControlFlowDialect, mlir::func::FuncDialect,
                  mlir::gpu::GPUDialect, mlir::LLVM::LLVMDialect, mlir::math::MathDialect, mlir::memref::MemRefDialect,
                  mlir::NVVM::NVVMDialect, mlir::scf::SCFDialect, mlir::vector::VectorDialect>();
  registerIntegerRangeModels(registry);
}

void stas::registerAllPasses() {
  mlir::registerTransformsPasses();
  registerStasConversionPasses();
  registerStasTransformsPasses();
  registerStasChipPasses();
  registerPhases();
}
