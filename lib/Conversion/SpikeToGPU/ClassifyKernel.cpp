//===- ClassifyKernel.cpp - Sums over tokens, and the classifier ----------===//
#include "Kernels.h"

using namespace mlir;
using namespace stas::cuda;
using Input = ClassifySpec::Input;

namespace {
constexpr int64_t warpLanes = 32, threads = 256, warps = threads / warpLanes;

/// Bytes of a row.
int64_t rowBytes(const ClassifySpec &spec) {
  switch (spec.input) {
  case Input::Spikes:
    return spikeBytes(spec.width);
  case Input::Counts:
    return countBytes(spec.width);
  case Input::Sums:
    return spec.width * 4;
  }
  llvm_unreachable("every input has a layout");
}

/// A channel of a row, as 64 bits.
Value element(KernelBuilder &b, const ClassifySpec &spec, Value row, Value channel) {
  if (spec.input == Input::Spikes) {
    Value byte = b.loadByte(b.at(row, b.divide(channel, 8)));
    return b.unsignedTo(b.bitAnd(b.shiftDown(byte, b.remainder(channel, 8)), 1), 64);
  }
  if (spec.input == Input::Counts)
    return b.unsignedTo(b.loadByte(b.at(row, channel)), 64);
  return b.unsignedTo(b.load(b.at(row, b.mul(channel, 4))), 64);
}
} // namespace

SmallVector<Parameter> stas::cuda::parametersOf(const ClassifySpec &) {
  return {{"input"}, {"weights"}, {"bias"}, {"unit"}, {"logits"}, {"rows", Parameter::Kind::Number}};
}

LaunchShape stas::cuda::launchOf(const ClassifySpec &spec, int64_t images) {
  return {{images, 1, 1}, threads, spec.width * 8};
}

void stas::cuda::buildClassify(KernelBuilder &b, gpu::GPUModuleOp module, StringRef name, const ClassifySpec &spec) {
  Kernel kernel = startKernel(b, module, name, parametersOf(spec), threads);
  Value input = kernel.arguments[0], weights = kernel.arguments[1], bias = kernel.arguments[2];
  Value unit = kernel.arguments[3], logits = kernel.arguments[4], rows = b.unsignedTo(kernel.arguments[5], 64);
  Value thread = b.thread(), image = b.block(0), width = b.constant(spec.width);
  Value lane = b.remainder(thread, warpLanes), warp = b.divide(thread, warpLanes);

  // A thread per channel sums up tokens and timesteps.
  Value firstRow = b.mul(b.unsignedTo(image, 64), spec.tokens);
  b.loop(
      thread, width,
      [&](Value channel) {
        Values zero{b.constant(0, 64)};
        Value sum = b.loop(b.constant(0), b.constant(spec.times), zero, [&](Value time, ValueRange overTime) {
          Value line = b.add(b.mul(b.unsignedTo(time, 64), rows), firstRow);
          return b.loop(b.constant(0), b.constant(spec.tokens), overTime, [&](Value token, ValueRange carried) {
            Value row = b.at(input, b.mul(b.add(line, b.unsignedTo(token, 64)), rowBytes(spec)));
            return Values{b.add(carried[0], element(b, spec, row, channel))};
          });
        })[0];
        b.store(sum, b.at(kernel.shared, b.mul(channel, 8)));
      },
      b.constant(threads));
  b.barrier();

  // A warp per class.
  b.loop(
      warp, b.constant(spec.classes),
      [&](Value label) {
        Value line = b.at(weights, b.mul(b.unsignedTo(label, 64), spec.width * 4));
        Value sum = b.loop(
            lane, width, ValueRange{b.constant(0, 64)},
            [&](Value channel, ValueRange carried) {
              Value weight = b.signedTo(b.load(b.at(line, b.mul(channel, 4))), 64);
              Value x = b.load(b.at(kernel.shared, b.mul(channel, 8)), b.getI64Type());
              return Values{b.add(carried[0], b.mul(weight, x))};
            },
            b.constant(warpLanes))[0];
        sum = b.sumOverWarp(sum);
        b.ifThen(b.compare(arith::CmpIPredicate::eq, lane, 0), [&] {
          Value biased = b.add(sum, b.load(b.at(bias, b.mul(label, 8)), b.getI64Type()));
          Value real = arith::SIToFPOp::create(b, b.getF64Type(), biased);
          Value scaled = arith::MulFOp::create(b, real, b.load(unit, b.getF64Type()));
          Value at = b.add(b.mul(b.unsignedTo(image, 64), spec.classes), b.unsignedTo(label, 64));
          b.store(arith::TruncFOp::create(b, b.getF32Type(), scaled), b.at(logits, b.mul(at, 4)));
        });
      },
      b.constant(warps));
  finishKernel(b);
}
