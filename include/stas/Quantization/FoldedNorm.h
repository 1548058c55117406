//===- FoldedNorm.h - Scale and shift of a weighted sum ---------*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef STAS_QUANTIZATION_FOLDEDNORM_H
#define STAS_QUANTIZATION_FOLDEDNORM_H

#include "dialects/Spike/SpikeAttrs.h"
#include "stas/Target/WeightReader.h"
#include <vector>

namespace stas {

/// a and b of `#spike.norm`: the current of channel c is scale[c] * sum + shift[c].
struct FoldedNorm {
  std::vector<double> scale, shift;
};

/// Folds the vectors of a norm for `channels` channels, in double. Fails where the checkpoint cannot be read. What the
/// checkpoint holds may make values that are not finite.
llvm::Expected<FoldedNorm> foldNorm(spike::NormAttr norm, int64_t channels, WeightReader &weights);

} // namespace stas

#endif // STAS_QUANTIZATION_FOLDEDNORM_H
