//===- AttentionKernel.cpp - Coincidences and neurons of a head -----------===//
//
// The counts are q (k^T v). First the key and value spikes of a head are turned
// over, 32 tokens by 32 channels at a time between the lanes of a warp, into words
// of 32 tokens per channel. k^T v is then the number of bits that two channels
// have in common: mma.sync on bits, AND and popcount. Its entries, at most the
// number of tokens, are bytes (two of them above 255 tokens) and meet the query
// spikes in products of bytes, as rows meet weights in a linear layer: lane q of a
// row has the eight channels from 8 q on, one byte of packed spikes.
//
//===----------------------------------------------------------------------===//
#include "Kernels.h"
#include "Neurons.h"

using namespace mlir;
using namespace stas;
using namespace stas::cuda;

namespace {
constexpr int64_t groupChannels = 32, perLane = 8, wordBits = 32;
constexpr int64_t tableBytes = 1024; // of 32 x 32 entries of k^T v

/// What a spec makes of the memory of a block.
struct Sizes {
  explicit Sizes(const AttentionSpec &spec);
  int64_t depth, words;             // channels of a head, words of them
  int64_t bits;                     // of tokens in a product
  int64_t blocks, stride;           // words of tokens of a channel, and from one channel to the next
  int64_t columns;                  // channels turned over: keys, then values
  int64_t limbs;                    // bytes of an entry of k^T v
  int64_t times;                    // of a chunk
  int64_t tables, membranes, total; // where they start, in bytes; all of it
};

class AttentionKernel {
public:
  AttentionKernel(KernelBuilder &b, const Kernel &kernel, const AttentionSpec &spec);
  void build();

private:
  Value line(Value time, Value token);
  Value headWord(Value spikes, Value time, Value token, Value first, Value isValid);
  Value transpose(Value word);
  void turnOver(Value source, Value chunk, int64_t words, Value first, int64_t firstColumn);
  void countPairs();
  void fireTile(Value chunk, Value tile);
  SmallVector<TileSums> counts(Value chunk, Value time, Value tile);
  void run(ArrayRef<Value> sums, MutableArrayRef<Value> membranes, Value &bits);
  Value tableAt(Value time, int64_t limb, int64_t word) {
    return b.add(b.mul(time, size.limbs * size.words * tableBytes),
                 size.tables + (limb * size.words + word) * tableBytes);
  }
  Value isActive(Value token, Value isValid);

  KernelBuilder &b;
  const Kernel &kernel;
  const AttentionSpec &spec;
  Sizes size;
  Neurons neurons;
  NeuronConstants constants;
  Value query, key, value, membrane, active, spikes, rows;
  Value lane, warp, rowInTile, quad, firstRow, firstChannel, group, groupFirst; // lane = 4 rowInTile + quad
};
} // namespace

int64_t AttentionSpec::chunkTimes() const {
  int64_t most = timesteps == 0 ? timesIn : timesteps, chunks = (timesIn + most - 1) / most;
  return (timesIn + chunks - 1) / chunks;
}

Sizes::Sizes(const AttentionSpec &spec)
    : depth(spec.depth()), words((depth + wordBits - 1) / wordBits), bits(spec.tokens <= 128 ? 128 : 256),
      blocks(roundUp(spec.tokens, bits) / wordBits), stride(bits == 128 ? blocks : blocks + 4),
      columns(words * wordBits + groupChannels), limbs(spec.tokens > 255 ? 2 : 1), times(spec.chunkTimes()) {
  tables = roundUp(times * columns * stride * 4, 128);
  membranes = tables + times * limbs * words * tableBytes;
  total = membranes + (spec.chunks() > 1 ? roundUp(spec.tokens, 16) * groupChannels * 4 : 0);
}

