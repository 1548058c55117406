//===- ElfCheck.h - Whether bytes can be code for this machine --*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef STAS_LIB_RUNTIME_CPU_ELFCHECK_H
#define STAS_LIB_RUNTIME_CPU_ELFCHECK_H

#include "stas/Support/Error.h"

#include <string_view>

namespace stas {

/// Fails for what is no ELF shared object for the CPU that this runs on, or
/// whose segments do not lie in it. Not a defence against malice, which code
/// could do anyway: the dynamic linker maps what the headers say, and what is
/// missing from a file would end the process later, with no message.
Status checkElf(std::string_view object);

} // namespace stas

#endif // STAS_LIB_RUNTIME_CPU_ELFCHECK_H
