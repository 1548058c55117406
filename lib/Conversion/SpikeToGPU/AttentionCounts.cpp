//===- AttentionCounts.cpp - The two products of attention ----------------===//
#include "AttentionKernel.h"

using namespace mlir;
using namespace stas;
using namespace stas::cuda;

namespace {
constexpr int64_t wordBits = 32;
constexpr int64_t lowBits = 0x01010101;

/// Four bytes of a word of bits: bit `from` of each byte, and of the next.
Value everyEighth(KernelBuilder &b, Value word, Value from) { return b.bitAnd(b.shiftDown(word, from), lowBits); }
} // namespace

AttentionKernel::FourSums AttentionKernel::noSums() {
  return FourSums(4, TileSums{b.constant(0), b.constant(0), b.constant(0), b.constant(0)});
}

Value AttentionKernel::headOf(Value channel) { return b.divide(channel, spec.depth()); }

/// The bytes of 16 tokens' queries, for each word of channels.
SmallVector<Values> AttentionKernel::queryBytes(Value chunk, Value time, Value tile) {
  Value first = b.add(b.mul(tile, 16), rowInTile), now = b.add(b.mul(chunk, size.times), time);
  Value isTime = spec.timesIn % size.times == 0 ? Value() : b.less(now, spec.timesIn);
  SmallVector<Values> bytesOf;
  for (int64_t word = 0; word < size.words; ++word) {
    Values bytes(4);
    for (int64_t half = 0; half < 2; ++half) {
      Value token = b.add(first, half * 8), isValid = b.less(token, spec.tokens);
      if (isTime)
        isValid = b.bitAnd(isValid, isTime);
      Value bits = wordOf(query, now, token, b.add(firstWord, word), isValid);
      bytes[half] = everyEighth(b, bits, quad);
      bytes[2 + half] = everyEighth(b, bits, b.add(quad, 4));
    }
    bytesOf.push_back(bytes);
  }
  return bytesOf;
}

/// The counts of 16 tokens at a timestep.
AttentionKernel::FourSums AttentionKernel::counts(Value chunk, Value time, Value tile) {
  SmallVector<Values> queries = queryBytes(chunk, time, tile);
  return spec.first == AttentionSpec::First::KeyValue ? countsOfPairs(queries, time) : countsOfScores(queries, time);
}

//===----------------------------------------------------------------------===//
// Key and value first
//===----------------------------------------------------------------------===//