std::string stas::cuda::problemOf(const AttentionSpec &spec) {
  if (spec.tokens < 1 || spec.tokens > 65535)
    return "requires 1 to 65535 tokens, found " + std::to_string(spec.tokens);
  if (spec.heads < 1 || spec.width < 1 || spec.width % spec.heads != 0)
    return "requires heads of equal width";
  if (spec.depth() % perLane != 0)
    return "requires heads of a multiple of 8 channels, found " + std::to_string(spec.depth());
  if (spec.timesIn < 1 || spec.timesOut < spec.timesIn || (spec.timesIn > 1 && spec.timesOut != spec.timesIn))
    return "requires as many timesteps out as in where there is more than one";
  if (spec.form.wide)
    return "requires sums of 32 bits";
  if (spec.stateful && spec.timesOut != 1)
    return "requires one timestep where membranes are kept";
  if (spec.warps < 1 || spec.warps > 32 || spec.timesteps < 0)
    return "requires 1 to 32 warps";
  return "";
}

SmallVector<Parameter> stas::cuda::parametersOf(const AttentionSpec &spec) {
  SmallVector<Parameter> parameters{{"query"}, {"key"}, {"value"}};
  if (spec.stateful)
    parameters.push_back({"membrane"});
  if (spec.masked)
    parameters.push_back({"active"});
  parameters.push_back({"spikes"});
  parameters.push_back({"rows", Parameter::Kind::Number});
  return parameters;
}

LaunchShape stas::cuda::launchOf(const AttentionSpec &spec, int64_t images) {
  LaunchShape launch;
  launch.grid[0] = images * spec.heads * spec.groups();
  launch.threads = spec.warps * 32;
  launch.sharedBytes = Sizes(spec).total;
  return launch;
}

void stas::cuda::buildAttention(KernelBuilder &b, gpu::GPUModuleOp module, StringRef name, const AttentionSpec &spec) {
  assert(problemOf(spec).empty() && "the caller has checked the spec");
  Kernel kernel = startKernel(b, module, name, parametersOf(spec), spec.warps * 32);
  AttentionKernel(b, kernel, spec).build();
  finishKernel(b);
}

AttentionKernel::AttentionKernel(KernelBuilder &b, const Kernel &kernel, const AttentionSpec &spec)
    : b(b), kernel(kernel), spec(spec), size(spec), neurons(b, spec.form) {
  const Value *next = kernel.arguments.begin();
  query = *next++;
  key = *next++;
  value = *next++;
  membrane = spec.stateful ? *next++ : Value();
  active = spec.masked ? *next++ : Value();
  spikes = *next++;
  rows = *next++;
  constants.bias = spec.bias != 0 ? b.constant(spec.bias) : Value();
  constants.threshold = b.constant(spec.threshold);
  constants.reset = b.constant(spec.reset);
}

void AttentionKernel::build() {
  Value thread = b.thread(), block = b.block(0);
  lane = b.bitAnd(thread, 31);
  warp = b.shiftDown(thread, 5);
  rowInTile = b.shiftDown(lane, 2);
  quad = b.bitAnd(lane, 3);
  group = b.remainder(block, spec.groups());
  block = b.divide(block, spec.groups());
  firstRow = b.mul(b.divide(block, spec.heads), spec.tokens);
  firstChannel = b.mul(b.remainder(block, spec.heads), size.depth);
  groupFirst = b.mul(group, groupChannels);
  auto chunk = [&](Value number) {
    turnOver(key, number, size.words, b.constant(0), 0);
    turnOver(value, number, 1, groupFirst, size.words * wordBits);
    b.barrier();
    countPairs();
    b.barrier();
    int64_t tiles = roundUp(spec.tokens, 16) / 16;
    b.loop(warp, b.constant(tiles), [&](Value tile) { fireTile(number, tile); }, b.constant(spec.warps));
  };
  if (spec.chunks() == 1)
    return chunk(b.constant(0));
  b.loop(b.constant(0), b.constant(spec.chunks()), [&](Value number) {
    chunk(number);
    b.barrier(); // before the counts make way for the next
  });
}

/// The number of a token's row among those of all timesteps, in 64 bits.
Value AttentionKernel::line(Value time, Value token) {
  Value row = b.unsignedTo(b.add(firstRow, token), 64);
  return time ? b.add(row, b.mul(b.unsignedTo(time, 64), b.unsignedTo(rows, 64))) : row;
}

Value AttentionKernel::isActive(Value token, Value isValid) {
  if (!spec.masked)
    return isValid;
  Value byte = b.loadIf(isValid, [&] { return b.loadByte(b.at(active, line({}, token))); });
  return b.compare(arith::CmpIPredicate::ne, byte, 0);
}

