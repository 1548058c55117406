//===- CpuFeatures.cpp - What a CPU can do --------------------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "stas/Runtime/CpuFeatures.h"
#include "stas/Support/Text.h"

#include <algorithm>
#include <cstdint>
#if defined(__x86_64__)
#include <cpuid.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif

using namespace stas;

namespace {

/// The register of a CPUID leaf that holds a feature's bit.
enum Register { EAX, EBX, ECX, EDX };

/// What the operating system must save at a context switch for a feature to be
/// usable; bits of XCR0.
enum State : uint64_t { None = 0, Ymm = 0x6, Zmm = 0xe6, Tiles = 0x60000 };

struct Feature {
  const char *name; ///< LLVM's.
  uint32_t leaf, subleaf;
  Register where;
  int bit;
  State state;
};

// Bits as in the Intel and AMD manuals, under the CPUID instruction.
constexpr Feature kFeatures[] = {
    {"adx", 7, 0, EBX, 19, None},
    {"aes", 1, 0, ECX, 25, None},
    {"amx-bf16", 7, 0, EDX, 22, Tiles},
    {"amx-complex", 7, 1, EDX, 8, Tiles},
    {"amx-fp16", 7, 1, EAX, 21, Tiles},
    {"amx-int8", 7, 0, EDX, 25, Tiles},
    {"amx-tile", 7, 0, EDX, 24, Tiles},
    {"avx", 1, 0, ECX, 28, Ymm},
    {"avx2", 7, 0, EBX, 5, Ymm},
    {"avx512bf16", 7, 1, EAX, 5, Zmm},
    {"avx512bitalg", 7, 0, ECX, 12, Zmm},
    {"avx512bw", 7, 0, EBX, 30, Zmm},
    {"avx512cd", 7, 0, EBX, 28, Zmm},
    {"avx512dq", 7, 0, EBX, 17, Zmm},
    {"avx512f", 7, 0, EBX, 16, Zmm},
    {"avx512fp16", 7, 0, EDX, 23, Zmm},
    {"avx512ifma", 7, 0, EBX, 21, Zmm},
    {"avx512vbmi", 7, 0, ECX, 1, Zmm},
    {"avx512vbmi2", 7, 0, ECX, 6, Zmm},
    {"avx512vl", 7, 0, EBX, 31, Zmm},
    {"avx512vnni", 7, 0, ECX, 11, Zmm},
    {"avx512vp2intersect", 7, 0, EDX, 8, Zmm},
    {"avx512vpopcntdq", 7, 0, ECX, 14, Zmm},
    {"avxifma", 7, 1, EAX, 23, Ymm},
    {"avxneconvert", 7, 1, EDX, 5, Ymm},
    {"avxvnni", 7, 1, EAX, 4, Ymm},
    {"avxvnniint16", 7, 1, EDX, 10, Ymm},
    {"avxvnniint8", 7, 1, EDX, 4, Ymm},
    {"bmi", 7, 0, EBX, 3, None},
    {"bmi2", 7, 0, EBX, 8, None},
    {"cmov", 1, 0, EDX, 15, None},
    {"cmpccxadd", 7, 1, EAX, 7, None},
    {"crc32", 1, 0, ECX, 20, None},
    {"cx16", 1, 0, ECX, 13, None},
    {"cx8", 1, 0, EDX, 8, None},
    {"f16c", 1, 0, ECX, 29, Ymm},
    {"fma", 1, 0, ECX, 12, Ymm},
    {"fma4", 0x80000001, 0, ECX, 16, Ymm},
    {"fxsr", 1, 0, EDX, 24, None},
    {"gfni", 7, 0, ECX, 8, None},
    {"lzcnt", 0x80000001, 0, ECX, 5, None},
    {"mmx", 1, 0, EDX, 23, None},
    {"movbe", 1, 0, ECX, 22, None},
    {"pclmul", 1, 0, ECX, 1, None},
    {"popcnt", 1, 0, ECX, 23, None},
    {"prfchw", 0x80000001, 0, ECX, 8, None},
    {"rdrnd", 1, 0, ECX, 30, None},
    {"rdseed", 7, 0, EBX, 18, None},
    {"sahf", 0x80000001, 0, ECX, 0, None},
    {"sha", 7, 0, EBX, 29, None},
    {"sse", 1, 0, EDX, 25, None},
    {"sse2", 1, 0, EDX, 26, None},
    {"sse3", 1, 0, ECX, 0, None},
    {"sse4.1", 1, 0, ECX, 19, None},
    {"sse4.2", 1, 0, ECX, 20, None},
    {"sse4a", 0x80000001, 0, ECX, 6, None},
    {"ssse3", 1, 0, ECX, 9, None},
    {"tbm", 0x80000001, 0, ECX, 21, None},
    {"vaes", 7, 0, ECX, 9, Ymm},
    {"vpclmulqdq", 7, 0, ECX, 10, Ymm},
    {"x87", 1, 0, EDX, 0, None},
    {"xop", 0x80000001, 0, ECX, 11, Ymm},
    {"xsave", 1, 0, ECX, 26, None},
};

} // namespace

