//===- Problem.cpp - What is to be mapped onto which chip -----------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "stas/Mapping/Problem.h"

#include <cmath>
#include <limits>

using namespace stas;
using namespace stas::mapping;

const char *mapping::synapseFormText(SynapseForm form) {
  switch (form) {
  case SynapseForm::Dense:
    return "dense";
  case SynapseForm::Conv:
    return "conv";
  case SynapseForm::FastWeight:
    return "fast weights";
  case SynapseForm::Shared:
    return "shared";
  }
  return "";
}

namespace {

/// More neurons than any index here can name.
constexpr int64_t kMost = std::numeric_limits<int32_t>::max();

/// Bits of 2^20 KiB, the most that a chip file gives a core.
constexpr int64_t kMostSynapseBits = int64_t(1) << 33;

Status checkSizes(const std::string &where, std::initializer_list<std::pair<const char *, int64_t>> sizes,
                  int64_t least, int64_t most = kMost) {
  for (auto [name, size] : sizes)
    if (size < least || size > most)
      return makeError(where, ": requires ", name, " in [", least, ", ", most, "], found ", size);
  return {};
}

Status checkChip(const Chip &chip) {
  const std::string where = "chip " + chip.name;
  if (Status status = checkSizes(where,
                                 {{"a board width", chip.boardWidth},
                                  {"a board height", chip.boardHeight},
                                  {"a mesh width", chip.meshWidth},
                                  {"a mesh height", chip.meshHeight},
                                  {"cores per router", chip.coresPerRouter},
                                  {"neurons", chip.neurons},
                                  {"in-axons", chip.inAxons},
                                  {"out-axons", chip.outAxons},
                                  {"state bits", chip.stateBits},
                                  {"weight bits", chip.weightBits},
                                  {"payload bits", chip.payloadBits},
                                  {"crossing hops", chip.crossingHops}},
                                 1);
      !status)
    return status;
  if (Status status = checkSizes(where, {{"synapse bits", chip.synapseBits}}, 1, kMostSynapseBits); !status)
    return status;
  if (Status status = checkSizes(where, {{"a longest delay", chip.delay}}, 0); !status)
    return status;
  double cores =
      static_cast<double>(chip.boardWidth) * chip.boardHeight * chip.meshWidth * chip.meshHeight * chip.coresPerRouter;
  if (cores > 1 << 24)
    return makeError(where, ": requires at most ", 1 << 24, " cores on the board, found ", cores);
  return {};
}

Status checkLayer(const Layer &layer) {
  const std::string where = "layer " + layer.name;
  if (Status status = checkSizes(where,
                                 {{"a height", layer.height},
                                  {"a width", layer.width},
                                  {"channels", layer.channels},
                                  {"state bits", layer.stateBits},
                                  {"payload bits", layer.payloadBits}},
                                 1);
      !status)
    return status;
  if (static_cast<double>(layer.height) * layer.width * layer.channels > kMost)
    return makeError(where, ": requires at most ", kMost, " neurons, found ", layer.height, " x ", layer.width, " x ",
                     layer.channels);
  if (layer.spikes.size() != 1 && layer.spikes.size() != static_cast<size_t>(layer.neurons()))
    return makeError(where, ": requires spikes of all neurons in one number or in ", layer.neurons(), ", found ",
                     layer.spikes.size());
  for (double spikes : layer.spikes)
    if (!std::isfinite(spikes) || spikes < 0)
      return makeError(where, ": requires finite spikes of at least 0, found ", spikes);
  return {};
}

Status checkEdge(const Problem &problem, const Edge &edge) {
  auto layers = static_cast<int>(problem.layers.size());
  if (edge.source < 0 || edge.source >= layers || edge.target < 0 || edge.target >= layers)
    return makeError("edge: requires layers in [0, ", layers, "), found ", edge.source, " -> ", edge.target);
  const Layer &source = problem.layers[edge.source], &target = problem.layers[edge.target];
  const std::string where = "edge " + source.name + " -> " + target.name;
  if (edge.table < 0 || edge.table >= static_cast<int>(problem.tables.size()))
    return makeError(where, ": requires a table in [0, ", problem.tables.size(), "), found ", edge.table);
  if (Status status = checkSizes(where, {{"a delay", edge.delay}}, 0); !status)
    return status;
  if (edge.tokens == TokenMap::Same && source.tokens() != target.tokens())
    return makeError(where, ": requires as many tokens as the source has, ", source.tokens(), ", found ",
                     target.tokens());
  if (edge.tokens == TokenMap::Window) {
    const Window &window = edge.window;
    const int64_t from[] = {source.height, source.width}, to[] = {target.height, target.width};
    for (int axis : {0, 1}) {
      if (window.kernel[axis] < 1 || window.stride[axis] < 1 || window.padding[axis] < 0 ||
          window.padding[axis] >= window.kernel[axis])
        return makeError(where, ": requires a kernel and stride of at least 1 and a padding below the kernel, found ",
                         window.kernel[axis], ", ", window.stride[axis], ", ", window.padding[axis]);
      int64_t room = from[axis] + 2 * window.padding[axis] - window.kernel[axis];
      int64_t expected = room < 0 ? 0 : room / window.stride[axis] + 1;
      if (to[axis] != expected)
        return makeError(where, ": requires a target ", axis == 0 ? "height" : "width", " of ", expected, ", found ",
                         to[axis]);
    }
  }
  if (edge.channels == ChannelMap::Same && source.channels != target.channels)
    return makeError(where, ": requires as many channels as the source has, ", source.channels, ", found ",
                     target.channels);
  if (edge.channels == ChannelMap::Group &&
      (edge.group < 1 || source.channels != target.channels || source.channels % edge.group != 0))
    return makeError(where, ": requires equal channels in groups of ", edge.group, ", found ", source.channels, " and ",
                     target.channels);
  return {};
}

} // namespace

Status Problem::validate() const {
  if (Status status = checkChip(chip); !status)
    return status;
  if (layers.empty())
    return makeError("requires at least one layer, found none");
  for (const Layer &layer : layers)
    if (Status status = checkLayer(layer); !status)
      return status;
  for (const Table &table : tables)
    if (Status status =
            checkSizes("table " + table.name, {{"rows", table.rows}, {"limbs", table.limbs}, {"bits", table.bits}}, 1);
        !status)
      return status;
  for (const Edge &edge : edges)
    if (Status status = checkEdge(*this, edge); !status)
      return status;
  return {};
}
