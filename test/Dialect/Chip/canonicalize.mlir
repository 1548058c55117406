// A map is what it is: nothing folds, nothing is dead, and names keep their order.
// RUN: stas-opt %s --canonicalize --cse | FileCheck %s

#counts = #spike.quant<norm = <>, neuron = <>, input_max = 64>

// CHECK: chip.device @tiny
chip.device @tiny <"tiny" board [1, 1] mesh [1, 1] cores_per_tile 2 neurons 64 state_bits 24 synapse_memory_kib 4
  in_axons 64 out_axons 64 programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0
  delay_steps 62 multicast per_core>

// CHECK-NEXT: chip.network @n
chip.network @n on @tiny timesteps 1 interval 1 {
  // CHECK-NEXT: chip.population @b
  // CHECK-NEXT: chip.population @a
  chip.population @b lif map [1, 1] channels 2 state_bits 24 step 0 runs 1 quant(#counts)
  chip.population @a lif map [1, 1] channels 2 state_bits 24 step 1 runs 1 quant(#counts)
  // CHECK-NEXT: chip.synapses @one
  // CHECK-NEXT: chip.synapses @unused
  chip.synapses @one constant rows 1 columns 1 bits 8
  chip.synapses @unused constant rows 1 columns 1 bits 8
  // CHECK-NEXT: chip.projection
  // CHECK-NEXT: chip.projection
  chip.projection @b to @a synapses @one tokens same channels same delay 0
  chip.projection @b to @a synapses @one tokens same channels same delay 0
  // CHECK-NEXT: chip.core @empty {
  // CHECK-NEXT: }
  chip.core @empty {}
}
