//===- SpikeDump.cpp - Writes the spikes of a run -------------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "SpikeOrder.h"
#include "stas/Runtime/Observers.h"

#include <cerrno>
#include <cstring>
#include <sys/stat.h>
#include <unistd.h>

using namespace stas;

std::vector<int64_t> stas::spikeShape(const SpikeLayer &layer, int64_t images) {
  const std::vector<int64_t> &dims = layer.dims;
  if (layer.isMap)
    return {layer.timesteps, images, dims[2], dims[0], dims[1]};
  return {layer.timesteps, images, dims[0], dims[1]};
}

Result<std::unique_ptr<SpikeDump>> SpikeDump::create(const std::string &folder, const ModelInfo &info, int64_t images) {
  std::unique_ptr<SpikeDump> dump(new SpikeDump(info, images));
  if (mkdir(folder.c_str(), 0777) == 0)
    dump->madeFolder = folder;
  else if (errno != EEXIST)
    return makeError(folder, ": cannot make the folder: ", std::strerror(errno));
  for (const SpikeLayer &layer : info.spikeLayers) {
    Result<NpyWriter> writer =
        NpyWriter::create(folder + "/" + layer.name + ".npy", NpyType::U8, spikeShape(layer, images));
    if (!writer)
      return writer.error();
    dump->writers.push_back(std::move(*writer));
  }
  return dump;
}

SpikeDump::~SpikeDump() {
  writers.clear(); // Removes what was not committed,
  if (!madeFolder.empty())
    rmdir(madeFolder.c_str()); // which succeeds only if that was everything.
}

Status SpikeDump::onSpikes(const SpikeView &view) {
  const SpikeLayer &layer = layers[view.layer];
  int64_t neurons = layer.neurons();
  std::vector<uint8_t> turned(layer.isMap ? neurons : 0);
  for (int64_t step = 0; step < view.steps; ++step) {
    const uint8_t *from = view.data + step * neurons;
    if (layer.isMap) {
      mapToFile(layer, from, turned.data());
      from = turned.data();
    }
    int64_t row = (view.t + step) * images + view.image;
    if (Status status = writers[view.layer].write(row * neurons, from, neurons); !status)
      return status;
  }
  return {};
}

Status SpikeDump::flush() {
  for (NpyWriter &writer : writers)
    if (Status status = writer.flush(); !status)
      return status;
  return {};
}

Status SpikeDump::commit() {
  for (NpyWriter &writer : writers)
    if (Status status = writer.commit(); !status)
      return status;
  madeFolder.clear();
  return {};
}
