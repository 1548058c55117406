//===- CpuTarget.cpp - The CPU that code is generated for -----------------===//
#include "stas/Target/CPU/CpuTarget.h"
#include "stas/Runtime/CpuFeatures.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/MC/MCSubtargetInfo.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/TargetParser/Host.h"
#include "llvm/TargetParser/X86TargetParser.h"
#include <algorithm>

using namespace llvm;
using namespace stas;

/// Features for operating systems, cryptography, caches and explicit instructions. The code generator never chooses
/// them for arithmetic, so that no machine has to be tested for them.
static constexpr StringLiteral neverChosen[] = {
    "64bit", "cldemote", "clflushopt", "clwb",     "clzero", "enqcmd",  "fsgsbase", "hreset",    "invpcid",
    "kl",    "lwp",      "movdir64b",  "movdiri",  "mwaitx", "pconfig", "pku",      "prefetchi", "ptwrite",
    "rdpid", "rdpru",    "serialize",  "sgx",      "sha512", "shstk",   "sm3",      "sm4",       "tsxldtrk",
    "uintr", "usermsr",  "waitpkg",    "wbnoinvd", "widekl", "xsavec",  "xsaveopt", "xsaves"};

/// Whether code may come to need a feature that the runtime cannot look for.
static bool isUntestable(StringRef feature) {
  return !isKnownCpuFeature(feature.str()) && !is_contained(neverChosen, feature);
}

Expected<CpuTarget> CpuTarget::create(StringRef name) {
  InitializeNativeTarget();
  InitializeNativeTargetAsmPrinter();
  Triple triple(sys::getDefaultTargetTriple());
  std::string message;
  const Target *found = TargetRegistry::lookupTarget(triple, message);
  if (!found || triple.getArch() != Triple::x86_64)
    return createStringError("--cpu=%s: required an x86-64 target, found %s", name.str().c_str(), triple.str().c_str());

  CpuTarget target;
  target.given = name.str();
  target.cpu = name.str();
  // What kernels gain from beyond the levels that LLVM names, and nothing else, so that many CPUs run it.
  StringRef extra = StringSwitch<StringRef>(name)
                        .Case("avx512-vnni", "+avx512vnni")
                        .Case("amx", "+amx-int8,+amx-tile,+avx512vnni,+avx512vpopcntdq")
                        .Default("");
  if (!extra.empty()) {
    target.cpu = "x86-64-v4";
    target.featureString = extra.str();
  } else if (name == "native") {
    // The name of a new CPU may be unknown to LLVM; its features are read from the CPU itself.
    target.cpu = sys::getHostCPUName().str();
    std::vector<std::string> features;
    for (const auto &feature : sys::getHostCPUFeatures())
      features.push_back((feature.second && !isUntestable(feature.first()) ? "+" : "-") + feature.first().str());
    std::sort(features.begin(), features.end()); // a hash table's order is no order
    for (const std::string &feature : features)
      target.featureString += (target.featureString.empty() ? "" : ",") + feature;
  } else {
    std::unique_ptr<MCSubtargetInfo> generic(found->createMCSubtargetInfo(triple, "", ""));
    if (!generic || !generic->isCPUStringValid(name))
      return createStringError("--cpu=%s: required x86-64-v3, avx512-vnni, amx, native or a CPU that LLVM knows (such "
                               "as x86-64-v4, haswell, znver4), found another name",
                               name.str().c_str());
    std::unique_ptr<MCSubtargetInfo> subtarget(found->createMCSubtargetInfo(triple, name, ""));
    if (!subtarget->checkFeatures("+64bit"))
      return createStringError("--cpu=%s: required a CPU of 64 bits, found one of 32", name.str().c_str());
    SmallVector<StringRef> features;
    X86::getFeaturesForCPU(name, features);
    erase_if(features, [](StringRef feature) { return !isUntestable(feature); });
    llvm::sort(features);
    if (!features.empty())
      return createStringError("--cpu=%s: required a CPU whose features the runtime can look for when it loads the "
                               "code, found %s; choose an older CPU, such as x86-64-v4",
                               name.str().c_str(), join(features, ", ").c_str());
  }
  target.targetMachine.reset(found->createTargetMachine(triple, target.cpu, target.featureString, TargetOptions(),
                                                        Reloc::PIC_, std::nullopt, CodeGenOptLevel::Aggressive));
  if (!target.targetMachine)
    return createStringError("--cpu=%s: LLVM has no code generator for it", name.str().c_str());
  for (const SubtargetFeatureKV &feature : target.targetMachine->getMCSubtargetInfo()->getEnabledProcessorFeatures())
    if (isKnownCpuFeature(feature.Key))
      target.required.push_back(feature.Key);
  std::sort(target.required.begin(), target.required.end());
  auto has = [&](std::initializer_list<const char *> features) {
    return std::all_of(features.begin(), features.end(), [&](const char *feature) {
      return std::binary_search(target.required.begin(), target.required.end(), std::string(feature));
    });
  };
  bool wide = has({"avx512f", "avx512bw", "avx512dq", "avx512vl"});
  target.instructions.lanes = wide ? 16 : 8;
  target.instructions.vnni = wide && has({"avx512vnni"});
  target.instructions.amx = target.instructions.vnni && has({"amx-tile", "amx-int8"});
  return target;
}
