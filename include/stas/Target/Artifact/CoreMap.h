//===- CoreMap.h - A network on the cores of a chip -------------*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The section `coremap` of an artifact for a chip: CoreMap.proto.
//
//===----------------------------------------------------------------------===//

#ifndef STAS_TARGET_ARTIFACT_COREMAP_H
#define STAS_TARGET_ARTIFACT_COREMAP_H

#include "stas/Support/Error.h"
#include "stas/Target/Artifact/CoreMap.pb.h"
#include "stas/Target/Artifact/Manifest.pb.h"
#include "stas/Target/Chip/ChipModel.h"

namespace stas {
namespace coremap {

/// The version that this program reads and writes.
inline constexpr uint32_t kVersion = 2;

/// Checks a core map against its manifest and the size of the section
/// `weights`. Afterwards every index, range, offset and count in it can be used
/// as it is: projections fit their populations and tables, each neuron is on
/// one core, and what a run allocates is bounded. Values of weights are not
/// looked at. The error names the part, what was required and what was found.
Status validate(const CoreMap &map, const artifact::Manifest &manifest, uint64_t weightsBytes);

/// The device as a chip file would say it, without a description.
ChipModel chipOf(const Device &device);
/// The other way; `symbol` is left empty.
Device deviceOf(const ChipModel &chip);

/// Bytes of a weight of a dense or shared table: 1, 2 or 4.
uint64_t weightBytes(const Synapses &table);
inline int64_t tokensOf(const Population &of) { return int64_t(of.height()) * of.width(); }
inline int64_t neuronsOf(const Population &of) { return tokensOf(of) * of.channels(); }
/// Neurons of all ranges of a flow.
uint64_t neuronsOf(const Flow &flow);

} // namespace coremap
} // namespace stas

#endif // STAS_TARGET_ARTIFACT_COREMAP_H
