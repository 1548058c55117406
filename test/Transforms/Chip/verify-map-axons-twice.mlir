// Axons of a flow that stand on a core more than once.
// RUN: stas-opt %s --split-input-file --verify-diagnostics --verify-chip-map

#w = #stas.weight<"w" in "m.pth" at 0 : tensor<8x8xf32>>
#narrow = #spike.quant<weight = #w, norm = <>, neuron = <>, input_max = 1, bits = 8>
chip.device @d <"small" board [1, 1] mesh [2, 3] cores_per_tile 1 neurons 32 state_bits 24 synapse_memory_kib 1 in_axons 80 out_axons 96
  programs [lif, readout] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 4 multicast per_core>
chip.network @n on @d timesteps 1 interval 1 {
  chip.population @x lif map [1, 4] channels 8 state_bits 24 step 0 runs 1 quant(#narrow)
  chip.population @y lif map [1, 4] channels 8 state_bits 24 step 1 runs 1 quant(#narrow)
  chip.synapses @w dense rows 8 columns 8 bits 8 quant(#narrow)
  chip.projection @x to @y synapses @w tokens same channels all delay 0
  chip.core @a at [0, 0, 0] {
    chip.tile @x rows [0, 1] columns [0, 4] channels [0, 8]
    chip.axon_out @f to @b first 0
    chip.axon_out @f to @c first 32
  }
  chip.core @b at [0, 1, 0] {
    chip.tile @y rows [0, 1] columns [0, 4] channels [0, 3]
    chip.axon_in @f first 8
    // expected-error @+1 {{required in-axons of @f once on a core, found them twice}}
    chip.axon_in @f first 40
  }
  chip.core @c at [1, 2, 0] {
    chip.tile @y rows [0, 1] columns [0, 4] channels [3, 8]
    chip.axon_in @f first 0
  }
  chip.flow @f of @x from @a neurons [0, 32] to [@b, @c] delay 0 spikes 1.0
}

// -----

#w = #stas.weight<"w" in "m.pth" at 0 : tensor<8x8xf32>>
#narrow = #spike.quant<weight = #w, norm = <>, neuron = <>, input_max = 1, bits = 8>
chip.device @d <"small" board [1, 1] mesh [2, 3] cores_per_tile 1 neurons 32 state_bits 24 synapse_memory_kib 1 in_axons 80 out_axons 96
  programs [lif, readout] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 4 multicast per_core>
chip.network @n on @d timesteps 1 interval 1 {
  chip.population @x lif map [1, 4] channels 8 state_bits 24 step 0 runs 1 quant(#narrow)
  chip.population @y lif map [1, 4] channels 8 state_bits 24 step 1 runs 1 quant(#narrow)
  chip.synapses @w dense rows 8 columns 8 bits 8 quant(#narrow)
  chip.projection @x to @y synapses @w tokens same channels all delay 0
  chip.core @a at [0, 0, 0] {
    chip.tile @x rows [0, 1] columns [0, 4] channels [0, 8]
    chip.axon_out @f to @b first 0
    chip.axon_out @f to @c first 32
    // expected-error @+1 {{required out-axons of @f once to a core, found them twice}}
    chip.axon_out @f to @c first 64
  }
  chip.core @b at [0, 1, 0] {
    chip.tile @y rows [0, 1] columns [0, 4] channels [0, 3]
    chip.axon_in @f first 8
  }
  chip.core @c at [1, 2, 0] {
    chip.tile @y rows [0, 1] columns [0, 4] channels [3, 8]
    chip.axon_in @f first 0
  }
  chip.flow @f of @x from @a neurons [0, 32] to [@b, @c] delay 0 spikes 1.0
}

// -----

#w = #stas.weight<"w" in "m.pth" at 0 : tensor<8x8xf32>>
#narrow = #spike.quant<weight = #w, norm = <>, neuron = <>, input_max = 1, bits = 8>
chip.device @d <"small" board [1, 1] mesh [2, 3] cores_per_tile 1 neurons 32 state_bits 24 synapse_memory_kib 1 in_axons 80 out_axons 96
  programs [lif, readout] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 4 multicast tree>
chip.network @n on @d timesteps 1 interval 1 {
  chip.population @x lif map [1, 4] channels 8 state_bits 24 step 0 runs 1 quant(#narrow)
  chip.population @y lif map [1, 4] channels 8 state_bits 24 step 1 runs 1 quant(#narrow)
  chip.synapses @w dense rows 8 columns 8 bits 8 quant(#narrow)
  chip.projection @x to @y synapses @w tokens same channels all delay 0
  chip.core @a at [0, 0, 0] {
    chip.tile @x rows [0, 1] columns [0, 4] channels [0, 8]
    chip.axon_out @f first 0
    // expected-error @+1 {{required out-axons of @f once, found them twice}}
    chip.axon_out @f first 32
  }
  chip.core @b at [0, 1, 0] {
    chip.tile @y rows [0, 1] columns [0, 4] channels [0, 3]
    chip.axon_in @f first 8
  }
  chip.core @c at [1, 2, 0] {
    chip.tile @y rows [0, 1] columns [0, 4] channels [3, 8]
    chip.axon_in @f first 0
  }
  chip.flow @f of @x from @a neurons [0, 32] to [@b, @c] delay 0 spikes 1.0
}
