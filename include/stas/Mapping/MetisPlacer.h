//===- MetisPlacer.h - The baseline that placers are compared with --*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// In a library of its own, STASMetisPlacer: who compiles models needs no METIS.

#ifndef STAS_MAPPING_METISPLACER_H
#define STAS_MAPPING_METISPLACER_H

#include "stas/Mapping/Placer.h"

namespace stas::mapping {

/// Recursive bisection by METIS, its order laid along the best of four Hilbert
/// curves. G. Karypis and V. Kumar, "A fast and high quality multilevel scheme
/// for partitioning irregular graphs", SIAM J. Sci. Comput. 20 (1998).
std::unique_ptr<Placer> createMetisPlacer(int seed);

} // namespace stas::mapping

#endif // STAS_MAPPING_METISPLACER_H
