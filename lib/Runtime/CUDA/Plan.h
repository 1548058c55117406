//===- Plan.h - What a GPU does to run a model ------------------*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A list of launches over buffers whose sizes grow with the batch. Loops over
// time are unrolled: all of it becomes one graph.
//
//===----------------------------------------------------------------------===//

#ifndef STAS_LIB_RUNTIME_CUDA_PLAN_H
#define STAS_LIB_RUNTIME_CUDA_PLAN_H

#include "stas/Support/Error.h"

#include <cstdint>
#include <string>
#include <vector>

namespace stas {
namespace cuda {

/// Of all batches together, and of all buffers of a plan: above it no size is
/// computed, so that none overflows.
inline constexpr uint64_t kMaxPlanBytes = uint64_t(1) << 48;
inline constexpr uint64_t kMaxImages = 1 << 20;
/// Memory starts at multiples of this, as the driver's blocks do.
inline constexpr uint64_t kBlockAlignment = 256;

/// Memory of the GPU that a run writes and reads.
struct PlanBuffer {
  std::string name;
  uint64_t fixedBytes = 0; ///< However many images there are.
  uint64_t imageBytes = 0; ///< More for every image.

  uint64_t bytes(uint64_t images) const { return fixedBytes + imageBytes * images; }
};

struct PlanArgument {
  enum Kind {
    Read,      ///< The address of a buffer, which the kernel reads.
    Write,     ///< That it writes, all of it that anybody reads later.
    ReadWrite, ///< That it changes.
    Weights,   ///< The address of a byte of the weights.
    Number,    ///< u32
    PerImage,  ///< u32, times the number of images.
  };
  Kind kind = Number;
  uint64_t value = 0; ///< The index of a buffer, an offset in bytes, or a number.

  bool isBuffer() const { return kind <= ReadWrite; }
};

/// A launch of a kernel, or a fill of a buffer.
struct PlanStep {
  std::string kernel;       ///< Empty: a fill of the buffer that the only argument writes.
  std::string layer;        ///< The checkpoint's name of it, for errors.
  uint8_t value = 0;        ///< Of a fill: every byte.
  unsigned threads = 0;     ///< Of a block.
  unsigned sharedBytes = 0; ///< Dynamic, of a block.
  /// Blocks: ceil(rowsPerImage * images / rowsPerBlock) * blocksPerRows.
  uint64_t rowsPerImage = 1, rowsPerBlock = 1, blocksPerRows = 1;
  std::vector<PlanArgument> arguments;

  uint64_t blocks(uint64_t images) const {
    return (rowsPerImage * images + rowsPerBlock - 1) / rowsPerBlock * blocksPerRows;
  }
};

struct Plan {
  std::vector<PlanBuffer> buffers;
  std::vector<PlanStep> steps;
  uint64_t weightsBytes = 0;
  /// Where images come from and results go: buffers without fixed bytes, an
  /// image after the other.
  uint32_t input = 0;
  std::vector<uint32_t> outputs;
};

/// Whether the blocks and the numbers of a step are within a launch's limits
/// for so many images, 1 to kMaxImages.
bool canLaunch(const PlanStep &step, uint64_t images);

/// Checks that every index, size and number of a plan is in range, that every
/// buffer is written before it is read and every output is written. The error
/// names the step or the buffer, what was required and what was found.
Status check(const Plan &plan);

/// Where buffers are, in bytes from the start of one piece of memory.
struct Layout {
  std::vector<uint64_t> offsets;
  uint64_t bytes = 0;
};

/// Places the buffers of a plan that check() accepted: those that no step needs
/// at the same time may share memory. The input is there from the start, the
/// outputs until the end. Offsets are multiples of kBlockAlignment.
Layout layOut(const Plan &plan, uint64_t images);

/// Checks that no two buffers that are needed at the same time overlap, and all
/// lie within the memory.
Status check(const Plan &plan, const Layout &layout, uint64_t images);

} // namespace cuda
} // namespace stas

#endif // STAS_LIB_RUNTIME_CUDA_PLAN_H
