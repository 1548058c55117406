// A convolution on the host, a linear layer on the chip, a classifier on the host. Weights: tiny.bin.
#w0 = #stas.weight<"conv.weight" in "tiny.bin" at 0 : tensor<4x1x3x3xf32>>
#w1 = #stas.weight<"fc.weight" in "tiny.bin" at 256 : tensor<6x4xf32>>
#w2 = #stas.weight<"head.weight" in "tiny.bin" at 512 : tensor<3x6xf32>>
#conv = #spike.quant<weight = #w0, norm = <>, neuron = <>, input_unit = 2.384185791015625e-07, input_max = 16777216,
                     steps = 2, bits = 24, state_bits = 64>
#fc = #spike.quant<weight = #w1, norm = <unit = 0.25>, neuron = <>, input_max = 2, steps = 2, bits = 16, guard = 1,
                   state_bits = 24>
#head = #spike.quant<weight = #w2, norm = <>, input_unit = 0.03125, input_max = 32, bits = 16, state_bits = 64>
#window = #spike.window<kernel = [3, 3], strides = [1, 1], padding = [1, 1], channels_first = true>

module attributes {stas.model = #stas.model<"stas" from "tiny.bin" timesteps = 2 mean = [0.5] std = [0.25]>} {
chip.device @tiny <"tiny" board [1, 2] mesh [1, 2] cores_per_tile 2 neurons 64 state_bits 24 synapse_memory_kib 4
  in_axons 256 out_axons 256 programs [lif, readout, input] idle updated weight_bits 8 weight_shift 8 payload_bits 8
  delay_steps 62 multicast per_core profile "loihi1-nahuku-fit">
chip.network @main on @tiny timesteps 2 interval 1 {
  chip.population @conv_lif input map [4, 4] channels 4 payload 2 state_bits 3 step 0 runs 1 rate 0.5
  chip.encode image [1, 4, 4] to @conv_lif window(#window) quant(#conv) counts
  chip.synapses @fc dense rows 4 columns 6 bits 8 limbs 2 quant(#fc)
  chip.population @fc_lif lif map [4, 4] channels 6 state_bits 24 step 1 runs 2 quant(#fc) rate 0.25
  chip.projection @conv_lif to @fc_lif synapses @fc tokens same channels all delay 0 hold
  chip.synapses @unit constant rows 1 columns 1 bits 8
  chip.population @sum readout map [1, 1] channels 6 state_bits 12 step 2 runs 2
  chip.projection @fc_lif to @sum synapses @unit tokens all channels same delay 0
  chip.classify [@sum] quant(#head)
}
}
