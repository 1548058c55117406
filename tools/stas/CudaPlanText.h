//===- CudaPlanText.h - A launch plan of a GPU as text ----------*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef STAS_TOOLS_STAS_CUDAPLANTEXT_H
#define STAS_TOOLS_STAS_CUDAPLANTEXT_H

#include "stas/Target/Artifact/CudaPlan.h"

#include <nlohmann/json_fwd.hpp>

#include <ostream>

namespace stas {

/// Code, kernels and buffers as tables, and the launches one by one.
void printCudaPlanText(std::ostream &out, const cudaplan::CudaPlan &plan);

/// All of it, with the names of CudaPlan.proto.
nlohmann::ordered_json cudaPlanJson(const cudaplan::CudaPlan &plan);

} // namespace stas

#endif // STAS_TOOLS_STAS_CUDAPLANTEXT_H
