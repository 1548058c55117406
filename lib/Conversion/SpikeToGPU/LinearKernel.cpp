//===- LinearKernel.cpp - Products of weights, then neurons ---------------===//
//
// The products are of unsigned bytes (spikes or counts) and signed limbs on
// tensor cores, mma.sync m16n8k32. All limbs go into the same accumulators, high
// ones first: before the next limb the sums are shifted by a byte. The sums of
// all timesteps of a neuron lie in one thread, which then runs it.
//
// Which input is which position of a product is free, as long as rows and weights
// agree, and so is which channel is which column. Spikes stay bits up to the
// registers: of 128 inputs lane q of a row has word q, whose bits r + 8 i are the
// bytes i of a factor, eight factors for four products; of 64 inputs two lanes share
// a word. So the lanes of a warp read 32 different words of shared memory at once.
// Counts are 64 bytes of a row for two products, in four pieces of 16, one for each
// factor; pieces of neighbouring rows lie in different places, so that lanes read
// them word by word without conflicts, each into the register of its factor. Of
// every 32 channels lane q has the eight from 8 q on: one byte of packed spikes. The
// weights lie in memory as the lanes take them (packWeights), so that shared memory
// is read without conflicts.
//
// A convolution takes its inputs tap by tap: those of a tap are the rows of the
// positions beside, and zeros outside of the map. Nothing is unfolded in memory.
//
//===----------------------------------------------------------------------===//
#include "CostModel.h"
#include "Neurons.h"

using namespace mlir;
using namespace stas;
using namespace stas::cuda;
using Input = LinearSpec::Input;

namespace {
constexpr int64_t tileRows = 16, blockBytes = 2048; // of weights: 32 channels by 64 inputs
constexpr int64_t perLane = 8;                      // channels

/// A copy that a thread makes at each step of the pipeline.
struct Copy {
  Value source, target, isValid; // no isValid: always
  Value position;                // of the first byte in its row, where the row may end before
  Value y, x;                    // of the row on its map
  Value exists;                  // no value: always
  int64_t bytes = 16;
};

class LinearKernel {
public:
  LinearKernel(KernelBuilder &b, const Kernel &kernel, const LinearSpec &spec);
  void build();

private:
  struct Row {
    Value index, isValid;
  };
  void block();
  Row rowOf(Value local);
  SmallVector<Copy> inputCopies(Value chunk);
  SmallVector<Copy> weightCopies();
  void issue(Value step, Value slot, ArrayRef<Copy> inputs, ArrayRef<Copy> weights);
  void issueInputs(Value along, Value slot, ArrayRef<Copy> copies);
  void start(const Copy &copy, Value slot, Value source, Value isValid);
  Values sums(Value chunk);
  void multiply(Values &sums, Value slot);
  Value placeOf(Value piece, Value row);
  Values spikeWords(Value slot);
  Values inputFragment(Value slot, ArrayRef<Value> spikes, int64_t part, int64_t time, int64_t tile);
  Values fire(Value chunk, ValueRange sums, Values membranes);
  void fireChannels(Value chunk, ValueRange sums, const Row &row, Value channel, ArrayRef<NeuronConstants> channels,
                    MutableArrayRef<Value> membranes, llvm::function_ref<int64_t(int64_t, int64_t)> sumAt);
  void emit(Value time, Value bits, const Row &row, Value channel, bool mayEnd);
  Value spikeBits(ArrayRef<Value> currents, ArrayRef<NeuronConstants> channels, MutableArrayRef<Value> membranes);

  /// The number of a sum: group of 32 channels, rows, timestep, eight columns.
  int64_t sumIndex(int64_t group, int64_t tile, int64_t time, int64_t column) const {
    return (((group * tiles + tile) * times + time) * 4 + column) * 4;
  }
  bool isSteady() const { return spec.timesIn == 1 && spec.timesOut > 1; }

