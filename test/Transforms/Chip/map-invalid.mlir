// What does not fit is refused with the layer, the resource and the limit.
// RUN: stas-opt %s --split-input-file --verify-diagnostics --chip-map
// RUN: not stas-opt %s --split-input-file --chip-map=placer=best 2>&1 | FileCheck %s
// CHECK: chip-map: requires placer annealing or first-fit, found best

#one = #spike.quant<norm = <>, neuron = <>, input_max = 1>
chip.device @d <"small" board [1, 1] mesh [1, 2] cores_per_tile 1 neurons 8 state_bits 24 synapse_memory_kib 1 in_axons 4 out_axons 8
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 4 multicast per_core>
// expected-error @+1 {{does not fit the device: layer x: cores of the board: required 3, the chip has 2; largest users: x 3; would fit: }}
chip.network @n on @d timesteps 1 interval 1 {
  chip.population @x lif map [1, 2] channels 12 state_bits 24 step 0 runs 1 quant(#one)
}

// -----

#one = #spike.quant<norm = <>, neuron = <>, input_max = 1>
chip.device @d <"small" board [1, 1] mesh [1, 2] cores_per_tile 1 neurons 8 state_bits 24 synapse_memory_kib 1 in_axons 4 out_axons 8
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 4 multicast per_core>
// expected-error @+1 {{does not fit the device: layer y: in-axons of a core: required 5, the chip has 4}}
chip.network @n on @d timesteps 1 interval 1 {
  chip.population @x lif map [1, 2] channels 5 state_bits 24 step 0 runs 1 quant(#one)
  chip.population @y lif map [1, 2] channels 1 state_bits 24 step 1 runs 1 quant(#one)
  chip.synapses @one constant rows 1 columns 1 bits 8
  chip.projection @x to @y synapses @one tokens same channels all delay 0
}

// -----

#one = #spike.quant<norm = <>, neuron = <>, input_max = 1>
chip.device @d <"small" board [1, 1] mesh [1, 2] cores_per_tile 1 neurons 8 state_bits 24 synapse_memory_kib 1 in_axons 4 out_axons 8
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 4 multicast per_core>
// Nothing is kept of single neurons before.
// expected-error @+1 {{does not fit the device: layer x: cores of the board: required 268435456, the chip has 2; largest users: x 268435456; would fit: a board of at least 134217728 chips}}
chip.network @n on @d timesteps 1 interval 1 {
  chip.population @x lif map [1, 1] channels 2147483647 state_bits 24 step 0 runs 1 quant(#one)
}

// -----

#one = #spike.quant<norm = <>, neuron = <>, input_max = 1>
chip.device @d <"small" board [1, 1] mesh [1, 2] cores_per_tile 1 neurons 8 state_bits 24 synapse_memory_kib 1 in_axons 4 out_axons 8
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 4 multicast per_core>
// expected-error @+1 {{required no cores yet, found a network that is mapped}}
chip.network @n on @d timesteps 1 interval 1 {
  chip.population @x lif map [1, 2] channels 2 state_bits 24 step 0 runs 1 quant(#one)
  chip.core @c {}
}
