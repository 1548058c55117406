//===- AccumulateKernel.cpp - Event-driven sums and neurons ---------------===//
//
// Rows are taken in blocks. First the non-zero inputs of every row and timestep
// are listed: offsets into the weights, and values where inputs are not just
// spikes. Then, a tile of channels at a time, each row adds the weight rows of its events
// in registers and runs its neurons over T. The tile's weights stay in cache for
// the whole block of rows.
//
//===----------------------------------------------------------------------===//
#include "Kernels.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace stas;

namespace {
constexpr int64_t tileVectors = 8;
constexpr int64_t scratchTarget = 512 * 1024;

bool isSummed(const AccumulateSpec &spec) { return spec.input == AccumulateSpec::Input::Sums; }

int64_t rowBlock(const AccumulateSpec &spec) {
  if (isSummed(spec))
    return 32;
  int64_t bytesPerRow = spec.timesIn * spec.inputs * 8;
  return std::clamp<int64_t>(scratchTarget / bytesPerRow, 1, 32);
}

class AccumulateKernel {
public:
  AccumulateKernel(KernelBuilder &b, const Kernel &kernel, const AccumulateSpec &spec);
  void build();

private:
  void listRows(Value firstRow, Value lastRow);
  void listEvents(Value row, Value time, Value list, Value listIndex);
  Value append(Value position, Value k, Value source, Value at);
  Value appendSegment(Value count, Value start, Value length, Value firstInput);
  Value appendWindowRow(Value count, Value row, Value time, Value kernelY);
  Value appendImageWindow(Value row, Value time);
  void tile(Value firstRow, Value lastRow, Value channel, int64_t vectors, int64_t validChannels);
  void row(Value firstRow, Value row, Value channel, int64_t vectors, int64_t validChannels);
  Values sums(Value firstRow, Value row, Value time, Value channel, int64_t vectors);
  Values currents(Values sums, Value channel);
  void storeRow(ValueRange vectors, Value time, Value row, Value channel, int64_t validChannels);
  Value isActive(Value row);
  bool hasValues() const { return spec.input != AccumulateSpec::Input::Spikes; }

  KernelBuilder &b;
  const Kernel &kernel;
  const AccumulateSpec &spec;
  int64_t padded, block;
  Value input, weights, scale, shift, membrane, active, output;
  Value offsets, values, counts; // scratch
  Value listBase;                // position of the list being written
};
} // namespace

AccumulateKernel::AccumulateKernel(KernelBuilder &b, const Kernel &kernel, const AccumulateSpec &spec)
    : b(b), kernel(kernel), spec(spec), padded(roundUp(spec.channels, spec.lanes)), block(rowBlock(spec)) {
  const Value *next = kernel.memory.begin();
  input = *next++;
  weights = isSummed(spec) ? Value() : *next++;
  scale = spec.plain ? Value() : *next++;
  shift = spec.plain ? Value() : *next++;
  membrane = spec.stateful ? *next++ : Value();
  active = spec.masked ? *next++ : Value();
  output = *next++;
  if (isSummed(spec))
    return;
  int64_t lists = block * spec.timesIn, entries = lists * spec.inputs;
  counts = b.view(kernel.scratch, 0, b.getIndexType(), lists);
  offsets = b.view(kernel.scratch, lists * 8, b.getI32Type(), entries);
  values = b.view(kernel.scratch, lists * 8 + entries * 4, b.getF32Type(), entries);
}

int64_t stas::accumulateScratch(const AccumulateSpec &spec) {
  int64_t lists = isSummed(spec) ? 0 : rowBlock(spec) * spec.timesIn;
  return lists * 8 + lists * spec.inputs * 8;
}

void stas::buildAccumulate(KernelBuilder &b, const Kernel &kernel, const AccumulateSpec &spec) {
  AccumulateKernel(b, kernel, spec).build();
}

Value AccumulateKernel::isActive(Value row) {
  Value none = arith::ConstantOp::create(b, b.getI8IntegerAttr(0));
  return b.compare(arith::CmpIPredicate::ne, b.load(active, row), none);
}

