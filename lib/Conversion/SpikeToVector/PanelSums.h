//===- PanelSums.h - Sums of gathered rows ----------------------*- C++ -*-===//
#ifndef STAS_CONVERSION_SPIKETOVECTOR_PANELSUMS_H
#define STAS_CONVERSION_SPIKETOVECTOR_PANELSUMS_H

#include "RowSums.h"

namespace stas {

/// Gathers the inputs of lists into a panel [lists, K'], zero where a window lies beside the map. A tile's sums are
/// computed for all lists at once and wait in memory: [limbs, lists, 32] of i32, in limbs whose first counts 256 fold.
class PanelSums : public RowSums {
public:
  PanelSums(KernelBuilder &b, const AccumulateSpec &spec, mlir::Value input, mlir::Value weights, mlir::Value scratch,
            int64_t offset);
  static int64_t bytes(const AccumulateSpec &spec, int64_t lists);

  void take(mlir::Value list, Row row, mlir::Value time) override;
  Values sums(mlir::Value list, mlir::Value channel, int64_t vectors) override;

protected:
  mlir::Value weights, panel, results, base;
  int64_t stride;      // elements of a panel row, K'
  int64_t lists;       // of a block, padded
  int64_t resultLists; // of those, what `results` holds at a time, from `base` on
  int64_t storedLimbs; // of the results: 1 where they have been added up
};

std::unique_ptr<RowSums> createDenseSums(KernelBuilder &b, const AccumulateSpec &spec, mlir::Value input,
                                         mlir::Value weights, mlir::Value scratch, int64_t offset);
std::unique_ptr<RowSums> createTileSums(KernelBuilder &b, const AccumulateSpec &spec, mlir::Value input,
                                        mlir::Value weights, mlir::Value scratch, int64_t offset);
/// The fewest rows of a panel that tiles multiply well.
int64_t listsTogether(const AccumulateSpec &spec);

} // namespace stas

#endif // STAS_CONVERSION_SPIKETOVECTOR_PANELSUMS_H
