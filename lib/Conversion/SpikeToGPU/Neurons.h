//===- Neurons.h - Code of LIF neurons on a GPU -----------------*- C++ -*-===//
#ifndef STAS_CONVERSION_SPIKETOGPU_NEURONS_H
#define STAS_CONVERSION_SPIKETOGPU_NEURONS_H

#include "KernelBuilder.h"
#include "stas/Quantization/IntegerNeuron.h"

namespace stas::cuda {

/// What the neurons of a channel take from its layer. Values are of the sums' width.
struct NeuronConstants {
  mlir::Value bias, threshold, reset; // no bias: 0; reset of soft reset alone
  mlir::Value guard = {};             // G where channels differ in it; else the form's
};

/// The integer neuron of stas/Quantization/IntegerNeuron.h, one neuron of one thread at a time.
class Neurons {
public:
  Neurons(KernelBuilder &b, const NeuronForm &form) : b(b), form(form) {}

  /// The current that a sum is.
  mlir::Value current(mlir::Value sum, const NeuronConstants &channel);
  /// One timestep: returns the spike (i1), updates `membrane`.
  mlir::Value fire(mlir::Value current, const NeuronConstants &channel, mlir::Value &membrane);

private:
  mlir::Value charge(mlir::Value membrane, mlir::Value current);

  KernelBuilder &b;
  NeuronForm form;
};

} // namespace stas::cuda

#endif // STAS_CONVERSION_SPIKETOGPU_NEURONS_H
