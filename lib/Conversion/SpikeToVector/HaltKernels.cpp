//===- HaltKernels.cpp - Adaptive computation time ------------------------===//
#include "Kernels.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace stas;

namespace {
Value byte(KernelBuilder &b, int64_t value) { return arith::ConstantOp::create(b, b.getI8IntegerAttr(value)); }

class HaltKernel {
public:
  HaltKernel(KernelBuilder &b, const Kernel &kernel, const HaltSpec &spec) : b(b), kernel(kernel), spec(spec) {}
  void build() {
    b.loop(kernel.begin, kernel.end, 1,
           [&](Value token) { rectangular() ? rectangularToken(token) : lexicographicToken(token); });
  }

private:
  bool rectangular() const { return spec.halting.getOrder() == HaltingOrder::Rectangular; }
  bool weighted() const { return spec.halting.getOutput() == ActOutput::Weighted; }
  Value score(Value token);
  Value exceeds(Value sum) {
    return arith::CmpFOp::create(b, arith::CmpFPredicate::OGT, sum, b.real(1.0 - spec.halting.getEps()));
  }
  void countStep(Value token);
  void contribute(Value token, Value weight);
  void lexicographicToken(Value token);
  void rectangularToken(Value token);
  Value &stream() { return memory(0); }
  Value &memory(int i) { return const_cast<Value &>(kernel.memory[i]); }

  KernelBuilder &b;
  const Kernel &kernel;
  const HaltSpec &spec;
};
} // namespace

/// sigmoid(alpha * x[0] + beta); 1 at the last block of the last timestep.
Value HaltKernel::score(Value token) {
  Value first = b.mul(token, spec.width);
  Value x = b.load(stream(), first);
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
  Value one = arith::ConstantOp::create(b, b.getI32IntegerAttr(1));
  b.store(arith::AddIOp::create(b, b.load(memory(5), token), one), memory(5), token);
}

/// y += weight * x.
void HaltKernel::contribute(Value token, Value weight) {
  Value begin = b.mul(token, spec.width);
  b.chunks(begin, b.add(begin, spec.width), spec.lanes, [&](Value at, int64_t lanes) {
    Value product = arith::MulFOp::create(b, b.splat(weight, lanes), b.loadReal(stream(), at, lanes));
    b.store(arith::AddFOp::create(b, b.load(memory(4), at, lanes), product), memory(4), at);
  });
}

void HaltKernel::lexicographicToken(Value token) {
  Value active = b.compare(arith::CmpIPredicate::ne, b.load(memory(1), token), byte(b, 0));
  b.ifThen(active, [&] {
    countStep(token);
    Value h = score(token);
    Value sum = arith::AddFOp::create(b, b.load(memory(2), token), h);
    b.store(sum, memory(2), token);
    Value reached = exceeds(sum);
    if (weighted()) {
      Value rest = b.load(memory(3), token);
      contribute(token, arith::SelectOp::create(b, reached, rest, h));
      b.store(arith::SubFOp::create(b, rest, h), memory(3), token);
    } else if (spec.lastBlock) {
      contribute(token, b.real(1.0));
    }
    b.store(arith::SelectOp::create(b, reached, byte(b, 0), byte(b, 1)), memory(1), token);
  });
}

void HaltKernel::rectangularToken(Value token) {
  Value flag = b.load(memory(1), token);
  Value active = b.compare(arith::CmpIPredicate::ne, flag, byte(b, 0));
  b.ifThen(active, [&] {
    countStep(token);
    b.store(arith::AddFOp::create(b, b.load(memory(6), token), score(token)), memory(6), token);
    if (spec.lastBlock)
      contribute(token, b.real(1.0));
  });
  // The sum over blocks up to this one of what each has gathered over time.
  Value sum = arith::AddFOp::create(b, b.load(memory(2), token), b.load(memory(6), token));
  b.store(sum, memory(2), token);
  Value reached = exceeds(sum);
  b.store(arith::SelectOp::create(b, reached, byte(b, 1), byte(b, 0)), memory(7), token);
  b.store(arith::SelectOp::create(b, reached, byte(b, 0), flag), memory(1), token);
}

void stas::buildHalt(KernelBuilder &b, const Kernel &kernel, const HaltSpec &spec) {
  HaltKernel(b, kernel, spec).build();
}

void stas::buildGate(KernelBuilder &b, const Kernel &kernel) {
  b.loop(kernel.begin, kernel.end, 1, [&](Value token) {
    Value reached = b.compare(arith::CmpIPredicate::ne, b.load(kernel.memory[1], token), byte(b, 0));
    Value next = arith::SelectOp::create(b, reached, byte(b, 0), b.load(kernel.memory[0], token));
    b.store(next, kernel.memory[0], token);
  });
}

void stas::buildNextStep(KernelBuilder &b, const Kernel &kernel) {
  b.loop(kernel.begin, kernel.end, 1, [&](Value token) {
    Value reached = b.compare(arith::CmpIPredicate::ne, b.load(kernel.memory[1], token), byte(b, 0));
    b.store(arith::SelectOp::create(b, reached, byte(b, 0), byte(b, 1)), kernel.memory[0], token);
    b.store(b.real(0.0), kernel.memory[2], token);
  });
}