  KernelBuilder &b;
  const Kernel &kernel;
  const LinearSpec &spec;
  Neurons neurons;
  int64_t groups, tiles, times;        // of a warp: 32 channels, 16 rows; timesteps of a chunk
  int64_t inputStage, stage, steps;    // bytes of a stage's rows, of a stage; steps of the pipeline for one limb
  int64_t copyBytes, rowBytes, perRow; // of a copy of inputs, of a row in memory; inputs of a step in a row
  Value input, weights, bias, threshold, reset, guard, stream, membrane, list, count, sum, rows;
  Values spikes;                                           // of each part
  Value thread, lane, rowInTile, quad, warpRow, warpGroup; // lane = 4 rowInTile + quad
  Value firstRow, firstGroup, limit;
};
} // namespace

void stas::cuda::buildLinear(KernelBuilder &b, gpu::GPUModuleOp module, StringRef name, const LinearSpec &spec) {
  assert(problemOf(spec).empty() && "the caller has checked the spec");
  Kernel kernel = startKernel(b, module, name, parametersOf(spec), spec.tiles.threads(), spec.tiles.blocks);
  kernel.function->setAttr(tilesName, tilesOf(b.getContext(), spec));
  LinearKernel(b, kernel, spec).build();
  finishKernel(b);
}

LinearKernel::LinearKernel(KernelBuilder &b, const Kernel &kernel, const LinearSpec &spec)
    : b(b), kernel(kernel), spec(spec), neurons(b, spec.form), groups(spec.tiles.warpChannels / channelBlock),
      tiles(spec.tiles.warpRows / tileRows), times(spec.chunkTimes()), inputStage(spec.inputStageBytes()),
      stage(spec.stageBytes()), steps(spec.paddedInputs() / spec.tiles.inputs),
      copyBytes(spec.input == Input::Spikes ? spec.tiles.inputs / 8 : 16),
      rowBytes(spec.input == Input::Spikes ? spikeBytes(spec.inputs) : countBytes(spec.inputs)),
      perRow(spec.input == Input::Spikes ? spec.tiles.inputs / 8 : spec.tiles.inputs) {
  const Value *next = kernel.arguments.begin();
  input = *next++;
  weights = *next++;
  bias = *next++;
  threshold = *next++;
  reset = spec.form.soft ? *next++ : Value();
  guard = spec.parts > 1 ? *next++ : Value();
  stream = spec.residual ? *next++ : Value();
  membrane = spec.stateful ? *next++ : Value();
  list = spec.listed ? *next++ : Value();
  count = spec.listed ? *next++ : Value();
  for (int64_t part = 0; spec.spikes && part < spec.parts; ++part)
    spikes.push_back(*next++);
  sum = spec.residual ? *next++ : Value();
  rows = *next++;
}

void LinearKernel::build() {
  const LinearTiles &t = spec.tiles;
  thread = b.thread();
  lane = b.bitAnd(thread, 31);
  rowInTile = b.shiftDown(lane, 2);
  quad = b.bitAnd(lane, 3);
  Value warp = b.shiftDown(thread, 5);
  int64_t warpsAlong = t.channels / t.warpChannels;
  warpRow = b.mul(b.divide(warp, warpsAlong), t.warpRows);
  warpGroup = b.mul(b.remainder(warp, warpsAlong), groups);
  // Neighbouring blocks share their rows.
  int64_t blocksAlong = roundUp(spec.channels, t.channels) / t.channels;
  Value block = b.block(0);
  firstRow = b.mul(b.divide(block, blocksAlong), t.rows);
  firstGroup = b.mul(b.remainder(block, blocksAlong), t.channels / channelBlock);
  if (!spec.listed) {
    limit = rows;
    return this->block();
  }
  limit = b.load(count);
  b.ifThen(b.less(firstRow, limit), [&] { this->block(); });
}

