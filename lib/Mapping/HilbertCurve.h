//===- HilbertCurve.h - Cores along a curve that keeps neighbours near --*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef STAS_LIB_MAPPING_HILBERTCURVE_H
#define STAS_LIB_MAPPING_HILBERTCURVE_H

#include "Mesh.h"

#include <vector>

namespace stas::mapping {

/// Ways to lay the curve over a board.
struct CurveKind {
  bool byChip;     ///< Chip after chip, each along a curve of its own.
  bool transposed; ///< Along y first.
};
inline constexpr CurveKind kCurves[] = {{false, false}, {false, true}, {true, false}, {true, true}};

/// The cores in the order of a Hilbert curve over the smallest square of a power
/// of two routers around the board; what the board does not have is left out.
/// D. Hilbert, "Ueber die stetige Abbildung einer Linie auf ein Flächenstück",
/// Mathematische Annalen 38 (1891).
std::vector<int64_t> alongHilbertCurve(const Chip &chip, std::vector<int64_t> cores, CurveKind kind);

} // namespace stas::mapping

#endif // STAS_LIB_MAPPING_HILBERTCURVE_H
