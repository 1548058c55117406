//===- Config.h - What a state dict does not say --------------------------===//
//
// Part of stas, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A state dict holds weights only: timesteps, heads, neurons and halting come
// from a configuration. Up to four sources give it, the first one that has a
// key decides: flags, --config, the checkpoint's `config`, and the `args` of a
// training script; then come defaults. docs/Guides/Import.md has the table.
//
//===----------------------------------------------------------------------===//

#ifndef STAS_IMPORT_CONFIG_H
#define STAS_IMPORT_CONFIG_H

#include "stas/Import/Report.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/JSON.h"

#include <cstdint>
#include <optional>
#include <string>

namespace stas::import {

/// How a family's published code names its layers: nn.Linear throughout, or
/// nn.Conv1d and nn.Conv2d with kernels of extent 1.
enum class Naming { Cifar, ImageNet };
enum class Family { Spikformer, Stas };
enum class ISPSPoint { Stage0, Stem };
enum class Reduction { Mean, Sum };
/// Which halting scores are summed: all so far; those of no later timestep and block; those of this timestep.
enum class Order { Lexicographic, Rectangular, Timestep };

llvm::StringRef familyName(Family family);
/// As `act.order` has it.
llvm::StringRef orderName(Order order);

struct LIFConfig {
  double tau = 2.0;
  double threshold = 1.0;
  double attentionThreshold = 0.5;
  double reset = 0.0;
  bool softReset = false;
  bool decayInput = true;
  /// Fires on h > threshold only, not on equality.
  bool strict = false;
};

struct ISPSConfig {
  ISPSPoint after = ISPSPoint::Stage0;
  Reduction reduce = Reduction::Mean;
};

struct ActConfig {
  double alpha = 0, beta = 0;
  double eps = 0.01;
  Order order = Order::Lexicographic;
  /// The output is the rate of the last block, not the halting-weighted mean.
  bool rate = false;
};

struct ModelConfig {
  Family family = Family::Spikformer;
  int64_t timesteps = 4;
  int64_t heads = 0;
  /// Height and width of the image, in pixels.
  int64_t imageSize = 0;
  int64_t inChannels = 0;
  /// The input is [T, B, C, H, W], one frame a timestep, not one image for all.
  bool frames = false;
  /// Per channel, of pixels scaled to 0..1.
  llvm::SmallVector<double, 4> mean, std;
  double attentionScale = 0.125;
  LIFConfig lif;
  std::optional<ISPSConfig> isps;
  std::optional<ActConfig> act;
};

/// One place that settings come from.
struct ConfigSource {
  /// For messages: a file, or "command line".
  std::string name;
  /// Nested or dotted keys. A null removes what later sources say.
  llvm::json::Object values;
};

/// What the weights say, on which defaults and limits depend.
struct ConfigFacts {
  std::string checkpoint;
  Naming naming = Naming::Cifar;
  /// Not positive where the weights do not tell them.
  int64_t width = 0;
  int64_t inChannels = 0;
};

/// Checks every value of every source and merges them, first source first.
/// Every problem is reported: unknown keys, wrong types, values out of range,
/// required keys that are missing, contradictions. Returns nothing if any was.
std::optional<ModelConfig> resolveConfig(llvm::ArrayRef<ConfigSource> sources, const ConfigFacts &facts,
                                         Report &report);

/// Reads a configuration file (a JSON object).
std::optional<ConfigSource> readConfigFile(llvm::StringRef path, Report &report);

/// Translates the `args` of a training script, whose names are not ours:
/// time_step, time_steps or T; num_heads; img_size; mean; std. Values of other
/// types, and all other names, are ignored: args are no configuration of stas.
/// Tells in a note what it took.
ConfigSource configFromArgs(llvm::StringRef checkpoint, const llvm::json::Object &args, Report &report);

} // namespace stas::import

#endif // STAS_IMPORT_CONFIG_H