void LinearKernel::block() {
  if (spec.chunks() == 1) {
    Value chunk = b.constant(0);
    fire(chunk, sums(chunk), {});
    return;
  }
  Values rest(groups * tiles * 2 * perLane, b.constant(0));
  b.loop(b.constant(0), b.constant(spec.chunks()), rest, [&](Value chunk, ValueRange membranes) {
    Values next = fire(chunk, sums(chunk), Values(membranes));
    b.barrier(); // the last step's stage is read by all before it is filled anew
    return next;
  });
}

/// A row of the block: where it lies among all rows.
LinearKernel::Row LinearKernel::rowOf(Value local) {
  Value position = b.add(firstRow, local), isValid = b.less(position, limit);
  Value index = b.select(isValid, position, b.constant(0));
  if (spec.listed)
    index = b.load(b.at(list, b.mul(b.unsignedTo(index, 64), 4)));
  return {index, isValid};
}

//===----------------------------------------------------------------------===//
// The pipeline
//===----------------------------------------------------------------------===//

SmallVector<Copy> LinearKernel::inputCopies(Value chunk) {
  int64_t threads = spec.tiles.threads(), total = inputStage / copyBytes;
  SmallVector<Copy> copies;
  for (int64_t first = 0; first < total; first += threads) {
    Value number = b.add(thread, first), row = number;
    Copy copy;
    copy.bytes = copyBytes;
    copy.target = b.mul(number, copyBytes);
    if (first + threads > total)
      copy.exists = b.less(number, total);
    Value position = b.constant(0);
    if (spec.input == Input::Counts) {
      Value piece = b.bitAnd(number, 3);
      position = b.mul(piece, copyBytes);
      row = b.shiftDown(number, 2);
      copy.target = b.add(b.mul(row, inputBlock), b.mul(placeOf(piece, row), copyBytes));
    }
    Value outer = b.divide(row, spec.tiles.rows), time = outer;
    if (spec.input == Input::Counts && spec.tiles.inputs > inputBlock) {
      position = b.add(position, b.mul(b.divide(outer, times), inputBlock));
      time = b.remainder(outer, times);
    }
    Row of = rowOf(b.remainder(row, spec.tiles.rows));
    copy.isValid = of.isValid;
    if (const auto &map = spec.map) {
      copy.y = b.divide(b.remainder(of.index, map->height * map->width), map->width);
      copy.x = b.remainder(of.index, map->width);
    }
    time = b.add(time, b.mul(chunk, times));
    if (spec.timesIn % times != 0) {
      Value isTime = b.less(time, spec.timesIn);
      copy.isValid = b.bitAnd(copy.isValid, isTime);
      time = b.select(isTime, time, b.constant(0));
    }
    if (spec.input == Input::Counts && rowBytes < spec.tapInputs())
      copy.position = position;
    Value line = b.unsignedTo(of.index, 64);
    if (spec.timesIn > 1)
      line = b.add(line, b.mul(b.unsignedTo(time, 64), b.unsignedTo(rows, 64)));
    copy.source = b.at(b.at(input, b.mul(line, rowBytes)), position);
    copies.push_back(copy);
  }
  return copies;
}

SmallVector<Copy> LinearKernel::weightCopies() {
  const LinearTiles &t = spec.tiles;
  int64_t threads = t.threads(), perGroup = t.inputs / inputBlock * blockBytes / 16;
  int64_t total = t.channels / channelBlock * perGroup;
  int64_t groupBytes = spec.limbs() * spec.paddedInputs() / inputBlock * blockBytes;
  SmallVector<Copy> copies;
  for (int64_t first = 0; first < total; first += threads) {
    Value number = b.add(thread, first);
    Copy copy;
    copy.target = b.add(b.mul(number, 16), inputStage);
    if (first + threads > total)
      copy.exists = b.less(number, total);
    Value group = b.add(firstGroup, b.divide(number, perGroup));
    if (spec.paddedChannels() % t.channels != 0) {
      copy.isValid = b.less(group, spec.paddedChannels() / channelBlock);
      group = b.select(copy.isValid, group, b.constant(0));
    }
    Value source =
        b.add(b.mul(b.unsignedTo(group, 64), groupBytes), b.unsignedTo(b.mul(b.remainder(number, perGroup), 16), 64));
    copy.source = b.at(weights, source);
    copies.push_back(copy);
  }
  return copies;
}

