//===- Host.cpp - What the host computes for a chip -----------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Host.h"

#include <algorithm>
#include <cmath>

using namespace stas;
using namespace stas::chipsim;
using namespace stas::coremap;

/// The largest |sum| of a row of weights times inputs of a magnitude; 2^62 at most.
static int64_t boundOf(const int32_t *row, int64_t n, int64_t input) {
  Int128 sum = 0;
  for (int64_t i = 0; i < n; ++i)
    sum += Int128(std::abs(int64_t(row[i]))) * input;
  return static_cast<int64_t>(std::min(sum, Int128(1) << 62));
}

Result<Encoder> Encoder::build(const CoreMap &map, const Encode &encode, std::string_view weights) {
  Encoder encoder;
  encoder.is = &encode;
  encoder.to = &map.populations(static_cast<int>(encode.population()));
  encoder.kernel = arrayAt<int32_t>(weights, encode.weights_at());
  encoder.neuron = NeuronPlan(encode.neuron(), weights);
  encoder.channels = encoder.to->channels();
  const Window &window = encode.window();
  auto positions = [](int64_t extent, int64_t kernel, int64_t stride, int64_t padding) {
    return (extent + 2 * padding - kernel) / stride + 1;
  };
  encoder.rows = positions(encode.image_height(), window.kernel_height(), window.stride_y(), window.padding_y());
  encoder.columns = positions(encode.image_width(), window.kernel_width(), window.stride_x(), window.padding_x());
  int64_t inputs = int64_t(encode.image_channels()) * window.kernel_height() * window.kernel_width();
  for (int64_t c = 0; c < encoder.channels; ++c)
    if (!encoder.neuron.fits(boundOf(encoder.kernel + c * inputs, inputs, encode.pixel_limit()), c))
      return makeError(encode.layer(), ": sums of its weights and biases could leave 64 bits");
  return encoder;
}

uint64_t Encoder::operations() const {
  const Window &window = is->window();
  return static_cast<uint64_t>(neurons()) * is->image_channels() * window.kernel_height() * window.kernel_width() *
         (is->frames() ? is->neuron().steps() : 1);
}

/// [H, W, C] of the map of neurons.
std::vector<int64_t> Encoder::sums(const float *frame) const {
  const Window &window = is->window();
  int64_t height = is->image_height(), width = is->image_width(), pixels = height * width;
  // A power of two scales exactly, and the limit is an f32.
  const float scale = std::ldexp(1.0f, static_cast<int>(is->pixel_bits())), limit = is->pixel_limit();
  std::vector<int32_t> image(is->image_channels() * pixels);
  for (size_t i = 0; i < image.size(); ++i)
    image[i] = static_cast<int32_t>(std::clamp(std::nearbyint(frame[i] * scale), -limit, limit));
  std::vector<int64_t> result(neurons());
  int64_t kh = window.kernel_height(), kw = window.kernel_width(), inputs = is->image_channels() * kh * kw;
  for (int64_t y = 0; y < rows; ++y)
    for (int64_t x = 0; x < columns; ++x)
      for (int64_t k = 0; k < inputs; ++k) {
        int64_t row = y * window.stride_y() + k / kw % kh - window.padding_y();
        int64_t column = x * window.stride_x() + k % kw - window.padding_x();
        if (row < 0 || row >= height || column < 0 || column >= width)
          continue;
        int64_t pixel = image[k / (kh * kw) * pixels + row * width + column];
        for (int64_t c = 0; c < channels; ++c)
          result[(y * columns + x) * channels + c] += kernel[c * inputs + k] * pixel;
      }
  return result;
}

/// Adds what a timestep's spikes are under the pool.
void Encoder::pool(const uint8_t *spikes, uint32_t *values) const {
  if (!is->has_pool()) {
    for (int64_t i = 0; i < neurons(); ++i)
      values[i] += spikes[i];
    return;
  }
  const Window &window = is->pool();
  for (int64_t y = 0; y < to->height(); ++y)
    for (int64_t x = 0; x < to->width(); ++x)
      for (int64_t c = 0; c < channels; ++c) {
        bool fires = false;
        for (int64_t ky = 0; ky < window.kernel_height(); ++ky)
          for (int64_t kx = 0; kx < window.kernel_width(); ++kx) {
            int64_t row = y * window.stride_y() + ky - window.padding_y();
            int64_t column = x * window.stride_x() + kx - window.padding_x();
            if (row >= 0 && row < rows && column >= 0 && column < columns)
              fires |= spikes[(row * columns + column) * channels + c] != 0;
          }
        values[(y * to->width() + x) * channels + c] += fires;
      }
}

Status Encoder::encode(const float *image, std::vector<uint32_t> &values, std::vector<uint8_t> *spikes) const {
  int64_t steps = neuron.steps, frame = int64_t(is->image_channels()) * is->image_height() * is->image_width();
  for (int64_t i = 0; i < frame * (is->frames() ? steps : 1); ++i)
    if (std::isnan(image[i]))
      return makeError("required pixels that are numbers, found NaN");
  std::fill(values.begin(), values.end(), 0);
  std::vector<int64_t> membranes(neurons()), driven;
  std::vector<uint8_t> fired(neurons());
  for (int64_t t = 0; t < steps; ++t) {
    if (t == 0 || is->frames())
      driven = sums(image + (is->frames() ? t * frame : 0));
    for (int64_t i = 0; i < neurons(); ++i) {
      fired[i] = neuron.step(neuron.current(driven[i], i % channels), i % channels, membranes[i]);
      if (membranes[i] >= int64_t(1) << 62 || membranes[i] < -(int64_t(1) << 62))
        return makeError(is->layer(), ": required membranes of 63 bits, found ", membranes[i],
                         "; the artifact is wrong");
    }
    pool(fired.data(), values.data() + (is->counts() ? 0 : t * neuronsOf(*to)));
    if (spikes)
      std::copy(fired.begin(), fired.end(), spikes->begin() + t * neurons());
  }
  return {};
}

Classifier::Classifier(const CoreMap &map, std::string_view weights)
    : is(&map.classify()), matrix(arrayAt<int32_t>(weights, is->weights_at())),
      biases(arrayAt<int64_t>(weights, is->biases_at())),
      channels(map.populations(static_cast<int>(is->readouts(0))).channels()) {}

Status Classifier::classify(const std::vector<int64_t> &sums, float *logits) const {
  for (int64_t c = 0; c < is->classes(); ++c) {
    Int128 acc = biases[c];
    for (int64_t d = 0; d < channels; ++d)
      acc += Int128(matrix[c * channels + d]) * sums[d];
    auto narrow = static_cast<int64_t>(acc);
    if (narrow != acc)
      return makeError("classifier, class ", c,
                       ": required a sum of 64 bits, found a larger one; the artifact is wrong");
    logits[c] = static_cast<float>(static_cast<double>(narrow) * is->unit());
  }
  return {};
}
