//===- Network.h - What a compiled model computes ---------------*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The weighted layers, attentions and halting scores of a model, in the order
// in which they run, as the manifest of an artifact has them: all that rates
// are measured of and energy is estimated from. No protobuf, no MLIR.
//
//===----------------------------------------------------------------------===//

#ifndef STAS_ENERGY_NETWORK_H
#define STAS_ENERGY_NETWORK_H

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace stas {

namespace artifact {
class Manifest;
class Work;
} // namespace artifact

namespace energy {

enum class LayerKind {
  Weighted,    ///< A convolution or linear layer.
  Coincidence, ///< Attention: (q k^T) v of spikes.
  Halting      ///< The scores of a block, and its weighted output.
};

/// A convolution's window over a map of height x width.
struct Window {
  int64_t height, width;
  int64_t kernel[2], stride[2], padding[2]; ///< Along height, along width.
  bool channelsFirst;
};

struct Layer {
  std::string name; ///< The checkpoint's module, e.g. block.0.attn.q_linear.
  LayerKind kind = LayerKind::Weighted;
  /// Times it runs for an image: once for inputs that do not change over time;
  /// in a time loop, the most that it can be.
  int64_t timesteps = 1;
  int64_t rows = 1;     ///< Tokens, or positions of a convolution's output.
  int64_t fanIn = 0;    ///< Inputs of a row. Weighted only.
  int64_t channels = 1; ///< Outputs of a row. Halting: of the weighted output.
  int64_t heads = 1;
  std::optional<Window> window;
  int64_t parts = 1;            ///< Inputs are n / parts; 0: real numbers.
  int64_t max = 1;              ///< The largest n.
  int64_t neuronSteps = 0;      ///< Updates of a neuron when its row runs.
  bool masked = false;          ///< Halted tokens' rows do not run.
  std::optional<int64_t> block; ///< Of a halting encoder, from 0.

  bool isReal() const { return kind == LayerKind::Weighted && parts == 0; }
  /// Values of one input, for one timestep.
  int64_t inputValues() const;
  /// Multiply-accumulates of a timestep in which every row runs and no input
  /// is skipped; taps on a convolution's padding included. Attention: of one
  /// of its two products, N * N * d in each head.
  int64_t macs() const;
};

struct Network {
  std::string source; ///< File name of the checkpoint.
  std::string family; ///< "spikformer" or "stas".
  int64_t timesteps = 1;
  int64_t tokens = 0, blocks = 0; ///< Of a halting encoder, else 0.
  std::vector<Layer> layers;

  bool halts() const { return blocks > 0; }
};

/// The layer of a launch, in a time loop of so many timesteps (0: in none) and
/// with so many elements in its first input.
Layer layerOf(const artifact::Work &work, int64_t loopTimesteps, uint64_t inputElements);

/// The network of a manifest that was validated. Layer i is the i-th launch
/// that says what it computes.
Network networkOf(const artifact::Manifest &manifest);

} // namespace energy
} // namespace stas

#endif // STAS_ENERGY_NETWORK_H
