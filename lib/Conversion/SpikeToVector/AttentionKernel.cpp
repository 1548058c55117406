//===- AttentionKernel.cpp - Coincidences and neurons of a head -----------===//
//
// Per timestep and head: M = k^T v, where a key spike in channel i adds the
// token's value spikes to row i; then a query spike in channel i adds row i to
// the token's counts. All in i32, so that any association gives the same.
//
//===----------------------------------------------------------------------===//
#include "Kernels.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace stas;

namespace {
constexpr int64_t tileVectors = 8;

class AttentionKernel {
public:
  AttentionKernel(KernelBuilder &b, const Kernel &kernel, const AttentionSpec &spec);
  void build();

private:
  void countKeysAndValues(Value time, Value head);
  void token(Value time, Value head, Value token);
  void columns(Value time, Value head, Value token, int64_t column, int64_t vectors);
  Value at(Value time, Value token, Value head) {
    return b.add(b.mul(b.add(b.mul(time, spec.tokens), token), spec.width), b.mul(head, depth));
  }
  Value membraneAt(Value head, Value token) {
    return b.mul(spec.stateful ? b.add(b.mul(head, spec.tokens), token) : token, padded);
  }

  KernelBuilder &b;
  const Kernel &kernel;
  const AttentionSpec &spec;
  int64_t depth, padded;
  Value query, key, value, membrane, active, output, counts;
};
} // namespace

int64_t stas::headWidth(const AttentionSpec &spec) { return roundUp(spec.width / spec.heads, spec.lanes); }

int64_t stas::attentionScratch(const AttentionSpec &spec) {
  int64_t padded = headWidth(spec);
  return roundUp((spec.width / spec.heads) * padded * 4, 64) + spec.tokens * padded * 4;
}

void stas::buildAttention(KernelBuilder &b, const Kernel &kernel, const AttentionSpec &spec) {
  AttentionKernel(b, kernel, spec).build();
}

AttentionKernel::AttentionKernel(KernelBuilder &b, const Kernel &kernel, const AttentionSpec &spec)
    : b(b), kernel(kernel), spec(spec), depth(spec.width / spec.heads), padded(headWidth(spec)) {
  const Value *next = kernel.memory.begin();
  query = *next++;
  key = *next++;
  value = *next++;
  membrane = spec.stateful ? *next++ : Value();
  active = spec.masked ? *next++ : Value();
  output = *next++;
  counts = b.view(kernel.scratch, 0, b.getI32Type(), depth * padded);
  if (!spec.stateful)
    membrane = b.view(kernel.scratch, roundUp(depth * padded * 4, 64), b.getF32Type(), spec.tokens * padded);
}

void AttentionKernel::build() {
  b.loop(kernel.begin, kernel.end, 1, [&](Value head) {
    if (!spec.stateful)
      b.loop(b.index(0), b.index(spec.tokens * padded), spec.lanes,
             [&](Value at) { b.store(b.splat(b.real(spec.neuron.getVReset()), spec.lanes), membrane, at); });
    b.loop(b.index(0), b.index(spec.timesIn), 1, [&](Value time) {
      countKeysAndValues(time, head);
      b.loop(b.index(0), b.index(spec.tokens), 1, [&](Value token) { this->token(time, head, token); });
    });
  });
}

/// All columns of one token, in tiles.
void AttentionKernel::token(Value time, Value head, Value token) {
  int64_t vectors = padded / spec.lanes;
  auto compute = [&] {
    for (int64_t first = 0; first < vectors; first += tileVectors)
      columns(time, head, token, first * spec.lanes, std::min(tileVectors, vectors - first));
  };
  if (!spec.masked)
    return compute();
  Value none = arith::ConstantOp::create(b, b.getI8IntegerAttr(0));
  b.ifThen(b.compare(arith::CmpIPredicate::ne, b.load(active, token), none), compute, [&] {
    b.loop(b.index(0), b.index(spec.timesOut / spec.timesIn), 1, [&](Value step) {
      for (int64_t v = 0; v < vectors; ++v)
        b.storeLanes(b.zeros(b.getI8Type(), spec.lanes), output,
                     b.add(at(b.add(time, step), token, head), v * spec.lanes), depth - v * spec.lanes);
    });
  });
}

void AttentionKernel::countKeysAndValues(Value time, Value head) {
  b.loop(b.index(0), b.index(depth * padded), spec.lanes,
         [&](Value at) { b.store(b.zeros(b.getI32Type(), spec.lanes), counts, at); });
  auto wide = VectorType::get({spec.lanes}, b.getI32Type());
  b.loop(b.index(0), b.index(spec.tokens), 1, [&](Value token) {
    Value start = at(time, token, head);
    b.events(key, start, b.index(depth), {}, [&](Value channel, ValueRange) {
      Value row = b.mul(channel, padded);
      // Lanes past the head count the next head's values: those columns are never used.
      b.loop(b.index(0), b.index(padded), spec.lanes, [&](Value column) {
        Value spikes = b.load(value, b.add(start, column), spec.lanes);
        Value sum = b.load(counts, b.add(row, column), spec.lanes);
        Value more = arith::ExtUIOp::create(b, wide, spikes);
        b.store(arith::AddIOp::create(b, sum, more), counts, b.add(row, column));
      });
      return Values();
    });
  });
}

/// Some columns of one token: its counts, its current, its neurons.
void AttentionKernel::columns(Value time, Value head, Value token, int64_t column, int64_t vectors) {
  Value start = at(time, token, head);
  Values zero(vectors, b.zeros(b.getI32Type(), spec.lanes));
  Values sums = b.events(query, start, b.index(depth), zero, [&](Value channel, ValueRange carried) {
    Value row = b.add(b.mul(channel, padded), column);
    Values next;
    for (int64_t v = 0; v < vectors; ++v)
      next.push_back(arith::AddIOp::create(b, carried[v], b.load(counts, b.add(row, v * spec.lanes), spec.lanes)));
    return next;
  });
  auto real = VectorType::get({spec.lanes}, b.getF32Type());
  auto bytes = VectorType::get({spec.lanes}, b.getI8Type());
  Value state = b.add(membraneAt(head, token), column);
  // Where queries, keys and values are the same at every timestep, so is the current.
  Value first = spec.timesIn == 1 ? b.index(0) : time;
  Value last = spec.timesIn == 1 ? b.index(spec.timesOut) : b.add(time, 1);
  b.loop(first, last, 1, [&](Value step) {
    for (int64_t v = 0; v < vectors; ++v) {
      Value current =
          arith::MulFOp::create(b, arith::SIToFPOp::create(b, real, sums[v]), b.splat(b.real(spec.unit), spec.lanes));
      Value voltage = b.load(membrane, b.add(state, v * spec.lanes), spec.lanes);
      Value spikes = arith::ExtUIOp::create(b, bytes, b.fire(spec.neuron, current, voltage));
      b.store(voltage, membrane, b.add(state, v * spec.lanes));
      b.storeLanes(spikes, output, b.add(at(step, token, head), column + v * spec.lanes),
                   depth - column - v * spec.lanes);
    }
  });
}
