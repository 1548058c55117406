//===- Emit.h - PTX and machine code for a GPU ------------------*- C++ -*-===//
#ifndef STAS_TARGET_CUDA_EMIT_H
#define STAS_TARGET_CUDA_EMIT_H

#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "stas/Target/CUDA/GpuTarget.h"
#include <optional>
#include <string>
#include <vector>

namespace stas {

/// Lowers a gpu.module of kernels (llvm.func, arith, scf, nvvm) to the LLVM dialect, in place.
mlir::LogicalResult lowerGpuModule(mlir::gpu::GPUModuleOp kernels);

/// PTX of such a module, lowered first if need be. Every function that is marked nvvm.kernel is an entry.
llvm::Expected<std::string> emitPtx(mlir::gpu::GPUModuleOp kernels, const GpuTarget &target);

/// What one kernel takes of a multiprocessor, as the assembler says.
struct KernelResources {
  std::string name;
  int64_t registers = 0;                   ///< of a thread
  int64_t stack = 0;                       ///< bytes of local memory of a thread
  int64_t spillStores = 0, spillLoads = 0; ///< bytes
};

/// Machine code and what its kernels take, in the order of the PTX.
struct Cubin {
  std::string code;
  std::vector<KernelResources> kernels;
};

/// The assembler of the CUDA toolkit: the one that the environment variable STAS_PTXAS names, none where that is empty;
/// or else `ptxas` of PATH, of CUDA_HOME/bin, or of /usr/local/cuda/bin.
std::optional<std::string> findPtxas();

/// Assembles PTX by the program `ptxas`. Fails with its message where it refuses the PTX.
llvm::Expected<Cubin> assemble(llvm::StringRef ptx, const GpuTarget &target, llvm::StringRef ptxas);

} // namespace stas

#endif // STAS_TARGET_CUDA_EMIT_H
