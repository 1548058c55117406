//===- HeadProducts.cpp - Coincidences of one attention head --------------===//
//
// Three associations (AttentionSpec::Association). Tokens that are active come
// one behind the other in all that is packed, so that the others cost nothing.
// Bits are packed once per head and timestep: first along channels, a comparison
// per token; then, for k^T v, a block of tokens at a time turned over, a sign bit
// per channel. AND and popcount then count 64 coincidences per lane and take no
// branch. Where the CPU multiplies bytes (VNNI), the second product is one of
// bytes too; counts fit them while neither tokens nor channels of a head are more
// than 255. Elsewhere the second product visits the operand that is mostly zero.
//
//===----------------------------------------------------------------------===//
#include "HeadProducts.h"
#include "Products.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace stas;
using Association = AttentionSpec::Association;

namespace {
constexpr int64_t wordBits = 32;  // channels of a packed row
constexpr int64_t blockBits = 64; // tokens of a packed column

int64_t depthOf(const AttentionSpec &spec) { return spec.width / spec.heads; }
int64_t wordsOf(const AttentionSpec &spec) { return roundUp(depthOf(spec), wordBits) / wordBits; }
int64_t paddedTokens(const AttentionSpec &spec) { return roundUp(spec.tokens, blockBits); }
int64_t blocksOf(const AttentionSpec &spec) { return paddedTokens(spec) / blockBits; }
/// The list of the tokens that are active.
int64_t listBytes(const AttentionSpec &spec) { return spec.masked ? roundUp(spec.tokens * 4, 64) : 0; }
/// Channels whose columns exist: whole words, at least the head's whole vectors.
int64_t columnsOf(const AttentionSpec &spec) { return std::max(wordsOf(spec) * wordBits, headWidth(spec)); }
/// Whether the second product is one of bytes.
bool usesBytes(const AttentionSpec &spec) {
  return spec.isa.vnni && (spec.association == Association::QueryKeyBits ? depthOf(spec) : spec.tokens) <= 255;
}

/// M = k^T v in i32 [d][d'], by events: a key spike in channel i adds the token's value spikes to row i. A query spike
/// in channel i adds row i to the token's counts.
class KeyValueEvents : public HeadProduct {
public:
  KeyValueEvents(KernelBuilder &b, const Kernel &kernel, const AttentionSpec &spec)
      : HeadProduct(b, kernel, spec), products(view(0, b.getI32Type(), spec.timesIn * depth * padded)) {}
  static int64_t bytes(const AttentionSpec &spec) { return spec.timesIn * depthOf(spec) * headWidth(spec) * 4; }

  void prepare(Value time, Value head) override {
    Value matrix = b.mul(time, depth * padded);
    b.loop(matrix, b.add(matrix, depth * padded), lanes,
           [&](Value at) { b.store(b.zeros(b.getI32Type(), lanes), products, at); });
    b.loop(b.index(0), tokens(), 1, [&](Value place) {
      Value start = at(time, token(place), head);
      b.events(key, start, b.index(depth), {}, [&](Value channel, ValueRange) {
        Value row = b.add(matrix, b.mul(channel, padded));
        // Lanes past the head count the next head's values: those columns are never used.
        b.loop(b.index(0), b.index(padded), lanes, [&](Value column) {
          Value spikes = b.unsignedTo(b.load(value, b.add(start, column), lanes), 32);
          Value to = b.add(row, column);
          b.store(b.add(b.load(products, to, lanes), spikes), products, to);
        });
        return Values();
      });
    });
  }

  Values counts(Value time, Value head, Value place, int64_t channel, int64_t vectors) override {
    Value matrix = b.add(b.mul(time, depth * padded), channel);
    Values zero(vectors, b.zeros(b.getI32Type(), lanes));
    return b.events(query, at(time, token(place), head), b.index(depth), zero, [&](Value i, ValueRange carried) {
      Value row = b.add(matrix, b.mul(i, padded));
      Values next;
      for (int64_t v = 0; v < vectors; ++v)
        next.push_back(b.add(carried[v], b.load(products, b.add(row, v * lanes), lanes)));
      return next;
    });
  }

protected:
  Value products;
};

/// Packs spikes of a head along channels: i32 [words][places'], bit c of word w is channel 32 w + c.
class ChannelBits {
public:
  ChannelBits(KernelBuilder &b, const AttentionSpec &spec, Value bits) : b(b), spec(spec), bits(bits) {}
  static int64_t size(const AttentionSpec &spec) { return wordsOf(spec) * paddedTokens(spec); }

