//===- ElementwiseTest.cpp - What stands between layers, executed ---------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "TestKernels.h"
#include "lib/Conversion/SpikeToGPU/ElementwiseKernels.h"
#include <cmath>
#include <gtest/gtest.h>

using namespace stas;
using namespace stas::cuda;

TEST(CudaQuantize, NearestOrEven) {
  std::mt19937 random(1);
  for (double scale : {8192.0, 4194304.0}) {
    QuantizeSpec spec{scale, scale == 8192 ? 17421.0 : 8919141.0};
    ASSERT_EQ(problemOf(spec), "");
    // Halves, ends, what lies beyond them, and numbers that are none.
    auto in = [&](double integer) { return static_cast<float>(integer / scale); };
    std::vector<float> image{0.0f,
                             -0.0f,
                             in(0.5),
                             in(1.5),
                             in(2.5),
                             in(-0.5),
                             in(-1.5),
                             in(spec.limit),
                             in(-spec.limit),
                             2 * in(spec.limit),
                             -2 * in(spec.limit),
                             1e30f,
                             -1e30f,
                             INFINITY,
                             -INFINITY,
                             NAN};
    std::uniform_real_distribution<float> values(-2.5f, 2.5f);
    while (image.size() < 3001)
      image.push_back(values(random));
    std::vector<int32_t> right;
    for (float x : image) {
      float scaled = x * static_cast<float>(scale), limit = static_cast<float>(spec.limit);
      right.push_back(std::isnan(x) ? static_cast<int32_t>(-limit)
                                    : static_cast<int32_t>(std::nearbyint(std::min(std::max(scaled, -limit), limit))));
    }
    EXPECT_EQ(right[2], 0);
    EXPECT_EQ(right[3], 2);
    EXPECT_EQ(right[9], spec.limit);
    Device device;
    uint64_t integers = device.allocate(image.size() * 4);
    std::string ptx = ptxOf([&](KernelBuilder &b, mlir::gpu::GPUModuleOp m) { buildQuantize(b, m, "kernel", spec); });
    device.run(ptx, launchOf(spec, image.size()), parametersOf(spec), {device.upload(image), integers, image.size()});
    EXPECT_EQ(device.download<int32_t>(integers, image.size()), right);
  }
  EXPECT_NE(problemOf(QuantizeSpec{0.1, 1}), "");
  EXPECT_NE(problemOf(QuantizeSpec{1, 1 << 25}), "");
}

TEST(CudaPool, AnyOfAWindow) {
  std::mt19937 random(2);
  struct Case {
    int64_t height, width, channels, kernel, stride, padding, maps;
  };
  for (Case c : {Case{16, 16, 24, 3, 2, 1, 4}, Case{7, 5, 200, 3, 2, 1, 3}, Case{6, 4, 48, 2, 2, 0, 5},
                 Case{1, 1, 8, 3, 1, 1, 1}}) {
    SCOPED_TRACE(testing::Message() << c.height << "x" << c.width << "x" << c.channels);
    PoolSpec spec{c.height, c.width, c.channels, {}};
    for (int axis = 0; axis < 2; ++axis) {
      spec.window.kernel[axis] = c.kernel;
      spec.window.strides[axis] = c.stride;
      spec.window.padding[axis] = c.padding;
      spec.window.output[axis] = ((axis == 0 ? c.height : c.width) + 2 * c.padding - c.kernel) / c.stride + 1;
    }
    ASSERT_EQ(problemOf(spec), "");
    std::vector<uint8_t> input = drawnSpikes(c.maps * c.height * c.width * c.channels, 0.15, random), right;
    for (int64_t map = 0; map < c.maps; ++map)
      for (int64_t y = 0; y < spec.window.output[0]; ++y)
        for (int64_t x = 0; x < spec.window.output[1]; ++x)
          for (int64_t channel = 0; channel < c.channels; ++channel) {
            uint8_t any = 0;
            for (int64_t tap = 0; tap < c.kernel * c.kernel; ++tap) {
              int64_t atY = y * c.stride - c.padding + tap / c.kernel, atX = x * c.stride - c.padding + tap % c.kernel;
              if (atY >= 0 && atY < c.height && atX >= 0 && atX < c.width)
                any |= input[((map * c.height + atY) * c.width + atX) * c.channels + channel];
            }
            right.push_back(any);
          }
    Device device;
    int64_t rows = c.maps * spec.positions(), bytes = rows * spikeBytes(c.channels);
    uint64_t output = device.allocate(bytes);
    std::string ptx = ptxOf([&](KernelBuilder &b, mlir::gpu::GPUModuleOp m) { buildPool(b, m, "kernel", spec); });
    device.run(ptx, launchOf(spec, rows), parametersOf(spec),
               {device.upload(packSpikes(input, c.channels, random)), output, static_cast<uint64_t>(rows)});
    EXPECT_EQ(unpackSpikes(device.download<uint8_t>(output, bytes), c.channels), right);
  }
  EXPECT_NE(problemOf(PoolSpec{4, 4, 0, {}}), "");
  EXPECT_NE(problemOf(PoolSpec{4, 4, 8, {{0, 1}, {1, 1}, {0, 0}, {4, 4}}}), "");
}

