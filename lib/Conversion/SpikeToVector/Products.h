//===- Products.h - Integer products of whole vectors -----------*- C++ -*-===//
//
// A constant of kind `pairs` holds weights of 16 bits in groups of 32 channels,
// permuted so that unpacking a group of two rows leaves its channels in order:
// within each of the four parts of 128 bits, the low half belongs to channels
// 0..15 of the group, the high half to channels 16..31.
//
//===----------------------------------------------------------------------===//
#ifndef STAS_CONVERSION_SPIKETOVECTOR_PRODUCTS_H
#define STAS_CONVERSION_SPIKETOVECTOR_PRODUCTS_H

#include "Kernels.h"

namespace stas {

/// Interleaves the low or high halves of two vectors of 16-bit elements, part by part of 128 bits.
mlir::Value unpack(KernelBuilder &b, mlir::Value even, mlir::Value odd, bool high);

/// Load v of a permuted row from a group's start on, unpacked: which vectors of `lanes` channels are its low and high
/// halves.
inline std::pair<int64_t, int64_t> unpackedVectors(int64_t load, int64_t lanes) {
  if (lanes == 16)
    return {2 * load, 2 * load + 1};
  int64_t first = load / 2 * 4 + load % 2;
  return {first, first + 2};
}

/// sums[i] + a[2 i] * c[2 i] + a[2 i + 1] * c[2 i + 1]: i32 of i16 pairs; sums wrap.
mlir::Value dotPairs(KernelBuilder &b, const Isa &isa, mlir::Value sums, mlir::Value a, mlir::Value c);

/// sums[i] + the products of four bytes each, unsigned of `a` and signed of `c`: AVX512-VNNI; sums wrap.
mlir::Value dotBytes(KernelBuilder &b, mlir::Value sums, mlir::Value a, mlir::Value c);

} // namespace stas

#endif // STAS_CONVERSION_SPIKETOVECTOR_PRODUCTS_H
