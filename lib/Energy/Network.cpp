//===- Network.cpp - What a compiled model computes -----------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "stas/Energy/Network.h"
#include "stas/Target/Artifact/Artifact.h"

using namespace stas;
using namespace stas::energy;

int64_t Layer::inputValues() const {
  if (kind != LayerKind::Weighted)
    return rows * channels;
  if (window)
    return window->height * window->width * (fanIn / (window->kernel[0] * window->kernel[1]));
  return rows * fanIn;
}

int64_t Layer::macs() const { return rows * channels * (kind == LayerKind::Weighted ? fanIn : rows); }

Layer energy::layerOf(const artifact::Work &work, int64_t loopTimesteps, uint64_t inputElements) {
  Layer layer;
  layer.name = work.layer();
  layer.kind = work.kind() == artifact::WEIGHTED      ? LayerKind::Weighted
               : work.kind() == artifact::COINCIDENCE ? LayerKind::Coincidence
                                                      : LayerKind::Halting;
  layer.rows = work.rows();
  layer.fanIn = work.fan_in();
  layer.channels = work.channels();
  layer.heads = work.heads();
  layer.parts = work.parts();
  layer.max = work.max();
  layer.masked = work.has_active();
  if (work.has_block())
    layer.block = work.block();
  if (work.has_window()) {
    const artifact::Window &from = work.window();
    Window window;
    window.height = from.height();
    window.width = from.width();
    window.kernel[0] = from.kernel_height();
    window.kernel[1] = from.kernel_width();
    window.stride[0] = from.stride_y();
    window.stride[1] = from.stride_x();
    window.padding[0] = from.padding_y();
    window.padding[1] = from.padding_x();
    window.channelsFirst = from.channels_first();
    layer.window = window;
  }
  // Outside of loops one launch runs all timesteps of its input.
  layer.timesteps = loopTimesteps > 0 ? loopTimesteps : inputElements / layer.inputValues();
  layer.neuronSteps = work.steps() / (loopTimesteps > 0 ? 1 : layer.timesteps);
  return layer;
}

namespace {

/// Adds the layers of steps; `loop` is the enclosing loop's timesteps, or 0.
void addLayers(const artifact::Manifest &manifest, const google::protobuf::RepeatedPtrField<artifact::Step> &steps,
               int64_t loop, Network &network) {
  for (const artifact::Step &step : steps) {
    if (step.has_time_loop())
      addLayers(manifest, step.time_loop().body(), step.time_loop().timesteps(), network);
    if (!step.has_launch() || !step.launch().has_work())
      continue;
    const artifact::Work &work = step.launch().work();
    uint64_t elements = 0;
    if (work.inputs_size() > 0) {
      const artifact::Buffer &input = manifest.buffers(work.inputs(0));
      elements = byteSize(input) / elementSize(input.element());
    }
    network.layers.push_back(layerOf(work, loop, elements));
  }
}

} // namespace

Network energy::networkOf(const artifact::Manifest &manifest) {
  Network network;
  network.source = manifest.source();
  network.family = manifest.family();
  network.timesteps = manifest.timesteps();
  if (manifest.has_halting_buffer()) {
    network.tokens = manifest.tokens();
    network.blocks = manifest.blocks();
  }
  addLayers(manifest, manifest.steps(), 0, network);
  return network;
}
