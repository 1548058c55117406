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

/// Weighted sums of rows, then neurons (or f32 results, with scale and shift or plain).
/// Memories: input, rows [K, N'], scale [N'], shift [N'], (membrane [rows, N']), (active [rows]), output [T, rows, N].
/// Input Sums has the sums already, [T, rows, N], and no rows; plain results have no scale and shift.
/// Work items: rows. Of rows that are not active, spikes are 0 and membranes stay.
struct AccumulateSpec {
  enum class Input { Spikes, Counts, Real, Sums };
  struct Window {
    int64_t height, width, channels, kernelHeight, kernelWidth, strideY, strideX, paddingY, paddingX, outputWidth;
    bool channelsFirst;
  };
  Input input;
  int64_t lanes, rows, inputs, channels;
  int64_t timesIn = 1;  // extent of the input's T axis
  int64_t timesOut = 1; // extent of the output's: timesIn, or T where the current is the same at every timestep
  std::optional<Window> window;
  LIFAttr neuron;     // none: f32 results
  bool plain = false; // the sums themselves
  bool stateful = false, masked = false;
};

/// Attention of spikes: per head k^T v in integers, times q, scale, neurons; those of tokens that are not active neither
/// run nor fire.
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

/// Halting after a block. Memories: stream [N, D], then the parts of stas.halt's state that there are, in place:
/// active [N], sum [N], (remainder [N]), (column [N]), (output [N, D]), (steps [N]). Work items: tokens.
struct HaltSpec {
  int64_t lanes, timesteps, tokens, width;
  ActAttr halting;
  bool lastBlock, steps, real;
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
/// Sets every element. Memories: target, of i8, i32 or f32. Work items: chunks.
void buildFill(KernelBuilder &b, const Kernel &kernel, int64_t elements, double value);
/// Divides every f32 element. Memories: target. Work items: chunks.
void buildDivide(KernelBuilder &b, const Kernel &kernel, int64_t lanes, int64_t elements, double divisor);
/// Rectangular order, before a block: active and not column > 1 - eps. Memories: active, column, output [N]. Work items:
/// tokens.
void buildGate(KernelBuilder &b, const Kernel &kernel, double eps);
/// Memories: from, to, of one type. Work items: chunks.
void buildCopy(KernelBuilder &b, const Kernel &kernel, int64_t lanes);

} // namespace stas

#endif // STAS_CONVERSION_SPIKETOVECTOR_KERNELS_H
