//===- TestKernels.h - PTX of single kernels --------------------*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef STAS_TEST_UNIT_CUDA_TESTKERNELS_H
#define STAS_TEST_UNIT_CUDA_TESTKERNELS_H

#include "lib/Conversion/SpikeToGPU/Kernels.h"
#include "stas/Target/CUDA/Emit.h"

/// PTX of the kernels that `build` adds to a module. Fails the running test where it cannot be made.
std::string ptxOf(llvm::function_ref<void(stas::cuda::KernelBuilder &, mlir::gpu::GPUModuleOp)> build,
                  llvm::StringRef chip = "sm_80");
/// Of one linear layer, as the entry "kernel".
std::string ptxOf(const stas::cuda::LinearSpec &spec, llvm::StringRef chip = "sm_80");

#endif // STAS_TEST_UNIT_CUDA_TESTKERNELS_H