/// Starts the copies of a step, limb by limb through the inputs, into a stage.
void LinearKernel::issue(Value step, Value slot, ArrayRef<Copy> inputs, ArrayRef<Copy> weights) {
  Value along = step;
  if (spec.limbs() == 2)
    along = b.select(b.less(step, steps), step, b.sub(step, steps));
  issueInputs(along, slot, inputs);
  Value block = b.mul(step, spec.tiles.inputs / inputBlock * blockBytes);
  for (const Copy &copy : weights)
    start(copy, slot, b.at(copy.source, block), copy.isValid);
}

void LinearKernel::issueInputs(Value along, Value slot, ArrayRef<Copy> copies) {
  Value down, right, beside; // of a tap: rows and columns of the map, bytes of memory
  if (const auto &map = spec.map) {
    int64_t perTap = spec.tapInputs() / spec.tiles.inputs;
    Value tap = b.divide(along, perTap);
    along = b.remainder(along, perTap);
    down = b.sub(b.divide(tap, map->kernel[1]), map->kernel[0] / 2);
    right = b.sub(b.remainder(tap, map->kernel[1]), map->kernel[1] / 2);
    beside = b.mul(b.add(b.mul(down, map->width), right), rowBytes);
  }
  Value offset = b.mul(along, perRow);
  for (const Copy &copy : copies) {
    Value source = b.at(copy.source, offset), isInside;
    if (copy.position)
      isInside = b.less(b.add(copy.position, offset), rowBytes);
    if (spec.map) {
      source = b.at(source, beside);
      // A position before the map is a large one without sign.
      Value isOnMap =
          b.bitAnd(b.less(b.add(copy.y, down), spec.map->height), b.less(b.add(copy.x, right), spec.map->width));
      isInside = isInside ? b.bitAnd(isInside, isOnMap) : isOnMap;
    }
    if (!isInside) {
      start(copy, slot, source, copy.isValid);
      continue;
    }
    source = b.select(isInside, source, copy.source); // no address outside
    start(copy, slot, source, b.bitAnd(copy.isValid, isInside));
  }
}

void LinearKernel::start(const Copy &copy, Value slot, Value source, Value isValid) {
  auto copyIt = [&] { b.copyAsync(b.at(kernel.shared, b.add(slot, copy.target)), source, copy.bytes, isValid); };
  copy.exists ? b.ifThen(copy.exists, copyIt) : copyIt();
}

/// The sums of a chunk of timesteps.
Values LinearKernel::sums(Value chunk) {
  int64_t stages = spec.tiles.stages, total = steps * spec.limbs();
  SmallVector<Copy> inputs = inputCopies(chunk), weightsOf = weightCopies();
  for (int64_t s = 0; s < stages - 1; ++s) {
    if (s < total)
      issue(b.constant(s), b.constant(s * stage), inputs, weightsOf);
    b.commitCopies();
  }
  Values carried(groups * tiles * times * 16, b.constant(0));
  carried.push_back(b.constant(0)); // the stage to be read
  auto step = [&](Value number, ValueRange now) {
    Values next(now);
    Value slot = next.pop_back_val();
    b.waitForCopies(stages - 2);
    b.barrier();
    Value ahead = b.add(number, stages - 1);
    // The stage that was read in the step before.
    Value free =
        b.select(b.compare(arith::CmpIPredicate::eq, slot, 0), b.constant((stages - 1) * stage), b.sub(slot, stage));
    b.ifThen(b.less(ahead, total), [&] { issue(ahead, free, inputs, weightsOf); });
    b.commitCopies();
    multiply(next, slot);
    Value after = b.add(slot, stage);
    next.push_back(b.select(b.compare(arith::CmpIPredicate::eq, after, stages * stage), b.constant(0), after));
    return next;
  };
  auto limb = [&](Value first, ValueRange now) { return b.loop(first, b.add(first, steps), now, step); };
  if (spec.limbs() == 1) {
    carried = limb(b.constant(0), carried);
  } else {
    carried = b.loop(
        b.constant(0), b.constant(total), carried,
        [&](Value first, ValueRange now) {
          Values shifted(now);
          for (Value &value : MutableArrayRef(shifted).drop_back())
            value = b.shiftLeft(value, 8);
          return limb(first, shifted);
        },
        b.constant(steps));
  }
  carried.pop_back();
  return carried;
}

