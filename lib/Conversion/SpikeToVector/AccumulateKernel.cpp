//===- AccumulateKernel.cpp - Weighted sums and neurons -------------------===//
//
// Rows of several images are taken in blocks; of rows that can be inactive, the
// active ones: few of one image are left as tokens halt, and whole tiles pay. The
// inputs of a block are prepared once (RowSums.h). Then, a tile of channels at a
// time, each row's sums drive its neurons over T before the next row's. The
// tile's weights stay in cache for the whole block of rows, a layer's in a cache
// farther away for all images.
//
//===----------------------------------------------------------------------===//
#include "Neurons.h"
#include "RowSums.h"

using namespace mlir;
using namespace stas;
using Reduce = AccumulateSpec::Reduce;

namespace {
class AccumulateKernel {
public:
  AccumulateKernel(KernelBuilder &b, const Kernel &kernel, const AccumulateSpec &spec);
  void build();

private:
  Row rowOf(Value item);
  Value isActive(Row row) { return b.isSet(active, row.at(b, row.index, active)); }
  Value prepare(Value first, Value last);
  Row rowOf(Value first, Value slot);
  void silence(Value first, Value last);
  void tile(Value first, Value slots, Value channel, int64_t vectors, int64_t validChannels);
  void finishRow(Row row, Value firstList, Value channel, int64_t vectors, int64_t validChannels);
  void fireRow(Row row, Value firstList, Value channel, int64_t vectors, int64_t validChannels);
  bool fetchesMembranes() const { return spec.stateful && spec.timesIn == 1; }
  void fetch(Row row, Value channel, int64_t channels);
  Value membraneAt(Row row, Value channel, int64_t ahead);
  void fireSteady(ValueRange sums, Row row, Value channel, int64_t validChannels);
  Value reduced(Value current, Value channel);
  Value reducedSpikes(ValueRange spikes);
  Value logits(Value sums, Value channel);
  void storeRow(ValueRange vectors, Value time, Row row, Value channel, int64_t validChannels);
  Value spikeBytes(Value spikes) { return b.unsignedTo(spikes, 8); }

  KernelBuilder &b;
  const Kernel &kernel;
  const AccumulateSpec &spec;
  int64_t padded, lanes;
  std::unique_ptr<RowSums> rowSums;
  std::unique_ptr<Neurons> neurons;
  Value cuts, bias, unit; // of steady neurons; of a classifier
  Value membrane, active, output;
  Value activeRows; // scratch: [0, R) their rows, [R, 2 R) their images
  Row start;        // of blocks that no two images share: of the first item
  Value startItem;
};
} // namespace

/// Bytes of scratch for the rows of a block that are active.
static int64_t activeBytes(const AccumulateSpec &spec) { return spec.masked ? roundUp(rowBlock(spec) * 8, 64) : 0; }

int64_t stas::accumulateScratch(const AccumulateSpec &spec) {
  return activeBytes(spec) + RowSums::scratchBytes(spec, rowBlock(spec) * spec.timesIn);
}

void stas::buildAccumulate(KernelBuilder &b, const Kernel &kernel, const AccumulateSpec &spec) {
  AccumulateKernel(b, kernel, spec).build();
}

AccumulateKernel::AccumulateKernel(KernelBuilder &b, const Kernel &kernel, const AccumulateSpec &spec)
    : b(b), kernel(kernel), spec(spec), padded(spec.paddedChannels()), lanes(spec.sumLanes()) {
  const Value *next = kernel.memory.begin();
  Value input = *next++, weights = *next++;
  if (spec.hasTwoWeights()) {
    Value ofProducts = *next++;
    weights = spec.family == AccumulateSpec::Family::Events ? weights : ofProducts;
  }
  rowSums = RowSums::create(b, spec, input, weights, kernel.scratch, activeBytes(spec));
  if (spec.cuts) {
    cuts = *next++;
  } else if (spec.form) {
    NeuronTables tables;
    tables.bias = *next++;
    tables.threshold = *next++;
    tables.reset = spec.form->soft ? *next++ : Value();
    neurons = std::make_unique<IntegerNeurons>(b, *spec.form, tables);
  } else if (spec.isReal()) {
    Value scale = *next++, shift = *next++;
    neurons = std::make_unique<RealNeurons>(b, spec.neuron, scale, shift);
  } else {
    bias = *next++;
    unit = *next++;
  }
  membrane = spec.stateful ? *next++ : Value();
  active = spec.masked ? *next++ : Value();
  output = *next++;
  if (spec.masked)
    activeRows = b.view(kernel.scratch, 0, b.getI32Type(), 2 * rowBlock(spec));
}

