//===- Device.h - A GPU -----------------------------------------*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef STAS_LIB_RUNTIME_CUDA_DEVICE_H
#define STAS_LIB_RUNTIME_CUDA_DEVICE_H

#include "Driver.h"

#include <string>
#include <utility>

namespace stas {
namespace cuda {

class Device;

/// A device is the calling thread's while this lives; then the thread has again
/// what it had before, which may be another GPU of the host program. For one
/// thread; those of a thread end in the reverse order.
class [[nodiscard]] CurrentDevice {
public:
  CurrentDevice() = default;
  CurrentDevice(CurrentDevice &&other) noexcept { *this = std::move(other); }
  CurrentDevice &operator=(CurrentDevice &&other) noexcept;
  CurrentDevice(const CurrentDevice &) = delete;
  CurrentDevice &operator=(const CurrentDevice &) = delete;
  ~CurrentDevice();

private:
  friend class Device;
  explicit CurrentDevice(const Device &device) : device(&device) {}
  const Device *device = nullptr; ///< It outlives this.
};

/// A GPU and its primary context, which all in the process share. May be used
/// from several threads, of which each makes it its own first.
class Device {
public:
  /// ordinal: as CUDA_VISIBLE_DEVICES counts, from 0. Fails where there is no
  /// such GPU.
  static Result<std::shared_ptr<const Device>> open(std::shared_ptr<const Driver> driver, int ordinal = 0);

  Device(const Device &) = delete;
  Device &operator=(const Device &) = delete;
  ~Device();

  const Driver &driver() const { return *library; }
  const std::string &name() const { return deviceName; }
  /// 10 * major + minor of the compute capability: 80, 90.
  int architecture() const { return capability; }
  int multiprocessors() const { return processors; }
  /// Bytes of shared memory that a block may ask for.
  uint64_t sharedBytes() const { return mostShared; }
  uint64_t memoryBytes() const { return totalMemory; }
  /// Bytes that are free now, by the driver's account; 0 where it gives none.
  uint64_t freeBytes() const;

  /// What the calling thread does concerns this device while the result lives.
  Result<CurrentDevice> makeCurrent() const;

private:
  Device(std::shared_ptr<const Driver> driver, DeviceHandle handle) : library(std::move(driver)), handle(handle) {}
  Status initialize();

  std::shared_ptr<const Driver> library;
  DeviceHandle handle;
  ContextObject *context = nullptr;
  std::string deviceName;
  int capability = 0, processors = 0;
  uint64_t mostShared = 0, totalMemory = 0;
};

} // namespace cuda
} // namespace stas

#endif // STAS_LIB_RUNTIME_CUDA_DEVICE_H
