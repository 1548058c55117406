// Attention: keys and values raise counters, which queries read a step later. Timesteps that follow each other a step apart
// need two counters in turn.
// RUN: stas-opt %s --convert-spike-to-chip --verify-chip-network | FileCheck %s
// RUN: not stas-opt %s --convert-spike-to-chip=chip=loihi1 --verify-chip-network 2>&1 | FileCheck %s --check-prefix=LOIHI1
// LOIHI1: loc("attn_lif"): 'chip.population' op required program fastweight of device 'loihi1', found lif, readout, input; attention needs counters that spikes raise: take a device with fastweight, or a model without attention

#k = #stas.weight<"k" in "m.pth" at 0 : tensor<4x3x1x1xf32>>
#w = #stas.weight<"w" in "m.pth" at 0 : tensor<4x4xf32>>
#h = #stas.weight<"h" in "m.pth" at 0 : tensor<10x4xf32>>
#image = #spike.window<kernel = [1, 1], strides = [1, 1], padding = [0, 0], channels_first = true>
#q0 = #spike.quant<weight = #k, norm = <>, neuron = <>, input_unit = 0.5, input_max = 7, steps = 3, bits = 24, state_bits = 64>
#q1 = #spike.quant<weight = #w, norm = <>, neuron = <>, input_max = 1, steps = 3, bits = 8, state_bits = 24>
#counts = #spike.quant<norm = <unit = 0.125>, neuron = <v_threshold = 0.5>, input_max = 8, steps = 3, state_bits = 24>
#head = #spike.quant<weight = #h, norm = <>, input_max = 50000000000, bits = 16, state_bits = 64>

// CHECK-LABEL: chip.network @main on @loihi2 timesteps 3 interval 1 {
func.func @main(%image: tensor<?x3x2x2xf32>) -> tensor<?x10xf32> {
  %0 = spike.quantize %image scale 2 limit 7 : tensor<?x3x2x2xf32> -> tensor<?x3x2x2xi32>
  %1 = spike.accumulate %0 weight(#k) window(#image) quant(#q0) : tensor<?x3x2x2xi32> -> tensor<?x2x2x4xi64> loc("conv0")
  %2 = spike.fire %1 norm(<>) neuron(<>) quant(#q0) : tensor<?x2x2x4xi64> -> tensor<3x?x2x2x4xi1> loc("x")
  %3 = spike.flatten %2 : tensor<3x?x2x2x4xi1> -> tensor<3x?x4x4xi1> loc("x")
  %4 = spike.accumulate %3 weight(#w) quant(#q1) : tensor<3x?x4x4xi1> -> tensor<3x?x4x4xi32> loc("q")
  // CHECK: chip.population @q_lif lif map [2, 2] channels 4 state_bits 24 step 1 runs 3
  %5 = spike.fire %4 norm(<>) neuron(<>) quant(#q1) : tensor<3x?x4x4xi32> -> tensor<3x?x4x4xi1> loc("q_lif")
  %6 = spike.accumulate %3 weight(#w) quant(#q1) : tensor<3x?x4x4xi1> -> tensor<3x?x4x4xi32> loc("k")
  %7 = spike.fire %6 norm(<>) neuron(<>) quant(#q1) : tensor<3x?x4x4xi32> -> tensor<3x?x4x4xi1> loc("k_lif")
  %8 = spike.coincide %5, %7, %3 heads 2 : tensor<3x?x4x4xi1> -> tensor<3x?x4x4xi32> loc("attn")
  // CHECK: chip.population @attn_lif fastweight map [2, 2] channels 4 state_bits 24 step 3 runs 3 quant(<norm = <unit = 0.125>
  // CHECK-NEXT: chip.synapses @attn fastweight rows 2 columns 4 bits 3 limbs 2
  // CHECK-NEXT: chip.projection @k_lif to @attn_lif synapses @attn port key tokens all channels group size 2 delay 0
  // CHECK-NEXT: chip.projection @x to @attn_lif synapses @attn port value tokens all channels same delay 1
  // CHECK-NEXT: chip.projection @q_lif to @attn_lif synapses @attn port query tokens same channels group size 2 delay 1
  %9 = spike.fire %8 norm(<unit = 0.125>) neuron(<v_threshold = 0.5>) quant(#counts) : tensor<3x?x4x4xi32> -> tensor<3x?x4x4xi1> loc("attn_lif")
  %10 = spike.sum_tokens %9 : tensor<3x?x4x4xi1> -> tensor<3x?x4xi64> loc("head")
  %11 = spike.integrate sum %10 : tensor<3x?x4xi64> -> tensor<?x4xi64> loc("head")
  %12 = spike.accumulate %11 weight(#h) quant(#head) : tensor<?x4xi64> -> tensor<?x10xi64> loc("head")
  %13 = spike.readout %12 quant(#head) : tensor<?x10xi64> -> tensor<?x10xf32> loc("head")
  return %13 : tensor<?x10xf32>
}
