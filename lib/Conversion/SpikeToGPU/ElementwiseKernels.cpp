//===- ElementwiseKernels.cpp - What stands between layers ----------------===//
//
// A thread has an element, 128 spikes or 8 counts; these kernels are as fast as
// memory is.
//
//===----------------------------------------------------------------------===//
#include "ElementwiseKernels.h"

using namespace mlir;
using namespace stas::cuda;

namespace {
constexpr int64_t threads = 256, largestByte = 255;

LaunchShape shapeOf(int64_t elements) { return {{roundUp(elements, threads) / threads, 1, 1}, threads, 0}; }

/// The number of this thread among all, in 64 bits: rows of many images times what a row has.
Value numberOf(KernelBuilder &b) {
  return b.add(b.mul(b.unsignedTo(b.block(0), 64), threads), b.unsignedTo(b.thread(), 64));
}

SmallVector<Parameter> withRows(ArrayRef<const char *> memories) {
  SmallVector<Parameter> parameters;
  for (const char *memory : memories)
    parameters.push_back({memory});
  parameters.push_back({"rows", Parameter::Kind::Number});
  return parameters;
}
} // namespace

//===----------------------------------------------------------------------===//
// Images to integers
//===----------------------------------------------------------------------===//

std::string stas::cuda::problemOf(const QuantizeSpec &spec) {
  auto isReal = [](double value) { return value > 0 && static_cast<float>(value) == value; };
  // Every integer up to 2^24 is an f32 number.
  return isReal(spec.scale) && isReal(spec.limit) && spec.limit <= 1 << 24
             ? ""
             : "requires a scale and a limit, at most 2^24, that f32 holds";
}

SmallVector<Parameter> stas::cuda::parametersOf(const QuantizeSpec &) { return withRows({"image", "integers"}); }
LaunchShape stas::cuda::launchOf(const QuantizeSpec &, int64_t rows) { return shapeOf(rows); }

void stas::cuda::buildQuantize(KernelBuilder &b, gpu::GPUModuleOp module, StringRef name, const QuantizeSpec &spec) {
  assert(problemOf(spec).empty() && "the caller has checked the spec");
  Kernel kernel = startKernel(b, module, name, parametersOf(spec), threads);
  Value number = numberOf(b), at = b.mul(number, 4);
  b.ifThen(b.less(number, b.unsignedTo(kernel.arguments[2], 64)), [&] {
    auto real = [&](double value) -> Value {
      return arith::ConstantOp::create(b, b.getF32FloatAttr(static_cast<float>(value)));
    };
    Value x = arith::MulFOp::create(b, b.load(b.at(kernel.arguments[0], at), b.getF32Type()), real(spec.scale));
    x = arith::MaxNumFOp::create(b, x, real(-spec.limit));
    x = arith::MinNumFOp::create(b, x, real(spec.limit));
    x = LLVM::RoundEvenOp::create(b, x);
    b.store(arith::FPToSIOp::create(b, b.getI32Type(), x), b.at(kernel.arguments[1], at));
  });
  finishKernel(b);
}

//===----------------------------------------------------------------------===//
// Pools
//===----------------------------------------------------------------------===//

std::string stas::cuda::problemOf(const PoolSpec &spec) {
  if (spec.height < 1 || spec.width < 1 || spec.channels < 1)
    return "requires a map with channels";
  for (int axis = 0; axis < 2; ++axis)
    if (spec.window.kernel[axis] < 1 || spec.window.strides[axis] < 1 || spec.window.padding[axis] < 0 ||
        spec.window.output[axis] < 1)
      return "requires a window with kernel, strides and positions";
  return "";
}

SmallVector<Parameter> stas::cuda::parametersOf(const PoolSpec &) { return withRows({"input", "output"}); }
LaunchShape stas::cuda::launchOf(const PoolSpec &spec, int64_t rows) { return shapeOf(rows * spec.pieces()); }

void stas::cuda::buildPool(KernelBuilder &b, gpu::GPUModuleOp module, StringRef name, const PoolSpec &spec) {
  assert(problemOf(spec).empty() && "the caller has checked the spec");
  Kernel kernel = startKernel(b, module, name, parametersOf(spec), threads);
  const Window &w = spec.window;
  int64_t bytes = spikeBytes(spec.channels);
  Value number = numberOf(b), row = b.divide(number, spec.pieces());
  b.ifThen(b.less(row, b.unsignedTo(kernel.arguments[2], 64)), [&] {
    Value position = b.unsignedTo(b.remainder(row, spec.positions()), 32);
    Value map = b.mul(b.divide(row, spec.positions()), spec.height * spec.width * bytes);
    Value piece = b.mul(b.remainder(number, spec.pieces()), 16);
    Value pixels = b.at(kernel.arguments[0], b.add(map, piece));
    Value y = b.sub(b.mul(b.divide(position, w.output[1]), w.strides[0]), w.padding[0]);
    Value x = b.sub(b.mul(b.remainder(position, w.output[1]), w.strides[1]), w.padding[1]);
    Values united(4, b.constant(0));
    SmallVector<Type> words(4, b.getI32Type());
    for (int64_t dy = 0; dy < w.kernel[0]; ++dy)
      for (int64_t dx = 0; dx < w.kernel[1]; ++dx) {
        // A position before the map is a large one without sign.
        Value atY = b.add(y, dy), atX = b.add(x, dx);
        Value isInside = b.bitAnd(b.less(atY, spec.height), b.less(atX, spec.width));
        Values bits = b.loadIf(isInside, words, [&] {
          return b.loadWords(b.at(pixels, b.mul(b.unsignedTo(b.add(b.mul(atY, spec.width), atX), 64), bytes)), 4);
        });
        for (auto [all, some] : llvm::zip(united, bits))
          all = b.bitOr(all, some);
      }
    b.storeWords(united, b.at(kernel.arguments[1], b.add(b.mul(row, bytes), piece)));
  });
  finishKernel(b);
}

