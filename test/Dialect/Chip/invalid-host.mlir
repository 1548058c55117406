// Rules of what the host computes.
// RUN: stas-opt %s --split-input-file --verify-diagnostics

#k = #stas.weight<"k" in "m.pth" at 0 : tensor<8x3x3x3xf32>>
#q = #spike.quant<weight = #k, norm = <>, neuron = <>, input_unit = 0.5, input_max = 7, steps = 4, bits = 24, state_bits = 64>
#w = #spike.window<kernel = [3, 3], strides = [1, 1], padding = [1, 1], channels_first = true>
#p = #spike.window<kernel = [3, 3], strides = [2, 2], padding = [1, 1]>
chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  // expected-error @+1 {{chip.encode.R1: requires a chip.population of program input that no other chip.encode names, found @x}}
  chip.encode image [3, 8, 8] to @x window(#w) quant(#q)
}

// -----

#k = #stas.weight<"k" in "m.pth" at 0 : tensor<8x3x3x3xf32>>
#q = #spike.quant<weight = #k, norm = <>, neuron = <>, input_unit = 0.5, input_max = 7, steps = 4, bits = 24, state_bits = 64>
#w = #spike.window<kernel = [3, 3], strides = [1, 1], padding = [1, 1], channels_first = true>
#p = #spike.window<kernel = [3, 3], strides = [2, 2], padding = [1, 1]>
chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  chip.population @x sum map [8, 8] channels 8 state_bits 1 step 0 runs 4
  // expected-error @+1 {{chip.encode.R1}}
  chip.encode image [3, 8, 8] to @x window(#w) quant(#q)
}

// -----

