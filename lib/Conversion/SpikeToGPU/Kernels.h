//===- Kernels.h - Generators of GPU kernels --------------------*- C++ -*-===//
//
// One generator per kernel family. A spec holds everything that shapes the code;
// equal specs share one kernel. The batch is no part of a spec: rows are the
// tokens of all images, and how many there are is an argument.
//
// Values on the device, of `rows` tokens and D channels:
//
// | | layout |
// |---|---|
// | spikes | bits [T, rows, D'], D' = D rounded up to 128: bit c % 8 of byte c / 8 |
// | counts | bytes [T, rows, D''], D'' = D rounded up to 16 |
// | membranes | i32 [rows, N'], N' = N rounded up to 32 |
//
// What lies between D and D' may be anything: weights are zero there.
//
//===----------------------------------------------------------------------===//
#ifndef STAS_CONVERSION_SPIKETOGPU_KERNELS_H
#define STAS_CONVERSION_SPIKETOGPU_KERNELS_H

#include "KernelBuilder.h"
#include "dialects/STAS/STASAttrs.h"
#include "stas/Quantization/IntegerNeuron.h"
#include <optional>

namespace stas::cuda {

constexpr int64_t spikeBytes(int64_t channels) { return (channels + 127) / 128 * 16; }
constexpr int64_t countBytes(int64_t channels) { return (channels + 15) / 16 * 16; }
/// Inputs and channels of a weight matrix are padded with zeros to whole blocks.
constexpr int64_t inputBlock = 64, channelBlock = 32;

/// How a product of rows and weights is cut: a block of threads makes `rows` x `channels` results of up to `timesteps`
/// timesteps at once, taking `inputs` at a time through a pipeline of `stages`. A warp has warpRows x warpChannels of
/// them.
struct LinearTiles {
  int64_t rows = 64, channels = 64, inputs = 64, stages = 3;
  int64_t warpRows = 16, warpChannels = 32;
  int64_t timesteps = 4;
  int64_t blocks = 0; ///< that a multiprocessor must run at once, which bounds the registers of a thread; 0: no bound

  int64_t warps() const { return (rows / warpRows) * (channels / warpChannels); }
  int64_t threads() const { return warps() * 32; }
  bool operator==(const LinearTiles &other) const;
};

/// A linear layer, its bias, its neurons over all timesteps, and perhaps the residual sum that takes the spikes. Or a
/// convolution, which is the same for each of its taps.
struct LinearSpec {
  enum class Input { Spikes, Counts };
  /// Rows are the positions of maps: a convolution of stride 1 with an odd window, as much padding as keeps the size.
  struct Map {
    int64_t height = 1, width = 1;
    int64_t kernel[2] = {1, 1};
  };
  Input input = Input::Spikes;
  int64_t inputs = 0, channels = 0; // of a position
  std::optional<Map> map;
  int64_t timesIn = 1;  // of the input; 1: the current is the same at every timestep
  int64_t timesOut = 1; // that neurons run
  int64_t bits = 16;    // of a weight: 8 or 16
  NeuronForm form;
  /// Spikes are written.
  bool spikes = true;
  /// Layers of one input beside each other, of as many channels each: their spikes go to as many memories, and G of
  /// their neurons is theirs. `form` has F - G, which they share.
  int64_t parts = 1;
  /// With this factor spikes are added to a stream of counts [streamTimes, rows, D''], or of spikes, themselves with a
  /// factor.
  std::optional<int64_t> residual;
  int64_t streamTimes = 1, streamFactor = 1;
  Input stream = Input::Counts;
  /// Membranes are kept in memory; `fresh` ones are at rest, whatever lies there.
  bool stateful = false, fresh = false;
  /// Rows are those of a list, as many as a number in memory says.
  bool listed = false;
  LinearTiles tiles;

  /// Channels of a part are a multiple of these, a byte of spikes.
  static constexpr int64_t partChannels = 8;

  int64_t limbs() const { return bits / 8; }
  int64_t taps() const { return map ? map->kernel[0] * map->kernel[1] : 1; }
  /// Inputs of a tap, and of all.
  int64_t tapInputs() const { return roundUp(inputs, inputBlock); }
  int64_t paddedInputs() const { return taps() * tapInputs(); }
  int64_t paddedChannels() const { return roundUp(channels, channelBlock); }
  /// Timesteps that are computed at once, and how many such chunks there are.
  int64_t chunkTimes() const;
  int64_t chunks() const { return (timesIn + chunkTimes() - 1) / chunkTimes(); }
  /// Bytes of shared memory of a stage, and of its rows.
  int64_t stageBytes() const;
  int64_t inputStageBytes() const;
};

/// What a spec must satisfy; empty where it does.
std::string problemOf(const LinearSpec &spec);
/// Arguments in this order: input, weights, bias [N'], threshold [N'], (reset [N']), (G i32 [N' / 8] of parts),
/// (stream), (membrane), (list [rows], count [1]), (spikes, one for each part), (sum), rows.
llvm::SmallVector<Parameter> parametersOf(const LinearSpec &spec);
LaunchShape launchOf(const LinearSpec &spec, int64_t rows);
void buildLinear(KernelBuilder &b, mlir::gpu::GPUModuleOp module, llvm::StringRef name, const LinearSpec &spec);

/// Softmax-free attention: counts of coinciding spikes per head and timestep, (q k^T) v = q (k^T v), then neurons. A
/// block of threads has 32 channels of an image, whichever heads they are of.
struct AttentionSpec {
  enum class First { KeyValue, QueryKey }; ///< Which product is made first; both give the same integers.
  int64_t tokens = 0, width = 0, heads = 1;
  int64_t timesIn = 1, timesOut = 1;
  NeuronForm form;
  int64_t bias = 0, threshold = 0, reset = 0; // all channels share them
  bool stateful = false, fresh = false;
  /// A byte per token says whether it is active: others neither count nor fire.
  bool masked = false;
  First first = First::KeyValue;
  int64_t warps = 4;
  /// Timesteps whose counts a block holds at once; 0: as many as there are.
  int64_t timesteps = 0;

