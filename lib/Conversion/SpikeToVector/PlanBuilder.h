//===- PlanBuilder.h - From tensors to buffers and launches -----*- C++ -*-===//
#ifndef STAS_CONVERSION_SPIKETOVECTOR_PLANBUILDER_H
#define STAS_CONVERSION_SPIKETOVECTOR_PLANBUILDER_H

#include "CostModel.h"
#include "PlanTypes.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSet.h"

namespace stas {

/// Turns the spike ops of a block into buffers and launches of one image's plan, in order; kernels of equal shape are
/// built once. The batch axis goes: a runtime runs the plan for each image.
class PlanBuilder {
public:
  PlanBuilder(mlir::ModuleOp module, mlir::OpBuilder &plan, const Isa &isa, const CostModel &costs)
      : module(module), plan(plan), kernels(plan.getUnknownLoc(), module.getContext()), isa(isa), lanes(isa.lanes),
        costs(costs) {}

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
    spike::FireOp fire;    // neurons whose spikes are the result
    AccumulateSpec::Reduce reduce = AccumulateSpec::Reduce::None;
  };
  mlir::LogicalResult buildAccumulate(spike::AccumulateOp sums, const Consumer &consumer);
  mlir::LogicalResult buildStaircase(spike::StaircaseOp op);
  mlir::LogicalResult buildAttention(spike::CoincideOp counts, spike::FireOp fire);
  mlir::LogicalResult buildFire(spike::FireOp fire);
  void buildPool(spike::MaxPoolOp op);
  void launchPool(mlir::Value input, mlir::Value output, const PoolSpec &spec, mlir::Operation *at);
  void buildAdd(spike::AddOp op);
  void buildIntegrate(spike::IntegrateOp op);
  void launchIntegrate(mlir::Value input, mlir::Value output, const IntegrateSpec &spec, mlir::Operation *at);
  void buildMeanTokens(spike::MeanTokensOp op);
  void buildSumTokens(spike::SumTokensOp op);
  void buildQuantize(spike::QuantizeOp op);
  mlir::LogicalResult buildAct(ActOp op);

  /// The membranes of a neuron inside stas.act; at rest when an image starts.
  mlir::Value membraneBuffer(spike::FireOp fire, mlir::Type element, int64_t elements);
  mlir::Value newBuffer(llvm::StringRef name, mlir::Type element, int64_t elements, bool zero = false);
  mlir::Value constant(spike::ConstantKind kind, int64_t rows, int64_t channels, WeightAttr weight,
                       spike::NormAttr norm);
  mlir::Value table(spike::TableKind kind, spike::QuantAttr quant);
  /// The kernel of a key, built by `body` when it is new.
  mlir::FlatSymbolRefAttr kernel(llvm::StringRef family, const std::string &key, mlir::ValueRange memory,
                                 int64_t scratch, llvm::function_ref<void(KernelBuilder &, const Kernel &)> body);
  spike::LaunchOp launch(mlir::FlatSymbolRefAttr kernel, mlir::ValueRange memory, int64_t extent, mlir::Operation *at);
  void launchFill(mlir::Value target, double value, mlir::Operation *at);
  /// Says that a launch yields the spikes of a layer.
  void observe(spike::LaunchOp launch, spike::FireOp fire, int64_t timesteps);

  mlir::ModuleOp module;
  mlir::OpBuilder &plan;
  KernelBuilder kernels;
  Isa isa;
  int64_t lanes;
  const CostModel &costs;
  llvm::DenseMap<mlir::Value, mlir::Value> buffers;
  llvm::StringMap<mlir::FlatSymbolRefAttr> known;
  llvm::StringMap<int64_t> familySize;
  llvm::StringSet<> observed;
  bool inAct = false;
  mlir::Operation *actLoop = nullptr; // state of the loop under construction is set up before it
};

/// A pool of one image's map, [H, W, C] to [H', W', C'], at each of `times` timesteps.
PoolSpec poolSpec(int64_t lanes, int64_t times, llvm::ArrayRef<int64_t> in, llvm::ArrayRef<int64_t> out,
                  spike::WindowAttr window, bool isReal);

/// What a plan cannot hold is an error here: values of more than 2^32 elements an image, spike counts above 255, a
/// second halting encoder.
mlir::LogicalResult checkLimits(mlir::Block &block);

} // namespace stas

#endif // STAS_CONVERSION_SPIKETOVECTOR_PLANBUILDER_H
