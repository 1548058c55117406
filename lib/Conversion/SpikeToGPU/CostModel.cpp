//===- CostModel.cpp - Which tiles are the fastest ------------------------===//
#include "CostModel.h"
#include <algorithm>

using namespace stas;
using namespace stas::cuda;

namespace {
constexpr int64_t mostSums = 64, mostRegisters = 200;

/// Sums and membranes in the registers of a thread.
int64_t sumsOf(const LinearSpec &spec) {
  int64_t perTime = spec.tiles.warpRows * spec.tiles.warpChannels / 32;
  return perTime * (spec.chunkTimes() + (spec.chunks() > 1 ? 1 : 0));
}

/// About as many as the assembler takes: sums, addresses of copies, and the rest.
int64_t registersOf(const LinearSpec &spec) {
  bool areCounts = spec.input == LinearSpec::Input::Counts;
  int64_t inputCopy = areCounts ? 16 : spec.tiles.inputs / 8, threads = spec.tiles.threads();
  int64_t weightBytes = spec.stageBytes() - spec.inputStageBytes();
  int64_t copies =
      roundUp(spec.inputStageBytes() / inputCopy, threads) / threads + roundUp(weightBytes / 16, threads) / threads;
  return sumsOf(spec) + (spec.map ? 5 : 3) * copies + 72;
}
} // namespace

double stas::cuda::clocksOf(const LinearSpec &spec, int64_t rows, const Gpu &gpu) {
  const LinearTiles &t = spec.tiles;
  LaunchShape launch = launchOf(spec, rows);
  double times = spec.chunkTimes();
  int64_t steps = spec.paddedInputs() / t.inputs * spec.limbs() * spec.chunks();
  bool areCounts = spec.input == LinearSpec::Input::Counts;
  // Of one block and step.
  double products = t.rows * t.channels * t.inputs * times / gpu.products;
  double perWarp = t.warpChannels * t.inputs + t.warpRows * times * t.inputs / (areCounts ? 1 : 8);
  double reads = t.warps() * perWarp / gpu.sharedBandwidth;
  double copies = spec.stageBytes() / gpu.cacheBandwidth;
  // Blocks that run together share all of this; alone, a block waits for each step's barrier and latency.
  constexpr double latency = 60, start = 1500;
  int64_t together = std::max<int64_t>(
      1, std::min(gpu.sharedBytes / (launch.sharedBytes + 1024), gpu.registers / (t.threads() * registersOf(spec))));
  together = std::min(together, (launch.grid[0] + gpu.multiprocessors - 1) / gpu.multiprocessors);
  double step = std::max({products, reads, copies}) * together + latency;
  double epilogue = t.rows * t.channels * spec.timesOut * 12.0 / 128 * together; // 12 instructions, 128 lanes
  int64_t slots = gpu.multiprocessors * together, waves = (launch.grid[0] + slots - 1) / slots;
  return static_cast<double>(waves) * (start + static_cast<double>(steps) * step + epilogue);
}

LinearTiles stas::cuda::chooseTiles(LinearSpec spec, int64_t rows, const Gpu &gpu) {
  LinearTiles best;
  double least = 0;
  auto consider = [&](const LinearTiles &tiles) {
    spec.tiles = tiles;
    if (!problemOf(spec).empty() || sumsOf(spec) > mostSums || registersOf(spec) > mostRegisters ||
        tiles.threads() < 64 || tiles.threads() > 256 || launchOf(spec, rows).sharedBytes > gpu.sharedBytes ||
        (tiles.inputs > inputBlock && spec.input == LinearSpec::Input::Counts)) // more copies than registers for them
      return;
    double clocks = clocksOf(spec, rows, gpu);
    if (least != 0 && clocks >= least)
      return;
    least = clocks;
    best = tiles;
  };
  for (int64_t blockRows : {16, 32, 64, 128})
    for (int64_t channels : {32, 64, 128})
      for (int64_t warpRows : {16, 32, 64})
        for (int64_t warpChannels : {32, 64})
          for (int64_t inputs : {64, 128})
            for (int64_t stages : {2, 3, 4})
              consider({blockRows, channels, inputs, stages, warpRows, warpChannels, /*timesteps=*/4, /*blocks=*/0});
  // Left alone, ptxas wants more blocks of some convolutions of one timestep together than their registers allow, and
  // spills.
  if (spec.map && spec.timesOut == 1)
    best.blocks = 1;
  return best;
}
