//===- Validate.h - Parts of the check of a manifest ------------*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef STAS_LIB_TARGET_ARTIFACT_VALIDATE_H
#define STAS_LIB_TARGET_ARTIFACT_VALIDATE_H

#include "stas/Target/Artifact/Artifact.h"
#include "stas/Target/Artifact/CoreMap.h"

namespace stas {
namespace artifact {

/// Checks what a launch says it computes. The manifest's buffers have been
/// checked. The error begins with the field.
Status validateWork(const Manifest &manifest, const Work &work, bool inLoop);

} // namespace artifact

namespace coremap {

/// Checks the logical part of a core map: device, populations, tables,
/// projections, and what the host computes.
Status validateNetwork(const CoreMap &map, const artifact::Manifest &manifest, uint64_t weightsBytes);

} // namespace coremap
} // namespace stas

#endif // STAS_LIB_TARGET_ARTIFACT_VALIDATE_H
