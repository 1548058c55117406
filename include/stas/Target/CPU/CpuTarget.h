//===- CpuTarget.h - The CPU that code is generated for ---------*- C++ -*-===//
#ifndef STAS_TARGET_CPU_CPUTARGET_H
#define STAS_TARGET_CPU_CPUTARGET_H

#include "stas/Target/CPU/Isa.h"
#include "llvm/Support/Error.h"
#include "llvm/Target/TargetMachine.h"
#include <memory>
#include <string>
#include <vector>

namespace stas {

/// An x86-64 CPU by LLVM's name for it.
class CpuTarget {
public:
  /// `name`: x86-64-v3, another name that LLVM knows, `native` for this machine; avx512-vnni or amx, which are
  /// x86-64-v4 with those instructions. Fails for any other name.
  static llvm::Expected<CpuTarget> create(llvm::StringRef name);

  /// As given to create().
  const std::string &name() const { return given; }
  /// What kernels may use: 16 lanes with AVX-512F, BW, DQ and VL, else 8.
  const Isa &isa() const { return instructions; }
  /// The features that a machine must have to run the code, by LLVM's names, sorted; those that stas can test for.
  const std::vector<std::string> &features() const { return required; }
  llvm::TargetMachine &machine() const { return *targetMachine; }
  /// LLVM's name and feature string, for function attributes.
  const std::string &llvmName() const { return cpu; }
  const std::string &llvmFeatures() const { return featureString; }

private:
  std::string given, cpu, featureString;
  std::vector<std::string> required;
  Isa instructions;
  std::unique_ptr<llvm::TargetMachine> targetMachine;
};

} // namespace stas

#endif // STAS_TARGET_CPU_CPUTARGET_H
