// Layers without attention: names, tables, tokens and channels, steps and delays; on a chip of binary spikes as on one of payloads.
// RUN: stas-opt %s --split-input-file --convert-spike-to-chip --verify-chip-network | FileCheck %s

#k = #stas.weight<"k" in "m.pth" at 0 : tensor<4x3x3x3xf32>>
#c = #stas.weight<"c" in "m.pth" at 0 : tensor<6x4x3x3xf32>>
#w = #stas.weight<"w" in "m.pth" at 0 : tensor<6x6xf32>>
#h = #stas.weight<"h" in "m.pth" at 0 : tensor<10x6xf32>>
#image = #spike.window<kernel = [3, 3], strides = [1, 1], padding = [1, 1], channels_first = true>
#conv = #spike.window<kernel = [3, 3], strides = [1, 1], padding = [1, 1]>
#pool = #spike.window<kernel = [3, 3], strides = [2, 2], padding = [1, 1]>
#q0 = #spike.quant<weight = #k, norm = <>, neuron = <>, input_unit = 0.5, input_max = 7, steps = 4, bits = 24, state_bits = 64>
#q1 = #spike.quant<weight = #c, norm = <>, neuron = <>, input_max = 1, steps = 4, bits = 16, state_bits = 24>
#q2 = #spike.quant<weight = #w, norm = <>, neuron = <>, input_max = 1, steps = 4, bits = 8, state_bits = 24>
#q3 = #spike.quant<weight = #h, norm = <>, input_max = 500, bits = 16, state_bits = 64>

