//===- ImageTest.cpp - The layer that sees the image, executed ------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "TestKernels.h"
#include "lib/Conversion/SpikeToGPU/ImageKernel.h"
#include "stas/Quantization/Staircase.h"
#include <gtest/gtest.h>

using namespace stas;
using namespace stas::cuda;

namespace {
Window window(int64_t height, int64_t width, int64_t kernel, int64_t stride, int64_t padding) {
  Window w;
  for (int axis = 0; axis < 2; ++axis) {
    w.kernel[axis] = kernel;
    w.strides[axis] = stride;
    w.padding[axis] = padding;
    w.output[axis] = ((axis == 0 ? height : width) + 2 * padding - kernel) / stride + 1;
  }
  return w;
}

/// Runs a spec on drawn images; neurons step by step say what it must give, as counts and as spikes.
void check(const ImageSpec &spec, int64_t images, unsigned seed) {
  SCOPED_TRACE(testing::Message() << spec.height << "x" << spec.width << ", " << spec.channels << " channels, "
                                  << spec.timesteps << " timesteps, pool " << spec.pool.has_value());
  ASSERT_EQ(problemOf(spec), "");
  std::mt19937 random(seed);
  const Window &w = spec.window;
  int64_t k = w.kernel[0] * w.kernel[1] * spec.inputs, n = spec.channels, padded = spec.paddedChannels();
  auto image = drawn<int32_t>(images * spec.inputs * spec.height * spec.width, -20000, 20000, random);
  auto weights = drawn<int32_t>(k * n, -8388607, 8388607, random); // [K, N]
  // Neurons of 64 bits, with the cuts that the compiler finds.
  QuantizedLayer layer;
  layer.form = spec.soft ? *spec.soft : halvingNeuron(spec.timesteps, 3);
  layer.form.wide = true;
  for (int64_t c = 0; c < n; ++c) {
    layer.biases.push_back(drawn<int64_t>(1, -1000000000, 1000000000, random)[0]);
    layer.thresholds.push_back(drawn<int64_t>(1, 20000000000, 200000000000, random)[0] << layer.form.fraction);
    // What it takes differs from the threshold where neurons do not rest at 0.
    layer.resets.push_back(layer.thresholds.back() / 8 * (7 + c % 3));
    layer.sumBounds.push_back(k * 20000 * int64_t(8388607));
    layer.bounds.push_back(int64_t(1) << 60);
  }
  std::vector<int64_t> neurons(3 * padded); // bias, threshold, reset; or cuts
  std::vector<int32_t> rows(k * padded);
  if (!spec.soft) {
    std::vector<int64_t> cuts = staircaseCuts(layer, spec.timesteps);
    neurons.resize(spec.timesteps * padded);
    for (int64_t c = 0; c < n; ++c)
      for (int64_t t = 0; t < spec.timesteps; ++t)
        neurons[t * padded + c] = cuts[c * spec.timesteps + t];
  }
  for (int64_t c = 0; c < n; ++c) {
    if (spec.soft) {
      neurons[c] = layer.biases[c];
      neurons[padded + c] = layer.thresholds[c];
      neurons[2 * padded + c] = layer.resets[c];
    }
    for (int64_t i = 0; i < k; ++i)
      rows[i * padded + c] = weights[i * n + c];
  }
  auto fires = [&](int64_t which, int64_t y, int64_t x, int64_t c, int64_t t) {
    int64_t sum = 0;
    for (int64_t i = 0; i < k; ++i) {
      int64_t input = i % spec.inputs, dx = i / spec.inputs % w.kernel[1], dy = i / spec.inputs / w.kernel[1];
      int64_t atY = y * w.strides[0] - w.padding[0] + dy, atX = x * w.strides[1] - w.padding[1] + dx;
      if (atY >= 0 && atY < spec.height && atX >= 0 && atX < spec.width)
        sum +=
            int64_t(weights[i * n + c]) * image[((which * spec.inputs + input) * spec.height + atY) * spec.width + atX];
    }
    int64_t v = 0;
    bool spike = false;
    for (int64_t step = 0; step <= t; ++step)
      spike = layer.form.step(layer.form.current(sum, layer.biases[c]), layer.thresholds[c], layer.resets[c], v);
    return spike;
  };
  std::vector<uint8_t> expected, patterns, spikes; // patterns: [.., T]
  const Window &last = spec.pool ? *spec.pool : w;
  int64_t total = 0;
  for (int64_t which = 0; which < images; ++which)
    for (int64_t y = 0; y < last.output[0]; ++y)
      for (int64_t x = 0; x < last.output[1]; ++x)
        for (int64_t c = 0; c < n; ++c) {
          uint8_t count = 0;
          for (int64_t t = 0; t < spec.timesteps; ++t) {
            bool any = !spec.pool && fires(which, y, x, c, t);
            for (int64_t i = 0; spec.pool && i < last.kernel[0] * last.kernel[1]; ++i) {
              int64_t atY = y * last.strides[0] - last.padding[0] + i / last.kernel[1];
              int64_t atX = x * last.strides[1] - last.padding[1] + i % last.kernel[1];
              if (atY >= 0 && atY < w.output[0] && atX >= 0 && atX < w.output[1])
                any = any || fires(which, atY, atX, c, t);
            }
            count += any;
            patterns.push_back(any);
          }
          expected.push_back(count);
          total += count;
        }
  // Timesteps come first on the device.
  for (int64_t t = 0; t < spec.timesteps; ++t)
    for (size_t i = t; i < patterns.size(); i += spec.timesteps)
      spikes.push_back(patterns[i]);
  if (expected.size() > 100) {
    EXPECT_GT(total, static_cast<int64_t>(expected.size()) / 20) << "a test that sees too few spikes";
    EXPECT_LT(total, static_cast<int64_t>(expected.size()) * spec.timesteps * 19 / 20);
  }
  Device device;
  int64_t count = images * spec.positions();
  std::vector<uint8_t> empty(count * countBytes(n), 0);
  uint64_t counts = device.upload(empty);
  std::string ptx =
      ptxOf([&](KernelBuilder &b, mlir::gpu::GPUModuleOp module) { buildImage(b, module, "kernel", spec); });
  device.run(ptx, launchOf(spec, images), parametersOf(spec),
             {device.upload(image), device.upload(rows), device.upload(neurons), counts, static_cast<uint64_t>(count)});
  EXPECT_EQ(unpadCounts(device.download<uint8_t>(counts, empty.size()), n), expected);
  ImageSpec inSteps = spec;
  inSteps.counts = false;
  int64_t bytes = spec.timesteps * count * spikeBytes(n);
  uint64_t spikesAt = device.allocate(bytes);
  ptx = ptxOf([&](KernelBuilder &b, mlir::gpu::GPUModuleOp module) { buildImage(b, module, "kernel", inSteps); });
  device.run(
      ptx, launchOf(inSteps, images), parametersOf(inSteps),
      {device.upload(image), device.upload(rows), device.upload(neurons), spikesAt, static_cast<uint64_t>(count)});
  EXPECT_EQ(unpackSpikes(device.download<uint8_t>(spikesAt, bytes), n), spikes);
}

ImageSpec layer(int64_t height, int64_t width, int64_t channels, int64_t timesteps) {
  ImageSpec spec;
  spec.height = height;
  spec.width = width;
  spec.inputs = 3;
  spec.channels = channels;
  spec.timesteps = timesteps;
  spec.window = window(height, width, 3, 1, 1);
  return spec;
}

TEST(CudaImage, Counts) {
  check(layer(1, 1, 8, 4), 1, 1);
  check(layer(7, 9, 48, 4), 3, 2);
  check(layer(5, 5, 40, 16), 1, 3);
  ImageSpec strided = layer(11, 8, 12, 4);
  strided.inputs = 2;
  strided.window = window(11, 8, 5, 2, 2);
  check(strided, 17, 4);
}

TEST(CudaImage, Pools) {
  ImageSpec spec = layer(9, 7, 20, 4);
  spec.pool = window(9, 7, 3, 2, 1);
  check(spec, 3, 5);
  spec.timesteps = 8;
  check(spec, 1, 6);
  // More pixels than registers hold, and more weights.
  spec = layer(9, 7, 20, 4);
  spec.inputs = 2;
  spec.window = window(9, 7, 3, 2, 1);
  spec.pool = window(5, 4, 3, 2, 1);
  check(spec, 1, 7);
  spec.window = window(9, 7, 5, 1, 2);
  spec.pool = window(9, 7, 3, 2, 1);
  check(spec, 1, 8);
}

/// A rest is left behind a spike, so that neither spikes nor their number follow from the first.
TEST(CudaImage, SoftReset) {
  for (double tau : {2.0, 1.25}) {
    ImageSpec spec = layer(7, 9, 40, 4);
    spec.soft = generalNeuron(tau, 3, /*soft=*/true);
    spec.soft->wide = true;
    check(spec, 3, 11);
    spec.timesteps = 16;
    check(spec, 1, 12);
    spec.timesteps = 4;
    spec.pool = window(7, 9, 3, 2, 1);
    check(spec, 2, 13);
    // More weights than registers hold.
    spec.window = window(7, 9, 5, 1, 2);
    check(spec, 1, 14);
  }
}

TEST(CudaImage, Problems) {
  ImageSpec spec = layer(8, 8, 8, 4);
  EXPECT_EQ(problemOf(spec), "");
  spec.timesteps = 17;
  EXPECT_NE(problemOf(spec), "");
  spec.timesteps = 9;
  EXPECT_EQ(problemOf(spec), "");
  spec.pool = window(8, 8, 3, 2, 1);
  EXPECT_NE(problemOf(spec), "");
  spec = layer(8, 8, 0, 4);
  EXPECT_NE(problemOf(spec), "");
  spec = layer(8, 8, 8, 4);
  spec.window.kernel[1] = 0;
  EXPECT_NE(problemOf(spec), "");
}
} // namespace
