//===- Driver.h - NVIDIA's driver library, loaded ---------------*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The driver is loaded when it is asked for, so that a program that links this
// starts, and runs models on the CPU, where no driver is.
//
//===----------------------------------------------------------------------===//

#ifndef STAS_LIB_RUNTIME_CUDA_DRIVER_H
#define STAS_LIB_RUNTIME_CUDA_DRIVER_H

#include "DriverApi.h"
#include "stas/Support/Error.h"

#include <memory>
#include <string>

namespace stas {
namespace cuda {

/// The environment variable that names another library than libcuda.so.1: a
/// driver in an unusual place, or the one that runs kernels on the CPU in tests.
inline constexpr char kDriverVariable[] = "STAS_CUDA_DRIVER";

/// What is needed: CUDA 11.4, the first with all functions above, in the form
/// of cuDriverGetVersion.
inline constexpr int kLeastDriverVersion = 11040;

/// The functions of the library. May be used from several threads.
class Driver {
public:
  /// Loads and initialises the driver, once in a process for each library.
  /// library: empty for what the variable says, or else libcuda.so.1.
  /// Fails where there is no driver, it is older than required, is the
  /// toolkit's stub, or finds no GPU.
  static Result<std::shared_ptr<const Driver>> load(const std::string &library = "");

  Driver() = default;
  Driver(const Driver &) = delete;
  Driver &operator=(const Driver &) = delete;
  ~Driver();

  /// 1000 * major + 10 * minor of the CUDA version that the driver is for.
  int version() const { return versionNumber; }

  /// Nothing for kSuccess; else what was not done, and what the driver says.
  Status check(DriverResult code, const std::string &what) const;

// What a macro declares cannot stand in parentheses.
// NOLINTBEGIN(bugprone-macro-parentheses)
#define STAS_MEMBER(member, name, parameters) DriverResult(*member) parameters = nullptr;
  STAS_CUDA_DRIVER_FUNCTIONS(STAS_MEMBER)
  STAS_CUDA_NEWER_DRIVER_FUNCTIONS(STAS_MEMBER)
#undef STAS_MEMBER
  // NOLINTEND(bugprone-macro-parentheses)

private:
  Status open(const std::string &library);

  void *handle = nullptr;
  int versionNumber = 0;
};

} // namespace cuda
} // namespace stas

#endif // STAS_LIB_RUNTIME_CUDA_DRIVER_H
