//===- CpuFeatures.h - What a CPU can do ------------------------*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef STAS_RUNTIME_CPUFEATURES_H
#define STAS_RUNTIME_CPUFEATURES_H

#include "stas/Support/Error.h"

#include <string>
#include <vector>

namespace stas {

/// Whether this version can tell if a CPU has a feature, by LLVM's name for it:
/// "avx2", "fma", "avx512f". A compiler uses no other features.
bool isKnownCpuFeature(const std::string &feature);

/// The known features that this machine and its operating system have, sorted.
/// AMX is among them where the system lets this process use tiles, for which it
/// is asked here.
std::vector<std::string> hostCpuFeatures();

/// Fails, naming them, where required features are missing from those that are
/// there. cpu is what the artifact was compiled for.
Status requireCpuFeatures(const std::vector<std::string> &required, const std::vector<std::string> &present,
                          const std::string &cpu);

} // namespace stas

#endif // STAS_RUNTIME_CPUFEATURES_H
