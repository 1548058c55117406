//===- CostModel.h - Which kernel is the fastest ----------------*- C++ -*-===//
#ifndef STAS_CONVERSION_SPIKETOVECTOR_COSTMODEL_H
#define STAS_CONVERSION_SPIKETOVECTOR_COSTMODEL_H

#include "Kernels.h"
#include "stas/Analysis/KernelTimes.h"

namespace stas {

/// Chooses kernels by the times that were measured, else by the cost model of docs/Targets/CPU.md, or as it is told.
class CostModel {
public:
  explicit CostModel(const Isa &isa) : isa(isa) {}

  /// Takes kernels by name, for all layers that they serve: events, dense or tiles, or choice, by what a launch finds;
  /// for attention key-value-events, key-value-bits or query-key-bits. Returns what is wrong with a list, or nothing.
  std::string force(llvm::ArrayRef<std::string> names);

  /// Of each layer that these have, the kernel is taken that took the least time, unless others were asked for.
  void take(const KernelTimes::OfCpu &times) { measured = &times; }

  struct Sums {
    AccumulateSpec::Family family;
    /// What event-driven sums and products (tiles with AMX, else dense ones) are estimated to cost, in nanoseconds of a
    /// row and timestep; nothing where only events serve.
    double events = 0, products = 0;
    /// Where what a launch finds should decide: the share of inputs that are not zero at which the two cost the same,
    /// of 1,000. `family` is then that of products.
    int64_t mostEvents = 0;
    /// The times that decided; null where the estimates did.
    const KernelTimes::OfLayer *measured = nullptr;
  };
  /// `layer`: its name in times that were measured. `density`: the share of its inputs that are not zero.
  Sums sums(const AccumulateSpec &spec, llvm::StringRef layer, double density) const;
  /// With `first`, one of those that compute that product first.
  AttentionSpec::Association association(const AttentionSpec &spec, std::optional<spike::Association> first) const;

private:
  Isa isa;
  std::optional<AccumulateSpec::Family> forcedFamily;
  bool isOpen = false;
  const KernelTimes::OfCpu *measured = nullptr;
  std::optional<AttentionSpec::Association> forcedAssociation;
};

} // namespace stas

#endif // STAS_CONVERSION_SPIKETOVECTOR_COSTMODEL_H
