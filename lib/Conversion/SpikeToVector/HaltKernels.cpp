//===- HaltKernels.cpp - Adaptive computation time ------------------------===//
#include "Kernels.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "stas/Quantization/Halting.h"

using namespace mlir;
using namespace stas;

namespace {
Value byte(KernelBuilder &b, int64_t value) { return b.constant(b.getI8Type(), value); }

class HaltKernel {
public:
  HaltKernel(KernelBuilder &b, const Kernel &kernel, const HaltSpec &spec);
  void build() {
    b.loop(kernel.begin, kernel.end, 1,
           [&](Value token) { rectangular() ? rectangularToken(token) : runningToken(token); });
  }

private:
  bool rectangular() const { return spec.halting.getOrder() == HaltingOrder::Rectangular; }
  bool weighted() const { return spec.halting.getOutput() == ActOutput::Weighted; }
  bool isInteger() const { return !spec.table.empty(); }
  /// What a token counts for until it contributes.
  void clearWeight(Value token) {
    if (isInteger())
      b.store(b.constant(b.getI32Type(), 0), memory(4), token);
  }
  Value score(Value token);
  Value sigmoid(Value x);
  Value exceeds(Value sum);
  Value plus(Value lhs, Value rhs) { return isInteger() ? b.add(lhs, rhs) : Value(arith::AddFOp::create(b, lhs, rhs)); }
  Value minus(Value lhs, Value rhs) {
    return isInteger() ? b.sub(lhs, rhs) : Value(arith::SubFOp::create(b, lhs, rhs));
  }
  void countStep(Value token);
  void contribute(Value token, Value weight);
  void runningToken(Value token);
  void rectangularToken(Value token);
  Value memory(int i) const { return kernel.memory[i]; }
  Value stream() const { return memory(0); }

  KernelBuilder &b;
  const Kernel &kernel;
  const HaltSpec &spec;
  Value one;    // a whole score
  Value scores; // the table, in scratch
};
} // namespace

int64_t stas::haltScratch(const HaltSpec &spec) { return spec.table.size() * sizeof(int32_t); }

HaltKernel::HaltKernel(KernelBuilder &b, const Kernel &kernel, const HaltSpec &spec)
    : b(b), kernel(kernel), spec(spec) {
  one = isInteger() ? b.constant(b.getI32Type(), haltingOne) : b.real(1.0);
  if (!isInteger())
    return;
  scores = b.view(kernel.scratch, 0, b.getI32Type(), spec.table.size());
  for (auto [x, score] : llvm::enumerate(spec.table))
    b.store(b.constant(b.getI32Type(), score), scores, b.index(x));
}

Value HaltKernel::exceeds(Value sum) {
  if (!isInteger())
    return arith::CmpFOp::create(b, arith::CmpFPredicate::OGT, sum, b.real(1.0 - spec.halting.getEps()));
  return b.compare(arith::CmpIPredicate::sgt, sum, b.constantLike(sum, haltingLimit(spec.halting)));
}

/// sigmoid(alpha * x + beta).
Value HaltKernel::sigmoid(Value x) {
  if (!spec.real)
    x = arith::UIToFPOp::create(b, b.getF32Type(), x);
  Value drive = arith::AddFOp::create(b, Value(arith::MulFOp::create(b, x, b.real(spec.halting.getAlpha()))),
                                      b.real(spec.halting.getBeta()));
  Value decayed = math::ExpOp::create(b, Value(arith::NegFOp::create(b, drive)));
  return arith::DivFOp::create(b, one, Value(arith::AddFOp::create(b, one, decayed)));
}

/// The score of a token's x[0]; a whole one at the last block of the last timestep.
Value HaltKernel::score(Value token) {
  Value x = b.load(stream(), b.mul(token, spec.width));
  Value score = isInteger() ? b.load(scores, arith::IndexCastUIOp::create(b, b.getIndexType(), x)) : sigmoid(x);
  if (!spec.lastBlock)
    return score;
  Value last = b.compare(arith::CmpIPredicate::eq, kernel.timestep, b.index(spec.timesteps - 1));
  return b.select(last, one, score);
}

void HaltKernel::countStep(Value token) {
  b.store(b.add(b.load(memory(5), token), b.constant(b.getI32Type(), 1)), memory(5), token);
}

/// y += weight * x; in integers the weight, with which buildWeigh adds x.
void HaltKernel::contribute(Value token, Value weight) {
  if (isInteger())
    return b.store(weight, memory(4), token);
  Value begin = b.mul(token, spec.width);
  b.chunks(begin, b.add(begin, spec.width), spec.lanes, [&](Value at, int64_t lanes) {
    Value old = b.load(memory(4), at, lanes);
    Value product = arith::MulFOp::create(b, b.splat(weight, lanes), b.loadReal(stream(), at, lanes));
    b.store(arith::AddFOp::create(b, old, product), memory(4), at);
  });
}

