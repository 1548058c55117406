// A model whose tokens halt: two blocks of attention and a layer, over two timesteps. In the first, queries are keys and
// values too. weights.py writes m.bin.
#wi = #stas.weight<"wi" in "m.bin" at 0 : tensor<32x3x3x3xf32>>
#wl = #stas.weight<"wl" in "m.bin" at 0 : tensor<32x32xf32>>
#wh = #stas.weight<"wh" in "m.bin" at 0 : tensor<10x32xf32>>
#image = #spike.window<kernel = [3, 3], strides = [1, 1], padding = [1, 1], channels_first = true>
#qi = #spike.quant<weight = #wi, norm = <>, neuron = <>, input_unit = 2.384185791015625e-07, input_max = 10000000, steps = 2, bits = 24, guard = 2, state_bits = 64>
#qq = #spike.quant<weight = #wl, norm = <>, neuron = <>, input_max = 4, steps = 2, bits = 8, guard = 2>
#qt = #spike.quant<norm = <unit = 0.125>, neuron = <v_threshold = 0.5>, input_max = 256, steps = 2>
#qp = #spike.quant<weight = #wl, norm = <>, neuron = <>, input_max = 1, steps = 2, bits = 8, guard = 2>
#qh = #spike.quant<weight = #wh, norm = <>, input_unit = 3.725290298461914e-09, input_max = 1610612736, bits = 16, state_bits = 64>

