//===- TileSums.cpp - AMX tiles -------------------------------------------===//
//
// Two tiles of 16 rows times two tiles of 16 channels; of weights in two limbs,
// one tile of channels in both. Each step of 64 inputs loads four tiles and
// multiplies four times.
//
//===----------------------------------------------------------------------===//
#include "PanelSums.h"
#include "mlir/Dialect/AMX/AMXDialect.h"

using namespace mlir;
using namespace stas;

namespace {
constexpr int64_t tileRows = 16, tileInputs = 64, tileBytes = tileRows * tileInputs;

class TileSums : public PanelSums {
public:
  TileSums(KernelBuilder &b, const AccumulateSpec &spec, Value input, Value weights, Value scratch, int64_t offset)
      : PanelSums(b, spec, input, weights, scratch, offset), limbs(spec.bits / 8),
        bytes(amx::TileType::get({tileRows, tileInputs}, b.getI8Type())),
        words(amx::TileType::get({tileRows, tileRows}, b.getI32Type())) {}

  void startTile(Value count, Value channel, int64_t, Meanwhile meanwhile) override {
    // Pairs of row tiles; where at most 16 rows are left, one alone.
    Value whole = b.mul(arith::DivUIOp::create(b, b.add(count, tileRows - 1), b.index(2 * tileRows)), 2 * tileRows);
    for (int64_t column = 0; column < columns(); ++column) {
      Value tile = b.add(b.mul(channel, limbs * stride), column * limbs * stride * tileRows);
      auto rows = [&](Value list, int64_t tiles) { multiply(list, tiles, tile, column, meanwhile); };
      b.loop(b.index(0), whole, 2 * tileRows, [&](Value list) { rows(list, 2); });
      Value isLeft = b.compare(arith::CmpIPredicate::ult, whole, count);
      b.ifThen(isLeft, [&] { rows(whole, 1); });
    }
  }

private:
  /// Of 16 channels in two limbs, or one of 32.
  int64_t columns() const { return limbs == 2 ? 2 : 1; }
  /// Row tiles from a list on, times two tiles of weights: two of channels, or the two limbs of one.
  /// What comes after is asked for a little at each step: a core waits for no more than 16 lines at a time.
  void multiply(Value list, int64_t rows, Value tile, int64_t column, Meanwhile meanwhile) {
    int64_t steps = stride / tileInputs, share = llvm::divideCeil(rows * tileRows, steps * columns());
    Values zero;
    for (int64_t i = 0; i < 2 * rows; ++i)
      zero.push_back(amx::TileZeroOp::create(b, words));
    Values sums = b.loop(b.index(0), b.index(steps), 1, zero, [&](Value step, ValueRange old) {
      Values inputs, next;
      meanwhile(b.add(list, b.mul(b.add(step, column * steps), share)), share);
      prefetchWeights(b.add(b.mul(arith::DivUIOp::create(b, list, b.index(2 * tileRows)), steps), step), tile);
      for (int64_t row = 0; row < rows; ++row) {
        Value at = b.add(b.mul(b.add(list, row * tileRows), stride), b.mul(step, tileInputs));
        inputs.push_back(amx::TileLoadOp::create(b, bytes, panel, ValueRange{at}, b.index(stride)));
      }
      Values weight;
      for (int64_t other = 0; other < 2; ++other) {
        Value at = b.add(b.add(tile, b.mul(step, tileBytes)), other * stride * tileRows);
        weight.push_back(amx::TileLoadOp::create(b, bytes, weights, ValueRange{at}, b.index(tileInputs)));
      }
      for (int64_t row = 0; row < rows; ++row)
        for (int64_t other = 0; other < 2; ++other)
          next.push_back(amx::TileMulIOp::create(b, words, inputs[row], weight[other], old[2 * row + other],
                                                 /*isZextLhs=*/true, /*isZextRhs=*/false));
      return next;
    });
    for (int64_t row = 0; row < rows; ++row)
      for (int64_t other = 0; other < 2; ++other) {
        int64_t limb = limbs == 2 ? other : 0, channel = (limbs == 2 ? column : other) * tileRows;
        Value at = b.add(b.mul(b.add(list, row * tileRows), channelMultiple), limb * lists * channelMultiple + channel);
        amx::TileStoreOp::create(b, results, ValueRange{at}, sums[2 * row + other], b.index(channelMultiple));
      }
  }

  /// A few lines of the tile after this one: by the time that some rows have been multiplied, all of it is there.
  void prefetchWeights(Value turn, Value tile) {
    constexpr int64_t lines = 4, lineBytes = 64;
    Value next = b.add(b.add(tile, 2 * stride * tileRows), b.mul(turn, lines * lineBytes));
    int64_t last = cast<MemRefType>(weights.getType()).getNumElements() - 1;
    for (int64_t line = 0; line < lines; ++line)
      b.prefetch(weights, b.min(b.add(next, line * lineBytes), b.index(last)));
  }

  int64_t limbs;
  amx::TileType bytes, words;
};
} // namespace

std::unique_ptr<RowSums> stas::createTileSums(KernelBuilder &b, const AccumulateSpec &spec, Value input, Value weights,
                                              Value scratch, int64_t offset) {
  return std::make_unique<TileSums>(b, spec, input, weights, scratch, offset);
}
