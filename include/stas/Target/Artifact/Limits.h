//===- Limits.h - What an artifact may ask for ------------------*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A manifest over one of these is refused, so that a damaged or hostile file
// cannot make a reader allocate or loop without bound. They are far above what
// any model that compiles today needs.
//
//===----------------------------------------------------------------------===//

#ifndef STAS_TARGET_ARTIFACT_LIMITS_H
#define STAS_TARGET_ARTIFACT_LIMITS_H

#include <cstdint>

namespace stas {
namespace artifact {

inline constexpr uint64_t kMaxManifestBytes = 64 << 20;
inline constexpr uint64_t kMaxArenaBytes = uint64_t(8) << 30;
inline constexpr uint64_t kMaxScratchBytes = uint64_t(1) << 30;
inline constexpr uint64_t kMaxImageBytes = uint64_t(1) << 30;
inline constexpr uint64_t kMaxTimesteps = 4096;
inline constexpr uint64_t kMaxClasses = 1 << 20;
inline constexpr uint64_t kMaxTokens = 1 << 20;
inline constexpr uint64_t kMaxBlocks = 4096;
inline constexpr uint64_t kMaxChannels = 1 << 16;
inline constexpr uint64_t kMaxSide = 1 << 16; ///< Height or width, in pixels.
inline constexpr uint64_t kMaxBuffers = 1 << 16;
inline constexpr uint64_t kMaxVariants = 16;
inline constexpr uint64_t kMaxKernels = 1 << 16;
inline constexpr uint64_t kMaxSteps = 1 << 18;
inline constexpr uint64_t kMaxArguments = 256;
inline constexpr uint64_t kMaxDimensions = 8;
inline constexpr uint64_t kMaxExtent = uint64_t(1) << 40;
inline constexpr uint64_t kMaxFeatures = 256;
inline constexpr uint64_t kMaxText = 1024;      ///< Characters of a name.
inline constexpr uint64_t kMaxRecipe = 1 << 16; ///< Characters of an attribute.

// Of a core map.
inline constexpr uint64_t kMaxCoreMapBytes = uint64_t(1) << 30;
inline constexpr uint64_t kMaxPopulations = 1 << 16; ///< Or tables, or projections.
inline constexpr uint64_t kMaxNeurons = 1 << 26;     ///< Of all populations.
inline constexpr uint64_t kMaxTiles = 1 << 22;
inline constexpr uint64_t kMaxFlows = 1 << 24;
inline constexpr uint64_t kMaxFlowNeurons = 1 << 27; ///< Of all flows.
inline constexpr uint64_t kMaxFlowTargets = 1 << 26;
inline constexpr uint64_t kMaxPending = 1 << 24;  ///< Chip steps that messages wait for, over all flows.
inline constexpr uint64_t kMaxCounters = 1 << 28; ///< Fast weights of all cores.

inline constexpr uint64_t kMaxCudaPlanBytes = 64 << 20;
inline constexpr uint64_t kMaxCodes = 8;             ///< Kinds of GPUs, each as PTX and as machine code.
inline constexpr uint64_t kMaxSharedBytes = 1 << 20; ///< Of a block of threads.

} // namespace artifact
} // namespace stas

#endif // STAS_TARGET_ARTIFACT_LIMITS_H
