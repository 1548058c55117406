//===- GpuTarget.h - The GPU that code is generated for ---------*- C++ -*-===//
#ifndef STAS_TARGET_CUDA_GPUTARGET_H
#define STAS_TARGET_CUDA_GPUTARGET_H

#include "llvm/Support/Error.h"
#include "llvm/Target/TargetMachine.h"
#include <memory>
#include <string>

namespace stas {

/// An architecture of NVIDIA GPUs by its name in PTX, with the oldest version of PTX that has all that kernels use.
class GpuTarget {
public:
  /// `name`: sm_80, sm_86, sm_89, sm_90 or sm_90a. Code for sm_80 runs on everything later; that for sm_90a on Hopper
  /// alone. Fails for any other name.
  static llvm::Expected<GpuTarget> create(llvm::StringRef name);

  /// As given to create().
  const std::string &name() const { return chip; }
  /// Ten times the version of PTX, such as 71 for 7.1.
  int ptxVersion() const { return version; }
  /// Most bytes of shared memory that a block may have.
  int64_t sharedBytes() const { return shared; }
  llvm::TargetMachine &machine() const { return *targetMachine; }

private:
  std::string chip;
  int version = 0;
  int64_t shared = 0;
  std::unique_ptr<llvm::TargetMachine> targetMachine;
};

} // namespace stas

#endif // STAS_TARGET_CUDA_GPUTARGET_H
