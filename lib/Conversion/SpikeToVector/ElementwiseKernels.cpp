//===- ElementwiseKernels.cpp - Sums, means, pools ------------------------===//
#include "Kernels.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include <cmath>

using namespace mlir;
using namespace stas;

namespace {
constexpr int64_t byteLanes = 32;

/// The elements of a range of work items that are chunks of `elements`.
std::pair<Value, Value> elementRange(KernelBuilder &b, const Kernel &kernel, int64_t elements) {
  return {b.mul(kernel.begin, chunkElements), b.min(b.mul(kernel.end, chunkElements), b.index(elements))};
}
} // namespace

void stas::buildAdd(KernelBuilder &b, const Kernel &kernel, const AddSpec &spec) {
  bool real = spec.lhsReal || spec.rhsReal;
  auto factor = [&](int64_t lanes) { return b.constant(b.vectorOf(b.getI8Type(), lanes), spec.factor); };
  auto sumRange = [&](Value begin, Value end) {
    b.loop(b.index(0), b.index(spec.times), 1, [&](Value time) {
      Value step = b.mul(time, spec.elements);
      b.chunks(begin, end, real ? spec.lanes : byteLanes, [&](Value at, int64_t lanes) {
        Value lhsAt = spec.lhsTimed ? b.add(step, at) : at, rhsAt = spec.rhsTimed ? b.add(step, at) : at;
        Value sum;
        if (real)
          sum = arith::AddFOp::create(b, b.loadReal(kernel.memory[0], lhsAt, lanes),
                                      b.loadReal(kernel.memory[1], rhsAt, lanes));
        else
          sum = b.add(b.load(kernel.memory[0], lhsAt, lanes),
                      b.mul(b.load(kernel.memory[1], rhsAt, lanes), factor(lanes)));
        b.store(sum, kernel.memory.back(), b.add(step, at));
      });
    });
  };
  if (!spec.masked) {
    auto [begin, end] = elementRange(b, kernel, spec.elements);
    return sumRange(begin, end);
  }
  b.loop(kernel.begin, kernel.end, 1, [&](Value row) {
    Value begin = b.mul(row, spec.masked);
    b.ifThen(b.isSet(kernel.memory[2], row), [&] { sumRange(begin, b.add(begin, spec.masked)); });
  });
}

void stas::buildIntegrate(KernelBuilder &b, const Kernel &kernel, const IntegrateSpec &spec) {
  bool real = spec.mean || spec.real;
  auto [begin, end] = elementRange(b, kernel, spec.elements);
  int64_t width = spec.wide ? spec.lanes / 2 : real ? spec.lanes : byteLanes;
  b.chunks(begin, end, width, [&](Value at, int64_t lanes) {
    Value zero = b.zeros(real ? Type(b.getF32Type()) : b.getIntegerType(spec.wide ? 64 : 8), lanes);
    Value sum = b.loop(b.index(0), b.index(spec.times), 1, ValueRange{zero}, [&](Value time, ValueRange carried) {
      Value from = b.add(b.mul(time, spec.elements), at);
      if (real)
        return Values{arith::AddFOp::create(b, carried[0], b.loadReal(kernel.memory[0], from, lanes))};
      return Values{arith::AddIOp::create(b, carried[0], b.load(kernel.memory[0], from, lanes))};
    })[0];
    if (spec.mean)
      sum = arith::DivFOp::create(b, sum, b.splat(b.real(spec.times), lanes));
    b.store(sum, kernel.memory[1], at);
  });
}

void stas::buildMeanTokens(KernelBuilder &b, const Kernel &kernel, const MeanTokensSpec &spec) {
  auto [begin, end] = elementRange(b, kernel, spec.width);
  b.loop(b.index(0), b.index(spec.times), 1, [&, begin = begin, end = end](Value time) {
    b.chunks(begin, end, spec.lanes, [&](Value at, int64_t lanes) {
      Value zero = b.zeros(b.getF32Type(), lanes);
      Value sum = b.loop(b.index(0), b.index(spec.tokens), 1, ValueRange{zero}, [&](Value token, ValueRange carried) {
        Value from = b.add(b.mul(b.add(b.mul(time, spec.tokens), token), spec.width), at);
        return Values{arith::AddFOp::create(b, carried[0], b.loadReal(kernel.memory[0], from, lanes))};
      })[0];
      sum = arith::DivFOp::create(b, sum, b.splat(b.real(spec.tokens), lanes));
      b.store(sum, kernel.memory[1], b.add(b.mul(time, spec.width), at));
    });
  });
}

void stas::buildSumTokens(KernelBuilder &b, const Kernel &kernel, const SumTokensSpec &spec) {
  auto [begin, end] = elementRange(b, kernel, spec.width);
  // Bytes of fewer than 2^23 tokens sum up to 31 bits.
  unsigned bits = spec.tokens >= int64_t(1) << 23 ? 64 : 32;
  b.loop(b.index(0), b.index(spec.times), 1, [&, begin = begin, end = end](Value time) {
    b.chunks(begin, end, spec.lanes, [&](Value at, int64_t lanes) {
      Value zero = b.zeros(b.getIntegerType(bits), lanes);
      Value sum = b.loop(b.index(0), b.index(spec.tokens), 1, ValueRange{zero}, [&](Value token, ValueRange carried) {
        Value from = b.add(b.mul(b.add(b.mul(time, spec.tokens), token), spec.width), at);
        return Values{b.add(carried[0], b.unsignedTo(b.load(kernel.memory[0], from, lanes), bits))};
      })[0];
      b.store(b.unsignedTo(sum, 64), kernel.memory[1], b.add(b.mul(time, spec.width), at));
    });
  });
}

