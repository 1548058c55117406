//===- RowSums.cpp - The inputs of a row ----------------------------------===//
#include "PanelSums.h"
#include <numeric>

using namespace mlir;
using namespace stas;

using Family = AccumulateSpec::Family;

/// Whether the constants of channels are taken in whole groups of 32.
static bool isGrouped(const AccumulateSpec &spec) { return spec.hasTwoWeights(); }

int64_t AccumulateSpec::paddedChannels() const { return roundUp(channels, isReal() ? realMultiple : channelMultiple); }

int64_t stas::channelGroup(const AccumulateSpec &spec) { return isGrouped(spec) ? channelMultiple : spec.sumLanes(); }

int64_t stas::tileChannels(const AccumulateSpec &spec) {
  if (spec.family != Family::Events)
    return channelMultiple;
  // Sums in registers: 16 of the 32 of AVX-512, 8 of the 16 of AVX2; f32 and i64 have other vectors beside them.
  int64_t vectors = isGrouped(spec) ? spec.isa.lanes : 8;
  return vectors * spec.sumLanes();
}

bool stas::usesBytes(const AccumulateSpec &spec) {
  return spec.family == Family::Tiles || (spec.family == Family::Dense && spec.isa.vnni);
}

int64_t stas::runLanes(const AccumulateSpec &spec) {
  int64_t run = spec.window ? spec.window->channels : spec.inputs;
  return run % 64 == 0 ? 64 : run % 32 == 0 ? 32 : 16;
}

int64_t stas::rowBlock(const AccumulateSpec &spec) {
  // Lists of events are long, but mostly empty: what counts of them is that the weights of a tile are read once a
  // block. Of rows that can be inactive about half are.
  bool events = spec.family == Family::Events;
  int64_t mostScratch = events ? 2 << 20 : 1 << 20, mostRows = events ? 64 : std::max<int64_t>(256 / spec.timesIn, 1);
  if (spec.masked)
    mostRows *= 2;
  // A panel is padded to whole tiles: the bytes of one row are those of several.
  int64_t several = 32, bytes = RowSums::scratchBytes(spec, several * spec.timesIn);
  return std::clamp<int64_t>(mostScratch * several / bytes, 1, mostRows);
}

int64_t stas::partRows(const AccumulateSpec &spec) {
  return spec.family == Family::Tiles ? std::lcm(listsTogether(spec), spec.timesIn) / spec.timesIn : 0;
}

SmallVector<spike::TableKind> stas::tablesOf(const AccumulateSpec &spec) {
  using spike::TableKind;
  TableKind weights = spec.wide ? TableKind::Rows : usesBytes(spec) ? TableKind::Tiles : TableKind::Pairs;
  SmallVector<TableKind> tables{weights};
  if (spec.hasTwoWeights())
    tables.insert(tables.begin(), spec.mostEvents > 0 ? TableKind::Pairs : weights);
  if (spec.cuts) {
    tables.push_back(TableKind::Cuts);
  } else if (spec.form) {
    tables.append({TableKind::Bias, TableKind::Threshold});
    if (spec.form->soft)
      tables.push_back(TableKind::Reset);
  } else {
    tables.append({TableKind::Bias, TableKind::Unit});
  }
  return tables;
}

std::unique_ptr<RowSums> RowSums::create(KernelBuilder &b, const AccumulateSpec &spec, Value input, Value weights,
                                         Value scratch, int64_t offset) {
  auto *create = spec.family == Family::Events  ? createEventSums
                 : spec.family == Family::Dense ? createDenseSums
                                                : createTileSums;
  return create(b, spec, input, weights, scratch, offset);
}

int64_t RowSums::scratchBytes(const AccumulateSpec &spec, int64_t lists) {
  return spec.family == Family::Events ? eventScratchBytes(spec, lists) : PanelSums::bytes(spec, lists);
}

Row Row::of(KernelBuilder &b, const Kernel &kernel, const AccumulateSpec &spec, Value item) {
  Value rows = b.index(spec.rows), image = arith::DivUIOp::create(b, item, rows);
  Value units = arith::DivUIOp::create(b, kernel.stride, b.index(64)); // from an image to the next
  return {arith::RemUIOp::create(b, item, rows), b.mul(image, units)};
}

Value Row::at(KernelBuilder &b, Value element, Value memory) const {
  return b.add(element, b.mul(image, 64 * 8 / cast<MemRefType>(memory.getType()).getElementTypeBitWidth()));
}

/// On a channels-last map each window row is a run; on an image, channels first, each element, in the order
/// (row, column, channel) of the packed weights.
static Values foldWindow(KernelBuilder &b, const AccumulateSpec &spec, Value input, Row row, Value time,
                         ValueRange carried, Run body) {
  const auto &w = *spec.window;
  Value top =
      b.sub(b.mul(arith::DivUIOp::create(b, row.index, b.index(w.outputWidth)), w.strideY), b.index(w.paddingY));
  Value left =
      b.sub(b.mul(arith::RemUIOp::create(b, row.index, b.index(w.outputWidth)), w.strideX), b.index(w.paddingX));
  // The part of the window inside the map; empty where all of it is beside.
  auto inside = [&](Value base, int64_t kernel, int64_t extent) {
    Value low = b.min(b.max(b.sub(b.index(0), base), b.index(0)), b.index(kernel));
    return std::make_pair(low, b.max(b.min(b.sub(b.index(extent), base), b.index(kernel)), low));
  };
  auto [lowY, highY] = inside(top, w.kernelHeight, w.height);
  auto [lowX, highX] = inside(left, w.kernelWidth, w.width);
  return b.loop(lowY, highY, 1, carried, [&, lowX = lowX, highX = highX](Value kernelY, ValueRange outer) {
    Value y = b.add(top, kernelY);
    if (!w.channelsFirst) {
      Value pixel = b.add(b.mul(b.add(b.mul(time, w.height), y), w.width), b.add(left, lowX));
      Value k = b.mul(b.add(b.mul(kernelY, w.kernelWidth), lowX), w.channels);
      return body(row.at(b, b.mul(pixel, w.channels), input), b.mul(b.sub(highX, lowX), w.channels), k, outer);
    }
    return b.loop(lowX, highX, 1, outer, [&](Value kernelX, ValueRange middle) {
      return b.loop(b.index(0), b.index(w.channels), 1, middle, [&](Value channel, ValueRange inner) {
        Value k = b.add(b.mul(b.add(b.mul(kernelY, w.kernelWidth), kernelX), w.channels), channel);
        Value line = b.add(b.mul(b.add(b.mul(time, w.channels), channel), w.height), y);
        Value at = b.add(b.mul(line, w.width), b.add(left, kernelX));
        return body(row.at(b, at, input), b.index(1), k, inner);
      });
    });
  });
}

Values stas::foldRuns(KernelBuilder &b, const AccumulateSpec &spec, Value input, Row row, Value time,
                      ValueRange carried, Run body) {
  if (spec.window)
    return foldWindow(b, spec, input, row, time, carried, body);
  Value start = b.mul(b.add(b.mul(time, spec.rows), row.index), spec.inputs);
  return body(row.at(b, start, input), b.index(spec.inputs), b.index(0), carried);
}