/// 32 channels of the head, from `first` on, of a token that there is; else no spikes.
Value AttentionKernel::headWord(Value spikes, Value time, Value token, Value first, Value isValid) {
  int64_t bytes = spikeBytes(spec.width);
  Value word = b.loadIf(isValid, [&]() -> Value {
    Value row = b.at(spikes, b.mul(line(spec.timesIn > 1 ? time : Value(), token), bytes));
    Value channel = b.add(firstChannel, first), at = b.mul(b.shiftDown(channel, 5), 4);
    if (size.depth % wordBits == 0)
      return b.load(b.at(row, at));
    // The head starts inside a word. What lies behind its last channel is cut off below.
    Value low = b.unsignedTo(b.load(b.at(row, at)), 64), next = b.add(at, 4);
    Value high = b.load(b.at(row, b.select(b.less(next, bytes), next, at)));
    Value both = b.bitOr(low, b.shiftLeft(b.unsignedTo(high, 64), wordBits));
    return b.unsignedTo(b.shiftDown(both, b.unsignedTo(b.bitAnd(channel, wordBits - 1), 64)), 32);
  });
  if (int64_t rest = size.depth % wordBits; rest != 0) {
    Value isLast = b.compare(arith::CmpIPredicate::ugt, b.add(first, wordBits), size.depth);
    word = b.bitAnd(word, b.select(isLast, b.constant((int64_t(1) << rest) - 1), b.constant(-1)));
  }
  return word;
}

/// 32 words of 32 bits, one per lane, turned over: lane c gets bit c of all of them.
Value AttentionKernel::transpose(Value word) {
  constexpr uint32_t masks[] = {0x0000ffff, 0x00ff00ff, 0x0f0f0f0f, 0x33333333, 0x55555555};
  for (int64_t step = 0; step < 5; ++step) {
    int64_t distance = 16 >> step;
    auto low = static_cast<int32_t>(masks[step]);
    Value other = b.shuffleXor(word, distance);
    Value isUpper = b.compare(arith::CmpIPredicate::ne, b.bitAnd(lane, distance), 0);
    Value first = b.bitOr(b.bitAnd(word, low), b.shiftLeft(b.bitAnd(other, low), distance));
    Value second = b.bitOr(b.bitAnd(b.shiftDown(other, distance), low), b.bitAnd(word, ~low));
    word = b.select(isUpper, second, first);
  }
  return word;
}

/// Words of channels of a chunk of timesteps as words of tokens: those from `first` on, of each timestep.
void AttentionKernel::turnOver(Value source, Value chunk, int64_t words, Value first, int64_t firstColumn) {
  auto body = [&](Value item) {
    Value word = b.remainder(item, words), rest = b.divide(item, words);
    Value block = b.remainder(rest, size.blocks), within = b.divide(rest, size.blocks);
    Value time = b.add(b.mul(chunk, size.times), within);
    Value token = b.add(b.mul(block, wordBits), lane), isValid = b.less(token, spec.tokens);
    if (spec.timesIn % size.times != 0)
      isValid = b.bitAnd(isValid, b.less(time, spec.timesIn));
    isValid = isActive(token, isValid);
    Value channel = b.mul(word, wordBits), column = b.add(b.add(channel, lane), firstColumn);
    Value spikes = headWord(source, time, token, b.add(channel, first), isValid);
    Value at = b.add(b.mul(b.add(b.mul(within, size.columns), column), size.stride), block);
    b.store(transpose(spikes), b.at(kernel.shared, b.mul(at, 4)));
  };
  b.loop(warp, b.constant(size.times * size.blocks * words), body, b.constant(spec.warps));
}