void AccumulateKernel::build() {
  b.loop(kernel.begin, kernel.end, block, [&](Value firstRow) {
    Value lastRow = b.min(b.add(firstRow, block), kernel.end);
    if (!isSummed(spec))
      listRows(firstRow, lastRow);
    int64_t width = tileVectors * spec.lanes, tiles = spec.channels / width;
    if (tiles > 0)
      b.loop(b.index(0), b.index(tiles * width), width,
             [&](Value channel) { tile(firstRow, lastRow, channel, tileVectors, width); });
    int64_t rest = spec.channels - tiles * width;
    if (rest > 0)
      tile(firstRow, lastRow, b.index(tiles * width), roundUp(rest, spec.lanes) / spec.lanes, rest);
  });
}

/// Lists the non-zero inputs of active rows at every timestep.
void AccumulateKernel::listRows(Value firstRow, Value lastRow) {
  b.loop(firstRow, lastRow, 1, [&](Value row) {
    auto list = [&] {
      b.loop(b.index(0), b.index(spec.timesIn), 1, [&](Value time) {
        Value listIndex = b.add(b.mul(b.sub(row, firstRow), spec.timesIn), time);
        listEvents(row, time, b.mul(listIndex, spec.inputs), listIndex);
      });
    };
    spec.masked ? b.ifThen(isActive(row), list) : list();
  });
}

/// Lists the non-zero inputs of a row at a timestep from position `list` on, and their number.
void AccumulateKernel::listEvents(Value row, Value time, Value list, Value listIndex) {
  listBase = list;
  Value count;
  if (!spec.window) {
    Value start = b.mul(b.add(b.mul(time, spec.rows), row), spec.inputs);
    count = appendSegment(b.index(0), start, b.index(spec.inputs), b.index(0));
  } else if (spec.window->channelsFirst) {
    count = appendImageWindow(row, time);
  } else {
    count = b.loop(
        b.index(0), b.index(spec.window->kernelHeight), 1, ValueRange{b.index(0)},
        [&](Value kernelY, ValueRange carried) { return Values{appendWindowRow(carried[0], row, time, kernelY)}; })[0];
  }
  b.store(count, counts, listIndex);
}

/// Writes input k, whose value stands at source[at], to a position of the list; returns the position.
Value AccumulateKernel::append(Value position, Value k, Value source, Value at) {
  Value entry = b.add(listBase, position);
  b.store(arith::IndexCastOp::create(b, b.getI32Type(), b.mul(k, padded)), offsets, entry);
  if (!hasValues())
    return position;
  Value value = b.load(source, at);
  if (spec.input == AccumulateSpec::Input::Counts)
    value = arith::UIToFPOp::create(b, b.getF32Type(), value);
  b.store(value, values, entry);
  return position;
}

/// Appends the non-zero inputs of a run of consecutive elements.
Value AccumulateKernel::appendSegment(Value count, Value start, Value length, Value firstInput) {
  if (spec.input != AccumulateSpec::Input::Real)
    return b.events(input, start, length, ValueRange{count}, [&](Value k, ValueRange carried) {
      append(carried[0], b.add(firstInput, k), input, b.add(start, k));
      return Values{b.add(carried[0], 1)};
    })[0];
  // Real values: written always, kept if not zero, so that no branch depends on the data.
  return b.loop(b.index(0), length, 1, ValueRange{count}, [&](Value k, ValueRange carried) {
    Value at = b.add(start, k);
    append(carried[0], b.add(firstInput, k), input, at);
    Value kept = arith::CmpFOp::create(b, arith::CmpFPredicate::UNE, b.load(input, at), b.real(0.0));
    return Values{b.add(carried[0], arith::IndexCastUIOp::create(b, b.getIndexType(), kept))};
  })[0];
}

