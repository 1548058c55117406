//===- TestKernels.cpp - PTX of single kernels ----------------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "TestKernels.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "mlir/IR/Verifier.h"
#include <gtest/gtest.h>

using namespace mlir;
using namespace stas;
using namespace stas::cuda;

std::string ptxOf(llvm::function_ref<void(KernelBuilder &, gpu::GPUModuleOp)> build, llvm::StringRef chip) {
  auto target = GpuTarget::create(chip);
  if (!target) {
    ADD_FAILURE() << llvm::toString(target.takeError());
    return "";
  }
  MLIRContext context;
  context.loadDialect<arith::ArithDialect, gpu::GPUDialect, LLVM::LLVMDialect, NVVM::NVVMDialect, scf::SCFDialect>();
  KernelBuilder b(UnknownLoc::get(&context), &context);
  OwningOpRef<ModuleOp> module = ModuleOp::create(b.getLoc());
  b.setInsertionPointToEnd(module->getBody());
  auto kernels = gpu::GPUModuleOp::create(b, "kernels");
  build(b, kernels);
  if (failed(verify(*module))) {
    ADD_FAILURE() << "the kernels' module is not valid";
    return "";
  }
  auto ptx = emitPtx(kernels, *target);
  if (!ptx) {
    ADD_FAILURE() << llvm::toString(ptx.takeError());
    return "";
  }
  return *ptx;
}

std::string ptxOf(const LinearSpec &spec, llvm::StringRef chip) {
  EXPECT_EQ(problemOf(spec), "");
  return ptxOf([&](KernelBuilder &b, gpu::GPUModuleOp module) { buildLinear(b, module, "kernel", spec); }, chip);
}
