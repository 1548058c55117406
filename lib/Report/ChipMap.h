//===- ChipMap.h - What a core map asks of cores and links ---- -*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef STAS_LIB_REPORT_CHIPMAP_H
#define STAS_LIB_REPORT_CHIPMAP_H

#include "stas/Target/Artifact/Links.h"

#include <array>
#include <map>
#include <vector>

namespace stas::report {

/// What a core holds. Axons as the device counts them: an in-axon for each
/// neuron that it hears, an out-axon for each neuron and target core, or for
/// each neuron where the device copies messages on their way.
struct CoreLoad {
  uint64_t neurons = 0, synapseBits = 0, inAxons = 0, outAxons = 0;
};

/// The resources of a core, by their names in a chip file.
inline constexpr size_t kResources = 4;
extern const char *const kResourceNames[kResources];
/// Shares of what a core has, each 0 to 1 in a map that fits.
std::array<double, kResources> usage(const CoreLoad &load, const coremap::Device &device);

/// Loads of all cores, in the order of the map.
std::vector<CoreLoad> coreLoads(const coremap::CoreMap &map);

using coremap::LinkPlace;
/// Messages over each link for an image, as the compiler expects them.
std::map<LinkPlace, double> expectedLinkLoads(const coremap::CoreMap &map);

/// The chip that a tile is on: row and column on the board.
std::pair<uint32_t, uint32_t> chipOf(const coremap::Core &core, const coremap::Device &device);

/// Chip steps of an image.
uint64_t stepsOf(const coremap::CoreMap &map);

} // namespace stas::report

#endif // STAS_LIB_REPORT_CHIPMAP_H