  /// Clears the places past the last of `tokens`, for good.
  void clearPadding(Value first, Value tokens) {
    b.loop(tokens, b.index(paddedTokens(spec)), 1, [&](Value place) {
      for (int64_t word = 0; word < wordsOf(spec); ++word)
        b.store(b.constant(b.getI32Type(), 0), bits, b.add(b.add(first, word * paddedTokens(spec)), place));
    });
  }
  /// The first channel of the head at each of the places 0 to `tokens` is at at(place).
  void pack(Value spikes, Value tokens, llvm::function_ref<Value(Value)> at, Value first) {
    int64_t depth = depthOf(spec);
    b.loop(b.index(0), tokens, 1, [&](Value place) {
      Value start = at(place);
      for (int64_t word = 0; word < wordsOf(spec); ++word) {
        Value row = b.nonZeroBits(spikes, b.add(start, word * wordBits), wordBits);
        if (int64_t valid = depth % wordBits; valid != 0 && word + 1 == wordsOf(spec)) // the rest is the next head's
          row = b.bitAnd(row, b.constant(b.getI32Type(), llvm::maskTrailingOnes<uint32_t>(valid)));
        b.store(row, bits, b.add(b.add(first, word * paddedTokens(spec)), place));
      }
    });
  }

private:
  KernelBuilder &b;
  const AttentionSpec &spec;
  Value bits;
};

/// Counts of bytes times spikes on VNNI. The counts of a quad, four neighbours of the summed axis, lie in an i32.
class Quads {
public:
  Quads(KernelBuilder &b, const AttentionSpec &spec) : b(b), spec(spec) {}

  /// Four vectors of counts as one of quads.
  Value combine(ArrayRef<Value> counts) {
    Value quad = counts[0];
    for (int64_t i = 1; i < 4; ++i)
      quad = b.bitOr(quad, b.shiftLeft(counts[i], 8 * i));
    return quad;
  }
  /// Sums over `count` quads: the bytes at bytes[at + 4 i ..] in every lane, times quads[first + i * stride ..].
  Values dot(Value bytes, Value at, Value count, bool areCounts, Value quads, Value first, int64_t stride,
             int64_t vectors) {
    int64_t lanes = spec.isa.lanes;
    Values zero(vectors, b.zeros(b.getI32Type(), lanes));
    auto add = [&](Value quad, ValueRange carried) {
      Value four = b.bitCast(b.load(bytes, b.add(at, b.mul(quad, 4)), 4), b.getI32Type());
      Value shared = b.bitCast(b.splat(b.extract(four, 0), lanes), b.getI8Type());
      Values next;
      for (int64_t v = 0; v < vectors; ++v) {
        Value each = b.load(quads, b.add(b.add(first, b.mul(quad, stride)), v * lanes), lanes);
        each = b.bitCast(each, b.getI8Type());
        next.push_back(areCounts ? dotBytes(b, carried[v], shared, each) : dotBytes(b, carried[v], each, shared));
      }
      return next;
    };
    return b.loop(b.index(0), count, 1, zero, add);
  }

private:
  KernelBuilder &b;
  const AttentionSpec &spec;
};

/// M by AND and popcount of columns: i64 [blocks][columns], bit n of block w is the token at place 64 w + n.
class KeyValueBits : public KeyValueEvents {
public:
  KeyValueBits(KernelBuilder &b, const Kernel &kernel, const AttentionSpec &spec)
      : KeyValueEvents(b, kernel, spec), rows(rowsView()), channelBits(b, spec, rows), quads(b, spec) {
    int64_t at = roundUp(KeyValueEvents::bytes(spec), 64) + rowBytes(spec), count = blocksOf(spec) * columnsOf(spec);
    int64_t pieces = blockBits / lanes * count;
    Type piece = b.getIntegerType(lanes);
    keyPieces = view(at, piece, pieces);
    keyColumns = view(at, b.getI64Type(), count);
    valuePieces = view(at + count * 8, piece, pieces);
    valueColumns = view(at + count * 8, b.getI64Type(), count);
  }
  static int64_t bytes(const AttentionSpec &spec) {
    return roundUp(KeyValueEvents::bytes(spec), 64) + rowBytes(spec) + 2 * blocksOf(spec) * columnsOf(spec) * 8;
  }

