// A complete map, and each thing that it may lack or have too much of.
// RUN: stas-opt %s --split-input-file --verify-diagnostics --verify-chip-map

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
  chip.flow @f of @x from @a neurons [0, 32] to [@b, @c] delay 0 spikes 1.0 out [0, 32] in [8, 0]
}

// -----

#k = #stas.weight<"k" in "m.pth" at 0 : tensor<4x2x3x3xf32>>
#narrow = #spike.quant<weight = #k, norm = <>, neuron = <>, input_max = 1, bits = 8>
#one = #spike.quant<norm = <>, neuron = <>, input_max = 1>
#map33 = #spike.window<kernel = [3, 3], strides = [2, 2], padding = [1, 1]>
chip.device @d <"small" board [1, 1] mesh [2, 3] cores_per_tile 1 neurons 32 state_bits 24 synapse_memory_kib 1 in_axons 40 out_axons 64
  programs [lif, readout] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 4 multicast tree>
chip.network @n on @d timesteps 1 interval 1 {
  chip.population @x lif map [4, 4] channels 2 state_bits 24 step 0 runs 1 quant(#one)
  chip.population @y lif map [2, 2] channels 4 state_bits 24 step 1 runs 1 quant(#narrow)
  chip.synapses @k shared rows 18 columns 4 bits 8 quant(#narrow)
  chip.projection @x to @y synapses @k tokens window window(#map33) channels all delay 0
  chip.core @a {
    chip.tile @x rows [0, 4] columns [0, 4] channels [0, 2]
  }
  // Output row 0 lies on input rows 0 and 1, row 1 on rows 1, 2 and 3.
  chip.core @b {
    chip.tile @y rows [0, 1] columns [0, 2] channels [0, 4]
  }
  chip.core @c {
    chip.tile @y rows [1, 2] columns [0, 2] channels [0, 4]
  }
  chip.flow @top of @x from @a neurons [0, 8] to [@b] delay 0 spikes 1.0 out [0] in [0]
  chip.flow @middle of @x from @a neurons [8, 16] to [@b, @c] delay 0 spikes 1.0 out [8] in [8, 0]
  chip.flow @bottom of @x from @a neurons [16, 32] to [@c] delay 0 spikes 1.0 out [16] in [8]
}

// -----

#w = #stas.weight<"w" in "m.pth" at 0 : tensor<8x8xf32>>
#narrow = #spike.quant<weight = #w, norm = <>, neuron = <>, input_max = 1, bits = 8>
chip.device @d <"small" board [1, 1] mesh [2, 3] cores_per_tile 1 neurons 32 state_bits 24 synapse_memory_kib 1 in_axons 40 out_axons 64
  programs [lif, readout] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 4 multicast per_core>
chip.network @n on @d timesteps 1 interval 1 {
  chip.population @x lif map [1, 4] channels 8 state_bits 24 step 0 runs 1 quant(#narrow)
  // expected-error @+1 {{required all of 32 neurons on cores, found 28}}
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
    chip.tile @y rows [0, 1] columns [0, 4] channels [4, 8]
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
  chip.core @b at [0, 1, 0] {
    chip.tile @y rows [0, 1] columns [0, 4] channels [0, 3]
  }
  chip.core @c at [1, 2, 0] {
    // expected-error @+1 {{required neurons of @y that are on no other core or tile, found some twice}}
    chip.tile @y rows [0, 1] columns [0, 4] channels [2, 8]
  }
  chip.flow @f of @x from @a neurons [0, 32] to [@b, @c] delay 0 spikes 1.0 out [0, 32] in [8, 0]
}

// -----

#w = #stas.weight<"w" in "m.pth" at 0 : tensor<8x8xf32>>
#narrow = #spike.quant<weight = #w, norm = <>, neuron = <>, input_max = 1, bits = 8>
chip.device @d <"small" board [1, 1] mesh [2, 3] cores_per_tile 1 neurons 31 state_bits 24 synapse_memory_kib 1 in_axons 40 out_axons 64
  programs [lif, readout] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 4 multicast per_core>
chip.network @n on @d timesteps 1 interval 1 {
  chip.population @x lif map [1, 4] channels 8 state_bits 24 step 0 runs 1 quant(#narrow)
  chip.population @y lif map [1, 4] channels 8 state_bits 24 step 1 runs 1 quant(#narrow)
  chip.synapses @w dense rows 8 columns 8 bits 8 quant(#narrow)
  chip.projection @x to @y synapses @w tokens same channels all delay 0
  // expected-error @+1 {{required at most 31 neurons of core @a, found 32 (largest: @x 32)}}
  chip.core @a at [0, 0, 0] {
    chip.tile @x rows [0, 1] columns [0, 4] channels [0, 8]
  }
  chip.core @b at [0, 1, 0] {
    chip.tile @y rows [0, 1] columns [0, 4] channels [0, 3]
  }
  chip.core @c at [1, 2, 0] {
    chip.tile @y rows [0, 1] columns [0, 4] channels [3, 8]
  }
  chip.flow @f of @x from @a neurons [0, 32] to [@b, @c] delay 0 spikes 1.0 out [0, 32] in [8, 0]
}

// -----

#w = #stas.weight<"w" in "m.pth" at 0 : tensor<8x8xf32>>
#narrow = #spike.quant<weight = #w, norm = <>, neuron = <>, input_max = 1, bits = 8>
chip.device @d <"small" board [1, 1] mesh [2, 3] cores_per_tile 1 neurons 32 state_bits 24 synapse_memory_kib 1 in_axons 39 out_axons 64
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
  // expected-error @+1 {{required in-axons below 39 of core @b, found 8 to 40}}
  chip.flow @f of @x from @a neurons [0, 32] to [@b, @c] delay 0 spikes 1.0 out [0, 32] in [8, 0]
}

// -----

#w = #stas.weight<"w" in "m.pth" at 0 : tensor<8x8xf32>>
#narrow = #spike.quant<weight = #w, norm = <>, neuron = <>, input_max = 1, bits = 8>
chip.device @d <"small" board [1, 1] mesh [2, 3] cores_per_tile 1 neurons 32 state_bits 24 synapse_memory_kib 1 in_axons 40 out_axons 63
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
  // expected-error @+1 {{required out-axons below 63 of core @a, found 32 to 64}}
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
  chip.core @b at [0, 1, 0] {
    chip.tile @y rows [0, 1] columns [0, 4] channels [0, 3]
  }
  chip.core @c at [1, 2, 0] {
    chip.tile @y rows [0, 1] columns [0, 4] channels [3, 8]
  }
  // expected-error @+1 {{required out-axons of core @a that no other message has, found some twice}}
  chip.flow @f of @x from @a neurons [0, 32] to [@b, @c] delay 0 spikes 1.0 out [0, 31] in [8, 0]
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
  chip.flow @f of @x from @a neurons [0, 16] to [@b, @c] delay 0 spikes 1.0 out [0, 16] in [0, 0]
  // expected-error @+1 {{required in-axons of core @c that no other message has, found some twice}}
  chip.flow @g of @x from @a neurons [16, 32] to [@b, @c] delay 0 spikes 1.0 out [32, 48] in [16, 15]
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
  // expected-error @+1 {{required out-axons below 64 of core @a, found 9223372036854775807 to 9223372036854775807}}
  chip.flow @f of @x from @a neurons [0, 32] to [@b, @c] delay 0 spikes 1.0 out [0, 9223372036854775807] in [8, 0]
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
  // expected-error @+1 {{required the spikes of neurons 0 to 32 of @x after delay 0, found some that no flow brings}}
  chip.core @b at [0, 1, 0] {
    chip.tile @y rows [0, 1] columns [0, 4] channels [0, 3]
  }
  chip.core @c at [1, 2, 0] {
    chip.tile @y rows [0, 1] columns [0, 4] channels [3, 8]
  }
  chip.flow @f of @x from @a neurons [0, 24] to [@b, @c] delay 0 spikes 1.0 out [0, 32] in [8, 0]
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
  // expected-error @+1 {{required the spikes of neurons 0 to 32 of @x after delay 0}}
  chip.core @b at [0, 1, 0] {
    chip.tile @y rows [0, 1] columns [0, 4] channels [0, 3]
  }
  chip.core @c at [1, 2, 0] {
    chip.tile @y rows [0, 1] columns [0, 4] channels [3, 8]
  }
  chip.flow @f of @x from @a neurons [0, 32] to [@b, @c] delay 1 spikes 1.0 out [0, 32] in [8, 0]
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
  // expected-error @+1 {{required a place of its own, found that of core @b}}
  chip.core @c at [0, 1, 0] {
    chip.tile @y rows [0, 1] columns [0, 4] channels [3, 8]
  }
  chip.flow @f of @x from @a neurons [0, 32] to [@b, @c] delay 0 spikes 1.0 out [0, 32] in [8, 0]
}

// -----

#k = #stas.weight<"k" in "m.pth" at 0 : tensor<4x2x3x3xf32>>
#narrow = #spike.quant<weight = #k, norm = <>, neuron = <>, input_max = 1, bits = 8>
#one = #spike.quant<norm = <>, neuron = <>, input_max = 1>
#map33 = #spike.window<kernel = [3, 3], strides = [2, 2], padding = [1, 1]>
chip.device @d <"small" board [1, 1] mesh [2, 3] cores_per_tile 1 neurons 32 state_bits 24 synapse_memory_kib 1 in_axons 40 out_axons 64
  programs [lif, readout] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 4 multicast tree>
chip.network @n on @d timesteps 1 interval 1 {
  chip.population @x lif map [4, 4] channels 2 state_bits 24 step 0 runs 1 quant(#one)
  chip.population @y lif map [2, 2] channels 4 state_bits 24 step 1 runs 1 quant(#narrow)
  chip.synapses @k shared rows 18 columns 4 bits 8 quant(#narrow)
  chip.projection @x to @y synapses @k tokens window window(#map33) channels all delay 0
  chip.core @a {
    chip.tile @x rows [0, 4] columns [0, 4] channels [0, 2]
  }
  // Output row 0 lies on input rows 0 and 1, row 1 on rows 1, 2 and 3.
  // expected-error @+1 {{required the spikes of 16 neurons of @x after delay 0, found those of 24}}
  chip.core @b {
    chip.tile @y rows [0, 1] columns [0, 2] channels [0, 4]
  }
  chip.core @c {
    chip.tile @y rows [1, 2] columns [0, 2] channels [0, 4]
  }
  chip.flow @top of @x from @a neurons [0, 8] to [@b] delay 0 spikes 1.0 out [0] in [0]
  chip.flow @middle of @x from @a neurons [8, 24] to [@b, @c] delay 0 spikes 1.0 out [8] in [8, 0]
  chip.flow @bottom of @x from @a neurons [24, 32] to [@c] delay 0 spikes 1.0 out [24] in [16]
}

// -----

#k = #stas.weight<"k" in "m.pth" at 0 : tensor<4x2x3x3xf32>>
#narrow = #spike.quant<weight = #k, norm = <>, neuron = <>, input_max = 1, bits = 8>
#one = #spike.quant<norm = <>, neuron = <>, input_max = 1>
#map33 = #spike.window<kernel = [3, 3], strides = [2, 2], padding = [1, 1]>
chip.device @d <"small" board [1, 1] mesh [2, 3] cores_per_tile 1 neurons 32 state_bits 24 synapse_memory_kib 1 in_axons 40 out_axons 64
  programs [lif, readout] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 4 multicast tree>
chip.network @n on @d timesteps 1 interval 1 {
  chip.population @x lif map [4, 4] channels 2 state_bits 24 step 0 runs 1 quant(#one)
  chip.population @y lif map [2, 2] channels 4 state_bits 24 step 1 runs 1 quant(#narrow)
  chip.synapses @k shared rows 18 columns 4 bits 8 quant(#narrow)
  chip.projection @x to @y synapses @k tokens window window(#map33) channels all delay 0
  chip.core @a {
    chip.tile @x rows [0, 4] columns [0, 4] channels [0, 2]
  }
  // Output row 0 lies on input rows 0 and 1, row 1 on rows 1, 2 and 3.
  chip.core @b {
    chip.tile @y rows [0, 1] columns [0, 2] channels [0, 4]
  }
  chip.core @c {
    chip.tile @y rows [1, 2] columns [0, 2] channels [0, 4]
  }
  chip.flow @top of @x from @a neurons [0, 9] to [@b] delay 0 spikes 1.0 out [0] in [0]
  // expected-error @+1 {{required spikes that come once to core @b, found some of @x that another flow of delay 0 brings}}
  chip.flow @middle of @x from @a neurons [8, 16] to [@b, @c] delay 0 spikes 1.0 out [40] in [9, 0]
  chip.flow @bottom of @x from @a neurons [16, 32] to [@c] delay 0 spikes 1.0 out [16] in [8]
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
  // expected-error @+1 {{required neurons of @y that are on core @a, found 0 to 32}}
  chip.flow @f of @y from @a neurons [0, 32] to [@b, @c] delay 0 spikes 1.0 out [0, 32] in [8, 0]
}

// -----

#counts = #spike.quant<norm = <>, neuron = <>, input_max = 64>
chip.device @d <"small" board [1, 1] mesh [2, 3] cores_per_tile 1 neurons 32 state_bits 24 synapse_memory_kib 1 in_axons 40 out_axons 64
  programs [lif, fastweight] idle updated weight_bits 8 weight_shift 8 counter_bits 8 payload_bits 0 delay_steps 4 multicast per_core>
chip.network @n on @d timesteps 1 interval 1 {
  chip.population @x lif map [1, 1] channels 16 state_bits 24 step 0 runs 1 quant(#counts)
  chip.population @y fastweight map [1, 1] channels 16 state_bits 24 step 1 runs 1 quant(#counts)
  chip.synapses @m fastweight rows 16 columns 16 bits 8 limbs 2
  chip.projection @x to @y synapses @m port query tokens same channels group size 16 delay 0
  chip.synapses @t fastweight rows 16 columns 16 bits 8 limbs 2
  chip.projection @x to @y synapses @t port query tokens same channels group size 16 delay 0
  chip.core @a {
    chip.tile @x rows [0, 1] columns [0, 1] channels [0, 16]
    chip.tile @y rows [0, 1] columns [0, 1] channels [0, 16]
  }
  chip.flow @f of @x from @a neurons [0, 16] to [@a] delay 0 spikes 1.0 out [0] in [0]
}

// -----

#counts = #spike.quant<norm = <>, neuron = <>, input_max = 64>
chip.device @d <"small" board [1, 1] mesh [2, 3] cores_per_tile 1 neurons 32 state_bits 24 synapse_memory_kib 1 in_axons 40 out_axons 64
  programs [lif, fastweight] idle updated weight_bits 8 weight_shift 8 counter_bits 8 payload_bits 0 delay_steps 4 multicast per_core>
chip.network @n on @d timesteps 1 interval 1 {
  chip.population @x lif map [1, 1] channels 16 state_bits 24 step 0 runs 1 quant(#counts)
  chip.population @y fastweight map [1, 1] channels 16 state_bits 24 step 1 runs 1 quant(#counts)
  chip.synapses @m fastweight rows 16 columns 16 bits 8 limbs 2
  chip.projection @x to @y synapses @m port query tokens same channels group size 16 delay 0
  chip.synapses @t fastweight rows 16 columns 16 bits 8 limbs 2
  chip.projection @x to @y synapses @t port query tokens same channels group size 16 delay 0
  chip.synapses @u constant rows 1 columns 1 bits 8
  chip.projection @x to @y synapses @u tokens same channels same delay 0
  // expected-error @+1 {{required at most 8192 bits of synapse memory of core @a, found 8200 (largest: @m 4096, @t 4096, @u 8)}}
  chip.core @a {
    chip.tile @x rows [0, 1] columns [0, 1] channels [0, 16]
    chip.tile @y rows [0, 1] columns [0, 1] channels [0, 16]
  }
  chip.flow @f of @x from @a neurons [0, 16] to [@a] delay 0 spikes 1.0 out [0] in [0]
}

// -----

chip.device @d <"small" board [1, 1] mesh [2, 3] cores_per_tile 1 neurons 33 state_bits 24 synapse_memory_kib 1 in_axons 40 out_axons 64
  programs [lif, readout] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 4 multicast per_core>
chip.network @n on @d timesteps 1 interval 1 {
  chip.population @r readout map [1, 1] channels 16 state_bits 48 step 0 runs 1
  chip.population @s readout map [1, 1] channels 17 state_bits 24 step 0 runs 1
  chip.core @a {
    chip.tile @r rows [0, 1] columns [0, 1] channels [0, 16]
    chip.tile @s rows [0, 1] columns [0, 1] channels [0, 17]
  }
}

// -----

chip.device @d <"small" board [1, 1] mesh [2, 3] cores_per_tile 1 neurons 32 state_bits 24 synapse_memory_kib 1 in_axons 40 out_axons 64
  programs [lif, readout] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 4 multicast per_core>
chip.network @n on @d timesteps 1 interval 1 {
  chip.population @r readout map [1, 1] channels 16 state_bits 48 step 0 runs 1
  chip.population @s readout map [1, 1] channels 17 state_bits 24 step 0 runs 1
  // expected-error @+1 {{required at most 32 neurons of core @a, found 33 (largest: @s 17, @r 16)}}
  chip.core @a {
    chip.tile @r rows [0, 1] columns [0, 1] channels [0, 16]
    chip.tile @s rows [0, 1] columns [0, 1] channels [0, 17]
  }
}

// -----

chip.device @d <"small" board [1, 1] mesh [2, 3] cores_per_tile 1 neurons 32 state_bits 24 synapse_memory_kib 1 in_axons 40 out_axons 64
  programs [lif, readout] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 4 multicast per_core>
chip.network @n on @d timesteps 1 interval 1 {
  chip.population @r readout map [1, 1] channels 16 state_bits 48 step 0 runs 1
  chip.population @s readout map [1, 1] channels 17 state_bits 24 step 0 runs 1
}

// -----

chip.device @d <"small" board [1, 1] mesh [2, 3] cores_per_tile 1 neurons 32 state_bits 24 synapse_memory_kib 1 in_axons 40 out_axons 64
  programs [lif, readout] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 4 multicast per_core>
// Every second number of 2^31: counted before any is kept.
chip.network @n on @d timesteps 1 interval 1 {
  chip.population @r readout map [32768, 32767] channels 2 state_bits 48 step 0 runs 1
  // expected-error @+1 {{required at most 32 neurons of core @a, found 1073709056 (largest: @r 1073709056)}}
  chip.core @a {
    chip.tile @r rows [0, 32768] columns [0, 32767] channels [0, 1]
  }
}
