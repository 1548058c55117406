//===- SparseForm.h - What stas-lower-assa made explicit --------*- C++ -*-===//
//
// Kernels skip rows of halted tokens and pack spikes themselves. What the ops of
// the sparse form say is which rows, and which product comes first.
//
//===----------------------------------------------------------------------===//
#ifndef STAS_CONVERSION_SPIKETOVECTOR_SPARSEFORM_H
#define STAS_CONVERSION_SPIKETOVECTOR_SPARSEFORM_H

#include "dialects/Spike/SpikeOps.h"
#include <optional>

namespace stas {

/// The rows of active tokens that are back in their places; any other value itself.
mlir::Value activeRows(mlir::Value value);
/// Fails where rows are left out, or put back, by another mask than that of the neurons. `fire` may be null.
mlir::LogicalResult checkRows(spike::AccumulateOp sums, spike::FireOp fire);

/// Whether somebody reads rows of tokens that are not active, from the spikes of neurons inside stas.act that skip
/// them. If nobody does, what these rows hold is of no account.
bool areHaltedRowsRead(mlir::Value rows, mlir::Value active);

/// The counts of attention and their operands.
struct Coincidences {
  spike::SynapticOpInterface sums;
  mlir::Value query, key, value;
  int64_t heads;
  std::optional<spike::Association> first; // the product that comes first; none: the kernel's choice
};
/// What the counts that drive neurons are made of; nothing where they are no attention.
std::optional<Coincidences> coincidencesOf(spike::FireOp fire);

} // namespace stas

#endif // STAS_CONVERSION_SPIKETOVECTOR_SPARSEFORM_H
