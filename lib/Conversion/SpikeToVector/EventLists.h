//===- EventLists.h - The non-zero inputs of rows ---------------*- C++ -*-===//
#ifndef STAS_CONVERSION_SPIKETOVECTOR_EVENTLISTS_H
#define STAS_CONVERSION_SPIKETOVECTOR_EVENTLISTS_H

#include "RowSums.h"

namespace stas {

/// Lists the inputs of rows that are not zero: where their weight rows start and, where inputs are not just spikes,
/// their values. One more entry points at the row of zeros behind the weights, so that events can be taken in pairs.
class EventLists : public RowSums {
public:
  EventLists(KernelBuilder &b, const AccumulateSpec &spec, mlir::Value input, mlir::Value weights, mlir::Value scratch,
             int64_t offset);
  static int64_t bytes(const AccumulateSpec &spec, int64_t lists);

  void take(mlir::Value list, Row row, mlir::Value time) override;

protected:
  bool hasValues() const { return spec.input != AccumulateSpec::Input::Spikes; }
  /// The entries of a list: its first and the one after its last.
  std::pair<mlir::Value, mlir::Value> entries(mlir::Value list);
  /// Position in the weights of an entry's row, from a channel on.
  mlir::Value rowAt(mlir::Value entry, mlir::Value channel);

  mlir::Value weights;
  mlir::Value offsets, values, counts; // scratch
  int64_t padded, capacity;

private:
  mlir::Value appendRun(mlir::Value end, mlir::Value start, mlir::Value length, mlir::Value k);
  mlir::Value compressRun(mlir::Value end, mlir::Value start, mlir::Value length, mlir::Value k);
  void append(mlir::Value entry, mlir::Value k, mlir::Value at);
};

} // namespace stas

#endif // STAS_CONVERSION_SPIKETOVECTOR_EVENTLISTS_H
