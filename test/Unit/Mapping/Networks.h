//===- Networks.h - Networks and chips to map -------------------*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef STAS_TEST_UNIT_MAPPING_NETWORKS_H
#define STAS_TEST_UNIT_MAPPING_NETWORKS_H

#include "stas/Mapping/Problem.h"

namespace stas {
namespace test {

/// 128 cores at 8 x 4 routers on each of 8 x 8 chips; 8,192 neurons, 128 KiB,
/// 4,096 axons each way.
mapping::Chip manyCoreChip();

/// A board of one chip with 2 x 2 routers and a core at each, that holds a few
/// neurons.
mapping::Chip smallChip();

/// The dimensions of a spiking transformer: a stem of four convolutions and a
/// relative position embedding, blocks of q, k, v, attention by fast weights,
/// projection and two-layer MLP, token mean and head.
struct SpikformerShape {
  int64_t image = 32;
  int64_t channels = 384;
  int64_t blocks = 4;
  int64_t heads = 12;
  int64_t ratio = 4; ///< Of the MLP.
  int64_t classes = 10;
  int64_t pooled = 2; ///< Stem convolutions followed by pooling, from the last.
  int64_t timesteps = 4;
};

/// The layer graph of that model: 8-bit weights, rates of channels that spread
/// around 0.05 to 0.25 spikes per timestep.
mapping::Problem spikformer(const mapping::Chip &chip, const SpikformerShape &shape, uint64_t seed = 1);

/// Convolutions and pooling with two linear layers.
mapping::Problem convNet(const mapping::Chip &chip, int64_t image, int64_t channels, uint64_t seed = 1);

/// Linear layers over tokens: 1 for an MLP.
mapping::Problem linearNet(const mapping::Chip &chip, int64_t tokens, std::vector<int64_t> widths, uint64_t seed = 1);

/// A random valid problem of some layers with every kind of edge, on a random
/// chip that any one of its neurons fits.
mapping::Problem randomProblem(uint64_t seed);

} // namespace test
} // namespace stas

#endif // STAS_TEST_UNIT_MAPPING_NETWORKS_H
