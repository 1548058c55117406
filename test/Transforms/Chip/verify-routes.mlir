// Routes that arrive, and each way in which one does not.
// RUN: stas-opt %s --split-input-file --verify-diagnostics --verify-chip-routes

#w = #stas.weight<"w" in "m.pth" at 0 : tensor<8x8xf32>>
#narrow = #spike.quant<weight = #w, norm = <>, neuron = <>, input_max = 1, bits = 8>
chip.device @d <"small" board [1, 1] mesh [2, 3] cores_per_tile 1 neurons 32 state_bits 24 synapse_memory_kib 1 in_axons 40 out_axons 64
  programs [lif, readout] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 4 multicast per_core>
chip.network @n on @d timesteps 1 interval 1 {
  chip.population @x lif map [1, 4] channels 8 state_bits 24 step 0 runs 1 quant(#narrow)
  chip.population @y lif map [1, 4] channels 8 state_bits 24 step 1 runs 1 quant(#narrow)
  chip.synapses @w dense rows 8 columns 8 bits 8 quant(#narrow)
  chip.projection @x to @y synapses @w tokens same channels all delay 0
  chip.core @a at [0, 0, 0] {
    chip.tile @x rows [0, 1] columns [0, 4] channels [0, 8]
  }
  chip.core @b at [0, 1, 0] {
    chip.tile @y rows [0, 1] columns [0, 4] channels [0, 3]
  }
  chip.core @c at [1, 2, 0] {
    chip.tile @y rows [0, 1] columns [0, 4] channels [3, 8]
  }
  chip.flow @f of @x from @a neurons [0, 32] to [@b, @c] delay 0 spikes 1.0
    out [0, 32] in [8, 0] via [[0, 0, 0, 1], [0, 0, 0, 2, 0, 2, 1, 2]]
}

// -----

#w = #stas.weight<"w" in "m.pth" at 0 : tensor<8x8xf32>>
#narrow = #spike.quant<weight = #w, norm = <>, neuron = <>, input_max = 1, bits = 8>
chip.device @d <"small" board [1, 1] mesh [2, 3] cores_per_tile 1 neurons 32 state_bits 24 synapse_memory_kib 1 in_axons 40 out_axons 64
  programs [lif, readout] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 4 multicast tree>
chip.network @n on @d timesteps 1 interval 1 {
  chip.population @x lif map [1, 4] channels 8 state_bits 24 step 0 runs 1 quant(#narrow)
  chip.population @y lif map [1, 4] channels 8 state_bits 24 step 1 runs 1 quant(#narrow)
  chip.synapses @w dense rows 8 columns 8 bits 8 quant(#narrow)
  chip.projection @x to @y synapses @w tokens same channels all delay 0
  chip.core @a at [0, 0, 0] {
    chip.tile @x rows [0, 1] columns [0, 4] channels [0, 8]
  }
  chip.core @b at [0, 1, 0] {
    chip.tile @y rows [0, 1] columns [0, 4] channels [0, 3]
  }
  chip.core @c at [1, 2, 0] {
    chip.tile @y rows [0, 1] columns [0, 4] channels [3, 8]
  }
  chip.flow @f of @x from @a neurons [0, 32] to [@b, @c] delay 0 spikes 1.0
    out [0] in [8, 0] via [[0, 0, 0, 2, 0, 2, 1, 2]]
}

// -----

#w = #stas.weight<"w" in "m.pth" at 0 : tensor<8x8xf32>>
#narrow = #spike.quant<weight = #w, norm = <>, neuron = <>, input_max = 1, bits = 8>
chip.device @d <"small" board [1, 1] mesh [2, 3] cores_per_tile 1 neurons 32 state_bits 24 synapse_memory_kib 1 in_axons 40 out_axons 64
  programs [lif, readout] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 4 multicast tree>
chip.network @n on @d timesteps 1 interval 1 {
  chip.population @x lif map [1, 4] channels 8 state_bits 24 step 0 runs 1 quant(#narrow)
  chip.population @y lif map [1, 4] channels 8 state_bits 24 step 1 runs 1 quant(#narrow)
  chip.synapses @w dense rows 8 columns 8 bits 8 quant(#narrow)
  chip.projection @x to @y synapses @w tokens same channels all delay 0
  chip.core @a at [0, 0, 0] {
    chip.tile @x rows [0, 1] columns [0, 4] channels [0, 8]
  }
  chip.core @b at [0, 1, 0] {
    chip.tile @y rows [0, 1] columns [0, 4] channels [0, 3]
  }
  chip.core @c at [1, 2, 0] {
    chip.tile @y rows [0, 1] columns [0, 4] channels [3, 8]
  }
  chip.flow @f of @x from @a neurons [0, 32] to [@b, @c] delay 0 spikes 1.0
    out [0] in [8, 0] via [[0, 0, 0, 1, 0, 1, 0, 2, 0, 2, 1, 2]]
}

// -----

#w = #stas.weight<"w" in "m.pth" at 0 : tensor<8x8xf32>>
#narrow = #spike.quant<weight = #w, norm = <>, neuron = <>, input_max = 1, bits = 8>
chip.device @d <"small" board [1, 1] mesh [2, 3] cores_per_tile 1 neurons 32 state_bits 24 synapse_memory_kib 1 in_axons 40 out_axons 64
  programs [lif, readout] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 4 multicast per_core>
chip.network @n on @d timesteps 1 interval 1 {
  chip.population @x lif map [1, 4] channels 8 state_bits 24 step 0 runs 1 quant(#narrow)
  chip.population @y lif map [1, 4] channels 8 state_bits 24 step 1 runs 1 quant(#narrow)
  chip.synapses @w dense rows 8 columns 8 bits 8 quant(#narrow)
  chip.projection @x to @y synapses @w tokens same channels all delay 0
  chip.core @a {
    chip.tile @x rows [0, 1] columns [0, 4] channels [0, 8]
  }
  chip.core @b {
    chip.tile @y rows [0, 1] columns [0, 4] channels [0, 3]
  }
  chip.core @c {
    chip.tile @y rows [0, 1] columns [0, 4] channels [3, 8]
  }
  chip.flow @f of @x from @a neurons [0, 32] to [@b, @c] delay 0 spikes 1.0 out [0, 32] in [8, 0]
}

// -----

#w = #stas.weight<"w" in "m.pth" at 0 : tensor<8x8xf32>>
#narrow = #spike.quant<weight = #w, norm = <>, neuron = <>, input_max = 1, bits = 8>
chip.device @d <"small" board [1, 1] mesh [2, 3] cores_per_tile 1 neurons 32 state_bits 24 synapse_memory_kib 1 in_axons 40 out_axons 64
  programs [lif, readout] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 4 multicast per_core>
chip.network @n on @d timesteps 1 interval 1 {
  chip.population @x lif map [1, 4] channels 8 state_bits 24 step 0 runs 1 quant(#narrow)
  chip.population @y lif map [1, 4] channels 8 state_bits 24 step 1 runs 1 quant(#narrow)
  chip.synapses @w dense rows 8 columns 8 bits 8 quant(#narrow)
  chip.projection @x to @y synapses @w tokens same channels all delay 0
  chip.core @a at [0, 0, 0] {
    chip.tile @x rows [0, 1] columns [0, 4] channels [0, 8]
  }
  // expected-error @+1 {{required a place, as other cores of the network have, found none}}
  chip.core @b {
    chip.tile @y rows [0, 1] columns [0, 4] channels [0, 3]
  }
  chip.core @c at [1, 2, 0] {
    chip.tile @y rows [0, 1] columns [0, 4] channels [3, 8]
  }
  chip.flow @f of @x from @a neurons [0, 32] to [@b, @c] delay 0 spikes 1.0
    out [0, 32] in [8, 0] via [[0, 0, 0, 1], [0, 0, 0, 2, 0, 2, 1, 2]]
}

// -----

#w = #stas.weight<"w" in "m.pth" at 0 : tensor<8x8xf32>>
#narrow = #spike.quant<weight = #w, norm = <>, neuron = <>, input_max = 1, bits = 8>
chip.device @d <"small" board [1, 1] mesh [2, 3] cores_per_tile 1 neurons 32 state_bits 24 synapse_memory_kib 1 in_axons 40 out_axons 64
  programs [lif, readout] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 4 multicast per_core>
chip.network @n on @d timesteps 1 interval 1 {
  chip.population @x lif map [1, 4] channels 8 state_bits 24 step 0 runs 1 quant(#narrow)
  chip.population @y lif map [1, 4] channels 8 state_bits 24 step 1 runs 1 quant(#narrow)
  chip.synapses @w dense rows 8 columns 8 bits 8 quant(#narrow)
  chip.projection @x to @y synapses @w tokens same channels all delay 0
  chip.core @a at [0, 0, 0] {
    chip.tile @x rows [0, 1] columns [0, 4] channels [0, 8]
  }
  chip.core @b at [0, 1, 0] {
    chip.tile @y rows [0, 1] columns [0, 4] channels [0, 3]
  }
  chip.core @c at [1, 2, 0] {
    chip.tile @y rows [0, 1] columns [0, 4] channels [3, 8]
  }
  // expected-error @+1 {{required a way to tile [0, 1] of core @b, found its end at [0, 2]}}
  chip.flow @f of @x from @a neurons [0, 32] to [@b, @c] delay 0 spikes 1.0
    out [0, 32] in [8, 0] via [[0, 0, 0, 2], [0, 0, 0, 2, 0, 2, 1, 2]]
}

// -----

#w = #stas.weight<"w" in "m.pth" at 0 : tensor<8x8xf32>>
#narrow = #spike.quant<weight = #w, norm = <>, neuron = <>, input_max = 1, bits = 8>
chip.device @d <"small" board [1, 1] mesh [2, 3] cores_per_tile 1 neurons 32 state_bits 24 synapse_memory_kib 1 in_axons 40 out_axons 64
  programs [lif, readout] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 4 multicast per_core>
chip.network @n on @d timesteps 1 interval 1 {
  chip.population @x lif map [1, 4] channels 8 state_bits 24 step 0 runs 1 quant(#narrow)
  chip.population @y lif map [1, 4] channels 8 state_bits 24 step 1 runs 1 quant(#narrow)
  chip.synapses @w dense rows 8 columns 8 bits 8 quant(#narrow)
  chip.projection @x to @y synapses @w tokens same channels all delay 0
  chip.core @a at [0, 0, 0] {
    chip.tile @x rows [0, 1] columns [0, 4] channels [0, 8]
  }
  chip.core @b at [0, 1, 0] {
    chip.tile @y rows [0, 1] columns [0, 4] channels [0, 3]
  }
  chip.core @c at [1, 2, 0] {
    chip.tile @y rows [0, 1] columns [0, 4] channels [3, 8]
  }
  // expected-error @+1 {{required a way to tile [0, 1] of core @b, found its end at [0, 0]}}
  chip.flow @f of @x from @a neurons [0, 32] to [@b, @c] delay 0 spikes 1.0
    out [0, 32] in [8, 0] via [[], [0, 0, 0, 2, 0, 2, 1, 2]]
}

// -----

#w = #stas.weight<"w" in "m.pth" at 0 : tensor<8x8xf32>>
#narrow = #spike.quant<weight = #w, norm = <>, neuron = <>, input_max = 1, bits = 8>
chip.device @d <"small" board [1, 1] mesh [2, 3] cores_per_tile 1 neurons 32 state_bits 24 synapse_memory_kib 1 in_axons 40 out_axons 64
  programs [lif, readout] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 4 multicast per_core>
chip.network @n on @d timesteps 1 interval 1 {
  chip.population @x lif map [1, 4] channels 8 state_bits 24 step 0 runs 1 quant(#narrow)
  chip.population @y lif map [1, 4] channels 8 state_bits 24 step 1 runs 1 quant(#narrow)
  chip.synapses @w dense rows 8 columns 8 bits 8 quant(#narrow)
  chip.projection @x to @y synapses @w tokens same channels all delay 0
  chip.core @a at [0, 0, 0] {
    chip.tile @x rows [0, 1] columns [0, 4] channels [0, 8]
  }
  chip.core @b at [0, 1, 0] {
    chip.tile @y rows [0, 1] columns [0, 4] channels [0, 3]
  }
  chip.core @c at [1, 2, 0] {
    chip.tile @y rows [0, 1] columns [0, 4] channels [3, 8]
  }
  // expected-error @+1 {{required a way to core @b from tile [0, 0] of core @a, found its start at [0, 2]}}
  chip.flow @f of @x from @a neurons [0, 32] to [@b, @c] delay 0 spikes 1.0
    out [0, 32] in [8, 0] via [[0, 2, 0, 1], [0, 0, 0, 2, 0, 2, 1, 2]]
}

// -----

#w = #stas.weight<"w" in "m.pth" at 0 : tensor<8x8xf32>>
#narrow = #spike.quant<weight = #w, norm = <>, neuron = <>, input_max = 1, bits = 8>
chip.device @d <"small" board [1, 1] mesh [2, 3] cores_per_tile 1 neurons 32 state_bits 24 synapse_memory_kib 1 in_axons 40 out_axons 64
  programs [lif, readout] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 4 multicast tree>
chip.network @n on @d timesteps 1 interval 1 {
  chip.population @x lif map [1, 4] channels 8 state_bits 24 step 0 runs 1 quant(#narrow)
  chip.population @y lif map [1, 4] channels 8 state_bits 24 step 1 runs 1 quant(#narrow)
  chip.synapses @w dense rows 8 columns 8 bits 8 quant(#narrow)
  chip.projection @x to @y synapses @w tokens same channels all delay 0
  chip.core @a at [0, 0, 0] {
    chip.tile @x rows [0, 1] columns [0, 4] channels [0, 8]
  }
  chip.core @b at [0, 1, 0] {
    chip.tile @y rows [0, 1] columns [0, 4] channels [0, 3]
  }
  chip.core @c at [1, 2, 0] {
    chip.tile @y rows [0, 1] columns [0, 4] channels [3, 8]
  }
  // expected-error @+1 {{required routes of its messages, as cores of the network have places, found none}}
  chip.flow @f of @x from @a neurons [0, 32] to [@b, @c] delay 0 spikes 1.0 out [0] in [8, 0]
}

// -----

#w = #stas.weight<"w" in "m.pth" at 0 : tensor<8x8xf32>>
#narrow = #spike.quant<weight = #w, norm = <>, neuron = <>, input_max = 1, bits = 8>
chip.device @d <"small" board [1, 1] mesh [2, 3] cores_per_tile 1 neurons 32 state_bits 24 synapse_memory_kib 1 in_axons 40 out_axons 64
  programs [lif, readout] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 4 multicast tree>
chip.network @n on @d timesteps 1 interval 1 {
  chip.population @x lif map [1, 4] channels 8 state_bits 24 step 0 runs 1 quant(#narrow)
  chip.population @y lif map [1, 4] channels 8 state_bits 24 step 1 runs 1 quant(#narrow)
  chip.synapses @w dense rows 8 columns 8 bits 8 quant(#narrow)
  chip.projection @x to @y synapses @w tokens same channels all delay 0
  chip.core @a at [0, 0, 0] {
    chip.tile @x rows [0, 1] columns [0, 4] channels [0, 8]
  }
  chip.core @b at [0, 1, 0] {
    chip.tile @y rows [0, 1] columns [0, 4] channels [0, 3]
  }
  chip.core @c at [1, 2, 0] {
    chip.tile @y rows [0, 1] columns [0, 4] channels [3, 8]
  }
  // expected-error @+1 {{required a way to tile [1, 2], found none}}
  chip.flow @f of @x from @a neurons [0, 32] to [@b, @c] delay 0 spikes 1.0 out [0] in [8, 0] via [[0, 0, 0, 2]]
}

// -----

#w = #stas.weight<"w" in "m.pth" at 0 : tensor<8x8xf32>>
#narrow = #spike.quant<weight = #w, norm = <>, neuron = <>, input_max = 1, bits = 8>
chip.device @d <"small" board [1, 1] mesh [2, 3] cores_per_tile 1 neurons 32 state_bits 24 synapse_memory_kib 1 in_axons 40 out_axons 64
  programs [lif, readout] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 4 multicast tree>
chip.network @n on @d timesteps 1 interval 1 {
  chip.population @x lif map [1, 4] channels 8 state_bits 24 step 0 runs 1 quant(#narrow)
  chip.population @y lif map [1, 4] channels 8 state_bits 24 step 1 runs 1 quant(#narrow)
  chip.synapses @w dense rows 8 columns 8 bits 8 quant(#narrow)
  chip.projection @x to @y synapses @w tokens same channels all delay 0
  chip.core @a at [0, 0, 0] {
    chip.tile @x rows [0, 1] columns [0, 4] channels [0, 8]
  }
  chip.core @b at [0, 1, 0] {
    chip.tile @y rows [0, 1] columns [0, 4] channels [0, 3]
  }
  chip.core @c at [1, 2, 0] {
    chip.tile @y rows [0, 1] columns [0, 4] channels [3, 8]
  }
  // expected-error @+1 {{required ways that end at targets, found one that ends at [1, 1]}}
  chip.flow @f of @x from @a neurons [0, 32] to [@b, @c] delay 0 spikes 1.0
    out [0] in [8, 0] via [[0, 0, 0, 2, 0, 2, 1, 2, 0, 1, 1, 1]]
}

// -----

#w = #stas.weight<"w" in "m.pth" at 0 : tensor<8x8xf32>>
#narrow = #spike.quant<weight = #w, norm = <>, neuron = <>, input_max = 1, bits = 8>
chip.device @d <"small" board [1, 1] mesh [2, 3] cores_per_tile 1 neurons 32 state_bits 24 synapse_memory_kib 1 in_axons 40 out_axons 64
  programs [lif, readout] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 4 multicast tree>
chip.network @n on @d timesteps 1 interval 1 {
  chip.population @x lif map [1, 4] channels 8 state_bits 24 step 0 runs 1 quant(#narrow)
  chip.population @y lif map [1, 4] channels 8 state_bits 24 step 1 runs 1 quant(#narrow)
  chip.synapses @w dense rows 8 columns 8 bits 8 quant(#narrow)
  chip.projection @x to @y synapses @w tokens same channels all delay 0
  chip.core @a at [0, 0, 0] {
    chip.tile @x rows [0, 1] columns [0, 4] channels [0, 8]
  }
  chip.core @b at [0, 1, 0] {
    chip.tile @y rows [0, 1] columns [0, 4] channels [0, 3]
  }
  chip.core @c at [1, 2, 0] {
    chip.tile @y rows [0, 1] columns [0, 4] channels [3, 8]
  }
  // expected-error @+1 {{required one way to each tile, found two to [0, 1]}}
  chip.flow @f of @x from @a neurons [0, 32] to [@b, @c] delay 0 spikes 1.0
    out [0] in [8, 0] via [[0, 0, 0, 2, 0, 0, 0, 1]]
}

// -----

#w = #stas.weight<"w" in "m.pth" at 0 : tensor<8x8xf32>>
#narrow = #spike.quant<weight = #w, norm = <>, neuron = <>, input_max = 1, bits = 8>
chip.device @d <"small" board [1, 1] mesh [2, 3] cores_per_tile 1 neurons 32 state_bits 24 synapse_memory_kib 1 in_axons 40 out_axons 64
  programs [lif, readout] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 4 multicast tree>
chip.network @n on @d timesteps 1 interval 1 {
  chip.population @x lif map [1, 4] channels 8 state_bits 24 step 0 runs 1 quant(#narrow)
  chip.population @y lif map [1, 4] channels 8 state_bits 24 step 1 runs 1 quant(#narrow)
  chip.synapses @w dense rows 8 columns 8 bits 8 quant(#narrow)
  chip.projection @x to @y synapses @w tokens same channels all delay 0
  chip.core @a at [0, 0, 0] {
    chip.tile @x rows [0, 1] columns [0, 4] channels [0, 8]
  }
  chip.core @b at [0, 1, 0] {
    chip.tile @y rows [0, 1] columns [0, 4] channels [0, 3]
  }
  chip.core @c at [1, 2, 0] {
    chip.tile @y rows [0, 1] columns [0, 4] channels [3, 8]
  }
  // expected-error @+1 {{required runs that start where the message has come to, along a row before a column, found one from [0, 1] to [0, 2]}}
  chip.flow @f of @x from @a neurons [0, 32] to [@b, @c] delay 0 spikes 1.0 out [0] in [8, 0] via [[0, 1, 0, 2]]
}

// -----

#w = #stas.weight<"w" in "m.pth" at 0 : tensor<8x8xf32>>
#narrow = #spike.quant<weight = #w, norm = <>, neuron = <>, input_max = 1, bits = 8>
chip.device @d <"small" board [1, 1] mesh [2, 3] cores_per_tile 1 neurons 32 state_bits 24 synapse_memory_kib 1 in_axons 40 out_axons 64
  programs [lif, readout] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 4 multicast tree>
chip.network @n on @d timesteps 1 interval 1 {
  chip.population @x lif map [1, 4] channels 8 state_bits 24 step 0 runs 1 quant(#narrow)
  chip.population @y lif map [1, 4] channels 8 state_bits 24 step 1 runs 1 quant(#narrow)
  chip.synapses @w dense rows 8 columns 8 bits 8 quant(#narrow)
  chip.projection @x to @y synapses @w tokens same channels all delay 0
  chip.core @a at [0, 0, 0] {
    chip.tile @x rows [0, 1] columns [0, 4] channels [0, 8]
  }
  chip.core @b at [0, 1, 0] {
    chip.tile @y rows [0, 1] columns [0, 4] channels [0, 3]
  }
  chip.core @c at [1, 2, 0] {
    chip.tile @y rows [0, 1] columns [0, 4] channels [3, 8]
  }
  // expected-error @+1 {{required runs that start where the message has come to, along a row before a column, found one from [1, 0] to [1, 2]}}
  chip.flow @f of @x from @a neurons [0, 32] to [@b, @c] delay 0 spikes 1.0
    out [0] in [8, 0] via [[0, 0, 0, 1, 0, 0, 1, 0, 1, 0, 1, 2]]
}

// -----

#w = #stas.weight<"w" in "m.pth" at 0 : tensor<8x8xf32>>
#narrow = #spike.quant<weight = #w, norm = <>, neuron = <>, input_max = 1, bits = 8>
chip.device @d <"small" board [1, 1] mesh [2, 3] cores_per_tile 1 link_messages 7 neurons 32 state_bits 24 synapse_memory_kib 1 in_axons 40 out_axons 64
  programs [lif, readout] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 4 multicast per_core>
chip.network @n on @d timesteps 1 interval 1 {
  chip.population @x lif map [1, 4] channels 8 state_bits 24 step 0 runs 1 quant(#narrow)
  chip.population @y lif map [1, 4] channels 8 state_bits 24 step 1 runs 1 quant(#narrow)
  chip.synapses @w dense rows 8 columns 8 bits 8 quant(#narrow)
  chip.projection @x to @y synapses @w tokens same channels all delay 0
  chip.core @a at [0, 0, 0] {
    chip.tile @x rows [0, 1] columns [0, 4] channels [0, 8]
  }
  chip.core @b at [0, 1, 0] {
    chip.tile @y rows [0, 1] columns [0, 4] channels [0, 3]
  }
  chip.core @c at [1, 2, 0] {
    chip.tile @y rows [0, 1] columns [0, 4] channels [3, 8]
  }
  chip.flow @f of @x from @a neurons [0, 32] to [@b, @c] delay 0 spikes 3.5
    out [0, 32] in [8, 0] via [[0, 0, 0, 1], [0, 0, 0, 2, 0, 2, 1, 2]]
}

// -----

#w = #stas.weight<"w" in "m.pth" at 0 : tensor<8x8xf32>>
#narrow = #spike.quant<weight = #w, norm = <>, neuron = <>, input_max = 1, bits = 8>
chip.device @d <"small" board [1, 1] mesh [2, 3] cores_per_tile 1 link_messages 6 neurons 32 state_bits 24 synapse_memory_kib 1 in_axons 40 out_axons 64
  programs [lif, readout] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 4 multicast per_core>
// expected-error @+1 {{required at most 6 messages in a chip step over the link from tile [0, 0] to [0, 1], found 7.000000e+00 expected in step 0 (largest: @x 7.000000e+00)}}
chip.network @n on @d timesteps 1 interval 1 {
  chip.population @x lif map [1, 4] channels 8 state_bits 24 step 0 runs 1 quant(#narrow)
  chip.population @y lif map [1, 4] channels 8 state_bits 24 step 1 runs 1 quant(#narrow)
  chip.synapses @w dense rows 8 columns 8 bits 8 quant(#narrow)
  chip.projection @x to @y synapses @w tokens same channels all delay 0
  chip.core @a at [0, 0, 0] {
    chip.tile @x rows [0, 1] columns [0, 4] channels [0, 8]
  }
  chip.core @b at [0, 1, 0] {
    chip.tile @y rows [0, 1] columns [0, 4] channels [0, 3]
  }
  chip.core @c at [1, 2, 0] {
    chip.tile @y rows [0, 1] columns [0, 4] channels [3, 8]
  }
  chip.flow @f of @x from @a neurons [0, 32] to [@b, @c] delay 0 spikes 3.5
    out [0, 32] in [8, 0] via [[0, 0, 0, 1], [0, 0, 0, 2, 0, 2, 1, 2]]
}

// -----

#one = #spike.quant<norm = <>, neuron = <>, input_max = 1>
chip.device @d <"small" board [1, 1] mesh [2, 3] cores_per_tile 1 link_messages 4 neurons 32 state_bits 24 synapse_memory_kib 1 in_axons 40 out_axons 64
  programs [lif, readout] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 4 multicast per_core>
// Each population in its own steps.
chip.network @n on @d timesteps 2 interval 2 {
  chip.population @x lif map [1, 4] channels 4 state_bits 24 step 0 runs 2 quant(#one)
  chip.population @y lif map [1, 4] channels 4 state_bits 24 step 1 runs 2 quant(#one)
  chip.core @a at [0, 0, 0] {
    chip.tile @x rows [0, 1] columns [0, 4] channels [0, 4]
    chip.tile @y rows [0, 1] columns [0, 4] channels [0, 4]
  }
  chip.core @b at [0, 1, 0] {
  }
  chip.flow @f of @x from @a neurons [0, 16] to [@b] delay 0 spikes 4.0 out [0] in [0] via [[0, 0, 0, 1]]
  chip.flow @g of @y from @a neurons [0, 16] to [@b] delay 0 spikes 6.0 out [16] in [16] via [[0, 0, 0, 1]]
}

// -----

#one = #spike.quant<norm = <>, neuron = <>, input_max = 1>
chip.device @d <"small" board [1, 1] mesh [2, 3] cores_per_tile 1 link_messages 4 neurons 32 state_bits 24 synapse_memory_kib 1 in_axons 40 out_axons 64
  programs [lif, readout] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 4 multicast per_core>
// One behind the other: both in step 1.
// expected-error @+1 {{from tile [0, 0] to [0, 1], found 5.000000e+00 expected in step 1 (largest: @y 3.000000e+00, @x 2.000000e+00)}}
chip.network @n on @d timesteps 2 interval 1 {
  chip.population @x lif map [1, 4] channels 4 state_bits 24 step 0 runs 2 quant(#one)
  chip.population @y lif map [1, 4] channels 4 state_bits 24 step 1 runs 2 quant(#one)
  chip.core @a at [0, 0, 0] {
    chip.tile @x rows [0, 1] columns [0, 4] channels [0, 4]
    chip.tile @y rows [0, 1] columns [0, 4] channels [0, 4]
  }
  chip.core @b at [0, 1, 0] {
  }
  chip.flow @f of @x from @a neurons [0, 16] to [@b] delay 0 spikes 4.0 out [0] in [0] via [[0, 0, 0, 1]]
  chip.flow @g of @y from @a neurons [0, 16] to [@b] delay 0 spikes 6.0 out [16] in [16] via [[0, 0, 0, 1]]
}