/// k^T v of a chunk, as bytes in the order in which the next product takes them.
void AttentionKernel::countPairs() {
  int64_t tiles = size.words * 2;
  auto body = [&](Value item) {
    Value time = b.divide(item, tiles), tile = b.remainder(item, tiles);
    Value columns = b.mul(time, size.columns);
    auto words = [&](Value column, Value word, int64_t first) {
      return b.load(
          b.at(kernel.shared, b.mul(b.add(b.add(b.mul(b.add(columns, column), size.stride), word), first), 4)));
    };
    Value keyAt = b.add(b.mul(tile, 16), rowInTile), eighth = b.mul(tile, 2);
    Value keyWords[2] = {swizzled(quad, eighth), swizzled(quad, b.add(eighth, 1))};
    FourSums pairs = noSums();
    for (int64_t first = 0; first < size.blocks; first += size.bits / wordBits) {
      Values keys;
      for (int64_t half = 0; half < size.bits / 128; ++half) {
        keys.push_back(words(keyAt, keyWords[0], first + half * 4));
        keys.push_back(words(b.add(keyAt, 8), keyWords[1], first + half * 4));
      }
      for (int64_t column = 0; column < 4; ++column) {
        Values values;
        Value word = swizzled(quad, b.constant(column));
        for (int64_t half = 0; half < size.bits / 128; ++half)
          values.push_back(words(b.add(rowInTile, size.words * wordBits + column * 8), word, first + half * 4));
        b.countCommonBits(pairs[column], keys, values);
      }
    }
    // Entry (i, c): byte i % 32 / 8 of lane 4 g + i % 4 and half i % 8 / 4, where channel c is column g of its tile.
    Value word = b.shiftDown(tile, 1), byte = b.shiftLeft(b.bitAnd(tile, 1), 1);
    Value base = b.add(b.mul(time, size.limbs * size.words * tableBytes), b.mul(word, tableBytes));
    base = b.add(b.add(base, b.mul(quad, columnBytes)), b.mul(b.bitAnd(rowInTile, 3), 8));
    base = b.add(b.add(base, b.mul(b.shiftDown(rowInTile, 2), 4)), b.add(byte, size.tables));
    Value head[2];
    for (int64_t half = 0; half < 2 && !size.areWhole; ++half)
      head[half] = headOf(b.add(b.add(b.mul(firstWord, wordBits), keyAt), half * 8));
    for (int64_t column = 0; column < 4; ++column)
      for (int64_t i = 0; i < 2; ++i) {
        Value counts[2] = {pairs[column][i], pairs[column][i + 2]};  // of keys that are neighbouring bytes
        for (int64_t half = 0; half < 2 && !size.areWhole; ++half) { // different heads have nothing in common
          Value channel = b.add(b.add(firstChannel, b.mul(quad, 2)), column * 8 + i);
          Value isOfHead = b.compare(arith::CmpIPredicate::eq, head[half], headOf(channel));
          counts[half] = b.select(isOfHead, counts[half], b.constant(0));
        }
        for (int64_t limb = 0; limb < size.limbs; ++limb) {
          int64_t offset = limb * size.words * tableBytes + (2 * column + i) * 32, low = 8 * (size.limbs - 1 - limb);
          Value first = b.bitAnd(b.shiftDown(counts[0], low), 255), second = b.shiftDown(counts[1], low);
          Value both = b.bitOr(first, b.shiftLeft(second, 8));
          b.store(b.unsignedTo(both, 16), b.at(kernel.shared, b.add(base, offset)));
        }
      }
  };
  b.loop(warp, b.constant(size.times * tiles), body, b.constant(spec.warps));
}

/// q (k^T v).
AttentionKernel::FourSums AttentionKernel::countsOfPairs(ArrayRef<Values> queries, Value time) {
  FourSums sums = noSums();
  Value tables = b.add(b.mul(time, size.limbs * size.words * tableBytes), b.mul(lane, 8));
  for (int64_t limb = 0; limb < size.limbs; ++limb) {
    for (TileSums &four : sums)
      for (Value &each : four)
        each = limb == 0 ? each : b.shiftLeft(each, 8);
    for (int64_t word = 0; word < size.words; ++word)
      for (int64_t column = 0; column < 4; ++column) {
        int64_t table = size.tables + (limb * size.words + word) * tableBytes + column * columnBytes;
        Values pairs = b.loadWords(b.at(kernel.shared, b.add(tables, table)), 2);
        b.multiplyBytes(sums[column], queries[word], pairs, /*isSigned=*/false);
      }
  }
  return sums;
}

//===----------------------------------------------------------------------===//
// Query and key first
//===----------------------------------------------------------------------===//

/// The channels of a word that are of a head, as bits.
Value AttentionKernel::wordsOfHead(Value head, int64_t word) {
  Value first = b.mul(head, spec.depth()), zero = b.constant(0);
  Value start = b.mul(b.add(firstWord, word), wordBits);
  // Bits below a channel, which may lie before the word or behind it.
  auto below = [&](Value channel) {
    Value bit = b.sub(channel, start);
    bit = b.select(b.compare(arith::CmpIPredicate::sgt, bit, 0), bit, zero);
    Value isInside = b.less(bit, wordBits);
    Value bits = b.sub(b.shiftLeft(b.constant(1), b.select(isInside, bit, zero)), 1);
    return b.select(isInside, bits, b.constant(-1));
  };
  Value upTo = below(b.add(first, spec.depth()));
  return b.bitAnd(upTo, b.bitNot(below(first)));
}

