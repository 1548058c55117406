//===- Driver.cpp - NVIDIA's driver library, loaded -----------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Driver.h"

#include <cstdlib>
#include <dlfcn.h>
#include <map>
#include <mutex>

using namespace stas;
using namespace stas::cuda;

static std::string versionText(int version) {
  return std::to_string(version / 1000) + "." + std::to_string(version % 1000 / 10);
}

Driver::~Driver() {
  if (handle)
    dlclose(handle);
}

Status Driver::open(const std::string &library) {
  // It stays when it is let go: NVIDIA's has threads, and code that runs when the process ends.
  handle = dlopen(library.c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  if (!handle)
    return makeError("CUDA: no driver: cannot load '", library, "' (", dlerror(),
                     "); required a machine with an NVIDIA GPU and its driver; a model compiled with --target=cpu runs "
                     "without");
  // First of all, since an older library lacks functions.
  using GetVersion = DriverResult (*)(int *);
  auto getVersion = reinterpret_cast<GetVersion>(dlsym(handle, "cuDriverGetVersion"));
  if (!getVersion)
    return makeError("CUDA: '", library, "' is no driver: it has no function 'cuDriverGetVersion'");
  if (DriverResult code = getVersion(&versionNumber); code != kSuccess)
    return code == kStubLibrary
               ? makeError("CUDA: '", library,
                           "' is the toolkit's stub, which runs nothing; required the library that "
                           "the NVIDIA driver installs")
               : makeError("CUDA: cannot ask the driver for its version (error ", static_cast<int>(code), ")");
  if (versionNumber < kLeastDriverVersion)
    return makeError("CUDA: the driver is too old: required one for CUDA ", versionText(kLeastDriverVersion),
                     " or later, found one for ", versionText(versionNumber), "; update the NVIDIA driver");
#define STAS_LOAD(member, name, parameters)                                                                            \
  (member) = reinterpret_cast<decltype(member)>(dlsym(handle, #name));                                                 \
  if (!(member))                                                                                                       \
    return makeError("CUDA: '", library, "' has no function '" #name "'; update the NVIDIA driver");
  STAS_CUDA_DRIVER_FUNCTIONS(STAS_LOAD)
#undef STAS_LOAD
#define STAS_LOAD_NEWER(member, name, parameters) (member) = reinterpret_cast<decltype(member)>(dlsym(handle, #name));
  STAS_CUDA_NEWER_DRIVER_FUNCTIONS(STAS_LOAD_NEWER)
#undef STAS_LOAD_NEWER
  DriverResult code = init(0);
  if (code == kNoDevice)
    return makeError(
        "CUDA: no GPU: the driver finds none; see what nvidia-smi lists and what CUDA_VISIBLE_DEVICES hides");
  return check(code, "initialise the driver");
}

Status Driver::check(DriverResult code, const std::string &what) const {
  if (code == kSuccess)
    return {};
  const char *name = nullptr, *text = nullptr;
  getErrorName(code, &name);
  getErrorString(code, &text);
  return makeError("CUDA: cannot ", what, ": ", text ? text : "an error that the driver has no words for", " (",
                   name ? name : "error", " ", static_cast<int>(code), ")");
}

Result<std::shared_ptr<const Driver>> Driver::load(const std::string &library) {
  const char *variable = std::getenv(kDriverVariable);
  std::string name = !library.empty() ? library : variable && *variable ? variable : "libcuda.so.1";
  static std::mutex mutex;
  static std::map<std::string, std::weak_ptr<const Driver>> loaded;
  std::lock_guard<std::mutex> lock(mutex);
  if (std::shared_ptr<const Driver> driver = loaded[name].lock())
    return driver;
  auto driver = std::make_shared<Driver>();
  if (Status status = driver->open(name); !status)
    return status.error();
  loaded[name] = driver;
  return std::shared_ptr<const Driver>(std::move(driver));
}
