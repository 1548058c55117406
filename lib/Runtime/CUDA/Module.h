//===- Module.h - Kernels, loaded on a GPU ----------------------*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef STAS_LIB_RUNTIME_CUDA_MODULE_H
#define STAS_LIB_RUNTIME_CUDA_MODULE_H

#include "Stream.h"

#include <map>
#include <string_view>
#include <vector>

namespace stas {
namespace cuda {

/// Code for one kind of GPU.
struct Image {
  std::string target;    ///< "sm_80"; "sm_90a" is for 9.0 and nothing else.
  std::string_view code; ///< PTX, which the driver compiles when it is loaded, or machine code.
  bool isBinary = false; ///< Machine code.
};

/// Whether a GPU of that compute capability (80, 90) runs code for a target.
bool runsOn(const Image &image, int architecture);

/// Those that the device runs, the last first. Fails where there is none, and
/// says what the images are for.
Result<std::vector<const Image *>> imagesFor(const std::vector<Image> &images, const Device &device);

struct Launch {
  unsigned grid[3] = {1, 1, 1};
  unsigned block[3] = {1, 1, 1};
  unsigned dynamicShared = 0; ///< Bytes.
};

/// The arguments of a kernel, in the order of its parameters and as it reads
/// them: each at the next multiple of its size, nothing behind the last.
class Arguments {
public:
  struct Place {
    size_t offset, bytes;
  };
  void add(DeviceAddress address) { append(&address, sizeof address); }
  void add(uint32_t number) { append(&number, sizeof number); }

  const std::vector<Place> &places() const { return parts; }
  std::string &bytes() { return packed; }

private:
  void append(const void *value, size_t size);
  std::vector<Place> parts;
  std::string packed;
};

/// Outlives the work with its kernels. For one thread at a time.
class Module {
public:
  /// Compiles an image. Fails with what the driver's compiler says of it.
  static Result<Module> load(std::shared_ptr<const Device> device, const Image &image);

  Module(Module &&other) noexcept { *this = std::move(other); }
  Module &operator=(Module &&other) noexcept;
  Module(const Module &) = delete;
  Module &operator=(const Module &) = delete;
  ~Module();

  /// Prepares a kernel for launches with that much dynamic shared memory. Fails
  /// where there is none of that name, or the GPU has not as much.
  Result<FunctionObject *> find(const std::string &kernel, unsigned dynamicShared);

  /// Fails where the kernel that find() gave has not as many parameters, or as
  /// large ones, as there are arguments. A driver before CUDA 12.4 cannot say
  /// what parameters there are: then it is launch() that fails.
  Status checkParameters(FunctionObject *function, const std::string &kernel, const Arguments &arguments) const;

  /// Puts a launch into a stream. Fails where the arguments are not as many
  /// bytes as the kernel's parameters.
  static Status launch(Stream &stream, FunctionObject *kernel, const Launch &launch, Arguments &arguments);

private:
  Module() = default;
  std::shared_ptr<const Device> device;
  ModuleObject *module = nullptr;
  std::map<FunctionObject *, unsigned> dynamicShared; ///< That was asked for.
};

} // namespace cuda
} // namespace stas

#endif // STAS_LIB_RUNTIME_CUDA_MODULE_H
