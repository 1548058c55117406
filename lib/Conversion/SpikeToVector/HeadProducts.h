//===- HeadProducts.h - Coincidences of one attention head ------*- C++ -*-===//
//
// The counts (q k^T) v = q (k^T v) of a head, by one of several ways that give
// the same integers. A kernel prepares a head for all timesteps, then asks for
// the counts of one token after another.
//
//===----------------------------------------------------------------------===//
#ifndef STAS_CONVERSION_SPIKETOVECTOR_HEADPRODUCTS_H
#define STAS_CONVERSION_SPIKETOVECTOR_HEADPRODUCTS_H

#include "Kernels.h"
#include <memory>

namespace stas {

class HeadProduct {
public:
  HeadProduct(KernelBuilder &b, const Kernel &kernel, const AttentionSpec &spec);
  virtual ~HeadProduct() = default;

  /// The product of a spec's association; its memory starts at the kernel's scratch.
  static std::unique_ptr<HeadProduct> create(KernelBuilder &b, const Kernel &kernel, const AttentionSpec &spec);
  /// Bytes of scratch that it takes.
  static int64_t scratchBytes(const AttentionSpec &spec);

  /// What the heads of a launch share. Called once.
  virtual void start() {}
  /// What the tokens of a head share at a timestep.
  virtual void prepare(mlir::Value time, mlir::Value head) = 0;
  /// Vectors of i32 counts of a token, from a channel of the head on.
  virtual Values counts(mlir::Value time, mlir::Value head, mlir::Value token, int64_t channel, int64_t vectors) = 0;

  /// Position of a token's first channel of a head in q, k, v and the output.
  mlir::Value at(mlir::Value time, mlir::Value token, mlir::Value head);

protected:
  KernelBuilder &b;
  const AttentionSpec &spec;
  mlir::Value query, key, value, scratch;
  int64_t lanes;
  int64_t depth;  // channels of a head
  int64_t padded; // in whole vectors of i32
};

} // namespace stas

#endif // STAS_CONVERSION_SPIKETOVECTOR_HEADPRODUCTS_H
