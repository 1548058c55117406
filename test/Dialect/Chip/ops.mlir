// Every op once in each of its forms: a network on a device, then its map.
// RUN: stas-opt %s | FileCheck %s

#w8x3 = #stas.weight<"w8x3" in "m.pth" at 0 : tensor<8x3xf32>>
#k8x3 = #stas.weight<"k8x3" in "m.pth" at 0 : tensor<8x3x3x3xf32>>
#wide = #spike.quant<weight = #w8x3, norm = <>, neuron = <>, input_max = 1, steps = 4, bits = 16>
#narrow = #spike.quant<weight = #w8x3, norm = <>, neuron = <>, input_max = 1, steps = 4, bits = 8>
#conv = #spike.quant<weight = #k8x3, norm = <>, neuron = <>, input_max = 4, bits = 16>
#counts = #spike.quant<norm = <unit = 0.125>, neuron = <v_threshold = 0.5>, input_max = 64, steps = 4>
#first = #spike.quant<weight = #k8x3, norm = <>, neuron = <>, input_unit = 0.5, input_max = 7, steps = 4, bits = 24, state_bits = 64>
#head = #spike.quant<weight = #w8x3, norm = <>, input_max = 64, bits = 16, state_bits = 64>
#image = #spike.window<kernel = [3, 3], strides = [1, 1], padding = [1, 1], channels_first = true>
#map33 = #spike.window<kernel = [3, 3], strides = [2, 2], padding = [1, 1]>
#pool = #spike.window<kernel = [2, 2], strides = [2, 2], padding = [0, 0]>

// CHECK: chip.device @tiny <"tiny" board[1, 2] mesh[2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64 programs[lif, staircase, sum, maximum, fastweight, halting, readout, input] idle updated weight_bits 8 weight_shift 8 counter_bits 8 payload_bits 32 delay_steps 62 multicast per_core>
chip.device @tiny <"tiny" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4
  in_axons 64 out_axons 64 programs [lif, staircase, sum, maximum, fastweight, halting, readout, input] idle updated
  weight_bits 8 weight_shift 8 counter_bits 8 payload_bits 32 delay_steps 62 multicast per_core>
chip.device @trees <"trees" board [1, 1] mesh [2, 2] cores_per_tile 1 neurons 64 state_bits 24 synapse_memory_kib 4
  in_axons 64 out_axons 64 programs [lif] idle skipped weight_bits 8 weight_shift 8 payload_bits 0
  delay_steps 62 multicast tree>

