//===- CudaPlan.h - The launch plan of an artifact for a GPU ----*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The section `cudaplan`: which code there is, and what a GPU runs of it over
// which memory. docs/Artifact.md describes it, CudaPlan.proto is the reference.
//
//===----------------------------------------------------------------------===//

#ifndef STAS_TARGET_ARTIFACT_CUDAPLAN_H
#define STAS_TARGET_ARTIFACT_CUDAPLAN_H

#include "stas/Support/Error.h"
#include "stas/Target/Artifact/CudaPlan.pb.h"
#include "stas/Target/Artifact/Manifest.pb.h"

#include <functional>
#include <string>
#include <string_view>

namespace stas {
namespace cuda {
struct Plan; // lib/Runtime/CUDA/Plan.h
} // namespace cuda

namespace cudaplan {

/// The version that is written, and the only one that is read.
inline constexpr uint32_t kVersion = 1;

/// Checks everything that a reader relies on: every index, size, name and
/// limit; that sections exist for all code; that input and outputs are as large
/// as the manifest says; that no buffer is read before it is written.
/// bytesOf: the size of the section of a name, 0 where there is none.
Status validate(const CudaPlan &plan, const artifact::Manifest &manifest,
                const std::function<uint64_t(std::string_view)> &bytesOf);

/// The section that holds a code: "ptx_sm_80", "cubin_sm_90a".
std::string sectionOf(const Code &code);
/// "PTX" or "machine code".
const char *formName(Form form);

/// What the runtime runs, of a plan that validate() accepts.
cuda::Plan planOf(const CudaPlan &plan, uint64_t weightsBytes);
/// Fills kernels, buffers, steps, input and outputs: the logits, and halting
/// steps where there is a second output.
void write(const cuda::Plan &plan, CudaPlan &to);

} // namespace cudaplan
} // namespace stas

#endif // STAS_TARGET_ARTIFACT_CUDAPLAN_H
