//===- PlanBuilder.h - From tensors to buffers and launches -----*- C++ -*-===//
#ifndef STAS_CONVERSION_SPIKETOVECTOR_PLANBUILDER_H
#define STAS_CONVERSION_SPIKETOVECTOR_PLANBUILDER_H

#include "CostModel.h"
#include "PlanTypes.h"
#include "SparseForm.h"
#include "stas/Analysis/InputDensity.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSet.h"

namespace stas {

/// Turns the spike ops of a block into buffers and launches of one image's plan, in order; kernels of equal shape are
/// built once. The batch axis goes: a runtime runs the plan for each image.
class PlanBuilder {
public:
  PlanBuilder(mlir::ModuleOp module, mlir::OpBuilder &plan, const Isa &isa, const CostModel &costs,
              const InputDensity &density)
      : module(module), plan(plan), kernels(plan.getUnknownLoc(), module.getContext()), isa(isa), lanes(isa.lanes),
        costs(costs), density(density) {}

  mlir::LogicalResult build(mlir::Block &block);
  mlir::Value bufferFor(mlir::Value tensor, llvm::StringRef name);
  mlir::Value buffer(mlir::Value tensor) const { return buffers.lookup(tensor); }

private:
  mlir::LogicalResult build(mlir::Operation *op);
  /// What becomes of weighted sums: neurons or a plain result.
  struct Consumer {
    mlir::Operation *op;
    spike::NormAttr norm;
    mlir::Value output;    // where to; none: a new buffer for the op's result
    LIFAttr neuron;        // none: f32 results
    int64_t timesteps = 0; // of the neurons
    spike::FireOp fire;    // an op of spikes; it may have state and a mask
    AccumulateSpec::Reduce reduce = AccumulateSpec::Reduce::None;
  };
  mlir::LogicalResult buildAccumulate(spike::AccumulateOp sums, const Consumer &consumer);
  mlir::FlatSymbolRefAttr sumsKernel(llvm::StringRef family, const AccumulateSpec &spec, mlir::ValueRange memory);
  spike::LaunchOp launchSelect(mlir::Value ahead, mlir::Value input, spike::FireOp fire, int64_t rows,
                               int64_t channels);
  mlir::LogicalResult buildStaircase(spike::StaircaseOp op);
  mlir::LogicalResult buildFusedStaircase(spike::StaircaseOp op, mlir::Value output);
  mlir::LogicalResult buildStaircaseInSteps(spike::StaircaseOp op, mlir::Value output);
  mlir::LogicalResult buildAttention(const Coincidences &counts, spike::FireOp fire);
  mlir::LogicalResult buildFire(spike::FireOp fire);
  void buildPool(spike::MaxPoolOp op);
  void launchPool(mlir::Value input, mlir::Value output, const PoolSpec &spec, mlir::Operation *at);
  void buildAdd(spike::AddOp op);
  void buildIntegrate(spike::IntegrateOp op);
  void launchIntegrate(mlir::Value input, mlir::Value output, const IntegrateSpec &spec, mlir::Operation *at);
  void buildMeanTokens(spike::MeanTokensOp op);
  mlir::LogicalResult buildSumTokens(spike::SumTokensOp op);
  void buildQuantize(spike::QuantizeOp op);
  mlir::LogicalResult buildAct(ActOp op);

  /// The membranes of a neuron inside stas.act; at rest when an image starts, unless they are fresh.
  mlir::Value membraneBuffer(spike::FireOp fire, mlir::Type element, int64_t elements);
  mlir::Value newBuffer(llvm::StringRef name, mlir::Type element, int64_t elements, bool zero = false);
  mlir::Value constant(spike::ConstantKind kind, int64_t rows, int64_t channels, WeightAttr weight,
                       spike::NormAttr norm);
  mlir::Value table(spike::TableKind kind, spike::QuantAttr quant);
  /// The kernel of a key, built by `body` when it is new.
  mlir::FlatSymbolRefAttr kernel(llvm::StringRef family, const std::string &key, mlir::ValueRange memory,
                                 int64_t scratch, llvm::function_ref<void(KernelBuilder &, const Kernel &)> body,
                                 Images images = Images::One);
  spike::LaunchOp launch(mlir::FlatSymbolRefAttr kernel, mlir::ValueRange memory, int64_t extent, mlir::Operation *at);
  /// Launches the kernel of a key over elements, in chunks.
  void launchChunks(llvm::StringRef family, const std::string &key, mlir::ValueRange memory, int64_t elements,
                    mlir::Operation *at, llvm::function_ref<void(KernelBuilder &, const Kernel &)> body);
  void launchFill(mlir::Value target, double value, mlir::Operation *at);
  /// A name for the spikes of a layer that no other has.
  std::string observedName(mlir::Operation *neurons);
  /// Says that a launch yields the spikes of a layer, of these axes: [T, N, D] or [T, H, W, C].
  void observe(spike::LaunchOp launch, llvm::StringRef layer, llvm::ArrayRef<int64_t> axes);
  /// Says what a launch computes: `sums` and, where `consumer` has them, neurons.
  void count(spike::LaunchOp launch, spike::SynapticOpInterface sums, mlir::Operation *consumer, mlir::Value active);
  /// Says that a launch computes the halting scores of a block; `summed`: the channels of its weighted output, if any.
  void countHalting(spike::LaunchOp launch, mlir::Operation *end, int64_t tokens, int64_t summed);

  mlir::ModuleOp module;
  mlir::OpBuilder &plan;
  KernelBuilder kernels;
  Isa isa;
  int64_t lanes;
  const CostModel &costs;
  const InputDensity &density;
  llvm::DenseMap<mlir::Value, mlir::Value> buffers;
  llvm::DenseMap<mlir::Value, mlir::Value> totals; // of what is only summed over tokens: the sum
  llvm::StringMap<mlir::FlatSymbolRefAttr> known;
  llvm::StringMap<int64_t> familySize;
  llvm::StringSet<> observed, counted;
  spike::LevelMap levels;
  std::optional<spike::When> when; // of the launches under construction
  bool inAct = false;
  int64_t actBlock = -1; // of the halting encoder, under construction
  // A token that has halted never comes back: its neurons were computed at timestep 0, or never will be.
  bool actIsFresh = false;
  spike::TimeLoopOp actLoop; // state of the loop under construction is set up before it
  // The stream that enters it is the same at every timestep: neurons that it drives are computed before the loop, for
  // all timesteps. That is right since a token that the first block skips once never comes back to it, in any order.
  mlir::Value actSteady;
  int64_t actTimesteps = 1;
};

/// A layer's name that may name a file and that `taken` does not hold yet. Spikes and work are told apart by it.
std::string uniqueName(llvm::StringRef layer, llvm::StringRef prefix, llvm::StringSet<> &taken);

/// A pool of one image's map, [H, W, C] to [H', W', C'], at each of `times` timesteps.
PoolSpec poolSpec(int64_t lanes, int64_t times, llvm::ArrayRef<int64_t> in, llvm::ArrayRef<int64_t> out,
                  spike::WindowAttr window, bool isReal);

} // namespace stas

#endif // STAS_CONVERSION_SPIKETOVECTOR_PLANBUILDER_H