TEST(CudaAdd, SpikesAndCounts) {
  std::mt19937 random(3);
  for (AddSpec spec :
       {AddSpec{{true, true}, {true, true}, 1, 4, 48}, AddSpec{{false, false}, {true, true}, 4, 4, 72},
        AddSpec{{true, true}, {false, false}, 3, 3, 384}, AddSpec{{false, true}, {false, true}, 2, 1, 20}})
    for (int64_t rows : {1, 49, 3 * 64}) {
      SCOPED_TRACE(testing::Message() << spec.channels << " channels, " << rows << " rows");
      ASSERT_EQ(problemOf(spec), "");
      auto draw = [&](const AddSpec::Operand &operand) {
        size_t count = (operand.timed ? spec.times : 1) * rows * spec.channels;
        return operand.spikes ? drawnSpikes(count, 0.3, random) : drawn<uint8_t>(count, 0, 60, random);
      };
      std::vector<uint8_t> lhs = draw(spec.lhs), rhs = draw(spec.rhs), right(spec.times * rows * spec.channels);
      for (size_t i = 0; i < right.size(); ++i)
        right[i] = lhs[i % lhs.size()] + spec.factor * rhs[i % rhs.size()];
      Device device;
      auto upload = [&](const AddSpec::Operand &operand, const std::vector<uint8_t> &values) {
        return device.upload(operand.spikes ? packSpikes(values, spec.channels, random)
                                            : padCounts(values, spec.channels, random));
      };
      int64_t bytes = spec.times * rows * countBytes(spec.channels);
      uint64_t sum = device.allocate(bytes);
      std::string ptx = ptxOf([&](KernelBuilder &b, mlir::gpu::GPUModuleOp m) { buildAdd(b, m, "kernel", spec); });
      device.run(ptx, launchOf(spec, rows), parametersOf(spec),
                 {upload(spec.lhs, lhs), upload(spec.rhs, rhs), sum, static_cast<uint64_t>(rows)});
      EXPECT_EQ(unpadCounts(device.download<uint8_t>(sum, bytes), spec.channels), right);
    }
  EXPECT_NE(problemOf(AddSpec{{}, {}, 256, 1, 8}), "");
  EXPECT_NE(problemOf(AddSpec{{}, {}, 1, 0, 8}), "");
}

TEST(CudaIntegrate, SpikesAndCounts) {
  std::mt19937 random(4);
  for (IntegrateSpec spec : {IntegrateSpec{true, 4, 48}, IntegrateSpec{false, 5, 200}, IntegrateSpec{true, 1, 7}})
    for (int64_t rows : {1, 49, 3 * 64}) {
      SCOPED_TRACE(testing::Message() << spec.channels << " channels, " << rows << " rows");
      ASSERT_EQ(problemOf(spec), "");
      size_t count = spec.times * rows * spec.channels;
      std::vector<uint8_t> input = spec.spikes ? drawnSpikes(count, 0.3, random) : drawn<uint8_t>(count, 0, 51, random);
      std::vector<uint8_t> right(rows * spec.channels);
      for (size_t i = 0; i < count; ++i)
        right[i % right.size()] += input[i];
      Device device;
      uint64_t sum = device.allocate(rows * countBytes(spec.channels));
      std::string ptx =
          ptxOf([&](KernelBuilder &b, mlir::gpu::GPUModuleOp m) { buildIntegrate(b, m, "kernel", spec); });
      device.run(ptx, launchOf(spec, rows), parametersOf(spec),
                 {device.upload(spec.spikes ? packSpikes(input, spec.channels, random)
                                            : padCounts(input, spec.channels, random)),
                  sum, static_cast<uint64_t>(rows)});
      EXPECT_EQ(unpadCounts(device.download<uint8_t>(sum, rows * countBytes(spec.channels)), spec.channels), right);
    }
  EXPECT_NE(problemOf(IntegrateSpec{true, 0, 8}), "");
}