bool stas::isKnownCpuFeature(const std::string &feature) {
  return std::any_of(std::begin(kFeatures), std::end(kFeatures),
                     [&](const Feature &known) { return feature == known.name; });
}

#if defined(__x86_64__)
/// The state that the operating system saves, 0 where it does not say.
static uint64_t savedState() {
  uint32_t regs[4];
  constexpr uint32_t kOsXsave = 1u << 27;
  if (!__get_cpuid(1, &regs[0], &regs[1], &regs[2], &regs[3]) || !(regs[ECX] & kOsXsave))
    return 0;
  uint32_t low, high;
  __asm__("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  return static_cast<uint64_t>(high) << 32 | low;
}

/// Memory for tiles is given to processes that ask, from then on.
static bool mayUseTiles() {
  // From asm/prctl.h, which older systems lack: ARCH_REQ_XCOMP_PERM and the number of the state.
  constexpr int kRequestPermission = 0x1023, kTileData = 18;
  return syscall(SYS_arch_prctl, kRequestPermission, kTileData) == 0;
}

static bool hasFeature(const Feature &feature, uint64_t saved) {
  uint32_t regs[4];
  return __get_cpuid_count(feature.leaf, feature.subleaf, &regs[0], &regs[1], &regs[2], &regs[3]) &&
         (regs[feature.where] >> feature.bit & 1) && (saved & feature.state) == feature.state;
}
#else
static uint64_t savedState() { return 0; }
static bool mayUseTiles() { return false; }
static bool hasFeature(const Feature &, uint64_t) { return false; }
#endif

std::vector<std::string> stas::hostCpuFeatures() {
  uint64_t saved = savedState();
  if ((saved & Tiles) && !mayUseTiles())
    saved &= ~static_cast<uint64_t>(Tiles);
  std::vector<std::string> present;
  for (const Feature &feature : kFeatures)
    if (hasFeature(feature, saved))
      present.push_back(feature.name);
  std::sort(present.begin(), present.end());
  return present;
}

Status stas::requireCpuFeatures(const std::vector<std::string> &required, const std::vector<std::string> &present,
                                const std::string &cpu) {
  std::string missing;
  for (const std::string &feature : required) {
    if (std::find(present.begin(), present.end(), feature) != present.end())
      continue;
    missing += missing.empty() ? "" : ", ";
    missing += printable(feature);
    if (!isKnownCpuFeature(feature))
      missing += " (unknown to this version)";
  }
  if (missing.empty())
    return {};
  return makeError("the code was compiled for --cpu=", printable(cpu),
                   " and needs CPU features that this machine lacks: ", missing,
                   "; compile the model again on this machine with "
                   "--cpu=native, or with --cpu=x86-64-v3 for any with AVX2");
}
