//===- RowSums.h - Ways to sum the inputs of rows ---------------*- C++ -*-===//
//
// A kernel of a weighted layer takes rows in blocks. A RowSums first sees each
// row of a block, at each timestep; then, a tile of channels at a time, it yields
// the sums of any of them. The families differ in what they do when:
//
//   events  lists the inputs that are not zero; adds their weight rows in registers
//   dense   gathers inputs into a panel; products blocked in registers
//   tiles   the same panel; AMX tiles
//
// List l of a block is slot * T + t: a row's timesteps lie side by side.
//
//===----------------------------------------------------------------------===//
#ifndef STAS_CONVERSION_SPIKETOVECTOR_ROWSUMS_H
#define STAS_CONVERSION_SPIKETOVECTOR_ROWSUMS_H

#include "Kernels.h"
#include <memory>

namespace stas {

/// A row of an image, whose buffers lie `image` times 64 bytes behind the first image's.
struct Row {
  mlir::Value index, image;

  /// That of a work item.
  static Row of(KernelBuilder &b, const Kernel &kernel, const AccumulateSpec &spec, mlir::Value item);
  /// Position of `element`, counted from the image's own buffer, in the memory of the first.
  mlir::Value at(KernelBuilder &b, mlir::Value element, mlir::Value memory) const;
};

using Run = llvm::function_ref<Values(mlir::Value start, mlir::Value length, mlir::Value k, mlir::ValueRange carried)>;
/// Calls body(start, length, k, carried) for each run of consecutive inputs of a row: elements start .. start +
/// length of the input are inputs k .. k + length of the row. What a window has beside the map is in no run.
Values foldRuns(KernelBuilder &b, const AccumulateSpec &spec, mlir::Value input, Row row, mlir::Value time,
                mlir::ValueRange carried, Run body);

class RowSums {
public:
  RowSums(KernelBuilder &b, const AccumulateSpec &spec, mlir::Value input) : b(b), spec(spec), input(input) {}
  virtual ~RowSums() = default;

  /// The sums of a spec's family. `scratch` is its memory, from byte `offset` on.
  static std::unique_ptr<RowSums> create(KernelBuilder &b, const AccumulateSpec &spec, mlir::Value input,
                                         mlir::Value weights, mlir::Value scratch, int64_t offset);
  /// Bytes of scratch that it takes for a block of `lists` lists.
  static int64_t scratchBytes(const AccumulateSpec &spec, int64_t lists);

  /// Takes the inputs of a row at a timestep as a list.
  virtual void take(mlir::Value list, Row row, mlir::Value time) = 0;
  /// Called when all lists of a block have been taken.
  virtual void startBlock(mlir::Value lists) {}
  /// Where lists are of one timestep each: code that asks for what comes after the sums of lists [list, list + n).
  using Meanwhile = llvm::function_ref<void(mlir::Value list, int64_t n)>;
  /// Called before the first sum of lists [first, last) and a tile of channels, of which there are `vectors` vectors.
  virtual void startTile(mlir::Value first, mlir::Value last, mlir::Value channel, int64_t vectors,
                         Meanwhile meanwhile) {}
  /// A list's sums from a channel on, in vectors of sumLanes(spec) channels.
  virtual Values sums(mlir::Value list, mlir::Value channel, int64_t vectors) = 0;

protected:
  KernelBuilder &b;
  const AccumulateSpec &spec;
  mlir::Value input;
};

/// Rows of a block.
int64_t rowBlock(const AccumulateSpec &spec);
/// Rows of a block whose neurons run before the next rows' sums, so that the sums stay in the first cache; 0: all of
/// it.
int64_t partRows(const AccumulateSpec &spec);
/// Channels that are computed together, and what that is a multiple of in the last tile.
int64_t tileChannels(const AccumulateSpec &spec);
int64_t channelGroup(const AccumulateSpec &spec);

/// Whether products are of bytes, with the weights in tiles, and not of pairs.
bool usesBytes(const AccumulateSpec &spec);

/// The widest vectors, of 16, 32 or 64, that the runs of a row's inputs are made of: a panel is gathered by them.
int64_t runLanes(const AccumulateSpec &spec);

std::unique_ptr<RowSums> createEventSums(KernelBuilder &b, const AccumulateSpec &spec, mlir::Value input,
                                         mlir::Value weights, mlir::Value scratch, int64_t offset);
int64_t eventScratchBytes(const AccumulateSpec &spec, int64_t lists);

} // namespace stas

#endif // STAS_CONVERSION_SPIKETOVECTOR_ROWSUMS_H
