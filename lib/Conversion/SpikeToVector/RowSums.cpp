//===- RowSums.cpp - The inputs of a row ----------------------------------===//
#include "RowSums.h"

using namespace mlir;
using namespace stas;

static bool isPermuted(const AccumulateSpec &spec) { return !spec.isReal() && !spec.wide; }

int64_t AccumulateSpec::paddedChannels() const { return roundUp(channels, isReal() ? isa.lanes : channelMultiple); }

int64_t stas::channelGroup(const AccumulateSpec &spec) { return isPermuted(spec) ? channelMultiple : spec.sumLanes(); }

int64_t stas::tileChannels(const AccumulateSpec &spec) {
  // Sums in registers: 16 of the 32 of AVX-512, 8 of the 16 of AVX2; f32 has weights and membranes beside them.
  int64_t vectors = isPermuted(spec) ? spec.isa.lanes : 8;
  return vectors * spec.sumLanes();
}

int64_t stas::rowBlock(const AccumulateSpec &spec) {
  constexpr int64_t mostScratch = 2 << 20, mostRows = 64;
  return std::clamp<int64_t>(mostScratch / RowSums::scratchBytes(spec, spec.timesIn), 1, mostRows);
}

std::unique_ptr<RowSums> RowSums::create(KernelBuilder &b, const AccumulateSpec &spec, Value input, Value weights,
                                         Value scratch, int64_t offset) {
  return createEventSums(b, spec, input, weights, scratch, offset);
}

int64_t RowSums::scratchBytes(const AccumulateSpec &spec, int64_t lists) { return eventScratchBytes(spec, lists); }

Values RowSums::foldRuns(Value row, Value time, ValueRange carried, Run body) {
  if (spec.window)
    return foldWindow(row, time, carried, body);
  Value start = b.mul(b.add(b.mul(time, spec.rows), row), spec.inputs);
  return body(start, b.index(spec.inputs), b.index(0), carried);
}

/// On a channels-last map each window row is a run; on an image, channels first, each element, in the order
/// (row, column, channel) of the packed weights.
Values RowSums::foldWindow(Value row, Value time, ValueRange carried, Run body) {
  const auto &w = *spec.window;
  Value top = b.sub(b.mul(arith::DivUIOp::create(b, row, b.index(w.outputWidth)), w.strideY), b.index(w.paddingY));
  Value left = b.sub(b.mul(arith::RemUIOp::create(b, row, b.index(w.outputWidth)), w.strideX), b.index(w.paddingX));
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
      return body(b.mul(pixel, w.channels), b.mul(b.sub(highX, lowX), w.channels), k, outer);
    }
    return b.loop(lowX, highX, 1, outer, [&](Value kernelX, ValueRange middle) {
      return b.loop(b.index(0), b.index(w.channels), 1, middle, [&](Value channel, ValueRange inner) {
        Value k = b.add(b.mul(b.add(b.mul(kernelY, w.kernelWidth), kernelX), w.channels), channel);
        Value line = b.add(b.mul(b.add(b.mul(time, w.channels), channel), w.height), y);
        Value at = b.add(b.mul(line, w.width), b.add(left, kernelX));
        return body(at, b.index(1), k, inner);
      });
    });
  });
}