/// Where the 16 bytes of a piece of counts lie among the four of their row.
Value LinearKernel::placeOf(Value piece, Value row) {
  return arith::XOrIOp::create(b, piece, b.bitAnd(b.shiftDown(row, 1), 3));
}

/// What a lane takes of the stage's spikes: a word of each row, timestep and half of a tile.
Values LinearKernel::spikeWords(Value slot) {
  Values words;
  if (spec.input != Input::Spikes)
    return words;
  int64_t sharing = 128 / spec.tiles.inputs; // lanes of a word
  Value within = b.mul(b.divide(quad, sharing), 4);
  for (int64_t tile = 0; tile < tiles; ++tile)
    for (int64_t time = 0; time < times; ++time)
      for (int64_t half = 0; half < 2; ++half) {
        Value row = b.add(b.add(warpRow, rowInTile), tile * tileRows + half * 8 + time * spec.tiles.rows);
        Value word = b.load(b.at(kernel.shared, b.add(slot, b.add(b.mul(row, copyBytes), within))));
        if (sharing > 1)
          word = b.shiftDown(word, b.mul(b.remainder(quad, sharing), 8 / sharing));
        words.push_back(word);
      }
  return words;
}

/// The bytes of 16 rows and 64 inputs: two products' worth, four words each.
Values LinearKernel::inputFragment(Value slot, ArrayRef<Value> spikes, int64_t part, int64_t time, int64_t tile) {
  constexpr int64_t lowBits = 0x01010101;
  Values words(8);
  for (int64_t half = 0; half < 2; ++half) {
    if (spec.input == Input::Spikes) {
      Value word = spikes[(tile * times + time) * 2 + half];
      for (int64_t factor = 0; factor < 4; ++factor)
        words[factor * 2 + half] = b.bitAnd(b.shiftDown(word, part * 4 + factor), lowBits);
      continue;
    }
    Value row = b.add(b.add(warpRow, rowInTile), tile * tileRows + half * 8);
    Value line = b.add(row, (part * times + time) * spec.tiles.rows);
    for (int64_t factor = 0; factor < 4; ++factor) {
      Value within = b.add(b.mul(placeOf(b.constant(factor), rowInTile), 16), b.mul(quad, 4));
      Value at = b.add(b.mul(line, inputBlock), within);
      words[factor * 2 + half] = b.load(b.at(kernel.shared, b.add(slot, at)));
    }
  }
  return words;
}

/// Adds the products of a stage.
void LinearKernel::multiply(Values &sums, Value slot) {
  Values spikesOf = spikeWords(slot);
  for (int64_t part = 0; part < spec.tiles.inputs / inputBlock; ++part) {
    SmallVector<Values> factors; // of the weights: [group][columns]
    for (int64_t group = 0; group < groups; ++group) {
      Value block = b.mul(b.add(warpGroup, group), spec.tiles.inputs / inputBlock * blockBytes);
      Value at = b.add(b.add(block, b.mul(lane, 16)), inputStage + part * blockBytes);
      for (int64_t column = 0; column < 4; ++column)
        factors.push_back(b.loadWords(b.at(kernel.shared, b.add(b.add(slot, at), column * blockBytes / 4)), 4));
    }
    for (int64_t tile = 0; tile < tiles; ++tile)
      for (int64_t time = 0; time < times; ++time) {
        Values bytes = inputFragment(slot, spikesOf, part, time, tile);
        for (int64_t product = 0; product < 2; ++product)
          for (int64_t group = 0; group < groups; ++group)
            for (int64_t column = 0; column < 4; ++column) {
              int64_t first = sumIndex(group, tile, time, column);
              TileSums four{sums[first], sums[first + 1], sums[first + 2], sums[first + 3]};
              b.multiplyBytes(four, ArrayRef(bytes).slice(product * 4, 4),
                              ArrayRef(factors[group * 4 + column]).slice(product * 2, 2));
              llvm::copy(four, sums.begin() + first);
            }
      }
  }
}