  void start() override {
    HeadProduct::start();
    channelBits.clearPadding(b.index(0), tokens());
    // What no head sets: columns between the last word and the last whole vector, places past the last token.
    for (Value columns : {keyColumns, valueColumns})
      b.chunks(b.index(0), b.index(blocksOf(spec) * columnsOf(spec)), lanes / 2,
               [&](Value at, int64_t width) { b.store(b.zeros(b.getI64Type(), width), columns, at); });
  }

  void prepare(Value time, Value head) override {
    auto position = [&](Value place) { return at(time, token(place), head); };
    channelBits.pack(key, tokens(), position, b.index(0));
    turn(keyPieces);
    channelBits.pack(value, tokens(), position, b.index(0));
    turn(valuePieces);
    Value matrix = b.mul(time, depth * padded);
    if (!usesBytes(spec)) {
      b.loop(b.index(0), b.index(depth), 1, [&](Value i) {
        b.loop(b.index(0), b.index(padded), lanes / 2, [&](Value column) {
          b.store(b.unsignedTo(count(i, column), 32), products, b.add(b.add(matrix, b.mul(i, padded)), column));
        });
      });
      return;
    }
    b.loop(b.index(0), b.index(roundUp(depth, 4) / 4), 1, [&](Value quad) {
      b.loop(b.index(0), b.index(padded), lanes / 2, [&](Value column) {
        Value counts[4];
        for (int64_t i = 0; i < 4; ++i)
          counts[i] = count(b.add(b.mul(quad, 4), i), column);
        Value to = b.add(b.add(matrix, b.mul(quad, padded)), column);
        b.store(b.unsignedTo(quads.combine(counts), 32), products, to);
      });
    });
  }

  Values counts(Value time, Value head, Value place, int64_t channel, int64_t vectors) override {
    if (!usesBytes(spec))
      return KeyValueEvents::counts(time, head, place, channel, vectors);
    Value first = b.add(b.mul(time, depth * padded), channel), count = b.index(roundUp(depth, 4) / 4);
    return quads.dot(query, at(time, token(place), head), count, /*areCounts=*/false, products, first, padded, vectors);
  }

private:
  static int64_t rowBytes(const AttentionSpec &spec) { return roundUp(ChannelBits::size(spec) * 4, 64); }
  Value rowsView() { return view(roundUp(KeyValueEvents::bytes(spec), 64), b.getI32Type(), ChannelBits::size(spec)); }

  /// Turns rows into columns: for `lanes` tokens at a time, the bit of each channel becomes the sign bit of a lane.
  void turn(Value pieces) {
    int64_t perBlock = blockBits / lanes;
    b.loop(b.index(0), b.wholes(tokens(), lanes), 1, [&](Value group) {
      Value block = arith::DivUIOp::create(b, group, b.index(perBlock));
      Value within = arith::RemUIOp::create(b, group, b.index(perBlock));
      for (int64_t word = 0; word < wordsOf(spec); ++word) {
        Value tokens = b.load(rows, b.add(b.mul(group, lanes), word * paddedTokens(spec)), lanes);
        for (int64_t bit = 0; bit < wordBits; ++bit) {
          Value shifted = b.shiftLeft(tokens, wordBits - 1 - bit);
          Value isSet = b.compare(arith::CmpIPredicate::slt, shifted, b.constantLike(shifted, 0));
          Value piece = b.extract(b.bitCast(isSet, b.getIntegerType(lanes)), 0);
          Value column = b.add(b.mul(block, columnsOf(spec)), word * wordBits + bit);
          b.store(piece, pieces, b.add(b.mul(column, perBlock), within));
        }
      }
    });
  }

