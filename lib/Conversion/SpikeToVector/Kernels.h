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
#include "stas/Quantization/IntegerNeuron.h"
#include "stas/Target/CPU/Isa.h"
#include <optional>

namespace stas {

/// Channels of constants and membranes are padded to a multiple of this, in f32 and in integers: whole vectors of any
/// width, so that plans for several CPUs share both.
constexpr int64_t realMultiple = 16, channelMultiple = 32;

/// Weighted sums of rows, then neurons, or plain results. In f32, or in integers where `bits` is 8, 16 or 24.
/// Memories: input, weights, then what the results need, (active [rows]), output [T, rows, N], or [rows, N] where
/// spikes of a steady current are reduced over time. Work items: rows, of several images.
/// Membranes lie as [N' / g, rows, g], g = 16 in f32 and 32 in integers.
///
/// | | weights | results need |
/// |---|---|---|
/// | f32 | rows [K, N'] | scale [N'], shift [N'], (membrane [rows, N']) |
/// | integer neurons | rows, or two | bias [N'], threshold [N'], (reset [N']), (membrane [rows, N']) |
/// | integer neurons, `cuts` | the same | cuts [T, N'] |
/// | classifier | rows | bias [N'], unit [1] |
///
/// Sums of 32 bits have two weights, pairs for events and pairs or tiles for products, so that plans for several CPUs
/// share launches; a kernel that sums by one of the two alone has its own twice.
struct AccumulateSpec {
  /// What the input holds: i8 spikes, i8 counts, f32, an i32 image, i64 sums.
  enum class Input { Spikes, Counts, Real, Image, Wide };
  /// How sums are computed: RowSums.h.
  using Family = spike::SumsBy;
  /// What becomes of the spikes of a neuron whose current is the same at every timestep: i8 spikes at each, their i8
  /// sum, their f32 mean, or one byte that holds the spike of timestep t in bit t (T <= 8).
  enum class Reduce { None, Sum, Mean, Pattern };
  struct Window {
    int64_t height, width, channels, kernelHeight, kernelWidth, strideY, strideX, paddingY, paddingX, outputWidth;
    bool channelsFirst;
  };
  Input input;
  Isa isa;
  int64_t rows, inputs, channels;
  int64_t timesIn = 1;  // extent of the input's T axis
  int64_t timesOut = 1; // extent of the output's: timesIn, or T where the current is the same at every timestep
  std::optional<Window> window;
  LIFAttr neuron;                 // of f32 sums; none: f32 results
  std::optional<NeuronForm> form; // of integer sums; none: a classifier
  int64_t bits = 0;               // of an integer weight; 0: f32
  bool wide = false;              // integer sums are i64, else i32
  bool cuts = false;              // neurons of a steady current by its cuts
  Family family = Family::Events;
  /// Where not 0: a launch sums by events if at most so many of 1,000 inputs are not zero, else by `family`.
  int64_t mostEvents = 0;
  bool stateful = false, masked = false;
  bool silences = false;     // rows that are not active are read: they do not fire
  bool fresh = false;        // the membranes' memory holds nothing yet at timestep 0, when they are at rest
  int64_t lastTimestep = -1; // of stateful neurons: nobody reads the membranes that it leaves
  Reduce reduce = Reduce::None;

  /// What a launch goes by.
  Family sumsBy() const { return mostEvents > 0 ? Family::Choice : family; }
  bool isReal() const { return bits == 0; }
  bool hasNeurons() const { return neuron || form; }
  bool hasTwoWeights() const { return !isReal() && !wide; }
  /// The same by one family alone.
  AccumulateSpec by(Family only) const {
    AccumulateSpec spec = *this;
    spec.family = only;
    spec.mostEvents = 0;
    return spec;
  }
  /// Channels padded as the constants are.
  int64_t paddedChannels() const;
  /// Channels in a vector of sums.
  int64_t sumLanes() const { return wide ? isa.lanes / 2 : isa.lanes; }
};

/// Attention of spikes: counts of coincidences per head, scale, neurons.
/// Memories: q, k, v [T, N, D], (membrane [heads, N, d']), (active [N]), output [T, N, D]. Work items: heads.
struct AttentionSpec {
  /// How the counts (q k^T) v = q (k^T v) of a head are computed:
  /// k^T v event by event; k^T v by AND and popcount of channels packed along tokens; q k^T by AND and popcount of
  /// tokens packed along channels.
  enum class Association { KeyValueEvents, KeyValueBits, QueryKeyBits };

