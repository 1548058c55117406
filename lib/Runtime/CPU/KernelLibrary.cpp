//===- KernelLibrary.cpp - The code of an artifact, loaded ----------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "KernelLibrary.h"
#include "ElfCheck.h"

#include <cerrno>
#include <cstring>
#include <dlfcn.h>
#include <sys/mman.h>
#include <unistd.h>

using namespace stas;

Result<KernelLibrary> KernelLibrary::load(const std::string &name, std::string_view object) {
  if (Status status = checkElf(object); !status)
    return makeError(name, ": cannot load the section 'object': ", status.message(),
                     "; compile the model for this kind of machine");
  KernelLibrary library;
  library.name = name;
  // The dynamic linker takes a library for loaded already when one of the same
  // path is. The descriptor stays open as long as the library, so that no two
  // loaded libraries have the same path under /proc/self/fd.
  library.descriptor = memfd_create("stas-kernels", MFD_CLOEXEC);
  if (library.descriptor < 0)
    return makeError(name, ": cannot make memory for the code: ", std::strerror(errno));
  while (!object.empty()) {
    ssize_t written = ::write(library.descriptor, object.data(), object.size());
    if (written < 0 && errno == EINTR)
      continue;
    if (written < 0)
      return makeError(name, ": cannot make memory for the code: ", std::strerror(errno));
    object.remove_prefix(written);
  }
  std::string path = "/proc/self/fd/" + std::to_string(library.descriptor);
  library.handle = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!library.handle)
    return makeError(name, ": cannot load the section 'object': ", dlerror(), "; compile the model again");
  return library;
}

KernelLibrary::KernelLibrary(KernelLibrary &&other) noexcept { *this = std::move(other); }

KernelLibrary &KernelLibrary::operator=(KernelLibrary &&other) noexcept {
  std::swap(name, other.name);
  std::swap(handle, other.handle);
  std::swap(descriptor, other.descriptor);
  return *this;
}

KernelLibrary::~KernelLibrary() {
  if (handle)
    dlclose(handle);
  if (descriptor >= 0)
    close(descriptor);
}

Result<Kernel> KernelLibrary::find(const std::string &symbol) const {
  void *address = dlsym(handle, symbol.c_str());
  if (!address)
    return makeError(name, ": the section 'object' has no kernel '", symbol, "', which the plan calls");
  return reinterpret_cast<Kernel>(address);
}