/// One row of a window on a channels-last map: what lies inside the map is one run of elements.
Value AccumulateKernel::appendWindowRow(Value count, Value row, Value time, Value kernelY) {
  const auto &w = *spec.window;
  Value outY = arith::DivUIOp::create(b, row, b.index(w.outputWidth));
  Value outX = arith::RemUIOp::create(b, row, b.index(w.outputWidth));
  Value y = b.sub(b.add(b.mul(outY, w.strideY), kernelY), b.index(w.paddingY));
  Value x = b.sub(b.mul(outX, w.strideX), b.index(w.paddingX));
  Value inside = arith::AndIOp::create(b, b.compare(arith::CmpIPredicate::sge, y, b.index(0)),
                                       b.compare(arith::CmpIPredicate::slt, y, b.index(w.height)));
  // A window wholly beside the map has an empty run.
  Value low = b.min(b.max(b.sub(b.index(0), x), b.index(0)), b.index(w.kernelWidth));
  Value high = b.max(b.min(b.sub(b.index(w.width), x), b.index(w.kernelWidth)), low);
  Value length = arith::SelectOp::create(b, inside, b.mul(b.sub(high, low), w.channels), b.index(0));
  Value position = b.add(b.mul(b.add(b.mul(time, w.height), y), w.width), b.add(x, low));
  Value firstInput = b.mul(b.add(b.mul(kernelY, w.kernelWidth), low), w.channels);
  return appendSegment(count, b.mul(position, w.channels), length, firstInput);
}

/// A window on a channels-first image: element by element, in the order (ky, kx, c) of the packed weights.
Value AccumulateKernel::appendImageWindow(Value row, Value time) {
  const auto &w = *spec.window;
  Value outY = arith::DivUIOp::create(b, row, b.index(w.outputWidth));
  Value outX = arith::RemUIOp::create(b, row, b.index(w.outputWidth));
  auto bounded = [&](Value base, int64_t kernel, int64_t extent) {
    Value low = b.min(b.max(b.sub(b.index(0), base), b.index(0)), b.index(kernel));
    return std::make_pair(low, b.max(b.min(b.sub(b.index(extent), base), b.index(kernel)), low));
  };
  Value y = b.sub(b.mul(outY, w.strideY), b.index(w.paddingY));
  Value x = b.sub(b.mul(outX, w.strideX), b.index(w.paddingX));
  auto [lowY, highY] = bounded(y, w.kernelHeight, w.height);
  auto [lowX, highX] = bounded(x, w.kernelWidth, w.width);
  return b.loop(lowY, highY, 1, ValueRange{b.index(0)},
                [&, lowX = lowX, highX = highX](Value kernelY, ValueRange outer) {
                  return b.loop(lowX, highX, 1, outer, [&](Value kernelX, ValueRange middle) {
                    return b.loop(b.index(0), b.index(w.channels), 1, middle, [&](Value channel, ValueRange carried) {
                      Value k = b.add(b.mul(b.add(b.mul(kernelY, w.kernelWidth), kernelX), w.channels), channel);
                      Value plane = b.add(b.mul(time, w.channels), channel);
                      Value line = b.add(b.mul(plane, w.height), b.add(y, kernelY));
                      Value at = b.add(b.mul(line, w.width), b.add(x, kernelX));
                      append(carried[0], k, input, at);
                      Value kept;
                      if (spec.input == AccumulateSpec::Input::Real)
                        kept = arith::CmpFOp::create(b, arith::CmpFPredicate::UNE, b.load(input, at), b.real(0.0));
                      else
                        kept = b.compare(arith::CmpIPredicate::ne, b.load(input, at),
                                         arith::ConstantOp::create(b, b.getI8IntegerAttr(0)));
                      return Values{b.add(carried[0], arith::IndexCastUIOp::create(b, b.getIndexType(), kept))};
                    });
                  });
                })[0];
}

void AccumulateKernel::tile(Value firstRow, Value lastRow, Value channel, int64_t vectors, int64_t validChannels) {
  b.loop(firstRow, lastRow, 1, [&](Value at) {
    auto compute = [&] { row(firstRow, at, channel, vectors, validChannels); };
    if (!spec.masked)
      return compute();
    b.ifThen(isActive(at), compute, [&] {
      Values silent(vectors, b.zeros(b.getI8Type(), spec.lanes));
      b.loop(b.index(0), b.index(spec.timesOut), 1,
             [&](Value time) { storeRow(silent, time, at, channel, validChannels); });
    });
  });
}

