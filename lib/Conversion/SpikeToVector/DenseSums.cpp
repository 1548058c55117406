//===- DenseSums.cpp - Products blocked in registers ----------------------===//
//
// A block of rows times 32 channels (16 on AVX2) stays in registers while the
// inputs go by. VNNI multiplies bytes of the panel by limbs of the weights, the
// tables that AMX reads; without it pairs of 16 bits are multiplied, the tables
// of the event-driven kernel.
//
//===----------------------------------------------------------------------===//
#include "PanelSums.h"
#include "Products.h"

using namespace mlir;
using namespace stas;

namespace {
class DenseSums : public PanelSums {
public:
  using PanelSums::PanelSums;

protected:
  /// `bytes` bytes of the panel in every lane of 32 bits, as elements.
  Value shared(Value at, int64_t elements, Type element) {
    Value word = b.extract(b.bitCast(b.load(panel, at, elements), b.getI32Type()), 0);
    return b.bitCast(b.splat(word, spec.isa.lanes), element);
  }
  void store(Value sum, Value list, int64_t channel) {
    b.store(sum, results, b.add(b.mul(b.sub(list, base), channelMultiple), channel));
  }
};

/// Bytes times limbs: the tiles [N' / 16][limbs][K' / 64][16][64], that is, a vector for each quad of inputs.
class ByteProducts : public DenseSums {
public:
  using DenseSums::DenseSums;

  void startTile(Value begin, Value end, Value channel, int64_t, Meanwhile meanwhile) override {
    base = begin;
    constexpr int64_t columns = 2, vectorBytes = 64;
    int64_t limbs = spec.bits / 8, vectors = columns * limbs, rows = 24 / vectors;
    Value first = b.mul(channel, limbs * stride); // 16 channels are limbs * K' * 16 bytes
    b.loop(begin, end, rows, [&](Value list) {
      meanwhile(list, rows);
      Values zero(rows * vectors, b.zeros(b.getI32Type(), spec.isa.lanes));
      Values sums = b.loop(b.index(0), b.index(roundUp(spec.inputs, 4) / 4), 1, zero, [&](Value quad, ValueRange old) {
        Values weight, next;
        for (int64_t v = 0; v < vectors; ++v)
          weight.push_back(
              b.load(weights, b.add(b.add(first, b.mul(quad, vectorBytes)), v * stride * 16), vectorBytes));
        for (int64_t row = 0; row < rows; ++row) {
          Value at = b.add(b.mul(b.add(list, row), stride), b.mul(quad, 4));
          Value inputs = shared(at, 4, b.getI8Type());
          for (int64_t v = 0; v < vectors; ++v)
            next.push_back(dotBytes(b, old[row * vectors + v], inputs, weight[v]));
        }
        return next;
      });
      for (int64_t row = 0; row < rows; ++row)
        for (int64_t column = 0; column < columns; ++column) {
          Value sum = sums[row * vectors + column * limbs];
          if (limbs == 2)
            sum = b.add(b.shiftLeft(sum, 8), sums[row * vectors + column * limbs + 1]);
          store(sum, b.add(list, row), column * 16);
        }
    });
  }
};

/// Pairs of 16 bits times rows in permuted groups.
class PairProducts : public DenseSums {
public:
  using DenseSums::DenseSums;

  void startTile(Value begin, Value end, Value channel, int64_t vectors, Meanwhile meanwhile) override {
    base = begin;
    int64_t lanes = spec.isa.lanes, rows = lanes == 16 ? 12 : 6, padded = spec.paddedChannels();
    for (int64_t load = 0; load < vectors / 2; ++load) {
      auto [low, high] = unpackedVectors(load, lanes);
      Value first = b.add(channel, load * 2 * lanes);
      b.loop(begin, end, rows, [&, low = low, high = high](Value list) {
        if (load == 0)
          meanwhile(list, rows);
        Values zero(2 * rows, b.zeros(b.getI32Type(), lanes));
        // An odd number of inputs ends with the row of zeros behind the weights.
        Values sums = b.loop(b.index(0), b.index(stride / 2), 1, zero, [&](Value pair, ValueRange old) {
          Value at = b.add(b.mul(pair, 2 * padded), first);
          Value even = b.load(weights, at, 2 * lanes), odd = b.load(weights, b.add(at, padded), 2 * lanes);
          Value weight[2] = {unpack(b, even, odd, /*high=*/false), unpack(b, even, odd, /*high=*/true)};
          Values next;
          for (int64_t row = 0; row < rows; ++row) {
            Value inputs = shared(b.add(b.mul(b.add(list, row), stride), b.mul(pair, 2)), 2, b.getI16Type());
            for (int64_t half = 0; half < 2; ++half)
              next.push_back(dotPairs(b, spec.isa, old[2 * row + half], weight[half], inputs));
          }
          return next;
        });
        for (int64_t row = 0; row < rows; ++row) {
          store(sums[2 * row], b.add(list, row), low * lanes);
          store(sums[2 * row + 1], b.add(list, row), high * lanes);
        }
      });
    }
  }
};
} // namespace

std::unique_ptr<RowSums> stas::createDenseSums(KernelBuilder &b, const AccumulateSpec &spec, Value input, Value weights,
                                               Value scratch, int64_t offset) {
  if (usesBytes(spec))
    return std::make_unique<ByteProducts>(b, spec, input, weights, scratch, offset);
  return std::make_unique<PairProducts>(b, spec, input, weights, scratch, offset);
}
