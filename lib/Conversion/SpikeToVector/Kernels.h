//===- Kernels.h - Generators of CPU kernels --------------------*- C++ -*-===//
//
// One generator per kernel family. A spec holds everything that shapes the code;
// equal specs share one kernel. Memories are one-dimensional; bytes hold spikes
// and counts. `lanes` is the number of f32 in a vector register.
//
//===----------------------------------------------------------------------===//
#ifndef STAS_CONVERSION_SPIKETOVECTOR_KERNELS_H
#define STAS_CONVERSION_SPIKETOVECTOR_KERNELS_H

#include "KernelBuilder.h"
#include "dialects/Spike/SpikeAttrs.h"
#include <optional>

namespace stas {

/// Weighted sums of rows, then neurons (or plain f32 results).
/// Memories: input, rows [K, N'], scale [N'], shift [N'], (membrane [rows, N']), (active [rows]), output [T, rows, N],
/// or [rows, N] where spikes of a steady current are reduced over time. Work items: rows.
struct AccumulateSpec {
  enum class Input { Spikes, Counts, Real };
  /// What becomes of the spikes of a neuron whose current is the same at every timestep: i8 spikes at each, their i8
  /// sum, their f32 mean, or one byte that holds the spike of timestep t in bit t (T <= 8).
  enum class Reduce { None, Sum, Mean, Pattern };
  struct Window {
    int64_t height, width, channels, kernelHeight, kernelWidth, strideY, strideX, paddingY, paddingX, outputWidth;
    bool channelsFirst;
  };
  Input input;
  int64_t lanes, rows, inputs, channels;
  int64_t timesIn = 1;  // extent of the input's T axis
  int64_t timesOut = 1; // extent of the output's: timesIn, or T where the current is the same at every timestep
  std::optional<Window> window;
  LIFAttr neuron; // none: f32 results
  bool stateful = false, masked = false;
  Reduce reduce = Reduce::None;
};

/// Attention of spikes: per head k^T v in integers, times q, scale, neurons.
/// Memories: q, k, v [T, N, D], (membrane [heads, N, d']), (active [N]), output [T, N, D]. Work items: heads.
struct AttentionSpec {
  int64_t lanes, tokens, width, heads;
  int64_t timesIn = 1, timesOut = 1;
  double unit = 1.0;
  LIFAttr neuron;
  bool stateful = false, masked = false;
};

/// Max-pooling of channels-last maps. Memories: input [T, H, W, C], output [T, H', W', C]. Work items: output
/// positions.
struct PoolSpec {
  int64_t lanes, times, height, width, channels, outputHeight, outputWidth;
  int64_t kernel[2], strides[2], padding[2];
  bool real;
  /// With Sum or Mean: bytes hold the spikes of `steps` timesteps as bits; a window's patterns unite, and what comes
  /// out is the number of their bits, or that over `steps`.
  AccumulateSpec::Reduce reduce = AccumulateSpec::Reduce::None;
  int64_t steps = 1;
};

/// Elementwise sum. Memories: lhs, rhs, output [T, elements]; an operand may lack T. Work items: chunks of elements.
struct AddSpec {
  int64_t lanes, times, elements;
  bool lhsTimed, rhsTimed, lhsReal, rhsReal;
};

/// Sum or mean over T. Memories: input [T, elements], output [elements]. Work items: chunks of elements.
struct IntegrateSpec {
  int64_t lanes, times, elements;
  bool mean, real;
};

/// Mean over tokens. Memories: input [T, N, D], output f32 [T, D]. Work items: chunks of D.
struct MeanTokensSpec {
  int64_t lanes, times, tokens, width;
  bool real;
};

/// Halting after a block. Memories: stream [N, D], active [N], sum H [N], remainder R [N], y [N, D], steps [N], and in
/// rectangular order column [N], reached [N]. Work items: tokens.
struct HaltSpec {
  int64_t lanes, timesteps, tokens, width;
  ActAttr halting;
  bool lastBlock, real;
};

constexpr int64_t chunkElements = 64;

int64_t accumulateScratch(const AccumulateSpec &spec);
int64_t attentionScratch(const AttentionSpec &spec);
int64_t headWidth(const AttentionSpec &spec); // d' : d padded to whole vectors

void buildAccumulate(KernelBuilder &b, const Kernel &kernel, const AccumulateSpec &spec);
void buildAttention(KernelBuilder &b, const Kernel &kernel, const AttentionSpec &spec);
void buildMaxPool(KernelBuilder &b, const Kernel &kernel, const PoolSpec &spec);
void buildAdd(KernelBuilder &b, const Kernel &kernel, const AddSpec &spec);
void buildIntegrate(KernelBuilder &b, const Kernel &kernel, const IntegrateSpec &spec);
void buildMeanTokens(KernelBuilder &b, const Kernel &kernel, const MeanTokensSpec &spec);
void buildHalt(KernelBuilder &b, const Kernel &kernel, const HaltSpec &spec);
/// Sets every element: memories: target. Work items: chunks. An i8 or f32 value.
void buildFill(KernelBuilder &b, const Kernel &kernel, int64_t elements, double value);
/// Divides every f32 element. Memories: target. Work items: chunks.
void buildDivide(KernelBuilder &b, const Kernel &kernel, int64_t lanes, int64_t elements, double divisor);
/// Rectangular order, before block l: active &= !reached. Memories: active [N], reached [N]. Work items: tokens.
void buildGate(KernelBuilder &b, const Kernel &kernel);
/// Rectangular order, after the last block: the next timestep's first mask. Memories: active, reached, sum [N].
void buildNextStep(KernelBuilder &b, const Kernel &kernel);

} // namespace stas

#endif // STAS_CONVERSION_SPIKETOVECTOR_KERNELS_H
