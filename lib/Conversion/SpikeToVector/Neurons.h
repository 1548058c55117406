//===- Neurons.h - Code of LIF neurons --------------------------*- C++ -*-===//
//
// What turns vectors of sums into spikes, in f32 or in integers. Currents and
// membranes share one element type; a channel position says which constants of
// the layer apply.
//
//===----------------------------------------------------------------------===//
#ifndef STAS_CONVERSION_SPIKETOVECTOR_NEURONS_H
#define STAS_CONVERSION_SPIKETOVECTOR_NEURONS_H

#include "KernelBuilder.h"
#include "stas/Quantization/IntegerNeuron.h"

namespace stas {

class Neurons {
public:
  explicit Neurons(KernelBuilder &b) : b(b) {}
  virtual ~Neurons() = default;

  /// Of currents and membranes.
  virtual mlir::Type element() = 0;
  /// A vector of membranes at the start of an image.
  virtual mlir::Value rest(int64_t lanes) = 0;
  /// Vectors of membranes at the start of a launch, which `load` finds in memory: of `fresh` ones there is nothing in
  /// it at timestep 0.
  Values start(const Kernel &kernel, bool fresh, int64_t vectors, int64_t lanes,
               llvm::function_ref<mlir::Value(int64_t)> load);
  /// Has `store` keep the membranes that a launch leaves, unless its timestep is the last.
  void keep(const Kernel &kernel, int64_t lastTimestep, llvm::function_ref<void()> store);
  /// The current that a vector of sums is, from a channel on.
  virtual mlir::Value current(mlir::Value sums, mlir::Value channel) = 0;
  /// One timestep: returns the spikes (i1), updates `membrane`.
  virtual mlir::Value fire(mlir::Value current, mlir::Value channel, mlir::Value &membrane) = 0;

protected:
  KernelBuilder &b;
};

/// The neuron of #stas.lif in f32. The current is a * sum + b, of the memories `scale` and `shift`, or unit * sum where
/// they are null.
class RealNeurons : public Neurons {
public:
  RealNeurons(KernelBuilder &b, LIFAttr neuron, mlir::Value scale, mlir::Value shift)
      : Neurons(b), neuron(neuron), scale(scale), shift(shift) {}
  RealNeurons(KernelBuilder &b, LIFAttr neuron, double unit) : Neurons(b), neuron(neuron), unit(unit) {}

  mlir::Type element() override { return b.getF32Type(); }
  mlir::Value rest(int64_t lanes) override { return b.splat(b.real(neuron.getVReset()), lanes); }
  mlir::Value current(mlir::Value sums, mlir::Value channel) override;
  mlir::Value fire(mlir::Value current, mlir::Value channel, mlir::Value &membrane) override;

private:
  LIFAttr neuron;
  mlir::Value scale, shift;
  double unit = 1.0;
};

/// What the channels of an integer layer differ in, as memories of the neuron's element type; or, where there are none,
/// numbers that all channels share.
struct NeuronTables {
  mlir::Value bias, threshold, reset;
  int64_t sharedBias = 0, sharedThreshold = 0, sharedReset = 0;
};

/// The integer neuron of stas/Quantization/IntegerNeuron.h.
class IntegerNeurons : public Neurons {
public:
  IntegerNeurons(KernelBuilder &b, const NeuronForm &form, NeuronTables tables)
      : Neurons(b), form(form), tables(tables) {}

  mlir::Type element() override { return b.getIntegerType(form.wide ? 64 : 32); }
  mlir::Value rest(int64_t lanes) override { return b.zeros(element(), lanes); }
  mlir::Value current(mlir::Value sums, mlir::Value channel) override;
  mlir::Value fire(mlir::Value current, mlir::Value channel, mlir::Value &membrane) override;

private:
  mlir::Value table(mlir::Value memory, int64_t shared, mlir::Value channel, mlir::Value like);
  mlir::Value charge(mlir::Value membrane, mlir::Value current);

  NeuronForm form;
  NeuronTables tables;
};

/// Neurons of a steady current with hard reset: which of the timesteps 1 .. T fire, from the sums and the memory of
/// cuts [T, N'] (stas/Quantization/Staircase.h).
class SteadyNeurons {
public:
  SteadyNeurons(KernelBuilder &b, mlir::Value cuts, int64_t timesteps, int64_t padded)
      : b(b), cuts(cuts), timesteps(timesteps), padded(padded) {}

  /// For each timestep the spikes (i1) of a vector of neurons, from a channel on.
  Values spikes(mlir::Value sums, mlir::Value channel);

private:
  KernelBuilder &b;
  mlir::Value cuts;
  int64_t timesteps, padded;
};

} // namespace stas

#endif // STAS_CONVERSION_SPIKETOVECTOR_NEURONS_H