void AccumulateKernel::build() {
  b.loop(kernel.begin, kernel.end, rowBlock(spec), [&](Value first) {
    Value last = b.min(b.add(first, rowBlock(spec)), kernel.end);
    startItem = first;
    start = Row::of(b, kernel, spec, first);
    Value slots = prepare(first, last);
    rowSums->startBlock(b.mul(slots, spec.timesIn));
    if (spec.silences)
      silence(first, last);
    int64_t width = tileChannels(spec), tiles = spec.channels / width;
    if (tiles > 0)
      b.loop(b.index(0), b.index(tiles * width), width,
             [&](Value channel) { tile(first, slots, channel, width / lanes, width); });
    int64_t rest = spec.channels - tiles * width;
    if (rest > 0)
      tile(first, slots, b.index(tiles * width), roundUp(rest, channelGroup(spec)) / lanes, rest);
  });
}

/// The row of a work item. Items of one image, or whole images of whole blocks, share theirs.
Row AccumulateKernel::rowOf(Value item) {
  if (spec.rows % rowBlock(spec) != 0)
    return Row::of(b, kernel, spec, item);
  return {b.add(start.index, b.sub(item, startItem)), start.image};
}

/// Shows the rows of a block that are to be computed to the sums; returns how many there are.
Value AccumulateKernel::prepare(Value first, Value last) {
  auto take = [&](Value slot, Row row) {
    b.loop(b.index(0), b.index(spec.timesIn), 1,
           [&](Value time) { rowSums->take(b.add(b.mul(slot, spec.timesIn), time), row, time); });
  };
  if (!spec.masked) {
    b.loop(first, last, 1, [&](Value item) { take(b.sub(item, first), rowOf(item)); });
    return b.sub(last, first);
  }
  Value slots = b.loop(first, last, 1, ValueRange{b.index(0)}, [&](Value item, ValueRange carried) {
    Row row = rowOf(item);
    b.store(arith::IndexCastOp::create(b, b.getI32Type(), row.index), activeRows, carried[0]);
    b.store(arith::IndexCastOp::create(b, b.getI32Type(), row.image), activeRows, b.add(carried[0], rowBlock(spec)));
    return Values{b.add(carried[0], arith::IndexCastUIOp::create(b, b.getIndexType(), isActive(row)))};
  })[0];
  b.loop(b.index(0), slots, 1, [&](Value slot) {
    Row row = rowOf(first, slot);
    take(slot, row);
    if (fetchesMembranes())
      fetch(row, b.index(0), std::min(tileChannels(spec), padded));
  });
  return slots;
}

/// The row of a slot of the block that starts with work item `first`.
Row AccumulateKernel::rowOf(Value first, Value slot) {
  if (!spec.masked)
    return rowOf(b.add(first, slot));
  auto load = [&](Value at) { return arith::IndexCastUIOp::create(b, b.getIndexType(), b.load(activeRows, at)); };
  return {load(slot), load(b.add(slot, rowBlock(spec)))};
}

/// Rows that are not active do not fire.
void AccumulateKernel::silence(Value first, Value last) {
  constexpr int64_t width = 32;
  b.loop(first, last, 1, [&](Value item) {
    Row row = rowOf(item);
    b.ifThen(
        isActive(row), [] {},
        [&] {
          b.loop(b.index(0), b.index(spec.timesOut), 1, [&](Value time) {
            Value begin = row.at(b, b.mul(b.add(b.mul(time, spec.rows), row.index), spec.channels), output);
            b.chunks(begin, b.add(begin, spec.channels), width,
                     [&](Value at, int64_t bytes) { b.store(b.zeros(b.getI8Type(), bytes), output, at); });
          });
        });
  });
}

