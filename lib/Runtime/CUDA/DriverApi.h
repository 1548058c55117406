//===- DriverApi.h - What NVIDIA's driver library offers --------*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The part of the CUDA driver API that is used here: its types, its numbers and
// its functions, as the manual "CUDA Driver API" documents them. They are the
// binary interface of libcuda.so.1, which NVIDIA keeps stable; so that neither
// building nor running needs the CUDA toolkit, they are declared here. Names
// that end in _v2 are those that the library exports for the documented name.
//
//===----------------------------------------------------------------------===//

#ifndef STAS_LIB_RUNTIME_CUDA_DRIVERAPI_H
#define STAS_LIB_RUNTIME_CUDA_DRIVERAPI_H

#include <cstddef>
#include <cstdint>

namespace stas {
namespace cuda {

/// CUresult: those that are treated apart. Any other number is an error as well.
enum DriverResult : int {
  kSuccess = 0,
  kInvalidValue = 1,
  kOutOfMemory = 2,
  kNotInitialized = 3,
  kStubLibrary = 34,
  kNoDevice = 100,
  kInvalidDevice = 101,
  kInvalidContext = 201,
  kNoBinaryForGpu = 209,
  kInvalidPtx = 218,
  kUnsupportedPtxVersion = 222,
  kInvalidHandle = 400,
  kNotFound = 500,
  kLaunchFailed = 719,
  kCaptureUnsupported = 900,
  kCaptureInvalidated = 901,
  kCaptureUnjoined = 904,
};

/// CUdevice_attribute.
enum DeviceAttribute : int {
  kMultiprocessorCount = 16,
  kComputeCapabilityMajor = 75,
  kComputeCapabilityMinor = 76,
  kMaxSharedPerBlockOptin = 97,
};

/// CUfunction_attribute.
enum FunctionAttribute : int { kMaxDynamicShared = 8 };

/// CUjit_option.
enum JitOption : int { kErrorLogBuffer = 5, kErrorLogBufferBytes = 6 };

/// CU_LAUNCH_PARAM_...: what the words of `extra` are, of a launch. The values are those of pointers.
enum LaunchOption : uintptr_t { kLaunchEnd = 0, kLaunchBuffer = 1, kLaunchBufferBytes = 2 };

enum : unsigned {
  kHostAllocPortable = 1,     ///< CU_MEMHOSTALLOC_PORTABLE
  kStreamNonBlocking = 1,     ///< CU_STREAM_NON_BLOCKING
  kEventDefault = 0,          ///< CU_EVENT_DEFAULT
  kEventDisableTiming = 2,    ///< CU_EVENT_DISABLE_TIMING
  kCaptureModeThreadLocal = 1 ///< CU_STREAM_CAPTURE_MODE_THREAD_LOCAL
};

using DeviceHandle = int;       ///< CUdevice
using DeviceAddress = uint64_t; ///< CUdeviceptr
struct ContextObject;           ///< CUctx_st
struct ModuleObject;            ///< CUmod_st
struct FunctionObject;          ///< CUfunc_st
struct StreamObject;            ///< CUstream_st
struct EventObject;             ///< CUevent_st
struct GraphObject;             ///< CUgraph_st
struct GraphExecObject;         ///< CUgraphExec_st

/// The functions, by the name that the library exports: X(member, name, parameters).
#define STAS_CUDA_DRIVER_FUNCTIONS(X)                                                                                  \
  X(init, cuInit, (unsigned flags))                                                                                    \
  X(driverGetVersion, cuDriverGetVersion, (int *version))                                                              \
  X(getErrorName, cuGetErrorName, (DriverResult code, const char **name))                                              \
  X(getErrorString, cuGetErrorString, (DriverResult code, const char **text))                                          \
  X(deviceGetCount, cuDeviceGetCount, (int *count))                                                                    \
  X(deviceGet, cuDeviceGet, (DeviceHandle * device, int ordinal))                                                      \
  X(deviceGetName, cuDeviceGetName, (char *name, int length, DeviceHandle device))                                     \
  X(deviceGetAttribute, cuDeviceGetAttribute, (int *value, DeviceAttribute attribute, DeviceHandle device))            \
  X(deviceTotalMem, cuDeviceTotalMem_v2, (size_t *bytes, DeviceHandle device))                                         \
  X(primaryContextRetain, cuDevicePrimaryCtxRetain, (ContextObject * *context, DeviceHandle device))                   \
  X(primaryContextRelease, cuDevicePrimaryCtxRelease_v2, (DeviceHandle device))                                        \
  X(contextPush, cuCtxPushCurrent_v2, (ContextObject * context))                                                       \
  X(contextPop, cuCtxPopCurrent_v2, (ContextObject * *context))                                                        \
  X(memGetInfo, cuMemGetInfo_v2, (size_t *free, size_t *total))                                                        \
  X(memAlloc, cuMemAlloc_v2, (DeviceAddress * address, size_t bytes))                                                  \
  X(memFree, cuMemFree_v2, (DeviceAddress address))                                                                    \
  X(memHostAlloc, cuMemHostAlloc, (void **memory, size_t bytes, unsigned flags))                                       \
  X(memFreeHost, cuMemFreeHost, (void *memory))                                                                        \
  X(memcpyToDevice, cuMemcpyHtoDAsync_v2,                                                                              \
    (DeviceAddress target, const void *source, size_t bytes, StreamObject *stream))                                    \
  X(memcpyToHost, cuMemcpyDtoHAsync_v2, (void *target, DeviceAddress source, size_t bytes, StreamObject *stream))      \
  X(memcpyOnDevice, cuMemcpyDtoDAsync_v2,                                                                              \
    (DeviceAddress target, DeviceAddress source, size_t bytes, StreamObject *stream))                                  \
  X(memset8, cuMemsetD8Async, (DeviceAddress target, unsigned char value, size_t bytes, StreamObject *stream))         \
  X(streamCreate, cuStreamCreate, (StreamObject * *stream, unsigned flags))                                            \
  X(streamDestroy, cuStreamDestroy_v2, (StreamObject * stream))                                                        \
  X(streamSynchronize, cuStreamSynchronize, (StreamObject * stream))                                                   \
  X(streamWaitEvent, cuStreamWaitEvent, (StreamObject * stream, EventObject * event, unsigned flags))                  \
  X(streamBeginCapture, cuStreamBeginCapture_v2, (StreamObject * stream, unsigned mode))                               \
  X(streamEndCapture, cuStreamEndCapture, (StreamObject * stream, GraphObject * *graph))                               \
  X(eventCreate, cuEventCreate, (EventObject * *event, unsigned flags))                                                \
  X(eventDestroy, cuEventDestroy_v2, (EventObject * event))                                                            \
  X(eventRecord, cuEventRecord, (EventObject * event, StreamObject * stream))                                          \
  X(eventSynchronize, cuEventSynchronize, (EventObject * event))                                                       \
  X(eventElapsedTime, cuEventElapsedTime, (float *milliseconds, EventObject *start, EventObject *end))                 \
  X(moduleLoadData, cuModuleLoadDataEx,                                                                                \
    (ModuleObject * *module, const void *image, unsigned optionCount, JitOption *options, void **values))              \
  X(moduleUnload, cuModuleUnload, (ModuleObject * module))                                                             \
  X(moduleGetFunction, cuModuleGetFunction, (FunctionObject * *function, ModuleObject * module, const char *name))     \
  X(functionSetAttribute, cuFuncSetAttribute, (FunctionObject * function, FunctionAttribute attribute, int value))     \
  X(launchKernel, cuLaunchKernel,                                                                                      \
    (FunctionObject * function, unsigned gridX, unsigned gridY, unsigned gridZ, unsigned blockX, unsigned blockY,      \
     unsigned blockZ, unsigned dynamicShared, StreamObject *stream, void **arguments, void **extra))                   \
  X(graphInstantiate, cuGraphInstantiateWithFlags,                                                                     \
    (GraphExecObject * *exec, GraphObject * graph, unsigned long long flags))                                          \
  X(graphDestroy, cuGraphDestroy, (GraphObject * graph))                                                               \
  X(graphExecDestroy, cuGraphExecDestroy, (GraphExecObject * exec))                                                    \
  X(graphLaunch, cuGraphLaunch, (GraphExecObject * exec, StreamObject * stream))

/// Those that only newer drivers have: null in others.
#define STAS_CUDA_NEWER_DRIVER_FUNCTIONS(X)                                                                            \
  /* CUDA 12.4 */                                                                                                      \
  X(functionParameter, cuFuncGetParamInfo, (FunctionObject * function, size_t index, size_t *offset, size_t *bytes))

} // namespace cuda
} // namespace stas

#endif // STAS_LIB_RUNTIME_CUDA_DRIVERAPI_H
