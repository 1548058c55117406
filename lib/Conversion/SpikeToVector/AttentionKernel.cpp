//===- AttentionKernel.cpp - Coincidences and neurons of a head -----------===//
#include "HeadProducts.h"
#include "Neurons.h"

using namespace mlir;
using namespace stas;

namespace {
constexpr int64_t tileVectors = 4; // sums and membranes in registers

class AttentionKernel {
public:
  AttentionKernel(KernelBuilder &b, const Kernel &kernel, const AttentionSpec &spec);
  void build();

private:
  void silence(Value head);
  void token(Value head, Value place);
  void fire(Value head, Value place, int64_t channel, int64_t vectors);
  Value stateAt(Value head, Value place, int64_t channel);
  void fetch(Value head, Value place, int64_t channel, int64_t channels);

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
  if (spec.stateful)
    b.loop(b.index(0), product->tokens(), 1, [&](Value place) {
      for (int64_t channel = 0; channel < padded; channel += tileVectors * lanes)
        fetch(kernel.begin, place, channel, std::min(tileVectors * lanes, padded - channel));
    });
  b.loop(kernel.begin, kernel.end, 1, [&](Value head) {
    b.loop(b.index(0), b.index(spec.timesIn), 1, [&](Value time) { product->prepare(time, head); });
    b.loop(b.index(0), product->tokens(), 1, [&](Value place) { token(head, place); });
    if (spec.silences)
      silence(head);
  });
}

/// Tokens that are not active do not fire.
void AttentionKernel::silence(Value head) {
  b.loop(b.index(0), b.index(spec.tokens), 1, [&](Value token) {
    b.ifThen(b.compare(arith::CmpIPredicate::eq, b.load(active, token), b.constant(b.getI8Type(), 0)), [&] {
      b.loop(b.index(0), b.index(spec.timesOut), 1, [&](Value time) {
        Value first = product->at(time, token, head);
        b.chunks(first, b.add(first, depth), lanes,
                 [&](Value at, int64_t width) { b.store(b.zeros(b.getI8Type(), width), output, at); });
      });
    });
  });
}

void AttentionKernel::token(Value head, Value place) {
  for (int64_t first = 0, vectors = roundUp(depth, lanes) / lanes; first < vectors; first += tileVectors)
    fire(head, place, first * lanes, std::min(tileVectors, vectors - first));
}

/// All timesteps of some channels of the token at a place.
void AttentionKernel::fire(Value head, Value place, int64_t channel, int64_t vectors) {
  Value none = b.index(0); // no constant differs from channel to channel
  Value token = product->token(place);
  auto currents = [&](Value time) {
    Values values = product->counts(time, head, place, channel, vectors);
    for (Value &value : values)
      value = neurons->current(value, none);
    return values;
  };
  // Where queries, keys and values are the same at every timestep, so is the current.
  bool steady = spec.timesIn == 1;
  Values current = steady ? currents(b.index(0)) : Values();
  Value state = stateAt(head, place, channel);
  Values start(vectors, spec.stateful ? Value() : neurons->rest(lanes));
  if (spec.stateful) {
    // The next head's are asked for meanwhile.
    fetch(b.min(b.add(head, 1), b.index(spec.heads - 1)), place, channel, vectors * lanes);
    start = neurons->start(kernel, spec.fresh, vectors, lanes,
                           [&](int64_t v) { return b.load(membrane, b.add(state, v * lanes), lanes); });
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
        b.store(finish[v], membrane, b.add(state, v * lanes));
    });
}

/// Where a head keeps the membranes of the token at a place, from a channel on.
Value AttentionKernel::stateAt(Value head, Value place, int64_t channel) {
  return b.add(b.mul(b.add(b.mul(head, spec.tokens), product->token(place)), padded), channel);
}

/// Membranes come from far away: they are asked for a head before they are needed.
void AttentionKernel::fetch(Value head, Value place, int64_t channel, int64_t channels) {
  constexpr int64_t lineBytes = 64;
  int64_t perLine = lineBytes * 8 / neurons->element().getIntOrFloatBitWidth();
  Value first = stateAt(head, place, channel);
  for (int64_t ahead = 0; ahead < channels; ahead += perLine)
    b.prefetch(membrane, b.add(first, ahead));
}