void AccumulateKernel::tile(Value first, Value slots, Value channel, int64_t vectors, int64_t validChannels) {
  // The next tile's: of few rows, this one's products are over before its own could arrive.
  Value next = b.min(b.add(channel, vectors * lanes), b.index(padded - vectors * lanes)),
        last = b.sub(slots, b.index(1));
  auto part = [&](Value begin, Value end) {
    rowSums->startTile(b.mul(begin, spec.timesIn), b.mul(end, spec.timesIn), channel, vectors,
                       [&](Value list, int64_t n) {
                         if (fetchesMembranes())
                           b.loop(list, b.add(list, n), 1,
                                  [&](Value slot) { fetch(rowOf(first, b.min(slot, last)), next, vectors * lanes); });
                       });
    b.loop(begin, end, 1, [&](Value slot) {
      finishRow(rowOf(first, slot), b.mul(slot, spec.timesIn), channel, vectors, validChannels);
    });
  };
  int64_t rows = partRows(spec);
  if (rows == 0)
    return part(b.index(0), slots);
  b.loop(b.index(0), slots, rows, [&](Value begin) { part(begin, b.min(b.add(begin, rows), slots)); });
}

/// What follows the sums of a row and tile.
void AccumulateKernel::finishRow(Row row, Value firstList, Value channel, int64_t vectors, int64_t validChannels) {
  if (spec.hasNeurons())
    return fireRow(row, firstList, channel, vectors, validChannels);
  b.loop(b.index(0), b.index(spec.timesIn), 1, [&](Value time) {
    Values results = rowSums->sums(b.add(firstList, time), channel, vectors);
    for (auto [v, value] : llvm::enumerate(results)) {
      Value at = b.add(channel, v * lanes);
      value = spec.isReal() ? neurons->current(value, at) : logits(value, at);
    }
    storeRow(results, time, row, channel, validChannels);
  });
}

/// Membranes are many and come from far away: they are asked for while products keep the core busy.
void AccumulateKernel::fetch(Row row, Value channel, int64_t channels) {
  constexpr int64_t lineBytes = 64;
  int64_t perLine = lineBytes * 8 / neurons->element().getIntOrFloatBitWidth();
  for (int64_t ahead = 0; ahead < channels; ahead += perLine)
    b.prefetch(membrane, membraneAt(row, channel, ahead));
}

/// Where channel `channel` + `ahead` keeps its membranes: [N' / group, rows, group], so that a tile reads its rows' one
/// after the other. Row after row of all channels, each row would be a jump that no prefetcher follows.
Value AccumulateKernel::membraneAt(Row row, Value channel, int64_t ahead) {
  int64_t group = spec.isReal() ? realMultiple : channelMultiple;
  Value first = b.add(b.mul(channel, spec.rows), b.mul(row.index, group));
  return row.at(b, b.add(first, ahead / group * group * spec.rows + ahead % group), membrane);
}

/// All timesteps of the neurons of one row and tile.
void AccumulateKernel::fireRow(Row row, Value firstList, Value channel, int64_t vectors, int64_t validChannels) {
  auto at = [&](int64_t v) { return b.add(channel, v * lanes); };
  auto currents = [&](Value list) {
    Values values = rowSums->sums(list, channel, vectors);
    for (auto [v, value] : llvm::enumerate(values))
      value = neurons->current(value, at(v));
    return values;
  };
  bool steady = spec.timesIn == 1;
  if (spec.cuts)
    return fireSteady(rowSums->sums(firstList, channel, vectors), row, channel, validChannels);
  Values current = steady ? currents(firstList) : Values();
  if (spec.reduce != Reduce::None) {
    for (auto [v, value] : llvm::enumerate(current))
      value = reduced(value, at(v));
    return storeRow(current, b.index(0), row, channel, validChannels);
  }
  Values start(vectors, spec.stateful ? Value() : neurons->rest(lanes));
  if (spec.stateful)
    start = neurons->start(kernel, spec.fresh, vectors, lanes,
                           [&](int64_t v) { return b.load(membrane, membraneAt(row, channel, v * lanes), lanes); });
  Values finish = b.loop(b.index(0), b.index(spec.timesOut), 1, start, [&](Value time, ValueRange carried) {
    Values now = steady ? current : currents(b.add(firstList, time));
    Values next, spikes;
    for (int64_t v = 0; v < vectors; ++v) {
      Value voltage = carried[v];
      spikes.push_back(spikeBytes(neurons->fire(now[v], at(v), voltage)));
      next.push_back(voltage);
    }
    storeRow(spikes, time, row, channel, validChannels);
    return next;
  });
  if (spec.stateful)
    neurons->keep(kernel, spec.lastTimestep, [&] {
      for (int64_t v = 0; v < vectors; ++v)
        b.store(finish[v], membrane, membraneAt(row, channel, v * lanes));
    });
}

