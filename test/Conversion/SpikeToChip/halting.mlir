// Halting in its three orders: who hands sums on, whom a gate concerns, and how far apart timesteps are.
// RUN: stas-opt %s --split-input-file --convert-spike-to-chip --verify-chip-network | FileCheck %s
// On a chip of short delays populations relay the sums of halting tokens, within a timestep and to the next; gates and gains wait nowhere.
// RUN: sed 's/delay_steps: 62/delay_steps: 1/' %S/../../../lib/Target/Chip/Chips/loihi2.txtpb > %t.txtpb
// RUN: stas-opt %s --split-input-file --convert-spike-to-chip=chip=%t.txtpb --verify-chip-network | FileCheck %s --check-prefix=SHORT
// RUN: stas-opt %s --split-input-file --convert-spike-to-chip=chip=%t.txtpb --chip-map --verify-chip-map --verify-chip-routes -o /dev/null
// SHORT-LABEL: chip.network @lexicographic on @loihi2 timesteps 3 interval 6 {
// SHORT: chip.projection @block0.halt.relay to @block1.halt synapses @unit tokens same channels same delay 0{{$}}
// SHORT: chip.projection @block1.halt.relay to @block0.halt synapses @unit tokens same channels same delay 0 next
// SHORT: chip.projection @block1.halt to @block0.halt synapses @unit port gate tokens same channels all delay 0 next
// SHORT: chip.projection @block0.halt to @block0.output synapses @unit port gain tokens all channels all delay 0
// SHORT: chip.population @block0.halt.relay sum map [2, 2] channels 1 payload 33554432 state_bits 27 step 5 runs 3 rate 3.0
// SHORT-NEXT: chip.projection @block0.halt to @block0.halt.relay synapses @unit tokens same channels same delay 1
// SHORT-NEXT: chip.population @block1.halt.relay sum {{.*}} step 8 runs 3 rate 3.0
// SHORT: chip.network @rectangular
// SHORT: chip.projection @block0.halt.relay to @block1.halt synapses @unit tokens same channels same delay 0{{$}}

#k = #stas.weight<"k" in "m.pth" at 0 : tensor<4x3x1x1xf32>>
#w = #stas.weight<"w" in "m.pth" at 0 : tensor<4x4xf32>>
#h = #stas.weight<"h" in "m.pth" at 0 : tensor<10x4xf32>>
#image = #spike.window<kernel = [1, 1], strides = [1, 1], padding = [0, 0], channels_first = true>
#q0 = #spike.quant<weight = #k, norm = <>, neuron = <>, input_unit = 0.5, input_max = 7, steps = 3, bits = 24, state_bits = 64>
#q1 = #spike.quant<weight = #w, norm = <>, neuron = <>, input_max = 3, steps = 3, bits = 8, state_bits = 24>
#counts = #spike.quant<norm = <unit = 0.125>, neuron = <v_threshold = 0.5>, input_max = 8, steps = 3, state_bits = 24>
#head = #spike.quant<weight = #h, norm = <>, input_max = 50000000000, bits = 16, state_bits = 64>

