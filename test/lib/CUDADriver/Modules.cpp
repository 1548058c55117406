//===- Modules.cpp - Modules, kernels and launches ------------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "State.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>

using namespace stas;
using namespace stas::cuda;

/// The newest PTX that a driver knows: CUDA 11.0 brought 7.0, 12.0 brought 8.0.
static unsigned newestPtx(int version) {
  return static_cast<unsigned>(version >= 12000 ? 80 + (version - 12000) / 10 : 70 + (version - 11000) / 10);
}

/// PTX runs on what is newer than its target, and on that alone where the target ends in "a".
static bool runsOn(const std::string &target, int architecture) {
  long required = std::strtol(target.c_str() + std::min<size_t>(3, target.size()), nullptr, 10);
  return target.back() == 'a' ? required == architecture : required <= architecture;
}

DriverResult stas::cuda::cuModuleLoadDataEx(ModuleObject **module, const void *image, unsigned count,
                                            JitOption *options, void **values) {
  STAS_ENTER_AT_ONCE()
  Result<std::unique_ptr<ptx::Program>> program = ptx::Program::load(static_cast<const char *>(image), state.memory);
  if (!program) {
    char *log = nullptr;
    size_t bytes = 0;
    for (unsigned i = 0; i < count; ++i) {
      if (options[i] == kErrorLogBuffer)
        log = static_cast<char *>(values[i]);
      if (options[i] == kErrorLogBufferBytes)
        bytes = reinterpret_cast<uintptr_t>(values[i]);
    }
    if (log && bytes > 0) {
      size_t length = std::min(bytes - 1, program.message().size());
      std::memcpy(log, program.message().data(), length);
      log[length] = '\0';
    }
    return kInvalidPtx;
  }
  const ptx::File &file = (*program)->file();
  if (file.version > newestPtx(state.version))
    return kUnsupportedPtxVersion;
  if (!runsOn(file.target, state.architecture))
    return kNoBinaryForGpu;
  auto loaded = std::make_unique<ModuleObject>();
  loaded->program = std::move(*program);
  loaded->context = current();
  *module = loaded.get();
  state.modules[*module] = std::move(loaded);
  return kSuccess;
}

/// Those of the current context, both.
static bool has(const State &state, ModuleObject *module) {
  return state.modules.count(module) && module->context == current();
}
static bool has(const State &state, FunctionObject *function) {
  return state.functions.count(function) && function->context == current();
}

DriverResult stas::cuda::cuModuleUnload(ModuleObject *module) {
  STAS_ENTER_AT_ONCE()
  if (!has(state, module))
    return kInvalidHandle;
  // What was launched holds the code.
  for (const auto &[name, function] : module->functions)
    state.functions.erase(function.get());
  state.modules.erase(module);
  return kSuccess;
}

DriverResult stas::cuda::cuModuleGetFunction(FunctionObject **function, ModuleObject *module, const char *name) {
  STAS_ENTER_CONTEXT()
  if (!has(state, module))
    return kInvalidHandle;
  const ptx::Code *code = module->program->find(name);
  if (!code)
    return kNotFound;
  std::unique_ptr<FunctionObject> &entry = module->functions[name];
  if (!entry)
    entry.reset(new FunctionObject{module->program, code, module->context, 48 * 1024});
  *function = *state.functions.insert(entry.get()).first;
  return kSuccess;
}

DriverResult stas::cuda::cuFuncSetAttribute(FunctionObject *function, FunctionAttribute attribute, int value) {
  STAS_ENTER_CONTEXT()
  if (!has(state, function))
    return kInvalidHandle;
  if (attribute != kMaxDynamicShared || value < 0 ||
      static_cast<uint64_t>(value) + function->code->staticShared > state.sharedBytes())
    return kInvalidValue;
  function->mostDynamicShared = static_cast<unsigned>(value);
  return kSuccess;
}

/// The arguments of a launch in the two forms that there are: an array of pointers as long as the kernel has
/// parameters, or one buffer, whose size must be the parameters'.
static DriverResult takeArguments(const ptx::Kernel &kernel, void **pointers, void **extra,
                                  std::vector<uint8_t> &parameters) {
  parameters.resize(kernel.parameterBytes);
  if (!extra) {
    for (size_t i = 0; i < kernel.parameters.size(); ++i)
      std::memcpy(parameters.data() + kernel.parameters[i].offset, pointers[i], kernel.parameters[i].size);
    return kSuccess;
  }
  const void *buffer = nullptr;
  size_t bytes = 0;
  for (; reinterpret_cast<uintptr_t>(*extra) != kLaunchEnd; extra += 2)
    switch (reinterpret_cast<uintptr_t>(*extra)) {
    case kLaunchBuffer:
      buffer = extra[1];
      break;
    case kLaunchBufferBytes:
      bytes = *static_cast<size_t *>(extra[1]);
      break;
    default:
      return kInvalidValue;
    }
  if (pointers || !buffer || bytes != kernel.parameterBytes)
    return kInvalidValue;
  std::memcpy(parameters.data(), buffer, bytes);
  return kSuccess;
}

DriverResult stas::cuda::cuLaunchKernel(FunctionObject *function, unsigned gridX, unsigned gridY, unsigned gridZ,
                                        unsigned blockX, unsigned blockY, unsigned blockZ, unsigned dynamicShared,
                                        StreamObject *stream, void **arguments, void **extra) {
  STAS_ENTER_CONTEXT()
  if (!has(state, function))
    return kInvalidHandle;
  const ptx::Code &code = *function->code;
  if (dynamicShared > function->mostDynamicShared)
    return kInvalidValue;
  ptx::Launch launch;
  launch.grid[0] = gridX;
  launch.grid[1] = gridY;
  launch.grid[2] = gridZ;
  launch.block[0] = blockX;
  launch.block[1] = blockY;
  launch.block[2] = blockZ;
  launch.dynamicShared = dynamicShared;
  if (DriverResult taken = takeArguments(*code.kernel, arguments, extra, launch.parameters); taken != kSuccess)
    return taken;
  if (!ptx::checkLaunch(code, launch) || code.staticShared + dynamicShared > state.sharedBytes())
    return kInvalidValue;
  return state.submit(stream, [&state, program = function->program, name = code.kernel->name, launch] {
    Status status = program->run(name, launch, state.options);
    return status ? kSuccess : state.fail(kLaunchFailed, status.message());
  });
}
