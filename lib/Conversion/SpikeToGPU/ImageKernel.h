//===- ImageKernel.h - The layer that sees the image ------------*- C++ -*-===//
#ifndef STAS_CONVERSION_SPIKETOGPU_IMAGEKERNEL_H
#define STAS_CONVERSION_SPIKETOGPU_IMAGEKERNEL_H

#include "Kernels.h"

namespace stas::cuda {

/// A window over a map, and how many positions it has.
struct Window {
  int64_t kernel[2] = {1, 1}, strides[2] = {1, 1}, padding[2] = {0, 0}, output[2] = {1, 1};
};

/// The convolution of quantised images, in 64 bits, and its neurons: their current is the same at every timestep, so
/// that with hard reset cuts of the sum say when they fire (stas/Quantization/Staircase.h). Soft reset leaves a rest,
/// and spikes that no cuts order: those neurons run step by step. The result is the spikes of all timesteps, or how
/// often there is one; with a pool, of a window is one where any of its neurons has one.
struct ImageSpec {
  int64_t height = 0, width = 0, inputs = 0, channels = 0; // of the image, and channels of the result
  Window window;
  std::optional<Window> pool;
  int64_t timesteps = 1; // at most 8 with a pool, 16 without
  bool counts = true;    // how often, in place of the spikes
  /// Of neurons with soft reset.
  std::optional<NeuronForm> soft;

  int64_t paddedChannels() const { return roundUp(channels, channelBlock); }
  /// Positions of the result in an image.
  int64_t positions() const;
};

std::string problemOf(const ImageSpec &spec);
/// Arguments in this order: image i32 [images, C, H, W], weights i32 [K, N'] with k over (row, column, input) of the
/// window, cuts i64 [T, N'] or, with soft reset, bias, threshold and reset i64 [3, N'], counts [rows, N''] or spikes
/// [T, rows, N'], rows = images * positions.
llvm::SmallVector<Parameter> parametersOf(const ImageSpec &spec);
LaunchShape launchOf(const ImageSpec &spec, int64_t images);
void buildImage(KernelBuilder &b, mlir::gpu::GPUModuleOp module, llvm::StringRef name, const ImageSpec &spec);

} // namespace stas::cuda

#endif // STAS_CONVERSION_SPIKETOGPU_IMAGEKERNEL_H