  int64_t depth() const { return width / heads; }
  /// Blocks of threads of an image: 32 channels each.
  int64_t windows() const { return (width + 31) / 32; }
  int64_t chunkTimes() const;
  int64_t chunks() const { return (timesIn + chunkTimes() - 1) / chunkTimes(); }
};

std::string problemOf(const AttentionSpec &spec);
/// Arguments in this order: query, key, value, (membrane [rows, D']), (active [rows]), spikes, rows = images * tokens.
llvm::SmallVector<Parameter> parametersOf(const AttentionSpec &spec);
LaunchShape launchOf(const AttentionSpec &spec, int64_t images);
void buildAttention(KernelBuilder &b, mlir::gpu::GPUModuleOp module, llvm::StringRef name, const AttentionSpec &spec);

/// What halting does after a block of the encoder: scores, sums of scores, and the output that they weigh. A warp has a
/// token.
struct HaltSpec {
  int64_t width = 0;
  HaltingOrder order = HaltingOrder::Lexicographic;
  ActOutput output = ActOutput::Weighted;
  int32_t limit = 0; ///< A token halts when its scores sum up to more, in units of 2^-24.
  bool lastBlock = false;
  bool forced = false; ///< The last block of the last timestep: every token that is left halts.

  static constexpr int64_t tokensPerBlock = 8; ///< of threads
};
/// Arguments in this order: stream (counts) [rows, D''], table i32 [levels], active u8 [rows], sum i32 [rows],
/// output u32 [rows, D], steps i32 [rows], (column i32 [rows], reached u8 [rows]) of the rectangular order, rows.
llvm::SmallVector<Parameter> parametersOf(const HaltSpec &spec);
LaunchShape launchOf(const HaltSpec &spec, int64_t rows);
void buildHalt(KernelBuilder &b, mlir::gpu::GPUModuleOp module, llvm::StringRef name, const HaltSpec &spec);

/// Which tokens are active, between two blocks of the rectangular order: those that were and have not reached the end
/// of this block's column (`Gate`); or, before the next timestep, those that have not, with sums cleared (`NextStep`).
struct GateSpec {
  enum class Kind { Gate, NextStep };
  Kind kind = Kind::Gate;
};
/// Arguments in this order: active u8 [rows], reached u8 [rows], (sum i32 [rows]) of NextStep, rows.
llvm::SmallVector<Parameter> parametersOf(const GateSpec &spec);
LaunchShape launchOf(const GateSpec &spec, int64_t rows);
void buildGate(KernelBuilder &b, mlir::gpu::GPUModuleOp module, llvm::StringRef name, const GateSpec &spec);

/// The rows that are active, in rising order, and how many there are: what listed linear layers read. Every block of
/// threads counts what lies before its own rows, so that no block waits for another, nothing is cleared beforehand and
/// the order is always the same.
struct CompactSpec {};
/// Arguments in this order: active u8 [rows], 0 or 1 each, list u32 [rows], count u32 [1], rows.
llvm::SmallVector<Parameter> parametersOf(const CompactSpec &spec);
LaunchShape launchOf(const CompactSpec &spec, int64_t rows);
void buildCompact(KernelBuilder &b, mlir::gpu::GPUModuleOp module, llvm::StringRef name, const CompactSpec &spec);

/// Sum over tokens and timesteps, then the classifier: (W x + bias) * unit, sums in 64 bits, one product in double,
/// rounded to f32. A block of threads has an image.
struct ClassifySpec {
  enum class Input { Spikes, Counts, Sums }; ///< Bits; bytes; u32 [rows, D].
  Input input = Input::Counts;
  int64_t times = 1, tokens = 0, width = 0, classes = 0;
};
/// Arguments in this order: input [T, rows, D], weights i32 [classes, D], bias i64 [classes], unit f64 [1], logits f32
/// [images, classes], rows = images * tokens.
llvm::SmallVector<Parameter> parametersOf(const ClassifySpec &spec);
LaunchShape launchOf(const ClassifySpec &spec, int64_t images);
void buildClassify(KernelBuilder &b, mlir::gpu::GPUModuleOp module, llvm::StringRef name, const ClassifySpec &spec);

/// Weights [N][taps][K] as the kernels of a spec read them: in the order in which the lanes of a warp take them. Taps
/// are the rows of the window, one after the other.
std::vector<int8_t> packWeights(llvm::ArrayRef<int32_t> weights, const LinearSpec &spec);
/// Values of channels, [N'], with `padding` behind the last.
std::vector<int32_t> packChannels(llvm::ArrayRef<int64_t> values, int64_t channels, int32_t padding);
/// The threshold of channels that do not exist: no sum of theirs reaches it.
constexpr int32_t silentThreshold = std::numeric_limits<int32_t>::max();

} // namespace stas::cuda

#endif // STAS_CONVERSION_SPIKETOGPU_KERNELS_H
