//===- GpuCode.h - From a quantised model to kernels of a GPU ---*- C++ -*-===//
#ifndef STAS_TOOLS_STAS_COMPILE_GPUCODE_H
#define STAS_TOOLS_STAS_COMPILE_GPUCODE_H

#include "lib/Conversion/SpikeToGPU/PlanBuilder.h"
#include "stas/Target/CUDA/CudaArtifact.h"

namespace stas {

/// What a GPU runs of a model.
struct GpuPlan {
  mlir::OwningOpRef<mlir::ModuleOp> module; // of one gpu.module, the kernels
  cuda::ModelPlan model;
};

/// The architectures of those names, or sm_80, which all later GPUs run as well, and Hopper's own.
llvm::Expected<std::vector<GpuTarget>> gpuTargetsOf(llvm::ArrayRef<std::string> names);

/// Plans the function @main of a module that is brought to the phase `sparse`, with tiles that all targets have room
/// for. What cannot be is reported as a diagnostic.
mlir::FailureOr<GpuPlan> planForGpu(mlir::ModuleOp module, WeightReader &weights, llvm::ArrayRef<GpuTarget> targets);

/// PTX of the kernels for each target and, where there is an assembler, machine code. `remark` is told what each kernel
/// takes. The kernels are lowered on the way.
llvm::Expected<std::vector<GpuCode>> emitForGpu(GpuPlan &plan, llvm::ArrayRef<GpuTarget> targets,
                                                llvm::function_ref<void(const std::string &)> remark);

} // namespace stas

#endif // STAS_TOOLS_STAS_COMPILE_GPUCODE_H
