//===- CostModel.h - Which kernel is the fastest ----------------*- C++ -*-===//
#ifndef STAS_CONVERSION_SPIKETOVECTOR_COSTMODEL_H
#define STAS_CONVERSION_SPIKETOVECTOR_COSTMODEL_H

#include "Kernels.h"
#include "mlir/Support/LogicalResult.h"

namespace stas {

/// Chooses kernels by the cost model of docs/Targets/CPU.md, or as it is told.
class CostModel {
public:
  explicit CostModel(const Isa &isa) : isa(isa) {}

  /// Takes kernels by name, for all layers that they serve: events, dense or tiles, or choice, by what a launch finds;
  /// for attention key-value-events, key-value-bits or query-key-bits. Returns what is wrong with a list, or nothing.
  std::string force(llvm::ArrayRef<std::string> names);

  struct Sums {
    AccumulateSpec::Family family;
    /// What event-driven sums and products (tiles with AMX, else dense ones) are estimated to cost, in nanoseconds of a
    /// row and timestep; nothing where only events serve.
    double events = 0, products = 0;
    /// Where the two are so near that what a launch finds should decide: the share of inputs that are not zero at which
    /// they cost the same, of 1,000. `family` is then that of products.
    int64_t mostEvents = 0;
  };
  /// `density`: the share of the layer's inputs that are not zero.
  Sums sums(const AccumulateSpec &spec, double density) const;
  /// With `first`, one of those that compute that product first.
  AttentionSpec::Association association(const AttentionSpec &spec, std::optional<spike::Association> first) const;

private:
  Isa isa;
  std::optional<AccumulateSpec::Family> forcedFamily;
  bool isOpen = false;
  std::optional<AttentionSpec::Association> forcedAssociation;
};

} // namespace stas

#endif // STAS_CONVERSION_SPIKETOVECTOR_COSTMODEL_H
