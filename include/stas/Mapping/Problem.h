//===- Problem.h - What is to be mapped onto which chip ---------*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Populations of spiking neurons, the synapses between them, and the limits of
// a many-core chip: plain numbers, no IR. docs/Guides/Mapping.md has the terms.
//
// A layer's neurons are tokens x channels, and so is every connectivity: which
// tokens of the source feed a token, and which channels feed a channel. That
// holds for linear layers, convolutions, pooling, residual sums, attention by
// fast weights, and means over tokens.
//
//===----------------------------------------------------------------------===//

#ifndef STAS_MAPPING_PROBLEM_H
#define STAS_MAPPING_PROBLEM_H

#include "stas/Support/Error.h"

#include <cstdint>
#include <string>
#include <vector>

namespace stas::mapping {

/// A board of chips, each a mesh of routers with some cores at each router.
struct Chip {
  std::string name;
  int64_t boardWidth = 1, boardHeight = 1; ///< Chips.
  int64_t meshWidth = 1, meshHeight = 1;   ///< Routers of a chip.
  int64_t coresPerRouter = 1;

  // Limits of a core.
  int64_t neurons = 0;
  int64_t synapseBits = 0; ///< Memory of weights and counters.
  /// A source neuron needs one at every core that it feeds.
  int64_t inAxons = 0;
  /// A neuron needs one for every core that it feeds; one in all where the
  /// chip multicasts.
  int64_t outAxons = 0;

  // Limits of a neuron, a weight, a spike and an axon.
  int64_t stateBits = 0, weightBits = 0, payloadBits = 0;
  int64_t delay = 0; ///< The longest, in chip steps.

  /// One message reaches all cores that a spike goes to; else one for each.
  bool multicast = false;
  /// What a link from a chip to the next counts as, in hops.
  int64_t crossingHops = 1;

  int64_t coresOfChip() const { return meshWidth * meshHeight * coresPerRouter; }
  int64_t cores() const { return coresOfChip() * boardWidth * boardHeight; }
};

/// A population of like neurons. Neuron (token, channel) has the flat index
/// token * channels + channel; token (y, x) of a map is y * width + x.
struct Layer {
  std::string name;
  int64_t height = 1, width = 1; ///< Of the map of tokens; a sequence has height 1.
  int64_t channels = 1;
  int64_t stateBits = 1;
  int64_t payloadBits = 1; ///< Of its spikes: 1 for binary ones.
  /// Expected spikes of an inference: of every neuron, or by flat index.
  std::vector<double> spikes = {0};

  int64_t tokens() const { return height * width; }
  int64_t neurons() const { return tokens() * channels; }
  double spikesOf(int64_t neuron) const { return spikes.size() == 1 ? spikes[0] : spikes[neuron]; }
};

enum class SynapseForm {
  Dense,      ///< A column of weights for each target channel.
  Conv,       ///< A column of channels x kernel for each target channel.
  FastWeight, ///< A column of counters for each channel: d x d in a head of d.
  Shared      ///< The same weights for all channels: pooling, residual sums.
};
const char *synapseFormText(SynapseForm form);

/// Weights that all tokens of a layer share: a core stores the columns of its
/// target channels once, however many tokens it has.
struct Table {
  std::string name;
  SynapseForm form = SynapseForm::Dense;
  int64_t rows = 0;  ///< Weights of a column; `Shared`: of the table.
  int64_t limbs = 1; ///< Stored numbers of a weight.
  int64_t bits = 8;  ///< Of a stored number.

  int64_t columnBits() const { return form == SynapseForm::Shared ? 0 : rows * limbs * bits; }
  int64_t sharedBits() const { return form == SynapseForm::Shared ? rows * limbs * bits : 0; }
};

/// Which tokens feed a token.
enum class TokenMap {
  Same,   ///< The one with its index.
  Window, ///< Those under a convolution's or a pooling's kernel.
  All
};
/// Which channels feed a channel.
enum class ChannelMap {
  Same,  ///< The one with its index.
  Group, ///< Those of its group of neighbours, such as a head.
  All,
  First ///< The first of all, whatever its own index.
};

/// A kernel over the source's map; padding is at both ends.
struct Window {
  int64_t kernel[2] = {1, 1}, stride[2] = {1, 1}, padding[2] = {0, 0}; ///< Along height, along width.
};

/// Synapses from one layer's neurons to another's. Equal edges, as of x + x,
/// share their axons and their table.
struct Edge {
  int source = 0, target = 0; ///< Indices of layers.
  int table = 0;              ///< Index of a table; edges may share one.
  TokenMap tokens = TokenMap::Same;
  ChannelMap channels = ChannelMap::All;
  Window window = {};
  int64_t group = 1; ///< Channels of a group.
  int64_t delay = 0; ///< Chip steps beyond the one that every message takes.
};

struct Problem {
  Chip chip;
  std::vector<Layer> layers; ///< In the order of the model.
  std::vector<Table> tables;
  std::vector<Edge> edges;

  /// Fails where the numbers contradict each other: a size below 1, an index
  /// of nothing, spikes that are negative or of the wrong number, token or
  /// channel maps that do not fit the layers. Not about limits.
  Status validate() const;
};

} // namespace stas::mapping

#endif // STAS_MAPPING_PROBLEM_H
