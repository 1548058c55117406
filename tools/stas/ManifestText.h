//===- ManifestText.h - A manifest as text ----------------------*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef STAS_TOOLS_STAS_MANIFESTTEXT_H
#define STAS_TOOLS_STAS_MANIFESTTEXT_H

#include "stas/Target/Artifact/Artifact.h"

#include <ostream>

namespace stas {

/// Sections, model, buffers and the plan as an indented tree.
void printManifestText(std::ostream &out, const artifact::Artifact &artifact);

/// The same as one JSON object, with the names of Manifest.proto.
void printManifestJson(std::ostream &out, const artifact::Artifact &artifact);

} // namespace stas

#endif // STAS_TOOLS_STAS_MANIFESTTEXT_H
