//===- ElementwiseKernels.h - What stands between layers --------*- C++ -*-===//
#ifndef STAS_CONVERSION_SPIKETOGPU_ELEMENTWISEKERNELS_H
#define STAS_CONVERSION_SPIKETOGPU_ELEMENTWISEKERNELS_H

#include "ImageKernel.h"

namespace stas::cuda {

/// Images to integers: x * scale, no further from 0 than `limit`, to the nearest integer, a half to the even one; no
/// number is -limit.
struct QuantizeSpec {
  double scale = 1, limit = 1; ///< Both are f32 numbers.
};
std::string problemOf(const QuantizeSpec &spec);
/// Arguments in this order: image f32 [rows], integers i32 [rows], rows = elements of all images.
llvm::SmallVector<Parameter> parametersOf(const QuantizeSpec &spec);
LaunchShape launchOf(const QuantizeSpec &spec, int64_t rows);
void buildQuantize(KernelBuilder &b, mlir::gpu::GPUModuleOp module, llvm::StringRef name, const QuantizeSpec &spec);

/// The largest of each window of a map of spikes: their OR.
struct PoolSpec {
  int64_t height = 0, width = 0, channels = 0;
  Window window;

  /// Of the result, and pieces of 128 channels of one.
  int64_t positions() const { return window.output[0] * window.output[1]; }
  int64_t pieces() const { return spikeBytes(channels) / 16; }
};
std::string problemOf(const PoolSpec &spec);
/// Arguments in this order: input spikes [maps, H * W, D'], output spikes [maps, rows / maps, D'], rows = maps *
/// positions. Timesteps are maps like images.
llvm::SmallVector<Parameter> parametersOf(const PoolSpec &spec);
LaunchShape launchOf(const PoolSpec &spec, int64_t rows);
void buildPool(KernelBuilder &b, mlir::gpu::GPUModuleOp module, llvm::StringRef name, const PoolSpec &spec);

/// Sums of spikes or counts, at most 255.
struct AddSpec {
  struct Operand {
    bool spikes = false; ///< else counts
    bool timed = true;   ///< else the same at every timestep
  };
  Operand lhs, rhs;
  int64_t factor = 1; ///< of rhs
  int64_t times = 1, channels = 0;

  /// Of 8 channels.
  int64_t pieces() const { return countBytes(channels) / 8; }
};
std::string problemOf(const AddSpec &spec);
/// Arguments in this order: lhs, rhs [T or 1, rows, D' or D''], sum counts [T, rows, D''], rows.
llvm::SmallVector<Parameter> parametersOf(const AddSpec &spec);
LaunchShape launchOf(const AddSpec &spec, int64_t rows);
void buildAdd(KernelBuilder &b, mlir::gpu::GPUModuleOp module, llvm::StringRef name, const AddSpec &spec);

/// Sums over timesteps, at most 255.
struct IntegrateSpec {
  bool spikes = false; ///< else counts
  int64_t times = 1, channels = 0;

  /// Of 8 channels.
  int64_t pieces() const { return countBytes(channels) / 8; }
};
std::string problemOf(const IntegrateSpec &spec);
/// Arguments in this order: input [T, rows, D' or D''], sum counts [rows, D''], rows.
llvm::SmallVector<Parameter> parametersOf(const IntegrateSpec &spec);
LaunchShape launchOf(const IntegrateSpec &spec, int64_t rows);
void buildIntegrate(KernelBuilder &b, mlir::gpu::GPUModuleOp module, llvm::StringRef name, const IntegrateSpec &spec);

} // namespace stas::cuda

#endif // STAS_CONVERSION_SPIKETOGPU_ELEMENTWISEKERNELS_H
