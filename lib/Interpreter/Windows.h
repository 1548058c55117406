//===- Windows.h - Windows of convolutions and pools ------------*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef STAS_LIB_INTERPRETER_WINDOWS_H
#define STAS_LIB_INTERPRETER_WINDOWS_H

#include <algorithm>
#include <cstdint>
#include <vector>

namespace stas {

/// Windows of a convolution or pool along one axis of a map.
struct Window {
  int64_t extent, kernel, stride, padding;
  int64_t count() const { return (extent + 2 * padding - kernel) / stride + 1; }
  /// The part [first, last) of window `index` that lies on the map.
  int64_t first(int64_t index) const { return std::max<int64_t>(index * stride - padding, 0); }
  int64_t last(int64_t index) const { return std::min(index * stride - padding + kernel, extent); }
  /// The kernel element that lies on map element `position`.
  int64_t tap(int64_t index, int64_t position) const { return position - (index * stride - padding); }
};

/// sums[n] += x * weights[n].
template <typename Sum, typename Weight> void accumulate(Sum x, const Weight *weights, std::vector<Sum> &sums) {
  Sum *sum = sums.data();
  for (size_t n = 0, count = sums.size(); n < count; ++n)
    sum[n] += x * weights[n];
}

} // namespace stas

#endif // STAS_LIB_INTERPRETER_WINDOWS_H
