//===- Observers.h - What to do with the spikes of a run --------*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef STAS_RUNTIME_OBSERVERS_H
#define STAS_RUNTIME_OBSERVERS_H

#include "stas/Data/Npy.h"
#include "stas/Energy/Rates.h"
#include "stas/Runtime/Model.h"

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace stas {

// An observer keeps a reference to the ModelInfo it is made with, which must
// outlive it.

/// The shape of a layer's spikes in PyTorch's order:
/// [T, images, N, D] or [T, images, C, H, W].
std::vector<int64_t> spikeShape(const SpikeLayer &layer, int64_t images);

/// Writes DIR/<layer>.npy, uint8 of spikeShape(), for every layer. Timesteps
/// that an image did not reach are zero.
class SpikeDump : public Observer {
public:
  /// Makes the folder where it is missing, but not the folders above it.
  static Result<std::unique_ptr<SpikeDump>> create(const std::string &folder, const ModelInfo &info, int64_t images);
  ~SpikeDump() override;

  Status onSpikes(const SpikeView &view) override;
  /// Makes the files durable, where a full disk may show only now.
  Status flush();
  /// Gives the files their names. Without it, nothing stays.
  Status commit();

private:
  SpikeDump(const ModelInfo &info, int64_t images) : layers(info.spikeLayers), images(images) {}
  const std::vector<SpikeLayer> &layers;
  int64_t images;
  std::string madeFolder; ///< Empty where the folder was there.
  std::vector<NpyWriter> writers;
};

/// Counts spikes.
class SpikeCounter : public Observer {
public:
  explicit SpikeCounter(const ModelInfo &info);

  Status onSpikes(const SpikeView &view) override;

  uint64_t spikes(size_t layer) const;
  /// Spikes a neuron and timestep, where a timestep that did not run counts as
  /// silent.
  double rate(size_t layer, int64_t images) const;
  /// By timestep.
  energy::NeuronRates rates(size_t layer) const;

private:
  struct Count {
    std::atomic<uint64_t> spikes{0};
    std::atomic<uint64_t> steps{0}; ///< Images that reached the timestep.
  };
  const std::vector<SpikeLayer> &layers;
  std::vector<std::vector<Count>> counts; ///< [layer][timestep].
};

/// Counts what weighted layers, attention and halting are fed, in the rows that
/// run.
class InputCounter : public Observer {
public:
  explicit InputCounter(const ModelInfo &info);

  Status onSpikes(const SpikeView &view) override { return {}; }
  /// Fails where inputs are not what the artifact says of them.
  Status onWork(const WorkView &view) override;

  /// As ModelInfo::network.layers.
  const std::vector<energy::LayerRates> &rates() const { return counts; }

private:
  const energy::Network &network;
  std::mutex mutex;
  std::vector<energy::LayerRates> counts;
};

/// Replaces each layer's spikes by those in DIR/<layer>.npy, uint8 of
/// spikeShape(), so that every layer is fed what the reference fed it.
class SpikeTeacher : public Observer {
public:
  /// There must be a file for every layer; it may hold more images than run.
  static Result<std::unique_ptr<SpikeTeacher>> open(const std::string &folder, const ModelInfo &info, int64_t images);

  Status onSpikes(const SpikeView &view) override;

private:
  explicit SpikeTeacher(const ModelInfo &info) : layers(info.spikeLayers) {}
  const std::vector<SpikeLayer> &layers;
  std::vector<NpyArray> arrays;
};

} // namespace stas

#endif // STAS_RUNTIME_OBSERVERS_H
