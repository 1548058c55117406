//===- AttentionKernel.cpp - Coincidences and neurons of a head -----------===//
#include "HeadProducts.h"
#include "Neurons.h"

using namespace mlir;
using namespace stas;

namespace {
class AttentionKernel {
public:
  AttentionKernel(KernelBuilder &b, const Kernel &kernel, const AttentionSpec &spec);
  void build();

private:
  void token(Value head, Value token);
  void fire(Value head, Value token, int64_t channel, int64_t vectors);

  KernelBuilder &b;
  const Kernel &kernel;
  const AttentionSpec &spec;
  int64_t lanes, depth, padded;
  Value membrane, active, output;
  std::unique_ptr<HeadProduct> product;
  std::unique_ptr<Neurons> neurons;
};
} // namespace

int64_t stas::headWidth(const AttentionSpec &spec) { return roundUp(spec.width / spec.heads, realMultiple); }

int64_t stas::attentionScratch(const AttentionSpec &spec) { return HeadProduct::scratchBytes(spec); }

void stas::buildAttention(KernelBuilder &b, const Kernel &kernel, const AttentionSpec &spec) {
  AttentionKernel(b, kernel, spec).build();
}

AttentionKernel::AttentionKernel(KernelBuilder &b, const Kernel &kernel, const AttentionSpec &spec)
    : b(b), kernel(kernel), spec(spec), lanes(spec.isa.lanes), depth(spec.width / spec.heads), padded(headWidth(spec)),
      product(HeadProduct::create(b, kernel, spec)) {
  const Value *next = kernel.memory.begin() + 3;
  membrane = spec.stateful ? *next++ : Value();
  active = spec.masked ? *next++ : Value();
  output = *next++;
  if (spec.form) {
    NeuronTables tables;
    tables.sharedBias = spec.bias;
    tables.sharedThreshold = spec.threshold;
    tables.sharedReset = spec.reset;
    neurons = std::make_unique<IntegerNeurons>(b, *spec.form, tables);
  } else {
    neurons = std::make_unique<RealNeurons>(b, spec.neuron, spec.unit);
  }
}

void AttentionKernel::build() {
  product->start();
  b.loop(kernel.begin, kernel.end, 1, [&](Value head) {
    b.loop(b.index(0), b.index(spec.timesIn), 1, [&](Value time) { product->prepare(time, head); });
    b.loop(b.index(0), b.index(spec.tokens), 1, [&](Value token) {
      if (!spec.masked)
        return this->token(head, token);
      Value isActive = b.compare(arith::CmpIPredicate::ne, b.load(active, token), b.constant(b.getI8Type(), 0));
      b.ifThen(
          isActive, [&] { this->token(head, token); },
          [&] { // tokens that are not active do not fire
            if (spec.silences)
              b.loop(b.index(0), b.index(spec.timesOut), 1, [&](Value time) {
                Value first = product->at(time, token, head);
                b.chunks(first, b.add(first, depth), lanes,
                         [&](Value at, int64_t width) { b.store(b.zeros(b.getI8Type(), width), output, at); });
              });
          });
    });
  });
}

void AttentionKernel::token(Value head, Value token) {
  constexpr int64_t tileVectors = 4; // sums and membranes in registers
  for (int64_t first = 0, vectors = roundUp(depth, lanes) / lanes; first < vectors; first += tileVectors)
    fire(head, token, first * lanes, std::min(tileVectors, vectors - first));
}

/// All timesteps of some channels of a token.
void AttentionKernel::fire(Value head, Value token, int64_t channel, int64_t vectors) {
  Value none = b.index(0); // no constant differs from channel to channel
  auto currents = [&](Value time) {
    Values values = product->counts(time, head, token, channel, vectors);
    for (Value &value : values)
      value = neurons->current(value, none);
    return values;
  };
  // Where queries, keys and values are the same at every timestep, so is the current.
  bool steady = spec.timesIn == 1;
  Values current = steady ? currents(b.index(0)) : Values();
  Value stateAt = b.add(b.mul(b.add(b.mul(head, spec.tokens), token), padded), channel);
  Values start(vectors, spec.stateful ? Value() : neurons->rest(lanes));
  if (spec.stateful) {
    // Membranes come from far away: those of a token some tokens on are asked for meanwhile.
    constexpr int64_t ahead = 8, lineBytes = 64;
    int64_t last = spec.heads * spec.tokens * padded - 1;
    int64_t perLine = lineBytes * 8 / neurons->element().getIntOrFloatBitWidth();
    for (int64_t line = 0; line < vectors * lanes; line += perLine)
      b.prefetch(membrane, b.min(b.add(stateAt, ahead * padded + line), b.index(last)));
    start = neurons->start(kernel, spec.fresh, vectors, lanes,
                           [&](int64_t v) { return b.load(membrane, b.add(stateAt, v * lanes), lanes); });
  }
  Values finish = b.loop(b.index(0), b.index(spec.timesOut), 1, start, [&](Value time, ValueRange carried) {
    Values now = steady ? current : currents(time);
    Values next;
    Value first = b.add(product->at(time, token, head), channel);
    for (int64_t v = 0; v < vectors; ++v) {
      Value voltage = carried[v];
      Value spikes = b.unsignedTo(neurons->fire(now[v], none, voltage), 8);
      next.push_back(voltage);
      b.storeLanes(spikes, output, b.add(first, v * lanes), depth - channel - v * lanes);
    }
    return next;
  });
  if (spec.stateful)
    neurons->keep(kernel, spec.lastTimestep, [&] {
      for (int64_t v = 0; v < vectors; ++v)
        b.store(finish[v], membrane, b.add(stateAt, v * lanes));
    });
}
