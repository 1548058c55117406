//===- TileSums.cpp - AMX tiles -------------------------------------------===//
//
// The first cache decides: a tile that lies in it is loaded while another is
// multiplied, from the second one it comes too late. So few rows at a time are
// multiplied by all weights of 32 channels, their neurons run, and the sums' memory
// serves the next rows. Where those weights fit into the cache, 16 rows are
// multiplied by all of them at once. Where they do not, 32 rows by half of them,
// some inputs at a time, so that the other half finds these inputs in the cache.
//
//===----------------------------------------------------------------------===//
#include "PanelSums.h"
#include "mlir/Dialect/AMX/AMXDialect.h"

using namespace mlir;
using namespace stas;

namespace {
constexpr int64_t tileRows = 16, tileInputs = 64, tileBytes = tileRows * tileInputs;

/// Whether the weights of 32 channels leave room in the first cache for inputs and sums.
bool areResident(const AccumulateSpec &spec) {
  constexpr int64_t mostBytes = 32 << 10;
  return channelMultiple * spec.bits / 8 * roundUp(spec.inputs, tileInputs) <= mostBytes;
}

/// A product of 2 * 2 tiles, or of 1 * 4: sums in four of the eight registers.
int64_t rowTiles(const AccumulateSpec &spec) { return spec.bits == 16 && areResident(spec) ? 1 : 2; }

/// At most 8 steps at a time, in as equal parts as there can be.
int64_t evenly(int64_t steps) {
  constexpr int64_t most = 8;
  return steps <= most ? steps : llvm::divideCeil(steps, llvm::divideCeil(steps, most));
}

class TileSums : public PanelSums {
public:
  TileSums(KernelBuilder &b, const AccumulateSpec &spec, Value input, Value weights, Value scratch, int64_t offset)
      : PanelSums(b, spec, input, weights, scratch, offset), limbs(spec.bits / 8), weightTiles(4 / rowTiles(spec)),
        passes(2 * limbs / weightTiles), steps(stride / tileInputs), passSteps(passes == 1 ? steps : evenly(steps)),
        bytes(amx::TileType::get({tileRows, tileInputs}, b.getI8Type())),
        words(amx::TileType::get({tileRows, tileRows}, b.getI32Type())) {}

  void startBlock(Value lists) override {
    // Of 16 row tiles, a portion a step makes all of the weights.
    int64_t together = rowTiles(spec) * tileRows, all = 16 / rowTiles(spec);
    portions = b.index(1);
    if (!spec.masked)
      return;
    Value groups =
        arith::DivUIOp::create(b, b.add(lists, 2 * together - 1), b.index(together)); // and one more: not none
    portions = arith::DivUIOp::create(b, b.add(groups, all), groups);
  }

  void startTile(Value first, Value last, Value channel, int64_t, Meanwhile meanwhile) override {
    base = first;
    if (passSteps < steps)
      b.loop(b.index(0), b.index(limbs * resultLists * channelMultiple), spec.isa.lanes,
             [&](Value at) { b.store(b.zeros(b.getI32Type(), spec.isa.lanes), results, at); });
    // Row tiles by one or two; where one of two is left, it alone.
    int64_t rows = rowTiles(spec), lists = rows * tileRows;
    Value whole = arith::DivUIOp::create(b, b.sub(b.add(last, tileRows - 1), first), b.index(lists));
    whole = b.add(first, b.mul(whole, lists));
    b.loop(first, whole, lists, [&](Value list) { multiply(list, rows, channel, meanwhile); });
    if (rows > 1)
      b.ifThen(b.compare(arith::CmpIPredicate::ult, whole, last), [&] { multiply(whole, 1, channel, meanwhile); });
  }

private:
  /// Row tiles from a list on, times the weights of 32 channels: half of them or all in a pass.
  void multiply(Value list, int64_t rows, Value channel, Meanwhile meanwhile) {
    b.loop(b.index(0), b.index(steps), passSteps, [&](Value step) {
      Value end = steps % passSteps == 0 ? b.add(step, passSteps) : b.min(b.add(step, passSteps), b.index(steps));
      for (int64_t pass = 0; pass < passes; ++pass)
        multiply(list, rows, channel, pass, step, end, meanwhile);
    });
  }

