//===- ElementwiseKernels.cpp - Sums, means, pools ------------------------===//
#include "Kernels.h"
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
  auto [begin, end] = elementRange(b, kernel, spec.elements);
  b.loop(b.index(0), b.index(spec.times), 1, [&, begin = begin, end = end](Value time) {
    Value step = b.mul(time, spec.elements);
    b.chunks(begin, end, real ? spec.lanes : byteLanes, [&](Value at, int64_t lanes) {
      Value lhsAt = spec.lhsTimed ? b.add(step, at) : at, rhsAt = spec.rhsTimed ? b.add(step, at) : at;
      Value sum;
      if (real)
        sum = arith::AddFOp::create(b, b.loadReal(kernel.memory[0], lhsAt, lanes),
                                    b.loadReal(kernel.memory[1], rhsAt, lanes));
      else
        sum = arith::AddIOp::create(b, b.load(kernel.memory[0], lhsAt, lanes), b.load(kernel.memory[1], rhsAt, lanes));
      b.store(sum, kernel.memory[2], b.add(step, at));
    });
  });
}

void stas::buildIntegrate(KernelBuilder &b, const Kernel &kernel, const IntegrateSpec &spec) {
  bool real = spec.mean || spec.real;
  auto [begin, end] = elementRange(b, kernel, spec.elements);
  b.chunks(begin, end, real ? spec.lanes : byteLanes, [&](Value at, int64_t lanes) {
    Value zero = b.zeros(real ? Type(b.getF32Type()) : b.getI8Type(), lanes);
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

void stas::buildMaxPool(KernelBuilder &b, const Kernel &kernel, const PoolSpec &spec) {
  Type element = spec.real ? Type(b.getF32Type()) : b.getI8Type();
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
      int64_t width = spec.real ? spec.lanes : spec.channels >= byteLanes ? byteLanes : byteLanes / 4;
      b.chunks(b.index(0), b.index(spec.channels), width, [&](Value channel, int64_t lanes) {
        // Every window holds an element of the map, so that what the maximum starts from never shows.
        Value start = spec.real ? b.splat(b.real(-INFINITY), lanes) : b.zeros(element, lanes);
        Value best = b.loop(low[0], high[0], 1, ValueRange{start}, [&](Value y, ValueRange outer) {
          return b.loop(low[1], high[1], 1, outer, [&](Value x, ValueRange carried) {
            Value line = b.add(b.mul(time, spec.height), y);
            Value pixel = b.add(b.mul(line, spec.width), x);
            Value next = b.load(kernel.memory[0], b.add(b.mul(pixel, spec.channels), channel), lanes);
            return Values{spec.real ? Value(arith::MaximumFOp::create(b, carried[0], next))
                                    : Value(arith::MaxUIOp::create(b, carried[0], next))};
          });
        })[0];
        Value pixel = b.add(b.mul(time, spec.outputHeight * spec.outputWidth), position);
        b.store(best, kernel.memory[1], b.add(b.mul(pixel, spec.channels), channel));
      });
    });
  });
}

void stas::buildFill(KernelBuilder &b, const Kernel &kernel, int64_t elements, double value) {
  auto [begin, end] = elementRange(b, kernel, elements);
  Type element = cast<MemRefType>(kernel.memory[0].getType()).getElementType();
  Value constant = element.isF32() ? b.real(value)
                                   : Value(arith::ConstantOp::create(
                                         b, b.getIntegerAttr(element, static_cast<int64_t>(value))));
  b.loop(begin, end, 1, [&](Value at) { b.store(constant, kernel.memory[0], at); });
}

void stas::buildCopy(KernelBuilder &b, const Kernel &kernel, int64_t lanes) {
  auto type = cast<MemRefType>(kernel.memory[0].getType());
  auto [begin, end] = elementRange(b, kernel, type.getNumElements());
  int64_t width = lanes * 32 / type.getElementTypeBitWidth();
  b.chunks(begin, end, width, [&](Value at, int64_t count) {
    b.store(b.load(kernel.memory[0], at, count), kernel.memory[1], at);
  });
}

void stas::buildDivide(KernelBuilder &b, const Kernel &kernel, int64_t lanes, int64_t elements, double divisor) {
  auto [begin, end] = elementRange(b, kernel, elements);
  b.chunks(begin, end, lanes, [&](Value at, int64_t width) {
    Value value = b.load(kernel.memory[0], at, width);
    b.store(arith::DivFOp::create(b, value, b.splat(b.real(divisor), width)), kernel.memory[0], at);
  });
}
