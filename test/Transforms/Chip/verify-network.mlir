// What no mapping can change: each limit, at it and just beyond.
// RUN: stas-opt %s --split-input-file --verify-diagnostics --verify-chip-network

#w = #stas.weight<"w" in "m.pth" at 0 : tensor<8x8xf32>>
#wide = #spike.quant<weight = #w, norm = <>, neuron = <>, input_max = 1, steps = 4, bits = 16>
#counts = #spike.quant<norm = <>, neuron = <>, input_max = 64, steps = 4>
chip.device @d <"full" board [1, 1] mesh [1, 1] cores_per_tile 1 neurons 64 state_bits 24 synapse_memory_kib 1 in_axons 40 out_axons 64
  programs [lif, sum, fastweight, readout] idle updated weight_bits 8 weight_shift 8 counter_bits 4 payload_bits 4
  delay_steps 4 multicast per_core>
chip.network @n on @d timesteps 4 interval 1 {
  chip.population @x sum map [1, 15] channels 8 payload 15 state_bits 24 step 0 runs 4
  chip.synapses @w dense rows 8 columns 8 bits 8 limbs 2 quant(#wide)
  chip.population @k lif map [1, 15] channels 8 state_bits 24 step 1 runs 4 quant(#wide)
  chip.projection @x to @k synapses @w tokens same channels all delay 0
  chip.synapses @m fastweight rows 4 columns 8 bits 4 limbs 2
  chip.population @y fastweight map [1, 15] channels 8 state_bits 24 step 3 runs 4 quant(#counts)
  chip.projection @k to @y synapses @m port key tokens all channels group size 4 delay 0
  chip.projection @k to @y synapses @m port value tokens all channels same delay 0
  chip.projection @k to @y synapses @m port query tokens same channels group size 4 delay 1
  chip.population @mean readout map [1, 1] channels 8 state_bits 48 step 8 runs 4
  chip.synapses @one constant rows 1 columns 1 bits 8 factor 127
  chip.projection @y to @mean synapses @one tokens all channels same delay 4
}

// -----

#w = #stas.weight<"w" in "m.pth" at 0 : tensor<8x8xf32>>
#wide = #spike.quant<weight = #w, norm = <>, neuron = <>, input_max = 1, steps = 4, bits = 16>
#counts = #spike.quant<norm = <>, neuron = <>, input_max = 64, steps = 4>
chip.device @d <"full" board [1, 1] mesh [1, 1] cores_per_tile 1 neurons 64 state_bits 24 synapse_memory_kib 1 in_axons 40 out_axons 64
  programs [lif, sum, readout] idle updated weight_bits 8 weight_shift 8 payload_bits 4
  delay_steps 4 multicast per_core>
chip.network @n on @d timesteps 4 interval 1 {
  chip.population @x sum map [1, 15] channels 8 payload 15 state_bits 24 step 0 runs 4
  chip.synapses @w dense rows 8 columns 8 bits 8 limbs 2 quant(#wide)
  chip.population @k lif map [1, 15] channels 8 state_bits 24 step 1 runs 4 quant(#wide)
  chip.projection @x to @k synapses @w tokens same channels all delay 0
  chip.synapses @m fastweight rows 4 columns 8 bits 4 limbs 2
  // expected-error @+1 {{required program fastweight of device 'full', found lif, sum, readout; attention needs counters that spikes raise: take a device with fastweight, or a model without attention}}
  chip.population @y fastweight map [1, 15] channels 8 state_bits 24 step 3 runs 4 quant(#counts)
  chip.projection @k to @y synapses @m port key tokens all channels group size 4 delay 0
  chip.projection @k to @y synapses @m port value tokens all channels same delay 0
  chip.projection @k to @y synapses @m port query tokens same channels group size 4 delay 1
  chip.population @mean readout map [1, 1] channels 8 state_bits 48 step 8 runs 4
  chip.synapses @one constant rows 1 columns 1 bits 8 factor 127
  chip.projection @y to @mean synapses @one tokens all channels same delay 4
}

// -----

#w = #stas.weight<"w" in "m.pth" at 0 : tensor<8x8xf32>>
#wide = #spike.quant<weight = #w, norm = <>, neuron = <>, input_max = 1, steps = 4, bits = 16>
#counts = #spike.quant<norm = <>, neuron = <>, input_max = 64, steps = 4>
chip.device @d <"full" board [1, 1] mesh [1, 1] cores_per_tile 1 neurons 64 state_bits 24 synapse_memory_kib 1 in_axons 40 out_axons 64
  programs [lif, sum, fastweight] idle updated weight_bits 8 weight_shift 8 counter_bits 4 payload_bits 4
  delay_steps 4 multicast per_core>
chip.network @n on @d timesteps 4 interval 1 {
  chip.population @x sum map [1, 15] channels 8 payload 15 state_bits 24 step 0 runs 4
  chip.synapses @w dense rows 8 columns 8 bits 8 limbs 2 quant(#wide)
  chip.population @k lif map [1, 15] channels 8 state_bits 24 step 1 runs 4 quant(#wide)
  chip.projection @x to @k synapses @w tokens same channels all delay 0
  chip.synapses @m fastweight rows 4 columns 8 bits 4 limbs 2
  chip.population @y fastweight map [1, 15] channels 8 state_bits 24 step 3 runs 4 quant(#counts)
  chip.projection @k to @y synapses @m port key tokens all channels group size 4 delay 0
  chip.projection @k to @y synapses @m port value tokens all channels same delay 0
  chip.projection @k to @y synapses @m port query tokens same channels group size 4 delay 1
  // expected-error @+1 {{required program readout of device 'full', found lif, sum, fastweight}}
  chip.population @mean readout map [1, 1] channels 8 state_bits 48 step 8 runs 4
  chip.synapses @one constant rows 1 columns 1 bits 8 factor 127
  chip.projection @y to @mean synapses @one tokens all channels same delay 4
}

// -----

#w = #stas.weight<"w" in "m.pth" at 0 : tensor<8x8xf32>>
#wide = #spike.quant<weight = #w, norm = <>, neuron = <>, input_max = 1, steps = 4, bits = 16>
#counts = #spike.quant<norm = <>, neuron = <>, input_max = 64, steps = 4>
chip.device @d <"full" board [1, 1] mesh [1, 1] cores_per_tile 1 neurons 64 state_bits 24 synapse_memory_kib 1 in_axons 40 out_axons 64
  programs [lif, sum, fastweight, readout] idle updated weight_bits 8 weight_shift 8 counter_bits 4 payload_bits 4
  delay_steps 4 multicast per_core>
chip.network @n on @d timesteps 4 interval 1 {
  chip.population @x sum map [1, 15] channels 8 payload 15 state_bits 24 step 0 runs 4
  chip.synapses @w dense rows 8 columns 8 bits 8 limbs 2 quant(#wide)
  // expected-error @+1 {{required at most 24 state bits on device 'full', found 25; compile with --state-bits=24}}
  chip.population @k lif map [1, 15] channels 8 state_bits 25 step 1 runs 4 quant(#wide)
  chip.projection @x to @k synapses @w tokens same channels all delay 0
  chip.synapses @m fastweight rows 4 columns 8 bits 4 limbs 2
  chip.population @y fastweight map [1, 15] channels 8 state_bits 24 step 3 runs 4 quant(#counts)
  chip.projection @k to @y synapses @m port key tokens all channels group size 4 delay 0
  chip.projection @k to @y synapses @m port value tokens all channels same delay 0
  chip.projection @k to @y synapses @m port query tokens same channels group size 4 delay 1
  chip.population @mean readout map [1, 1] channels 8 state_bits 48 step 8 runs 4
  chip.synapses @one constant rows 1 columns 1 bits 8 factor 127
  chip.projection @y to @mean synapses @one tokens all channels same delay 4
}

// -----

#w = #stas.weight<"w" in "m.pth" at 0 : tensor<8x8xf32>>
#wide = #spike.quant<weight = #w, norm = <>, neuron = <>, input_max = 1, steps = 4, bits = 16>
#counts = #spike.quant<norm = <>, neuron = <>, input_max = 64, steps = 4>
chip.device @d <"full" board [1, 1] mesh [1, 1] cores_per_tile 1 neurons 64 state_bits 24 synapse_memory_kib 1 in_axons 40 out_axons 64
  programs [lif, sum, fastweight, readout] idle updated weight_bits 8 weight_shift 8 counter_bits 4 payload_bits 4
  delay_steps 4 multicast per_core>
chip.network @n on @d timesteps 4 interval 1 {
  chip.population @x sum map [1, 15] channels 8 payload 15 state_bits 24 step 0 runs 4
  chip.synapses @w dense rows 8 columns 8 bits 8 limbs 2 quant(#wide)
  chip.population @k lif map [1, 15] channels 8 state_bits 24 step 1 runs 4 quant(#wide)
  chip.projection @x to @k synapses @w tokens same channels all delay 0
  chip.synapses @m fastweight rows 4 columns 8 bits 4 limbs 2
  chip.population @y fastweight map [1, 15] channels 8 state_bits 24 step 3 runs 4 quant(#counts)
  chip.projection @k to @y synapses @m port key tokens all channels group size 4 delay 0
  chip.projection @k to @y synapses @m port value tokens all channels same delay 0
  chip.projection @k to @y synapses @m port query tokens same channels group size 4 delay 1
  // expected-error @+1 {{required at most 48 state bits on device 'full', found 49}}
  chip.population @mean readout map [1, 1] channels 8 state_bits 49 step 8 runs 4
  chip.synapses @one constant rows 1 columns 1 bits 8 factor 127
  chip.projection @y to @mean synapses @one tokens all channels same delay 4
}

// -----

#w = #stas.weight<"w" in "m.pth" at 0 : tensor<8x8xf32>>
#wide = #spike.quant<weight = #w, norm = <>, neuron = <>, input_max = 1, steps = 4, bits = 16>
#counts = #spike.quant<norm = <>, neuron = <>, input_max = 64, steps = 4>
chip.device @d <"full" board [1, 1] mesh [1, 1] cores_per_tile 1 neurons 64 state_bits 24 synapse_memory_kib 1 in_axons 40 out_axons 64
  programs [lif, sum, fastweight, readout] idle updated weight_bits 8 weight_shift 8 counter_bits 4 payload_bits 4
  delay_steps 4 multicast per_core>
chip.network @n on @d timesteps 4 interval 1 {
  // expected-error @+1 {{required spikes of at most 4 payload bits on device 'full', found 5 for payloads up to 16; take a device with as many}}
  chip.population @x sum map [1, 15] channels 8 payload 16 state_bits 24 step 0 runs 4
  chip.synapses @w dense rows 8 columns 8 bits 8 limbs 2 quant(#wide)
  chip.population @k lif map [1, 15] channels 8 state_bits 24 step 1 runs 4 quant(#wide)
  chip.projection @x to @k synapses @w tokens same channels all delay 0
  chip.synapses @m fastweight rows 4 columns 8 bits 4 limbs 2
  chip.population @y fastweight map [1, 15] channels 8 state_bits 24 step 3 runs 4 quant(#counts)
  chip.projection @k to @y synapses @m port key tokens all channels group size 4 delay 0
  chip.projection @k to @y synapses @m port value tokens all channels same delay 0
  chip.projection @k to @y synapses @m port query tokens same channels group size 4 delay 1
  chip.population @mean readout map [1, 1] channels 8 state_bits 48 step 8 runs 4
  chip.synapses @one constant rows 1 columns 1 bits 8 factor 127
  chip.projection @y to @mean synapses @one tokens all channels same delay 4
}

// -----

#w = #stas.weight<"w" in "m.pth" at 0 : tensor<8x8xf32>>
#wide = #spike.quant<weight = #w, norm = <>, neuron = <>, input_max = 1, steps = 4, bits = 16>
#counts = #spike.quant<norm = <>, neuron = <>, input_max = 64, steps = 4>
chip.device @d <"full" board [1, 1] mesh [1, 1] cores_per_tile 1 neurons 64 state_bits 24 synapse_memory_kib 1 in_axons 40 out_axons 64
  programs [lif, sum, fastweight, readout] idle updated weight_bits 8 weight_shift 8 counter_bits 4 payload_bits 4
  delay_steps 4 multicast per_core>
chip.network @n on @d timesteps 4 interval 1 {
  chip.population @x sum map [1, 15] channels 8 payload 15 state_bits 24 step 0 runs 4
  chip.synapses @w dense rows 8 columns 8 bits 8 limbs 2 quant(#wide)
  chip.population @k lif map [1, 15] channels 8 state_bits 24 step 1 runs 4 quant(#wide)
  chip.projection @x to @k synapses @w tokens same channels all delay 0
  // expected-error @+1 {{required at most 4 counter bits on device 'full', found 5}}
  chip.synapses @m fastweight rows 4 columns 8 bits 5 limbs 2
  chip.population @y fastweight map [1, 15] channels 8 state_bits 24 step 3 runs 4 quant(#counts)
  chip.projection @k to @y synapses @m port key tokens all channels group size 4 delay 0
  chip.projection @k to @y synapses @m port value tokens all channels same delay 0
  chip.projection @k to @y synapses @m port query tokens same channels group size 4 delay 1
  chip.population @mean readout map [1, 1] channels 8 state_bits 48 step 8 runs 4
  chip.synapses @one constant rows 1 columns 1 bits 8 factor 127
  chip.projection @y to @mean synapses @one tokens all channels same delay 4
}

// -----

#w = #stas.weight<"w" in "m.pth" at 0 : tensor<8x8xf32>>
#wide = #spike.quant<weight = #w, norm = <>, neuron = <>, input_max = 1, steps = 4, bits = 16>
#counts = #spike.quant<norm = <>, neuron = <>, input_max = 64, steps = 4>
chip.device @d <"full" board [1, 1] mesh [1, 1] cores_per_tile 1 neurons 64 state_bits 24 synapse_memory_kib 1 in_axons 40 out_axons 64
  programs [lif, sum, fastweight, readout] idle updated weight_bits 8 weight_shift 8 counter_bits 4 payload_bits 4
  delay_steps 4 multicast per_core>
chip.network @n on @d timesteps 4 interval 1 {
  chip.population @x sum map [1, 15] channels 8 payload 15 state_bits 24 step 0 runs 4
  chip.synapses @w dense rows 8 columns 8 bits 8 limbs 2 quant(#wide)
  chip.population @k lif map [1, 15] channels 8 state_bits 24 step 1 runs 4 quant(#wide)
  chip.projection @x to @k synapses @w tokens same channels all delay 0
  chip.synapses @m fastweight rows 4 columns 8 bits 4 limbs 2
  chip.population @y fastweight map [1, 15] channels 8 state_bits 24 step 3 runs 4 quant(#counts)
  chip.projection @k to @y synapses @m port key tokens all channels group size 4 delay 0
  chip.projection @k to @y synapses @m port value tokens all channels same delay 0
  chip.projection @k to @y synapses @m port query tokens same channels group size 4 delay 1
  chip.population @mean readout map [1, 1] channels 8 state_bits 48 step 8 runs 4
  // expected-error @+1 {{required at most 8 weight bits on device 'full', found 9}}
  chip.synapses @one constant rows 1 columns 1 bits 9 factor 127
  chip.projection @y to @mean synapses @one tokens all channels same delay 4
}

// -----

#w = #stas.weight<"w" in "m.pth" at 0 : tensor<8x8xf32>>
#wide = #spike.quant<weight = #w, norm = <>, neuron = <>, input_max = 1, steps = 4, bits = 16>
#counts = #spike.quant<norm = <>, neuron = <>, input_max = 64, steps = 4>
chip.device @d <"full" board [1, 1] mesh [1, 1] cores_per_tile 1 neurons 64 state_bits 24 synapse_memory_kib 1 in_axons 40 out_axons 64
  programs [lif, sum, fastweight, readout] idle updated weight_bits 8 weight_shift 8 counter_bits 4 payload_bits 4
  delay_steps 4 multicast per_core>
chip.network @n on @d timesteps 4 interval 1 {
  chip.population @x sum map [1, 15] channels 8 payload 15 state_bits 24 step 0 runs 4
  chip.synapses @w dense rows 8 columns 8 bits 8 limbs 2 quant(#wide)
  chip.population @k lif map [1, 15] channels 8 state_bits 24 step 1 runs 4 quant(#wide)
  chip.projection @x to @k synapses @w tokens same channels all delay 0
  chip.synapses @m fastweight rows 4 columns 8 bits 4 limbs 2
  chip.population @y fastweight map [1, 15] channels 8 state_bits 24 step 3 runs 4 quant(#counts)
  chip.projection @k to @y synapses @m port key tokens all channels group size 4 delay 0
  chip.projection @k to @y synapses @m port value tokens all channels same delay 0
  chip.projection @k to @y synapses @m port query tokens same channels group size 4 delay 1
  chip.population @mean readout map [1, 1] channels 8 state_bits 48 step 8 runs 4
  // expected-error @+1 {{required a factor below 128, which 8 signed bits hold, found 128}}
  chip.synapses @one constant rows 1 columns 1 bits 8 factor 128
  chip.projection @y to @mean synapses @one tokens all channels same delay 4
}

// -----

#w = #stas.weight<"w" in "m.pth" at 0 : tensor<8x8xf32>>
#wide = #spike.quant<weight = #w, norm = <>, neuron = <>, input_max = 1, steps = 4, bits = 16>
#counts = #spike.quant<norm = <>, neuron = <>, input_max = 64, steps = 4>
chip.device @d <"full" board [1, 1] mesh [1, 1] cores_per_tile 1 neurons 64 state_bits 24 synapse_memory_kib 1 in_axons 40 out_axons 64
  programs [lif, sum, fastweight, readout] idle updated weight_bits 8 weight_shift 7 counter_bits 4 payload_bits 4
  delay_steps 4 multicast per_core>
chip.network @n on @d timesteps 4 interval 1 {
  chip.population @x sum map [1, 15] channels 8 payload 15 state_bits 24 step 0 runs 4
  // expected-error @+1 {{required a weight shift of 8 for two limbs, found 7 on device 'full'; take a device whose weight shift is 8 or more}}
  chip.synapses @w dense rows 8 columns 8 bits 8 limbs 2 quant(#wide)
  chip.population @k lif map [1, 15] channels 8 state_bits 24 step 1 runs 4 quant(#wide)
  chip.projection @x to @k synapses @w tokens same channels all delay 0
  chip.synapses @m fastweight rows 4 columns 8 bits 4 limbs 2
  chip.population @y fastweight map [1, 15] channels 8 state_bits 24 step 3 runs 4 quant(#counts)
  chip.projection @k to @y synapses @m port key tokens all channels group size 4 delay 0
  chip.projection @k to @y synapses @m port value tokens all channels same delay 0
  chip.projection @k to @y synapses @m port query tokens same channels group size 4 delay 1
  chip.population @mean readout map [1, 1] channels 8 state_bits 48 step 8 runs 4
  chip.synapses @one constant rows 1 columns 1 bits 8 factor 127
  chip.projection @y to @mean synapses @one tokens all channels same delay 4
}

// -----

#w = #stas.weight<"w" in "m.pth" at 0 : tensor<8x8xf32>>
#wide = #spike.quant<weight = #w, norm = <>, neuron = <>, input_max = 1, steps = 4, bits = 16>
#counts = #spike.quant<norm = <>, neuron = <>, input_max = 64, steps = 4>
chip.device @d <"full" board [1, 1] mesh [1, 1] cores_per_tile 1 neurons 64 state_bits 24 synapse_memory_kib 1 in_axons 40 out_axons 64
  programs [lif, sum, fastweight, readout] idle updated weight_bits 8 weight_shift 8 counter_bits 4 payload_bits 4
  delay_steps 4 multicast per_core>
chip.network @n on @d timesteps 4 interval 1 {
  chip.population @x sum map [1, 15] channels 8 payload 15 state_bits 24 step 0 runs 4
  chip.synapses @w dense rows 8 columns 8 bits 8 limbs 2 quant(#wide)
  chip.population @k lif map [1, 15] channels 8 state_bits 24 step 1 runs 4 quant(#wide)
  chip.projection @x to @k synapses @w tokens same channels all delay 0
  chip.synapses @m fastweight rows 4 columns 8 bits 4 limbs 2
  chip.population @y fastweight map [1, 15] channels 8 state_bits 24 step 3 runs 4 quant(#counts)
  chip.projection @k to @y synapses @m port key tokens all channels group size 4 delay 0
  chip.projection @k to @y synapses @m port value tokens all channels same delay 0
  chip.projection @k to @y synapses @m port query tokens same channels group size 4 delay 1
  chip.population @mean readout map [1, 1] channels 8 state_bits 48 step 9 runs 4
  chip.synapses @one constant rows 1 columns 1 bits 8 factor 127
  // expected-error @+1 {{required a delay of at most 4 chip steps on device 'full', found 5; relay the spikes by a population of program sum}}
  chip.projection @y to @mean synapses @one tokens all channels same delay 5
}

// -----

#w = #stas.weight<"w" in "m.pth" at 0 : tensor<8x8xf32>>
#wide = #spike.quant<weight = #w, norm = <>, neuron = <>, input_max = 1, steps = 4, bits = 16>
#counts = #spike.quant<norm = <>, neuron = <>, input_max = 64, steps = 4>
chip.device @d <"full" board [1, 1] mesh [1, 1] cores_per_tile 1 neurons 64 state_bits 24 synapse_memory_kib 1 in_axons 40 out_axons 64
  programs [lif, sum, fastweight, readout] idle updated weight_bits 8 weight_shift 8 counter_bits 4 payload_bits 4
  delay_steps 4 multicast per_core>
chip.network @n on @d timesteps 4 interval 1 {
  chip.population @x sum map [1, 16] channels 8 payload 15 state_bits 24 step 0 runs 4
  chip.synapses @w dense rows 8 columns 8 bits 8 limbs 2 quant(#wide)
  chip.population @k lif map [1, 16] channels 8 state_bits 24 step 1 runs 4 quant(#wide)
  chip.projection @x to @k synapses @w tokens same channels all delay 0
  chip.synapses @m fastweight rows 4 columns 8 bits 4 limbs 2
  chip.population @y fastweight map [1, 16] channels 8 state_bits 24 step 3 runs 4 quant(#counts)
  // expected-error @+1 {{required counters of 5 bits for the spikes of 16 tokens, found 4}}
  chip.projection @k to @y synapses @m port key tokens all channels group size 4 delay 0
  chip.projection @k to @y synapses @m port value tokens all channels same delay 0
  chip.projection @k to @y synapses @m port query tokens same channels group size 4 delay 1
  chip.population @mean readout map [1, 1] channels 8 state_bits 48 step 8 runs 4
  chip.synapses @one constant rows 1 columns 1 bits 8 factor 127
  chip.projection @y to @mean synapses @one tokens all channels same delay 4
}

// -----

chip.device @d <"binary" board [1, 1] mesh [1, 1] cores_per_tile 1 neurons 64 state_bits 24 synapse_memory_kib 1 in_axons 40 out_axons 64
  programs [lif, readout, input] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 4 multicast per_core>
chip.network @n on @d timesteps 4 interval 1 {
  // expected-error @+1 {{required spikes of at most 0 payload bits on device 'binary', found 3 for payloads up to 4; I-SPS sends counts of spikes as payloads: take a device with 3 payload bits, or a model without I-SPS}}
  chip.population @x input map [1, 15] channels 8 payload 4 state_bits 4 step 0 runs 1
  chip.population @mean readout map [1, 1] channels 8 state_bits 48 step 8 runs 4
  chip.synapses @one constant rows 1 columns 1 bits 8 factor 127
  chip.projection @x to @mean synapses @one tokens all channels same delay 7 hold
}