// Spikes of four timesteps, which follow each other a step apart.
// CHECK: chip.device @loihi2 <"loihi2" board[4, 8]
// CHECK-LABEL: chip.network @main on @loihi2 timesteps 4 interval 1 {
func.func @main(%image: tensor<?x3x7x5xf32>) -> tensor<?x10xf32> {
  %0 = spike.quantize %image scale 2 limit 7 : tensor<?x3x7x5xf32> -> tensor<?x3x7x5xi32>
  %1 = spike.accumulate %0 weight(#k) window(#image) quant(#q0) : tensor<?x3x7x5xi32> -> tensor<?x7x5x4xi64> loc("conv0")
  // CHECK-NEXT: chip.population @lif0 input map [7, 5] channels 4 state_bits 2 step 0 runs 4 rate 6.0
  // CHECK-NEXT: chip.encode image [3, 7, 5] to @lif0 window(<{{.*}}channels_first = true>) quant(<{{.*}}bits = 24, state_bits = 64>){{$}}
  %2 = spike.fire %1 norm(<>) neuron(<>) quant(#q0) : tensor<?x7x5x4xi64> -> tensor<4x?x7x5x4xi1> loc("lif0")
  %3 = spike.accumulate %2 weight(#c) window(#conv) quant(#q1) : tensor<4x?x7x5x4xi1> -> tensor<4x?x7x5x6xi32> loc("conv1")
  // CHECK-NEXT: chip.population @lif1 lif map [7, 5] channels 6 state_bits 24 step 1 runs 4 quant(<weight = <"c" {{.*}}>)
  // CHECK-NEXT: chip.synapses @conv1 shared rows 36 columns 6 bits 8 limbs 2 quant(<weight = <"c" {{.*}}>)
  // CHECK-NEXT: chip.projection @lif0 to @lif1 synapses @conv1 tokens window window(<{{.*}}>) channels all delay 0
  %4 = spike.fire %3 norm(<>) neuron(<>) quant(#q1) : tensor<4x?x7x5x6xi32> -> tensor<4x?x7x5x6xi1> loc("lif1")
  // CHECK-NEXT: chip.population @pool1 lif map [4, 3] channels 6 state_bits 14 step 2 runs 4 quant(<norm = <>, neuron = <tau = 1.0>, input_max = 9, steps = 4, state_bits = 14>)
  // CHECK-NEXT: chip.synapses @unit constant rows 1 columns 1 bits 8
  // CHECK-NEXT: chip.projection @lif1 to @pool1 synapses @unit tokens window window(<{{.*}}strides = [2, 2]{{.*}}>) channels same delay 0
  %5 = spike.max_pool %4 window(#pool) : tensor<4x?x7x5x6xi1> -> tensor<4x?x4x3x6xi1> loc("pool1")
  %6 = spike.flatten %5 : tensor<4x?x4x3x6xi1> -> tensor<4x?x12x6xi1> loc("pool1")
  %7 = spike.accumulate %6 weight(#w) quant(#q2) : tensor<4x?x12x6xi1> -> tensor<4x?x12x6xi32> loc("fc")
  // CHECK-NEXT: chip.population @fc_lif lif map [4, 3] channels 6 state_bits 24 step 3 runs 4
  // CHECK-NEXT: chip.synapses @fc dense rows 6 columns 6 bits 8 quant(<
  // CHECK-NEXT: chip.projection @pool1 to @fc_lif synapses @fc tokens same channels all delay 0
  %8 = spike.fire %7 norm(<>) neuron(<>) quant(#q2) : tensor<4x?x12x6xi32> -> tensor<4x?x12x6xi1> loc("fc_lif")
  // The pool's spikes wait until those of the layer are there.
  // CHECK-NEXT: chip.population @add sum map [4, 3] channels 6 payload 2 state_bits 3 step 4 runs 4
  // CHECK-NEXT: chip.projection @pool1 to @add synapses @unit tokens same channels same delay 1
  // CHECK-NEXT: chip.projection @fc_lif to @add synapses @unit tokens same channels same delay 0
  %9 = spike.add %6, %8 : tensor<4x?x12x6xi1>, tensor<4x?x12x6xi1> -> tensor<4x?x12x6xi8> loc("add")
  // CHECK-NEXT: chip.population @head.sum readout map [1, 1] channels 6 state_bits 8 step 5 runs 4
  // CHECK-NEXT: chip.projection @add to @head.sum synapses @unit tokens all channels same delay 0
  // CHECK-NEXT: chip.classify [@head.sum] quant(<weight = <"h" {{.*}}>)
  %10 = spike.sum_tokens %9 : tensor<4x?x12x6xi8> -> tensor<4x?x6xi64> loc("head")
  %11 = spike.integrate sum %10 : tensor<4x?x6xi64> -> tensor<?x6xi64> loc("head")
  %12 = spike.accumulate %11 weight(#h) quant(#q3) : tensor<?x6xi64> -> tensor<?x10xi64> loc("head")
  %13 = spike.readout %12 quant(#q3) : tensor<?x10xi64> -> tensor<?x10xf32> loc("head")
  return %13 : tensor<?x10xf32>
}

// -----

#k = #stas.weight<"k" in "m.pth" at 0 : tensor<4x3x3x3xf32>>
#w = #stas.weight<"w" in "m.pth" at 0 : tensor<4x4xf32>>
#h = #stas.weight<"h" in "m.pth" at 0 : tensor<10x4xf32>>
#image = #spike.window<kernel = [3, 3], strides = [1, 1], padding = [1, 1], channels_first = true>
#pool = #spike.window<kernel = [2, 2], strides = [2, 2], padding = [0, 0]>
#q0 = #spike.quant<weight = #k, norm = <>, neuron = <>, input_unit = 0.5, input_max = 7, steps = 4, bits = 24, state_bits = 64>
#q1 = #spike.quant<weight = #w, norm = <>, neuron = <>, input_unit = 0.25, input_max = 4, steps = 1, bits = 16, state_bits = 24>
#q2 = #spike.quant<weight = #w, norm = <>, neuron = <>, input_max = 1, steps = 4, bits = 16, state_bits = 24>
#q3 = #spike.quant<weight = #h, norm = <>, input_max = 500, bits = 16, state_bits = 64>

// Counts of all timesteps: what follows runs once, and is held for what runs more often.
// CHECK-LABEL: chip.network @counts on @loihi2 timesteps 4 interval 1 {
func.func @counts(%image: tensor<?x3x8x8xf32>) -> tensor<?x10xf32> {
  %0 = spike.quantize %image scale 2 limit 7 : tensor<?x3x8x8xf32> -> tensor<?x3x8x8xi32>
  %1 = spike.accumulate %0 weight(#k) window(#image) quant(#q0) : tensor<?x3x8x8xi32> -> tensor<?x8x8x4xi64> loc("conv0")
  // CHECK-NEXT: chip.population @lif0 input map [4, 4] channels 4 payload 4 state_bits 4 step 0 runs 1
  // CHECK-NEXT: chip.encode image [3, 8, 8] to @lif0 window(<{{.*}}>) pool(<{{.*}}>) quant(<{{.*}}>) counts
  %2 = spike.staircase sum %1 norm(<>) neuron(<>) timesteps 4 pool(#pool) quant(#q0) : tensor<?x8x8x4xi64> -> tensor<?x4x4x4xi8> loc("lif0")
  // CHECK-NEXT: chip.population @pool maximum map [2, 2] channels 4 payload 4 state_bits 4 step 1 runs 1
  %3 = spike.max_pool %2 window(#pool) : tensor<?x4x4x4xi8> -> tensor<?x2x2x4xi8> loc("pool")
  // CHECK: chip.projection @lif0 to @pool synapses @unit tokens window
  %4 = spike.flatten %3 : tensor<?x2x2x4xi8> -> tensor<?x4x4xi8> loc("pool")
  %5 = spike.accumulate %4 weight(#w) quant(#q1) : tensor<?x4x4xi8> -> tensor<?x4x4xi32> loc("fc1")
  // CHECK-NEXT: chip.population @fc1_lif lif map [2, 2] channels 4 state_bits 24 step 2 runs 1
  %6 = spike.fire %5 norm(<>) neuron(<>) quant(#q1) : tensor<?x4x4xi32> -> tensor<1x?x4x4xi1> loc("fc1_lif")
  %7 = spike.integrate sum %6 : tensor<1x?x4x4xi1> -> tensor<?x4x4xi8> loc("fc1_lif")
  %8 = spike.accumulate %7 weight(#w) quant(#q2) : tensor<?x4x4xi8> -> tensor<?x4x4xi32> loc("fc2")
  // CHECK: chip.population @fc2_lif lif map [2, 2] channels 4 state_bits 24 step 3 runs 4
  // CHECK: chip.projection @fc1_lif to @fc2_lif synapses @fc2 tokens same channels all delay 0 hold
  %9 = spike.fire %8 norm(<>) neuron(<>) quant(#q2) : tensor<?x4x4xi32> -> tensor<4x?x4x4xi1> loc("fc2_lif")
  // A branch spike adds four to a stream in the unit 1/4.
  // CHECK: chip.population @add sum map [2, 2] channels 4 payload 5 state_bits 4 step 4 runs 4
  // CHECK-NEXT: chip.projection @fc1_lif to @add synapses @unit tokens same channels same delay 1 hold
  // CHECK-NEXT: chip.synapses @times_4 constant rows 1 columns 1 bits 8 factor 4
  // CHECK-NEXT: chip.projection @fc2_lif to @add synapses @times_4 tokens same channels same delay 0
  %10 = spike.add %7, %9 factor 4 : tensor<?x4x4xi8>, tensor<4x?x4x4xi1> -> tensor<4x?x4x4xi8> loc("add")
  // CHECK-NEXT: chip.population @sum.sum sum map [2, 2] channels 4 payload 20 state_bits 6 step 8 runs 1
  // CHECK-NEXT: chip.projection @add to @sum.sum synapses @unit tokens same channels same delay 0
  %11 = spike.integrate sum %10 : tensor<4x?x4x4xi8> -> tensor<?x4x4xi8> loc("sum")
  // A steady current has as many spikes as a staircase has steps.
  %12 = spike.accumulate %11 weight(#w) quant(#q2) : tensor<?x4x4xi8> -> tensor<?x4x4xi32> loc("fc3")
  // CHECK-NEXT: chip.population @steady staircase map [2, 2] channels 4 payload 4 state_bits 24 step 9 runs 1
  %13 = spike.staircase sum %12 norm(<>) neuron(<>) timesteps 4 quant(#q2) : tensor<?x4x4xi32> -> tensor<?x4x4xi8> loc("steady")
  // CHECK: chip.population @head.sum readout map [1, 1] channels 4 state_bits 6 step 10 runs 1
  %14 = spike.sum_tokens %13 : tensor<?x4x4xi8> -> tensor<?x4xi64> loc("head")
  %15 = spike.accumulate %14 weight(#h) quant(#q3) : tensor<?x4xi64> -> tensor<?x10xi64> loc("head")
  %16 = spike.readout %15 quant(#q3) : tensor<?x10xi64> -> tensor<?x10xf32> loc("head")
  return %16 : tensor<?x10xf32>
}

// -----

#k = #stas.weight<"k" in "m.pth" at 0 : tensor<4x3x3x3xf32>>
#h = #stas.weight<"h" in "m.pth" at 0 : tensor<10x4xf32>>
#image = #spike.window<kernel = [3, 3], strides = [1, 1], padding = [1, 1], channels_first = true>
#pool = #spike.window<kernel = [2, 2], strides = [2, 2], padding = [0, 0]>
#q0 = #spike.quant<weight = #k, norm = <>, neuron = <>, input_unit = 0.5, input_max = 7, steps = 2, bits = 24, state_bits = 64>
#q3 = #spike.quant<weight = #h, norm = <>, input_max = 500, bits = 16, state_bits = 64>

// A frame for each timestep; the host pools and counts.
// CHECK-LABEL: chip.network @frames on @loihi2 timesteps 1 interval 1 {
func.func @frames(%image: tensor<2x?x3x8x8xf32>) -> tensor<?x10xf32> {
  %0 = spike.quantize %image scale 2 limit 7 : tensor<2x?x3x8x8xf32> -> tensor<2x?x3x8x8xi32>
  %1 = spike.accumulate %0 weight(#k) window(#image) quant(#q0) : tensor<2x?x3x8x8xi32> -> tensor<2x?x8x8x4xi64> loc("conv0")
  %2 = spike.fire %1 norm(<>) neuron(<>) quant(#q0) : tensor<2x?x8x8x4xi64> -> tensor<2x?x8x8x4xi1> loc("lif0")
  %3 = spike.max_pool %2 window(#pool) : tensor<2x?x8x8x4xi1> -> tensor<2x?x4x4x4xi1> loc("pool")
  %4 = spike.integrate sum %3 : tensor<2x?x4x4x4xi1> -> tensor<?x4x4x4xi8> loc("sum")
  // CHECK-NEXT: chip.population @lif0 input map [4, 4] channels 4 payload 2 state_bits 3 step 0 runs 1
  // CHECK-NEXT: chip.encode image [3, 8, 8] to @lif0 window(<{{.*}}>) pool(<{{.*}}>) quant(<{{.*}}>) frames counts
  // CHECK-NEXT: chip.population @head.sum
  %5 = spike.flatten %4 : tensor<?x4x4x4xi8> -> tensor<?x16x4xi8> loc("sum")
  %6 = spike.sum_tokens %5 : tensor<?x16x4xi8> -> tensor<?x4xi64> loc("head")
  %7 = spike.accumulate %6 weight(#h) quant(#q3) : tensor<?x4xi64> -> tensor<?x10xi64> loc("head")
  %8 = spike.readout %7 quant(#q3) : tensor<?x10xi64> -> tensor<?x10xf32> loc("head")
  return %8 : tensor<?x10xf32>
}
