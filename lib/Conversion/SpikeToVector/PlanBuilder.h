//===- PlanBuilder.h - From tensors to buffers and launches -----*- C++ -*-===//
#ifndef STAS_CONVERSION_SPIKETOVECTOR_PLANBUILDER_H
#define STAS_CONVERSION_SPIKETOVECTOR_PLANBUILDER_H

#include "Kernels.h"
#include "dialects/STAS/STASOps.h"
#include "dialects/Spike/SpikeOps.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSet.h"

namespace stas {

/// Turns the spike ops of a block into buffers and launches of one image's plan, in order; kernels of equal shape are
/// built once. The batch axis goes: a runtime runs the plan for each image.
class PlanBuilder {
public:
  PlanBuilder(mlir::ModuleOp module, mlir::OpBuilder &plan, int64_t lanes)
      : module(module), plan(plan), kernels(plan.getUnknownLoc(), module.getContext()), lanes(lanes) {}

  mlir::LogicalResult build(mlir::Block &block);
  mlir::Value bufferFor(mlir::Value tensor, llvm::StringRef name);
  /// The buffer that holds a value; null where there is none. It may be read, not written.
  mlir::Value buffer(mlir::Value tensor);

private:
  mlir::LogicalResult build(mlir::Operation *op);
  /// Fails where a value is not [B, ..] or [T, B, ..] with the axes that the op's kernel takes.
  mlir::LogicalResult requireImages(mlir::Operation *op);
  mlir::LogicalResult buildAccumulate(spike::AccumulateOp sums, mlir::Operation *consumer);
  mlir::LogicalResult buildAttention(spike::CoincideOp counts, spike::FireOp fire);
  mlir::LogicalResult buildFire(spike::FireOp fire);
  void buildPool(spike::MaxPoolOp op);
  void buildAdd(spike::AddOp op);
  void buildIntegrate(spike::IntegrateOp op);
  void buildMeanTokens(spike::MeanTokensOp op);
  mlir::LogicalResult buildTimeLoop(TimeLoopOp op);
  mlir::LogicalResult buildHalt(HaltOp op);
  mlir::LogicalResult buildGate(GateOp op);
  mlir::LogicalResult buildDivide(mlir::arith::DivFOp op);
  /// Lets the loop end after the halting of any block, where that shows nowhere. `idle` is the mask it ends by.
  void stopEarly(TimeLoopOp op, mlir::Value idle);

  /// A buffer with the value of a splat.
  mlir::Value filled(SplatOp splat, llvm::StringRef name, bool inLoop);
  /// A buffer that holds a value and that `user`, which reads it, may write: its own where nobody reads it later.
  mlir::Value owned(mlir::Value tensor, mlir::Operation *user, llvm::StringRef name);
  /// The membranes of neurons that run one timestep, `elements` in the layout of their kernel; null where they start at
  /// rest and are not needed afterwards.
  mlir::FailureOr<mlir::Value> membrane(spike::FireOp fire, int64_t elements);
  mlir::Value newBuffer(llvm::StringRef name, mlir::Type element, int64_t elements, bool zero = false);
  mlir::Value constant(spike::ConstantKind kind, int64_t rows, int64_t channels, WeightAttr weight,
                       spike::NormAttr norm);
  /// The kernel of a key, built by `body` when it is new.
  mlir::FlatSymbolRefAttr kernel(llvm::StringRef family, const std::string &key, mlir::ValueRange memory,
                                 int64_t scratch, llvm::function_ref<void(KernelBuilder &, const Kernel &)> body);
  spike::LaunchOp launch(mlir::FlatSymbolRefAttr kernel, mlir::ValueRange memory, int64_t extent, mlir::Operation *at);
  void launchFill(mlir::Value target, double value, mlir::Operation *at);
  void launchCopy(mlir::Value from, mlir::Value to, mlir::Operation *at);
  /// Says that a launch yields the spikes of a layer.
  void observe(spike::LaunchOp launch, spike::FireOp fire, int64_t timesteps);

  mlir::ModuleOp module;
  mlir::OpBuilder &plan;
  KernelBuilder kernels;
  int64_t lanes;
  llvm::DenseMap<mlir::Value, mlir::Value> buffers;
  llvm::StringMap<mlir::FlatSymbolRefAttr> known;
  llvm::StringMap<int64_t> familySize;
  llvm::StringSet<> observed;
  spike::TimeLoopOp loop; // under construction; its state is set up before it
  llvm::DenseMap<mlir::Operation *, mlir::Operation *> halting; // stas.halt: its launch
};

/// The checkpoint's name of a layer; of an op that has none, the op's.
llvm::StringRef nameOf(mlir::Operation *op);
/// A number in full: kernels whose constants differ anywhere are different kernels.
std::string describe(double value);
std::string describe(LIFAttr neuron);

/// What a plan cannot hold is an error here: values of more than 2^32 elements an image, spike counts above 255, a
/// second time loop.
mlir::LogicalResult checkLimits(mlir::Block &block);

} // namespace stas

#endif // STAS_CONVERSION_SPIKETOVECTOR_PLANBUILDER_H
