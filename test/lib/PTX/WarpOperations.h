//===- WarpOperations.h - What the lanes of a warp do together --*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Each works on the lanes' `exchange`: operands in, results out, from word 0 on.
//
//===----------------------------------------------------------------------===//

#ifndef STAS_TEST_LIB_PTX_WARPOPERATIONS_H
#define STAS_TEST_LIB_PTX_WARPOPERATIONS_H

#include "Execution.h"

namespace stas {
namespace ptx {

/// In: -. Out: -.
bool synchronizeWarp(const Lanes &lanes, const Site &site);

enum class ShuffleMode { Up, Down, Butterfly, Index };
/// In: value, b, c. Out: value, whether it came from a lane in range.
bool shuffle(const Lanes &lanes, const Site &site, ShuffleMode mode);

enum class VoteMode { All, Any, Uniform, Ballot };
/// In: predicate. Out: the result.
bool vote(const Lanes &lanes, const Site &site, VoteMode mode);

/// In: value, of `words` words. Out: the lanes with an equal one; with `all`,
/// the mask and 1 where all are equal, else 0 and 0.
bool match(const Lanes &lanes, const Site &site, unsigned words, bool all);

enum class Reduction { Add, MinSigned, MaxSigned, MinUnsigned, MaxUnsigned, And, Or, Xor };
/// In: value. Out: the sum (or ...) of those of all lanes.
bool reduce(const Lanes &lanes, const Site &site, Reduction reduction);

/// In: -. Out: the number of the lane elected, whether it is this one.
bool elect(const Lanes &lanes, const Site &site);

/// ldmatrix.m8n8.b16 of `count` matrices. In: address in shared memory, two
/// words. Out: a word for each matrix.
bool loadMatrices(const Lanes &lanes, const Site &site, unsigned count, bool transposed);

/// mma.m16n8k32 and .m16n8k16 of bytes, row by col, s32 sums.
/// In: A (k / 8 words), B (k / 16), C (4). Out: D (4).
struct ByteProduct {
  unsigned k;
  bool signedA, signedB;
  bool saturates; ///< .satfinite; else sums wrap
};
bool multiplyBytes(const Lanes &lanes, const Site &site, const ByteProduct &product);

/// mma.m16n8k256 and .m16n8k128 of bits. In: A (k / 64 words), B (k / 128),
/// C (4). Out: D (4) = C + popcount(A and B), or of A xor B.
bool multiplyBits(const Lanes &lanes, const Site &site, unsigned k, bool isXor);

} // namespace ptx
} // namespace stas

#endif // STAS_TEST_LIB_PTX_WARPOPERATIONS_H