  Isa isa;
  int64_t tokens, width, heads;
  int64_t timesIn = 1, timesOut = 1;
  double unit = 1.0;              // of f32 neurons
  LIFAttr neuron;                 // f32
  std::optional<NeuronForm> form; // integers
  int64_t bias = 0, threshold = 0, reset = 0;
  Association association = Association::KeyValueEvents;
  bool stateful = false, masked = false, silences = false, fresh = false;
  int64_t lastTimestep = -1;
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

/// Elementwise sum. Memories: lhs, rhs, (active [rows]), output [T, elements]; an operand may lack T. Work items:
/// chunks of elements, or rows of `masked` elements, of which those are summed that are active.
struct AddSpec {
  int64_t lanes, times, elements;
  bool lhsTimed, rhsTimed, lhsReal, rhsReal;
  int64_t factor = 1; // of rhs
  int64_t masked = 0;
};

/// Sum or mean over T, of bytes, f32 or (sums) i64. Memories: input [T, elements], output [elements]. Work items:
/// chunks of elements.
struct IntegrateSpec {
  int64_t lanes, times, elements;
  bool mean, real;
  bool wide = false; // the input is i64
};

/// Mean over tokens. Memories: input [T, N, D], output f32 [T, D]. Work items: chunks of D.
struct MeanTokensSpec {
  int64_t lanes, times, tokens, width;
  bool real;
};

/// Sum over tokens. Memories: input i8 [T, N, D], output i64 [T, D]. Work items: chunks of D.
struct SumTokensSpec {
  int64_t lanes, times, tokens, width;
};

/// round_half_even(x * scale), not beyond +-limit. Memories: input f32, output i32. Work items: chunks of elements.
struct QuantizeSpec {
  int64_t lanes, elements, scale, limit;
};

/// Halting after a block. Memories: stream [N, D], active [N], sum H [N], remainder R [N], y [N, D], steps [N], and in
/// rectangular order column [N], reached [N]. Work items: tokens. Scores and y are f32; with a table of the scores of
/// the stream's values, in units of 2^-24, scores are i32, and instead of y stands what each token's row of the stream
/// counts for now, i32 [N]: buildWeigh adds the rows.
struct HaltSpec {
  int64_t lanes, timesteps, tokens, width;
  ActAttr halting;
  llvm::ArrayRef<int32_t> table;
  bool lastBlock, real;
};

/// total += sum over tokens of weight * row. Memories: stream i8 [N, D], weight i32 [N] without sign, total i64 [D].
/// Work items: chunks of D.
struct WeighSpec {
  int64_t lanes, tokens, width;
};

constexpr int64_t chunkElements = 64;

/// Timesteps up to which neurons of a steady current are compared with their cuts: a comparison each.
constexpr int64_t mostCuts = 16;

/// The tables of an integer spec that stand between its input and its membranes.
llvm::SmallVector<spike::TableKind> tablesOf(const AccumulateSpec &spec);

int64_t accumulateScratch(const AccumulateSpec &spec);
int64_t attentionScratch(const AttentionSpec &spec);
int64_t headWidth(const AttentionSpec &spec); // d' : d padded to whole vectors

void buildAccumulate(KernelBuilder &b, const Kernel &kernel, const AccumulateSpec &spec);
/// Calls one of two kernels of buildAccumulate that differ in their family alone, by spec.mostEvents. Memories and work
/// items are theirs, and so is scratch, of the one that takes more.
void buildChoice(KernelBuilder &b, const Kernel &kernel, const AccumulateSpec &spec, mlir::func::FuncOp events,
                 mlir::func::FuncOp products);
void buildAttention(KernelBuilder &b, const Kernel &kernel, const AttentionSpec &spec);
void buildMaxPool(KernelBuilder &b, const Kernel &kernel, const PoolSpec &spec);
void buildAdd(KernelBuilder &b, const Kernel &kernel, const AddSpec &spec);
void buildIntegrate(KernelBuilder &b, const Kernel &kernel, const IntegrateSpec &spec);
void buildMeanTokens(KernelBuilder &b, const Kernel &kernel, const MeanTokensSpec &spec);
void buildSumTokens(KernelBuilder &b, const Kernel &kernel, const SumTokensSpec &spec);
void buildQuantize(KernelBuilder &b, const Kernel &kernel, const QuantizeSpec &spec);
void buildHalt(KernelBuilder &b, const Kernel &kernel, const HaltSpec &spec);
int64_t haltScratch(const HaltSpec &spec);
void buildWeigh(KernelBuilder &b, const Kernel &kernel, const WeighSpec &spec);
int64_t weighScratch(const WeighSpec &spec);
/// The spikes of a timestep of the rows that are active; where `silences`, zero elsewhere. Memories: spikes [T, rows,
/// N] of all timesteps, what they were computed from (not read: it says whose work this is), active [rows], output
/// [rows, N]. Work items: rows.
void buildSelect(KernelBuilder &b, const Kernel &kernel, int64_t rows, int64_t channels, bool silences);
/// Sets every element: memories: target. Work items: chunks.
void buildFill(KernelBuilder &b, const Kernel &kernel, int64_t elements, double value);
/// Divides every f32 element. Memories: target. Work items: chunks.
void buildDivide(KernelBuilder &b, const Kernel &kernel, int64_t lanes, int64_t elements, double divisor);
/// Rectangular order, before block l: active &= !reached. Memories: active [N], reached [N]. Work items: tokens.
void buildGate(KernelBuilder &b, const Kernel &kernel);
/// Rectangular order, after the last block: the next timestep's first mask. Memories: active, reached, sum [N].
void buildNextStep(KernelBuilder &b, const Kernel &kernel);

} // namespace stas

#endif // STAS_CONVERSION_SPIKETOVECTOR_KERNELS_H