  /// The inputs of steps [begin, end), 64 each. What comes after is asked for a little at each step: a core waits for
  /// no more than 16 lines at a time.
  void multiply(Value list, int64_t rows, Value channel, int64_t pass, Value begin, Value end, Meanwhile meanwhile) {
    int64_t share = llvm::divideCeil(rows * tileRows, steps * passes), panelBytes = stride * tileRows;
    Value first = b.mul(channel, limbs * stride), firstOfPass = b.add(first, pass * weightTiles * panelBytes);
    auto forEachSum = [&](llvm::function_ref<void(int64_t sum, Value at)> body) {
      for (int64_t sum = 0; sum < rows * weightTiles; ++sum) {
        int64_t row = sum / weightTiles, tile = pass * weightTiles + sum % weightTiles;
        int64_t at = row * tileRows * channelMultiple + tile / limbs * tileRows;
        body(sum, b.add(b.mul(b.sub(list, base), channelMultiple), at + tile % limbs * resultLists * channelMultiple));
      }
    };
    Values start(rows * weightTiles);
    forEachSum([&](int64_t sum, Value at) {
      start[sum] = passSteps == steps
                       ? Value(amx::TileZeroOp::create(b, words))
                       : amx::TileLoadOp::create(b, words, results, ValueRange{at}, b.index(channelMultiple));
    });
    Values sums = b.loop(begin, end, 1, start, [&](Value step, ValueRange old) {
      Value turn = b.add(step, pass * steps);
      meanwhile(b.add(list, b.mul(turn, share)), share);
      Value group = arith::DivUIOp::create(b, list, b.index(rowTiles(spec) * tileRows));
      prefetchWeights(b.add(b.mul(group, steps * passes), turn), b.add(first, 2 * limbs * panelBytes));
      Values inputs, next(old.size());
      for (int64_t row = 0; row < rows; ++row) {
        Value at = b.add(b.mul(b.add(list, row * tileRows), stride), b.mul(step, tileInputs));
        inputs.push_back(amx::TileLoadOp::create(b, bytes, panel, ValueRange{at}, b.index(stride)));
      }
      for (int64_t tile = 0; tile < weightTiles; ++tile) {
        Value at = b.add(b.add(firstOfPass, b.mul(step, tileBytes)), tile * panelBytes);
        Value weight = amx::TileLoadOp::create(b, bytes, weights, ValueRange{at}, b.index(tileInputs));
        for (int64_t row = 0; row < rows; ++row)
          next[row * weightTiles + tile] = amx::TileMulIOp::create(
              b, words, inputs[row], weight, old[row * weightTiles + tile], /*isZextLhs=*/true, /*isZextRhs=*/false);
      }
      return next;
    });
    forEachSum([&](int64_t sum, Value at) {
      amx::TileStoreOp::create(b, results, ValueRange{at}, sums[sum], b.index(channelMultiple));
    });
  }

  /// Some lines of the next channels' weights: by the time that all rows have been multiplied, all of them are there.
  void prefetchWeights(Value turn, Value next) {
    constexpr int64_t lines = 4, lineBytes = 64;
    int64_t last = cast<MemRefType>(weights.getType()).getNumElements() - 1;
    Value bytes = b.mul(portions, lines * lineBytes), from = b.add(next, b.mul(turn, bytes));
    b.loop(b.index(0), bytes, lines * lineBytes, [&](Value at) {
      for (int64_t line = 0; line < lines; ++line)
        b.prefetch(weights, b.min(b.add(b.add(from, at), line * lineBytes), b.index(last)));
    });
  }

  int64_t limbs;
  int64_t weightTiles, passes; // of 32 channels, 2 * limbs tiles
  int64_t steps, passSteps;    // of 64 inputs
  amx::TileType bytes, words;
  Value portions; // of the next weights, asked for at a step: few rows have few steps
};
} // namespace

int64_t stas::listsTogether(const AccumulateSpec &spec) { return rowTiles(spec) * tileRows; }

std::unique_ptr<RowSums> stas::createTileSums(KernelBuilder &b, const AccumulateSpec &spec, Value input, Value weights,
                                              Value scratch, int64_t offset) {
  return std::make_unique<TileSums>(b, spec, input, weights, scratch, offset);
}