//===----------------------------------------------------------------------===//
// Sums
//===----------------------------------------------------------------------===//

std::string stas::cuda::problemOf(const AddSpec &spec) {
  return spec.times >= 1 && spec.channels >= 1 && spec.factor >= 1 && spec.factor <= largestByte
             ? ""
             : "requires timesteps, channels and a factor of 1 to 255";
}

SmallVector<Parameter> stas::cuda::parametersOf(const AddSpec &) { return withRows({"lhs", "rhs", "sum"}); }
LaunchShape stas::cuda::launchOf(const AddSpec &spec, int64_t rows) {
  return shapeOf(spec.times * rows * spec.pieces());
}

/// Eight channels of a line as bytes.
static Values bytesOf(KernelBuilder &b, bool areSpikes, int64_t channels, Value memory, Value line, Value piece) {
  Value row = b.at(memory, b.mul(line, areSpikes ? spikeBytes(channels) : countBytes(channels)));
  if (!areSpikes)
    return b.loadWords(b.at(row, b.mul(piece, 8)), 2);
  Value bits = b.loadByte(b.at(row, piece));
  Values words;
  // Four bits to four bytes: bit i of the product's first copy, i + 7 of the second, ..
  for (int64_t half = 0; half < 2; ++half)
    words.push_back(b.bitAnd(b.mul(b.bitAnd(b.shiftDown(bits, half * 4), 15), 0x00204081), 0x01010101));
  return words;
}

void stas::cuda::buildAdd(KernelBuilder &b, gpu::GPUModuleOp module, StringRef name, const AddSpec &spec) {
  assert(problemOf(spec).empty() && "the caller has checked the spec");
  Kernel kernel = startKernel(b, module, name, parametersOf(spec), threads);
  Value number = numberOf(b), line = b.divide(number, spec.pieces()), piece = b.remainder(number, spec.pieces());
  Value rows = b.unsignedTo(kernel.arguments[3], 64);
  b.ifThen(b.less(line, b.mul(rows, spec.times)), [&] {
    auto operand = [&](const AddSpec::Operand &of, Value memory) {
      Value at = of.timed || spec.times == 1 ? line : Value(arith::RemUIOp::create(b, line, rows));
      return bytesOf(b, of.spikes, spec.channels, memory, at, piece);
    };
    Values sum = operand(spec.lhs, kernel.arguments[0]), more = operand(spec.rhs, kernel.arguments[1]);
    // What lies behind the last channel may overflow, which no channel before it sees.
    for (auto [word, other] : llvm::zip(sum, more))
      word = b.add(word, b.mul(other, spec.factor));
    b.storeWords(sum, b.at(kernel.arguments[2], b.add(b.mul(line, countBytes(spec.channels)), b.mul(piece, 8))));
  });
  finishKernel(b);
}

std::string stas::cuda::problemOf(const IntegrateSpec &spec) {
  return spec.times >= 1 && spec.channels >= 1 ? "" : "requires timesteps and channels";
}

SmallVector<Parameter> stas::cuda::parametersOf(const IntegrateSpec &) { return withRows({"input", "sum"}); }
LaunchShape stas::cuda::launchOf(const IntegrateSpec &spec, int64_t rows) { return shapeOf(rows * spec.pieces()); }

void stas::cuda::buildIntegrate(KernelBuilder &b, gpu::GPUModuleOp module, StringRef name, const IntegrateSpec &spec) {
  assert(problemOf(spec).empty() && "the caller has checked the spec");
  Kernel kernel = startKernel(b, module, name, parametersOf(spec), threads);
  Value number = numberOf(b), row = b.divide(number, spec.pieces()), piece = b.remainder(number, spec.pieces());
  Value rows = b.unsignedTo(kernel.arguments[2], 64);
  b.ifThen(b.less(row, rows), [&] {
    Values sum{b.constant(0), b.constant(0)};
    sum = b.loop(b.constant(0), b.constant(spec.times), sum, [&](Value time, ValueRange before) {
      Value line = b.add(b.mul(b.unsignedTo(time, 64), rows), row);
      Values bytes = bytesOf(b, spec.spikes, spec.channels, kernel.arguments[0], line, piece);
      return Values{b.add(before[0], bytes[0]), b.add(before[1], bytes[1])};
    });
    b.storeWords(sum, b.at(kernel.arguments[1], b.add(b.mul(row, countBytes(spec.channels)), b.mul(piece, 8))));
  });
  finishKernel(b);
}