/// The spikes of neurons that have cuts.
void AccumulateKernel::fireSteady(ValueRange sums, Row row, Value channel, int64_t validChannels) {
  SteadyNeurons steady(b, cuts, spec.timesOut, padded);
  SmallVector<Values> results(spec.reduce == Reduce::None ? spec.timesOut : 1);
  for (auto [v, sum] : llvm::enumerate(sums)) {
    Values spikes = steady.spikes(sum, b.add(channel, v * lanes));
    if (spec.reduce != Reduce::None)
      results[0].push_back(reducedSpikes(spikes));
    else
      for (auto [time, fired] : llvm::enumerate(spikes))
        results[time].push_back(spikeBytes(fired));
  }
  for (auto [time, vectors] : llvm::enumerate(results))
    storeRow(vectors, b.index(time), row, channel, validChannels);
}

/// Spikes of each timestep as one vector: their sum, or a bit each.
Value AccumulateKernel::reducedSpikes(ValueRange spikes) {
  Value result;
  for (auto [time, fired] : llvm::enumerate(spikes)) {
    Value bits = spikeBytes(fired);
    if (spec.reduce == Reduce::Pattern)
      bits = b.shiftLeft(bits, time);
    result = result ? b.add(result, bits) : bits;
  }
  return result;
}

/// All timesteps of a vector of neurons on one current, reduced. One vector at a time: membranes and counts then stay
/// in registers beside the tile's currents.
Value AccumulateKernel::reduced(Value current, Value channel) {
  bool isMean = spec.reduce == Reduce::Mean, isPattern = spec.reduce == Reduce::Pattern;
  Type element = isMean ? Type(b.getF32Type()) : b.getI32Type();
  Value zero = b.zeros(element, lanes);
  Value one = isMean ? b.splat(b.real(1.0), lanes) : b.constant(b.vectorOf(element, lanes), 1);
  // What a spike adds: 1, or the bit of its timestep.
  Values start{neurons->rest(lanes), zero, one};
  Value total = b.loop(b.index(0), b.index(spec.timesOut), 1, start, [&](Value, ValueRange carried) {
    Value voltage = carried[0], bit = carried[2];
    Value fired = neurons->fire(current, channel, voltage);
    Value gain = b.select(fired, bit, zero);
    Value next = isMean ? Value(arith::AddFOp::create(b, carried[1], gain)) : b.add(carried[1], gain);
    return Values{voltage, next, isPattern ? b.add(bit, bit) : bit};
  })[1];
  if (isMean)
    return arith::DivFOp::create(b, total, b.splat(b.real(spec.timesOut), lanes));
  return b.unsignedTo(total, 8);
}

/// (sum + bias) * unit, one product in double, rounded to f32.
Value AccumulateKernel::logits(Value sums, Value channel) {
  Value biased = b.add(sums, b.load(bias, channel, lanes));
  Value real = arith::SIToFPOp::create(b, b.vectorOf(b.getF64Type(), lanes), biased);
  Value scaled = arith::MulFOp::create(b, real, b.splat(b.load(unit, b.index(0)), lanes));
  return arith::TruncFOp::create(b, b.vectorOf(b.getF32Type(), lanes), scaled);
}

void AccumulateKernel::storeRow(ValueRange vectors, Value time, Row row, Value channel, int64_t validChannels) {
  Value first = b.add(b.mul(b.add(b.mul(time, spec.rows), row.index), spec.channels), channel);
  first = row.at(b, first, output);
  for (auto [v, vector] : llvm::enumerate(vectors))
    if (int64_t valid = validChannels - static_cast<int64_t>(v) * lanes; valid > 0)
      b.storeLanes(vector, output, b.add(first, v * lanes), valid);
}