/// k^T v of a chunk, as bytes in the order in which the next product takes them.
void AttentionKernel::countPairs() {
  int64_t tiles = size.words * 2;
  auto body = [&](Value item) {
    Value time = b.divide(item, tiles), tile = b.remainder(item, tiles);
    Value columns = b.mul(time, size.columns);
    auto words = [&](Value column, int64_t first) {
      return b.load(
          b.at(kernel.shared, b.mul(b.add(b.add(b.mul(b.add(columns, column), size.stride), quad), first), 4)));
    };
    Value keyAt = b.add(b.mul(tile, 16), rowInTile);
    SmallVector<TileSums> pairs(4, TileSums{b.constant(0), b.constant(0), b.constant(0), b.constant(0)});
    for (int64_t first = 0; first < size.blocks; first += size.bits / wordBits) {
      Values keys;
      for (int64_t half = 0; half < size.bits / 128; ++half) {
        keys.push_back(words(keyAt, first + half * 4));
        keys.push_back(words(b.add(keyAt, 8), first + half * 4));
      }
      for (int64_t column = 0; column < 4; ++column) {
        Values values;
        for (int64_t half = 0; half < size.bits / 128; ++half)
          values.push_back(words(b.add(rowInTile, size.words * wordBits + column * 8), first + half * 4));
        b.countCommonBits(pairs[column], keys, values);
      }
    }
    // Entry (i, c): byte i % 32 / 8 of lane 4 g + i % 4 and half i % 8 / 4, where channel c is column g of its tile.
    Value word = b.shiftDown(tile, 1), byte = b.shiftLeft(b.bitAnd(tile, 1), 1);
    Value base = b.add(b.mul(time, size.limbs * size.words * tableBytes), b.mul(word, tableBytes));
    base = b.add(b.add(base, b.mul(quad, 256)), b.mul(b.bitAnd(rowInTile, 3), 8));
    base = b.add(b.add(base, b.mul(b.shiftDown(rowInTile, 2), 4)), b.add(byte, size.tables));
    for (int64_t column = 0; column < 4; ++column)
      for (int64_t i = 0; i < 4; ++i)
        for (int64_t limb = 0; limb < size.limbs; ++limb) {
          int64_t offset = limb * size.words * tableBytes + (2 * column + i % 2) * 32 + i / 2;
          Value entry = b.shiftDown(pairs[column][i], 8 * (size.limbs - 1 - limb));
          b.storeByte(entry, b.at(kernel.shared, b.add(base, offset)));
        }
  };
  b.loop(warp, b.constant(size.times * tiles), body, b.constant(spec.warps));
}

/// The counts of 16 tokens at a timestep.
SmallVector<TileSums> AttentionKernel::counts(Value chunk, Value time, Value tile) {
  constexpr int64_t lowBits = 0x01010101;
  Value first = b.add(b.mul(tile, 16), rowInTile), now = b.add(b.mul(chunk, size.times), time);
  Value isTime = spec.timesIn % size.times == 0 ? Value() : b.less(now, spec.timesIn);
  SmallVector<Values> factors; // per word of channels
  for (int64_t word = 0; word < size.words; ++word) {
    Values bytes(4);
    for (int64_t half = 0; half < 2; ++half) {
      Value token = b.add(first, half * 8);
      Value isValid = b.less(token, spec.tokens);
      if (isTime)
        isValid = b.bitAnd(isValid, isTime);
      Value bits = headWord(query, now, token, b.constant(word * wordBits), isValid);
      bits = b.shiftDown(bits, quad);
      bytes[half] = b.bitAnd(bits, lowBits);
      bytes[2 + half] = b.bitAnd(b.shiftDown(bits, 4), lowBits);
    }
    factors.push_back(bytes);
  }
  SmallVector<TileSums> sums(4, TileSums{b.constant(0), b.constant(0), b.constant(0), b.constant(0)});
  for (int64_t limb = 0; limb < size.limbs; ++limb) {
    for (TileSums &four : sums)
      for (Value &each : four)
        each = limb == 0 ? each : b.shiftLeft(each, 8);
    for (int64_t word = 0; word < size.words; ++word)
      for (int64_t column = 0; column < 4; ++column) {
        Value at = b.add(b.add(tableAt(time, limb, word), column * 256), b.mul(lane, 8));
        b.multiplyBytes(sums[column], factors[word], b.loadWords(b.at(kernel.shared, at), 2), /*isSigned=*/false);
      }
  }
  return sums;
}

