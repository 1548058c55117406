//===- Isa.h - What a CPU offers to kernels ---------------------*- C++ -*-===//
#ifndef STAS_TARGET_CPU_ISA_H
#define STAS_TARGET_CPU_ISA_H

#include <cstdint>

namespace stas {

/// The instructions that kernels are written for.
struct Isa {
  int64_t lanes = 8; ///< lanes of 32 bits in a vector register: 8 (AVX2) or 16 (AVX-512)
  bool vnni = false; ///< AVX512-VNNI: products of bytes and of pairs, on 512 bits
  bool amx = false;  ///< AMX-INT8 tiles, beside VNNI
};

/// avx2, avx512, avx512-vnni or amx.
inline const char *nameOf(const Isa &isa) {
  return isa.amx ? "amx" : isa.vnni ? "avx512-vnni" : isa.lanes == 16 ? "avx512" : "avx2";
}

} // namespace stas

#endif // STAS_TARGET_CPU_ISA_H
