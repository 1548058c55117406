//===- ValidateWork.cpp - Checks what launches say they compute -----------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Validate.h"
#include "stas/Support/Checked.h"
#include "stas/Support/Text.h"
#include "stas/Target/Artifact/Limits.h"

using namespace stas;
using namespace stas::artifact;

namespace {

/// Counts are added up in double, and stay exact below this.
constexpr uint64_t kMaxCount = uint64_t(1) << 53;

Status within(const char *field, uint64_t value, uint64_t low, uint64_t high) {
  if (value >= low && value <= high)
    return {};
  return makeError(field, ": required ", low, " to ", high, ", found ", value);
}

/// Positions of a window along an axis; 0 where it does not fit.
uint64_t positions(uint64_t extent, uint64_t kernel, uint64_t stride, uint64_t padding) {
  uint64_t padded = extent + 2 * padding;
  return padded < kernel ? 0 : (padded - kernel) / stride + 1;
}

Status checkWindow(const Work &work) {
  const Window &w = work.window();
  for (uint64_t extent : {w.height(), w.width(), w.kernel_height(), w.kernel_width(), w.stride_y(), w.stride_x()})
    if (Status status = within("window extents", extent, 1, kMaxSide); !status)
      return status;
  for (uint64_t padding : {w.padding_y(), w.padding_x()})
    if (Status status = within("window padding", padding, 0, kMaxSide); !status)
      return status;
  uint64_t rows = positions(w.height(), w.kernel_height(), w.stride_y(), w.padding_y()) *
                  positions(w.width(), w.kernel_width(), w.stride_x(), w.padding_x());
  const uint64_t values[] = {w.height(), w.width(), work.fan_in()};
  if (auto product = checkedProduct(values); !product || *product >= kMaxCount)
    return makeError("window and fan_in: their product is over 2^53");
  if (rows != work.rows() || work.fan_in() % (w.kernel_height() * w.kernel_width()) != 0)
    return makeError("window: required ", work.rows(), " positions and a fan_in of whole kernels, found ", rows,
                     " positions and fan_in ", work.fan_in());
  return {};
}

Status checkSizes(const Work &work) {
  bool isWeighted = work.kind() == WEIGHTED, isHalting = work.kind() == HALTING;
  const std::tuple<const char *, uint64_t, uint64_t, uint64_t> ranges[] = {
      {"rows", work.rows(), 1, kMaxExtent},
      {"fan_in", work.fan_in(), isWeighted ? 1 : 0, isWeighted ? kMaxExtent : 0},
      {"channels", work.channels(), isHalting ? 0 : 1, kMaxExtent},
      {"parts", work.parts(), 0, uint64_t(1) << 31},
      {"max", work.max(), work.parts() ? 1 : 0, work.parts() ? kMaxCount : 0},
      {"steps", work.steps(), 0, kMaxTimesteps}};
  for (auto [field, value, low, high] : ranges)
    if (Status status = within(field, value, low, high); !status)
      return status;
  const uint64_t factors[] = {work.rows(), isWeighted ? work.fan_in() : work.rows(), work.channels()};
  auto macs = checkedProduct(factors);
  if (!macs || *macs >= kMaxCount)
    return makeError("rows, fan_in and channels: their product is over 2^53");
  if (work.heads() < 1 || work.channels() % work.heads() != 0 || (work.kind() != COINCIDENCE && work.heads() != 1))
    return makeError("heads: required a divisor of ", work.channels(), " channels, 1 but for attention, found ",
                     work.heads());
  if (work.has_window() && !isWeighted)
    return makeError("window: only a weighted layer has one");
  return work.has_window() ? checkWindow(work) : Status();
}

/// Input values a timestep. Sizes have been checked.
uint64_t inputValues(const Work &work) {
  if (work.kind() == COINCIDENCE)
    return work.rows() * work.channels();
  const Window &w = work.window();
  if (!work.has_window())
    return work.rows() * work.fan_in();
  return w.height() * w.width() * (work.fan_in() / (w.kernel_height() * w.kernel_width()));
}

Status checkInputs(const Manifest &manifest, const Work &work, bool inLoop) {
  int required = work.kind() == WEIGHTED ? 1 : work.kind() == COINCIDENCE ? 3 : 0;
  if (work.inputs_size() != required)
    return makeError("inputs: required ", required, " of them, found ", work.inputs_size());
  uint64_t timesteps = 0;
  for (uint32_t id : work.inputs()) {
    if (id >= static_cast<uint32_t>(manifest.buffers_size()))
      return makeError("inputs: required a buffer below ", manifest.buffers_size(), ", found ", id);
    const Buffer &buffer = manifest.buffers(id);
    uint64_t elements = byteSize(buffer) / elementSize(buffer.element()), values = inputValues(work);
    uint64_t count = elements % values == 0 ? elements / values : 0;
    if (count < 1 || count > (inLoop ? 1 : kMaxTimesteps) || (timesteps && count != timesteps))
      return makeError("inputs: required whole timesteps of ", values, " values", inLoop ? ", one in a loop" : "",
                       ", found ", elements);
    timesteps = count;
    if (work.steps() % count != 0)
      return makeError("steps: required a multiple of ", count, " timesteps, found ", work.steps());
    bool isReadable = buffer.element() == U8 || (work.kind() == WEIGHTED && buffer.element() == F32);
    if (work.parts() != 0 && !isReadable)
      return makeError("inputs: required spikes or counts, found ", elementName(buffer.element()));
  }
  return {};
}

} // namespace

Status artifact::validateWork(const Manifest &manifest, const Work &work, bool inLoop) {
  if (work.kind() != WEIGHTED && work.kind() != COINCIDENCE && work.kind() != HALTING)
    return makeError("kind ", work.kind(), " is unknown");
  if (!isLayerName(work.layer()))
    return makeError("layer: required letters, digits, '_', '-' and '.', found '", printable(work.layer()), "'");
  if (Status status = checkSizes(work); !status)
    return status;
  if (Status status = checkInputs(manifest, work, inLoop); !status)
    return status;
  if (work.has_active()) {
    if (work.has_window())
      return makeError("active: a convolution has no tokens that could halt");
    if (work.active() >= static_cast<uint32_t>(manifest.buffers_size()))
      return makeError("active: required a buffer below ", manifest.buffers_size(), ", found ", work.active());
    const Buffer &mask = manifest.buffers(work.active());
    if (mask.element() != U8 || byteSize(mask) != work.rows())
      return makeError("active: required ", work.rows(), " u8, found ", byteSize(mask) / elementSize(mask.element()),
                       " ", elementName(mask.element()));
  }
  if (work.kind() == HALTING && (!work.has_block() || !work.has_active()))
    return makeError("block and active: required with kind halting, found ",
                     work.has_block() ? "no active" : "no block");
  // How many tokens there are is said by a model whose halting steps are an output.
  uint64_t tokens = manifest.has_halting_buffer() ? manifest.tokens() : work.rows();
  if (work.has_block() && (!inLoop || work.block() >= manifest.blocks() || work.rows() != tokens))
    return makeError("block: required one below ", manifest.blocks(), " in a time loop, with ", tokens, " rows, found ",
                     work.block(), " with ", work.rows(), inLoop ? "" : " outside of a loop");
  return {};
}