/// q k^T of 16 tokens and the 32 whose keys start at an address, in one head: four tiles of eight tokens.
AttentionKernel::FourSums AttentionKernel::scores(ArrayRef<Values> queries, Value keys, Value head) {
  FourSums sums = noSums();
  for (int64_t word = 0; word < size.words; ++word) {
    Value mine = size.areWhole ? Value() : wordsOfHead(head, word);
    for (int64_t tile = 0; tile < 4; ++tile) {
      Value token = b.mul(b.add(rowInTile, tile * 8), size.keyStride * 4);
      Value bits = b.load(b.at(kernel.shared, b.add(b.add(keys, token), word * 4)));
      if (mine)
        bits = b.bitAnd(bits, mine);
      Values bytes{everyEighth(b, bits, quad), everyEighth(b, bits, b.add(quad, 4))};
      b.multiplyBytes(sums[tile], queries[word], bytes, /*isSigned=*/false);
    }
  }
  return sums;
}

/// (q k^T) v. A lane has the scores of tokens 8 t + 2 quad and the next, t from 0 to 3: four bytes of a product each.
AttentionKernel::FourSums AttentionKernel::countsOfScores(ArrayRef<Values> queries, Value time) {
  Value values = b.mul(time, size.columns * size.stride);
  Value keys = b.add(b.mul(time, size.blocks * wordBits * size.keyStride * 4), size.tables);
  Value channel[4];
  for (int64_t column = 0; column < 4; ++column) // channel 8 q' + 2 j + h is column 2 q' + h of tile j
    channel[column] = b.add(b.add(b.mul(b.shiftDown(rowInTile, 1), 8), b.bitAnd(rowInTile, 1)), 2 * column);
  auto block = [&](Value number, ValueRange carried) {
    Values sums(carried);
    Value from = b.add(keys, b.mul(number, wordBits * size.keyStride * 4));
    for (int64_t which = 0; which < size.heads; ++which) {
      Value head = b.add(headOf(firstChannel), which);
      FourSums scoresOf = scores(queries, from, head);
      for (int64_t limb = 0; limb < size.limbs; ++limb) {
        Values bytes;
        for (int64_t i : {0, 2, 1, 3}) { // rows g and g + 8 of the first token, then of the next
          Value word;
          for (int64_t tile = 0; tile < 4; ++tile) {
            Value score = b.shiftDown(scoresOf[tile][i], 8 * (size.limbs - 1 - limb));
            if (size.limbs > 1)
              score = b.bitAnd(score, 255);
            score = b.shiftLeft(score, 8 * tile);
            word = word ? b.bitOr(word, score) : score;
          }
          bytes.push_back(word);
        }
        for (int64_t column = 0; column < 4; ++column) {
          Value at = b.add(b.add(values, b.mul(channel[column], size.stride)), number);
          Value bits = b.load(b.at(kernel.shared, b.mul(at, 4)));
          if (size.heads > 1) {
            Value isOfHead = b.compare(arith::CmpIPredicate::eq, headOf(b.add(firstChannel, channel[column])), head);
            bits = b.select(isOfHead, bits, b.constant(0));
          }
          Value first = b.mul(quad, 2);
          Values fired{everyEighth(b, bits, first), everyEighth(b, bits, b.add(first, 1))};
          int64_t at4 = (limb * 4 + column) * 4;
          TileSums four{sums[at4], sums[at4 + 1], sums[at4 + 2], sums[at4 + 3]};
          b.multiplyBytes(four, bytes, fired, /*isSigned=*/false);
          llvm::copy(four, sums.begin() + at4);
        }
      }
    }
    return sums;
  };
  Values none(size.limbs * 16, b.constant(0));
  Values all = b.loop(b.constant(0), b.constant(size.blocks), none, block);
  FourSums sums = noSums();
  for (int64_t column = 0; column < 4; ++column)
    for (int64_t i = 0; i < 4; ++i) {
      Value high = all[column * 4 + i];
      sums[column][i] = size.limbs == 1 ? high : b.add(b.shiftLeft(high, 8), all[16 + column * 4 + i]);
    }
  return sums;
}