/// All timesteps of one row and tile.
void AccumulateKernel::row(Value firstRow, Value row, Value channel, int64_t vectors, int64_t validChannels) {
  auto currentsAt = [&](Value time) { return currents(sums(firstRow, row, time, channel, vectors), channel); };
  if (!spec.neuron) {
    b.loop(b.index(0), b.index(spec.timesIn), 1,
           [&](Value time) { storeRow(currentsAt(time), time, row, channel, validChannels); });
    return;
  }
  Values steady;
  if (spec.timesIn == 1)
    steady = currentsAt(b.index(0));
  Values start;
  Value stateAt = spec.stateful ? b.add(b.mul(row, padded), channel) : Value();
  for (int64_t v = 0; v < vectors; ++v)
    start.push_back(spec.stateful ? b.load(membrane, b.add(stateAt, v * spec.lanes), spec.lanes)
                                  : b.splat(b.real(spec.neuron.getVReset()), spec.lanes));
  Values finish = b.loop(b.index(0), b.index(spec.timesOut), 1, start, [&](Value time, ValueRange carried) {
    Values current = spec.timesIn == 1 ? steady : currentsAt(time);
    Values next, spikes;
    for (auto [value, state] : llvm::zip(current, carried)) {
      Value voltage = state;
      Value fired = b.fire(spec.neuron, value, voltage);
      spikes.push_back(arith::ExtUIOp::create(b, VectorType::get({spec.lanes}, b.getI8Type()), fired));
      next.push_back(voltage);
    }
    storeRow(spikes, time, row, channel, validChannels);
    return next;
  });
  if (spec.stateful)
    for (int64_t v = 0; v < vectors; ++v)
      b.store(finish[v], membrane, b.add(stateAt, v * spec.lanes));
}

/// The sums of a row at a timestep: read, or the weight rows of its events added up.
Values AccumulateKernel::sums(Value firstRow, Value row, Value time, Value channel, int64_t vectors) {
  if (isSummed(spec)) {
    Value at = b.add(b.mul(b.add(b.mul(time, spec.rows), row), spec.channels), channel);
    Values read;
    for (int64_t v = 0; v < vectors; ++v)
      read.push_back(b.load(input, b.add(at, v * spec.lanes), spec.lanes));
    return read;
  }
  Value listIndex = b.add(b.mul(b.sub(row, firstRow), spec.timesIn), time);
  Value first = b.mul(listIndex, spec.inputs);
  Values zero(vectors, b.zeros(b.getF32Type(), spec.lanes));
  return b.loop(first, b.add(first, b.load(counts, listIndex)), 1, zero, [&](Value entry, ValueRange carried) {
    Value at = b.add(arith::IndexCastUIOp::create(b, b.getIndexType(), b.load(offsets, entry)), channel);
    Value value = hasValues() ? b.splat(b.load(values, entry), spec.lanes) : Value();
    Values next;
    for (int64_t v = 0; v < vectors; ++v) {
      Value weight = b.load(weights, b.add(at, v * spec.lanes), spec.lanes);
      next.push_back(value ? Value(math::FmaOp::create(b, value, weight, carried[v]))
                           : Value(arith::AddFOp::create(b, carried[v], weight)));
    }
    return next;
  });
}

Values AccumulateKernel::currents(Values sums, Value channel) {
  if (spec.plain)
    return sums;
  for (auto [v, sum] : llvm::enumerate(sums)) {
    Value at = b.add(channel, v * spec.lanes);
    sum = math::FmaOp::create(b, sum, b.load(scale, at, spec.lanes), b.load(shift, at, spec.lanes));
  }
  return sums;
}

void AccumulateKernel::storeRow(ValueRange vectors, Value time, Value row, Value channel, int64_t validChannels) {
  Value first = b.add(b.mul(b.add(b.mul(time, spec.rows), row), spec.channels), channel);
  for (auto [v, vector] : llvm::enumerate(vectors))
    b.storeLanes(vector, output, b.add(first, v * spec.lanes), validChannels - v * spec.lanes);
}
