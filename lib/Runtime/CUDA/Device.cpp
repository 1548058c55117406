//===- Device.cpp - A GPU -------------------------------------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Device.h"

using namespace stas;
using namespace stas::cuda;

Result<std::shared_ptr<const Device>> Device::open(std::shared_ptr<const Driver> driver, int ordinal) {
  int count = 0;
  if (Status status = driver->check(driver->deviceGetCount(&count), "count the GPUs"); !status)
    return status.error();
  if (ordinal < 0 || ordinal >= count)
    return makeError("CUDA: no GPU ", ordinal, ": the driver finds ", count,
                     "; see what nvidia-smi lists and what CUDA_VISIBLE_DEVICES hides");
  DeviceHandle handle = 0;
  if (Status status = driver->check(driver->deviceGet(&handle, ordinal), "open the GPU"); !status)
    return status.error();
  std::shared_ptr<Device> device(new Device(std::move(driver), handle));
  if (Status status = device->initialize(); !status)
    return status.error();
  return std::shared_ptr<const Device>(std::move(device));
}

Status Device::initialize() {
  const Driver &api = *library;
  char text[256] = {};
  if (Status status = api.check(api.deviceGetName(text, sizeof text - 1, handle), "ask for the GPU's name"); !status)
    return status;
  deviceName = text;
  int major = 0, minor = 0, shared = 0;
  const struct {
    DeviceAttribute attribute;
    int *value;
  } wanted[] = {{kComputeCapabilityMajor, &major},
                {kComputeCapabilityMinor, &minor},
                {kMultiprocessorCount, &processors},
                {kMaxSharedPerBlockOptin, &shared}};
  for (const auto &[attribute, value] : wanted)
    if (Status status = api.check(api.deviceGetAttribute(value, attribute, handle), "ask what the GPU can do"); !status)
      return status;
  capability = 10 * major + minor;
  mostShared = static_cast<uint64_t>(shared);
  size_t bytes = 0;
  if (Status status = api.check(api.deviceTotalMem(&bytes, handle), "ask for the GPU's memory"); !status)
    return status;
  totalMemory = bytes;
  return api.check(api.primaryContextRetain(&context, handle), "make a context on " + deviceName);
}

Device::~Device() {
  if (context)
    library->primaryContextRelease(handle);
}

Result<CurrentDevice> Device::makeCurrent() const {
  DriverResult code = library->contextPush(context);
  if (Status status = library->check(code, "use the context of " + deviceName); !status)
    return status.error();
  return CurrentDevice(*this);
}

CurrentDevice &CurrentDevice::operator=(CurrentDevice &&other) noexcept {
  std::swap(device, other.device);
  return *this;
}

CurrentDevice::~CurrentDevice() {
  ContextObject *popped = nullptr;
  if (device)
    device->driver().contextPop(&popped);
}

uint64_t Device::freeBytes() const {
  size_t free = 0, total = 0;
  return library->memGetInfo(&free, &total) == kSuccess ? free : 0;
}
