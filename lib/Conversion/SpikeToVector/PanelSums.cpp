//===- PanelSums.cpp - Gathering rows -------------------------------------===//
#include "PanelSums.h"

using namespace mlir;
using namespace stas;

namespace {
constexpr int64_t tileInputs = 64; // of a byte product's weights
constexpr int64_t width = channelMultiple;

/// Elements of the panel: bytes for products of bytes, else 16 bits for products of pairs.
int64_t elementBytes(const AccumulateSpec &spec) { return usesBytes(spec) ? 1 : 2; }
int64_t panelStride(const AccumulateSpec &spec) { return roundUp(spec.inputs, usesBytes(spec) ? tileInputs : 2); }
/// Lists in memory: products come in blocks of up to 32 rows, which may reach past the last.
int64_t paddedLists(int64_t lists) { return roundUp(lists, 16) + 16; }
int64_t limbsInMemory(const AccumulateSpec &spec) {
  return spec.family == AccumulateSpec::Family::Tiles ? spec.bits / 8 : 1;
}
} // namespace

/// Of the rows of a panel, those whose sums are in memory at a time.
static int64_t resultRows(const AccumulateSpec &spec, int64_t rows) {
  int64_t part = partRows(spec) * spec.timesIn;
  return part > 0 ? std::min(rows, part) : rows;
}

int64_t PanelSums::bytes(const AccumulateSpec &spec, int64_t lists) {
  int64_t rows = paddedLists(lists);
  return roundUp(rows * panelStride(spec) * elementBytes(spec), 64) +
         limbsInMemory(spec) * resultRows(spec, rows) * width * 4;
}

PanelSums::PanelSums(KernelBuilder &b, const AccumulateSpec &spec, Value input, Value weights, Value scratch,
                     int64_t offset)
    : RowSums(b, spec, input), weights(weights), stride(panelStride(spec)),
      lists(paddedLists(rowBlock(spec) * spec.timesIn)), resultLists(resultRows(spec, lists)),
      storedLimbs(limbsInMemory(spec)) {
  panel = b.view(scratch, offset, b.getIntegerType(8 * elementBytes(spec)), lists * stride);
  int64_t resultsAt = offset + roundUp(lists * stride * elementBytes(spec), 64);
  results = b.view(scratch, resultsAt, b.getI32Type(), storedLimbs * resultLists * width);
}

void PanelSums::take(Value list, Row row, Value time) {
  unsigned bits = 8 * elementBytes(spec);
  Value first = b.mul(list, stride);
  bool leavesGaps = spec.window && (spec.window->paddingY > 0 || spec.window->paddingX > 0);
  if (leavesGaps) // whole vectors of 32: a row's last inputs have padding behind them, or the next row, written later
    b.chunks(first, b.add(first, stride), 32,
             [&](Value at, int64_t lanes) { b.store(b.zeros(b.getIntegerType(bits), lanes), panel, at); });
  foldRuns(b, spec, input, row, time, {}, [&](Value start, Value length, Value k, ValueRange) {
    Value to = b.add(first, k);
    b.chunks(b.index(0), length, runLanes(spec), [&](Value at, int64_t count) {
      b.store(b.unsignedTo(b.load(input, b.add(start, at), count), bits), panel, b.add(to, at));
    });
    return Values();
  });
}

Values PanelSums::sums(Value list, Value, int64_t vectors) {
  int64_t lanes = spec.isa.lanes;
  Values values;
  for (int64_t v = 0; v < vectors; ++v) {
    Value at = b.add(b.mul(b.sub(list, base), width), v * lanes);
    Value sum = b.load(results, at, lanes);
    if (storedLimbs == 2)
      sum = b.add(b.shiftLeft(sum, 8), b.load(results, b.add(at, resultLists * width), lanes));
    values.push_back(sum);
  }
  return values;
}
