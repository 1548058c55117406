//===- Halting.h - Adaptive computation time of tokens ----------*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef STAS_LIB_INTERPRETER_HALTING_H
#define STAS_LIB_INTERPRETER_HALTING_H

#include "Evaluation.h"
#include <optional>

namespace stas {

/// What a halting encoder knows of its tokens, [B, N] each but for `output`, [B, N, D]. Scores are f32, or i32 in units
/// of 2^-24 where they come from a table; then output is i64. A part that is left empty is not kept.
struct HaltingTensors {
  Tensor active;    // i1
  Tensor sum;       // H in lexicographic order; in the others the sum over the blocks of this timestep
  Tensor remainder; // R; f32 only
  Tensor column;    // rectangular order: H of this block
  Tensor output;    // y, or the sum of the last block's outputs
  Tensor steps;     // i32
};

/// Which block of which timestep has run, counted from 0.
struct HaltingPoint {
  int64_t timestep, timesteps, block, blocks;
};

/// After a block with output `stream`: active tokens score, weigh in, and may halt (stas.act, stas.halt). A value of
/// the stream that a table has no score for is reported at `op`.
mlir::LogicalResult halt(mlir::Operation *op, ActAttr act, std::optional<llvm::ArrayRef<int32_t>> table,
                         const HaltingPoint &point, const Tensor &stream, HaltingTensors &state);

/// Rectangular order: the active tokens whose sum H at a block, `column`, has not reached.
Tensor admitted(ActAttr act, const Tensor &active, const Tensor &column);

/// `value` for every token, [B, N].
template <typename T> Tensor forEachToken(llvm::ArrayRef<int64_t> tokens, T value) {
  return Tensor(tokens, std::vector<T>(llvm::product_of(tokens), value));
}

} // namespace stas

#endif // STAS_LIB_INTERPRETER_HALTING_H
