//===- NetworkBuilder.h - Populations, tables and projections ---*- C++ -*-===//
#ifndef STAS_CONVERSION_SPIKETOCHIP_NETWORKBUILDER_H
#define STAS_CONVERSION_SPIKETOCHIP_NETWORKBUILDER_H

#include "dialects/Chip/ChipOps.h"
#include "llvm/ADT/DenseMap.h"

namespace stas {

/// What a population is made of, beside its name.
struct Neurons {
  chip::Program program = chip::Program::Lif;
  llvm::SmallVector<int64_t, 2> map; ///< Tokens: height, width.
  int64_t channels = 1;
  int64_t runs = 1;
  int64_t payload = 1; ///< The largest number that a spike carries.
  int64_t stateBits = 1;
  double rate = 0.0; ///< Expected spikes of a neuron for an image.
  spike::QuantAttr quant;
};

/// As many tokens, channels and runs as a population has.
Neurons neuronsLike(chip::PopulationOp population);

/// Which neurons a projection connects, and what spikes do there.
struct Link {
  chip::Tokens tokens = chip::Tokens::Same;
  chip::Channels channels = chip::Channels::Same;
  chip::Port port = chip::Port::Add;
  spike::WindowAttr window;
  int64_t group = 0; ///< With Channels::Group.
  bool next = false;
};

/// Bits of a signed integer that holds 0 .. largest.
int64_t signedBits(int64_t largest);

/// Adds to a network. Steps and delays are all 0 until `schedule` sets them.
class NetworkBuilder {
public:
  explicit NetworkBuilder(chip::NetworkOp network);

  /// Names that are taken get a number behind them.
  chip::PopulationOp add(mlir::Location loc, llvm::StringRef name, const Neurons &neurons);
  /// A halting population for the tokens of `map`.
  chip::PopulationOp addHalting(mlir::Location loc, llvm::StringRef name, const Neurons &neurons, ActAttr halting,
                                llvm::ArrayRef<int32_t> scores, bool last);
  /// The weights of a recipe.
  chip::SynapsesOp addWeights(mlir::Location loc, llvm::StringRef name, spike::QuantAttr quant);
  /// Attention's counters of up to `tokens`: `rows` channels of a head, `columns` of all.
  chip::SynapsesOp addCounters(mlir::Location loc, llvm::StringRef name, int64_t rows, int64_t columns, int64_t tokens);
  /// The table of one factor; there is one for each factor.
  chip::SynapsesOp constant(int64_t factor);
  chip::ProjectionOp connect(mlir::Location loc, chip::PopulationOp source, chip::PopulationOp target,
                             chip::SynapsesOp table, const Link &link);
  /// Makes neurons of spikes that fire where any of `inputs` neurons does: an integrate-and-fire neuron that forgets at
  /// once, of threshold 1.
  void makeUnion(Neurons &neurons, int64_t inputs);

  chip::NetworkOp network() { return op; }
  mlir::OpBuilder &ops() { return builder; }
  /// All populations, in the order in which they were added.
  llvm::ArrayRef<chip::PopulationOp> populations() const { return added; }

private:
  template <typename OpTy> OpTy named(OpTy op);

  chip::NetworkOp op;
  mlir::OpBuilder builder;
  mlir::SymbolTable symbols;
  llvm::DenseMap<int64_t, chip::SynapsesOp> constants;
  llvm::SmallVector<chip::PopulationOp> added;
};

/// Gives each population the earliest step at which all that feeds it has arrived, each projection its delay, and the
/// network the least interval at which no timestep meets the one before. Where a delay is longer than the device's,
/// populations relay the spikes. What a population is fed by, within a timestep, was added before it.
void schedule(NetworkBuilder &network);

} // namespace stas

#endif // STAS_CONVERSION_SPIKETOCHIP_NETWORKBUILDER_H
