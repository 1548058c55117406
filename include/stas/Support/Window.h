//===- Window.h - Windows on maps -------------------------------*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef STAS_SUPPORT_WINDOW_H
#define STAS_SUPPORT_WINDOW_H

#include <algorithm>
#include <cstdint>

namespace stas {

/// Along an axis of `extent` elements: how many taps of a kernel lie on the map and not on its padding, over outputs
/// [begin, end).
inline int64_t tapsInside(int64_t begin, int64_t end, int64_t kernel, int64_t stride, int64_t padding, int64_t extent) {
  int64_t taps = 0;
  for (int64_t at = begin; at < end; ++at) {
    int64_t first = at * stride - padding;
    taps += std::max<int64_t>(0, std::min(first + kernel, extent) - std::max<int64_t>(first, 0));
  }
  return taps;
}

} // namespace stas

#endif // STAS_SUPPORT_WINDOW_H