// CHECK-LABEL: chip.network @lexicographic on @loihi2 timesteps 3 interval 6 {
// CHECK: chip.population @x input map [2, 2] channels 4 payload 3 state_bits 3 step 0 runs 1
// CHECK: chip.population @lif0 lif map [2, 2] channels 4 state_bits 24 step 1 runs 3
// CHECK: chip.projection @x to @lif0 synapses @fc0 tokens same channels all delay 0 hold
// CHECK: chip.population @block0 sum map [2, 2] channels 4 payload 4 state_bits 4 step 2 runs 3
// CHECK: chip.population @block0.halt halting map [2, 2] channels 1 payload 33554432 state_bits 27 step 3 runs 3 halting(<alpha = 1.0, beta = -2.0>) scores [1, 2, 3, 4, 5, 6] rate 3.0
// CHECK-NEXT: chip.projection @block0 to @block0.halt synapses @unit port score tokens same channels first delay 0
// CHECK-NEXT: chip.population @lif1 lif map [2, 2] channels 4 state_bits 24 step 4 runs 3
// CHECK: chip.projection @block0 to @lif1 synapses @fc1 tokens same channels all delay 1
// CHECK: chip.population @block1.halt halting map [2, 2] channels 1 {{.*}} step 6 runs 3 halting(<alpha = 1.0, beta = -2.0>) scores [1, 2, 3, 4, 5, 6] last rate 3.0
// CHECK: chip.projection @block0.halt to @block1.halt synapses @unit tokens same channels same delay 2{{$}}
// CHECK-NEXT: chip.projection @block0.halt to @lif1 synapses @unit port gate tokens same channels all delay 0{{$}}
// CHECK-NEXT: chip.projection @block0.halt to @block1 synapses @unit port gate tokens same channels all delay 0{{$}}
// CHECK-NEXT: chip.projection @block0.halt to @block1.halt synapses @unit port gate tokens same channels all delay 0{{$}}
// CHECK-NEXT: chip.projection @block1.halt to @block0.halt synapses @unit tokens same channels same delay 2 next
// CHECK-NEXT: chip.projection @block1.halt to @lif0 synapses @unit port gate tokens same channels all delay 0 next
// CHECK-NEXT: chip.projection @block1.halt to @block0 synapses @unit port gate tokens same channels all delay 0 next
// CHECK-NEXT: chip.projection @block1.halt to @block0.halt synapses @unit port gate tokens same channels all delay 0 next
// Each block has a readout: gains of a block meet what its tokens add.
// CHECK-NEXT: chip.population @block0.output readout map [1, 1] channels 4 state_bits 30 step 4 runs 3
// CHECK-NEXT: chip.projection @block0 to @block0.output synapses @unit tokens all channels same delay 1
// CHECK-NEXT: chip.projection @block0.halt to @block0.output synapses @unit port gain tokens all channels all delay 0
// CHECK-NEXT: chip.population @block1.output readout
// CHECK: chip.classify [@block0.output, @block1.output]
func.func @lexicographic(%image: tensor<?x3x2x2xf32>) -> (tensor<?x10xf32>, tensor<?x4xi32>) {
  %0 = spike.quantize %image scale 2 limit 7 : tensor<?x3x2x2xf32> -> tensor<?x3x2x2xi32>
  %1 = spike.accumulate %0 weight(#k) window(#image) quant(#q0) : tensor<?x3x2x2xi32> -> tensor<?x2x2x4xi64> loc("conv0")
  %2 = spike.staircase sum %1 norm(<>) neuron(<>) timesteps 3 quant(#q0) : tensor<?x2x2x4xi64> -> tensor<?x2x2x4xi8> loc("x")
  %3 = spike.flatten %2 : tensor<?x2x2x4xi8> -> tensor<?x4x4xi8> loc("x")
  %y, %steps = stas.act %3 halting(<alpha = 1.0, beta = -2.0, order = lexicographic, output = weighted>) timesteps 3 table [1, 2, 3, 4, 5, 6]
      : tensor<?x4x4xi8> -> tensor<?x4x4xi64>, tensor<?x4xi32> {
  ^bb0(%s: tensor<?x4x4xi8>, %active: tensor<?x4xi1>):
    %10 = spike.accumulate %s weight(#w) quant(#q1) : tensor<?x4x4xi8> -> tensor<?x4x4xi32> loc("fc0")
    %11 = spike.fire %10 active(%active : tensor<?x4xi1>) norm(<>) neuron(<>) quant(#q1) : tensor<?x4x4xi32> -> tensor<?x4x4xi1> loc("lif0")
    %12 = spike.add %s, %11 : tensor<?x4x4xi8>, tensor<?x4x4xi1> -> tensor<?x4x4xi8> loc("block0")
    stas.yield %12 : tensor<?x4x4xi8> loc("block0")
  }, {
  ^bb0(%s: tensor<?x4x4xi8>, %active: tensor<?x4xi1>):
    %10 = spike.accumulate %s weight(#w) quant(#q1) : tensor<?x4x4xi8> -> tensor<?x4x4xi32> loc("fc1")
    %11 = spike.fire %10 active(%active : tensor<?x4xi1>) norm(<>) neuron(<>) quant(#q1) : tensor<?x4x4xi32> -> tensor<?x4x4xi1> loc("lif1")
    %12 = spike.add %s, %11 : tensor<?x4x4xi8>, tensor<?x4x4xi1> -> tensor<?x4x4xi8> loc("block1")
    stas.yield %12 : tensor<?x4x4xi8> loc("block1")
  } loc("encoder")
  %4 = spike.sum_tokens %y : tensor<?x4x4xi64> -> tensor<?x4xi64> loc("head")
  %5 = spike.accumulate %4 weight(#h) quant(#head) : tensor<?x4xi64> -> tensor<?x10xi64> loc("head")
  %6 = spike.readout %5 quant(#head) : tensor<?x10xi64> -> tensor<?x10xf32> loc("head")
  return %6, %steps : tensor<?x10xf32>, tensor<?x4xi32>
}

// -----

#k = #stas.weight<"k" in "m.pth" at 0 : tensor<4x3x1x1xf32>>
#w = #stas.weight<"w" in "m.pth" at 0 : tensor<4x4xf32>>
#h = #stas.weight<"h" in "m.pth" at 0 : tensor<10x4xf32>>
#image = #spike.window<kernel = [1, 1], strides = [1, 1], padding = [0, 0], channels_first = true>
#q0 = #spike.quant<weight = #k, norm = <>, neuron = <>, input_unit = 0.5, input_max = 7, steps = 3, bits = 24, state_bits = 64>
#q1 = #spike.quant<weight = #w, norm = <>, neuron = <>, input_max = 3, steps = 3, bits = 8, state_bits = 24>
#counts = #spike.quant<norm = <unit = 0.125>, neuron = <v_threshold = 0.5>, input_max = 8, steps = 3, state_bits = 24>
#head = #spike.quant<weight = #h, norm = <>, input_max = 50000000000, bits = 16, state_bits = 64>

// At a rate the last block's tokens count where they are not gated. A block waits for its own last timestep alone.
// CHECK-LABEL: chip.network @rectangular on @loihi2 timesteps 3 interval 3 {
// CHECK: chip.projection @block0.halt to @block1.halt synapses @unit tokens same channels same delay 2{{$}}
// CHECK: chip.projection @block0.halt to @block1.halt synapses @unit port gate tokens same channels all delay 0{{$}}
// CHECK-NEXT: chip.projection @block0.halt to @lif0 synapses @unit port gate tokens same channels all delay 0 next
// CHECK-NEXT: chip.projection @block0.halt to @block0 synapses @unit port gate tokens same channels all delay 0 next
// CHECK-NEXT: chip.projection @block0.halt to @block0.halt synapses @unit port gate tokens same channels all delay 0 next
// CHECK-NEXT: chip.projection @block1.halt to @lif1 synapses @unit port gate tokens same channels all delay 0 next
// CHECK: chip.population @head.sum readout map [1, 1] channels 4 state_bits 7 step 6 runs 3
// CHECK-NEXT: chip.projection @block1 to @head.sum synapses @unit tokens all channels same delay 0
// CHECK: chip.classify [@head.sum]
func.func @rectangular(%image: tensor<?x3x2x2xf32>) -> (tensor<?x10xf32>, tensor<?x4xi32>) {
  %0 = spike.quantize %image scale 2 limit 7 : tensor<?x3x2x2xf32> -> tensor<?x3x2x2xi32>
  %1 = spike.accumulate %0 weight(#k) window(#image) quant(#q0) : tensor<?x3x2x2xi32> -> tensor<?x2x2x4xi64> loc("conv0")
  %2 = spike.staircase sum %1 norm(<>) neuron(<>) timesteps 3 quant(#q0) : tensor<?x2x2x4xi64> -> tensor<?x2x2x4xi8> loc("x")
  %3 = spike.flatten %2 : tensor<?x2x2x4xi8> -> tensor<?x4x4xi8> loc("x")
  %y, %steps = stas.act %3 halting(<alpha = 1.0, beta = -2.0, order = rectangular, output = rate>) timesteps 3 table [1, 2, 3, 4, 5, 6]
      : tensor<?x4x4xi8> -> tensor<?x4x4xi64>, tensor<?x4xi32> {
  ^bb0(%s: tensor<?x4x4xi8>, %active: tensor<?x4xi1>):
    %10 = spike.accumulate %s weight(#w) quant(#q1) : tensor<?x4x4xi8> -> tensor<?x4x4xi32> loc("fc0")
    %11 = spike.fire %10 active(%active : tensor<?x4xi1>) norm(<>) neuron(<>) quant(#q1) : tensor<?x4x4xi32> -> tensor<?x4x4xi1> loc("lif0")
    %12 = spike.add %s, %11 : tensor<?x4x4xi8>, tensor<?x4x4xi1> -> tensor<?x4x4xi8> loc("block0")
    stas.yield %12 : tensor<?x4x4xi8> loc("block0")
  }, {
  ^bb0(%s: tensor<?x4x4xi8>, %active: tensor<?x4xi1>):
    %10 = spike.accumulate %s weight(#w) quant(#q1) : tensor<?x4x4xi8> -> tensor<?x4x4xi32> loc("fc1")
    %11 = spike.fire %10 active(%active : tensor<?x4xi1>) norm(<>) neuron(<>) quant(#q1) : tensor<?x4x4xi32> -> tensor<?x4x4xi1> loc("lif1")
    %12 = spike.add %s, %11 : tensor<?x4x4xi8>, tensor<?x4x4xi1> -> tensor<?x4x4xi8> loc("block1")
    stas.yield %12 : tensor<?x4x4xi8> loc("block1")
  } loc("encoder")
  %4 = spike.sum_tokens %y : tensor<?x4x4xi64> -> tensor<?x4xi64> loc("head")
  %5 = spike.accumulate %4 weight(#h) quant(#head) : tensor<?x4xi64> -> tensor<?x10xi64> loc("head")
  %6 = spike.readout %5 quant(#head) : tensor<?x10xi64> -> tensor<?x10xf32> loc("head")
  return %6, %steps : tensor<?x10xf32>, tensor<?x4xi32>
}

// -----

#k = #stas.weight<"k" in "m.pth" at 0 : tensor<4x3x1x1xf32>>
#w = #stas.weight<"w" in "m.pth" at 0 : tensor<4x4xf32>>
#h = #stas.weight<"h" in "m.pth" at 0 : tensor<10x4xf32>>
#image = #spike.window<kernel = [1, 1], strides = [1, 1], padding = [0, 0], channels_first = true>
#q0 = #spike.quant<weight = #k, norm = <>, neuron = <>, input_unit = 0.5, input_max = 7, steps = 3, bits = 24, state_bits = 64>
#q1 = #spike.quant<weight = #w, norm = <>, neuron = <>, input_max = 3, steps = 3, bits = 8, state_bits = 24>
#counts = #spike.quant<norm = <unit = 0.125>, neuron = <v_threshold = 0.5>, input_max = 8, steps = 3, state_bits = 24>
#head = #spike.quant<weight = #h, norm = <>, input_max = 50000000000, bits = 16, state_bits = 64>

// Nothing goes from a timestep to the next.
// CHECK-LABEL: chip.network @timestep on @loihi2 timesteps 3 interval 3 {
// CHECK-NOT: next
// CHECK: chip.projection @block0.halt to @block1.halt synapses @unit port gate
// CHECK-NOT: next
// CHECK: chip.classify [@head.sum]
func.func @timestep(%image: tensor<?x3x2x2xf32>) -> (tensor<?x10xf32>, tensor<?x4xi32>) {
  %0 = spike.quantize %image scale 2 limit 7 : tensor<?x3x2x2xf32> -> tensor<?x3x2x2xi32>
  %1 = spike.accumulate %0 weight(#k) window(#image) quant(#q0) : tensor<?x3x2x2xi32> -> tensor<?x2x2x4xi64> loc("conv0")
  %2 = spike.staircase sum %1 norm(<>) neuron(<>) timesteps 3 quant(#q0) : tensor<?x2x2x4xi64> -> tensor<?x2x2x4xi8> loc("x")
  %3 = spike.flatten %2 : tensor<?x2x2x4xi8> -> tensor<?x4x4xi8> loc("x")
  %y, %steps = stas.act %3 halting(<alpha = 1.0, beta = -2.0, order = timestep, output = rate>) timesteps 3 table [1, 2, 3, 4, 5, 6]
      : tensor<?x4x4xi8> -> tensor<?x4x4xi64>, tensor<?x4xi32> {
  ^bb0(%s: tensor<?x4x4xi8>, %active: tensor<?x4xi1>):
    %10 = spike.accumulate %s weight(#w) quant(#q1) : tensor<?x4x4xi8> -> tensor<?x4x4xi32> loc("fc0")
    %11 = spike.fire %10 active(%active : tensor<?x4xi1>) norm(<>) neuron(<>) quant(#q1) : tensor<?x4x4xi32> -> tensor<?x4x4xi1> loc("lif0")
    %12 = spike.add %s, %11 : tensor<?x4x4xi8>, tensor<?x4x4xi1> -> tensor<?x4x4xi8> loc("block0")
    stas.yield %12 : tensor<?x4x4xi8> loc("block0")
  }, {
  ^bb0(%s: tensor<?x4x4xi8>, %active: tensor<?x4xi1>):
    %10 = spike.accumulate %s weight(#w) quant(#q1) : tensor<?x4x4xi8> -> tensor<?x4x4xi32> loc("fc1")
    %11 = spike.fire %10 active(%active : tensor<?x4xi1>) norm(<>) neuron(<>) quant(#q1) : tensor<?x4x4xi32> -> tensor<?x4x4xi1> loc("lif1")
    %12 = spike.add %s, %11 : tensor<?x4x4xi8>, tensor<?x4x4xi1> -> tensor<?x4x4xi8> loc("block1")
    stas.yield %12 : tensor<?x4x4xi8> loc("block1")
  } loc("encoder")
  %4 = spike.sum_tokens %y : tensor<?x4x4xi64> -> tensor<?x4xi64> loc("head")
  %5 = spike.accumulate %4 weight(#h) quant(#head) : tensor<?x4xi64> -> tensor<?x10xi64> loc("head")
  %6 = spike.readout %5 quant(#head) : tensor<?x10xi64> -> tensor<?x10xf32> loc("head")
  return %6, %steps : tensor<?x10xf32>, tensor<?x4xi32>
}

// -----

#k = #stas.weight<"k" in "m.pth" at 0 : tensor<4x3x1x1xf32>>
#w = #stas.weight<"w" in "m.pth" at 0 : tensor<4x4xf32>>
#h = #stas.weight<"h" in "m.pth" at 0 : tensor<10x4xf32>>
#image = #spike.window<kernel = [1, 1], strides = [1, 1], padding = [0, 0], channels_first = true>
#q0 = #spike.quant<weight = #k, norm = <>, neuron = <>, input_unit = 0.5, input_max = 7, steps = 3, bits = 24, state_bits = 64>
#q1 = #spike.quant<weight = #w, norm = <>, neuron = <>, input_max = 3, steps = 3, bits = 8, state_bits = 24>
#counts = #spike.quant<norm = <unit = 0.125>, neuron = <v_threshold = 0.5>, input_max = 8, steps = 3, state_bits = 24>
#head = #spike.quant<weight = #h, norm = <>, input_max = 50000000000, bits = 16, state_bits = 64>

// A block that yields what it takes has a population of its own, which gates can close.
// CHECK-LABEL: chip.network @identity on @loihi2 timesteps 3 interval 2 {
// CHECK: chip.population @block0.sum sum map [2, 2] channels 4 payload 3 state_bits 3 step 1 runs 3
// CHECK-NEXT: chip.synapses @unit
// CHECK-NEXT: chip.projection @x to @block0.sum synapses @unit tokens same channels same delay 0 hold
// CHECK: chip.projection @block0.sum to @block0.halt synapses @unit port score
func.func @identity(%image: tensor<?x3x2x2xf32>) -> (tensor<?x10xf32>, tensor<?x4xi32>) {
  %0 = spike.quantize %image scale 2 limit 7 : tensor<?x3x2x2xf32> -> tensor<?x3x2x2xi32>
  %1 = spike.accumulate %0 weight(#k) window(#image) quant(#q0) : tensor<?x3x2x2xi32> -> tensor<?x2x2x4xi64> loc("conv0")
  %2 = spike.staircase sum %1 norm(<>) neuron(<>) timesteps 3 quant(#q0) : tensor<?x2x2x4xi64> -> tensor<?x2x2x4xi8> loc("x")
  %3 = spike.flatten %2 : tensor<?x2x2x4xi8> -> tensor<?x4x4xi8> loc("x")
  %y, %steps = stas.act %3 halting(<alpha = 1.0, beta = -2.0, order = lexicographic, output = weighted>) timesteps 3 table [1, 2, 3, 4, 5, 6]
      : tensor<?x4x4xi8> -> tensor<?x4x4xi64>, tensor<?x4xi32> {
  ^bb0(%s: tensor<?x4x4xi8>, %active: tensor<?x4xi1>):
    stas.yield %s : tensor<?x4x4xi8> loc("block0")
  } loc("encoder")
  %4 = spike.sum_tokens %y : tensor<?x4x4xi64> -> tensor<?x4xi64> loc("head")
  %5 = spike.accumulate %4 weight(#h) quant(#head) : tensor<?x4xi64> -> tensor<?x10xi64> loc("head")
  %6 = spike.readout %5 quant(#head) : tensor<?x10xi64> -> tensor<?x10xf32> loc("head")
  return %6, %steps : tensor<?x10xf32>, tensor<?x4xi32>
}