//===----------------------------------------------------------------------===//
// Neurons
//===----------------------------------------------------------------------===//

/// Runs the neurons of a chunk; returns their membranes where there is another chunk.
Values LinearKernel::fire(Value chunk, ValueRange sums, Values membranes) {
  bool isCarried = !membranes.empty();
  for (int64_t group = 0; group < groups; ++group) {
    Value channel = b.add(b.mul(b.add(b.add(firstGroup, warpGroup), group), channelBlock), b.mul(quad, perLane));
    Value known = channel; // constants of channels that do not exist are not read
    if (spec.paddedChannels() % spec.tiles.channels != 0)
      known = b.select(b.less(channel, spec.paddedChannels()), channel, b.constant(0));
    auto table = [&](Value memory) {
      Values values;
      for (int64_t half = 0; memory && half < 2; ++half)
        values.append(b.loadWords(b.at(b.at(memory, b.mul(known, 4)), half * 16), 4));
      return values;
    };
    Values biases = table(bias), thresholds = table(threshold), resets = table(reset);
    Value shift = guard ? b.load(b.at(guard, b.mul(b.shiftDown(known, 3), 4))) : Value();
    SmallVector<NeuronConstants> channels;
    for (int64_t c = 0; c < perLane; ++c)
      channels.push_back({biases[c], thresholds[c], reset ? resets[c] : Value(), shift});
    for (int64_t tile = 0; tile < tiles; ++tile)
      for (int64_t half = 0; half < 2; ++half) {
        Row row = rowOf(b.add(b.add(warpRow, rowInTile), tile * tileRows + half * 8));
        row.isValid = b.bitAnd(row.isValid, b.less(channel, spec.channels));
        auto sumAt = [&](int64_t time, int64_t c) { return sumIndex(group, tile, time, c / 2) + half * 2 + c % 2; };
        Values rest(perLane, b.constant(0));
        MutableArrayRef<Value> mine(rest);
        if (isCarried)
          mine = MutableArrayRef<Value>(membranes).slice(((group * tiles + tile) * 2 + half) * perLane, perLane);
        fireChannels(chunk, sums, row, channel, channels, mine, sumAt);
      }
  }
  return membranes;
}

/// All timesteps of the eight neurons of a thread in one row.
void LinearKernel::fireChannels(Value chunk, ValueRange sums, const Row &row, Value channel,
                                ArrayRef<NeuronConstants> channels, MutableArrayRef<Value> membranes,
                                llvm::function_ref<int64_t(int64_t, int64_t)> sumAt) {
  Value state;
  if (spec.stateful) {
    Value at = b.add(b.mul(b.unsignedTo(row.index, 64), spec.paddedChannels()), b.unsignedTo(channel, 64));
    state = b.at(membrane, b.mul(at, 4));
  }
  if (spec.stateful && !spec.fresh) {
    SmallVector<Type> types(perLane, b.getI32Type());
    Values kept = b.loadIf(row.isValid, types, [&] {
      Values words = b.loadWords(state, 4);
      words.append(b.loadWords(b.at(state, 16), 4));
      return words;
    });
    llvm::copy(kept, membranes.begin());
  }
  auto currents = [&](int64_t time) {
    Values values;
    for (int64_t c = 0; c < perLane; ++c)
      values.push_back(neurons.current(sums[sumAt(time, c)], channels[c]));
    return values;
  };
  if (isSteady()) {
    Values steady = currents(0);
    b.loop(b.constant(0), b.constant(spec.timesOut), ValueRange(membranes), [&](Value time, ValueRange now) {
      Values next(now);
      Value bits = spikeBits(steady, channels, next);
      b.ifThen(row.isValid, [&] { emit(time, bits, row, channel, /*mayEnd=*/false); });
      return next;
    });
    return;
  }
  Values bits;
  for (int64_t time = 0; time < times; ++time)
    bits.push_back(spikeBits(currents(time), channels, membranes));
  b.ifThen(row.isValid, [&] {
    for (int64_t time = 0; time < times; ++time)
      emit(b.add(b.mul(chunk, times), time), bits[time], row, channel, spec.timesIn % times != 0);
    if (spec.stateful)
      for (int64_t half = 0; half < 2; ++half)
        b.storeWords(ValueRange(membranes).slice(half * 4, 4), b.at(state, half * 16));
  });
}

