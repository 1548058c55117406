//===- Devices.cpp - Devices, contexts and memory -------------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "State.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>

using namespace stas::cuda;

DriverResult stas::cuda::cuInit(unsigned flags) {
  State &state = State::get();
  std::lock_guard<std::mutex> lock(state.mutex);
  if (flags != 0)
    return kInvalidValue;
  state.configure();
  if (state.devices == 0)
    return kNoDevice;
  state.isInitialized = true;
  return kSuccess;
}

DriverResult stas::cuda::cuDriverGetVersion(int *version) {
  State &state = State::get();
  std::lock_guard<std::mutex> lock(state.mutex);
  state.configure();
  *version = state.version;
  return state.versionError;
}

static const struct {
  DriverResult code;
  const char *name, *text;
} kErrors[] = {
    {kSuccess, "CUDA_SUCCESS", "no error"},
    {kInvalidValue, "CUDA_ERROR_INVALID_VALUE", "invalid argument"},
    {kOutOfMemory, "CUDA_ERROR_OUT_OF_MEMORY", "out of memory"},
    {kNotInitialized, "CUDA_ERROR_NOT_INITIALIZED", "initialization error"},
    {kNoDevice, "CUDA_ERROR_NO_DEVICE", "no CUDA-capable device is detected"},
    {kInvalidDevice, "CUDA_ERROR_INVALID_DEVICE", "invalid device ordinal"},
    {kInvalidContext, "CUDA_ERROR_INVALID_CONTEXT", "invalid device context"},
    {kNoBinaryForGpu, "CUDA_ERROR_NO_BINARY_FOR_GPU", "no kernel image is available for execution on the device"},
    {kInvalidPtx, "CUDA_ERROR_INVALID_PTX", "a PTX JIT compilation failed"},
    {kUnsupportedPtxVersion, "CUDA_ERROR_UNSUPPORTED_PTX_VERSION",
     "the provided PTX was compiled with an unsupported toolchain."},
    {kInvalidHandle, "CUDA_ERROR_INVALID_HANDLE", "invalid resource handle"},
    {kNotFound, "CUDA_ERROR_NOT_FOUND", "named symbol not found"},
    {kLaunchFailed, "CUDA_ERROR_LAUNCH_FAILED", "unspecified launch failure"},
    {kCaptureUnsupported, "CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED", "operation not permitted when stream is capturing"},
    {kCaptureInvalidated, "CUDA_ERROR_STREAM_CAPTURE_INVALIDATED",
     "operation failed due to a previous error during capture"},
    {kCaptureUnjoined, "CUDA_ERROR_STREAM_CAPTURE_UNJOINED", "capturing stream has unjoined work"},
};

DriverResult stas::cuda::cuGetErrorName(DriverResult code, const char **name) {
  *name = nullptr;
  for (const auto &error : kErrors)
    if (error.code == code)
      *name = error.name;
  return *name ? kSuccess : kInvalidValue;
}

DriverResult stas::cuda::cuGetErrorString(DriverResult code, const char **text) {
  *text = nullptr;
  for (const auto &error : kErrors)
    if (error.code == code)
      *text = error.text;
  return *text ? kSuccess : kInvalidValue;
}

DriverResult stas::cuda::cuDeviceGetCount(int *count) {
  STAS_ENTER()
  *count = state.devices;
  return kSuccess;
}

DriverResult stas::cuda::cuDeviceGet(DeviceHandle *device, int ordinal) {
  STAS_ENTER()
  if (ordinal < 0 || ordinal >= state.devices)
    return kInvalidDevice;
  *device = ordinal;
  return kSuccess;
}

DriverResult stas::cuda::cuDeviceGetName(char *name, int length, DeviceHandle) {
  STAS_ENTER()
  std::snprintf(name, static_cast<size_t>(length), "PTX on the CPU");
  return kSuccess;
}

DriverResult stas::cuda::cuDeviceGetAttribute(int *value, DeviceAttribute attribute, DeviceHandle) {
  STAS_ENTER()
  switch (attribute) {
  case kMultiprocessorCount:
    *value = 4;
    return kSuccess;
  case kComputeCapabilityMajor:
    *value = state.architecture / 10;
    return kSuccess;
  case kComputeCapabilityMinor:
    *value = state.architecture % 10;
    return kSuccess;
  case kMaxSharedPerBlockOptin:
    *value = static_cast<int>(state.sharedBytes());
    return kSuccess;
  }
  return kInvalidValue;
}

