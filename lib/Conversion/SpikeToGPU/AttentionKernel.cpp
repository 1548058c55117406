//===- AttentionKernel.cpp - A block's spikes, and its neurons ------------===//
#include "AttentionKernel.h"
#include "CostModel.h"

using namespace mlir;
using namespace stas;
using namespace stas::cuda;

namespace {
constexpr int64_t perLane = 8, wordBits = 32; // neurons of a lane and token; channels of a block
} // namespace

void stas::cuda::buildAttention(KernelBuilder &b, gpu::GPUModuleOp module, StringRef name, const AttentionSpec &spec) {
  assert(problemOf(spec).empty() && "the caller has checked the spec");
  Kernel kernel = startKernel(b, module, name, parametersOf(spec), spec.warps * 32);
  kernel.function->setAttr(tilesName, tilesOf(b.getContext(), spec));
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
  for (Value *operand : {&query, &key, &value})
    if (spec.masked)
      *operand = b.at(*operand, b.mul(b.unsignedTo(*next++, 64), spikeBytes(spec.width)));
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
  window = b.remainder(block, spec.windows());
  firstRow = b.mul(b.divide(block, spec.windows()), spec.tokens);
  firstChannel = b.mul(window, wordBits);
  firstWord = b.shiftDown(b.mul(headOf(firstChannel), spec.depth()), 5);
  bool isPairs = spec.first == AttentionSpec::First::KeyValue;
  auto chunk = [&](Value number) {
    if (isPairs)
      turnOver(key, number, size.words, firstWord, 0);
    else
      takeKeys(number);
    turnOver(value, number, 1, window, size.columns - wordBits);
    b.barrier();
    if (isPairs) {
      countPairs();
      b.barrier();
    }
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

/// A word of channels of a token that there is; else no spikes.
Value AttentionKernel::wordOf(Value spikes, Value time, Value token, Value word, Value isValid) {
  int64_t words = spikeBytes(spec.width) / 4;
  if (!size.areWhole) // the words of the last heads may end with the row
    isValid = b.bitAnd(isValid, b.less(word, words));
  return b.loadIf(isValid, [&]() -> Value {
    Value row = b.mul(line(spec.timesIn > 1 ? time : Value(), token), words);
    return b.load(b.at(spikes, b.mul(b.add(row, b.unsignedTo(word, 64)), 4)));
  });
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

/// Where a word of a channel's tokens lies, of an eighth of channels: lanes with 32 channels each write one word, lanes
/// with eight channels each read four, both in as many banks.
Value AttentionKernel::swizzled(Value word, Value eighth) {
  return arith::XOrIOp::create(b, word, b.bitAnd(eighth, 3));
}

/// Words of channels of a chunk of timesteps as words of tokens: those from `firstWord` on, of each timestep.
void AttentionKernel::turnOver(Value source, Value chunk, int64_t words, Value firstWord, int64_t firstColumn) {
  auto body = [&](Value item) {
    Value word = b.remainder(item, words), rest = b.divide(item, words);
    Value block = b.remainder(rest, size.blocks), within = b.divide(rest, size.blocks);
    Value time = b.add(b.mul(chunk, size.times), within);
    Value token = b.add(b.mul(block, wordBits), lane), isValid = b.less(token, spec.tokens);
    if (spec.timesIn % size.times != 0)
      isValid = b.bitAnd(isValid, b.less(time, spec.timesIn));
    isValid = isActive(token, isValid);
    Value column = b.add(b.add(b.mul(word, wordBits), lane), firstColumn);
    Value spikes = wordOf(source, time, token, b.add(firstWord, word), isValid);
    Value at = b.add(b.mul(b.add(b.mul(within, size.columns), column), size.stride),
                     spec.first == AttentionSpec::First::KeyValue ? swizzled(block, b.shiftDown(lane, 3)) : block);
    b.store(transpose(spikes), b.at(kernel.shared, b.mul(at, 4)));
  };
  b.loop(warp, b.constant(size.times * size.blocks * words), body, b.constant(spec.warps));
}

/// The keys of a chunk as they are, a token's words after another's; no spikes of tokens that there are not.
void AttentionKernel::takeKeys(Value chunk) {
  int64_t padded = size.blocks * wordBits;
  auto body = [&](Value item) {
    Value word = b.remainder(item, size.words), rest = b.divide(item, size.words);
    Value token = b.remainder(rest, padded), within = b.divide(rest, padded);
    Value time = b.add(b.mul(chunk, size.times), within), isValid = b.less(token, spec.tokens);
    if (spec.timesIn % size.times != 0)
      isValid = b.bitAnd(isValid, b.less(time, spec.timesIn));
    isValid = isActive(token, isValid);
    Value spikes = wordOf(key, time, token, b.add(firstWord, word), isValid);
    b.store(spikes, b.at(kernel.shared, b.add(b.mul(b.add(b.mul(rest, size.keyStride), word), 4), size.tables)));
  };
  b.loop(b.thread(), b.constant(size.times * padded * size.words), body, b.constant(spec.warps * 32));
}

/// The neurons of 16 tokens over the timesteps of a chunk.
void AttentionKernel::fireTile(Value chunk, Value tile) {
  constexpr int64_t neuronsOfLane = 2 * perLane;
  bool isSteady = spec.timesIn == 1, isKept = spec.chunks() > 1;
  Value channel = b.add(firstChannel, b.mul(quad, perLane)), hasChannels = b.less(channel, spec.width);
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
      Value at = b.add(b.mul(tokens[half], wordBits), b.mul(quad, perLane));
      kept[half] = b.at(kernel.shared, b.add(b.mul(at, 4), size.membranes));
      membranes = b.loadIf(b.compare(arith::CmpIPredicate::ne, chunk, 0), types, [&] { return load(kept[half]); });
    }
    if (!membranes.empty())
      llvm::copy(membranes, start.begin() + half * perLane);
  }
  FourSums steady;
  if (isSteady)
    steady = counts(chunk, b.constant(0), tile);
  int64_t turns = isSteady ? spec.timesOut : size.times;
  Values finish = b.loop(b.constant(0), b.constant(turns), start, [&](Value turn, ValueRange carried) {
    FourSums sums = isSteady ? steady : counts(chunk, turn, tile);
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
