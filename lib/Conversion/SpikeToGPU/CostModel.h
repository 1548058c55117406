//===- CostModel.h - Which tiles are the fastest ----------------*- C++ -*-===//
#ifndef STAS_CONVERSION_SPIKETOGPU_COSTMODEL_H
#define STAS_CONVERSION_SPIKETOGPU_COSTMODEL_H

#include "Kernels.h"

namespace stas::cuda {

/// What a GPU has, per multiprocessor and clock where it says so. The defaults are those of an A100
/// (compute capability 8.0), from NVIDIA's tables of throughput.
struct Gpu {
  int64_t multiprocessors = 108;
  int64_t sharedBytes = 163 * 1024; ///< of a multiprocessor, for blocks
  int64_t registers = 65536;
  double products = 2048;       ///< of bytes, on tensor cores, per clock
  double sharedBandwidth = 128; ///< bytes per clock
  double cacheBandwidth = 48;   ///< bytes per clock from the second cache
};

/// An estimate of the clocks that a layer takes for so many rows: its waves of blocks, each step of whose pipeline
/// takes the longest of its products, its reads of shared memory and its copies.
double clocksOf(const LinearSpec &spec, int64_t rows, const Gpu &gpu = {});

/// The tiles of a layer with the fewest clocks.
LinearTiles chooseTiles(LinearSpec spec, int64_t rows, const Gpu &gpu = {});

} // namespace stas::cuda

#endif // STAS_CONVERSION_SPIKETOGPU_COSTMODEL_H
