//===- Cpus.h - How many CPUs there are to use ------------------*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef STAS_LIB_RUNTIME_CPUS_H
#define STAS_LIB_RUNTIME_CPUS_H

#include <optional>
#include <string>

namespace stas {

/// The CPUs that a control group's cpu.max allows ("200000 100000" is two),
/// rounded up, or nothing where it sets no limit.
std::optional<int> cpusOfQuota(const std::string &text);

} // namespace stas

#endif // STAS_LIB_RUNTIME_CPUS_H
