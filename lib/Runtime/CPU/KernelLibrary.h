//===- KernelLibrary.h - The code of an artifact, loaded --------*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef STAS_LIB_RUNTIME_CPU_KERNELLIBRARY_H
#define STAS_LIB_RUNTIME_CPU_KERNELLIBRARY_H

#include "stas/Support/Error.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace stas {

/// Computes the work items [begin, end) of a launch. args are pointers to
/// buffers and weights as the plan says, t is the turn of the enclosing time
/// loop or 0, stride is from the arena of an image to that of the next in bytes
/// (for kernels that take several), scratch is memory of this thread alone. A
/// kernel may read up to 64 bytes past the end of the arena, never write there.
using Kernel = void (*)(void *const *args, int64_t begin, int64_t end, int64_t t, int64_t stride, void *scratch);

/// A shared object that lives in memory only.
class KernelLibrary {
public:
  /// Loads the bytes of an ELF shared object and runs its initialisers. name
  /// is the artifact, for errors.
  static Result<KernelLibrary> load(const std::string &name, std::string_view object);

  KernelLibrary(KernelLibrary &&other) noexcept;
  KernelLibrary &operator=(KernelLibrary &&other) noexcept;
  KernelLibrary(const KernelLibrary &) = delete;
  KernelLibrary &operator=(const KernelLibrary &) = delete;
  ~KernelLibrary();

  Result<Kernel> find(const std::string &symbol) const;

private:
  KernelLibrary() = default;
  std::string name;
  void *handle = nullptr;
  int descriptor = -1;
};

} // namespace stas

#endif // STAS_LIB_RUNTIME_CPU_KERNELLIBRARY_H
