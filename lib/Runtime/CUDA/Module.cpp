//===- Module.cpp - Kernels, loaded on a GPU ------------------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Module.h"
#include "stas/Support/Checked.h"
#include "stas/Support/Text.h"

#include <cstdlib>
#include <utility>

using namespace stas;
using namespace stas::cuda;

/// Up to this, a kernel gets dynamic shared memory without asking.
static constexpr unsigned kSharedForAll = 48 * 1024;
static constexpr unsigned kLogBytes = 8192;

bool stas::cuda::runsOn(const Image &image, int architecture) {
  std::string_view target = image.target;
  if (target.substr(0, 3) != "sm_")
    return false;
  std::string number(target.substr(3));
  char *end = nullptr;
  long required = std::strtol(number.c_str(), &end, 10);
  if (end == number.c_str())
    return false;
  // PTX for an architecture runs on all later ones, machine code on those of its generation; what uses features of one
  // alone, on that.
  if (image.isBinary && required / 10 != architecture / 10)
    return false;
  return *end == '\0' ? required <= architecture : std::string_view(end) == "a" && required == architecture;
}

Result<std::vector<const Image *>> stas::cuda::imagesFor(const std::vector<Image> &images, const Device &device) {
  std::string targets;
  std::vector<const Image *> usable;
  for (auto image = images.rbegin(); image != images.rend(); ++image) {
    if (runsOn(*image, device.architecture()))
      usable.push_back(&*image);
    if (!image->isBinary)
      targets = printable(image->target) + (targets.empty() ? "" : ", ") + targets;
  }
  if (!usable.empty())
    return usable;
  return makeError("CUDA: the GPU is too old, or of another kind: required one of ", targets, " or later, found ",
                   device.name(), ", which is sm_", device.architecture());
}

void Arguments::append(const void *value, size_t size) {
  packed.resize(alignTo(packed.size(), size));
  parts.push_back({packed.size(), size});
  packed.append(static_cast<const char *>(value), size);
}

Result<Module> Module::load(std::shared_ptr<const Device> device, const Image &image) {
  const Driver &driver = device->driver();
  // PTX is text that ends with a zero.
  std::string text(image.code), log(kLogBytes, '\0');
  JitOption options[] = {kErrorLogBuffer, kErrorLogBufferBytes};
  void *values[] = {log.data(), reinterpret_cast<void *>(static_cast<uintptr_t>(kLogBytes))};
  Module result;
  DriverResult code = driver.moduleLoadData(&result.module, text.c_str(), 2, options, values);
  if (code == kUnsupportedPtxVersion)
    return makeError("CUDA: the driver is too old for the artifact's code: it is for CUDA ", driver.version() / 1000,
                     ".", driver.version() % 1000 / 10,
                     " and does not know the code's version of PTX; update the NVIDIA driver");
  log.resize(log.find('\0') == std::string::npos ? log.size() : log.find('\0'));
  std::string said = log.empty() ? "" : "; its compiler says: " + printable(log, 2000);
  if (Status status = driver.check(code, "load the kernels for " + image.target); !status)
    return makeError(status.message(), said);
  result.device = std::move(device);
  return result;
}

Module &Module::operator=(Module &&other) noexcept {
  std::swap(device, other.device);
  std::swap(module, other.module);
  std::swap(dynamicShared, other.dynamicShared);
  return *this;
}

Module::~Module() {
  if (device)
    device->driver().moduleUnload(module);
}

Result<FunctionObject *> Module::find(const std::string &kernel, unsigned bytes) {
  const Driver &driver = device->driver();
  FunctionObject *function = nullptr;
  DriverResult code = driver.moduleGetFunction(&function, module, kernel.c_str());
  if (code == kNotFound)
    return makeError("CUDA: the code has no kernel '", kernel, "', which the plan launches");
  if (Status status = driver.check(code, "find the kernel '" + kernel + "'"); !status)
    return status.error();
  if (bytes > device->sharedBytes())
    return makeError("CUDA: kernel '", kernel, "': required ", humanBytes(bytes), " of shared memory, found ",
                     humanBytes(device->sharedBytes()), " on ", device->name(),
                     "; compile the model with --gpu=sm_86, whose kernels need at most 99 KiB");
  unsigned &asked = dynamicShared[function];
  if (bytes > kSharedForAll && bytes > asked) {
    code = driver.functionSetAttribute(function, kMaxDynamicShared, static_cast<int>(bytes));
    if (Status status = driver.check(code, "give the kernel '" + kernel + "' its shared memory"); !status)
      return status.error();
    asked = bytes;
  }
  return function;
}

Status Module::checkParameters(FunctionObject *function, const std::string &kernel, const Arguments &arguments) const {
  const Driver &driver = device->driver();
  if (!driver.functionParameter)
    return {};
  auto differs = [&](const auto &...parts) {
    return makeError("CUDA: kernel '", kernel, "': ", parts...,
                     ": the plan is not that of this code; copy or compile the artifact again");
  };
  // The driver knows no number of parameters: it refuses the index after the last.
  for (size_t i = 0;; ++i) {
    size_t offset = 0, bytes = 0, count = arguments.places().size();
    DriverResult code = driver.functionParameter(function, i, &offset, &bytes);
    if (code == kInvalidValue)
      return i == count ? Status() : differs("required ", i, " arguments, found ", count);
    if (Status status = driver.check(code, "ask for the parameters of the kernel '" + kernel + "'"); !status)
      return status;
    if (i == count)
      return differs("required more than ", count, " arguments, found ", count);
    const Arguments::Place &place = arguments.places()[i];
    if (place.offset != offset || place.bytes != bytes)
      return differs("argument ", i, ": required ", bytes, " B at ", offset, ", found ", place.bytes, " B at ",
                     place.offset);
  }
}

Status Module::launch(Stream &stream, FunctionObject *kernel, const Launch &launch, Arguments &arguments) {
  // One buffer and its size, beyond which the driver does not read, and which it refuses where it is not that of the
  // parameters. The other way, an array of pointers, has no size: of a kernel with more parameters than the plan
  // knows, which a damaged artifact may have, the driver would follow whatever lies behind the array.
  std::string &bytes = arguments.bytes();
  size_t size = bytes.size();
  auto option = [](LaunchOption which) { return reinterpret_cast<void *>(which); };
  void *extra[] = {option(kLaunchBuffer), bytes.data(), option(kLaunchBufferBytes), &size, option(kLaunchEnd)};
  const unsigned *grid = launch.grid, *block = launch.block;
  DriverResult code = stream.driver().launchKernel(kernel, grid[0], grid[1], grid[2], block[0], block[1], block[2],
                                                   launch.dynamicShared, stream.get(), nullptr, extra);
  return stream.driver().check(code, "launch a kernel");
}
