//===- GpuTarget.cpp - The GPU that code is generated for -----------------===//
#include "stas/Target/CUDA/GpuTarget.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Support/TargetSelect.h"

using namespace llvm;
using namespace stas;

namespace {
/// A mismatch of architecture and PTX version ends the process inside LLVM: only these pairs get there.
struct Architecture {
  StringLiteral name;
  int ptxVersion;      // the first that knows the architecture, and at least 7.1: products of bits by AND
  int64_t sharedBytes; // CUDA C++ Programming Guide, technical specifications per compute capability
};
constexpr Architecture architectures[] = {{"sm_80", 71, 163 * 1024},
                                          {"sm_86", 71, 99 * 1024},
                                          {"sm_89", 78, 99 * 1024},
                                          {"sm_90", 78, 227 * 1024},
                                          {"sm_90a", 80, 227 * 1024}};
} // namespace

Expected<GpuTarget> GpuTarget::create(StringRef name) {
  const Architecture *found = find_if(architectures, [&](const Architecture &each) { return each.name == name; });
  if (found == std::end(architectures))
    return createStringError("GPU %s: required sm_80, sm_86, sm_89, sm_90 or sm_90a, found another name",
                             name.str().c_str());
  LLVMInitializeNVPTXTargetInfo();
  LLVMInitializeNVPTXTarget();
  LLVMInitializeNVPTXTargetMC();
  LLVMInitializeNVPTXAsmPrinter();
  Triple triple("nvptx64-nvidia-cuda");
  std::string message;
  const Target *nvptx = TargetRegistry::lookupTarget(triple, message);
  if (!nvptx)
    return createStringError("GPU %s: this LLVM has no code generator for NVPTX", name.str().c_str());
  GpuTarget target;
  target.chip = name.str();
  target.version = found->ptxVersion;
  target.shared = found->sharedBytes;
  target.targetMachine.reset(nvptx->createTargetMachine(triple, name, "+ptx" + std::to_string(found->ptxVersion),
                                                        TargetOptions(), std::nullopt, std::nullopt,
                                                        CodeGenOptLevel::Aggressive));
  return target;
}
