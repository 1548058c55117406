//===- HeadProducts.h - Coincidences of one attention head ------*- C++ -*-===//
//
// The counts (q k^T) v = q (k^T v) of a head, by one of several ways that give
// the same integers. A kernel prepares a head for all timesteps, then asks for
// the counts of one token after another. Only tokens that are active take part:
// a coincidence needs a key, and tokens that have halted have none.
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

  /// What the heads of a launch share. Called once, before all else.
  virtual void start();
  /// What the tokens of a head share at a timestep.
  virtual void prepare(mlir::Value time, mlir::Value head) = 0;
  /// Vectors of i32 counts of the token at a place, from a channel of the head on.
  virtual Values counts(mlir::Value time, mlir::Value head, mlir::Value place, int64_t channel, int64_t vectors) = 0;

  /// How many tokens take part. They have places, 0 on, in order.
  mlir::Value tokens() const { return present; }
  /// The token at a place.
  mlir::Value token(mlir::Value place);
  /// Position of a token's first channel of a head in q, k, v and the output.
  mlir::Value at(mlir::Value time, mlir::Value token, mlir::Value head);

protected:
  /// Memory of the product, past the list of tokens.
  mlir::Value view(int64_t offset, mlir::Type element, int64_t count);

  KernelBuilder &b;
  const AttentionSpec &spec;
  mlir::Value query, key, value;
  int64_t lanes;
  int64_t depth;  // channels of a head
  int64_t padded; // in whole vectors of i32

private:
  mlir::Value scratch;
  mlir::Value active;  // of masked attention: [N]
  mlir::Value list;    // of masked attention: i32 [N], the tokens that are active
  mlir::Value present; // how many they are
};

} // namespace stas

#endif // STAS_CONVERSION_SPIKETOVECTOR_HEADPRODUCTS_H