#k = #stas.weight<"k" in "m.pth" at 0 : tensor<8x3x3x3xf32>>
#q = #spike.quant<weight = #k, norm = <>, neuron = <>, input_unit = 0.5, input_max = 7, steps = 4, bits = 24, state_bits = 64>
#w = #spike.window<kernel = [3, 3], strides = [1, 1], padding = [1, 1], channels_first = true>
#p = #spike.window<kernel = [3, 3], strides = [2, 2], padding = [1, 1]>
chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  chip.population @x input map [8, 8] channels 8 state_bits 1 step 0 runs 4
  // expected-error @+1 {{chip.encode.R1}}
  chip.encode image [3, 8, 8] to @x window(#w) quant(#q)
  chip.encode image [3, 8, 8] to @x window(#w) quant(#q)
}

// -----

#k = #stas.weight<"k" in "m.pth" at 0 : tensor<8x3x3x3xf32>>
#q = #spike.quant<weight = #k, norm = <>, input_unit = 0.5, input_max = 7, bits = 24, state_bits = 64>
#w = #spike.window<kernel = [3, 3], strides = [1, 1], padding = [1, 1], channels_first = true>
#p = #spike.window<kernel = [3, 3], strides = [2, 2], padding = [1, 1]>
chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  chip.population @x input map [8, 8] channels 8 state_bits 1 step 0 runs 4
  // expected-error @+1 {{chip.encode.R2: requires quant with a neuron, a weight of rank 4, an input_unit that is 1 / 2^n, 0 <= n <= 30, and input_max <= 2^24}}
  chip.encode image [3, 8, 8] to @x window(#w) quant(#q)
}

// -----

#k = #stas.weight<"k" in "m.pth" at 0 : tensor<8x3xf32>>
#q = #spike.quant<weight = #k, norm = <>, neuron = <>, input_unit = 0.5, input_max = 7, steps = 4, bits = 24, state_bits = 64>
#w = #spike.window<kernel = [3, 3], strides = [1, 1], padding = [1, 1], channels_first = true>
#p = #spike.window<kernel = [3, 3], strides = [2, 2], padding = [1, 1]>
chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  chip.population @x input map [8, 8] channels 8 state_bits 1 step 0 runs 4
  // expected-error @+1 {{chip.encode.R2}}
  chip.encode image [3, 8, 8] to @x window(#w) quant(#q)
}

// -----

#k = #stas.weight<"k" in "m.pth" at 0 : tensor<8x3x3x3xf32>>
#q = #spike.quant<weight = #k, norm = <>, neuron = <>, input_unit = 0.3, input_max = 7, steps = 4, bits = 24, state_bits = 64>
#w = #spike.window<kernel = [3, 3], strides = [1, 1], padding = [1, 1], channels_first = true>
#p = #spike.window<kernel = [3, 3], strides = [2, 2], padding = [1, 1]>
chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  chip.population @x input map [8, 8] channels 8 state_bits 1 step 0 runs 4
  // expected-error @+1 {{chip.encode.R2}}
  chip.encode image [3, 8, 8] to @x window(#w) quant(#q)
}

// -----

#k = #stas.weight<"k" in "m.pth" at 0 : tensor<8x3x3x3xf32>>
#q = #spike.quant<weight = #k, norm = <>, neuron = <>, input_unit = 2.0, input_max = 7, steps = 4, bits = 24, state_bits = 64>
#w = #spike.window<kernel = [3, 3], strides = [1, 1], padding = [1, 1], channels_first = true>
#p = #spike.window<kernel = [3, 3], strides = [2, 2], padding = [1, 1]>
chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  chip.population @x input map [8, 8] channels 8 state_bits 1 step 0 runs 4
  // expected-error @+1 {{chip.encode.R2}}
  chip.encode image [3, 8, 8] to @x window(#w) quant(#q)
}

// -----

#k = #stas.weight<"k" in "m.pth" at 0 : tensor<8x3x3x3xf32>>
#q = #spike.quant<weight = #k, norm = <>, neuron = <>, input_unit = 0.5, input_max = 16777217, steps = 4, bits = 24, state_bits = 64>
#w = #spike.window<kernel = [3, 3], strides = [1, 1], padding = [1, 1], channels_first = true>
#p = #spike.window<kernel = [3, 3], strides = [2, 2], padding = [1, 1]>
chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  chip.population @x input map [8, 8] channels 8 state_bits 1 step 0 runs 4
  // expected-error @+1 {{chip.encode.R2}}
  chip.encode image [3, 8, 8] to @x window(#w) quant(#q)
}

// -----

#k = #stas.weight<"k" in "m.pth" at 0 : tensor<8x3x3x3xf32>>
#q = #spike.quant<weight = #k, norm = <>, neuron = <>, input_unit = 0.5, input_max = 7, steps = 4, bits = 24, state_bits = 64>
#w = #spike.window<kernel = [3, 3], strides = [1, 1], padding = [1, 1], channels_first = true>
#p = #spike.window<kernel = [3, 3], strides = [2, 2], padding = [1, 1]>
chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  chip.population @x input map [8, 8] channels 8 state_bits 1 step 0 runs 4
  // expected-error @+1 {{chip.encode.R3: requires an image of 3 channels and a window, channels first, of kernel [3, 3], found [2, 8, 8]}}
  chip.encode image [2, 8, 8] to @x window(#w) quant(#q)
}

// -----

#k = #stas.weight<"k" in "m.pth" at 0 : tensor<8x3x3x3xf32>>
#q = #spike.quant<weight = #k, norm = <>, neuron = <>, input_unit = 0.5, input_max = 7, steps = 4, bits = 24, state_bits = 64>
#w = #spike.window<kernel = [3, 3], strides = [1, 1], padding = [1, 1], channels_first = true>
#p = #spike.window<kernel = [3, 3], strides = [2, 2], padding = [1, 1]>
chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  chip.population @x input map [8, 8] channels 8 state_bits 1 step 0 runs 4
  // expected-error @+1 {{chip.encode.R3}}
  chip.encode image [3, 8] to @x window(#w) quant(#q)
}

// -----

#k = #stas.weight<"k" in "m.pth" at 0 : tensor<8x3x3x3xf32>>
#q = #spike.quant<weight = #k, norm = <>, neuron = <>, input_unit = 0.5, input_max = 7, steps = 4, bits = 24, state_bits = 64>
#w = #spike.window<kernel = [3, 3], strides = [1, 1], padding = [1, 1], channels_first = true>
#p = #spike.window<kernel = [3, 3], strides = [2, 2], padding = [1, 1]>
chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  chip.population @x input map [8, 8] channels 8 state_bits 1 step 0 runs 4
  // expected-error @+1 {{chip.encode.R3}}
  chip.encode image [3, 8, 8] to @x window(#p) quant(#q)
}

// -----

#k = #stas.weight<"k" in "m.pth" at 0 : tensor<8x3x3x3xf32>>
#q = #spike.quant<weight = #k, norm = <>, neuron = <>, input_unit = 0.5, input_max = 7, steps = 4, bits = 24, state_bits = 64>
#w = #spike.window<kernel = [3, 1], strides = [1, 1], padding = [1, 1], channels_first = true>
#p = #spike.window<kernel = [3, 3], strides = [2, 2], padding = [1, 1]>
chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  chip.population @x input map [8, 8] channels 8 state_bits 1 step 0 runs 4
  // expected-error @+1 {{chip.encode.R3}}
  chip.encode image [3, 8, 8] to @x window(#w) quant(#q)
}

// -----

#k = #stas.weight<"k" in "m.pth" at 0 : tensor<8x3x3x3xf32>>
#q = #spike.quant<weight = #k, norm = <>, neuron = <>, input_unit = 0.5, input_max = 7, steps = 4, bits = 24, state_bits = 64>
#w = #spike.window<kernel = [3, 3], strides = [1, 1], padding = [1, 1], channels_first = true>
#p = #spike.window<kernel = [3, 3], strides = [2, 2], padding = [1, 1]>
chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  chip.population @x input map [8, 7] channels 8 state_bits 1 step 0 runs 4
  // expected-error @+1 {{chip.encode.R4: requires a population of 8 channels and map [8, 8], as window and pool make it, found 8 and [8, 7]}}
  chip.encode image [3, 8, 8] to @x window(#w) quant(#q)
}

// -----

#k = #stas.weight<"k" in "m.pth" at 0 : tensor<8x3x3x3xf32>>
#q = #spike.quant<weight = #k, norm = <>, neuron = <>, input_unit = 0.5, input_max = 7, steps = 4, bits = 24, state_bits = 64>
#w = #spike.window<kernel = [3, 3], strides = [1, 1], padding = [1, 1], channels_first = true>
#p = #spike.window<kernel = [3, 3], strides = [2, 2], padding = [1, 1]>
chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  chip.population @x input map [8, 8] channels 9 state_bits 1 step 0 runs 4
  // expected-error @+1 {{chip.encode.R4}}
  chip.encode image [3, 8, 8] to @x window(#w) quant(#q)
}

// -----

#k = #stas.weight<"k" in "m.pth" at 0 : tensor<8x3x3x3xf32>>
#q = #spike.quant<weight = #k, norm = <>, neuron = <>, input_unit = 0.5, input_max = 7, steps = 4, bits = 24, state_bits = 64>
#w = #spike.window<kernel = [3, 3], strides = [1, 1], padding = [1, 1], channels_first = true>
#p = #spike.window<kernel = [3, 3], strides = [2, 2], padding = [1, 1]>
chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  chip.population @x input map [8, 8] channels 8 state_bits 1 step 0 runs 4
  // expected-error @+1 {{chip.encode.R4}}
  chip.encode image [3, 8, 8] to @x window(#w) pool(#p) quant(#q)
}

// -----

#k = #stas.weight<"k" in "m.pth" at 0 : tensor<8x3x3x3xf32>>
#q = #spike.quant<weight = #k, norm = <>, neuron = <>, input_unit = 0.5, input_max = 7, steps = 4, bits = 24, state_bits = 64>
#w = #spike.window<kernel = [3, 3], strides = [1, 1], padding = [1, 1], channels_first = true>
#p = #spike.window<kernel = [3, 3], strides = [2, 2], padding = [2, 2]>
chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  chip.population @x input map [5, 5] channels 8 state_bits 1 step 0 runs 4
  // expected-error @+1 {{chip.encode.R4}}
  chip.encode image [3, 8, 8] to @x window(#w) pool(#p) quant(#q)
}

// -----

#k = #stas.weight<"k" in "m.pth" at 0 : tensor<8x3x3x3xf32>>
#q = #spike.quant<weight = #k, norm = <>, neuron = <>, input_unit = 0.5, input_max = 7, steps = 4, bits = 24, state_bits = 64>
#w = #spike.window<kernel = [3, 3], strides = [1, 1], padding = [1, 1], channels_first = true>
#p = #spike.window<kernel = [3, 3], strides = [2, 2], padding = [1, 1]>
chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  chip.population @x input map [8, 8] channels 8 state_bits 1 step 0 runs 3
  // expected-error @+1 {{chip.encode.R5: requires 4 runs and payload 1 of a population that gets spikes of 4 timesteps, found 3 and 1}}
  chip.encode image [3, 8, 8] to @x window(#w) quant(#q)
}

// -----

#k = #stas.weight<"k" in "m.pth" at 0 : tensor<8x3x3x3xf32>>
#q = #spike.quant<weight = #k, norm = <>, neuron = <>, input_unit = 0.5, input_max = 7, steps = 4, bits = 24, state_bits = 64>
#w = #spike.window<kernel = [3, 3], strides = [1, 1], padding = [1, 1], channels_first = true>
#p = #spike.window<kernel = [3, 3], strides = [2, 2], padding = [1, 1]>
chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  chip.population @x input map [8, 8] channels 8 state_bits 1 step 0 runs 4
  // expected-error @+1 {{chip.encode.R5: requires 1 runs and payload 4 of a population that gets counts of 4 timesteps, found 4 and 1}}
  chip.encode image [3, 8, 8] to @x window(#w) quant(#q) counts
}

// -----

#k = #stas.weight<"k" in "m.pth" at 0 : tensor<8x3x3x3xf32>>
#q = #spike.quant<weight = #k, norm = <>, neuron = <>, input_unit = 0.5, input_max = 7, steps = 4, bits = 24, state_bits = 64>
#w = #spike.window<kernel = [3, 3], strides = [1, 1], padding = [1, 1], channels_first = true>
#p = #spike.window<kernel = [3, 3], strides = [2, 2], padding = [1, 1]>
chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  chip.population @x input map [8, 8] channels 8 payload 4 state_bits 1 step 0 runs 1
  // expected-error @+1 {{chip.encode.R5}}
  chip.encode image [3, 8, 8] to @x window(#w) quant(#q)
}

// -----

#w = #stas.weight<"w" in "m.pth" at 0 : tensor<10x8xf32>>
#head = #spike.quant<weight = #w, norm = <>, input_max = 64, bits = 16, state_bits = 64>
chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  // expected-error @+1 {{classify.R1: requires chip.populations of program readout and map [1, 1], none twice, found @y}}
  chip.classify [@y] quant(#head)
}

// -----

#w = #stas.weight<"w" in "m.pth" at 0 : tensor<10x8xf32>>
#head = #spike.quant<weight = #w, norm = <>, input_max = 64, bits = 16, state_bits = 64>
chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  chip.population @y sum map [1, 1] channels 8 state_bits 48 step 1 runs 4
  // expected-error @+1 {{classify.R1}}
  chip.classify [@y] quant(#head)
}

// -----

#w = #stas.weight<"w" in "m.pth" at 0 : tensor<10x8xf32>>
#head = #spike.quant<weight = #w, norm = <>, input_max = 64, bits = 16, state_bits = 64>
chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  chip.population @y readout map [1, 2] channels 8 state_bits 48 step 1 runs 4
  // expected-error @+1 {{classify.R1}}
  chip.classify [@y] quant(#head)
}

// -----

#w = #stas.weight<"w" in "m.pth" at 0 : tensor<10x8xf32>>
#head = #spike.quant<weight = #w, norm = <>, input_max = 64, bits = 16, state_bits = 64>
chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  chip.population @y readout map [1, 1] channels 8 state_bits 48 step 1 runs 4
  // expected-error @+1 {{classify.R1}}
  chip.classify [@y, @y] quant(#head)
}

// -----

#w = #stas.weight<"w" in "m.pth" at 0 : tensor<10x8xf32>>
#head = #spike.quant<weight = #w, norm = <>, input_max = 64, bits = 16, state_bits = 64>
chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  chip.population @y readout map [1, 1] channels 8 state_bits 48 step 1 runs 4
  // expected-error @+1 {{classify.R1: requires at least one readout, found none}}
  chip.classify [] quant(#head)
}

// -----

#w = #stas.weight<"w" in "m.pth" at 0 : tensor<10x8xf32>>
#head = #spike.quant<weight = #w, norm = <>, neuron = <>, input_max = 64, bits = 16, state_bits = 32>
chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  chip.population @y readout map [1, 1] channels 8 state_bits 48 step 1 runs 4
  // expected-error @+1 {{classify.R2: requires quant with a weight of rank 2 and without neuron}}
  chip.classify [@y] quant(#head)
}

// -----

#w = #stas.weight<"w" in "m.pth" at 0 : tensor<10x8x1x1xf32>>
#head = #spike.quant<weight = #w, norm = <>, input_max = 64, bits = 16, state_bits = 64>
chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  chip.population @y readout map [1, 1] channels 8 state_bits 48 step 1 runs 4
  // expected-error @+1 {{classify.R2: requires quant with a weight of rank 2}}
  chip.classify [@y] quant(#head)
}

// -----

#w = #stas.weight<"w" in "m.pth" at 0 : tensor<10x8xf32>>
#head = #spike.quant<weight = #w, norm = <>, input_max = 64, bits = 16, state_bits = 64>
chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  chip.population @y readout map [1, 1] channels 9 state_bits 48 step 1 runs 4
  // expected-error @+1 {{classify.R2: requires readouts of 8 channels, as the weight has columns, found 9 of @y}}
  chip.classify [@y] quant(#head)
}

// -----

#w = #stas.weight<"w" in "m.pth" at 0 : tensor<10x8xf32>>
#head = #spike.quant<weight = #w, norm = <>, input_max = 64, bits = 16, state_bits = 64>
chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  chip.population @y readout map [1, 1] channels 8 state_bits 48 step 1 runs 4
  // expected-error @+1 {{classify.R3: requires one chip.classify in a network, found 2}}
  chip.classify [@y] quant(#head)
  chip.classify [@y] quant(#head)
}