DriverResult stas::cuda::cuDeviceTotalMem_v2(size_t *bytes, DeviceHandle) {
  STAS_ENTER()
  *bytes = state.memoryBytes;
  return kSuccess;
}

DriverResult stas::cuda::cuDevicePrimaryCtxRetain(ContextObject **context, DeviceHandle device) {
  STAS_ENTER()
  if (device < 0 || device >= state.devices)
    return kInvalidDevice;
  *context = &state.primary[device];
  ++(*context)->retained;
  return kSuccess;
}

DriverResult stas::cuda::cuDevicePrimaryCtxRelease_v2(DeviceHandle device) {
  State &state = State::get();
  std::lock_guard<std::mutex> lock(state.mutex);
  if (device < 0 || device >= State::kMostDevices || state.primary[device].retained == 0)
    return kInvalidContext;
  --state.primary[device].retained;
  // The contexts go with who used the last, and with them a fault and all that was made in them.
  if (!state.isRetained())
    state.reset();
  return kSuccess;
}

thread_local std::vector<ContextObject *> stas::cuda::contexts;

/// Whether it is the context of a device that somebody holds.
static bool isContext(const State &state, const ContextObject *context) {
  return std::any_of(std::begin(state.primary), std::end(state.primary),
                     [&](const ContextObject &each) { return &each == context && each.retained > 0; });
}

DriverResult stas::cuda::cuCtxPushCurrent_v2(ContextObject *context) {
  STAS_ENTER()
  if (!isContext(state, context))
    return kInvalidContext;
  contexts.push_back(context);
  return kSuccess;
}

// The two below change the thread alone: a fault does not keep them from it.
DriverResult stas::cuda::cuCtxPopCurrent_v2(ContextObject **context) {
  if (contexts.empty())
    return kInvalidContext;
  *context = contexts.back();
  contexts.pop_back();
  return kSuccess;
}

DriverResult stas::cuda::cuCtxGetCurrent(ContextObject **context) {
  *context = current();
  return kSuccess;
}

DriverResult stas::cuda::cuCtxSetCurrent(ContextObject *context) {
  STAS_ENTER()
  if (context && !isContext(state, context))
    return kInvalidContext;
  if (!contexts.empty())
    contexts.pop_back();
  if (context)
    contexts.push_back(context);
  return kSuccess;
}

DriverResult stas::cuda::cuMemGetInfo_v2(size_t *free, size_t *total) {
  STAS_ENTER_CONTEXT()
  *total = state.memoryBytes;
  *free = state.memoryBytes - state.memory.bytesInUse();
  return kSuccess;
}

DriverResult stas::cuda::cuMemAlloc_v2(DeviceAddress *address, size_t bytes) {
  STAS_ENTER_AT_ONCE()
  if (bytes == 0)
    return kInvalidValue;
  if (bytes > state.memoryBytes - state.memory.bytesInUse())
    return kOutOfMemory;
  *address = state.memory.allocate(bytes);
  if (!*address)
    return kOutOfMemory;
  state.allocations.insert(*address);
  return kSuccess;
}

DriverResult stas::cuda::cuMemFree_v2(DeviceAddress address) {
  STAS_ENTER_AT_ONCE()
  if (DriverResult code = state.finishAll(); code != kSuccess)
    return code;
  if (state.allocations.erase(address) == 0)
    return kInvalidValue;
  state.memory.free(address);
  return kSuccess;
}

DriverResult stas::cuda::cuMemHostAlloc(void **memory, size_t bytes, unsigned) {
  STAS_ENTER_AT_ONCE()
  if (bytes == 0)
    return kInvalidValue;
  // Memory checkers end a program that asks malloc for what no machine has.
  *memory = bytes <= state.memoryBytes ? std::malloc(bytes) : nullptr;
  if (!*memory)
    return kOutOfMemory;
  std::memset(*memory, stas::ptx::kPattern, bytes);
  state.pinned[reinterpret_cast<uint64_t>(*memory)] = bytes;
  return kSuccess;
}

DriverResult stas::cuda::cuMemFreeHost(void *memory) {
  STAS_ENTER_AT_ONCE()
  if (DriverResult code = state.finishAll(); code != kSuccess)
    return code;
  if (state.pinned.erase(reinterpret_cast<uint64_t>(memory)) == 0)
    return kInvalidValue;
  std::free(memory);
  return kSuccess;
}
