//===- SpikeTeacher.cpp - Replaces the spikes of a run by the reference's -===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "SpikeOrder.h"
#include "stas/Runtime/Observers.h"
#include "stas/Support/Text.h"

#include <algorithm>
#include <cstring>

using namespace stas;

Result<std::unique_ptr<SpikeTeacher>> SpikeTeacher::open(const std::string &folder, const ModelInfo &info,
                                                         int64_t images) {
  std::unique_ptr<SpikeTeacher> teacher(new SpikeTeacher(info));
  for (const SpikeLayer &layer : info.spikeLayers) {
    Result<NpyArray> array = NpyArray::open(folder + "/" + layer.name + ".npy");
    if (!array)
      return array.error();
    std::vector<int64_t> required = spikeShape(layer, images);
    std::vector<int64_t> found = array->shape();
    bool enough = found.size() == required.size() && found[1] >= images;
    if (enough)
      required[1] = found[1];
    if (array->type() != NpyType::U8 || found != required)
      return makeError(array->path(), ": spikes: required uint8 ", shapeText(spikeShape(layer, images)), ", found ",
                       npyTypeName(array->type()), " ", shapeText(found));
    teacher->arrays.push_back(std::move(*array));
  }
  return teacher;
}

Status SpikeTeacher::onSpikes(const SpikeView &view) {
  const SpikeLayer &layer = layers[view.layer];
  const NpyArray &array = arrays[view.layer];
  int64_t neurons = layer.neurons(), images = array.shape()[1];
  for (int64_t step = 0; step < view.steps; ++step) {
    int64_t row = (view.t + step) * images + view.image;
    const uint8_t *from = array.data() + row * neurons;
    const uint8_t *wrong = std::find_if(from, from + neurons, [](uint8_t spike) { return spike > 1; });
    if (wrong != from + neurons)
      return makeError(array.path(), ": spikes: required 0 or 1, found ", int(*wrong), " in image ", view.image);
    uint8_t *to = view.data + step * neurons;
    if (layer.isMap)
      mapFromFile(layer, from, to);
    else
      std::memcpy(to, from, neurons);
  }
  return {};
}
