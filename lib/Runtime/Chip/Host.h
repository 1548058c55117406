//===- Host.h - What the host computes for a chip ---------------*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The first layer of an image and the classifier, in integers of 64 bits: ops
// chip.encode and chip.classify.
//
//===----------------------------------------------------------------------===//

#ifndef STAS_LIB_RUNTIME_CHIP_HOST_H
#define STAS_LIB_RUNTIME_CHIP_HOST_H

#include "Plan.h"

namespace stas {
namespace chipsim {

/// A first layer.
class Encoder {
public:
  /// Fails where sums could leave 64 bits.
  static Result<Encoder> build(const coremap::CoreMap &map, const coremap::Encode &encode, std::string_view weights);

  /// From an image, f32 [frames][C, H, W], to what the population fires, [runs][neurons]. Where `spikes` is not null it
  /// gets those of all neurons before the pool, [steps][H, W, C]. Fails for pixels that are no numbers.
  Status encode(const float *image, std::vector<uint32_t> &values, std::vector<uint8_t> *spikes) const;

  const coremap::Encode &op() const { return *is; }
  int64_t height() const { return rows; } ///< Of the map of neurons, before the pool.
  int64_t width() const { return columns; }
  int64_t neurons() const { return rows * columns * channels; }
  uint64_t operations() const; ///< Multiply-accumulates of an image.

private:
  std::vector<int64_t> sums(const float *frame) const;
  void pool(const uint8_t *spikes, uint32_t *values) const;

  const coremap::Encode *is = nullptr;
  const coremap::Population *to = nullptr;
  const int32_t *kernel = nullptr;
  NeuronPlan neuron;
  int64_t rows = 0, columns = 0, channels = 0;
};

/// The classifier.
class Classifier {
public:
  Classifier(const coremap::CoreMap &map, std::string_view weights);

  /// From the sums of the readouts, [channels], to logits, [classes].
  Status classify(const std::vector<int64_t> &sums, float *logits) const;

  int64_t inputs() const { return channels; }
  uint64_t operations() const { return channels * is->classes(); }

private:
  const coremap::Classify *is;
  const int32_t *matrix;
  const int64_t *biases;
  int64_t channels;
};

} // namespace chipsim
} // namespace stas

#endif // STAS_LIB_RUNTIME_CHIP_HOST_H
