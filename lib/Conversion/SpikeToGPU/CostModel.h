//===- CostModel.h - Which tiles are the fastest ----------------*- C++ -*-===//
#ifndef STAS_CONVERSION_SPIKETOGPU_COSTMODEL_H
#define STAS_CONVERSION_SPIKETOGPU_COSTMODEL_H

#include "Kernels.h"

namespace stas::cuda {

/// What a GPU has, per multiprocessor and clock where it says so. The defaults are those of an A100
/// (compute capability 8.0), from NVIDIA's tables of throughput.
struct Gpu {
  std::string name = "a GPU"; ///< for errors
  int64_t multiprocessors = 108;
  int64_t sharedBytes = 163 * 1024; ///< of a multiprocessor, for blocks; no kernel takes more
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

/// An estimate of the clocks of a block of attention, its neurons left out.
double clocksOf(const AttentionSpec &spec, const Gpu &gpu = {});
/// Sets which product is made first, and the timesteps at once: as many as shared memory holds. Where it holds nothing,
/// what needs least of it.
void chooseAttention(AttentionSpec &spec, const Gpu &gpu = {});

/// What spike.fire says of its kernel, by the attribute `spike.gpu_tiles`, goes before what the model chooses; the rest
/// is the model's choice. An error at `op` where there is no such key or value, or no kernel.
mlir::LogicalResult setTiles(mlir::Operation *op, LinearSpec &spec, int64_t rows, const Gpu &gpu);
mlir::LogicalResult setTiles(mlir::Operation *op, AttentionSpec &spec, const Gpu &gpu);
/// That attribute, of a kernel that has been made.
constexpr llvm::StringLiteral tilesName = "spike.gpu_tiles";
mlir::DictionaryAttr tilesOf(mlir::MLIRContext *context, const LinearSpec &spec);
mlir::DictionaryAttr tilesOf(mlir::MLIRContext *context, const AttentionSpec &spec);

} // namespace stas::cuda

#endif // STAS_CONVERSION_SPIKETOGPU_COSTMODEL_H
