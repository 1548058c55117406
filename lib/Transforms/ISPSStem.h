//===- ISPSStem.h - The pattern of I-SPS ------------------------*- C++ -*-===//
#ifndef STAS_LIB_TRANSFORMS_ISPSSTEM_H
#define STAS_LIB_TRANSFORMS_ISPSSTEM_H

#include "dialects/STAS/STASOps.h"
#include "stas/Analysis/TimeInvariance.h"

namespace stas {

/// A convolution on what does not change over time, its neurons over T, and the reduction of their spikes.
struct ISPSStem {
  mlir::Value input; // [B, C, H, W]
  Conv2dOp conv;
  BatchNormOp norm;         // or none
  mlir::Operation *neurons; // stas.lif or stas.staircase
  MaxPool2dOp pool;         // or none
  IntegrateOp reduction;
  LIFAttr neuron;
  int64_t timesteps;
};

/// Whether a reduction over time is one of spikes or counts, which I-SPS may be about.
bool reducesSpikes(IntegrateOp reduction);

/// The stem that ends in `reduction`; where there is none, `reason` says why.
mlir::FailureOr<ISPSStem> matchStem(IntegrateOp reduction, const TimeInvariance &time, std::string &reason);

} // namespace stas

#endif // STAS_LIB_TRANSFORMS_ISPSSTEM_H
