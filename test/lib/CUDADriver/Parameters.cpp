//===- Parameters.cpp - What CUDA 12.4 added ------------------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "State.h"

using namespace stas::cuda;

DriverResult stas::cuda::cuFuncGetParamInfo(FunctionObject *function, size_t index, size_t *offset, size_t *bytes) {
  STAS_ENTER_CONTEXT()
  if (!state.functions.count(function))
    return kInvalidHandle;
  const std::vector<stas::ptx::Variable> &parameters = function->code->kernel->parameters;
  if (index >= parameters.size())
    return kInvalidValue;
  *offset = parameters[index].offset;
  if (bytes)
    *bytes = parameters[index].size;
  return kSuccess;
}
