// What ops cost in synaptic operations, and which values they pass on.
#ifndef SPIKE_SYNAPTIC_INTERFACES_TD
#define SPIKE_SYNAPTIC_INTERFACES_TD

include "mlir/IR/OpBase.td"

def SynapticOpInterface : OpInterface<"SynapticOpInterface"> {
  let cppNamespace = "::stas::spike";
  let description = [{
    An op that sums over synapses: a weighted layer, or attention. It says what one timestep of one image takes; energy
    estimates and measured rates speak of nothing else.
  }];
  let methods = [
    InterfaceMethod<[{
      The op's work for one image and timestep: kind, rows, fan-in, channels, heads, map and window; and as parts the
      unit of integer inputs, 1 in f32, where the values themselves say it. The rest of the attribute (levels of the
      input, neurons, operands of a launch) is not the op's to know and keeps its defaults.
    }], "::stas::spike::WorkAttr", "getWork">,
    InterfaceMethod<"The operands whose spikes, counts or values meet the synapses.",
                    "::llvm::SmallVector<::mlir::Value>", "getSynapticInputs">,
  ];
}

def NeuronOpInterface : OpInterface<"NeuronOpInterface"> {
  let cppNamespace = "::stas::spike";
  let description = [{
    An op of neurons that are driven by the sums of a SynapticOpInterface.
  }];
  let methods = [
    InterfaceMethod<[{
      Timesteps that each neuron runs, outside of time loops, when the op runs once. A staircase counts its T steps, though
      a target may compute them in closed form: models are compared by one rule.
    }], "int64_t", "getNeuronSteps">,
  ];
}

def LevelsOpInterface : OpInterface<"LevelsOpInterface"> {
  let cppNamespace = "::stas::spike";
  let description = [{
    An op that passes spikes or counts on: it says which values its result has.
  }];
  let methods = [
    InterfaceMethod<"The levels of the result, from those of the operands.", "::stas::spike::Levels", "inferLevels",
                    (ins "::llvm::ArrayRef<::stas::spike::Levels>":$operands)>,
  ];
}

#endif // SPIKE_SYNAPTIC_INTERFACES_TD