void stas::buildQuantize(KernelBuilder &b, const Kernel &kernel, const QuantizeSpec &spec) {
  auto [begin, end] = elementRange(b, kernel, spec.elements);
  b.chunks(begin, end, spec.lanes, [&](Value at, int64_t lanes) {
    auto constant = [&](double value) { return b.splat(b.real(value), lanes); };
    // A power of two scales exactly; the limit is a whole number and an f32, so that it can come first.
    Value scaled = arith::MulFOp::create(b, b.load(kernel.memory[0], at, lanes), constant(spec.scale));
    Value bounded = arith::MaxNumFOp::create(b, scaled, constant(-spec.limit));
    bounded = arith::MinNumFOp::create(b, bounded, constant(spec.limit));
    Value rounded = math::RoundEvenOp::create(b, bounded);
    b.store(arith::FPToSIOp::create(b, b.vectorOf(b.getI32Type(), lanes), rounded), kernel.memory[1], at);
  });
}

void stas::buildMaxPool(KernelBuilder &b, const Kernel &kernel, const PoolSpec &spec) {
  using Reduce = AccumulateSpec::Reduce;
  Type element = spec.real ? Type(b.getF32Type()) : b.getI8Type();
  bool isMean = spec.reduce == Reduce::Mean, isPattern = spec.reduce != Reduce::None;
  b.loop(kernel.begin, kernel.end, 1, [&](Value position) {
    Value out[2] = {arith::DivUIOp::create(b, position, b.index(spec.outputWidth)),
                    arith::RemUIOp::create(b, position, b.index(spec.outputWidth))};
    int64_t extent[2] = {spec.height, spec.width};
    Value low[2], high[2];
    for (int axis : {0, 1}) {
      Value base = b.sub(b.mul(out[axis], spec.strides[axis]), b.index(spec.padding[axis]));
      low[axis] = b.max(base, b.index(0));
      high[axis] = b.min(b.add(base, spec.kernel[axis]), b.index(extent[axis]));
    }
    b.loop(b.index(0), b.index(spec.times), 1, [&](Value time) {
      int64_t width = spec.real || isMean ? spec.lanes : spec.channels >= byteLanes ? byteLanes : byteLanes / 4;
      b.chunks(b.index(0), b.index(spec.channels), width, [&](Value channel, int64_t lanes) {
        // Every window holds an element of the map, so that what the maximum starts from never shows.
        Value start = spec.real ? b.splat(b.real(-INFINITY), lanes) : b.zeros(element, lanes);
        Value best = b.loop(low[0], high[0], 1, ValueRange{start}, [&](Value y, ValueRange outer) {
          return b.loop(low[1], high[1], 1, outer, [&](Value x, ValueRange carried) {
            Value line = b.add(b.mul(time, spec.height), y);
            Value pixel = b.add(b.mul(line, spec.width), x);
            Value next = b.load(kernel.memory[0], b.add(b.mul(pixel, spec.channels), channel), lanes);
            return Values{spec.real   ? Value(arith::MaximumFOp::create(b, carried[0], next))
                          : isPattern ? Value(arith::OrIOp::create(b, carried[0], next))
                                      : Value(arith::MaxUIOp::create(b, carried[0], next))};
          });
        })[0];
        if (isPattern)
          best = math::CtPopOp::create(b, best);
        if (isMean) {
          best = arith::UIToFPOp::create(b, VectorType::get({lanes}, b.getF32Type()), best);
          best = arith::DivFOp::create(b, best, b.splat(b.real(spec.steps), lanes));
        }
        Value pixel = b.add(b.mul(time, spec.outputHeight * spec.outputWidth), position);
        b.store(best, kernel.memory[1], b.add(b.mul(pixel, spec.channels), channel));
      });
    });
  });
}

void stas::buildFill(KernelBuilder &b, const Kernel &kernel, int64_t elements, double value) {
  auto [begin, end] = elementRange(b, kernel, elements);
  Type element = cast<MemRefType>(kernel.memory[0].getType()).getElementType();
  Value constant = element.isF32() ? b.real(value) : b.constant(element, static_cast<int64_t>(value));
  b.loop(begin, end, 1, [&](Value at) { b.store(constant, kernel.memory[0], at); });
}

void stas::buildDivide(KernelBuilder &b, const Kernel &kernel, int64_t lanes, int64_t elements, double divisor) {
  auto [begin, end] = elementRange(b, kernel, elements);
  b.chunks(begin, end, lanes, [&](Value at, int64_t width) {
    Value value = b.load(kernel.memory[0], at, width);
    b.store(arith::DivFOp::create(b, value, b.splat(b.real(divisor), width)), kernel.memory[0], at);
  });
}
