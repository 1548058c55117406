//===- OldDriver.cpp - A driver that lacks functions ----------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Runtime/CUDA/Driver.h"

extern "C" stas::cuda::DriverResult cuDriverGetVersion(int *version) {
  *version = stas::cuda::kLeastDriverVersion;
  return stas::cuda::kSuccess;
}
