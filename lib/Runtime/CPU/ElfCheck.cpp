//===- ElfCheck.cpp - Whether bytes can be code for this machine ----------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ElfCheck.h"
#include "stas/Support/Checked.h"

#include <cstring>
#include <elf.h>

using namespace stas;

#if defined(__x86_64__)
static constexpr int kMachine = EM_X86_64;
static constexpr const char *kMachineName = "x86-64";
#elif defined(__aarch64__)
static constexpr int kMachine = EM_AARCH64;
static constexpr const char *kMachineName = "AArch64";
#else
#error "stas runs on x86-64 and AArch64"
#endif

Status stas::checkElf(std::string_view object) {
  Elf64_Ehdr header;
  if (object.size() < sizeof(header) || object.substr(0, SELFMAG) != std::string_view(ELFMAG, SELFMAG))
    return makeError("required an ELF shared object, found other bytes");
  std::memcpy(&header, object.data(), sizeof(header));
  if (header.e_ident[EI_CLASS] != ELFCLASS64 || header.e_ident[EI_DATA] != ELFDATA2LSB || header.e_type != ET_DYN ||
      header.e_machine != kMachine)
    return makeError("required an ELF shared object for ", kMachineName, ", found machine ", header.e_machine,
                     ", type ", header.e_type);
  uint64_t tableSize = uint64_t(header.e_phnum) * sizeof(Elf64_Phdr);
  if (header.e_phentsize != sizeof(Elf64_Phdr) || !inRange(header.e_phoff, tableSize, object.size()))
    return makeError("the ELF program headers do not lie in it");
  for (unsigned i = 0; i < header.e_phnum; ++i) {
    Elf64_Phdr segment;
    std::memcpy(&segment, object.data() + header.e_phoff + i * sizeof(Elf64_Phdr), sizeof(segment));
    if (!inRange(segment.p_offset, segment.p_filesz, object.size()))
      return makeError("ELF segment ", i, " does not lie in it");
  }
  return {};
}
