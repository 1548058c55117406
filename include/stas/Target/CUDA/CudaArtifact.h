//===- CudaArtifact.h - Kernels and a plan as an artifact -------*- C++ -*-===//
#ifndef STAS_TARGET_CUDA_CUDAARTIFACT_H
#define STAS_TARGET_CUDA_CUDAARTIFACT_H

#include "mlir/IR/BuiltinOps.h"
#include "stas/Target/CUDA/Emit.h"

namespace stas {
namespace cuda {
struct Plan; // lib/Runtime/CUDA/Plan.h
} // namespace cuda

/// All kernels of a plan for one architecture.
struct GpuCode {
  std::string architecture; // as GpuTarget names it
  std::string ptx;
  std::optional<std::string> cubin; // machine code, where there is an assembler
};

/// What an artifact holds of a model beside its manifest.
struct CudaModel {
  const cuda::Plan &plan;
  llvm::StringRef weights;
  llvm::ArrayRef<GpuCode> codes;
};

/// Writes the artifact of a quantised module, from whose @main the plan was made, to `path`. Errors name the file.
llvm::Error writeCudaArtifact(mlir::ModuleOp module, const CudaModel &model, llvm::StringRef path);

} // namespace stas

#endif // STAS_TARGET_CUDA_CUDAARTIFACT_H
