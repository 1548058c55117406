//===- Limits.h - What cannot be kept, found before and while cutting --*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef STAS_LIB_MAPPING_LIMITS_H
#define STAS_LIB_MAPPING_LIMITS_H

#include "Family.h"
#include "FanOut.h"

#include <optional>

namespace stas::mapping {

/// A neuron's state, a spike, a weight or a delay that the chip has no room for.
std::optional<Misfit> misfitOfParts(const Problem &problem);

/// Why not even a neuron that needs `need` fits a core that has nothing else; of the layer that needs most of it.
Misfit misfitOfNeuron(const Problem &problem, const std::vector<std::vector<int>> &inEdges,
                      const std::vector<FanOut> &fans, const Usage &need);

/// Why no pass over layers in a cycle kept the out-axons of all cores.
Misfit misfitOfCycle(const Problem &problem, const std::vector<std::vector<int>> &inEdges,
                     const std::vector<FanOut> &fans, const CoreTiles &cores);

/// Neurons that are more than all cores of the board hold.
std::optional<Misfit> misfitOfNeurons(const Problem &problem);

/// Why so many cores are not on the board.
Misfit misfitOfBoard(const Problem &problem, const Tiling &tiling);

} // namespace stas::mapping

#endif // STAS_LIB_MAPPING_LIMITS_H
