//===- Lowering.h - From tensors to populations -----------------*- C++ -*-===//
#ifndef STAS_CONVERSION_SPIKETOCHIP_LOWERING_H
#define STAS_CONVERSION_SPIKETOCHIP_LOWERING_H

#include "NetworkBuilder.h"
#include "dialects/STAS/STASOps.h"
#include "dialects/Spike/SpikeOps.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "stas/Analysis/InputDensity.h"
#include "llvm/ADT/DenseSet.h"

namespace stas {

/// What a population fires, times a factor.
struct Term {
  chip::PopulationOp population;
  int64_t factor = 1;
};
/// A tensor on the chip: the sum of terms. There is more than one where the chip has no program that sums payloads.
using Stream = llvm::SmallVector<Term, 2>;

/// A halting encoder: of each block the stream that it yields, and the halting neurons that watch it.
struct Encoder {
  llvm::SmallVector<Stream> streams;
  llvm::SmallVector<chip::PopulationOp> halting;
};

/// Turns the integer ops of a function into populations and projections, in order. The axis of images goes, and so does
/// that of timesteps: a population runs in each.
class Lowering {
public:
  Lowering(NetworkBuilder &network, const InputDensity &density)
      : network(network), density(density), hardware(network.network().getHardware()) {}
  mlir::LogicalResult lower(mlir::Block &block);

private:
  mlir::LogicalResult lower(mlir::Operation *op);
  // Host.cpp
  mlir::LogicalResult lowerImage(mlir::Operation *neurons, spike::AccumulateOp sums, spike::QuantAttr quant);
  mlir::LogicalResult lowerSumTokens(spike::SumTokensOp op);
  mlir::LogicalResult lowerReadout(spike::ReadoutOp op);
  mlir::LogicalResult lowerReturn(mlir::func::ReturnOp op);
  // Layers.cpp
  mlir::LogicalResult lowerFire(spike::FireOp op);
  mlir::LogicalResult lowerStaircase(spike::StaircaseOp op);
  mlir::LogicalResult lowerWeighted(mlir::Operation *op, spike::AccumulateOp sums, Neurons neurons);
  mlir::LogicalResult lowerMaxPool(spike::MaxPoolOp op);
  mlir::LogicalResult lowerIntegrate(spike::IntegrateOp op);
  mlir::LogicalResult lowerAdd(spike::AddOp op);
  // Attention.cpp
  mlir::LogicalResult lowerAttention(spike::FireOp op, spike::CoincideOp product);
  // Halting.cpp
  mlir::LogicalResult lowerAct(ActOp op);
  chip::PopulationOp addHalting(ActOp op, unsigned block, const Stream &stream);
  void connectHalting(ActOp op, const Encoder &encoder);
  void gate(chip::PopulationOp halting, unsigned block, bool next);
  chip::PopulationOp addWeightedReadout(spike::SumTokensOp op, ActOp act, const Encoder &encoder, unsigned block);

  mlir::InFlightDiagnostic refuse(mlir::Operation *op) { return op->emitOpError("cannot run on a chip: required "); }
  /// Neurons like those that fire a stream, which is not empty: as many tokens, channels and runs.
  Neurons like(const Stream &stream);
  /// Expected spikes for an image of a neuron whose output is `value`.
  double rate(mlir::Value value, int64_t runs) const { return density.of(value) * static_cast<double>(runs); }
  /// Lets a population take the sum of a stream.
  void feed(mlir::Location loc, const Stream &stream, chip::PopulationOp target, const Link &link);
  /// A population that fires the sum of a stream.
  chip::PopulationOp addSum(mlir::Location loc, llvm::StringRef name, const Stream &stream, double rate);
  /// The same, or the one that does already.
  chip::PopulationOp single(mlir::Operation *op, const Stream &stream);
  /// The largest sum that a stream can have in a run.
  int64_t largest(const Stream &stream);

  NetworkBuilder &network;
  const InputDensity &density;
  chip::HardwareAttr hardware;
  llvm::DenseMap<mlir::Value, Stream> streams;
  /// Sums over tokens, and over timesteps if there are any, that the host takes over.
  llvm::DenseMap<mlir::Value, llvm::SmallVector<chip::PopulationOp>> readouts;
  llvm::DenseMap<mlir::Value, Encoder> encoders;
  llvm::SmallVector<llvm::SmallVector<chip::PopulationOp>> gated; ///< Populations of each block of an encoder.
  llvm::DenseSet<mlir::Operation *> onHost; ///< What follows the first layer, and the host has done.
  mlir::Value logits;
};

} // namespace stas

#endif // STAS_CONVERSION_SPIKETOCHIP_LOWERING_H
