//===- Program.h - A plan, ready to run -------------------------*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef STAS_LIB_RUNTIME_CPU_PROGRAM_H
#define STAS_LIB_RUNTIME_CPU_PROGRAM_H

#include "KernelLibrary.h"
#include "stas/Runtime/Observer.h"
#include "stas/Target/Artifact/Artifact.h"

#include <optional>
#include <vector>

namespace stas {

/// Bytes after the end of an arena and of scratch that kernels may read.
inline constexpr uint64_t kArenaSlack = 64;
inline constexpr uint64_t kArenaAlignment = 64;

/// The most images that a thread computes together, and the most bytes of
/// their arenas: beyond, weights that are read once for all of them gain less
/// than what the arenas cost. More of them pay where a loop reads weights again
/// at every timestep that the second cache cannot keep. Products of AMX take so
/// little time that memory decides: there, as many images as make each one's
/// part of the weights, of those in a loop if there is one, no more than its
/// arena, and at least two.
inline constexpr int kMostImagesTogether = 16, kMostImagesOnce = 4;
inline constexpr uint64_t kSecondCache = uint64_t(1) << 20;
inline constexpr uint64_t kMostBytesTogether = uint64_t(128) << 20;

/// A range of an arena, in bytes.
struct Range {
  uint64_t offset = 0;
  uint64_t size = 0;
};

struct LaunchPlan {
  /// Whether runs with observers make it, and those without.
  bool observed, unobserved;
  Kernel kernel;
  uint32_t firstArgument; ///< Index into Program::arguments.
  int64_t extent;
  bool severalImages; ///< Whether the kernel takes the items of several images at once.
  int32_t spikes;     ///< Index into Program::spikes, or -1.
  int32_t work;       ///< Index into Program::works, or -1.
  int64_t timesteps;  ///< Of the enclosing loop; 0 outside of one.
};

/// Where an argument points: into the arena or, where that is null, at
/// constant weights.
struct ArgumentPlan {
  const char *weights;
  uint64_t offset;
};

struct LoopPlan {
  int64_t timesteps;
  uint32_t body; ///< The first instruction of the body.
  uint32_t end;  ///< The instruction after the loop.
};

struct SpikePlan {
  uint64_t offset; ///< In the arena.
  int64_t steps;   ///< Timesteps in the buffer.
  int64_t rows;    ///< Tokens or positions of a timestep.
  int64_t width;   ///< Neurons, and bytes, of a row.
};

/// What a launch computes, in the order of energy::Network::layers.
struct WorkPlan {
  std::vector<uint64_t> inputs; ///< In the arena.
  std::optional<uint64_t> active;
  int64_t steps; ///< Timesteps in an input.
  bool isFloat;
};

/// What to do next. The plan's tree as a flat list: a loop is a BeginLoop, its
/// body and a RepeatLoop.
struct Instruction {
  enum Kind { Launch, BeginLoop, RepeatLoop, StopWhenIdle } kind;
  uint32_t index; ///< Into launches, loops or idleBuffers.
  uint32_t loop;  ///< For StopWhenIdle: the loop it ends.
};

/// The steps of a manifest with every name and index resolved.
class Program {
public:
  /// The manifest has been validated; weights are the section's bytes, which
  /// must outlive the program. variant: null for the code that is for every
  /// machine.
  static Result<Program> build(const artifact::Manifest &manifest, const artifact::Variant *variant,
                               std::string_view weights, const KernelLibrary &kernels);

  std::vector<Instruction> instructions;
  std::vector<LaunchPlan> launches;
  std::vector<std::string> launchLayers;  ///< The layer of each launch.
  std::vector<std::string> launchKernels; ///< What its sums go by, or "".
  std::vector<ArgumentPlan> arguments;
  std::vector<LoopPlan> loops;
  std::vector<Range> idleBuffers;
  std::vector<Range> zeroed; ///< Cleared before each image.
  std::vector<SpikePlan> spikes;
  std::vector<SpikeLayer> spikeLayers; ///< Parallel to spikes.
  std::vector<WorkPlan> works;
  Range input, logits, halting;
  uint64_t arenaBytes = 0;
  uint64_t scratchBytes = 0;
  /// Images that a thread computes together: 1 where no launch gains by more.
  int imagesTogether = 1;

  /// From an image's arena to the next one's, in bytes.
  uint64_t arenaStride() const;

private:
  void chooseImagesTogether(bool isAmx);
  void addSteps(const artifact::Manifest &manifest, const google::protobuf::RepeatedPtrField<artifact::Step> &steps,
                int64_t timesteps);
  void addWork(const artifact::Manifest &manifest, const artifact::Work &work, int64_t timesteps);
  void addLaunch(const artifact::Manifest &manifest, const artifact::Launch &launch, int64_t timesteps);

  const artifact::Variant *variant = nullptr; ///< While it is built.
  std::string_view weights;
  std::vector<Kernel> kernels;
  uint64_t sharedWeights = 0; ///< Bytes that launches read once for several images.
  uint64_t loopWeights = 0;   ///< Those of them that are read at every timestep.
};

} // namespace stas

#endif // STAS_LIB_RUNTIME_CPU_PROGRAM_H
