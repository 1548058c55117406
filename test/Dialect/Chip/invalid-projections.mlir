// Projections: one case or more for each rule.
// RUN: stas-opt %s --split-input-file --verify-diagnostics

#lif = #spike.quant<norm = <>, neuron = <>, input_max = 64>
chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  chip.population @a lif map [2, 2] channels 8 state_bits 24 step 0 runs 1 quant(#lif)
  chip.synapses @one constant rows 1 columns 1 bits 8
  // expected-error @+1 {{projection.R1: requires a chip.population of the network, found none named @x}}
  chip.projection @a to @x synapses @one tokens same channels same delay 0
}

// -----

#lif = #spike.quant<norm = <>, neuron = <>, input_max = 64>
chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  chip.population @b lif map [2, 2] channels 8 state_bits 24 step 1 runs 1 quant(#lif)
  chip.synapses @one constant rows 1 columns 1 bits 8
  // expected-error @+1 {{projection.R1: requires a chip.population of the network, found none named @x}}
  chip.projection @x to @b synapses @one tokens same channels same delay 0
}

// -----

#lif = #spike.quant<norm = <>, neuron = <>, input_max = 64>
chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  chip.population @a lif map [2, 2] channels 8 state_bits 24 step 0 runs 1 quant(#lif)
  chip.population @b lif map [2, 2] channels 8 state_bits 24 step 1 runs 1 quant(#lif)
  // expected-error @+1 {{projection.R1: requires a chip.synapses of the network, found none named @a}}
  chip.projection @a to @b synapses @a tokens same channels same delay 0
}

// -----

#lif = #spike.quant<norm = <>, neuron = <>, input_max = 64>
chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  chip.population @a lif map [2, 2] channels 8 state_bits 24 step 0 runs 1 quant(#lif)
  chip.population @b lif map [2, 2] channels 8 state_bits 24 step 1 runs 1 quant(#lif)
  chip.synapses @one constant rows 1 columns 1 bits 8
  // expected-error @+1 {{projection.R2: requires a window of tokens window}}
  chip.projection @a to @b synapses @one tokens window channels same delay 0
}

// -----

#lif = #spike.quant<norm = <>, neuron = <>, input_max = 64>
#map33 = #spike.window<kernel = [3, 3], strides = [2, 2], padding = [1, 1]>
chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  chip.population @a lif map [2, 2] channels 8 state_bits 24 step 0 runs 1 quant(#lif)
  chip.population @b lif map [2, 2] channels 8 state_bits 24 step 1 runs 1 quant(#lif)
  chip.synapses @one constant rows 1 columns 1 bits 8
  // expected-error @+1 {{projection.R2: requires no window of tokens all}}
  chip.projection @a to @b synapses @one tokens all window(#map33) channels same delay 0
}

// -----

#lif = #spike.quant<norm = <>, neuron = <>, input_max = 64>
chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  chip.population @a lif map [2, 2] channels 8 state_bits 24 step 0 runs 1 quant(#lif)
  chip.population @b lif map [1, 4] channels 8 state_bits 24 step 1 runs 1 quant(#lif)
  chip.synapses @one constant rows 1 columns 1 bits 8
  // expected-error @+1 {{projection.R2: requires one map of source and target, found [2, 2] and [1, 4]}}
  chip.projection @a to @b synapses @one tokens same channels same delay 0
}

// -----

#lif = #spike.quant<norm = <>, neuron = <>, input_max = 64>
#map33 = #spike.window<kernel = [3, 3], strides = [2, 2], padding = [1, 1]>
chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  chip.population @a lif map [2, 2] channels 8 state_bits 24 step 0 runs 1 quant(#lif)
  chip.population @b lif map [2, 2] channels 8 state_bits 24 step 1 runs 1 quant(#lif)
  chip.synapses @one constant rows 1 columns 1 bits 8
  // expected-error @+1 {{projection.R2: requires a target map as the window makes it of [2, 2], channels last, found [2, 2]}}
  chip.projection @a to @b synapses @one tokens window window(#map33) channels same delay 0
}

// -----

#lif = #spike.quant<norm = <>, neuron = <>, input_max = 64>
#image = #spike.window<kernel = [3, 3], strides = [2, 2], padding = [1, 1], channels_first = true>
chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  chip.population @a lif map [2, 2] channels 8 state_bits 24 step 0 runs 1 quant(#lif)
  chip.population @b lif map [1, 1] channels 8 state_bits 24 step 1 runs 1 quant(#lif)
  chip.synapses @one constant rows 1 columns 1 bits 8
  // expected-error @+1 {{projection.R2}}
  chip.projection @a to @b synapses @one tokens window window(#image) channels same delay 0
}

// -----

#lif = #spike.quant<norm = <>, neuron = <>, input_max = 64>
chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  chip.population @a lif map [2, 2] channels 8 state_bits 24 step 0 runs 1 quant(#lif)
  chip.population @b lif map [2, 2] channels 4 state_bits 24 step 1 runs 1 quant(#lif)
  chip.synapses @one constant rows 1 columns 1 bits 8
  // expected-error @+1 {{projection.R3: requires as many channels of source and target, found 8 and 4}}
  chip.projection @a to @b synapses @one tokens same channels same delay 0
}

// -----

#lif = #spike.quant<norm = <>, neuron = <>, input_max = 64>
chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  chip.population @a lif map [2, 2] channels 8 state_bits 24 step 0 runs 1 quant(#lif)
  chip.population @b lif map [2, 2] channels 8 state_bits 24 step 1 runs 1 quant(#lif)
  chip.synapses @one constant rows 1 columns 1 bits 8
  // expected-error @+1 {{projection.R3: requires a size of channels group}}
  chip.projection @a to @b synapses @one tokens same channels group delay 0
}

// -----

#lif = #spike.quant<norm = <>, neuron = <>, input_max = 64>
chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  chip.population @a lif map [2, 2] channels 8 state_bits 24 step 0 runs 1 quant(#lif)
  chip.population @b lif map [2, 2] channels 8 state_bits 24 step 1 runs 1 quant(#lif)
  chip.synapses @one constant rows 1 columns 1 bits 8
  // expected-error @+1 {{projection.R3: requires no size of channels all}}
  chip.projection @a to @b synapses @one tokens same channels all size 2 delay 0
}

// -----

#lif = #spike.quant<norm = <>, neuron = <>, input_max = 64>
chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  chip.population @a lif map [2, 2] channels 8 state_bits 24 step 0 runs 1 quant(#lif)
  chip.population @b lif map [2, 2] channels 8 state_bits 24 step 1 runs 1 quant(#lif)
  chip.synapses @one constant rows 1 columns 1 bits 8
  // expected-error @+1 {{projection.R3: requires groups of a size >= 1 that divides}}
  chip.projection @a to @b synapses @one tokens same channels group size 3 delay 0
}

// -----

#lif = #spike.quant<norm = <>, neuron = <>, input_max = 64>
chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  chip.population @a lif map [2, 2] channels 8 state_bits 24 step 0 runs 1 quant(#lif)
  chip.population @b lif map [2, 2] channels 8 state_bits 24 step 1 runs 1 quant(#lif)
  chip.synapses @one constant rows 1 columns 1 bits 8
  // expected-error @+1 {{projection.R3}}
  chip.projection @a to @b synapses @one tokens same channels group size 0 delay 0
}

// -----

#lif = #spike.quant<norm = <>, neuron = <>, input_max = 64>
chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  chip.population @a lif map [2, 2] channels 8 state_bits 24 step 0 runs 1 quant(#lif)
  chip.population @b lif map [2, 2] channels 4 state_bits 24 step 1 runs 1 quant(#lif)
  chip.synapses @one constant rows 1 columns 1 bits 8
  // expected-error @+1 {{projection.R3}}
  chip.projection @a to @b synapses @one tokens same channels group size 4 delay 0
}

// -----

#lif = #spike.quant<norm = <>, neuron = <>, input_max = 64>
#w = #stas.weight<"w" in "m.pth" at 0 : tensor<8x3xf32>>
#dense = #spike.quant<weight = #w, norm = <>, neuron = <>, input_max = 1, bits = 8>
chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  chip.population @a lif map [2, 2] channels 8 state_bits 24 step 0 runs 1 quant(#lif)
  chip.population @b lif map [2, 2] channels 8 state_bits 24 step 1 runs 1 quant(#lif)
  chip.synapses @w dense rows 3 columns 8 bits 8 quant(#dense)
  // expected-error @+1 {{projection.R4: requires a table that fits 8 channels to 8, found dense of 3 rows and 8 columns}}
  chip.projection @a to @b synapses @w tokens same channels all delay 0
}

// -----

#lif = #spike.quant<norm = <>, neuron = <>, input_max = 64>
#w = #stas.weight<"w" in "m.pth" at 0 : tensor<8x3xf32>>
#dense = #spike.quant<weight = #w, norm = <>, neuron = <>, input_max = 1, bits = 8>
chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  chip.population @a lif map [2, 2] channels 3 state_bits 24 step 0 runs 1 quant(#lif)
  chip.population @b lif map [2, 2] channels 4 state_bits 24 step 1 runs 1 quant(#lif)
  chip.synapses @w dense rows 3 columns 8 bits 8 quant(#dense)
  // expected-error @+1 {{projection.R4}}
  chip.projection @a to @b synapses @w tokens same channels all delay 0
}

// -----

#lif = #spike.quant<norm = <>, neuron = <>, input_max = 64>
#w = #stas.weight<"w" in "m.pth" at 0 : tensor<8x3xf32>>
#dense = #spike.quant<weight = #w, norm = <>, neuron = <>, input_max = 1, bits = 8>
chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  chip.population @a lif map [2, 2] channels 3 state_bits 24 step 0 runs 1 quant(#lif)
  chip.population @b lif map [2, 2] channels 8 state_bits 24 step 1 runs 1 quant(#lif)
  chip.synapses @w dense rows 3 columns 8 bits 8 quant(#dense)
  // expected-error @+1 {{projection.R4: requires a table that fits 3 channels to 8, found dense of 3 rows and 8 columns for tokens same, channels first}}
  chip.projection @a to @b synapses @w tokens same channels first delay 0
}

// -----

#lif = #spike.quant<norm = <>, neuron = <>, input_max = 64>
#w = #stas.weight<"w" in "m.pth" at 0 : tensor<8x3xf32>>
#dense = #spike.quant<weight = #w, norm = <>, neuron = <>, input_max = 1, bits = 8>
#map33 = #spike.window<kernel = [3, 3], strides = [2, 2], padding = [1, 1]>
chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  chip.population @a lif map [2, 2] channels 3 state_bits 24 step 0 runs 1 quant(#lif)
  chip.population @b lif map [1, 1] channels 8 state_bits 24 step 1 runs 1 quant(#lif)
  chip.synapses @w dense rows 3 columns 8 bits 8 quant(#dense)
  // expected-error @+1 {{projection.R4}}
  chip.projection @a to @b synapses @w tokens window window(#map33) channels all delay 0
}

// -----

#lif = #spike.quant<norm = <>, neuron = <>, input_max = 64>
#k = #stas.weight<"k" in "m.pth" at 0 : tensor<8x3x3x3xf32>>
#conv = #spike.quant<weight = #k, norm = <>, neuron = <>, input_max = 1, bits = 8>
chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  chip.population @a lif map [2, 2] channels 3 state_bits 24 step 0 runs 1 quant(#lif)
  chip.population @b lif map [2, 2] channels 8 state_bits 24 step 1 runs 1 quant(#lif)
  chip.synapses @k shared rows 27 columns 8 bits 8 quant(#conv)
  // expected-error @+1 {{projection.R4: requires a table that fits 3 channels to 8, found shared}}
  chip.projection @a to @b synapses @k tokens same channels all delay 0
}

// -----

#lif = #spike.quant<norm = <>, neuron = <>, input_max = 64>
#k = #stas.weight<"k" in "m.pth" at 0 : tensor<8x3x3x3xf32>>
#conv = #spike.quant<weight = #k, norm = <>, neuron = <>, input_max = 1, bits = 8>
#map33 = #spike.window<kernel = [3, 3], strides = [2, 2], padding = [1, 1]>
chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  chip.population @a lif map [2, 2] channels 8 state_bits 24 step 0 runs 1 quant(#lif)
  chip.population @b lif map [1, 1] channels 8 state_bits 24 step 1 runs 1 quant(#lif)
  chip.synapses @k shared rows 27 columns 8 bits 8 quant(#conv)
  // expected-error @+1 {{projection.R4}}
  chip.projection @a to @b synapses @k tokens window window(#map33) channels all delay 0
}

// -----

#lif = #spike.quant<norm = <>, neuron = <>, input_max = 64>
chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  chip.population @a lif map [2, 2] channels 8 state_bits 24 step 0 runs 1 quant(#lif)
  chip.population @b fastweight map [2, 2] channels 8 state_bits 24 step 1 runs 1 quant(#lif)
  chip.synapses @m fastweight rows 4 columns 8 bits 8
  // expected-error @+1 {{projection.R4: requires a table that fits 8 channels to 8, found fastweight of 4 rows}}
  chip.projection @a to @b synapses @m port query tokens same channels group size 8 delay 0
}

// -----

#lif = #spike.quant<norm = <>, neuron = <>, input_max = 64>
chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  chip.population @a lif map [2, 2] channels 8 state_bits 24 step 0 runs 1 quant(#lif)
  chip.population @b fastweight map [2, 2] channels 8 state_bits 24 step 1 runs 1 quant(#lif)
  chip.synapses @m fastweight rows 4 columns 8 bits 8
  // expected-error @+1 {{projection.R4}}
  chip.projection @a to @b synapses @m port query tokens same channels all delay 0
}

// -----

#lif = #spike.quant<norm = <>, neuron = <>, input_max = 64>
chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  chip.population @a lif map [2, 2] channels 8 state_bits 24 step 0 runs 1 quant(#lif)
  chip.population @b fastweight map [2, 2] channels 8 state_bits 24 step 1 runs 1 quant(#lif)
  chip.synapses @m fastweight rows 4 columns 8 bits 8
  // expected-error @+1 {{projection.R4}}
  chip.projection @a to @b synapses @m port query tokens same channels same delay 0
}

// -----

#lif = #spike.quant<norm = <>, neuron = <>, input_max = 64>
chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  chip.population @a lif map [2, 2] channels 8 state_bits 24 step 0 runs 1 quant(#lif)
  chip.population @b fastweight map [2, 2] channels 8 state_bits 24 step 1 runs 1 quant(#lif)
  chip.synapses @m fastweight rows 4 columns 8 bits 8
  // expected-error @+1 {{projection.R4}}
  chip.projection @a to @b synapses @m port value tokens same channels group size 4 delay 0
}

// -----

#lif = #spike.quant<norm = <>, neuron = <>, input_max = 64>
chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  chip.population @a lif map [2, 2] channels 8 state_bits 24 step 0 runs 1 quant(#lif)
  chip.population @b lif map [2, 2] channels 8 state_bits 24 step 1 runs 1 quant(#lif)
  chip.synapses @m fastweight rows 4 columns 8 bits 8
  // expected-error @+1 {{projection.R5: requires a port that source, target and table have, found query from lif to lif over a fastweight table}}
  chip.projection @a to @b synapses @m port query tokens same channels group size 4 delay 0
}

// -----

#lif = #spike.quant<norm = <>, neuron = <>, input_max = 64>
chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  chip.population @a lif map [2, 2] channels 8 state_bits 24 step 0 runs 1 quant(#lif)
  chip.population @b fastweight map [2, 2] channels 8 state_bits 24 step 1 runs 1 quant(#lif)
  chip.synapses @one constant rows 1 columns 1 bits 8
  // expected-error @+1 {{projection.R5: requires a port that source, target and table have, found key from lif to fastweight over a constant table}}
  chip.projection @a to @b synapses @one port key tokens same channels same delay 0
}

// -----

#lif = #spike.quant<norm = <>, neuron = <>, input_max = 64>
chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  chip.population @a lif map [2, 2] channels 8 state_bits 24 step 0 runs 1 quant(#lif)
  chip.population @b fastweight map [2, 2] channels 8 state_bits 24 step 1 runs 1 quant(#lif)
  chip.synapses @m fastweight rows 4 columns 8 bits 8
  // expected-error @+1 {{projection.R5: requires a port that source, target and table have, found add from lif to fastweight over a fastweight table}}
  chip.projection @a to @b synapses @m tokens same channels group size 4 delay 0
}

// -----

#lif = #spike.quant<norm = <>, neuron = <>, input_max = 64>
chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  chip.population @a lif map [2, 2] channels 8 state_bits 24 step 0 runs 1 quant(#lif)
  chip.population @b lif map [2, 2] channels 8 state_bits 24 step 1 runs 1 quant(#lif)
  chip.synapses @one constant rows 1 columns 1 bits 8
  // expected-error @+1 {{projection.R5}}
  chip.projection @a to @b synapses @one port score tokens same channels same delay 0
}

// -----

#lif = #spike.quant<norm = <>, neuron = <>, input_max = 64>
chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  chip.population @a lif map [2, 2] channels 8 state_bits 24 step 0 runs 1 quant(#lif)
  chip.population @b lif map [2, 2] channels 8 state_bits 24 step 1 runs 1 quant(#lif)
  chip.synapses @one constant rows 1 columns 1 bits 8
  // expected-error @+1 {{projection.R5}}
  chip.projection @a to @b synapses @one port gate tokens same channels same delay 0
}

// -----

#lif = #spike.quant<norm = <>, neuron = <>, input_max = 64>
chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  chip.population @a halting map [2, 2] channels 1 state_bits 24 step 0 runs 1 halting(<alpha = 1.0, beta = 0.0>) scores [1]
  chip.population @b lif map [2, 2] channels 8 state_bits 24 step 1 runs 1 quant(#lif)
  chip.synapses @one constant rows 1 columns 1 bits 8
  // expected-error @+1 {{projection.R5: requires a port that source, target and table have, found gain from halting to lif}}
  chip.projection @a to @b synapses @one port gain tokens same channels all delay 0
}

// -----

#lif = #spike.quant<norm = <>, neuron = <>, input_max = 64>
chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  chip.population @a lif map [2, 2] channels 8 state_bits 24 step 0 runs 1 quant(#lif)
  chip.population @b readout map [2, 2] channels 8 state_bits 24 step 1 runs 1
  chip.synapses @one constant rows 1 columns 1 bits 8
  // expected-error @+1 {{projection.R5}}
  chip.projection @a to @b synapses @one port gain tokens same channels same delay 0
}

// -----

#lif = #spike.quant<norm = <>, neuron = <>, input_max = 64>
#row = #stas.weight<"r" in "m.pth" at 0 : tensor<8x1xf32>>
#one = #spike.quant<weight = #row, norm = <>, neuron = <>, input_max = 1, bits = 8>
chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  chip.population @a halting map [2, 2] channels 1 state_bits 24 step 0 runs 1 halting(<alpha = 1.0, beta = 0.0>) scores [1]
  chip.population @b lif map [2, 2] channels 8 state_bits 24 step 1 runs 1 quant(#lif)
  chip.synapses @w dense rows 1 columns 8 bits 8 quant(#one)
  // expected-error @+1 {{projection.R5: requires a port that source, target and table have, found gate from halting to lif over a dense table}}
  chip.projection @a to @b synapses @w port gate tokens same channels all delay 0
}

// -----

#lif = #spike.quant<norm = <>, neuron = <>, input_max = 64>
chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  chip.population @a lif map [2, 2] channels 8 state_bits 24 step 0 runs 1 quant(#lif)
  chip.population @b lif map [2, 2] channels 8 state_bits 24 step 1 runs 4 quant(#lif)
  chip.synapses @one constant rows 1 columns 1 bits 8
  // expected-error @+1 {{projection.R6: requires hold where the source runs once and the target more often, found 1 and 4 runs without hold}}
  chip.projection @a to @b synapses @one tokens same channels same delay 0
}

// -----

#lif = #spike.quant<norm = <>, neuron = <>, input_max = 64>
chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  chip.population @a lif map [2, 2] channels 8 state_bits 24 step 0 runs 1 quant(#lif)
  chip.population @b lif map [2, 2] channels 8 state_bits 24 step 1 runs 1 quant(#lif)
  chip.synapses @one constant rows 1 columns 1 bits 8
  // expected-error @+1 {{projection.R6: requires hold where the source runs once and the target more often, found 1 and 1 runs with hold}}
  chip.projection @a to @b synapses @one tokens same channels same delay 0 hold
}

// -----

#lif = #spike.quant<norm = <>, neuron = <>, input_max = 64>
chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  chip.population @a lif map [2, 2] channels 8 state_bits 24 step 0 runs 1 quant(#lif)
  chip.population @b lif map [2, 2] channels 8 state_bits 24 step 1 runs 1 quant(#lif)
  chip.synapses @one constant rows 1 columns 1 bits 8
  // expected-error @+1 {{projection.R7: requires a delay of 0 and not below 0, from chip step 0 to 1, found 1}}
  chip.projection @a to @b synapses @one tokens same channels same delay 1
}

// -----

#lif = #spike.quant<norm = <>, neuron = <>, input_max = 64>
chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  chip.population @a lif map [2, 2] channels 8 state_bits 24 step 0 runs 1 quant(#lif)
  chip.population @b lif map [2, 2] channels 8 state_bits 24 step 0 runs 1 quant(#lif)
  chip.synapses @one constant rows 1 columns 1 bits 8
  // expected-error @+1 {{projection.R7: requires a delay of -1 and not below 0, from chip step 0 to 0, found 0}}
  chip.projection @a to @b synapses @one tokens same channels same delay 0
}

// -----

#lif = #spike.quant<norm = <>, neuron = <>, input_max = 64>
chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  chip.population @a lif map [2, 2] channels 8 state_bits 24 step 0 runs 1 quant(#lif)
  chip.population @b lif map [2, 2] channels 8 state_bits 24 step 0 runs 1 quant(#lif)
  chip.synapses @one constant rows 1 columns 1 bits 8
  // expected-error @+1 {{projection.R7: requires a delay of -1 and not below 0, from chip step 0 to 0, found -1}}
  chip.projection @a to @b synapses @one tokens same channels same delay -1
}

// -----

#lif = #spike.quant<norm = <>, neuron = <>, input_max = 64>
chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  chip.population @a lif map [2, 2] channels 8 state_bits 24 step 0 runs 1 quant(#lif)
  chip.population @b fastweight map [2, 2] channels 8 state_bits 24 step 1 runs 1 quant(#lif)
  chip.synapses @m fastweight rows 4 columns 8 bits 8
  // expected-error @+1 {{projection.R7: requires a delay of -1 and not below 0}}
  chip.projection @a to @b synapses @m port value tokens same channels same delay 0
}

// -----

#lif = #spike.quant<norm = <>, neuron = <>, input_max = 64>
chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  chip.population @a lif map [2, 2] channels 8 state_bits 24 step 0 runs 1 quant(#lif)
  chip.population @b lif map [2, 2] channels 8 state_bits 24 step 1 runs 1 quant(#lif)
  chip.synapses @one constant rows 1 columns 1 bits 8
  // expected-error @+1 {{projection.R7: requires a delay of 3 and not below 0, from chip step 0 to 4, found 0}}
  chip.projection @a to @b synapses @one tokens same channels same delay 0 next
}

// -----

#lif = #spike.quant<norm = <>, neuron = <>, input_max = 64>
chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  chip.population @a halting map [2, 2] channels 1 state_bits 24 step 0 runs 1 halting(<alpha = 1.0, beta = 0.0>) scores [1]
  chip.population @b lif map [2, 2] channels 8 state_bits 24 step 1 runs 1 quant(#lif)
  chip.synapses @one constant rows 1 columns 1 bits 8
  // expected-error @+1 {{projection.R7: requires a delay of 0 or less and not below 0, from chip step 0 to 1, found 1}}
  chip.projection @a to @b synapses @one port gate tokens same channels all delay 1
}

// -----

// Two runs, three steps apart: the last of them in step 3.
#lif = #spike.quant<norm = <>, neuron = <>, input_max = 64>
chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  chip.population @a lif map [2, 2] channels 8 state_bits 24 step 0 runs 2 quant(#lif)
  chip.population @b lif map [2, 2] channels 8 state_bits 24 step 1 runs 1 quant(#lif)
  chip.synapses @one constant rows 1 columns 1 bits 8
  // expected-error @+1 {{projection.R7: requires a delay of -3 and not below 0, from chip step 3 to 1, found 0}}
  chip.projection @a to @b synapses @one tokens same channels same delay 0
}
