//===- Observer.h - Sees and changes spikes during a run --------*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef STAS_RUNTIME_OBSERVER_H
#define STAS_RUNTIME_OBSERVER_H

#include "stas/Support/Error.h"

#include <cstdint>
#include <string>
#include <vector>

namespace stas {

/// A layer of LIF neurons whose spikes can be observed.
struct SpikeLayer {
  std::string name;          ///< The checkpoint's module, e.g. block.0.attn.q_lif.
  bool isMap;                ///< Spikes lie as [steps, H, W, C]; else as [steps, N, D].
  std::vector<int64_t> dims; ///< Without time: [H, W, C] or [N, D].
  int64_t timesteps;         ///< Of the whole layer.

  /// Neurons: spikes of one image at one timestep.
  int64_t neurons() const {
    int64_t product = 1;
    for (int64_t dim : dims)
      product *= dim;
    return product;
  }
};

/// Spikes of one image, right after the layer computed them.
struct SpikeView {
  size_t layer;  ///< Index into ModelInfo::spikeLayers.
  int64_t image; ///< Counted from Batch::firstImage.
  int64_t t;     ///< The first timestep that is here.
  int64_t steps; ///< How many are: one in a time loop, else all.
  uint8_t *data; ///< [steps, dims...]; what is written here is what the next
                 ///< layer is fed.
};

/// What a layer of ModelInfo::network is about to compute for one image.
struct WorkView {
  size_t layer;  ///< Index into ModelInfo::network.layers.
  int64_t image; ///< Counted from Batch::firstImage.
  int64_t t;     ///< The first timestep that is here.
  int64_t steps; ///< How many are: one in a time loop, else all.
  /// The input, or queries, keys and values; null where there are none:
  /// [steps, inputValues()], as bytes or, where `isFloat`, in f32.
  const void *inputs[3];
  bool isFloat;
  const uint8_t *active; ///< [rows], which of them run; null: all.
};

/// Is called for every SpikeView of a run: for different images from several
/// threads at once, for one image in the order of the plan. A timestep that an
/// image does not reach, since all its tokens have halted, is never seen.
class Observer {
public:
  virtual ~Observer();

  /// An error ends the run and is what run() returns.
  virtual Status onSpikes(const SpikeView &view) = 0;

  /// Before a layer runs. It may read what it is shown, and change nothing.
  virtual Status onWork(const WorkView &view) { return {}; }
};

} // namespace stas

#endif // STAS_RUNTIME_OBSERVER_H