/// One timestep of eight neurons: bit c is channel c's spike.
Value LinearKernel::spikeBits(ArrayRef<Value> currents, ArrayRef<NeuronConstants> channels,
                              MutableArrayRef<Value> membranes) {
  Value bits;
  for (int64_t c = 0; c < perLane; ++c) {
    Value spike = neurons.fire(currents[c], channels[c], membranes[c]);
    Value bit = b.select(spike, b.constant(int64_t(1) << c), b.constant(0));
    bits = bits ? b.bitOr(bits, bit) : bit;
  }
  return bits;
}

/// Writes the spikes of a timestep, and what becomes of the residual stream.
void LinearKernel::emit(Value time, Value bits, const Row &row, Value channel, bool mayEnd) {
  if (mayEnd)
    return b.ifThen(b.less(time, spec.timesIn), [&] { emit(time, bits, row, channel, false); });
  auto line = [&](bool isTimed) {
    Value index = b.unsignedTo(row.index, 64);
    return isTimed ? b.add(index, b.mul(b.unsignedTo(time, 64), b.unsignedTo(rows, 64))) : index;
  };
  bool isTimed = spec.timesOut > 1;
  if (spec.spikes) {
    int64_t width = spec.channels / spec.parts;
    Value memory = spikes[0], within = channel;
    for (int64_t part = 1; part < spec.parts; ++part) {
      Value isBefore = b.less(channel, part * width);
      memory = b.select(isBefore, memory, spikes[part]);
      within = b.select(isBefore, within, b.sub(channel, part * width));
    }
    b.storeByte(bits, b.at(b.at(memory, b.mul(line(isTimed), spikeBytes(width))), b.shiftDown(within, 3)));
  }
  if (!spec.residual)
    return;
  int64_t bytes = countBytes(spec.channels);
  Value streamLine = line(isTimed && spec.streamTimes > 1);
  // Four bits to four bytes: bit i of the product's first copy, i + 7 of the second, ..
  auto bytesOf = [&](Value bits, int64_t half, int64_t factor) {
    Value four = b.bitAnd(b.shiftDown(bits, half * 4), 15);
    return b.mul(b.bitAnd(b.mul(four, 0x00204081), 0x01010101), factor);
  };
  Values words;
  if (spec.stream == Input::Spikes) {
    Value row = b.at(stream, b.mul(streamLine, spikeBytes(spec.channels)));
    Value before = b.loadByte(b.at(row, b.shiftDown(channel, 3)));
    words = {bytesOf(before, 0, spec.streamFactor), bytesOf(before, 1, spec.streamFactor)};
  } else {
    words = b.loadWords(b.at(b.at(stream, b.mul(streamLine, bytes)), channel), 2);
    for (Value &word : words)
      word = b.mul(word, spec.streamFactor);
  }
  for (int64_t half = 0; half < 2; ++half)
    words[half] = b.add(words[half], bytesOf(bits, half, *spec.residual));
  b.storeWords(words, b.at(b.at(sum, b.mul(line(isTimed), bytes)), channel));
}
