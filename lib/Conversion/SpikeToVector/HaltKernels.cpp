//===- HaltKernels.cpp - Adaptive computation time ------------------------===//
#include "Kernels.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace stas;

namespace {
Value byte(KernelBuilder &b, int64_t value) { return arith::ConstantOp::create(b, b.getI8IntegerAttr(value)); }

Value isSet(KernelBuilder &b, Value mask, Value token) {
  return b.compare(arith::CmpIPredicate::ne, b.load(mask, token), byte(b, 0));
}

/// Whether a sum of halting scores has reached.
Value exceeds(KernelBuilder &b, Value sum, double eps) {
  return arith::CmpFOp::create(b, arith::CmpFPredicate::OGT, sum, b.real(1.0 - eps));
}

class HaltKernel {
public:
  HaltKernel(KernelBuilder &b, const Kernel &kernel, const HaltSpec &spec);
  void build() {
    b.loop(kernel.begin, kernel.end, 1, [&](Value token) { isRectangular ? rectangular(token) : running(token); });
  }

private:
  Value score(Value token);
  void countStep(Value token);
  void contribute(Value token, Value weight);
  Value raiseSum(Value token, Value score);
  void running(Value token);
  void rectangular(Value token);

  KernelBuilder &b;
  const Kernel &kernel;
  const HaltSpec &spec;
  bool isRectangular, isWeighted;
  Value stream, active, sum, remainder, column, output, steps;
};
} // namespace

HaltKernel::HaltKernel(KernelBuilder &b, const Kernel &kernel, const HaltSpec &spec)
    : b(b), kernel(kernel), spec(spec), isRectangular(spec.halting.getOrder() == HaltingOrder::Rectangular),
      isWeighted(spec.halting.getOutput() == ActOutput::Weighted) {
  const Value *next = kernel.memory.begin();
  stream = *next++;
  active = *next++;
  sum = *next++;
  remainder = isWeighted ? *next++ : Value();
  column = isRectangular ? *next++ : Value();
  output = isWeighted || spec.lastBlock ? *next++ : Value();
  steps = spec.steps ? *next++ : Value();
}

/// sigmoid(alpha * x[0] + beta); 1 at the last block of the last timestep.
Value HaltKernel::score(Value token) {
  Value x = b.load(stream, b.mul(token, spec.width));
  if (!spec.real)
    x = arith::UIToFPOp::create(b, b.getF32Type(), x);
  Value drive = arith::AddFOp::create(b, Value(arith::MulFOp::create(b, x, b.real(spec.halting.getAlpha()))),
                                      b.real(spec.halting.getBeta()));
  Value one = b.real(1.0);
  Value decayed = math::ExpOp::create(b, Value(arith::NegFOp::create(b, drive)));
  Value sigmoid = arith::DivFOp::create(b, one, Value(arith::AddFOp::create(b, one, decayed)));
  if (!spec.lastBlock)
    return sigmoid;
  Value last = b.compare(arith::CmpIPredicate::eq, kernel.timestep, b.index(spec.timesteps - 1));
  return arith::SelectOp::create(b, last, one, sigmoid);
}

void HaltKernel::countStep(Value token) {
  if (!spec.steps)
    return;
  Value one = arith::ConstantOp::create(b, b.getI32IntegerAttr(1));
  b.store(arith::AddIOp::create(b, b.load(steps, token), one), steps, token);
}

/// output += weight * x.
void HaltKernel::contribute(Value token, Value weight) {
  Value begin = b.mul(token, spec.width);
  b.chunks(begin, b.add(begin, spec.width), spec.lanes, [&](Value at, int64_t lanes) {
    Value product = arith::MulFOp::create(b, b.splat(weight, lanes), b.loadReal(stream, at, lanes));
    b.store(arith::AddFOp::create(b, b.load(output, at, lanes), product), output, at);
  });
}

Value HaltKernel::raiseSum(Value token, Value score) {
  Value raised = arith::AddFOp::create(b, b.load(sum, token), score);
  b.store(raised, sum, token);
  return raised;
}

/// Lexicographic and timestep order: one sum, which halted tokens no longer need.
void HaltKernel::running(Value token) {
  b.ifThen(isSet(b, active, token), [&] {
    countStep(token);
    Value h = score(token);
    Value reached = exceeds(b, raiseSum(token, h), spec.halting.getEps());
    if (isWeighted) {
      Value rest = b.load(remainder, token);
      contribute(token, arith::SelectOp::create(b, reached, rest, h));
      b.store(arith::SubFOp::create(b, rest, h), remainder, token);
    } else if (spec.lastBlock) {
      contribute(token, b.real(1.0));
    }
    b.store(arith::SelectOp::create(b, reached, byte(b, 0), byte(b, 1)), active, token);
  });
}

/// Rectangular order: what this timestep has gathered counts for every later block, active or not.
void HaltKernel::rectangular(Value token) {
  b.ifThen(isSet(b, active, token), [&] {
    countStep(token);
    raiseSum(token, score(token));
    if (spec.lastBlock)
      contribute(token, b.real(1.0));
  });
  Value total = arith::AddFOp::create(b, b.load(column, token), b.load(sum, token));
  b.store(total, column, token);
  Value reached = exceeds(b, total, spec.halting.getEps());
  b.store(arith::SelectOp::create(b, reached, byte(b, 0), b.load(active, token)), active, token);
}

void stas::buildHalt(KernelBuilder &b, const Kernel &kernel, const HaltSpec &spec) {
  HaltKernel(b, kernel, spec).build();
}

void stas::buildGate(KernelBuilder &b, const Kernel &kernel, double eps) {
  b.loop(kernel.begin, kernel.end, 1, [&](Value token) {
    Value reached = exceeds(b, b.load(kernel.memory[1], token), eps);
    Value next = arith::SelectOp::create(b, reached, byte(b, 0), b.load(kernel.memory[0], token));
    b.store(next, kernel.memory[2], token);
  });
}
