//===- SpikeOrder.h - The order of spikes in files and in memory -*- C++
//-*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef STAS_LIB_RUNTIME_OBSERVERS_SPIKEORDER_H
#define STAS_LIB_RUNTIME_OBSERVERS_SPIKEORDER_H

#include "stas/Runtime/Observer.h"

namespace stas {

/// Copies one timestep of a map from memory's [H, W, C] to PyTorch's
/// [C, H, W].
inline void mapToFile(const SpikeLayer &layer, const uint8_t *from, uint8_t *to) {
  int64_t pixels = layer.dims[0] * layer.dims[1], channels = layer.dims[2];
  for (int64_t i = 0; i < pixels; ++i)
    for (int64_t c = 0; c < channels; ++c)
      to[c * pixels + i] = *from++;
}

/// The way back.
inline void mapFromFile(const SpikeLayer &layer, const uint8_t *from, uint8_t *to) {
  int64_t pixels = layer.dims[0] * layer.dims[1], channels = layer.dims[2];
  for (int64_t i = 0; i < pixels; ++i)
    for (int64_t c = 0; c < channels; ++c)
      *to++ = from[c * pixels + i];
}

} // namespace stas

#endif // STAS_LIB_RUNTIME_OBSERVERS_SPIKEORDER_H
