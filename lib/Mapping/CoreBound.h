//===- CoreBound.h - How few cores a tiling could do with -------*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef STAS_LIB_MAPPING_COREBOUND_H
#define STAS_LIB_MAPPING_COREBOUND_H

#include "Family.h"
#include "FanOut.h"

namespace stas::mapping {

/// Bounds for a problem of which every layer fits; the fan-outs are those to
/// the tiling that was found.
CoreBound coreBoundOf(const Problem &problem, const std::vector<std::vector<int>> &inEdges,
                      const std::vector<Family> &families, const std::vector<FanOut> &fans);

} // namespace stas::mapping

#endif // STAS_LIB_MAPPING_COREBOUND_H