/// Lexicographic and timestep order: one sum, which halted tokens no longer need.
void HaltKernel::runningToken(Value token) {
  Value active = b.compare(arith::CmpIPredicate::ne, b.load(memory(1), token), byte(b, 0));
  clearWeight(token);
  b.ifThen(active, [&] {
    countStep(token);
    Value h = score(token);
    Value sum = plus(b.load(memory(2), token), h);
    b.store(sum, memory(2), token);
    Value reached = exceeds(sum);
    if (weighted()) {
      Value rest = b.load(memory(3), token);
      contribute(token, b.select(reached, rest, h));
      b.store(minus(rest, h), memory(3), token);
    } else if (spec.lastBlock) {
      contribute(token, isInteger() ? b.constantLike(h, 1) : one);
    }
    b.store(b.select(reached, byte(b, 0), byte(b, 1)), memory(1), token);
  });
}

void HaltKernel::rectangularToken(Value token) {
  clearWeight(token);
  Value flag = b.load(memory(1), token);
  Value active = b.compare(arith::CmpIPredicate::ne, flag, byte(b, 0));
  b.ifThen(active, [&] {
    countStep(token);
    Value h = score(token);
    b.store(plus(b.load(memory(6), token), h), memory(6), token);
    if (spec.lastBlock)
      contribute(token, isInteger() ? b.constantLike(h, 1) : one);
  });
  // The sum over blocks up to this one of what each has gathered over time.
  Value sum = plus(b.load(memory(2), token), b.load(memory(6), token));
  b.store(sum, memory(2), token);
  Value reached = exceeds(sum);
  b.store(b.select(reached, byte(b, 1), byte(b, 0)), memory(7), token);
  b.store(b.select(reached, byte(b, 0), flag), memory(1), token);
}

void stas::buildHalt(KernelBuilder &b, const Kernel &kernel, const HaltSpec &spec) {
  HaltKernel(b, kernel, spec).build();
}

int64_t stas::weighScratch(const WeighSpec &spec) { return spec.tokens * sizeof(int32_t); }

void stas::buildWeigh(KernelBuilder &b, const Kernel &kernel, const WeighSpec &spec) {
  Value stream = kernel.memory[0], weights = kernel.memory[1], total = kernel.memory[2];
  // Tokens that count for something, one behind the other.
  Value list = b.view(kernel.scratch, 0, b.getI32Type(), spec.tokens);
  Value count = b.listWhere(list, spec.tokens, [&](Value token) {
    Value weight = b.load(weights, token);
    return b.compare(arith::CmpIPredicate::ne, weight, b.constantLike(weight, 0));
  });
  Value begin = b.mul(kernel.begin, chunkElements);
  Value end = b.min(b.mul(kernel.end, chunkElements), b.index(spec.width));
  // Eight registers of sums.
  b.chunks(begin, end, 4 * spec.lanes, [&](Value at, int64_t lanes) {
    Value sum =
        b.loop(b.index(0), count, 1, ValueRange{b.load(total, at, lanes)}, [&](Value place, ValueRange carried) {
          Value token = b.listed(list, place);
          Value weight = b.splat(b.unsignedTo(b.load(weights, token), 64), lanes);
          Value row = b.unsignedTo(b.load(stream, b.add(b.mul(token, spec.width), at), lanes), 64);
          return Values{b.add(carried[0], b.mul(weight, row))};
        })[0];
    b.store(sum, total, at);
  });
}

void stas::buildSelect(KernelBuilder &b, const Kernel &kernel, int64_t rows, int64_t channels, bool silences) {
  constexpr int64_t width = 32;
  Value spikes = kernel.memory[0], output = kernel.memory[3];
  b.loop(kernel.begin, kernel.end, 1, [&](Value row) {
    Value begin = b.mul(row, channels), end = b.add(begin, channels);
    Value step = b.mul(kernel.timestep, rows * channels);
    Value active = b.compare(arith::CmpIPredicate::ne, b.load(kernel.memory[2], row), byte(b, 0));
    auto fill = [&](llvm::function_ref<Value(Value, int64_t)> value) {
      b.chunks(begin, end, width, [&](Value at, int64_t lanes) { b.store(value(at, lanes), output, at); });
    };
    b.ifThen(
        active, [&] { fill([&](Value at, int64_t lanes) { return b.load(spikes, b.add(step, at), lanes); }); },
        [&] {
          if (silences)
            fill([&](Value, int64_t lanes) { return b.zeros(b.getI8Type(), lanes); });
        });
  });
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
    Value sum = b.load(kernel.memory[2], token);
    b.store(sum.getType().isF32() ? b.real(0.0) : b.constantLike(sum, 0), kernel.memory[2], token);
  });
}
