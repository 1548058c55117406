//===- LeastReads.h - How little any set of tokens reads --------*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// Not only boxes: a core may have any tokens of a map, as so many boxes. Convolutions make neighbours share what they
// read, so that the least is a question of perimeters.

#ifndef STAS_LIB_MAPPING_LEASTREADS_H
#define STAS_LIB_MAPPING_LEASTREADS_H

#include "Demand.h"

namespace stas::mapping {

/// [p]: the tokens of an edge's source that p of the tokens in rows x columns of its target read at least, whichever p
/// they are; p up to `most`, or up to the first that reads more than `limit`.
std::vector<int64_t> leastTokens(const Problem &problem, const Edge &edge, Range rows, Range columns, int64_t most,
                                 int64_t limit);

/// The rows (or columns) of an edge's target whose windows are nowhere cut off at the border of the map. Where there
/// are none, one that reads the most.
Range insideOf(const Problem &problem, const Edge &edge, int axis);

} // namespace stas::mapping

#endif // STAS_LIB_MAPPING_LEASTREADS_H
