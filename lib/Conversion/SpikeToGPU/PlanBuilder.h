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
#include "dialects/STAS/STASOps.h"
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

/// Plans a function of one f32 image [B, C, H, W], f32 logits [B, classes] and perhaps the i32 steps [B, N] of each
/// token until it halted; its kernels are added to `kernels`. Layers without an integer form are errors.
mlir::FailureOr<ModelPlan> buildPlan(mlir::func::FuncOp main, mlir::gpu::GPUModuleOp kernels, WeightReader &weights,
                                     const PlanOptions &options = {});

class PlanBuilder {
public:
  PlanBuilder(mlir::gpu::GPUModuleOp kernels, WeightReader &weights, const PlanOptions &options)
      : module(kernels), kernels(kernels.getLoc(), kernels.getContext()), weights(weights), options(options) {}

  mlir::LogicalResult build(mlir::Block &block);
  /// A new buffer of a value that an op makes, in the layout of its type (Kernels.h), so many times; other values as
  /// they stand.
  uint32_t bufferFor(mlir::Value value, llvm::StringRef name, int64_t times = 1);
  /// The buffer of a value that has one.
  uint32_t buffer(mlir::Value value) const { return buffers.lookup(value); }
  bool hasBuffer(mlir::Value value) const { return buffers.contains(value); }
  ModelPlan take();

private:
  mlir::LogicalResult build(mlir::Operation *op);
  mlir::LogicalResult buildQuantize(spike::QuantizeOp op);
  mlir::LogicalResult buildFire(spike::FireOp fire);
  mlir::LogicalResult buildStaircase(spike::StaircaseOp op);
  mlir::LogicalResult buildImage(spike::AccumulateOp sums, mlir::Operation *neurons, ImageSpec spec);
  mlir::LogicalResult buildLinear(spike::FireOp fire);
  mlir::LogicalResult buildAttention(spike::FireOp fire);
  mlir::LogicalResult buildPool(spike::MaxPoolOp op);
  mlir::LogicalResult buildAdd(spike::AddOp op);
  mlir::LogicalResult buildIntegrate(spike::IntegrateOp op);
  mlir::LogicalResult buildReadout(spike::ReadoutOp op);
  mlir::LogicalResult buildAct(ActOp op);
  mlir::LogicalResult buildTimestep(ActOp op);
  mlir::LogicalResult buildHalt(ActOp op, int64_t block, uint32_t stream);
  mlir::LogicalResult buildGate(ActOp op, GateSpec::Kind kind, int64_t block);

  uint32_t newBuffer(std::string name, uint64_t imageBytes, uint64_t fixedBytes = 0);
  void fill(mlir::Operation *at, uint32_t buffer, uint8_t value);
  /// Whether neurons inside stas.act see the same at every timestep, and who reads their spikes can read any
  /// timestep's.
  bool areAhead(spike::FireOp fire) const;
  /// What neurons inside stas.act keep, i32 [rows, channels].
  PlanArgument membraneOf(spike::FireOp fire, int64_t rows, int64_t channels);

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

  /// A linear layer, or several of one input that are the rows of one matrix, and what their launches read besides the
  /// input: made once.
  struct Product {
    llvm::SmallVector<spike::FireOp> parts;
    NeuronForm form;
    int64_t tileInputs = 0; ///< For which `constants` were made.
    std::vector<PlanArgument> constants;
  };
  llvm::SmallVector<spike::FireOp> partsWith(spike::FireOp fire);
  mlir::LogicalResult makeConstants(Product &product, const LinearSpec &spec);

  /// stas.act while its blocks are planned, timestep by timestep: what it keeps on the device, and where the planner
  /// is.
  struct Act {
    uint32_t active, sum, output, steps;    ///< Of tokens (Kernels.h).
    uint32_t list, count;                   ///< The active rows, and how many they are.
    std::vector<uint32_t> columns, reached; ///< Of blocks, in rectangular order.
    PlanArgument table;
    int64_t timestep = 0, timesteps = 0;
    bool isLexicographic = false;
    mlir::Value mask; ///< Of the block.
    /// The stream into the first block is the same at every timestep. Neurons that it drives run once, for all
    /// timesteps and tokens: right in any order, since a token that the first block skips never comes back to it.
    mlir::Value steady;
    llvm::DenseSet<mlir::Value> ahead; ///< Their spikes, [T, rows, D'].

    /// Nobody reads a membrane from before the first timestep: tokens that halted do not come back.
    bool isFresh() const { return isLexicographic && timestep == 0; }
  };

  mlir::gpu::GPUModuleOp module;
  KernelBuilder kernels;
  WeightReader &weights;
  const PlanOptions &options;
  ModelPlan result;
  llvm::DenseMap<mlir::Value, uint32_t> buffers;
  std::optional<Act> act;
  llvm::DenseMap<mlir::Operation *, uint32_t> membranes;
  llvm::DenseMap<mlir::Operation *, Product> products; ///< By the first of its layers.
  llvm::StringMap<std::string> known;
  llvm::StringMap<int64_t> familySize;
};

} // namespace stas::cuda

#endif // STAS_CONVERSION_SPIKETOGPU_PLANBUILDER_H
