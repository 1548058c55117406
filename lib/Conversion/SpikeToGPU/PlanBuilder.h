//===- PlanBuilder.h - From tensors to buffers and launches -----*- C++ -*-===//
//
// A quantised model, as the phase `sparse` leaves it, becomes kernels, their
// constants, and the plan that lib/Runtime/CUDA runs. The batch axis goes: rows
// are those of all images, and how many images there are says the run.
//
//===----------------------------------------------------------------------===//
#ifndef STAS_CONVERSION_SPIKETOGPU_PLANBUILDER_H
#define STAS_CONVERSION_SPIKETOGPU_PLANBUILDER_H

#include "CostModel.h"
#include "ElementwiseKernels.h"
#include "dialects/Spike/SpikeOps.h"
#include "lib/Runtime/CUDA/Plan.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "stas/Quantization/QuantizedLayer.h"
#include "llvm/ADT/StringMap.h"

namespace stas::cuda {

struct PlanOptions {
  Gpu gpu;
  int64_t images = 64; ///< that tiles are chosen for; the plan runs any number
};

/// What the executor takes, beside the kernels' PTX.
struct ModelPlan {
  Plan plan;
  std::string weights; ///< what the plan's offsets speak of
};

/// Plans a function of one f32 image [B, C, H, W] and f32 logits [B, classes]; its kernels are added to `kernels`.
/// Models that halt, and layers without an integer form, are errors.
mlir::FailureOr<ModelPlan> buildPlan(mlir::func::FuncOp main, mlir::gpu::GPUModuleOp kernels, WeightReader &weights,
                                     const PlanOptions &options = {});

class PlanBuilder {
public:
  PlanBuilder(mlir::gpu::GPUModuleOp kernels, WeightReader &weights, const PlanOptions &options)
      : module(kernels), kernels(kernels.getLoc(), kernels.getContext()), weights(weights), options(options) {}

  mlir::LogicalResult build(mlir::Block &block);
  /// The buffer of a value that an op makes, in the layout of its type (Kernels.h); other values as they stand.
  uint32_t bufferFor(mlir::Value value, llvm::StringRef name);
  uint32_t buffer(mlir::Value value) const { return buffers.lookup(value); }
  ModelPlan take();

private:
  mlir::LogicalResult build(mlir::Operation *op);
  mlir::LogicalResult buildQuantize(spike::QuantizeOp op);
  mlir::LogicalResult buildFire(spike::FireOp fire);
  mlir::LogicalResult buildStaircase(spike::StaircaseOp op);
  mlir::LogicalResult buildImage(spike::AccumulateOp sums, mlir::Operation *neurons, ImageSpec spec);
  mlir::LogicalResult buildLinear(spike::AccumulateOp sums, spike::FireOp fire);
  mlir::LogicalResult buildAttention(spike::FireOp fire);
  mlir::LogicalResult buildPool(spike::MaxPoolOp op);
  mlir::LogicalResult buildAdd(spike::AddOp op);
  mlir::LogicalResult buildIntegrate(spike::IntegrateOp op);
  mlir::LogicalResult buildReadout(spike::ReadoutOp op);

  /// How the blocks of a launch follow from the images, as PlanStep says it.
  struct Blocks {
    int64_t rowsPerImage, rowsPerBlock = 1, blocksPerRows = 1;
  };
  /// The kernel of a spec, made where it is new, and its launch; the argument `rows` is `rows` an image. Fails where
  /// the spec has a problem.
  template <typename Spec>
  mlir::LogicalResult launch(mlir::Operation *at, llvm::StringRef family, const std::string &key, const Spec &spec,
                             void (*body)(KernelBuilder &, mlir::gpu::GPUModuleOp, llvm::StringRef, const Spec &),
                             Blocks blocks, const LaunchShape &shape, int64_t rows,
                             std::vector<PlanArgument> arguments);
  std::string kernelName(llvm::StringRef family, const std::string &key,
                         llvm::function_ref<void(llvm::StringRef)> body);
  template <typename T> PlanArgument constant(llvm::ArrayRef<T> values);
  PlanArgument constantBytes(llvm::StringRef bytes);

  mlir::gpu::GPUModuleOp module;
  KernelBuilder kernels;
  WeightReader &weights;
  const PlanOptions &options;
  ModelPlan result;
  llvm::DenseMap<mlir::Value, uint32_t> buffers;
  llvm::StringMap<std::string> known;
  llvm::StringMap<int64_t> familySize;
};

} // namespace stas::cuda

#endif // STAS_CONVERSION_SPIKETOGPU_PLANBUILDER_H
