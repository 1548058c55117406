//===- Tables.cpp - Integer layers as kernels read them -------------------===//
#include "stas/Quantization/Staircase.h"
#include "stas/Target/CPU/Emit.h"
#include <cstring>

using namespace mlir;
using namespace stas;
using namespace stas::spike;

namespace {
/// The memory of a table, filled with zeros.
template <typename T> class Memory {
public:
  explicit Memory(MemRefType type) : values(type.getNumElements()) {}
  T &operator[](size_t i) { return values[i]; }
  std::string bytes() const {
    return std::string(reinterpret_cast<const char *>(values.data()), values.size() * sizeof(T));
  }

private:
  std::vector<T> values;
};

/// A layer's weights in the checkpoint's order, [N][C][taps], under the kernel's: input k runs over (taps, C).
class Weights {
public:
  Weights(QuantAttr quant, ArrayRef<int32_t> values) : values(values) {
    auto shape = quant.getWeight().getType().getShape();
    channels = shape[0];
    perTap = shape[1];
    taps = shape.size() == 4 ? shape[2] * shape[3] : 1;
  }
  /// Calls body(n, k, weight) for every weight.
  template <typename Body> void forEach(Body body) const {
    size_t next = 0;
    for (int64_t n = 0; n < channels; ++n)
      for (int64_t c = 0; c < perTap; ++c)
        for (int64_t tap = 0; tap < taps; ++tap)
          body(n, tap * perTap + c, values[next++]);
  }
  int64_t inputs() const { return perTap * taps; }

private:
  ArrayRef<int32_t> values;
  int64_t channels, perTap, taps;
};

/// Where a channel lies in a row of kind pairs: within each group of 32, channel 4 i + j at 8 i + j and channel
/// 16 + 4 i + j at 8 i + 4 + j.
int64_t permuted(int64_t channel) {
  int64_t within = channel % 32, half = within / 16, part = within % 16 / 4, lane = within % 4;
  return channel - within + part * 8 + half * 4 + lane;
}

std::string packWeights(TableKind kind, QuantAttr quant, ArrayRef<int32_t> values) {
  MemRefType type = TableOp::getMemoryType(kind, quant);
  int64_t padded = llvm::alignTo(quant.getChannels(), 32);
  Weights weights(quant, values);
  if (kind != TableKind::Tiles) {
    bool isPermuted = kind == TableKind::Pairs;
    auto rows = [&](auto memory) {
      weights.forEach(
          [&](int64_t n, int64_t k, int32_t w) { memory[k * padded + (isPermuted ? permuted(n) : n)] = w; });
      return memory.bytes();
    };
    return type.getElementType().isInteger(32) ? rows(Memory<int32_t>(type)) : rows(Memory<int16_t>(type));
  }
  // [N' / 16][limbs][K' / 64][16][64]: limb 0 the high one, w = 256 * high + low with both in -128..127.
  Memory<int8_t> memory(type);
  int64_t limbs = quant.getBits() / 8, tiles = llvm::alignTo(weights.inputs(), 64) / 64;
  weights.forEach([&](int64_t n, int64_t k, int32_t w) {
    auto at = [&](int64_t limb) {
      int64_t tile = (n / 16 * limbs + limb) * tiles + k / 64;
      return (tile * 16 + k % 64 / 4) * 64 + n % 16 * 4 + k % 4;
    };
    auto low = static_cast<int8_t>(w);
    memory[at(limbs - 1)] = low;
    if (limbs == 2)
      memory[at(0)] = static_cast<int8_t>((w - low) / 256);
  });
  return memory.bytes();
}

template <typename T> std::string narrowed(MemRefType type, ArrayRef<int64_t> values) {
  Memory<T> memory(type);
  for (auto [index, value] : llvm::enumerate(values))
    memory[index] = static_cast<T>(value);
  return memory.bytes();
}

/// Values of channels, row by row of `channels`, as the sums' type, rows padded.
std::string packChannels(TableKind kind, QuantAttr quant, int64_t channels, ArrayRef<int64_t> values) {
  MemRefType type = TableOp::getMemoryType(kind, quant);
  int64_t padded = llvm::alignTo(channels, 32);
  std::vector<int64_t> rows(type.getNumElements());
  for (auto [index, value] : llvm::enumerate(values))
    rows[index / channels * padded + index % channels] = value;
  return type.getElementType().isInteger(64) ? narrowed<int64_t>(type, rows) : narrowed<int32_t>(type, rows);
}
} // namespace

llvm::Expected<std::string> TableMaker::make(TableKind kind, QuantAttr quant) {
  if (quant != known) {
    known = QuantAttr();
    if (quant.getNeuron()) {
      auto made = quantizeLayer(quant, weights);
      if (!made)
        return made.takeError();
      layer = std::move(*made);
    } else {
      auto made = quantizeHead(quant, weights);
      if (!made)
        return made.takeError();
      head = std::move(*made);
    }
    known = quant;
  }
  bool isLayer = static_cast<bool>(quant.getNeuron());
  int64_t channels = quant.getChannels();
  switch (kind) {
  case TableKind::Rows:
  case TableKind::Pairs:
  case TableKind::Tiles:
    return packWeights(kind, quant, isLayer ? layer.weights : head.weights);
  case TableKind::Bias:
    return packChannels(kind, quant, channels, isLayer ? layer.biases : head.biases);
  case TableKind::Threshold:
    return packChannels(kind, quant, channels, layer.thresholds);
  case TableKind::Reset:
    return packChannels(kind, quant, channels, layer.resets);
  case TableKind::Cuts: {
    // By channel as they come, by step as kernels read them.
    int64_t steps = quant.getSteps();
    std::vector<int64_t> cuts = staircaseCuts(layer, steps), bySteps(cuts.size());
    for (int64_t c = 0; c < channels; ++c)
      for (int64_t step = 0; step < steps; ++step)
        bySteps[step * channels + c] = cuts[c * steps + step];
    return packChannels(kind, quant, channels, bySteps);
  }
  case TableKind::Unit: {
    Memory<double> memory(TableOp::getMemoryType(kind, quant));
    memory[0] = head.unit;
    return memory.bytes();
  }
  }
  llvm_unreachable("a kind of table");
}