// CHECK: chip.network @stem on @tiny timesteps 4 interval 1 {
chip.network @stem on @tiny timesteps 4 interval 1 {
  // CHECK: chip.population @image input map [8, 8] channels 3 payload 4 state_bits 3 step 0 runs 1
  chip.population @image input map [8, 8] channels 3 payload 4 state_bits 3 step 0 runs 1
  // CHECK: chip.population @conv lif map [4, 4] channels 8 state_bits 24 step 1 runs 1 quant(<{{.*}}>) rate 2.500000e-01
  chip.population @conv lif map [4, 4] channels 8 state_bits 24 step 1 runs 1 quant(#conv) rate 0.25
  // CHECK: chip.synapses @kernel shared rows 27 columns 8 bits 8 limbs 2 quant(<{{.*}}>)
  chip.synapses @kernel shared rows 27 columns 8 bits 8 limbs 2 quant(#conv)
  // CHECK: chip.projection @image to @conv synapses @kernel tokens window window(<kernel = [3, 3], {{.*}}>) channels all delay 0
  chip.projection @image to @conv synapses @kernel tokens window window(#map33) channels all delay 0
  // CHECK: chip.population @steady staircase map [4, 4] channels 8 payload 4 state_bits 24 step 2 runs 1
  chip.population @steady staircase map [4, 4] channels 8 payload 4 state_bits 24 step 2 runs 1 quant(#counts)
  // CHECK: chip.synapses @one constant rows 1 columns 1 bits 8
  chip.synapses @one constant rows 1 columns 1 bits 8
  chip.projection @conv to @steady synapses @one tokens same channels same delay 0
  // CHECK: chip.population @pooled maximum map [2, 2] channels 8 payload 4 state_bits 3 step 3 runs 1
  chip.population @pooled maximum map [2, 2] channels 8 payload 4 state_bits 3 step 3 runs 1
  chip.projection @steady to @pooled synapses @one tokens window window(#pool) channels same delay 0
  // CHECK: chip.synapses @four constant rows 1 columns 1 bits 8 factor 4
  chip.synapses @four constant rows 1 columns 1 bits 8 factor 4
  chip.population @logits readout map [1, 1] channels 8 state_bits 48 step 9 runs 4
  // CHECK: chip.projection @pooled to @logits synapses @four tokens all channels same delay 5 hold
  chip.projection @pooled to @logits synapses @four tokens all channels same delay 5 hold
}

// CHECK: chip.network @attention on @tiny timesteps 4 interval 9
chip.network @attention on @tiny timesteps 4 interval 9 {
  chip.population @x sum map [1, 6] channels 3 payload 9 state_bits 8 step 0 runs 4
  chip.synapses @w dense rows 3 columns 8 bits 8 limbs 2 quant(#wide)
  chip.synapses @narrow dense rows 3 columns 8 bits 8 quant(#narrow)
  chip.synapses @one constant rows 1 columns 1 bits 8
  chip.population @k lif map [1, 6] channels 8 state_bits 24 step 1 runs 4 quant(#wide)
  chip.population @q lif map [1, 6] channels 8 state_bits 24 step 1 runs 4 quant(#narrow)
  chip.projection @x to @k synapses @w tokens same channels all delay 0
  chip.projection @x to @q synapses @narrow tokens same channels all delay 0
  // CHECK: chip.synapses @m fastweight rows 4 columns 8 bits 8 limbs 2
  chip.synapses @m fastweight rows 4 columns 8 bits 8 limbs 2
  // CHECK: chip.population @y fastweight map [1, 6] channels 8 state_bits 24 step 3 runs 4
  chip.population @y fastweight map [1, 6] channels 8 state_bits 24 step 3 runs 4 quant(#counts)
  // CHECK: chip.projection @k to @y synapses @m port key tokens all channels group size 4 delay 0
  chip.projection @k to @y synapses @m port key tokens all channels group size 4 delay 0
  // CHECK: chip.projection @k to @y synapses @m port value tokens all channels same delay 0
  chip.projection @k to @y synapses @m port value tokens all channels same delay 0
  // CHECK: chip.projection @q to @y synapses @m port query tokens same channels group size 4 delay 1
  chip.projection @q to @y synapses @m port query tokens same channels group size 4 delay 1
  // CHECK: chip.population @halt halting map [1, 6] channels 1 payload 16777216 state_bits 32 step 4 runs 4 halting(<alpha = 1.0, beta = -4.0>) scores [0, 16777216] last
  chip.population @halt halting map [1, 6] channels 1 payload 16777216 state_bits 32 step 4 runs 4
    halting(<alpha = 1.0, beta = -4.0>) scores [0, 16777216] last
  // CHECK: chip.projection @x to @halt synapses @one port score tokens same channels first delay 3
  chip.projection @x to @halt synapses @one port score tokens same channels first delay 3
  // CHECK: chip.projection @halt to @halt synapses @one tokens same channels same delay 8 next
  chip.projection @halt to @halt synapses @one tokens same channels same delay 8 next
  // CHECK: chip.projection @halt to @q synapses @one port gate tokens same channels all delay 0 next
  chip.projection @halt to @q synapses @one port gate tokens same channels all delay 0 next
  chip.population @mean readout map [1, 1] channels 3 state_bits 48 step 5 runs 4
  // CHECK: chip.projection @halt to @mean synapses @one port gain tokens all channels all delay 0
  chip.projection @halt to @mean synapses @one port gain tokens all channels all delay 0
  chip.projection @x to @mean synapses @one tokens all channels same delay 4
}

// CHECK: chip.network @mapped on @tiny
chip.network @mapped on @tiny timesteps 1 interval 1 {
  chip.population @x lif map [2, 4] channels 8 state_bits 24 step 0 runs 1 quant(#counts)
  // CHECK: chip.core @a at [0, 5, 3] {
  chip.core @a at [0, 5, 3] {
    // CHECK: chip.tile @x rows [0, 1] columns [0, 4] channels [2, 8]
    chip.tile @x rows [0, 1] columns [0, 4] channels [2, 8]
  }
  // CHECK: chip.core @b {
  chip.core @b {
  }
  // Placed and routed, and neither yet.
  // CHECK: chip.flow @f of @x from @a neurons [2, 5, 10, 11] to [@b, @a] delay 0 spikes 1.250000e+01 out [0, 4] in [0, 7] via {{\[}}[0, 5, 0, 1, 0, 1, 1, 1], []]
  chip.flow @f of @x from @a neurons [2, 5, 10, 11] to [@b, @a] delay 0 spikes 12.5
    out [0, 4] in [0, 7] via [[0, 5, 0, 1, 0, 1, 1, 1], []]
  // CHECK: chip.flow @g of @x from @a neurons [11, 16] to [@b] delay 3 spikes 0.000000e+00 out [8] in [4]{{$}}
  chip.flow @g of @x from @a neurons [11, 16] to [@b] delay 3 spikes 0.0 out [8] in [4]
}

// CHECK: chip.network @host on @tiny
chip.network @host on @tiny timesteps 4 interval 1 {
  chip.population @spikes input map [8, 6] channels 8 state_bits 1 step 0 runs 4
  // CHECK: chip.encode image [3, 8, 6] to @spikes window(<kernel = [3, 3], {{.*}}channels_first = true>) quant(<{{.*}}>) frames
  chip.encode image [3, 8, 6] to @spikes window(#image) quant(#first) frames
  chip.population @counts input map [4, 3] channels 8 payload 4 state_bits 3 step 0 runs 1
  // CHECK: chip.encode image [3, 8, 6] to @counts window(<{{.*}}>) pool(<{{.*}}>) quant(<{{.*}}>) counts
  chip.encode image [3, 8, 6] to @counts window(#image) pool(#map33) quant(#first) counts
  chip.population @first readout map [1, 1] channels 3 state_bits 48 step 2 runs 4
  chip.population @last readout map [1, 1] channels 3 state_bits 48 step 5 runs 4
  // CHECK: chip.classify [@first, @last] quant(<{{.*}}>)
  chip.classify [@first, @last] quant(#head)
  // The sum of all runs of a source, taken in one run.
  chip.population @sum sum map [8, 6] channels 8 payload 4 state_bits 3 step 5 runs 1
  chip.synapses @unit constant rows 1 columns 1 bits 8
  // CHECK: chip.projection @spikes to @sum synapses @unit tokens same channels same delay 1
  chip.projection @spikes to @sum synapses @unit tokens same channels same delay 1
}

chip.network @tree on @trees timesteps 1 interval 1 {
  chip.population @x lif map [1, 1] channels 8 state_bits 24 step 0 runs 1 quant(#counts)
  chip.core @a {}
  chip.core @b {}
  chip.core @c {}
  // CHECK: chip.flow @f of @x from @a neurons [0, 8] to [@b, @c] delay 0 spikes 0.000000e+00 out [0] in [0, 56] via {{\[}}[0, 0, 0, 1, 0, 0, 1, 0]]
  chip.flow @f of @x from @a neurons [0, 8] to [@b, @c] delay 0 spikes 0.0
    out [0] in [0, 56] via [[0, 0, 0, 1, 0, 0, 1, 0]]
}
