//===- SumUsers.h - Which neurons take sums ---------------------*- C++ -*-===//
#ifndef STAS_LIB_TRANSFORMS_SUMUSERS_H
#define STAS_LIB_TRANSFORMS_SUMUSERS_H

#include "dialects/Spike/SpikeOps.h"

namespace stas {

/// Who takes the sums of an op.
struct SumUsers {
  mlir::Operation *first; // what the neurons need can stand before it; the op itself where `agree` is false
  mlir::Value active;     // the mask of the neurons, if they have one
  bool agree = true;      // all are neurons in the op's block, with one mask or all without
  bool masked = false;    // there are neurons with a mask

  explicit SumUsers(mlir::Operation *sums);
};

} // namespace stas

#endif // STAS_LIB_TRANSFORMS_SUMUSERS_H