  /// Tokens at which key channel i and each of some value channels spike, in i64.
  Value count(Value i, Value column) {
    auto add = [&](Value block, Value sum) {
      Value first = b.mul(block, columnsOf(spec));
      Value keys = b.splat(b.load(keyColumns, b.add(first, i)), lanes / 2);
      Value both = b.bitAnd(keys, b.load(valueColumns, b.add(first, column), lanes / 2));
      Value found = math::CtPopOp::create(b, both);
      return sum ? b.add(sum, found) : found;
    };
    if (blocksOf(spec) == 1)
      return add(b.index(0), Value());
    return b.loop(b.index(0), b.wholes(tokens(), blockBits), 1, ValueRange{b.zeros(b.getI64Type(), lanes / 2)},
                  [&](Value block, ValueRange carried) { return Values{add(block, carried[0])}; })[0];
  }

  Value rows;
  ChannelBits channelBits;
  Quads quads;
  Value keyPieces, keyColumns, valuePieces, valueColumns;
};

/// S = q k^T of one token after the other, by AND and popcount of rows, in bytes; then S v.
class QueryKeyBits : public HeadProduct {
public:
  QueryKeyBits(KernelBuilder &b, const Kernel &kernel, const AttentionSpec &spec)
      : HeadProduct(b, kernel, spec), quads(b, spec) {
    int64_t size = ChannelBits::size(spec);
    keyRows = view(0, b.getI32Type(), spec.timesIn * size);
    queryRows = view(spec.timesIn * size * 4, b.getI32Type(), spec.timesIn * size);
    scores = view(2 * spec.timesIn * size * 4, scoreType(), paddedTokens(spec));
    if (usesBytes(spec))
      valueQuads = view(quadsAt(spec), b.getI32Type(), spec.timesIn * quadCount(spec) * padded);
  }
  static int64_t bytes(const AttentionSpec &spec) {
    return quadsAt(spec) + (usesBytes(spec) ? spec.timesIn * quadCount(spec) * headWidth(spec) * 4 : 0);
  }

  void start() override {
    HeadProduct::start();
    for (Value rows : {keyRows, queryRows}) {
      ChannelBits bits(b, spec, rows);
      b.loop(b.index(0), b.index(spec.timesIn), 1,
             [&](Value time) { bits.clearPadding(b.mul(time, ChannelBits::size(spec)), tokens()); });
    }
  }

  void prepare(Value time, Value head) override {
    auto position = [&](Value place) { return at(time, token(place), head); };
    Value first = b.mul(time, ChannelBits::size(spec));
    ChannelBits(b, spec, keyRows).pack(key, tokens(), position, first);
    ChannelBits(b, spec, queryRows).pack(query, tokens(), position, first);
    if (!usesBytes(spec))
      return;
    b.loop(b.index(0), b.wholes(tokens(), 4), 1, [&](Value quad) {
      b.loop(b.index(0), b.index(padded), lanes, [&](Value channel) {
        Value spikes[4];
        for (int64_t i = 0; i < 4; ++i) {
          // Past the last token the scores are zero: any value serves.
          Value place = b.min(b.add(b.mul(quad, 4), i), b.sub(tokens(), b.index(1)));
          spikes[i] = b.unsignedTo(b.load(value, b.add(position(place), channel), lanes), 32);
        }
        Value to = b.add(b.mul(b.add(b.mul(time, quadCount(spec)), quad), padded), channel);
        b.store(quads.combine(spikes), valueQuads, to);
      });
    });
  }