/// The neurons of 16 tokens over the timesteps of a chunk.
void AttentionKernel::fireTile(Value chunk, Value tile) {
  constexpr int64_t neuronsOfLane = 2 * perLane;
  bool isSteady = spec.timesIn == 1, isKept = spec.chunks() > 1;
  Value channel = b.add(b.add(firstChannel, groupFirst), b.mul(quad, perLane));
  Value hasChannels = b.less(b.add(groupFirst, b.mul(quad, perLane)), size.depth);
  Value tokens[2], valid[2], state[2], kept[2];
  Values start(neuronsOfLane, b.constant(0));
  SmallVector<Type> types(perLane, b.getI32Type());
  for (int64_t half = 0; half < 2; ++half) {
    tokens[half] = b.add(b.add(b.mul(tile, 16), rowInTile), half * 8);
    Value isToken = b.bitAnd(b.less(tokens[half], spec.tokens), hasChannels);
    valid[half] = isActive(tokens[half], isToken);
    auto load = [&](Value pointer) {
      Values words = b.loadWords(pointer, 4);
      words.append(b.loadWords(b.at(pointer, 16), 4));
      return words;
    };
    Values membranes;
    if (spec.stateful) {
      int64_t padded = roundUp(spec.width, channelBlock);
      Value at = b.add(b.mul(line({}, tokens[half]), padded), b.unsignedTo(channel, 64));
      state[half] = b.at(membrane, b.mul(at, 4));
      if (!spec.fresh)
        membranes = b.loadIf(valid[half], types, [&] { return load(state[half]); });
    }
    if (isKept) {
      Value at = b.add(b.mul(tokens[half], groupChannels), b.mul(quad, perLane));
      kept[half] = b.at(kernel.shared, b.add(b.mul(at, 4), size.membranes));
      membranes = b.loadIf(b.compare(arith::CmpIPredicate::ne, chunk, 0), types, [&] { return load(kept[half]); });
    }
    if (!membranes.empty())
      llvm::copy(membranes, start.begin() + half * perLane);
  }
  SmallVector<TileSums> steady;
  if (isSteady)
    steady = counts(chunk, b.constant(0), tile);
  int64_t turns = isSteady ? spec.timesOut : size.times;
  Values finish = b.loop(b.constant(0), b.constant(turns), start, [&](Value turn, ValueRange carried) {
    SmallVector<TileSums> sums = isSteady ? steady : counts(chunk, turn, tile);
    Values membranes(carried);
    Value time = b.add(b.mul(chunk, size.times), turn);
    for (int64_t half = 0; half < 2; ++half) {
      Value bits;
      Values mine;
      for (int64_t c = 0; c < perLane; ++c)
        mine.push_back(sums[c / 2][half * 2 + c % 2]);
      run(mine, MutableArrayRef<Value>(membranes).slice(half * perLane, perLane), bits);
      Value isWritten = valid[half];
      if (spec.timesIn % size.times != 0)
        isWritten = b.bitAnd(isWritten, b.less(time, spec.timesIn));
      b.ifThen(isWritten, [&] {
        Value row = b.mul(line(spec.timesOut > 1 ? time : Value(), tokens[half]), spikeBytes(spec.width));
        b.storeByte(bits, b.at(b.at(spikes, row), b.shiftDown(channel, 3)));
      });
    }
    return membranes;
  });
  for (int64_t half = 0; half < 2; ++half) {
    auto keep = [&](Value pointer) {
      for (int64_t part = 0; part < 2; ++part)
        b.storeWords(ValueRange(finish).slice(half * perLane + part * 4, 4), b.at(pointer, part * 16));
    };
    if (spec.stateful)
      b.ifThen(valid[half], [&] { keep(state[half]); });
    if (isKept)
      keep(kept[half]);
  }
}

/// One timestep of eight neurons: bit c is channel c's spike.
void AttentionKernel::run(ArrayRef<Value> sums, MutableArrayRef<Value> membranes, Value &bits) {
  for (int64_t c = 0; c < perLane; ++c) {
    Value spike = neurons.fire(neurons.current(sums[c], constants), constants, membranes[c]);
    Value bit = b.select(spike, b.constant(int64_t(1) << c), b.constant(0));
    bits = bits ? b.bitOr(bits, bit) : bit;
  }
}
