//===- Windows.h - Windows of convolutions and pools ------------*- C++ -*-===//
//
// What the verifiers of the stas and the spike dialect share.
//
//===----------------------------------------------------------------------===//
#ifndef STAS_DIALECTS_STAS_WINDOWS_H
#define STAS_DIALECTS_STAS_WINDOWS_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLExtras.h"

namespace stas {

/// Strides, paddings and kernels beyond this are mistakes; below it, extents do not overflow.
inline constexpr int64_t maxWindow = 65536;

/// Whether there are two values, for height and width, from `least` to maxWindow.
inline bool isWindow(llvm::ArrayRef<int64_t> values, int64_t least) {
  return values.size() == 2 &&
         llvm::all_of(values, [=](int64_t value) { return value >= least && value <= maxWindow; });
}

/// Extent of a convolution's or pool's output along one axis; 0 where the kernel does not fit the padded input.
inline int64_t windowExtent(int64_t extent, int64_t kernel, int64_t stride, int64_t padding) {
  int64_t span = extent + 2 * padding - kernel;
  return span < 0 ? 0 : span / stride + 1;
}

} // namespace stas

#endif // STAS_DIALECTS_STAS_WINDOWS_H