  Values counts(Value time, Value head, Value place, int64_t channel, int64_t vectors) override {
    score(time, place);
    if (usesBytes(spec))
      return quads.dot(scores, b.index(0), b.wholes(tokens(), 4), /*areCounts=*/true, valueQuads,
                       b.add(b.mul(time, quadCount(spec) * padded), channel), padded, vectors);
    Values zero(vectors, b.zeros(b.getI32Type(), lanes));
    return b.loop(b.index(0), tokens(), 1, zero, [&](Value other, ValueRange carried) {
      Value met = b.load(scores, other), none = b.constantLike(met, 0);
      auto branch = scf::IfOp::create(b, TypeRange(carried), b.compare(arith::CmpIPredicate::ne, met, none), true);
      OpBuilder::InsertionGuard guard(b);
      b.setInsertionPointToStart(branch.elseBlock());
      scf::YieldOp::create(b, carried);
      b.setInsertionPointToStart(branch.thenBlock());
      Value factor = b.splat(b.unsignedTo(met, 32), lanes), start = b.add(at(time, token(other), head), channel);
      Values next;
      for (int64_t v = 0; v < vectors; ++v) {
        Value spikes = b.unsignedTo(b.load(value, b.add(start, v * lanes), lanes), 32);
        next.push_back(b.add(carried[v], b.mul(factor, spikes)));
      }
      scf::YieldOp::create(b, next);
      return Values(branch.getResults());
    });
  }

private:
  static int64_t quadCount(const AttentionSpec &spec) { return roundUp(spec.tokens, 4) / 4; }
  static int64_t quadsAt(const AttentionSpec &spec) {
    int64_t scoreBytes = depthOf(spec) <= 255 ? 1 : 4;
    return 2 * spec.timesIn * ChannelBits::size(spec) * 4 + roundUp(paddedTokens(spec) * scoreBytes, 64);
  }
  Type scoreType() { return b.getIntegerType(depth <= 255 ? 8 : 32); }

  /// The row of S of the token at a place.
  void score(Value time, Value place) {
    Value first = b.mul(time, ChannelBits::size(spec));
    b.loop(b.index(0), tokens(), lanes, [&](Value other) {
      Value sum;
      for (int64_t word = 0; word < wordsOf(spec); ++word) {
        Value row = b.add(first, word * paddedTokens(spec));
        Value queries = b.splat(b.load(queryRows, b.add(row, place)), lanes);
        Value both = b.bitAnd(queries, b.load(keyRows, b.add(row, other), lanes));
        Value found = math::CtPopOp::create(b, both);
        sum = sum ? b.add(sum, found) : found;
      }
      b.store(b.unsignedTo(sum, scoreType().getIntOrFloatBitWidth()), scores, other);
    });
  }

  Quads quads;
  Value keyRows, queryRows, scores, valueQuads;
};
} // namespace

HeadProduct::HeadProduct(KernelBuilder &b, const Kernel &kernel, const AttentionSpec &spec)
    : b(b), spec(spec), query(kernel.memory[0]), key(kernel.memory[1]), value(kernel.memory[2]), lanes(spec.isa.lanes),
      depth(depthOf(spec)), padded(headWidth(spec)), scratch(kernel.scratch) {
  if (!spec.masked)
    return;
  active = kernel.memory[spec.stateful ? 4 : 3];
  list = b.view(scratch, 0, b.getI32Type(), spec.tokens);
}

Value HeadProduct::view(int64_t offset, Type element, int64_t count) {
  return b.view(scratch, listBytes(spec) + offset, element, count);
}

void HeadProduct::start() {
  if (!spec.masked) {
    present = b.index(spec.tokens);
    return;
  }
  present = b.listWhere(list, spec.tokens, [&](Value token) { return b.isSet(active, token); });
}

Value HeadProduct::token(Value place) { return spec.masked ? b.listed(list, place) : place; }

Value HeadProduct::at(Value time, Value token, Value head) {
  return b.add(b.mul(b.add(b.mul(time, spec.tokens), token), spec.width), b.mul(head, depth));
}

std::unique_ptr<HeadProduct> HeadProduct::create(KernelBuilder &b, const Kernel &kernel, const AttentionSpec &spec) {
  switch (spec.association) {
  case Association::KeyValueEvents:
    return std::make_unique<KeyValueEvents>(b, kernel, spec);
  case Association::KeyValueBits:
    return std::make_unique<KeyValueBits>(b, kernel, spec);
  case Association::QueryKeyBits:
    return std::make_unique<QueryKeyBits>(b, kernel, spec);
  }
  llvm_unreachable("an association");
}

int64_t HeadProduct::scratchBytes(const AttentionSpec &spec) {
  return listBytes(spec) + (spec.association == Association::KeyValueEvents ? KeyValueEvents::bytes(spec)
                            : spec.association == Association::KeyValueBits ? KeyValueBits::bytes(spec)
                                                                            : QueryKeyBits::bytes(spec));
}