func.func @main(%image: tensor<?x3x4x4xf32>) -> (tensor<?x10xf32>, tensor<?x16xi32>) {
  %0 = spike.quantize %image scale 4194304 limit 10000000 : tensor<?x3x4x4xf32> -> tensor<?x3x4x4xi32> loc("image")
  %1 = spike.accumulate %0 weight(#wi) window(#image) quant(#qi) : tensor<?x3x4x4xi32> -> tensor<?x4x4x32xi64>
  %2 = spike.staircase sum %1 norm(<>) neuron(<>) timesteps 2 quant(#qi) : tensor<?x4x4x32xi64> -> tensor<?x4x4x32xi8> loc("conv0")
  %3 = spike.flatten %2 : tensor<?x4x4x32xi8> -> tensor<?x16x32xi8>
  %4, %steps = stas.act %3 halting(<alpha = 1.0, beta = -1.0>) timesteps 2 table [4512088, 8388608, 12265128, 14777323, 15981542] : tensor<?x16x32xi8> -> tensor<?x16x32xi64>, tensor<?x16xi32> {
  ^bb0(%x: tensor<?x16x32xi8>, %active: tensor<?x16xi1>):
    %b0 = spike.compact %x active(%active) : tensor<?x16x32xi8>, tensor<?x16xi1> -> tensor<?x32xi8>
    %b1 = spike.accumulate %b0 weight(#wl) quant(#qq) : tensor<?x32xi8> -> tensor<?x32xi32>
    %b2 = spike.expand %b1 active(%active) : tensor<?x32xi32>, tensor<?x16xi1> -> tensor<?x16x32xi32>
    %q = spike.fire %b2 active(%active : tensor<?x16xi1>) norm(<>) neuron(<>) quant(#qq) : tensor<?x16x32xi32> -> tensor<?x16x32xi1> loc("b0.q")
    %b3 = spike.coincide %q, %q, %q heads 2 : tensor<?x16x32xi1> -> tensor<?x16x32xi32>
    %a = spike.fire %b3 active(%active : tensor<?x16xi1>) norm(<unit = 0.125>) neuron(<v_threshold = 0.5>) quant(#qt) : tensor<?x16x32xi32> -> tensor<?x16x32xi1> loc("b0.attn")
    %b4 = spike.compact %a active(%active) : tensor<?x16x32xi1>, tensor<?x16xi1> -> tensor<?x32xi1>
    %b5 = spike.accumulate %b4 weight(#wl) quant(#qp) : tensor<?x32xi1> -> tensor<?x32xi32>
    %b6 = spike.expand %b5 active(%active) : tensor<?x32xi32>, tensor<?x16xi1> -> tensor<?x16x32xi32>
    %p = spike.fire %b6 active(%active : tensor<?x16xi1>) norm(<>) neuron(<>) quant(#qp) : tensor<?x16x32xi32> -> tensor<?x16x32xi1> loc("b0.proj")
    %b7 = spike.add %x, %p : tensor<?x16x32xi8>, tensor<?x16x32xi1> -> tensor<?x16x32xi8> loc("b0")
    stas.yield %b7 : tensor<?x16x32xi8> loc("b0")
  }, {
  ^bb0(%x: tensor<?x16x32xi8>, %active: tensor<?x16xi1>):
    %b0 = spike.compact %x active(%active) : tensor<?x16x32xi8>, tensor<?x16xi1> -> tensor<?x32xi8>
    %b1 = spike.accumulate %b0 weight(#wl) quant(#qq) : tensor<?x32xi8> -> tensor<?x32xi32>
    %b2 = spike.expand %b1 active(%active) : tensor<?x32xi32>, tensor<?x16xi1> -> tensor<?x16x32xi32>
    %q = spike.fire %b2 active(%active : tensor<?x16xi1>) norm(<>) neuron(<>) quant(#qq) : tensor<?x16x32xi32> -> tensor<?x16x32xi1> loc("b1.q")
    %ks = spike.accumulate %b0 weight(#wl) quant(#qq) : tensor<?x32xi8> -> tensor<?x32xi32>
    %ke = spike.expand %ks active(%active) : tensor<?x32xi32>, tensor<?x16xi1> -> tensor<?x16x32xi32>
    %k = spike.fire %ke active(%active : tensor<?x16xi1>) norm(<>) neuron(<>) quant(#qq) : tensor<?x16x32xi32> -> tensor<?x16x32xi1> loc("b1.k")
    %vs = spike.accumulate %b0 weight(#wl) quant(#qq) : tensor<?x32xi8> -> tensor<?x32xi32>
    %ve = spike.expand %vs active(%active) : tensor<?x32xi32>, tensor<?x16xi1> -> tensor<?x16x32xi32>
    %v = spike.fire %ve active(%active : tensor<?x16xi1>) norm(<>) neuron(<>) quant(#qq) : tensor<?x16x32xi32> -> tensor<?x16x32xi1> loc("b1.v")
    %b3 = spike.coincide %q, %k, %v heads 2 : tensor<?x16x32xi1> -> tensor<?x16x32xi32>
    %a = spike.fire %b3 active(%active : tensor<?x16xi1>) norm(<unit = 0.125>) neuron(<v_threshold = 0.5>) quant(#qt) : tensor<?x16x32xi32> -> tensor<?x16x32xi1> loc("b1.attn")
    %b4 = spike.compact %a active(%active) : tensor<?x16x32xi1>, tensor<?x16xi1> -> tensor<?x32xi1>
    %b5 = spike.accumulate %b4 weight(#wl) quant(#qp) : tensor<?x32xi1> -> tensor<?x32xi32>
    %b6 = spike.expand %b5 active(%active) : tensor<?x32xi32>, tensor<?x16xi1> -> tensor<?x16x32xi32>
    %p = spike.fire %b6 active(%active : tensor<?x16xi1>) norm(<>) neuron(<>) quant(#qp) : tensor<?x16x32xi32> -> tensor<?x16x32xi1> loc("b1.proj")
    %b7 = spike.add %x, %p : tensor<?x16x32xi8>, tensor<?x16x32xi1> -> tensor<?x16x32xi8> loc("b1")
    stas.yield %b7 : tensor<?x16x32xi8> loc("b1")
  } loc("act")
  %5 = spike.sum_tokens %4 : tensor<?x16x32xi64> -> tensor<?x32xi64>
  %6 = spike.accumulate %5 weight(#wh) quant(#qh) : tensor<?x32xi64> -> tensor<?x10xi64>
  %7 = spike.readout %6 quant(#qh) : tensor<?x10xi64> -> tensor<?x10xf32> loc("head")
  return %7, %steps : tensor<?x10xf32>, tensor<?x16xi32>
}
